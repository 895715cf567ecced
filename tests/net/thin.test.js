/*
 * thin.test.js - real browsers over lines that others call too thin, both ways, in real time.
 *
 * Short: the whole scoreboard is bench/thin-lines.  PVL_LINE="rate=64k queue=300 delay=40" tries
 * another line.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { startServer } from '../browser/server.js';
import { layLine } from './line.js';
import { meetOver, openBenches } from './visit.js';

const LINES = process.env.PVL_LINE ? [{ words: process.env.PVL_LINE, fps: 0, concealed: 1 }] : [
	// The goal is 5 and 0.03; a trial of the next rung that falls into the seconds measured may cost more.
	{ words: 'rate=64k queue=300 delay=40', fps: 4, concealed: 0.05 },
	{ words: 'rate=150k queue=300 delay=40', fps: 9, concealed: 0.03 },
	{ words: 'rate=512k queue=300 delay=25 loss=1%', fps: 12, concealed: 0.03 },
];
const SETTLES_S = 15;
const MEASURED_S = 15;

test('visits hold on thin lines', { timeout: 400_000 }, async (t) => {
	const lines = [];
	for (const { words, fps, concealed } of LINES)
		await t.test(words, { timeout: 90_000 }, async (t) => {
			const line = await layLine(words, words);
			const server = await startServer(43300 + 20 * lines.push(line), {}).catch(async (error) => {
				await line.stop();
				throw error;
			});
			const benches = openBenches(server);
			t.after(async () => {
				benches.close();
				await server.stop();
				await line.stop();
			});
			const visit = await meetOver(line, server, benches);
			t.after(() => visit.close());
			const before = await visit.measure(SETTLES_S);
			const got = await visit.measure(MEASURED_S);
			const holds = (seen) => seen.energy > 0 && seen.fps >= fps && seen.concealed <= concealed;
			const all = Object.values(got).every(holds);
			for (const [who, { course, ...seen }] of Object.entries(got)) {
				t.diagnostic(`${who}: ${JSON.stringify(seen)}`);
				if (!all)
					[...before[who].course, 'and while it counts:', ...course].forEach((second) => t.diagnostic(`${who} ${second}`));
			}
			for (const [who, seen] of Object.entries(got)) {
				assert.ok(seen.energy > 0, `${who} hears`);
				assert.ok(seen.fps >= fps, `${who} sees ${seen.fps} pictures a second`);
				assert.ok(seen.concealed <= concealed, `${who}: ${seen.concealed} of the sound is made up`);
			}
			t.diagnostic(JSON.stringify(line.seconds.at(-1)));
		});
});
