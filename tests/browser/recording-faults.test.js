/*
 * recording-faults.test.js - a recorded visit when things go wrong: its disk is full, pvl-vault is killed
 * while somebody looks, the data folder is carried off, the object store that keeps it is away; and a copy
 * that is handed out is what left.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, openPage, picturesReceived, until } from './browsers.js';
import { look, signIn } from './look.js';
import { admitAll, beginAtTerminal, beginToLook, comeToLobby, send } from './meeting.js';
import { ask, processes, startServer } from './server.js';
import { bySecond, picturesOf } from './webm.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 780;
const PRISONER = 1;
const VISITOR = 2;
const ENOUGH = 50; // pictures, by which to judge: on a busy machine a browser sends none for seconds
const NOBODY = 65534;

const shown = (page) => page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown')));
const sees = (page, who) => until(`sees person ${who}`, async () => (await shown(page))?.who === who, 30_000, 100);
const both = (one, other) => Promise.all([one, other]);

/** What a page answers to whoever is signed in there: {status, type, bytes}. */
const fetched = (page, path) => page.evaluate(async (from) => {
	const answer = await fetch(from);
	const bytes = new Uint8Array(await answer.arrayBuffer());
	let text = '';
	for (let i = 0; i < bytes.length; i += 0x8000)
		text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
	return { status: answer.status, type: answer.headers.get('Content-Type'), base64: btoa(text) };
}, path).then(({ base64, ...rest }) => ({ ...rest, bytes: Buffer.from(base64, 'base64') }));

const segmentsOf = (page) => page.evaluate(() => JSON.parse(document.querySelector('[data-module=pvl-playback]').dataset.segments));

/** What the lists of staff say of all visits that are under way. */
const flagsOf = (page) => page.evaluate(() => new Promise((done) => {
	const source = new EventSource('/staff/events');
	source.addEventListener('snapshot', (event) => {
		source.close();
		done(JSON.parse(event.data).visits.flatMap((row) => row.flags));
	});
}));

/** Every file below a folder. */
const filesBelow = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());

const hashOf = (file) => createHash('sha256').update(file.bytes).digest('hex');

