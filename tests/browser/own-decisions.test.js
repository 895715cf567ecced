/*
 * own-decisions.test.js - a prisoner reads at a terminal what the prison decided about an incident in
 * a visit of theirs, and appeals there, in both languages.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { openChromium, until } from './browsers.js';
import { look, signIn } from './look.js';
import { ask, startServer } from './server.js';

const DESK = { viewport: { width: 1280, height: 900 } };
const TOLD = 'She may not visit until March.';

const panel = (page) => page.evaluate(() => document.querySelector('[data-panel]:not([hidden])')?.dataset.panel ?? '');

/** An incident in a visit of Daniel's that was decided so many days ago. */
function decided(server, id, days) {
	const at = Math.floor(Date.now() / 1000) - days * 86400;
	const who = (email) => `(SELECT id FROM account WHERE email = '${email}@wandsworth.example')`;
	execFileSync('sqlite3', [join(server.data, 'pvl.db'), '-cmd', '.timeout 5000', `INSERT INTO incident (id, visit, type,
		severity, evidence, seen_at, opened_at, opened_by, outcome, restriction, counts_pause, charged_minutes, follow_up, told,
		told_prisoner, decided_at, decided_by)
		SELECT ${id}, v.id, 'CONDUCT', 'LOW', 'A shout', ${at}, ${at}, ${who('monitor')}, 'WARNING', NULL, 0, 0, 'Seen', 'x',
		'${TOLD}', ${at}, ${who('governor')}
		FROM visit v JOIN prisoner p ON p.id = v.prisoner WHERE p.number = 'A1234BC' LIMIT 1`]);
}

test('a prisoner appeals at a terminal against what they were told', { timeout: 120_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 720);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const [terminal, staff] = await Promise.all([0, 1].map(async () => (await browser.newContext(DESK)).newPage()));
	terminal.setDefaultTimeout(10_000);
	await signIn(staff, server, '/staff/sign-in', 'admin@wandsworth.example');
	await staff.goto(`${server.base}/staff/terminals`);
	await staff.locator('main tr', { hasText: 'Terminal 2' }).locator('form button').first().click();
	const code = await staff.innerText('.pvl-code h2');
	await staff.goto(`${server.base}/staff/people/A1234BC/pin`);
	await staff.click('main form button[type=submit]');
	const pin = await staff.innerText('.pvl-code h1');
	decided(server, 1, 1);
	decided(server, 2, 40); // the time to appeal is over
	const lines = () => terminal.locator('[data-own="decisions"] > li');

	await terminal.goto(`${server.base}/terminal`);
	await terminal.fill('input[name=code]', code);
	await terminal.click('form[data-slot=form] button');
	await until('no visit is due', async () => (await panel(terminal)) === 'idle');
	await terminal.click('[data-action="own-open"]');
	await terminal.fill('#own-number', 'A1234BC');
	await terminal.fill('#own-pin', pin);
	await terminal.click('[data-slot="own-form"] button[type=submit]');
	await until('the screen is theirs', async () => (await panel(terminal)) === 'own');
	assert.equal(await lines().count(), 2);
	assert.match(await lines().nth(0).innerText(), /She may not visit until March\.[\s\S]*You can appeal here until/);
	assert.match(await lines().nth(1).innerText(), /The time to appeal ended/);
	assert.deepEqual([await lines().nth(0).locator('form').count(), await lines().nth(1).locator('form').count()], [1, 0]);
	await look(terminal, 'terminal-own-decisions');
	await terminal.fill('[data-own="decisions"] textarea', 'It was the baby.');
	await terminal.click('[data-own="decisions"] form button');
	await until('it is sent', async () => /appeal has been sent/.test(await terminal.innerText('[data-own="said"]')));
	assert.match(await lines().nth(0).innerText(), /You have appealed/);
	assert.equal(await terminal.locator('[data-own="decisions"] form').count(), 0);
	assert.deepEqual(ask(server, 'SELECT state, appellant, words FROM incident_appeal WHERE incident = 1'),
		[{ state: 'ASKED', appellant: 'PRISONER', words: 'It was the baby.' }]);
	await terminal.click('.pvl-language a[hreflang=cy]');
	await until('it is Welsh', async () => /Rydych wedi apelio/.test(await lines().nth(0).innerText()));
	assert.match(await terminal.innerText('[data-panel="own"]'), /Penderfyniadau am eich ymweliadau[\s\S]*Daeth yr amser i apelio i ben/);
	await terminal.click('[data-action="own-leave"]');
	await until('the screen is free', async () => (await panel(terminal)) === 'idle');
	assert.doesNotMatch(await terminal.textContent('body'), /March|apelio\.|You have appealed/);
});
