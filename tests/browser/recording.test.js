/*
 * recording.test.js - a visit between two real browsers is recorded: everybody is told, the recorder is killed
 * in the middle, two people agree, and what is played back is what was sent, picture and sound of both sides.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { devicesOf, openPage, picturesReceived, until } from './browsers.js';
import { look, signIn } from './look.js';
import { admitAll } from './meeting.js';
import { processes, startServer } from './server.js';
import { LIKE, STEP_MS, SURELY, apart, envelopeOfFile, heardIn, piecesOf, placeIn } from './sound.js';
import { bySecond, picturesOf } from './webm.js';

const PRISONER = 1;
const VISITOR = 2;
const ENOUGH = 50; // pictures, by which to judge: on a busy machine a browser sends none for seconds
/* A fake microphone of a busy machine falls behind: so much within a segment, and from the first to the next. */
const SHIFT_MS = 500;
const BETWEEN_MS = 1500;
const REASON = 'An incident was reported by the wing';

const shown = (page) => page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown')));
const sees = (page, who) => until(`sees person ${who}`, async () => (await shown(page))?.who === who, 20_000, 50);
const says = (page, slot, words) => until(`${slot} says ${words}`, async () => page.evaluate(([name, source]) => {
	const at = document.querySelector(`[data-slot=${name}]`);
	return new RegExp(source).test(at && !at.hidden ? at.textContent.trim() : '');
}, [slot, words.source]), 15_000, 50);
const both = (one, other) => Promise.all([one, other]);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const played = (page, seat) => page.evaluate((n) =>
	globalThis.readPicture(document.querySelector(`figure[data-seat="${n}"] video`)), seat);

/** When the pictures of a segment are shown, as whoever plays it gets it. */
const picturesIn = (page, segment) => page.evaluate(async (from) => [...new Uint8Array(await (await fetch(from)).arrayBuffer())], segment.url)
	.then((bytes) => picturesOf(Buffer.from(bytes)));