/** An object store on loopback, which checks every signature. */
async function openStore(port, folder) {
	const child = spawn(process.execPath, [join(ROOT, 'tests/system/s3.mjs'), String(port), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
	await until('the store answers', () => fetch(`http://127.0.0.1:${port}/`), 30_000);
	return async () => {
		const gone = once(child, 'exit');
		child.kill();
		await gone;
	};
}

test('a recorded visit when things go wrong', { timeout: 400_000 }, async (t) => {
	const data = mkdtempSync(join(tmpdir(), 'pvl-faults-'));
	const elsewhere = mkdtempSync(join(tmpdir(), 'pvl-carried-off-'));
	const objects = mkdtempSync(join(tmpdir(), 'pvl-objects-'));
	mkdirSync(join(data, 'recordings'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=24m,mode=700,uid=${NOBODY},gid=${NOBODY}`, 'none', join(data, 'recordings')]);
	const server = await startServer(PORT, { data });
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(server.said)[1];
	const opened = await Promise.all([VISITOR, PRISONER, 3, 4].map((who) => openPage('chromium', who)));
	const [family, terminal, officer, governor] = opened.map((o) => o.page);
	t.after(async () => {
		await Promise.all(opened.map((o) => o.browser.close()));
		await closeStore?.();
		await kept?.stop();
		await server.stop();
		execFileSync('umount', ['-l', join(data, 'recordings')]);
		for (const folder of [data, `${data}.vault`, elsewhere, `${elsewhere}.vault`, objects])
			rmSync(folder, { recursive: true, force: true });
	});
	const step = (name, run) => t.test(name, { timeout: 120_000 }, run);
	const gaps = () => ask(server, 'SELECT cause, until_ms FROM recording_gap');
	/** How many pictures of each side have come to the other's page. */
	const came = () => both(picturesReceived(family), picturesReceived(terminal));
	let watching = '', sides = [], untilFull, fromRoomOn, inAll;
	let closeStore = null, kept = null;

	await step('a visit is recorded', async () => {
		await both(signIn(family, server, '/sign-in', 'amina@family.example'),
			signIn(officer, server, '/staff/sign-in', 'monitor@wandsworth.example'));
		await signIn(governor, server, '/staff/sign-in', 'governor@wandsworth.example');
		await comeToLobby(family, server, reference);
		await beginAtTerminal(terminal, server, code, 15_000);
		await admitAll(governor, server, reference);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await governor.goto(`${server.base}/staff/live`);
		await until('both sides are written', () => readdirSync(join(data, 'recordings')).length >= 4, 30_000);
		await until('there is something to look at', async () => Math.min(...await came()) >= ENOUGH, 40_000);
	});
	await step('its disk is full: the visit goes on, the gap is marked, staff are told', async () => {
		untilFull = await came();
		assert.throws(() => execFileSync('dd', ['if=/dev/zero', `of=${join(data, 'recordings', 'filler')}`, 'bs=4096', 'count=100000'], { stdio: 'ignore' }));
		await until('the gap is marked', () => gaps().some((gap) => gap.cause === 'DISK' && gap.until_ms === 0), 30_000);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await until('staff are told', async () => (await flagsOf(governor)).includes('not_recorded'), 30_000, 500);
		assert.equal((await fetch(`${server.base}/health`)).status, 200, 'everything else is well');
	});
	await step('there is room again: it is recorded again, and the gap has an end', async () => {
		rmSync(join(data, 'recordings', 'filler'));
		const roomAt = Date.now();
		// Pictures begin again with a key frame, which is asked for: the next one by itself is up to a minute away.
		await until('both pictures are written again', () => ask(server,
			`SELECT COUNT(DISTINCT seat) AS n FROM recording_segment WHERE codec LIKE 'VP%' AND at_ms > ${roomAt}`)[0].n === 2, 20_000);
		await until('the gap has an end', () => gaps().every((gap) => gap.until_ms !== 0), 40_000);
		fromRoomOn = await came();
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await until('there is something again', async () => (await came()).every((count, seat) => count - fromRoomOn[seat] >= ENOUGH), 40_000);
		inAll = await came();
		await family.click('[data-action=leave]');
		await until('what they sent has ended', () => ask(server, "SELECT COUNT(*) AS n FROM recording_segment WHERE state = 'OPEN' AND seat = 1")[0].n === 0, 40_000);
		assert.ok(!(await flagsOf(governor)).includes('not_recorded'));
	});
	await step('pvl-vault is killed while somebody looks: they are told, and go on when it is back', async () => {
		watching = await beginToLook(server, officer, governor, reference);
		await until('it has loaded', async () => await officer.getAttribute('[data-module=pvl-playback]', 'data-ready') === 'true', 30_000);
		assert.match(await officer.textContent('main'), /the disk was full or refused/);
		const [segment] = await segmentsOf(officer);
		assert.equal((await fetched(officer, segment.url)).status, 200);
		const [pid] = processes('pvl-vault', server.pid);
		process.kill(pid, 'SIGSTOP'); // it cannot answer, and is not started again: as while it comes up
		const [web] = processes('pvl-web', server.pid).sort((a, b) => a - b);
		process.kill(web, 'SIGKILL'); // with the keys in its memory
		await until('pages are back', async () => (await fetch(`${server.base}/ping`)).ok, 15_000);
		const lacking = await fetched(officer, segment.url);
		assert.equal(lacking.status, 503, 'a sentence, not a hanging page');
		process.kill(pid, 'SIGKILL');
		await until('it is back', () => processes('pvl-vault', server.pid).some((other) => other !== pid), 15_000);
		await until('what was agreed to still counts', async () => (await fetched(officer, segment.url)).status === 200, 30_000, 500);
	});
	await step('two people hold it beyond its time', async () => {
		await officer.goto(`${server.base}/staff/recordings/${reference}/hold`);
		await look(officer, 'hold-ask', { again: true });
		const review = new Date(Date.now() + 30 * 86_400_000);
		await officer.fill('input[name=matter]', 'Inquest 12/2026');
		for (const [part, value] of Object.entries({ day: review.getDate(), month: review.getMonth() + 1, year: review.getFullYear() }))
			await officer.fill(`input[name=review-${part}]`, String(value));
		await officer.fill('textarea[name=reason]', 'The inquest needs it');
		await send(officer, '/hold');
		await governor.goto(`${server.base}/staff/holds`);
		await look(governor, 'holds', { again: true });
		await governor.click('a[href$="/decide"]');
		await look(governor, 'hold-decide', { again: true });
		await governor.check('input[value=AGREED]');
		await governor.fill('textarea[name=reason]', 'Necessary for the inquest');
		await send(governor, '/decide');
		assert.match(await governor.textContent('main'), /Held/);
	});
	await step('a third person hands out a copy: a file that plays, and whose hash is written down', async (t) => {
		await signIn(family, server, '/staff/sign-in', 'contacts@wandsworth.example');
		await family.goto(`${server.base}/staff/recordings/${reference}`);
		await both(family.waitForNavigation(), family.click('a[href$="/export"]'));
		await look(family, 'export-new');
		await family.fill('input[name=recipient]', 'The coroner, Ms Green');
		await family.fill('textarea[name=reason]', 'The inquest asked for it');
		await send(family, '/export');
		sides = await family.locator('a[href*="/staff/exports/"]').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
		assert.equal(sides.length, 2);
		for (const [i, who] of [PRISONER, VISITOR].entries()) {
			const file = await fetched(family, sides[i]);
			assert.equal(file.status, 200);
			const hash = hashOf(file);
			await until('its hash is on the page', async () => {
				await family.reload();
				return (await family.textContent('main')).includes(hash);
			}, 15_000, 300);
			const pictures = picturesOf(file.bytes);
			// What the terminal has sent since there was room again is one piece with what it still sends.
			const seen = untilFull[i] + (who === VISITOR ? inAll[i] - fromRoomOn[i] : 0);
			const pieces = ask(server, `SELECT at_ms, ms, codec, state FROM recording_segment WHERE seat = ${who === VISITOR ? 1 : 0} ORDER BY at_ms`);
			t.diagnostic(pieces.map((piece) => `${piece.codec} ${piece.at_ms - pieces[0].at_ms}+${piece.ms} ${piece.state}`).join(', '));
			t.diagnostic(`side ${i}: ${pictures.length} pictures of ${seen}; each second ${bySecond(pictures)}`);
			assert.ok(pictures.length >= seen / 2, `side ${i}: ${pictures.length} pictures of ${seen}`);
			// It plays in any browser: the picture of that side, and a sound track beside it.
			const plays = await family.evaluate(async (base64) => {
				const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
				const video = document.createElement('video');
				video.muted = true;
				video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
				document.body.append(video);
				await video.play();
				let picture = null;
				for (let left = 600; left > 0 && !(picture && video.webkitAudioDecodedByteCount > 0); left--) {
					picture = globalThis.readPicture(video) ?? picture;
					await new Promise((done) => setTimeout(done, 50));
				}
				const found = { who: picture?.who, sound: video.webkitAudioDecodedByteCount > 0 };
				video.remove();
				return found;
			}, file.bytes.toString('base64'));
			assert.deepEqual(plays, { who, sound: true }, `side ${i}`);
		}
		await look(family, 'export');
		await family.goto(`${server.base}/staff/recordings/${reference}`);
		assert.match(await family.textContent('main'), /The coroner, Ms Green/);
		assert.equal((await fetched(officer, sides[0])).status, 403, 'it is theirs alone');
	});
	await step('whoever holds only a copy of the data folder opens no recording, and finds no name beside the database', async () => {
		cpSync(data, elsewhere, { recursive: true });
		const names = ask(server, 'SELECT name FROM prisoner UNION SELECT name FROM person UNION SELECT email FROM account').map((row) => Object.values(row)[0]);
		assert.ok(names.length > 10);
		const others = filesBelow(elsewhere).filter((path) => !/\/pvl\.db(-wal|-shm)?$/.test(path));
		assert.ok(others.length >= 5);
		for (const path of others) {
			const bytes = readFileSync(path);
			for (const name of names)
				assert.equal(bytes.indexOf(name), -1, `${name} stands in ${path}`);
			for (const mark of ['webm', 'OpusHead', 'V_VP8'])
				assert.equal(bytes.indexOf(mark), -1, `${mark} stands in ${path}`);
		}
		const thief = await startServer(PORT + 30, { data: elsewhere, bare: true });
		try {
			// Every account of the copy is at their command: even the sessions go on, so they have themselves agree.
			await beginToLook(thief, officer, governor, reference);
			const urls = (await segmentsOf(officer)).slice(0, 4).map((segment) => segment.url);
			for (const url of urls)
				assert.equal((await fetched(officer, url)).status, 503, 'another vault opens nothing');
			await until('and says so in its log', () => /unsealing_refused|opening_refused/.test(thief.logged()), 10_000);
		} finally {
			await thief.stop();
		}
	});
	await step('what an object store alone keeps is seen, and handed out, from there', async () => {
		await officer.goto(watching);
		const urls = (await segmentsOf(officer)).slice(0, 4).map((segment) => segment.url);
		const seen = await Promise.all(urls.map((url) => fetched(officer, url).then(hashOf)));
		const copy = hashOf(await fetched(family, sides[1]));
		await server.stop();
		const recordings = join(data, 'recordings');
		const waiting = filesBelow(recordings);
		assert.ok(waiting.length > 0);
		writeFileSync(join(objects, 'key'), 'S3RVER:S3RVER', { mode: 0o600 });
		closeStore = await openStore(PORT + 25, join(objects, 'store'));
		kept = await startServer(PORT, { data, options: ['--recordings-store', `http://127.0.0.1:${PORT + 25}/recordings`, '--recordings-key', join(objects, 'key')] });
		// The visit goes on, and with it the recording: there is always one file more.
		await until('all has gone there', () => waiting.every((path) => !existsSync(path) || statSync(path).size === 0), 60_000, 500);
		for (const [i, url] of urls.entries()) {
			const segment = await fetched(officer, url);
			assert.equal(segment.status, 200, segment.bytes.toString());
			assert.equal(hashOf(segment), seen[i]);
		}
		const file = await fetched(family, sides[1]);
		assert.equal(file.status, 200);
		assert.equal(hashOf(file), copy, 'no piece is missing');
	});
	await step('the store is away: a sentence says so, and when it is back nothing is lost', async () => {
		const copy = hashOf(await fetched(family, sides[1]));
		const [url] = (await segmentsOf(officer)).map((segment) => segment.url);
		await closeStore();
		for (const path of filesBelow(join(data, 'recordings', 'fetched')))
			rmSync(path); // as after an hour
		const lacking = await fetched(officer, url);
		assert.equal(lacking.status, 503);
		assert.match(lacking.bytes.toString(), /does not answer now\. Nothing is lost/);
		await family.goto(`${server.base}${sides[1]}`);
		assert.match(await family.textContent('main'), /does not answer now\. Nothing is lost/);
		await look(family, 'recording-store-away');
		closeStore = await openStore(PORT + 25, join(objects, 'store'));
		await until('it is seen again', async () => (await fetched(officer, url)).status === 200, 90_000, 1000);
		assert.equal(hashOf(await fetched(family, sides[1])), copy, 'no piece is missing');
	});
});
