/*
 * story.test.js - a visit as people live it: the family joins, the terminal is enrolled and joins,
 * staff compare and admit, both see and hear each other, a page is reloaded, the media server is
 * killed, staff end it, and the account is right.  Told with Chromium, which also looks at every
 * page (pictures: test-results/screenshots), and with Firefox in each place.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openPage, until } from './browsers.js';
import { TELEPHONE, TERMINAL, callFits, inSight, look as lookAt, signIn } from './look.js';
import { BUILD, ask, openLine, processes, startServer, watchPackets } from './server.js';

const PRISONER = 1;
const VISITOR = 2;
const BACK_WITHIN_MS = 3000;
const SILENT_WITHIN_MS = 100;

const withLooks = (kinds) => kinds.every((kind) => kind === 'chromium');
const shown = (page) => page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown')));
const statusOf = (page) => page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media ?? '');

const connectionsOf = (page) => page.evaluate(() => globalThis.connections.length);

/** Sees this person's film going on. */
async function sees(page, who, timeout_ms = 15_000) {
	const { answer, ms } = await until(`sees person ${who}`, async () => {
		const picture = await shown(page);
		return picture?.who === who ? picture : Promise.reject(new Error(`${JSON.stringify(picture)} ${await statusOf(page)} ${await page.evaluate(() => document.querySelector('[data-slot=status]')?.textContent)}`));
	}, timeout_ms, 50);
	await until('the time code goes on', async () => {
		const picture = await shown(page);
		return picture && picture.frame !== answer.frame;
	}, 5000);
	return ms;
}

/** What this page has received and decoded so far, over the connection that stands. */
function received(page) {
	return page.evaluate(async () => {
		const out = { frames: 0, energy: 0 };
		const standing = globalThis.connections.filter((pc) => pc.connectionState === 'connected');
		for (const entry of (await standing.at(-1)?.getStats() ?? new Map()).values())
			if (entry.type === 'inbound-rtp') {
				out.frames += entry.framesDecoded ?? 0;
				out.energy += entry.totalAudioEnergy ?? 0;
			}
		return out;
	});
}

/** Frames go on being decoded, and for two seconds more no voice is heard. */
async function isSilent(page) {
	const before = await received(page);
	await until('frames are decoded', async () => (await received(page)).frames - before.frames > 5, 10_000);
	await pause(2000);
	const louder = (await received(page)).energy - before.energy;
	assert.ok(louder < 0.0001, `${louder}`);
}

/** Frames go on being decoded, and the sound has loudness: half a second of a voice is about 0.01. */
async function hears(page) {
	const before = await received(page);
	await until('hears a voice, and frames are decoded', async () => {
		const now = await received(page);
		const fine = now.energy - before.energy > 0.001 && now.frames - before.frames > 5;
		return fine || Promise.reject(new Error(JSON.stringify([before, now])));
	}, 10_000);
}

const both = (one, other) => Promise.all([one, other]);