test('a visit is recorded, and seen again by who may', { timeout: 260_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 760);
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(server.said)[1];
	const opened = await Promise.all([VISITOR, PRISONER, 3, 4].map((who) => openPage('chromium', who)));
	const [family, terminal, officer, governor] = opened.map((o) => o.page);
	t.after(async () => {
		await Promise.all(opened.map((o) => o.browser.close()));
		await server.stop();
	});
	const step = (name, run) => t.test(name, { timeout: 60_000 }, run);
	/** How many pictures of each seat have come to the other's page. */
	const came = () => both(picturesReceived(family), picturesReceived(terminal));
	let watching = '', untilKilled, whileAway, inAll;

	await step('everybody is told before they join, and while it is so', async () => {
		await both(signIn(family, server, '/sign-in', 'amina@family.example'),
			signIn(officer, server, '/staff/sign-in', 'monitor@wandsworth.example'));
		await signIn(governor, server, '/staff/sign-in', 'governor@wandsworth.example');
		await family.goto(`${server.base}/visits/${reference}/room`);
		assert.match(await family.textContent('[data-recorded]'), /This visit will be recorded/);
		await family.click('[data-action=join]');
		await terminal.goto(`${server.base}/terminal`);
		await terminal.fill('input[name=code]', code);
		await terminal.click('form[data-slot=form] button');
		await terminal.waitForSelector('[data-action=begin]:visible', { timeout: 10_000 });
		assert.match(await terminal.textContent('[data-slot=recorded-notice]:visible'), /This visit will be recorded/);
		await terminal.click('[data-action=begin]');
		await admitAll(governor, server, reference);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await both(says(family, 'recorded', /This visit is being recorded/), says(terminal, 'recorded', /This visit is being recorded/));
	});
	await step('the recorder is killed: the visit goes on, and it is soon recorded again', async () => {
		await wait(6000);
		await until('both have seen enough', async () => Math.min(...await came()) >= ENOUGH, 40_000);
		untilKilled = await came();
		const [pid] = processes('pvl-record', server.pid);
		process.kill(pid, 'SIGKILL');
		await until('it is back', () => processes('pvl-record', server.pid).some((other) => other !== pid), 5000, 20);
		whileAway = (await came()).map((count, seat) => count - untilKilled[seat]);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await both(says(family, 'recorded', /being recorded/), says(terminal, 'recorded', /being recorded/));
		await wait(7000);
		await until('and again', async () => (await came()).every((count, seat) => count - untilKilled[seat] - whileAway[seat] >= ENOUGH), 40_000);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
	});
	await step('what is on the disk is no film', async () => {
		const folder = join(server.data, 'recordings');
		const names = readdirSync(folder);
		assert.ok(names.length >= 4, `${names.length} files`);
		for (const name of names) {
			const bytes = readFileSync(join(folder, name));
			for (const word of ['webm', 'OpusHead', 'V_VP8', 'V_VP9', 'Prison Video Link'])
				assert.equal(bytes.indexOf(word), -1, `${word} stands in a file`);
		}
	});
	await step('one asks, and cannot agree; another does', async () => {
		inAll = await came();
		await family.click('[data-action=leave]');
		await until('the segments are told of', async () => {
			await officer.goto(`${server.base}/staff/recordings`);
			return await officer.locator(`a[href="/staff/recordings/${reference}"]`).count() > 0;
		}, 15_000, 500);
		await officer.goto(`${server.base}/staff/recordings/${reference}`);
		await officer.fill('textarea[name=reason] >> nth=0', REASON);
		await look(officer, 'recording');
		await officer.click(`form[action$="/ask"] button`);
		await officer.waitForSelector('text=Your request has been kept');
		assert.equal(await officer.locator('a[href$="/decide"]').count(), 0);
		await governor.goto(`${server.base}/staff/recordings`);
		await look(governor, 'recordings');
		await governor.click('a[href$="/decide"]');
		await governor.check('input[value=AGREED]');
		await governor.fill('textarea[name=reason]', 'Necessary, and nothing less would do');
		await look(governor, 'recording-decide');
		await both(governor.waitForNavigation(), governor.click('form[action$="/decide"] button'));
	});
	await step('both sides are played back, as they were sent', async (t) => {
		await wait(6000); // the last segments end by themselves
		await officer.goto(`${server.base}/staff/recordings/${reference}`);
		await both(officer.waitForNavigation(), officer.click('form[action$="/open"] button'));
		watching = officer.url();
		await until('it has loaded', async () => await officer.getAttribute('[data-module=pvl-playback]', 'data-ready') === 'true', 20_000);
		await officer.click('[data-action=play]');
		await until('the prisoner is seen', async () => (await played(officer, 0))?.who === PRISONER, 15_000, 50);
		await until('the visitor is seen', async () => (await played(officer, 1))?.who === VISITOR, 15_000, 50);
		await officer.evaluate(() => { // a slow machine may have come to where the recorder was killed
			const position = document.querySelector('[data-slot=position]');
			position.value = '500';
			position.dispatchEvent(new Event('input'));
		});
		await until('the prisoner is seen again', async () => (await played(officer, 0))?.who === PRISONER, 15_000, 50);
		const first = await played(officer, 0);
		await until('the picture moves', async () => {
			const next = await played(officer, 0);
			return next !== null && next.frame !== first?.frame;
		}, 10_000, 50);
		await look(officer, 'playback');
		assert.match(await officer.textContent('[data-slot=mark] >> nth=0'), /Joe Lister.* \d\d:\d\d:\d\d/); // who looks, and when
		// To where both were recorded again after the recorder came back.
		const later = await officer.evaluate(() => {
			const last = JSON.parse(document.querySelector('[data-module=pvl-playback]').dataset.segments)
				.filter((s) => s.kind === 'video' && s.seat === 1).at(-1);
			const to = last.at + last.ms / 2;
			const position = document.querySelector('[data-slot=position]');
			position.value = String(to);
			position.dispatchEvent(new Event('input'));
			return to;
		});
		await until('what came after is seen, too', async () => {
			const now = await officer.evaluate(() => document.querySelector('figure[data-seat="0"] video').currentTime * 1000);
			return now > later - 500 && (await played(officer, 0))?.who === PRISONER && (await played(officer, 1))?.who === VISITOR;
		}, 15_000, 50);
		assert.match(await officer.textContent('main'), /the recorder was stopped and began again/);
	});
	await step('what each side says is heard, theirs and in its order, before the recorder was killed and after', async (t) => {
		const sounds = (await officer.evaluate(() => JSON.parse(document.querySelector('[data-module=pvl-playback]').dataset.segments)))
			.filter((s) => s.kind === 'audio').sort((a, b) => a.at - b.at);
		const voices = await Promise.all([PRISONER, VISITOR].map(async (who) => envelopeOfFile((await devicesOf(who)).voice)));
		for (const seat of [0, 1]) {
			const own = sounds.filter((s) => s.seat === seat);
			const begun = [];
			let pieces = 0;
			for (const [nth, sound] of own.entries())
				for (const { from_ms, heard } of piecesOf(await heardIn(officer, sound.url))) {
					const [theirs, others] = [placeIn(heard, voices[seat]), placeIn(heard, voices[1 - seat])];
					t.diagnostic(`seat ${seat}, segment ${nth} at ${sound.at} + ${from_ms} ms: ${JSON.stringify(theirs)}, as the other ${others.like.toFixed(2)}`);
					assert.ok(others.like < theirs.like || others.like < SURELY, `seat ${seat}: it is the other's voice`);
					pieces++;
					if (theirs.like >= LIKE)
						begun.push({ nth, at: sound.at + from_ms - theirs.ms });
				}
			assert.ok(begun.some((b) => b.nth === 0) && begun.some((b) => b.nth > 0), `seat ${seat} is heard before and after`);
			assert.ok(begun.length >= pieces / 2, `seat ${seat}: ${begun.length} pieces of ${pieces} are like what they said`);
			for (const { nth, at } of begun) {
				const off = (from) => apart(at, from.at, voices[seat].length * STEP_MS);
				const [inFile, inAll] = [off(begun.find((b) => b.nth === nth)), off(begun[0])];
				assert.ok(inFile <= SHIFT_MS && inAll <= BETWEEN_MS, `seat ${seat}, segment ${nth}: ${inFile} ms off in it, ${inAll} in all`);
			}
		}
	});
	await step('what one side saw of the other has been recorded, before the recorder was killed and after', async (t) => {
		const segments = (await officer.evaluate(() => JSON.parse(document.querySelector('[data-module=pvl-playback]').dataset.segments)))
			.filter((s) => s.kind === 'video').sort((a, b) => a.at - b.at);
		for (const seat of [0, 1]) {
			const pieces = await Promise.all(segments.filter((s) => s.seat === seat).map((s) => picturesIn(officer, s)));
			const seen = [untilKilled[seat], inAll[seat] - untilKilled[seat] - whileAway[seat]];
			const kept = [pieces[0].length, pieces.slice(1).reduce((sum, piece) => sum + piece.length, 0)];
			t.diagnostic(`seat ${seat}: ${kept.join(' and ')} pictures of ${seen.join(' and ')}; each second ${pieces.map(bySecond).join(' | ')}`);
			// A second is lost with what was killed, and what comes after begins with a key frame.
			for (const part of [0, 1])
				assert.ok(kept[part] >= seen[part] / 2, `seat ${seat}: ${kept[part]} pictures of ${seen[part]}`);
		}
	});
	await step('nobody else sees it, and privilege closes it to everybody at once', async () => {
		const url = await officer.evaluate(() => JSON.parse(document.querySelector('[data-module=pvl-playback]').dataset.segments)[0].url);
		const status = (page) => page.evaluate(async (from) => (await fetch(from)).status, url);
		assert.equal(await status(officer), 200);
		assert.equal(await status(governor), 403);
		await governor.goto(`${server.base}/staff/recordings/${reference}`);
		await governor.click('summary:has-text("lawyer")');
		await governor.fill('#lock-reason', 'The visitor is a solicitor');
		await both(governor.waitForNavigation(), governor.click('form[action$="/lock"] button'));
		assert.equal(await status(officer), 403);
		await officer.goto(watching);
		assert.match(await officer.textContent('main'), /closed to everybody/);
		await look(officer, 'recording-closed');
	});
	await step('somebody else who answers for privilege is told where they begin the day, and writes down what was done', async () => {
		await family.goto(`${server.base}/home`);
		await family.context().clearCookies();
		await signIn(family, server, '/staff/sign-in', 'contacts@wandsworth.example');
		await family.goto(`${server.base}/staff`);
		await look(family, 'privilege-banner');
		await family.click(`.govuk-notification-banner a[href*="${reference}"]`);
		await family.waitForSelector('#settle');
		assert.equal(await family.locator('a[href*="/staff/playback/"]').count(), 0, 'nothing leads to what is closed');
		await look(family, 'privilege-settle');
		await both(family.waitForNavigation(), family.click('form[action$="/settle"] button'));
		assert.match(await family.textContent('.govuk-error-summary'), /Write down what was done/);
		await look(family, 'privilege-settle-empty', { again: true });
		await family.fill('form[action$="/settle"] textarea', 'The solicitor was told, and the visit is booked as legal from now on');
		await both(family.waitForNavigation(), family.click('form[action$="/settle"] button'));
		await look(family, 'privilege-settled', { again: true });
		assert.equal(await family.locator('#settle').count(), 0);
		await family.goto(`${server.base}/staff`);
		assert.equal(await family.locator(`.govuk-notification-banner a[href*="${reference}"]`).count(), 0);
	});
});
