/*
 * no-udp.test.js - browsers whose network lets no UDP through see and hear all the same, by TCP.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openPage, until } from '../browser/browsers.js';
import { enter, makeRoom, stats } from '../browser/lab.js';
import { OWN_ADDRESS, openBench, startServer } from '../browser/server.js';
import { NEAR, layLine } from './line.js';

const CONNECTED_WITHIN_MS = 4000;
const PORT = Number(process.env.PVL_PORT ?? 43500);

/** The protocol of the pair of candidates in use. */
function protocol(page) {
	return page.evaluate(async () => {
		const all = await globalThis.pvl.pc.getStats();
		const pairs = [...all.values()].filter((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
		const used = pairs.sort((a, b) => b.bytesReceived - a.bytesReceived)[0];
		return all.get(used?.localCandidateId)?.protocol;
	});
}

/** Both in one visit: each sees the other's picture and hears sound. */
async function meet(t, server, pages) {
	const room = await makeRoom(server);
	const took = [];
	for (const [i, page] of pages.entries())
		took.push(await enter(page, room.ends[i]));
	for (const [i, page] of pages.entries())
		await until(`person ${i + 1} sees and hears`, async () => {
			const now = await stats(page);
			return now.picture?.who === 2 - i && now.video.decoded > 30 && now.audio.energy > 0.0005;
		}, 20_000);
	t.diagnostic(`connected after ${took.map(Math.round).join(' and ')} ms`);
	return took;
}

test('Chromium behind a network without UDP comes by TCP', { timeout: 90_000 }, async (t) => {
	const line = await layLine('delay=20 noudp', 'delay=20 noudp');
	t.after(() => line.stop());
	const server = await startServer(PORT, { addresses: OWN_ADDRESS });
	t.after(() => server.stop());
	const bench = openBench(server, PORT + 5, '0.0.0.0');
	const origin = `http://${NEAR}:${PORT + 5}`;
	const near = await openPage('chromium', 1);
	const far = await openPage('chromium', 2, {
		executable: line.program('/usr/bin/chromium'), args: [`--unsafely-treat-insecure-origin-as-secure=${origin}`],
	});
	t.after(async () => {
		await Promise.all([near, far].map((one) => one.browser.close()));
		bench.close();
	});
	await near.page.goto(`${bench.base}/bench`);
	await far.page.goto(`${origin}/bench`);
	const [, took] = await meet(t, server, [near.page, far.page]);
	assert.ok(took < CONNECTED_WITHIN_MS, `${took} ms`);
	assert.deepEqual([await protocol(near.page), await protocol(far.page)], ['udp', 'tcp']);
	const before = await stats(far.page);
	const { ms } = await until('pictures flow', async () =>
		(await stats(far.page)).video.decoded > before.video.decoded + 100, 20_000);
	t.diagnostic(`${100_000 / ms} pictures a second, ${JSON.stringify(line.seconds.at(-1))}`);
});

/* Its remote control cannot reach another network: the answer loses its UDP candidates instead. */
test('Firefox comes by TCP where it is told of nothing else', { timeout: 90_000 }, async (t) => {
	const line = await layLine('', ''); // for an address that is not loopback
	t.after(() => line.stop());
	const server = await startServer(PORT + 40, { addresses: OWN_ADDRESS });
	t.after(() => server.stop());
	const bench = openBench(server, PORT + 45);
	const chromium = await openPage('chromium', 1);
	const firefox = await openPage('firefox', 2);
	t.after(async () => {
		await Promise.all([chromium, firefox].map((one) => one.browser.close()));
		bench.close();
	});
	await firefox.context.addInitScript(() => {
		const told = RTCPeerConnection.prototype.setRemoteDescription;
		RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
			return told.call(this, { type: answer.type, sdp: answer.sdp.replace(/a=candidate:\S+ 1 udp .*\r\n/g, '') });
		};
	});
	await chromium.page.goto(`${bench.base}/bench`);
	await firefox.page.goto(`${bench.base}/bench`);
	const [, took] = await meet(t, server, [chromium.page, firefox.page]);
	assert.ok(took < CONNECTED_WITHIN_MS, `${took} ms`);
	assert.equal(await protocol(firefox.page), 'tcp');
});
