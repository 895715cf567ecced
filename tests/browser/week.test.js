/*
 * week.test.js - a week as four people live it, in English and in Welsh: a visitor is approved, a
 * visit booked, seen at the terminal and held at another time; the prison changes a rule, sees which
 * visits it touches, and staff decide on them; a visit takes place or nobody comes; the account is
 * right, and the next week is on offer.  The clock is a lab's and is put forward (lab_clock.h).
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium, until } from './browsers.js';
import { look, signIn } from './look.js';
import { ask, startServer } from './server.js';

const DESK = { viewport: { width: 1280, height: 900 }, permissions: ['camera', 'microphone'] };
const PHONE = { viewport: { width: 375, height: 740 } };
const PRISONER = 'A1234BC';
const DAY_S = 86_400;
const PAGE_MS = 20_000;

const main = (page) => page.innerText('main');
const panel = (page) => page.evaluate(() => document.querySelector('[data-panel]:not([hidden])')?.dataset.panel ?? '');
const submit = (page) => Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);

/** Opens every day of the list of times. */
const unfold = (page) => page.evaluate(() => document.querySelectorAll('main details').forEach((day) => { day.open = true; }));

/** The world of one language: who takes part, and how far the clock is. */
class Week {
	constructor(server, lang) {
		this.server = server;
		this.lang = lang;
		this.ahead = 0;
	}

	async pass(seconds) {
		this.ahead += Math.ceil(seconds);
		const answer = await fetch(`${this.server.base}/lab/clock`, { method: 'POST',
			headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ahead_s: this.ahead }) });
		assert.equal(answer.status, 200, await answer.text());
	}

	now() {
		return Math.floor(Date.now() / 1000) + this.ahead;
	}

	/** Everybody is signed out meanwhile; the page is in their language again. */
	async enter(page, path, email) {
		await signIn(page, this.server, path, email);
		if (await page.evaluate(() => document.documentElement.lang) !== this.lang)
			await Promise.all([page.waitForNavigation(), page.locator(`.pvl-language a[hreflang=${this.lang}], .pvl-language button`).first().click()]);
		assert.equal(await page.evaluate(() => document.documentElement.lang), this.lang, page.url());
	}

	async open(page, path) {
		await page.goto(this.server.base + path);
		assert.equal(await page.evaluate(() => document.documentElement.lang), this.lang, path);
	}

	visit(reference) {
		return ask(this.server, `SELECT * FROM visit WHERE reference = '${reference}' AND end_kind <> 'MOVED' ORDER BY booked_at DESC LIMIT 1`)[0];
	}

	/** What is left of the prisoner's minutes in the month of that time, by the ledger. */
	left(at) {
		const month = new Date(at * 1000);
		const [row] = ask(this.server, `SELECT COALESCE(SUM(amount), 0) AS left FROM ledger_entry e JOIN prisoner p ON p.id = e.prisoner
			WHERE p.number = '${PRISONER}' AND e.kind = 'VIDEO' AND e.month = ${month.getUTCFullYear() * 12 + month.getUTCMonth()}`);
		return row.left;
	}
}

/** The family registers somebody and asks; staff who approve contacts say yes. */
async function approve(week, family, contacts, name) {
	await week.enter(family, '/sign-in', 'amina@family.example');
	await family.click('a[href^="/people/new"]');
	await family.fill('[name=name]', name);
	for (const [part, value] of Object.entries({ day: 4, month: 5, year: 1961 }))
		await family.fill(`[name=born-${part}]`, String(value));
	const relationship = family.locator('[name=relationship]');
	if (await relationship.locator('option').count() > 0)
		await relationship.selectOption({ index: 2 });
	else
		await relationship.fill('friend');
	await submit(family);
	await week.enter(contacts, '/staff/sign-in', 'contacts@wandsworth.example');
	await week.open(contacts, '/staff/approvals');
	await contacts.locator('main a', { hasText: name }).first().click();
	await contacts.check('input[name=decision][value=approve]');
	const seen = contacts.locator('input[name=seen]');
	if (await seen.count() > 0)
		await seen.check();
	await submit(contacts);
	const [row] = ask(week.server, `SELECT c.state FROM contact c JOIN person p ON p.id = c.person WHERE p.name = '${name}'`);
	assert.equal(row?.state, 'APPROVED');
}

