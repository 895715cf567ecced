/*
 * legal.test.js - lawyers book for themselves.  What one gives up another is offered: by message,
 * accepted on a phone and by keyboard, without signing in; staff see why other times are not free.
 * A lawyer moves a visit to another time, on a phone and by keyboard alone; it keeps its first moment.
 * And a legal visit with an interpreter, whom staff admit by name and nobody watches: whoever is
 * revoked is out of it, and of their sessions, at once, and the prison reads why.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium, openPage, until } from './browsers.js';
import { BARRISTER, CLIENTS, INTERPRETER, SOLICITOR, askEarlier, dayIn, findTimes, offerAtAnyHour, send, setRule, takeTime } from './lawyers.js';
import { look, signIn } from './look.js';
import { ask, startServer } from './server.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 620;
const DESK = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' };
const PHONE = { viewport: { width: 375, height: 812 }, locale: 'en-GB', hasTouch: true, isMobile: true };

/** Somebody who has signed in, in a context of their own. */
async function openAs(browser, server, email, { door = '/sign-in', where = DESK } = {}) {
	const page = await (await browser.newContext(where)).newPage();
	await signIn(page, server, door, email);
	return page;
}

const staff = (browser, server, name) => openAs(browser, server, `${name}@wandsworth.example`, { door: '/staff/sign-in' });

/** Wandsworth has one terminal, and one hour a day from tomorrow on: a time that is taken is taken. */
async function makeScarce(server, admin) {
	await admin.goto(`${server.base}/staff/sessions/exclude`);
	await admin.fill('input[name=day]', dayIn(0).slice(0, 2).join('/'));
	await admin.check('input[name=session] >> nth=0');
	await admin.fill('textarea[name=reason]', 'Training');
	await send(admin);
	await send(admin, 'main form[action^="/staff/sessions/exclude"] button[type=submit]');
	await admin.goto(`${server.base}/staff/sessions`);
	await send(admin, 'main td a[href^="/staff/sessions/"]');
	await admin.fill('input[name=start]', '10am');
	await admin.fill('input[name=end]', '11am');
	await admin.fill('input[name=from]', dayIn(1).slice(0, 2).join('/'));
	await admin.fill('textarea[name=reason]', 'Short of staff');
	await send(admin);
	await send(admin, 'main form button:has-text("Save")');
	const [{ id }] = ask(server, "SELECT CAST(id AS TEXT) AS id FROM terminal WHERE prison = 'WWI' ORDER BY name DESC LIMIT 1");
	await admin.goto(`${server.base}/staff/terminals/${id}/retire`);
	await admin.fill('textarea[name=reason]', 'It is being repaired');
	await send(admin);
	await offerAtAnyHour(admin, server);
}

/** The message that offers a time, as the mailbox of the demonstration shows it: its link. */
async function findOffer(server, page) {
	const message = 'main a:has-text("A time for a video visit is free")';
	await until('the message is there', async () => {
		await page.goto(`${server.base}/mailbox`);
		return await page.locator(message).count() > 0;
	}, 120_000, 1000);
	await send(page, message);
	return /\/offers\/\d+\/[0-9a-f]{32}/.exec(await page.textContent('main pre'))[0];
}

const startOf = (server, reference) => ask(server, `SELECT start_at, state FROM visit WHERE reference = '${reference}' ORDER BY state = 'BOOKED' DESC`)[0];

