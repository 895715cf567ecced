/*
 * path.test.js - the path changes in mid-call: a browser in another network than the service loses
 * its address and gets another, as a phone does between two networks.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { MADE, ROOT, openPage, until } from './browsers.js';
import { enter, makeRoom, stats } from './lab.js';
import { OWN_ADDRESS, openBench, startServer } from './server.js';

const NEAR = '198.51.100.1';
const BACK_WITHIN_MS = 10_000; // the page waits 3 s before it believes in a loss

/** A Chromium in a network of its own; .move() gives it another address. */
async function openFar(who, origin) {
	const pidfile = join(MADE, 'far.pid');
	const executable = join(MADE, 'far-chromium');
	mkdirSync(MADE, { recursive: true });
	rmSync(pidfile, { force: true });
	writeFileSync(executable, `#!/bin/sh\nexec ${ROOT}tests/browser/far.sh ${pidfile} /usr/bin/chromium "$@"\n`, { mode: 0o755 });
	const opening = openPage('chromium', who, { executable, args: [`--unsafely-treat-insecure-origin-as-secure=${origin}`] });
	await until('the other network', async () => existsSync(pidfile) && readFileSync(pidfile, 'utf8').trim());
	const pid = readFileSync(pidfile, 'utf8').trim();
	const ip = (...words) => execFileSync('ip', words);
	if (existsSync('/sys/class/net/near')) // a cable whose other end's network the kernel has not taken down yet
		ip('link', 'delete', 'near');
	ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
	ip('address', 'add', `${NEAR}/24`, 'dev', 'near');
	ip('link', 'set', 'near', 'up');
	ip('link', 'set', 'far', 'netns', pid);
	const far = (...words) => execFileSync('nsenter', ['--target', pid, '--net', 'ip', ...words]);
	return {
		...await opening,
		move() {
			far('address', 'del', '198.51.100.2/24', 'dev', 'far');
			far('address', 'add', '198.51.100.3/24', 'dev', 'far');
			far('route', 'add', 'default', 'via', NEAR);
		},
	};
}

test('a call goes on when the path changes', { timeout: 120_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 400, { addresses: OWN_ADDRESS });
	const bench = openBench(server, server.port + 5, '0.0.0.0');
	const origin = `http://${NEAR}:${server.port + 5}`;
	const near = await openPage('chromium', 1);
	const far = await openFar(2, origin);
	t.after(async () => {
		await Promise.all([near, far].map((one) => one.browser.close()));
		bench.close();
		await server.stop();
	});
	const room = await makeRoom(server);
	await near.page.goto(`${bench.base}/bench`);
	await far.page.goto(`${origin}/bench`);
	await enter(near.page, room.ends[0]);
	await enter(far.page, room.ends[1]);
	const sees = (page, who) => until(`sees person ${who}`, async () => (await stats(page)).picture?.who === who);
	await sees(near.page, 2);
	await sees(far.page, 1);
	far.move();
	const begun = Date.now();
	const before = await Promise.all([stats(near.page), stats(far.page)]);
	for (const [i, page] of [near.page, far.page].entries())
		await until('sound and picture go on', async () => {
			const now = await stats(page);
			return now.video.decoded > before[i].video.decoded + 60 && now.audio.energy > before[i].audio.energy + 0.0005;
		}, 20_000);
	t.diagnostic(`${Date.now() - begun} ms, with the four seconds that 60 pictures take`);
	assert.ok(Date.now() - begun < BACK_WITHIN_MS + 4000);
	assert.equal(await far.page.evaluate(() => globalThis.connections.length), 1, 'by new ICE credentials, on the same connection');
});
