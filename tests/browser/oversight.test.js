/*
 * oversight.test.js - staff act in a visit that is live between two real browsers: a pause is on the
 * wire within 300 ms, who watches is shown to both ends before the first packet reaches the officer, a
 * warning is read, an incident is decided by a second person and told to the family.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openPage, until } from './browsers.js';
import { look, signIn } from './look.js';
import { admitAll, beginAtTerminal, comeToLobby } from './meeting.js';
import { startServer, watchPackets } from './server.js';

const PRISONER = 1;
const VISITOR = 2;
const PAUSE_WITHIN_MS = 300;

const shown = (page) => page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown')));
const sees = (page, who) => until(`sees person ${who}`, async () => (await shown(page))?.who === who, 20_000, 50);
const text = (page, slot) => page.evaluate((name) => {
	const at = document.querySelector(`[data-slot=${name}]`);
	return at && !at.hidden ? at.textContent.trim() : '';
}, slot);
const says = (page, slot, words) => until(`says ${words}`, async () => words.test(await text(page, slot)), 10_000, 50);
const both = (one, other) => Promise.all([one, other]);

/** From now on the page keeps when it first showed that staff watch. */
const noteWatched = (page) => page.evaluate(() => {
	globalThis.watchedAt = 0;
	const note = () => {
		const at = document.querySelector('[data-slot=watched]');
		if (at && !at.hidden && !globalThis.watchedAt)
			globalThis.watchedAt = Date.now();
	};
	new MutationObserver(note).observe(document.body, { attributes: true, subtree: true, attributeFilter: ['hidden'] });
	note();
});

/** When the officer's page got its first packet of sound or picture. */
const firstPacket = (page) => page.evaluate(async () => {
	for (;;) {
		for (const pc of globalThis.connections)
			for (const entry of (await pc.getStats()).values())
				if (entry.type === 'inbound-rtp' && entry.packetsReceived > 0)
					return Date.now();
		await new Promise((done) => setTimeout(done, 10));
	}
});

