/*
 * sign.test.js - a visit in a signed language over a line that carries little, real browsers, both
 * ways: the picture becomes smaller, its frames keep coming (EN 301 549, 6.5: 20 a second).
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { devicesOf } from '../browser/browsers.js';
import { startServer } from '../browser/server.js';
import { layLine } from './line.js';
import { meetOver, openBenches } from './visit.js';

const LINE = 'rate=256k queue=300 delay=40';
const SETTLES_S = 15;
const MEASURED_S = 15;
const CAMERA_FPS = 30;
const CIF_LINES = 288;

test('signing keeps its frames where the line is thin', { timeout: 100_000 }, async (t) => {
	const line = await layLine(LINE, LINE);
	const server = await startServer(43500, {}).catch(async (error) => {
		await line.stop();
		throw error;
	});
	const benches = openBenches(server);
	t.after(async () => {
		benches.close();
		await server.stop();
		await line.stop();
	});
	const visit = await meetOver(line, server, benches, {
		room: { signs: true }, browser: { devices: (who) => devicesOf(who, CAMERA_FPS) },
	});
	t.after(() => visit.close());
	await new Promise((done) => setTimeout(done, SETTLES_S * 1000));
	const got = await visit.measure(MEASURED_S);
	for (const [who, seen] of Object.entries(got)) {
		t.diagnostic(`${who}: ${JSON.stringify(seen)}`);
		assert.ok(seen.energy > 0, `${who} hears`);
		/* The goal is 20; a trial of the next rung may fall into the seconds measured. */
		assert.ok(seen.fps >= 18, `${who} sees ${seen.fps} pictures a second`);
		assert.ok(seen.height > 0 && seen.height <= CIF_LINES, `${who} sees ${seen.height} lines`);
		assert.ok(seen.concealed <= 0.05, `${who}: ${seen.concealed} of the sound is made up`);
	}
	t.diagnostic(JSON.stringify(line.seconds.at(-1)));
});
