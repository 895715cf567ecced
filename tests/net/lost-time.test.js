/*
 * lost-time.test.js - real browsers, a line that carries nothing for some seconds: what is told as lost is
 * what was lost, to the second, and whose line it was.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { startServer } from '../browser/server.js';
import { until } from '../browser/browsers.js';
import { layLine } from './line.js';
import { meetOver, openBenches } from './visit.js';

const FROM_S = 22;
const OUT_S = 6;
const LINE = `steps=0:1000k,${FROM_S}:0,${FROM_S + OUT_S}:1000k queue=300 delay=40`;

test('a black-out of the visitor\'s line is counted to the second', { timeout: 90_000 }, async (t) => {
	const line = await layLine(LINE, LINE);
	t.after(() => line.stop());
	const server = await startServer(Number(process.env.PVL_PORT ?? 43600), {});
	t.after(() => server.stop());
	const benches = openBenches(server);
	t.after(() => benches.close());
	const visit = await meetOver(line, server, benches);
	t.after(() => visit.close());
	const clock = () => visit.pages.prisoner.evaluate(() => globalThis.clock);
	await until('they hear each other', async () => (await clock())?.running, 15_000);
	const early = await clock();
	assert.ok(Date.now() < line.laid + 1000 * FROM_S, 'they met before the line broke');
	await new Promise((done) => setTimeout(done, line.laid + 1000 * (FROM_S + OUT_S + 2) - Date.now()));
	await until('they hear each other again', async () => {
		const now = await clock();
		return now.running && now.lost.s > early.lost.s;
	}, 10_000);
	const { lost } = await clock();
	t.diagnostic(JSON.stringify(lost));
	assert.ok(Math.abs(lost.s - early.lost.s - OUT_S) <= 1, `${lost.s} s`);
	assert.equal(lost.why, 'VISITOR_LINE');
});
