/*
 * several.test.js - two services on one PostgreSQL: a family and a terminal reach different ones and meet in
 * one visit; the service that has it is killed, and both are back in it at the other, by themselves.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { openPage, ROOT, until } from './browsers.js';
import { signIn } from './look.js';
import { admitAll, beginAtTerminal, comeToLobby } from './meeting.js';
import { openLine, processes, startServer } from './server.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 820;
const PRISONER = 1;
const VISITOR = 2;
const BACK_MS = 60_000; // six seconds, and what a busy machine adds

const shown = (page) => page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown')));
const media = (page) => page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media ?? '');

/** Their picture moves: not the last one that came. */
async function sees(page, who, ms = 20_000) {
	let before = -1;
	await until(`sees person ${who} move`, async () => {
		const picture = await media(page) === 'connected' ? await shown(page) : null;
		const moves = picture?.who === who && before >= 0 && picture.frame !== before;
		before = picture?.who === who ? picture.frame : -1;
		return moves;
	}, ms, 100);
}
const lost = (page) => until('the connection is lost', async () => await media(page) !== 'connected', 30_000, 50);
const both = (one, other) => Promise.all([one, other]);

/** A PostgreSQL of our own; .store is its address. */
async function startPostgres() {
	const child = spawn(join(ROOT, 'tools/with-postgres'), ['--no-fsync', process.execPath, '-e',
		'console.log(process.env.STORE); process.stdin.resume()'], { stdio: ['pipe', 'pipe', 'inherit'] });
	const gone = new Promise((done) => child.on('exit', done));
	const [store] = await Promise.race([createInterface(child.stdout)[Symbol.asyncIterator]().next(), gone])
		.then((line) => [line?.value]);
	assert.match(store ?? '', /^postgres:/);
	return { store, stop: () => (child.stdin.end(), gone) };
}

/** Kills all of a service at once, as when its machine loses power. */
function killAll(server) {
	const names = ['pvl', 'pvl-web', 'pvl-media', 'pvl-vault', 'pvl-record', 'pvl-notify'];
	for (const pid of [server.pid, ...names.flatMap((name) => processes(name, server.pid))])
		process.kill(pid, 'SIGKILL');
}

test('two services, one visit', { timeout: 240_000 }, async (t) => {
	const closing = [];
	t.after(async () => {
		for (const close of closing.reverse())
			await close();
	});
	const postgres = await startPostgres();
	closing.push(postgres.stop);
	const first = await startServer(PORT, { options: ['--store', postgres.store, '--service', 'a'] });
	closing.push(first.stop);
	const second = await startServer(PORT + 20, { bare: true, options: ['--store', postgres.store, '--service', 'b'] });
	closing.push(second.stop);

	// A proxy that heeds names, as in docs/operating/several.md; what has none goes to the side's own service.
	const services = { a: first, b: second };
	const lead = (own) => ({
		portOf(asked) {
			const named = services[new URL(asked.url, 'http://x').searchParams.get('service') ?? own];
			return (named && !named.gone ? named : second).port;
		},
	});
	const [west, east] = [openLine(lead('a'), PORT + 40), openLine(lead('b'), PORT + 41)];
	closing.push(() => west.close(), () => east.close());

	const reference = /joined now: ([\w-]+)/.exec(first.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(first.said)[1];
	const opened = await Promise.all([VISITOR, PRISONER, 3].map((who) => openPage('chromium', who)));
	closing.push(() => Promise.all(opened.map((o) => o.browser.close())));
	const [family, terminal, officer] = opened.map((o) => o.page);

	await t.test('a family at the first and a terminal at the second, admitted at the second, see each other', async () => {
		await both(signIn(family, west, '/sign-in', 'amina@family.example'),
			signIn(officer, east, '/staff/sign-in', 'monitor@wandsworth.example'));
		await comeToLobby(family, west, reference);
		await beginAtTerminal(terminal, east, code, 15_000);
		await admitAll(officer, east, reference);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
	});

	await t.test('the first is killed: both are back at the second, and see each other again', async () => {
		killAll(first);
		await until('the first is gone', () => first.gone);
		const died = Date.now();
		await both(lost(family), lost(terminal));
		await both(sees(family, PRISONER, BACK_MS), sees(terminal, VISITOR, BACK_MS));
		t.diagnostic(`seen again after ${((Date.now() - died) / 1000).toFixed(1)} s`);
	});
});