test('a lawyer is offered what another gives up, and takes it on a phone', { timeout: 240_000 }, async (t) => {
	const server = await startServer(PORT);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	await makeScarce(server, await staff(browser, server, 'admin'));
	const barrister = await openAs(browser, server, BARRISTER);
	const solicitor = await openAs(browser, server, SOLICITOR, { where: PHONE });
	let given, kept;

	await t.test('each finds the earliest time for a client, and books it', async () => {
		const times = await findTimes(barrister, server, CLIENTS.reed);
		assert.ok(times.length > 1, times.join());
		await look(barrister, 'legal-times');
		given = await takeTime(barrister);
		const left = await findTimes(solicitor, server, CLIENTS.okoro);
		assert.ok(!left.includes(times[0]) && times.includes(left[0]), `${left[0]} after ${times[0]}`);
		kept = await takeTime(solicitor);
		await look(solicitor, 'legal-booked');
	});
	await t.test('she asks for an earlier time, and keeps hers', async () => {
		await askEarlier(solicitor);
		await look(solicitor, 'legal-waiting');
	});
	await t.test('staff see why the time of the other is not free', async () => {
		const clerk = await staff(browser, server, 'clerk');
		const [{ prisoner, person, day }] = ask(server, `SELECT CAST(v.prisoner AS TEXT) AS prisoner, CAST(w.person AS TEXT) AS person,
			date((SELECT start_at FROM visit WHERE reference = '${given}'), 'unixepoch') AS day
			FROM visit v JOIN visit_visitor w ON w.visit = v.id WHERE v.reference = '${kept}'`);
		await clerk.goto(`${server.base}/staff/prisoners/${prisoner}/times/LEGAL-${person}?date=${day}`);
		await look(clerk, 'legal-times-staff');
		assert.match(await clerk.textContent('main'), /Every terminal that may be used is taken then/);
		await clerk.goto(`${server.base}/staff/waits`);
		assert.match(await clerk.textContent('main'), /Daniel Okoro[^]*Miriam Hale/);
	});
	await t.test('he cancels: she has a message, and takes the time by keyboard', async (t) => {
		await barrister.goto(`${server.base}/visits/${given}/cancel`);
		await send(barrister);
		const began = Date.now();
		const phone = await (await browser.newContext(PHONE)).newPage(); // the message may be read anywhere
		const path = await findOffer(server, phone);
		t.diagnostic(`the message was there after ${((Date.now() - began) / 1000).toFixed(1)} s`);
		const before = startOf(server, kept);
		await phone.goto(server.base + path);
		await look(phone, 'offer-open');
		for (let steps = 0; steps < 40 && await phone.evaluate(() => document.activeElement.value) !== 'accept'; steps++)
			await phone.keyboard.press('Tab');
		await Promise.all([phone.waitForEvent('framenavigated'), phone.keyboard.press('Enter')]);
		await phone.waitForSelector('h1:has-text("This time is yours")');
		await look(phone, 'offer-accepted');
		const now = startOf(server, kept);
		assert.equal(now.start_at, startOf(server, given).start_at);
		assert.ok(now.start_at < before.start_at, 'it is earlier');
		await phone.goto(server.base + path);
		assert.equal(await phone.locator('main button[value=accept]').count(), 0, 'it is answered once');
	});
});

/* ---- another time ---- */

/** By the keyboard alone: tabs until what has the focus is that, and presses a key there. */
async function press(page, what, key = 'Enter') {
	for (let steps = 0; steps < 80; steps++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate((selector) => document.activeElement.matches(selector), what))
			return page.keyboard.press(key);
	}
	throw new Error(`nothing like ${what} can be reached by Tab`);
}

async function pressOn(page, what) {
	await Promise.all([page.waitForEvent('framenavigated'), press(page, what)]);
	await page.waitForLoadState('load');
}

