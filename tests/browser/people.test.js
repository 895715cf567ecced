/*
 * people.test.js - what keeps people safe, through the pages: a governor enters it, a family asks,
 * staff decide, and hand out a copy; and the pages about it stand axe, keyboard and narrow screens.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openChromium } from './browsers.js';
import { look, signIn } from './look.js';
import { startServer } from './server.js';

const PRISONER = 'A1234BC';
let server, browser;

before(async () => {
	server = await startServer(18640);
	browser = await openChromium(1);
});

after(async () => {
	await browser?.close();
	await server?.stop();
});

async function someone(path, email) {
	const page = await (await browser.newContext()).newPage();
	await signIn(page, server, path, email);
	return page;
}

async function submit(page) {
	await page.click('main form button[type=submit]');
	await page.waitForLoadState();
}

async function text(page) {
	return page.locator('main').innerText();
}

test('a governor enters an alert and a restriction, and a mistake keeps what was typed', async () => {
	const page = await someone('/staff/sign-in', 'governor@wandsworth.example');
	await page.goto(`${server.base}/staff/people`);
	await page.fill('input[name=number]', 'nonsense');
	await submit(page);
	assert.match(await text(page), /in the form A1234BC/);
	await page.fill('input[name=number]', ` ${PRISONER.toLowerCase()} `);
	await submit(page);
	assert.equal(new URL(page.url()).pathname, `/staff/people/${PRISONER}`);

	await page.click('text=Enter an alert');
	await page.fill('input[name=code_text]', 'RDV');
	await submit(page);
	assert.match(await text(page), /Enter a reason/);
	assert.equal(await page.inputValue('input[name=code_text]'), 'RDV');
	await page.fill('textarea[name=comment]', 'Noted on reception');
	await submit(page);
	assert.match(await text(page), /The alert has been entered/);

	await page.click('text=Enter a restriction');
	await look(page, 'people-restriction');
	await page.check('input[name=code][value=PREINF]');
	await page.check('input[name=visitor][value="0"]');
	await page.fill('textarea[name=comment]', 'Noted in the file');
	await page.fill('input[name=authorised]', 'Helen Frost');
	await submit(page);
	assert.match(await text(page), /Previous information/);
	await look(page, 'people-prisoner');
	await page.context().close();
});

test('a family reads that it asked, and nothing of why; a clerk sees why and approves', async () => {
	const family = await someone('/sign-in', 'amina@family.example');
	await family.goto(`${server.base}/book`);
	await submit(family);
	if (await family.locator('.govuk-error-summary').count()) {
		await family.locator('input[name=prisoner]').first().check();
		await submit(family);
	}
	await family.locator('input[name=who]').first().check();
	await submit(family);
	await family.locator('input[name=time]').first().check({ force: true });
	await submit(family);
	await submit(family);
	assert.match(await text(family), /Visit requested/);
	assert.doesNotMatch(await text(family), /alert|restriction|review/i);
	await look(family, 'people-requested');

	const clerk = await someone('/staff/sign-in', 'clerk@wandsworth.example');
	await clerk.goto(`${server.base}/staff/requests`);
	assert.match(await text(clerk), /The prisoner has an alert/);
	await look(clerk, 'people-requests');
	await clerk.click('main table a');
	await look(clerk, 'people-request');
	await clerk.check('input[value=approve]');
	await clerk.fill('textarea[name=reason]', 'Known to us');
	await submit(clerk);
	assert.match(await text(clerk), /The visit has been booked/);
	await family.goto(family.url().replace('/booked', ''));
	assert.match(await text(family), /Booked/i);
	await clerk.context().close();
	await family.context().close();
});

test('an allowance is changed by hand, and not beyond what there is', async () => {
	const page = await someone('/staff/sign-in', 'governor@wandsworth.example');
	await page.goto(`${server.base}/staff/people/${PRISONER}/adjust`);
	await page.check('input[name=kind][value=PVO]');
	await page.fill('input[name=amount]', '-9');
	await page.check('input[name=why][value=OTHER]');
	await page.fill('textarea[name=reason]', 'A mistake');
	await submit(page);
	assert.match(await text(page), /must stay between 0/);
	await look(page, 'people-adjust', { again: true });
	await page.fill('input[name=amount]', '1');
	await page.check('input[name=why][value=EXTRA_VISIT_RULE_35_3]');
	await submit(page);
	assert.match(await text(page), /The allowance has been changed/);
	await page.goto(`${server.base}/staff/incentives`);
	await look(page, 'people-incentives', { again: true });
	await page.context().close();
});

test('a copy of somebody’s data is made for somebody who is named, and stands in the register', async () => {
	const admin = await someone('/staff/sign-in', 'admin@wandsworth.example');
	await admin.goto(`${server.base}/staff/data`);
	await admin.fill('input[name=q]', PRISONER);
	await submit(admin);
	await admin.click('text=Make a copy to hand out');
	await admin.check('input[name=recipient][value=SOLICITOR]');
	await admin.check('input[name=format][value=JSON]');
	await submit(admin);
	assert.match(await text(admin), /Enter the name of whoever gets the copy/);
	assert.ok(await admin.isChecked('input[name=recipient][value=SOLICITOR]'));
	await look(admin, 'data-copy-new');
	await admin.fill('input[name=name]', 'Hale and Partners, Ms Hale');
	const [file] = await Promise.all([admin.waitForEvent('download'), admin.click('main form button[type=submit]')]);
	const bytes = readFileSync(await file.path());
	assert.equal(JSON.parse(bytes).data.prisoner[0].number, PRISONER);
	await admin.context().close();

	const governor = await someone('/staff/sign-in', 'governor@wandsworth.example');
	await governor.goto(`${server.base}/staff/recordings`);
	await governor.click('text=Register of disclosures');
	const register = await text(governor);
	assert.match(register, /Hale and Partners, Ms Hale/);
	assert.ok(register.includes(createHash('sha256').update(bytes).digest('hex')));
	await look(governor, 'register-of-disclosures');
	await governor.context().close();
});
