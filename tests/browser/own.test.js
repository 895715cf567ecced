/*
 * own.test.js - a prisoner at a terminal: a PIN from staff, their own visits and allowance, a request
 * that reaches the family, and a screen that keeps nothing.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium, until } from './browsers.js';
import { look, signIn } from './look.js';
import { askForContact, enrol, enter, freshCode, makePin, panel } from './prisoner.js';
import { startServer } from './server.js';

const DESK = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 375, height: 740 } };

test('a prisoner signs in at a terminal, asks, and leaves nothing', { timeout: 170_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 700);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const [terminal, staff] = await Promise.all([0, 1].map(async () => (await browser.newContext(DESK)).newPage()));
	terminal.setDefaultTimeout(10_000);
	const family = await (await browser.newContext(PHONE)).newPage();
	await signIn(staff, server, '/staff/sign-in', 'admin@wandsworth.example');
	await signIn(family, server, '/sign-in', 'amina@family.example');
	const code = await freshCode(staff, server);
	const pin = await makePin(staff, server, 'A1234BC', (name) => look(staff, name));

	await t.test('the terminal offers it while no visit is due', { timeout: 30_000 }, async () => {
		await enrol(terminal, server, code);
		await look(terminal, 'terminal-idle');
	});
	await t.test('a wrong PIN says nothing about why', { timeout: 30_000 }, async () => {
		await enter(terminal, 'A1234BC', pin === '000 000' ? '111111' : '000000');
		await until('it is refused', async () => /is not right/.test(await terminal.innerText('[data-own="problem"]')));
		const known = await terminal.innerText('[data-own="problem"]');
		assert.equal(await terminal.inputValue('#own-pin'), '');
		await look(terminal, 'terminal-own-in');
		await terminal.click('[data-action="own-back"]');
		await enter(terminal, 'Z9999ZZ', '123456');
		await until('it is refused', async () => (await terminal.innerText('[data-own="problem"]')) !== '');
		assert.equal(await terminal.innerText('[data-own="problem"]'), known);
		await terminal.click('[data-action="own-back"]');
	});
	await t.test('the right one shows visits, allowance and people', { timeout: 30_000 }, async () => {
		await enter(terminal, 'a1234bc', pin);
		await until('the screen is theirs', async () => (await panel(terminal)) === 'own');
		assert.match(await terminal.innerText('[data-panel="own"]'), /Hello Daniel[\s\S]*video minutes left this month[\s\S]*Amina Okoro/);
		await look(terminal, 'terminal-own');
	});
	await t.test('a request reaches the family, who may decline unseen', { timeout: 30_000 }, async () => {
		await terminal.locator('[data-own="people"] li', { hasText: 'Amina Okoro' }).locator('button').click();
		await until('it is sent', async () => /has been sent/.test(await terminal.innerText('[data-own="said"]')));
		await askForContact(terminal, 'Ruth Okoro', 'sister');
		await family.goto(`${server.base}/home`);
		assert.match(await family.innerText('main'), /Daniel Okoro would like a visit with Amina Okoro/);
		await look(family, 'family-asks');
		await family.click('a[href^="/asks/"]');
		await family.click('main form button[type=submit]');
		assert.match(await family.innerText('.govuk-error-summary'), /Choose what you would like/);
		await look(family, 'family-ask-decline');
		await family.check('input[value=now]');
		await family.click('main form button[type=submit]');
		await family.waitForURL(/done=ask_declined/);
		assert.doesNotMatch(await family.innerText('main'), /would like a visit/);
	});
	await t.test('in the prisoner’s own language', { timeout: 30_000 }, async () => {
		await terminal.click('.pvl-language a[hreflang=cy]');
		await until('it is Welsh', async () => /Helo Daniel/.test(await terminal.innerText('[data-own="hello"]')));
		assert.match(await terminal.innerText('[data-panel="own"]'), /Eich lwfans[\s\S]*Anfonwyd eich cais ymlaen/);
		await look(terminal, 'terminal-own-cy');
	});
	await t.test('nothing stays: on the screen, in fields, in storage', { timeout: 30_000 }, async () => {
		await terminal.click('[data-action="own-leave"]');
		await until('the screen is free', async () => (await panel(terminal)) === 'idle');
		const left = await terminal.evaluate(() => ({
			text: document.body.textContent, fields: [...document.querySelectorAll('input')].map((input) => input.value).join(''),
			session: sessionStorage.length, local: localStorage.length, cookies: document.cookie,
		}));
		assert.doesNotMatch(left.text, /Daniel|Amina|Okoro|Ruth/);
		assert.deepEqual([left.fields, left.session, left.local, left.cookies], ['', 0, 0, '']);
	});
	await t.test('a minute without a touch ends it, and says so before', { timeout: 30_000 }, async () => {
		await terminal.clock.install();
		await enter(terminal, 'A1234BC', pin);
		await until('the screen is theirs', async () => (await panel(terminal)) === 'own');
		await terminal.clock.runFor(50_000);
		assert.equal(await terminal.locator('[data-own="soon"]').isVisible(), true);
		await terminal.clock.runFor(15_000);
		await until('it has cleared', async () => (await panel(terminal)) === 'idle');
		assert.doesNotMatch(await terminal.textContent('body'), /Daniel|Amina/);
	});
	await t.test('staff answer the request for a new contact', { timeout: 30_000 }, async () => {
		const clerk = await (await browser.newContext(DESK)).newPage();
		await signIn(clerk, server, '/staff/sign-in', 'clerk@wandsworth.example');
		await clerk.goto(`${server.base}/staff/asks`);
		await look(clerk, 'staff-asks');
		await clerk.click('main a[href^="/staff/asks/contact/"]');
		await look(clerk, 'staff-ask');
		await clerk.check('input[value=yes]');
		await clerk.click('main form button[type=submit]');
		await clerk.waitForURL(/done=ask_decided/);
		assert.match(await clerk.innerText('main'), /No request waits for you/);
	});
});