/** Books the first time on the last day shown for two people. */
async function book(week, family, names) {
	await week.open(family, '/book');
	await family.locator('main input[type=radio]').first().check();
	await submit(family);
	for (const name of names)
		await family.locator('main label', { hasText: name }).first().click();
	await submit(family);
	await look(family, `week-${week.lang}-times`, { again: true });
	const chosen = await family.locator('input[name=time]').first().getAttribute('value');
	await unfold(family);
	await family.locator('input[name=time]').first().check();
	await submit(family);
	await submit(family);
	const [, reference] = /\/visits\/(\w+)\/booked/.exec(family.url());
	assert.equal(String(week.visit(reference).start_at), chosen.split('-')[0]);
	return reference;
}

/** What the prisoner sees with the PIN. */
async function prisonerLooks(week, terminal, pin, wanted) {
	await terminal.bringToFront();
	await until('nothing is due', async () => (await panel(terminal)) === 'idle', PAGE_MS);
	await terminal.click('[data-action="own-open"]');
	await terminal.fill('#own-number', PRISONER);
	await terminal.fill('#own-pin', pin);
	await terminal.click('[data-slot="own-form"] button[type=submit]');
	await until('the screen is theirs', async () => (await panel(terminal)) === 'own', PAGE_MS);
	const said = await terminal.innerText('[data-panel="own"]');
	await look(terminal, `week-${week.lang}-own`, { again: true });
	await terminal.click('[data-action="own-leave"]');
	await until('it is nobody’s again', async () => (await panel(terminal)) === 'idle', PAGE_MS);
	assert.match(said, wanted);
}

/** The same visit at a later time, all else as before. */
async function hold(week, family, reference) {
	const before = week.visit(reference);
	await week.open(family, `/visits/${reference}/move`);
	const values = await family.locator('input[name=time]').evaluateAll((all) => all.map((one) => one.value));
	const later = values.findLast((value) => Number(value.split('-')[0]) !== before.start_at);
	await unfold(family);
	await family.check(`input[name=time][value="${later}"]`);
	await submit(family);
	const after = week.visit(reference);
	assert.notEqual(after.start_at, before.start_at);
	assert.equal(after.state, 'BOOKED');
	return after;
}

/** Changes a rule; the page says first whom it touches, and nothing is so before it is confirmed. */
async function changeRule(week, admin, name, value, touched) {
	const rows = () => ask(week.server, `SELECT COUNT(*) AS n FROM prison_policy WHERE name = '${name}' AND prison = 'WWI'`)[0].n;
	const before = rows();
	await week.open(admin, `/staff/rules/${name}`);
	await admin.fill('input[name=value]', String(value));
	await admin.fill('textarea[name=reason]', 'A test of a week');
	await submit(admin);
	await look(admin, `week-${week.lang}-rule`, { again: true });
	assert.equal(rows(), before, 'a preview changes nothing');
	assert.equal(await admin.locator('main table tbody tr', { hasText: touched }).count() > 0, true, await main(admin));
	await submit(admin);
	assert.equal(rows(), before + 1);
}

/** The clerk finds the visit in the queue, and it stays, with a reason. */
async function review(week, clerk, reference) {
	await week.enter(clerk, '/staff/sign-in', 'clerk@wandsworth.example');
	const open = () => ask(week.server, `SELECT CAST(r.id AS TEXT) AS id FROM visit_review r JOIN visit v ON v.id = r.visit WHERE v.reference = '${reference}' AND r.state = 'OPEN'`);
	assert.equal(open().length, 1, 'the new rule flagged it');
	await week.open(clerk, `/staff/reviews/${open()[0].id}`);
	await look(clerk, `week-${week.lang}-review`, { again: true });
	await clerk.fill('textarea[name=reason]', 'They were told last week.');
	await submit(clerk);
	assert.equal(open().length, 0);
	assert.equal(week.visit(reference).state, 'BOOKED', 'a rule calls nothing off');
}

