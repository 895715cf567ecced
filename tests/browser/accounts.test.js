/*
 * accounts.test.js - an empty service gets its first administrator at the command line, who says who
 * else works there and gets a prison ready; passwords are chosen by links, and a forgotten one is
 * chosen again.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, openChromium, until } from './browsers.js';
import { look } from './look.js';
import { BUILD, startServer } from './server.js';

const SECRET = 'three random words';

test('accounts, from an empty service on', { timeout: 300_000 }, async (t) => {
	const data = mkdtempSync(join(tmpdir(), 'pvl-accounts-'));
	const pvl = (...args) => execFileSync(join(BUILD, 'src/programs/pvl'), [...args, '--data', data], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	pvl('import', 'prisons', join(ROOT, 'docs/operating/examples/prisons.csv'));
	const port = Number(process.env.PVL_PORT ?? 43100) + 900;
	const server = await startServer(port, { data, bare: true, options: ['--listen', '127.0.0.1', '--mailbox'] });
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
		for (const folder of [data, `${data}.vault`])
			rmSync(folder, { recursive: true, force: true });
	});
	const newPage = async () => (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
	const step = (name, run) => t.test(name, { timeout: 120_000 }, run);
	const send = async (page) => {
		await page.click('main form button[type=submit]');
		await page.waitForLoadState();
	};
	const signIn = async (page, door, email, password) => {
		await page.goto(server.base + door);
		await page.fill('input[name=email]', email);
		await page.fill('input[name=password]', password);
		await send(page);
	};
	/** The link to choose a password by, of the newest message to somebody. */
	const linkTo = async (page, email) => {
		let href;
		await until(`a message to ${email}`, async () => {
			await page.goto(`${server.base}/mailbox`);
			href = await page.locator('main tr', { hasText: email }).locator('a').first().getAttribute('href', { timeout: 300 });
			await page.goto(server.base + href);
			return page.locator('main a[href*="/password/"]').count();
		}, 20_000, 500);
		return new URL(await page.locator('main a[href*="/password/"]').first().getAttribute('href'), server.base).pathname;
	};
	const ada = await newPage(), ian = await newPage(), mo = await newPage(), fay = await newPage();

	await step('the first administrator chooses a password by the printed link', async () => {
		const said = pvl('staff', 'add', '--email', 'ada@hq.example', '--name', 'Ada First', '--role', 'hq_admin', '--public-url', server.base);
		const [link] = /http\S+\/password\/\S+/.exec(said);
		await ada.goto(link);
		await look(ada, 'accounts-choose');
		await ada.fill('input[name=password]', 'short');
		await send(ada);
		assert.match(await ada.textContent('.govuk-error-summary'), /10 characters or more/);
		await ada.fill('input[name=password]', SECRET);
		await send(ada);
		assert.equal(new URL(ada.url()).pathname, '/staff/sign-in');
		assert.match(await ada.textContent('main'), /Your password is set/);
		await signIn(ada, '/staff/sign-in', 'ada@hq.example', SECRET);
		assert.equal(new URL(ada.url()).pathname, '/staff/waits');
		assert.equal((await ada.goto(link)).status(), 404, 'a link works once');
		await look(ada, 'accounts-gone');
	});
	await step('says who else works where', async () => {
		await ada.goto(`${server.base}/staff`);
		await ada.click('nav a:text-is("Service")');
		await ada.click('nav a[href="/staff/accounts"]');
		assert.match(await ada.textContent('main'), /Ada First/);
		await ada.click('main summary');
		await ada.click('main a[href="/staff/accounts?prison=WWI"]');
		await ada.click('main a[href^="/staff/accounts/new"]');
		await send(ada);
		assert.equal(await ada.locator('.govuk-error-summary a').count(), 3);
		await look(ada, 'accounts-staff-new-mistakes');
		await ada.fill('input[name=name]', 'Mo Monitor');
		await ada.fill('input[name=email]', 'mo@wandsworth.example');
		await ada.check('input[value=monitor]');
		await send(ada);
		assert.match(await ada.textContent('main'), /link to choose a password is on its way/);
		assert.match(await ada.textContent('main table'), /Mo Monitor[\s\S]*mo@wandsworth\.example/);
		await look(ada, 'accounts-staff-one');
	});
	await step('a prison gets a room, a terminal, a session, and then holds visits', async () => {
		const panel = (page) => page.evaluate(() => document.querySelector('[data-panel]:not([hidden])')?.dataset.panel ?? '');
		const ready = async () => {
			await ian.goto(`${server.base}/staff/setup`);
			await ian.check('input[name=ready][value=yes]');
			await send(ian);
		};
		await ada.goto(`${server.base}/staff/accounts/new?prison=CFI`);
		await ada.fill('input[name=name]', 'Ian Admin');
		await ada.fill('input[name=email]', 'ian@cardiff.example');
		await ada.check('input[value=prison_admin]');
		await send(ada);
		await ian.goto(server.base + await linkTo(ian, 'ian@cardiff.example'));
		await ian.fill('input[name=password]', SECRET);
		await send(ian);
		await signIn(ian, '/staff/sign-in', 'ian@cardiff.example', SECRET);
		await ready();
		assert.match(await ian.textContent('.govuk-error-summary'), /there must be a room/);
		await look(ian, 'setup-nothing-yet');
		await ian.click('main a[href="/staff/rooms/new"]');
		await ian.fill('input[name=name]', 'Video room 1');
		await look(ian, 'setup-room');
		await send(ian);
		assert.equal(new URL(ian.url()).pathname, '/staff/terminals/new');
		await ian.fill('input[name=name]', 'Terminal 1');
		assert.ok(await ian.isChecked('input[name=room]'), 'the room that was just added');
		await look(ian, 'setup-terminal');
		await send(ian);
		assert.equal(new URL(ian.url()).pathname, '/staff/terminals');
		await ian.click('main form[action$="/code"] button');
		const code = await ian.innerText('.pvl-code h2');
		await mo.goto(`${server.base}/terminal`);
		await mo.fill('input[name=code]', code);
		await mo.click('form[data-slot=form] button');
		await until('the terminal is enrolled', async () => !['', 'enrol'].includes(await panel(mo)));
		await ian.goto(`${server.base}/staff/terminals/new`);
		await ian.fill('input[name=name]', 'Terminal 1');
		await ian.check('input[name=room]');
		await send(ian);
		assert.match(await ian.textContent('.govuk-error-summary'), /Another terminal here has this name/);
		await ian.goto(`${server.base}/staff/sessions/new`);
		await ian.fill('input[name=name]', 'Every day');
		for (const box of await ian.locator('input[name=days]').all())
			await box.check();
		await ian.fill('input[name=start]', '9am');
		await ian.fill('input[name=end]', '5pm');
		await ian.check('input[name=kinds][value=SOCIAL]');
		await ian.fill('textarea[name=reason]', 'Visits begin');
		await send(ian);
		await ian.click('main form button[type=submit]');
		await ian.waitForURL(/done=/);
		await ready();
		assert.match(await ian.textContent('main'), /People can book visits here now/);
		await look(ian, 'setup-ready');
		await fay.goto(`${server.base}/prisons`);
		assert.doesNotMatch(await fay.textContent('main tr:has(a[href="/prisons/CFI"])'), /cannot|not ready/i);
	});
	await step('who was added comes by the message', async () => {
		await mo.goto(server.base + await linkTo(mo, 'mo@wandsworth.example'));
		await mo.fill('input[name=password]', SECRET);
		await send(mo);
		await signIn(mo, '/staff/sign-in', 'mo@wandsworth.example', SECRET);
		assert.equal(new URL(mo.url()).pathname, '/staff');
		assert.equal((await mo.goto(`${server.base}/staff/accounts`)).status(), 403);
	});
	await step('and is signed out at once when the role is taken', async () => {
		await ada.goto(`${server.base}/staff/accounts?prison=WWI`);
		await ada.click('main form[action*="/end"] button');
		await ada.waitForURL(/done=staff_end/);
		await mo.goto(`${server.base}/staff`);
		assert.equal(new URL(mo.url()).pathname, '/staff/sign-in');
		await signIn(mo, '/staff/sign-in', 'mo@wandsworth.example', SECRET);
		assert.notEqual(new URL(mo.url()).pathname, '/staff');
	});
	await step('a family that forgot its password chooses another, without script', async () => {
		await fay.goto(`${server.base}/account/new`);
		await fay.fill('input[name=name]', 'Fay Family');
		for (const [part, value] of [['day', '4'], ['month', '5'], ['year', '1980']])
			await fay.fill(`input[name=born-${part}]`, value);
		await fay.fill('input[name=email]', 'fay@family.example');
		await fay.fill('input[name=password]', 'forgotten soon');
		await send(fay);
		await signIn(fay, '/sign-in', 'fay@family.example', 'forgotten soon');
		assert.equal(new URL(fay.url()).pathname, '/home');
		const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
		const said = [];
		for (const email of ['fay@family.example', 'nobody@family.example']) {
			await plain.goto(`${server.base}/sign-in`);
			await plain.click('main a[href="/password/forgotten"]');
			await plain.fill('input[name=email]', email);
			await send(plain);
			said.push(await plain.textContent('main'));
		}
		assert.equal(said[0], said[1], 'nothing tells whether an address has an account');
		await plain.goto(server.base + await linkTo(plain, 'fay@family.example'));
		await plain.fill('input[name=password]', SECRET);
		await send(plain);
		await fay.goto(`${server.base}/home`);
		assert.equal(new URL(fay.url()).pathname, '/sign-in', 'signed out everywhere');
		await signIn(fay, '/sign-in', 'fay@family.example', 'forgotten soon');
		assert.match(await fay.textContent('.govuk-error-summary'), /email address and password/);
		await signIn(fay, '/sign-in', 'fay@family.example', SECRET);
		assert.equal(new URL(fay.url()).pathname, '/home');
	});
});
