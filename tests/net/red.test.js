/*
 * red.test.js - a browser that is told so sends each frame of sound once more behind the next, and no longer when it is not.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { startServer } from '../browser/server.js';
import { layLine } from './line.js';
import { meetOver, openBenches } from './visit.js';

const TIER = { line: 'A', send: 'A', bps: 250_000, video: { bps: 185_000, fps: 20, height: 360 } };

/** kbit/s of sound that leave in two seconds. */
const sends = (page) => page.evaluate(async () => {
	const sender = pvl.pc.getSenders().find((s) => s.track?.kind === 'audio');
	const bytes = async () => [...(await sender.getStats()).values()].find((s) => s.type === 'outbound-rtp').bytesSent;
	const before = await bytes();
	await new Promise((done) => setTimeout(done, 2000));
	return (await bytes() - before) * 8 / 2000;
});

test('sound goes twice when the page is told so, whatever the packet time and rate', { timeout: 90_000 }, async (t) => {
	const words = 'rate=2M queue=300 delay=10';
	const line = await layLine(words, words);
	const server = await startServer(43700, {}).catch(async (error) => {
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
	const { visitor } = visit.pages;
	/* From here on this test says what is sent, and not the server. */
	await visitor.evaluate(() => { globalThis.tell = pvl.obey; pvl.obey = () => undefined; });
	for (const [bps, ms, again] of [[24000, 20, false], [24000, 20, true], [16000, 40, true], [32000, 20, true], [24000, 20, true],
		[24000, 20, false]]) {
		await visitor.evaluate((tier) => globalThis.tell(tier), { ...TIER, audio: { bps, ms, again } });
		const kbps = await sends(visitor);
		t.diagnostic(`${bps} bit/s in packets of ${ms} ms, again: ${again}: ${kbps} kbit/s leave`);
		if (again)
			assert.ok(kbps > 1.6 * bps / 1000, `${kbps} kbit/s: each frame went twice`);
		else
			assert.ok(kbps < 1.3 * bps / 1000, `${kbps} kbit/s: each frame went once`);
	}
});
