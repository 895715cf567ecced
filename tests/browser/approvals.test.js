/*
 * approvals.test.js - somebody who helps is asked for, what is needed is agreed, and the next visit is
 * longer: family and staff through the pages, which stand axe and narrow screens.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openChromium } from './browsers.js';
import { look, signIn } from './look.js';
import { startServer } from './server.js';

let server, browser;

before(async () => {
	server = await startServer(18680);
	browser = await openChromium(1);
});

after(async () => {
	await browser?.close();
	await server?.stop();
});

async function someone(path, email) {
	const page = await (await browser.newContext({ baseURL: server.base })).newPage();
	await signIn(page, server, path, email);
	return page;
}

async function submit(page, within = 'main form') {
	await page.click(`${within} button[type=submit]`);
	await page.waitForLoadState();
}

const text = (page) => page.locator('main').innerText();

test('a family asks for a supporter and for more time; staff agree, and longer visits are offered', async () => {
	const amina = await someone('/sign-in', 'amina@family.example');
	await look(amina, 'approvals-home', { again: true });
	await amina.click('a[href^="/people/new"]');
	await amina.fill('input[name=name]', 'Ada Cole');
	for (const [part, value] of [['day', '2'], ['month', '3'], ['year', '1970']])
		await amina.fill(`input[name=born-${part}]`, value);
	await amina.selectOption('select[name=relationship]', 'OTHER');
	await amina.check('input[value=SUPPORTER]');
	await submit(amina);
	assert.match(await text(amina), /Say in a few words/);
	await look(amina, 'approvals-visitor');
	await amina.fill('input[name=relationship_words]', 'carer');
	await submit(amina);

	await amina.click('a[href^="/contacts/"]:has-text("Amina Okoro")');
	await amina.check('input[value=LONGER]');
	await amina.fill('textarea[name=words]', 'We use a speech aid');
	await submit(amina, 'form[action$="/adjustments"]');
	assert.match(await text(amina), /Waiting for the prison/);
	await look(amina, 'approvals-needs');

	const governor = await someone('/staff/sign-in', 'governor@wandsworth.example');
	await governor.goto('/staff/approvals');
	assert.match(await text(governor), /carer \(supporter\)/);
	await look(governor, 'approvals-list', { again: true });
	await governor.click('a[href^="/staff/adjustments/"]');
	await look(governor, 'approvals-need');
	await governor.check('input[value=agree]');
	await governor.fill('input[name=minutes]', '30');
	await submit(governor);
	await governor.click('a:has-text("Ada Cole")');
	await look(governor, 'approvals-one');

	await amina.goto('/book');
	await amina.check('input[name=prisoner] >> nth=0');
	await submit(amina);
	await amina.check('text=Amina Okoro');
	await submit(amina);
	assert.match(await text(amina), /30 minutes of each are not taken/);
});

test('an administrator adds a webhook and an address for a calendar', async () => {
	const admin = await someone('/staff/sign-in', 'admin@wandsworth.example');
	await admin.goto('/staff/webhooks');
	await admin.fill('input[name=url]', 'https://events.visits.example/a/rather/long/path/for/events?of=prisons');
	await submit(admin);
	assert.match(await text(admin), /It is shown this once/);
	await look(admin, 'approvals-webhooks');
	await admin.click('main table a');
	await look(admin, 'approvals-webhook');
	await admin.goto('/staff/rooms');
	await admin.click('a[href^="/staff/rooms/"]:has-text("use")');
	await submit(admin, 'form[action*="/feed"]');
	assert.match(await text(admin), /\/feeds\/[\w-]{43}/);
	await look(admin, 'approvals-room');
});