async function newPages(browser, count, options) {
	return Promise.all(Array.from({ length: count }, async () => (await browser.newContext(options)).newPage()));
}

async function wholeWeek(t, lang, port) {
	const server = await startServer(port);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const week = new Week(server, lang);
	const [contacts, admin, clerk, terminal] = await newPages(browser, 4, DESK);
	const [family] = await newPages(browser, 1, PHONE);
	for (const page of [contacts, admin, clerk, terminal, family])
		page.setDefaultTimeout(PAGE_MS);
	const visitor = lang === 'cy' ? 'Gwen Okoro' : 'Ruth Okoro';
	const step = (name, run) => t.test(name, { timeout: 60_000 }, run);
	let pin, reference, visit;

	await step('a terminal is set up, and the prisoner has a PIN', async () => {
		await week.enter(admin, '/staff/sign-in', 'admin@wandsworth.example');
		await week.open(admin, '/staff/terminals');
		await admin.locator('main tr', { hasText: /Terminal 2|Terfynell 2/ }).locator('form button').first().click();
		const code = await admin.innerText('.pvl-code h2');
		await week.open(admin, `/staff/people/${PRISONER}/pin`);
		await submit(admin);
		pin = await admin.innerText('.pvl-code h1');
		await terminal.goto(`${server.base}/terminal${lang === 'cy' ? '?language=cy' : ''}`);
		await terminal.fill('input[name=code]', code);
		await terminal.click('form[data-slot=form] button');
		await until('nothing is due', async () => (await panel(terminal)) === 'idle', PAGE_MS);
	});
	await step('a visitor is approved', () => approve(week, family, contacts, visitor));
	await step('the family books for two', async () => {
		reference = await book(week, family, ['Amina Okoro', visitor]);
		visit = week.visit(reference);
		assert.equal(visit.state, 'BOOKED');
	});
	await step('the prisoner sees the visit and what it leaves', () =>
		prisonerLooks(week, terminal, pin, new RegExp(`Amina Okoro|${visitor}`)));
	await step('the family holds it at another time', async () => {
		visit = await hold(week, family, reference);
	});
	await step('a new rule shows which visits it touches, and staff decide on them', async () => {
		await changeRule(week, admin, 'party_max', 1, 'Daniel Okoro');
		await review(week, clerk, reference);
	});
	await step('nobody comes: the visit ends, and costs nothing', async () => {
		const before = week.left(visit.start_at);
		await week.pass(visit.start_at - week.now() + 3600);
		await until('the visit is over', () => {
			const { state } = week.visit(reference);
			return state === 'NO_SHOW' || Promise.reject(new Error(state));
		}, PAGE_MS);
		assert.equal(week.visit(reference).end_kind, 'BOTH_ABSENT');
		assert.equal(week.left(visit.start_at), before + visit.minutes);
		await week.enter(family, '/sign-in', 'amina@family.example');
		await week.open(family, `/visits/${reference}`);
		assert.match(await main(family), new RegExp(`\\b${visit.minutes}\\b`));
		await look(family, `week-${lang}-over`, { again: true });
	});
	await step('the next week is on offer, by the rule that holds now', async () => {
		await week.pass(7 * DAY_S);
		await week.enter(family, '/sign-in', 'amina@family.example');
		reference = await book(week, family, [visitor]);
		assert.ok(week.visit(reference).start_at > visit.start_at);
		await week.enter(clerk, '/staff/sign-in', 'clerk@wandsworth.example');
		const day = new Date(week.visit(reference).start_at * 1000).toISOString().slice(0, 10);
		await week.open(clerk, `/staff?date=${day}`);
		assert.match(await main(clerk), /Daniel Okoro/);
	});
}

for (const [lang, port] of [['en', 960], ['cy', 980]])
	test(`a whole week, ${lang}`, { timeout: 240_000 }, (t) => wholeWeek(t, lang, Number(process.env.PVL_PORT ?? 43100) + port));