test('a lawyer moves a visit to another time, by keyboard on a phone', { timeout: 240_000 }, async (t) => {
	const server = await startServer(PORT + 40);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const solicitor = await openAs(browser, server, SOLICITOR, { where: PHONE });
	let visit, before, chosen;
	const asked = () => ask(server, `SELECT w.asked_at, w.state FROM waiting w WHERE w.reference = '${visit}'`);
	const told = (kind) => ask(server, `SELECT a.email FROM message m JOIN account a ON a.id = m.account JOIN visit v ON v.id = m.object
		WHERE m.kind = '${kind}' AND v.reference = '${visit}' ORDER BY a.email`).map(({ email }) => email);

	await t.test('the page of the visit leads to other times', async () => {
		await findTimes(solicitor, server, CLIENTS.reed, [INTERPRETER]);
		visit = await takeTime(solicitor);
		before = { ...startOf(server, visit), asked: asked() };
		await pressOn(solicitor, `a[href="/visits/${visit}/move"]`);
		await look(solicitor, 'legal-move');
		const times = await solicitor.locator('main input[name=time]').evaluateAll((all) => all.map((one) => one.value));
		assert.ok(times.length > 1 && times.every((value) => Number(value.split('-')[0]) !== before.start_at), times.join());
	});
	await t.test('the next week is a link away', async () => {
		await pressOn(solicitor, 'a[rel=next]');
		const first = await solicitor.locator('main input[name=time]').first().getAttribute('value');
		assert.ok(Number(first.split('-')[0]) > before.start_at + 5 * 86_400, first);
		await look(solicitor, 'legal-move-later', { again: true });
		await pressOn(solicitor, 'a[rel=prev]');
	});
	await t.test('a time is chosen and checked: nothing is moved yet', async () => {
		await solicitor.goto(`${server.base}/visits/${visit}/move`);
		await press(solicitor, 'main input[name=time]:checked', 'ArrowDown');
		chosen = Number((await solicitor.locator('main input[name=time]:checked').getAttribute('value')).split('-')[0]);
		await pressOn(solicitor, 'main form button[type=submit]');
		await look(solicitor, 'legal-move-check');
		assert.equal(startOf(server, visit).start_at, before.start_at);
	});
	await t.test('it is moved: same reference, same first moment, and each is told once', async () => {
		await pressOn(solicitor, 'main button[name=take]');
		assert.match(solicitor.url(), new RegExp(`/visits/${visit}\\?done=moved`));
		await look(solicitor, 'legal-moved');
		assert.deepEqual(startOf(server, visit), { start_at: chosen, state: 'BOOKED' });
		assert.deepEqual(asked(), before.asked);
		assert.deepEqual(told('MOVED'), [INTERPRETER, SOLICITOR]);
		assert.deepEqual(told('CANCELLED'), []);
		const calendar = await (await solicitor.request.get(`${server.base}/visits/${visit}/calendar.ics`)).text();
		assert.match(calendar, /SEQUENCE:1\r?\n/);
	});
	await t.test('the prison has it at the new time alone', async () => {
		const clerk = await staff(browser, server, 'clerk');
		await clerk.goto(`${server.base}/staff/waits`);
		assert.match(await clerk.textContent('main'), /Miriam Hale/);
		const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
		for (const [at, there] of [[chosen, true], [before.start_at, day.format(chosen * 1000) === day.format(before.start_at * 1000)]]) {
			await clerk.goto(`${server.base}/staff/movements?date=${day.format(at * 1000)}`);
			assert.equal((await clerk.textContent('main')).includes('Reed'), there, `${at}`);
		}
	});
});

/* ---- a visit with an interpreter ---- */

const PRISONER = 1;
const LAWYER = 2;
const HELPER = 4;
/* The limit of the service is five seconds; a page on a busy machine may draw it later. */
const OUT_WITHIN_MS = 15_000;

/** Whom this page shows now, in the order of their numbers. */
const company = (page) => page.evaluate(() => [...document.querySelectorAll('.pvl-person__picture--shown')]
	.map((video) => globalThis.readPicture(video)?.who).filter(Boolean).sort());

async function seesAll(page, whom) {
	const wanted = JSON.stringify(whom);
	await until(`sees ${wanted}`, async () => {
		const now = JSON.stringify(await company(page));
		return now === wanted || Promise.reject(new Error(`${now} ${await page.textContent('[data-slot=status]')}`));
	}, 30_000, 100);
}

const over = (page) => until('the page is over', async () =>
	await page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.phase) === 'over' && await page.textContent('[data-slot=why]'), OUT_WITHIN_MS, 50);

/** Into the room of the visit from where the page stands, alone at the device. */
async function join(page) {
	if (new URL(page.url()).pathname.endsWith('/people')) {
		for (const box of await page.locator('input[type=checkbox]:checked').all())
			await box.uncheck();
		await send(page);
	}
	await page.waitForURL(/\/room$/);
	await page.click('[data-action=join]');
	await until('media stands', async () => await page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media) === 'connected', 30_000);
}

/** The terminal of that visit, enrolled with a code that the prison makes for it. */
async function enrolTerminal(server, admin, terminal, reference) {
	const [{ id }] = ask(server, `SELECT CAST(terminal AS TEXT) AS id FROM visit WHERE reference = '${reference}'`);
	await admin.goto(`${server.base}/staff/terminals`);
	await send(admin, `main form[action="/staff/terminals/${id}/code"] button`);
	const code = await admin.innerText('.pvl-code h2');
	await terminal.goto(`${server.base}/terminal`);
	await terminal.fill('input[name=code]', code);
	await terminal.click('form[data-slot=form] button');
	await terminal.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 30_000 });
}

