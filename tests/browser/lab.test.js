/*
 * lab.test.js - two real browsers meet through pvl-media, in a room made by the lab interface:
 * the page's own media modules, without the pages.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openPage, until } from './browsers.js';
import { enter, makeRoom, stats } from './lab.js';
import { openBench, startServer } from './server.js';

const PRISONER = 1;
const VISITOR = 2;

async function seesAndHears(t, page, who) {
	const seen = await until(`sees person ${who}`, async () => {
		const now = await stats(page);
		return now.picture?.who === who ? now : Promise.reject(new Error(JSON.stringify(now)));
	}, 15_000);
	const first = seen.answer.picture.frame;
	await until('the time code goes on', async () => {
		const { picture } = await stats(page);
		return picture && picture.frame !== first;
	}, 5000);
	const heard = await until('hears a voice', async () => {
		const now = await stats(page);
		return now.audio?.energy > 0.001 ? now : Promise.reject(new Error(JSON.stringify(now)));
	}, 15_000);
	t.diagnostic(JSON.stringify(heard.answer));
}

async function meet(t, server, bench, kinds) {
	const room = await makeRoom(server);
	const opened = await Promise.all(kinds.map((kind, i) => openPage(kind, i + 1)));
	const pages = opened.map((o) => o.page);
	t.after(() => Promise.all(opened.map((o) => o.browser.close())));
	for (const page of pages)
		await page.goto(`${bench.base}/bench`);
	for (const [i, page] of pages.entries()) {
		const role = ['prisoner', 'visitor'][i];
		const seat = room.ends.find((end) => end.role === role);
		await t.test(`${role} connects from ${kinds[i]}`, { timeout: 20_000 }, async (t) =>
			t.diagnostic(`${Math.round(await enter(page, seat))} ms`));
	}
	await t.test('the prisoner sees and hears the visitor', { timeout: 40_000 },
		(t) => seesAndHears(t, pages[0], VISITOR));
	await t.test('the visitor sees and hears the prisoner', { timeout: 40_000 },
		(t) => seesAndHears(t, pages[1], PRISONER));
	await t.test('new ICE credentials in mid-call keep sound and picture going', { timeout: 20_000 }, async () => {
		await pages[1].evaluate(() => globalThis.pvl.restart());
		const before = await stats(pages[1]);
		await until('frames go on', async () => (await stats(pages[1])).video.decoded > before.video.decoded + 20);
	});
	await t.test('the deleted room goes silent at once', { timeout: 10_000 }, async () => {
		const gone = await fetch(`${server.base}/lab/rooms/${room.visit}`, { method: 'DELETE' });
		assert.ok(gone.ok, String(gone.status));
		await new Promise((done) => setTimeout(done, 500));
		const before = await stats(pages[1]);
		await new Promise((done) => setTimeout(done, 1000));
		assert.equal((await stats(pages[1])).audio.packets, before.audio.packets);
	});
}

test('two browsers meet through pvl-media', { timeout: 300_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100));
	const bench = openBench(server, server.port + 5);
	t.after(() => {
		bench.close();
		return server.stop();
	});
	await t.test('Chromium meets Chromium', (t) => meet(t, server, bench, ['chromium', 'chromium']));
	await t.test('Chromium meets Firefox', (t) => meet(t, server, bench, ['chromium', 'firefox']));
	await t.test('Firefox meets Firefox', (t) => meet(t, server, bench, ['firefox', 'firefox']));
});
