/*
 * welsh.test.js - a visit in Welsh: the language is chosen on the start page and stays through
 * signing in, booking and the visit; the prisoner chooses at the terminal, staff on their pages.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium, openPage, until } from './browsers.js';
import { look, signIn } from './look.js';
import { startServer } from './server.js';

const PRISONER = 1;
const VISITOR = 2;

const langOf = (page) => page.evaluate(() => document.documentElement.lang);
const textOf = (page, selector) => page.locator(selector).first().innerText();
const mediaOf = (page) => page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media ?? '');

async function inWelsh(page, heading) {
	assert.equal(await langOf(page), 'cy', page.url());
	assert.equal(await textOf(page, 'h1'), heading);
}

/** Chooses the first of what the page offers and goes on. */
async function chooseFirst(page, kind) {
	await page.locator(`input[type=${kind}]`).first().check();
	await Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);
}

const says = (page, slot, pattern) => until(`${slot} says ${pattern}`, () =>
	page.evaluate((slot) => document.querySelector(`[data-slot=${slot}]`)?.textContent ?? '', slot).then((text) => pattern.test(text)), 15_000);

test('a visit in Welsh', { timeout: 180_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 300);
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(server.said)[1];
	const opened = await Promise.all([
		openPage('chromium', VISITOR), openPage('chromium', PRISONER), openPage('chromium', 3),
	]);
	const [family, terminal, staff] = opened.map((o) => o.page);
	t.after(async () => {
		await Promise.all(opened.map((o) => o.browser.close()));
		await server.stop();
	});
	const step = (name, run) => t.test(name, { timeout: 60_000 }, run);

	await step('without script the link changes the language and keeps the page', async () => {
		const browser = await openChromium(4);
		const context = await browser.newContext({ javaScriptEnabled: false });
		const page = await context.newPage();
		await page.goto(`${server.base}/prisons/CFI?x=1`);
		await page.click('a[hreflang=cy]');
		assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/prisons/CFI?x=1');
		assert.match(await textOf(page, 'h1'), /Carchar Caerdydd/);
		const [cookie] = (await context.cookies()).filter((c) => c.name === 'pvl-language');
		assert.deepEqual([cookie.value, cookie.httpOnly, cookie.sameSite, cookie.path], ['cy', true, 'Lax', '/']);
		await browser.close();
	});
	await step('the language is chosen on the start page', async () => {
		await family.goto(server.base);
		await look(family, 'language-start-english');
		await family.click('a[hreflang=cy]');
		await inWelsh(family, 'Ymweld â rhywun yn y carchar drwy fideo');
		await look(family, 'welsh-start');
		for (const path of ['prisons/HBI', 'device-check', 'help', 'account/new', 'sign-in']) {
			await family.goto(`${server.base}/${path}`);
			assert.equal(await langOf(family), 'cy');
			await look(family, `welsh-${path.replace('/', '-')}`, { again: true });
		}
	});
	await step('the account takes the choice along', async () => {
		await signIn(family, server, '/sign-in', 'amina@family.example');
		await inWelsh(family, 'Eich ymweliadau');
		await look(family, 'welsh-home');
		const cookies = await family.context().cookies();
		assert.deepEqual(cookies.filter((c) => c.name === 'pvl-language'), []);
	});
	await step('a visit is booked in Welsh', async () => {
		await family.goto(`${server.base}/book`);
		await chooseFirst(family, 'radio');
		await inWelsh(family, 'Pwy fydd ar yr alwad?');
		await family.click('main form button[type=submit]');
		await family.waitForSelector('.govuk-error-summary');
		await look(family, 'welsh-book-mistake');
		await chooseFirst(family, 'checkbox');
		await inWelsh(family, 'Dewis amser');
		await look(family, 'welsh-book-time');
		await chooseFirst(family, 'radio');
		await inWelsh(family, 'Gwiriwch eich atebion cyn archebu');
		await look(family, 'welsh-book-check');
		await Promise.all([family.waitForNavigation(), family.click('main form button[type=submit]')]);
		await inWelsh(family, 'Ymweliad wedi’i archebu');
		await look(family, 'welsh-booked');
		const calendar = await family.evaluate(async () => {
			const link = document.querySelector('a[download]');
			return (await fetch(link.href)).text();
		});
		assert.match(calendar, /SUMMARY:Ymweliad fideo/);
	});
	await step('the prisoner chooses at the terminal', async () => {
		await terminal.goto(`${server.base}/terminal`);
		await terminal.fill('input[name=code]', code);
		await terminal.click('form[data-slot=form] button');
		await terminal.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 10_000 });
		assert.match(await textOf(terminal, '[data-slot=greeting]'), /^Hello Daniel/);
		await Promise.all([terminal.waitForNavigation(), terminal.click('a[hreflang=cy]')]);
		await terminal.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 10_000 });
		assert.equal(await langOf(terminal), 'cy');
		assert.match(await textOf(terminal, '[data-slot=greeting]'), /^Helo Daniel/);
		await look(terminal, 'welsh-terminal-due');
		/* It is the prisoner's from now on, not the screen's. */
		await terminal.goto(`${server.base}/terminal`);
		await terminal.waitForURL(`${server.base}/terminal?language=cy`, { timeout: 10_000 });
		await terminal.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 10_000 });
	});
	await step('staff choose on their pages', async () => {
		await signIn(staff, server, '/staff/sign-in', 'monitor@wandsworth.example');
		await staff.goto(`${server.base}/staff/live`);
		await Promise.all([staff.waitForNavigation(), staff.click('.pvl-language button')]);
		assert.equal(new URL(staff.url()).pathname, '/staff/live');
		await inWelsh(staff, 'Ymweliadau nawr');
		await staff.goto(`${server.base}/staff`);
		await look(staff, 'welsh-staff-day');
	});
	await step('the visit is in Welsh on all three sides', async () => {
		await family.goto(`${server.base}/visits/${reference}/room`);
		await says(family, 'status', /^Gallwch ymuno nawr/);
		await family.click('[data-action=join]');
		await says(family, 'status', /ystafell aros/);
		await look(family, 'welsh-room-lobby');
		await family.setViewportSize({ width: 320, height: 640 });
		const [words, self] = await family.evaluate(() => ['status', 'self'].map((slot) => document.querySelector(`[data-slot=${slot}]`).getBoundingClientRect().toJSON()));
		assert.ok(self.top >= words.bottom, 'the own picture covers no words');
		await terminal.click('[data-action=begin]');
		await until('media stands', async () => (await mediaOf(terminal)) === 'connected');
		assert.equal(await terminal.isVisible('.pvl-language'), false, 'nobody leaves the call by the toggle');
		await staff.goto(`${server.base}/staff/visits/${reference}/watch`);
		await says(staff, 'status', /^Rydych yn gwylio/);
		await says(family, 'watched', /Mae staff y carchar yn gwylio/);
		await look(staff, 'welsh-staff-watch');
		for (let left = 5; left > 0 && await staff.locator('form[action$="/admit"] button').count() > 0; left--)
			await Promise.all([staff.waitForNavigation(), staff.locator('form[action$="/admit"] button').first().click()]);
		await says(family, 'status', /^Rydych wedi’ch cysylltu\. Ar yr alwad: Daniel Okoro/);
		await says(family, 'clock', /^\d+ munud ar ôl$/);
		await says(terminal, 'clock', /^\d+ munud ar ôl$/);
		await look(family, 'welsh-room-live');
		await look(terminal, 'welsh-terminal-live');
		await staff.goto(`${server.base}/staff`);
		await says(staff, 'clock', /^\d+ o \d+ munud$/);
		await look(staff, 'welsh-staff-day-live');
	});
	await step('after it the terminal is in the language of the screen again', async () => {
		await family.click('[data-action=leave]');
		await says(family, 'why', /Rydych wedi gadael yr ymweliad/);
		await look(family, 'welsh-room-over');
		await terminal.click('[data-action=leave]');
		await says(terminal, 'why', /Rydych wedi gadael yr ymweliad/);
	});
	await step('no page complained', () => {
		const errors = opened.flatMap((o) => o.said).filter((line) => line.startsWith('error:'));
		assert.deepEqual(errors.filter((line) => !/Failed to load resource/.test(line)), []);
	});
});