test('staff watch a visit and act in it', { timeout: 300_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 700);
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(server.said)[1];
	const opened = await Promise.all([VISITOR, PRISONER, 3, 4].map((who) => openPage('chromium', who)));
	const [family, terminal, officer, governor] = opened.map((o) => o.page);
	const packets = watchPackets(server);
	t.after(async () => {
		await Promise.all(opened.map((o) => o.browser.close()));
		packets.stop();
		await server.stop();
	});
	const step = (name, run) => t.test(name, { timeout: 90_000 }, run);

	await step('a visit is live', async () => {
		await both(signIn(family, server, '/sign-in', 'amina@family.example'),
			signIn(officer, server, '/staff/sign-in', 'monitor@wandsworth.example'));
		await signIn(governor, server, '/staff/sign-in', 'governor@wandsworth.example');
		await comeToLobby(family, server, reference);
		await beginAtTerminal(terminal, server, code, 10_000);
		await admitAll(officer, server, reference);
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
		await officer.goto(`${server.base}/staff/live`);
		// Whoever admits before the page has its seat has left one behind, which is noticed after ten seconds.
		await both(until('nobody watches', async () => await text(family, 'watched') === '', 25_000),
			until('nobody watches', async () => await text(terminal, 'watched') === '', 25_000));
	});
	await step('a pause is on the wire within 300 ms, both ways, and both ends are told', async (t) => {
		await governor.goto(`${server.base}/staff/visits/${reference}/watch`);
		await look(governor, 'oversight-watch');
		await governor.selectOption('select[name=why]', 'THIRD_PERSON');
		const asked = governor.waitForRequest((r) => r.method() === 'POST').then(() => Date.now());
		await governor.click('[data-button=PAUSE]');
		const clicked = await asked; // when the browser sent it: what comes before is the test's own
		await both(says(family, 'status', /^Staff have paused the visit\. The time is not counted\.$/),
			says(terminal, 'status', /^Staff have paused the visit/));
		await new Promise((done) => setTimeout(done, 1500));
		const sent = packets.times();
		assert.ok(sent.filter((at) => at > clicked - 500 && at < clicked).length > 20, 'packets went out before');
		const last = Math.max(...sent);
		t.diagnostic(`the last packet left ${Math.round(last - clicked)} ms after the click`);
		assert.ok(last <= clicked + PAUSE_WITHIN_MS, `a packet left ${last - clicked} ms after the click`);
		assert.deepEqual(await both(shown(family), shown(terminal)), [null, null]);
		await look(family, 'oversight-paused', { again: true });
		await governor.click('[data-button=RESUME]');
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
	});
	await step('both ends see that staff watch before the first packet reaches the desk', async (t) => {
		await officer.goto(`${server.base}/staff/desk`);
		await look(officer, 'oversight-desk-purpose');
		await officer.fill('input[name=words]', 'My visits this afternoon');
		await both(noteWatched(family), noteWatched(terminal));
		const first = firstPacket(officer);
		const begun = Date.now();
		await officer.click('.pvl-desk__purpose button[type=submit]');
		const at = await first;
		const [a, b] = await both(...[family, terminal].map((page) => page.evaluate(() => globalThis.watchedAt)));
		t.diagnostic(`shown after ${a - begun} and ${b - begun} ms, first packet after ${at - begun} ms`);
		assert.ok(a > 0 && b > 0 && a <= at && b <= at, `${a} ${b} ${at}`);
		await until('two pictures on the desk', async () => (await officer.locator('.pvl-person__picture--shown').count()) === 2, 15_000);
		await look(officer, 'oversight-desk');
		const silent = () => officer.evaluate(() => [...document.querySelectorAll('.pvl-tile video')].map((v) => v.muted));
		assert.deepEqual(await silent(), [false, false], 'the chosen visit is heard');
		await officer.keyboard.press('m');
		assert.deepEqual(await silent(), [true, true]);
	});
	await step('keys act: P pauses, and P lets it go on', async () => {
		await officer.locator('[data-action=choose]').first().focus();
		await officer.keyboard.press('p');
		await says(family, 'status', /^Staff have paused/);
		await until('the desk says so', () => officer.locator('[data-button=RESUME]').isVisible());
		await officer.keyboard.press('p');
		await both(sees(family, PRISONER), sees(terminal, VISITOR));
	});
	await step('a warning is shown at both ends until it is read', async () => {
		await officer.click('.pvl-desk__panel summary');
		await officer.selectOption('select[name=warning]', '3');
		await officer.click('[data-acts-path=warn] button');
		await both(says(family, 'warning-text', /stay where the camera can see you/), says(terminal, 'warning-text', /stay where/));
		await look(family, 'oversight-warning', { again: true });
		await family.click('[data-action=acknowledge]');
		await until('it is gone', async () => !(await family.locator('[data-slot=warning]').isVisible()));
		assert.ok(await terminal.locator('[data-slot=warning]').isVisible());
	});
	await step('the family asks staff to look, and the desk shows it', async () => {
		await family.click('[data-action=report]');
		await says(family, 'said', /Staff have been asked/);
		await until('the flag', async () => /Asks staff to look/.test(await officer.locator('.pvl-tile__flags').textContent()));
	});
	await step('an incident is written down, decided by a second person, told, and can be appealed', async () => {
		await officer.goto(`${server.base}/staff/visits/${reference}/incident`);
		await look(officer, 'oversight-incident-new');
		await officer.check('input[value=RECORDING]');
		await officer.check('input[value=MEDIUM]');
		await officer.fill('textarea[name=evidence]', 'A telephone was held to the screen.');
		await officer.click('main form button[type=submit]');
		await officer.waitForURL(/\/staff\/incidents\/\d+/);
		const path = new URL(officer.url()).pathname;
		await governor.goto(server.base + path);
		await look(governor, 'oversight-incident');
		await governor.check('input[value=WARNING]');
		await governor.fill('textarea[name=follow_up]', 'Seen by two officers.');
		await governor.fill('textarea[name=told]', 'Please do not record your visits.');
		await both(governor.waitForURL(/done=incident_decided/), governor.click('main form button[type=submit]'));
		await look(governor, 'oversight-incident-decided', { again: true });
		await governor.goto(`${server.base}/staff/visits/${reference}/oversight`);
		await look(governor, 'oversight-record');
		await governor.goto(`${server.base}/staff/officers`);
		await look(governor, 'oversight-officers');
		await family.goto(`${server.base}/visits/${reference}`);
		await look(family, 'oversight-told');
		await family.click('a[href*="/appeal/"]');
		await look(family, 'oversight-appeal');
	});
	await step('no page complained', () => {
		const errors = opened.flatMap((o) => o.said).filter((line) => line.startsWith('error:'));
		assert.deepEqual(errors.filter((line) => !/Failed to load resource/.test(line)), []);
	});
});