/** Says no to a professional on the page of those, with a reason. */
async function revoke(governor, server, name, reason) {
	await governor.goto(`${server.base}/staff/professionals`);
	await send(governor, `main a:has-text("Revoke ${name}")`);
	await governor.fill('textarea[name=reason]', reason);
	await send(governor);
	assert.match(governor.url(), /done=professional_ended/);
}

test('an interpreter joins a legal visit; whoever is revoked is out of it', { timeout: 240_000 }, async (t) => {
	const server = await startServer(PORT + 20);
	const opened = await Promise.all([PRISONER, LAWYER, HELPER].map((who) => openPage('chromium', who)));
	const [terminal, solicitor, interpreter] = opened.map((o) => o.page);
	const desk = await openChromium(3);
	t.after(async () => {
		await Promise.all([desk, ...opened.map((o) => o.browser)].map((browser) => browser.close()));
		await server.stop();
	});
	const [admin, clerk, governor] = await Promise.all(['admin', 'clerk', 'governor'].map((name) => staff(desk, server, name)));
	let visit;

	await t.test('she books a visit that begins now, and names the interpreter', async () => {
		await setRule(admin, server, 'legal_notice_minutes', '0');
		await signIn(solicitor, server, '/sign-in', SOLICITOR);
		await findTimes(solicitor, server, CLIENTS.reed, [INTERPRETER]);
		visit = await takeTime(solicitor);
		assert.match(await solicitor.textContent('main'), /Ida Novak/);
	});
	await t.test('both wait, and staff admit them by name: nobody is shown to staff', async () => {
		await solicitor.goto(`${server.base}/visits/${visit}/room`);
		await join(solicitor);
		await signIn(interpreter, server, '/sign-in', INTERPRETER);
		await look(interpreter, 'legal-interpreter-home');
		await send(interpreter, 'main a[href$="/room"]');
		await join(interpreter);
		await clerk.goto(`${server.base}/staff/visits/${visit}`);
		await look(clerk, 'legal-lobby-staff');
		assert.equal(await clerk.locator('video').count(), 0);
		for (const name of ['Miriam Hale', 'Ida Novak'])
			await send(clerk, `main form[action$="/admit"] button:has-text("${name}")`);
	});
	await t.test('the prisoner comes, and all three see each other', async () => {
		await enrolTerminal(server, admin, terminal, visit);
		await terminal.click('[data-action=begin]');
		await Promise.all([seesAll(terminal, [LAWYER, HELPER]), seesAll(solicitor, [PRISONER, HELPER]), seesAll(interpreter, [PRISONER, LAWYER])]);
		await until('it is live', () => startOf(server, visit).state === 'LIVE', 30_000);
	});
	await t.test('the interpreter is revoked: out of the visit and signed out, while it goes on', async (t) => {
		const tab = await interpreter.context().newPage();
		await tab.goto(`${server.base}/home`);
		await revoke(governor, server, 'Ida Novak', 'No longer on the register.');
		const { answer, ms } = await over(interpreter);
		t.diagnostic(`${ms} ms after the answer`);
		assert.match(answer, /No longer on the register/);
		await tab.reload();
		assert.equal(new URL(tab.url()).pathname, '/sign-in');
		await Promise.all([seesAll(terminal, [LAWYER]), seesAll(solicitor, [PRISONER])]);
		assert.equal(startOf(server, visit).state, 'LIVE');
	});
	await t.test('the lawyer is revoked: the visit ends, and the prison sees why', async (t) => {
		await revoke(governor, server, 'Miriam Hale', 'Struck off the roll.');
		const { ms } = await over(solicitor);
		t.diagnostic(`${ms} ms after the answer`);
		await until('the terminal is free', async () => (await company(terminal)).length === 0, OUT_WITHIN_MS);
		assert.equal(startOf(server, visit).state, 'COMPLETED');
		await clerk.goto(`${server.base}/staff/visits/${visit}`);
		assert.match(await clerk.textContent('main'), /Struck off the roll\./);
		await look(clerk, 'legal-revoked-staff');
		const answer = await solicitor.request.post(`${server.base}/api/v1/visits/${visit}/join`, { data: {} });
		assert.ok(answer.status() >= 400, `${answer.status()}`);
	});
});
