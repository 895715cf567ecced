/*
 * terminal.test.js - a terminal from its enrolment to its end: it shows the visit due here, witnesses the
 * audit log, staff take it out of use with a reason, it forgets its key and shows nothing, and another takes its place.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium, until } from './browsers.js';
import { setRule } from './lawyers.js';
import { TERMINAL, inSight, look, signIn } from './look.js';
import { startServer } from './server.js';

const DESK = { viewport: { width: 1280, height: 900 }, permissions: ['camera', 'microphone'] };
const FORGOTTEN_MS = 30_000; // three questions, one in five seconds

const panel = (page) => page.evaluate(() => document.querySelector('[data-panel]:not([hidden])')?.dataset.panel ?? '');

async function enrol(page, server, code) {
	await page.goto(`${server.base}/terminal`);
	await page.fill('input[name=code]', code);
	await page.click('form[data-slot=form] button');
	await until('the visit is shown', async () => (await panel(page)) === 'due');
}

/** What a thief would find. */
function kept(page) {
	return page.evaluate(async () => {
		const rows = [];
		for (const { name } of await indexedDB.databases()) {
			const db = await new Promise((done, fail) => {
				const asked = indexedDB.open(name);
				asked.onsuccess = () => done(asked.result);
				asked.onerror = () => fail(asked.error);
			});
			for (const store of db.objectStoreNames)
				rows.push(await new Promise((done) => {
					const asked = db.transaction(store).objectStore(store).count();
					asked.onsuccess = () => done(asked.result);
				}));
			db.close();
		}
		return { rows: rows.reduce((a, b) => a + b, 0), session: sessionStorage.length, local: localStorage.length,
			cookies: document.cookie, text: document.body.innerText };
	});
}

test('a terminal is enrolled, taken out of use, and replaced', { timeout: 300_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 500);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const [terminal, staff, second] = await Promise.all([0, 1, 2].map(async () => (await browser.newContext(DESK)).newPage()));
	const [, code] = /enrolment code (\S+)/.exec(server.said);
	await signIn(staff, server, '/staff/sign-in', 'admin@wandsworth.example');

	await t.test('it shows the visit due here and one button', { timeout: 30_000 }, async () => {
		await enrol(terminal, server, code);
		await look(terminal, 'terminal-due');
		assert.equal(await terminal.locator('button:visible').count(), 1);
		assert.ok((await kept(terminal)).rows <= 2, 'its key, and the head of the log that it witnesses');
	});
	await t.test('where it reaches the service no more it names the telephone for the visit due, if the prison has one', { timeout: 60_000 }, async () => {
		const offline = terminal.locator('[data-panel=offline]');
		const goes = async (away) => {
			await terminal.context().setOffline(away);
			await until('it notices', async () => (await panel(terminal)) === (away ? 'offline' : 'due'), 15_000);
		};
		await goes(true);
		assert.equal(await offline.locator('[data-slot=telephone]').isVisible(), false);
		await setRule(staff, server, 'telephone_number', '443301234567');
		await setRule(staff, server, 'telephone_code', '471188');
		await goes(false);
		await goes(true);
		assert.match(await offline.innerText(), /0330 123 4567[^]*471188/);
		await look(terminal, 'terminal-offline');
		await inSight(terminal, '[data-panel=offline] [data-slot=telephone]', TERMINAL);
		await goes(false);
	});
	await t.test('it witnesses the log, and says so when the log is not what it was', { timeout: 120_000 }, async () => {
		const head = () => fetch(`${server.base}/audit/head/to-witness`).then((reply) => reply.text());
		await until('its signature stands beneath the head', async () => /^— terminal-\d+\.WWI /m.test(await head()), 80_000);
		await terminal.route('**/audit/growth*', (route) => route.fulfill({ status: 404 }));
		await terminal.route('**/audit/head/to-witness', async (route) => {
			const lines = (await head()).split('\n');
			lines[1] = String(Number(lines[1]) + 1);
			await route.fulfill({ contentType: 'text/plain', body: lines.join('\n') });
		});
		await terminal.reload();
		await terminal.locator('[data-slot=log-changed]').waitFor({ timeout: 60_000 });
		await look(terminal, 'terminal-log-changed');
		await terminal.unrouteAll();
		await terminal.reload();
		await until('the visit is shown again', async () => (await panel(terminal)) === 'due');
		assert.equal(await terminal.isVisible('[data-slot=log-changed]'), false);
	});
	await t.test('staff take it out of use, and must say why', { timeout: 30_000 }, async () => {
		await staff.goto(`${server.base}/staff/terminals`);
		await staff.locator('main tr', { hasText: 'Enrolled' }).locator('a[href$="/retire"]').first().click();
		await staff.click('main form button[type=submit]');
		assert.match(await staff.innerText('.govuk-error-summary'), /Enter why/);
		await staff.fill('textarea[name=reason]', 'The tablet is missing from the room.');
		await staff.click('main form button[type=submit]');
		await staff.waitForURL(/done=retired/);
		assert.match(await staff.innerText('main'), /Not in use\s+The tablet is missing from the room\./);
		await look(staff, 'staff-terminals-retired');
	});
	await t.test('the device forgets its key and shows nothing of the visit', { timeout: 60_000 }, async () => {
		await until('it asks for a code', async () => (await panel(terminal)) === 'enrol', FORGOTTEN_MS);
		const left = await kept(terminal);
		assert.deepEqual([left.rows, left.session, left.local, left.cookies], [0, 0, 0, '']);
		assert.doesNotMatch(left.text, /Daniel|Amina|Zara/);
	});
	await t.test('another device takes its place with a new code', { timeout: 30_000 }, async () => {
		await staff.locator('main tr', { hasText: 'Not in use' }).locator('form button').click();
		const shown = await staff.innerText('.pvl-code h2');
		await look(staff, 'staff-terminals-code');
		await enrol(second, server, shown);
	});
});
