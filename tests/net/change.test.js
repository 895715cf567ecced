/*
 * change.test.js - a visitor whose network changes in mid-call, and one whose line is gone for ten
 * seconds: how long until sound comes again.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { startServer } from '../browser/server.js';
import { until } from '../browser/browsers.js';
import { NEAR, layLine } from './line.js';
import { meetOver, openBenches } from './visit.js';

const CHANGE_WITHIN_MS = 5000; // Chromium on Linux looks for its new addresses two seconds after a change
const OUTAGE_WITHIN_MS = 1000;
const OTHER = '198.51.100.6';
const GONE_S = 25; // after the line was laid: time for two browsers to join

async function stand(t, port, words) {
	const line = await layLine(words, words);
	t.after(() => line.stop());
	const server = await startServer(port, {});
	t.after(() => server.stop());
	const benches = openBenches(server);
	t.after(() => benches.close());
	const visit = await meetOver(line, server, benches);
	t.after(() => visit.close());
	return { line, visit };
}

/** How long from `begun` until each of the two gets sound again. */
async function soundIsBack(visit, begun) {
	return Promise.all(Object.values(visit.pages).map(async (page) => {
		const packets = () => page.evaluate(() => globalThis.measure().then((m) => m.packets));
		let last = await packets();
		await until('sound comes again', async () => {
			const before = last;
			last = await packets();
			return last - before >= 2;
		}, 20_000, 50);
		return Date.now() - begun;
	}));
}

const ip = (...words) => execFileSync('ip', words);

/** The far side has another address from now on, as a telephone that leaves its Wi-Fi. */
function moveTo(space, address) {
	ip('route', 'replace', `${address}/32`, 'dev', 'line');
	ip('-n', space, 'address', 'add', `${address}/32`, 'dev', 'line');
	ip('-n', space, 'address', 'del', '198.51.100.2/30', 'dev', 'line');
	ip('-n', space, 'route', 'replace', `${NEAR}/32`, 'dev', 'line');
	ip('-n', space, 'route', 'replace', 'default', 'dev', 'line');
}

test('sound comes back by itself after a change of network', { timeout: 90_000 }, async (t) => {
	const { line, visit } = await stand(t, 43600, 'delay=20');
	await new Promise((done) => setTimeout(done, 4000));
	moveTo(line.space, OTHER);
	const begun = Date.now();
	await new Promise((done) => setTimeout(done, 200)); // what was on its way has come
	const took = await soundIsBack(visit, begun);
	t.diagnostic(`prisoner and visitor after ${took.join(' and ')} ms`);
	assert.ok(Math.max(...took) < CHANGE_WITHIN_MS, `${took} ms`);
});

test('sound is back within a second of a line that was gone for ten', { timeout: 120_000 }, async (t) => {
	const gone = `delay=20 queue=300 steps=0:2M,${GONE_S}:0,${GONE_S + 10}:2M`;
	const { line, visit } = await stand(t, 43640, gone);
	const back = line.laid + 1000 * (GONE_S + 10);
	assert.ok(Date.now() < back - 11_000, 'the visit stands before the line is gone');
	await new Promise((done) => setTimeout(done, back - Date.now()));
	const took = await soundIsBack(visit, back);
	t.diagnostic(`prisoner and visitor after ${took.join(' and ')} ms`);
	assert.ok(Math.max(...took) < OUTAGE_WITHIN_MS, `${took} ms`);
});