/** kinds: the browsers of family, terminal and officer. */
async function story(t, kinds, port) {
	const server = await startServer(port);
	const look = withLooks(kinds) ? lookAt : async () => undefined;
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(server.said)[1];
	const opened = await Promise.all([VISITOR, PRISONER, 3].map((who, i) => openPage(kinds[i], who)));
	let [family, terminal, staff] = opened.map((o) => o.page);
	const line = openLine(server, port + 5); // the family's, which can be cut
	const packets = watchPackets(server);
	t.after(async () => {
		await Promise.all(opened.map((o) => o.browser.close()));
		packets.stop();
		line.close();
		await server.stop();
	});
	const step = (name, run) => t.test(name, { timeout: 60_000 }, run);

	await step('the family signs in and finds the visit', async () => {
		await signIn(family, line, '/sign-in', 'amina@family.example');
		await look(family, 'family-home');
		await family.goto(`${line.base}/visits/${reference}`);
		await look(family, 'family-visit');
		await family.goto(`${line.base}/book`);
		await look(family, 'family-book');
	});
	await step('the family waits in the lobby', async () => {
		await family.goto(`${line.base}/visits/${reference}/room`);
		await look(family, 'family-room');
		await family.click('[data-action=join]');
		await until('media stands', async () => (await statusOf(family)) === 'connected');
		assert.equal(await shown(family), null, 'nobody is seen before admission');
	});
	await step('the terminal is enrolled once and joins with one button', async () => {
		await terminal.goto(`${server.base}/terminal`);
		await terminal.fill('input[name=code]', code);
		await terminal.click('form[data-slot=form] button');
		await terminal.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 10_000 });
		await look(terminal, 'terminal-due');
		await inSight(terminal, '[data-action=begin]', TERMINAL);
		await terminal.click('[data-action=begin]');
		await until('media stands', async () => (await statusOf(terminal)) === 'connected');
		assert.equal(await shown(terminal), null, 'the visitor is not seen before admission');
	});
	await step('staff see the live picture and admit', async () => {
		await signIn(staff, server, '/staff/sign-in', 'monitor@wandsworth.example');
		await look(staff, 'staff-day');
		await staff.goto(`${server.base}/staff/visits/${reference}`);
		await look(staff, 'staff-visit');
		await staff.goto(`${server.base}/staff/visits/${reference}/watch`);
		await until('the picture of the visitor', () => staff.evaluate((who) => [...document.querySelectorAll('.pvl-person__picture--shown')].some((v) => globalThis.readPicture(v)?.who === who), VISITOR), 15_000);
		await look(staff, 'staff-watch');
		line.cut();
		for (let left = 5; left > 0 && await staff.locator('form[action$="/admit"] button').count() > 0; left--)
			await Promise.all([staff.waitForNavigation(), staff.locator('form[action$="/admit"] button').first().click()]);
		await sees(terminal, VISITOR);
	});
	await step('what was told while the family\'s event stream was cut comes when it is back', async (t) => {
		assert.equal(await shown(family), null, 'the page cannot know that it is admitted');
		line.mend();
		t.diagnostic(`${await sees(family, PRISONER, 6000)} ms`);
	});
	await step('both see and hear each other', async () => {
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await both(hears(family), hears(terminal));
		await look(family, 'family-live');
		await look(terminal, 'terminal-live');
		await callFits(family, TELEPHONE);
		await callFits(terminal, TERMINAL);
	});
	await step('a reloaded page is back within three seconds', async (t) => {
		let ms;
		for (let tries = 0; tries < 2 && !(ms < BACK_WITHIN_MS); tries++) {
			const begun = Date.now();
			await family.reload({ waitUntil: 'commit' });
			await sees(family, PRISONER);
			ms = Date.now() - begun;
			t.diagnostic(`${ms} ms`);
		}
		assert.ok(ms < BACK_WITHIN_MS, `${ms} ms`);
		await sees(terminal, VISITOR);
		await both(hears(family), hears(terminal));
	});
	await step('a microphone that was muted is muted when the page is loaded again', async () => {
		const muted = family.locator('[data-action=microphone]');
		await muted.click();
		await family.reload({ waitUntil: 'commit' });
		await sees(family, PRISONER);
		await sees(terminal, VISITOR);
		assert.equal(await muted.getAttribute('aria-pressed'), 'true');
		await isSilent(terminal);
		await muted.click();
		await hears(terminal);
	});
	await step('a second tab takes the seat, and the first is told', async () => {
		const tab = await family.context().newPage();
		await tab.goto(family.url());
		await tab.click('[data-action=join]');
		await sees(tab, PRISONER);
		await until('the first is told', () => family.evaluate(() =>
			document.querySelector('.pvl-visit').dataset.phase === 'over' && document.querySelector('[data-slot=why]').textContent.trim()));
		await family.close();
		family = tab;
		await sees(terminal, VISITOR);
		await both(hears(family), hears(terminal));
	});
	/** Kills pvl-media; how long until each page is shown the other again, in ms. */
	async function killMedia() {
		const killed = processes('pvl-media', server.pid);
		assert.ok(killed.length > 0, 'there is a pvl-media');
		const before = await both(connectionsOf(family), connectionsOf(terminal));
		for (const pid of killed)
			process.kill(pid, 'SIGKILL');
		const begun = Date.now();
		await both(...[family, terminal].map((page, i) => until('a new connection', async () =>
			await connectionsOf(page) > before[i] && await statusOf(page) === 'connected', 10_000, 20)));
		const back = (page, who) => sees(page, who).then(() => Date.now() - begun);
		return both(back(family, PRISONER), back(terminal, VISITOR));
	}
	await step('a killed media server is back within three seconds', async (t) => {
		let ms = await killMedia();
		t.diagnostic(`${ms.join(' and ')} ms`);
		if (Math.max(...ms) >= BACK_WITHIN_MS) { // four browsers share two processors: once more, alone
			await new Promise((done) => setTimeout(done, 11_000)); // the pause before a restart is over
			ms = await killMedia();
			t.diagnostic(`again: ${ms.join(' and ')} ms`);
		}
		assert.ok(Math.max(...ms) < BACK_WITHIN_MS, `${ms} ms`);
		await both(hears(family), hears(terminal));
	});
	await step('staff end it and both are told why', async () => {
		await staff.goto(`${server.base}/staff/visits/${reference}/end`);
		await look(staff, 'staff-end');
		const choices = staff.locator('input[type=radio]');
		if (await choices.count() > 0)
			await choices.last().check();
		if (await staff.locator('textarea[name=reason]').count() > 0)
			await staff.fill('textarea[name=reason]', 'The browser test is done.');
		const told = staff.waitForResponse((r) => r.request().method() === 'POST');
		const clicked = Date.now();
		await staff.click('main form button[type=submit]');
		await told;
		const ended = Date.now();
		for (const page of [family, terminal])
			await until('the end is told', () => page.evaluate(() => {
				const why = document.querySelector('[data-slot=why]');
				return document.querySelector('.pvl-visit')?.dataset.phase === 'over' && /browser test is done/.test(why?.textContent);
			}), 5000);
		await new Promise((done) => setTimeout(done, 500));
		const sent = packets.times();
		assert.ok(sent.filter((at) => at > clicked - 500 && at < clicked).length > 20, 'packets went out before');
		assert.deepEqual(sent.filter((at) => at > ended + SILENT_WITHIN_MS), [], 'none afterwards');
		await look(family, 'family-over');
		await family.goto(`${line.base}/visits/${reference}`);
		await look(family, 'family-account');
	});
	await step('the account is right: what both could hear, no second more', () => {
		const [visit] = ask(server, `SELECT * FROM visit WHERE reference = '${reference}'`);
		assert.deepEqual([visit.state, visit.end_kind], ['COMPLETED', 'STAFF']);
		assert.match(visit.end_reason, /The browser test is done/);
		const leaves = ask(server, `SELECT verb, amount, at FROM audit_leaf
			WHERE object_id = (SELECT id FROM visit WHERE reference = '${reference}') ORDER BY seq`);
		const all = (verb) => leaves.filter((leaf) => leaf.verb === verb);
		assert.deepEqual(['visit.live', 'visit.end'].map((verb) => all(verb).length), [1, 1]);
		const heard = [...all('visit.live'), ...all('visit.heard')].reduce((sum, leaf) => sum + leaf.amount, 0);
		assert.equal(heard, visit.used_s, 'each counted second is in the log');
		const stood = (visit.ended_at - visit.live_from);
		assert.ok(visit.used_s <= stood + 2 && visit.used_s >= stood - 15, `${visit.used_s} of ${stood} s`);
		assert.equal(visit.counted_minutes, Math.ceil(visit.used_s / 60));
		execFileSync(join(BUILD, 'src/programs/pvl'), ['audit', 'verify', '--data', server.data]);
	});
	await step('nothing of the visit stays on the terminal', async () => {
		await until('the screen is empty', () => terminal.evaluate(() => !document.querySelector('.pvl-visit')), 15_000);
		const kept = await terminal.evaluate(async () => ({
			session: sessionStorage.length, local: localStorage.length, cookies: document.cookie,
			databases: (await indexedDB.databases()).map((d) => d.name), text: document.body.innerText,
		}));
		assert.deepEqual([kept.session, kept.local, kept.cookies], [0, 0, '']);
		assert.deepEqual(kept.databases, ['pvl-terminal']);
	});
	await step('no page complained', () => {
		const errors = opened.flatMap((o) => o.said).filter((line) => line.startsWith('error:'));
		assert.deepEqual(errors.filter((line) => !/Failed to load resource/.test(line)), []);
	});
}

const PORT = Number(process.env.PVL_PORT ?? 43100) + 100;
const TOLD = [
	['Chromium alone', ['chromium', 'chromium', 'chromium']],
	['Firefox as family and officer', ['firefox', 'chromium', 'firefox']],
	['Firefox as terminal', ['chromium', 'firefox', 'chromium']],
];
for (const [i, [name, kinds]] of TOLD.entries())
	test(`a visit, end to end: ${name}`, { timeout: 240_000 }, (t) => story(t, kinds, PORT + i * 50));
