/*
 * identity.test.js - a visitor shows who they are: photos sent without script, one asked for again and
 * sent with it, seen by staff beside the request, and the answer on the visitor's page.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium } from './browsers.js';
import { look, signIn } from './look.js';
import { startServer } from './server.js';

const DESK = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' };
const CARD = `<body style="margin:0;background:#dce4ee;font:28px sans-serif"><div style="margin:40px;padding:30px;border:4px solid #345;border-radius:24px;background:#f4efe4">
	<h1>SPECIMEN LICENCE</h1><p>REED, Ben</p><p>19.03.1966</p><p>REED 603196 B99XX</p><div style="width:160px;height:200px;background:#a98"></div></div>`;
const FACE = `<body style="margin:0;background:#8fa3b5"><svg viewBox="0 0 100 100" width="900" height="700"><ellipse cx="50" cy="48" rx="22" ry="30" fill="#d8a583"/>
	<circle cx="42" cy="42" r="3"/><circle cx="58" cy="42" r="3"/><path d="M40 60 q10 8 20 0" stroke="#733" fill="none" stroke-width="2"/><path d="M28 40 q22 -40 44 0 q-20 -18 -44 0" fill="#432"/></svg>`;

/** A photo as a camera would hand it over: a JPEG of a page. */
async function photoOf(browser, html, name) {
	const page = await browser.newPage({ viewport: { width: 1800, height: 1350 } });
	await page.setContent(html);
	const buffer = await page.screenshot({ type: 'jpeg', quality: 90 });
	await page.close();
	return { name, mimeType: 'image/jpeg', buffer };
}

const press = (page, text) => page.locator('main button[type=submit]', { hasText: text }).first().click();
const follow = (page, text) => page.locator('main a', { hasText: text }).first().click();
const shown = (page) => page.evaluate(() => [...document.querySelectorAll('main img.pvl-photo')].filter((i) => i.complete && i.naturalWidth > 300 && i.offsetParent).length);

test('who a visitor is', { timeout: 200_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 700);
	const browser = await openChromium(1);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const card = await photoOf(browser, CARD, 'card.jpg');
	const face = await photoOf(browser, FACE, 'face.jpg');
	const plain = await (await browser.newContext({ ...DESK, javaScriptEnabled: false })).newPage();
	const staff = await (await browser.newContext(DESK)).newPage();

	await t.test('photos are sent without script', async () => {
		await signIn(plain, server, '/sign-in', 'ben@family.example');
		assert.match(await plain.innerText('main'), /Photos are needed before the prison can decide/);
		await follow(plain, 'Add photos');
		await follow(plain, 'Photo of a passport');
		await press(plain, 'Save this photo');
		assert.match(await plain.innerText('.govuk-error-summary'), /Choose which document it is[\s\S]*Take or choose a photo/);
		await plain.check('input[value=DRIVING_LICENCE]');
		await plain.setInputFiles('input[name=photo]', { name: 'card.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('%PDF-1.7 not a photo') });
		await press(plain, 'Save this photo');
		assert.match(await plain.innerText('.govuk-error-summary'), /Choose a photo that is a JPEG, PNG or WebP file/);
		assert.ok(await plain.isChecked('input[value=DRIVING_LICENCE]'), 'what was chosen stands');
		await plain.setInputFiles('input[name=photo]', { ...card, buffer: card.buffer.subarray(0, card.buffer.length / 2) });
		await press(plain, 'Save this photo');
		assert.match(await plain.innerText('.govuk-error-summary'), /This photo could not be read/);
		await plain.setInputFiles('input[name=photo]', { ...card, buffer: Buffer.alloc(10.2 * 1024 * 1024, card.buffer) });
		await press(plain, 'Save this photo');
		assert.match(await plain.innerText('.govuk-error-summary'), /smaller than 10 MB/);
		await plain.setInputFiles('input[name=photo]', card);
		await press(plain, 'Save this photo');
		assert.match(await plain.innerText('main'), /Added/);
		assert.equal(await plain.locator('text=Send to the prison').count(), 0, 'one photo is not enough');
		await follow(plain, 'Photo of the face');
		await plain.click('summary');
		await plain.setInputFiles('input[name=photo_kept]', card); // the wrong one
		await press(plain, 'Save this photo');
		await press(plain, 'Send to the prison');
		assert.match(await plain.innerText('main'), /The photos are with the prison/);
	});

	await t.test('staff see document, face and details, and ask for one again', async () => {
		await signIn(staff, server, '/staff/sign-in', 'contacts@wandsworth.example');
		await staff.goto(`${server.base}/staff/approvals`);
		await look(staff, 'identity-approvals');
		await follow(staff, 'Ben Reed');
		await staff.waitForLoadState('load');
		assert.equal(await shown(staff), 2);
		assert.match(await staff.innerText('main'), /Driving licence/);
		await look(staff, 'identity-approval');
		await follow(staff, 'Ask for a photo again');
		await press(staff, 'Ask again');
		assert.match(await staff.innerText('.govuk-error-summary'), /Choose at least one photo/);
		await look(staff, 'identity-again');
		await staff.check('input[value=portrait]');
		await staff.check('input[value=WRONG_PERSON]');
		await press(staff, 'Ask again');
		assert.match(await staff.innerText('main'), /asked for the photo again[\s\S]*Waiting for photos/);
	});

	await t.test('one photo is sent again, shown and judged before', async () => {
		const page = await (await browser.newContext(DESK)).newPage();
		const errors = [];
		page.on('pageerror', (error) => errors.push(error.message));
		await signIn(page, server, '/sign-in', 'ben@family.example');
		await look(page, 'identity-home');
		await follow(page, 'Add photos');
		assert.match(await page.innerText('main'), /does not show the person of this request/);
		await look(page, 'identity-overview');
		await follow(page, 'Photo of the face');
		await page.setInputFiles('input[name=photo]', face);
		await page.waitForSelector('[data-slot=check]:not([hidden]) [data-slot=hint]:not(:empty)');
		const size = await page.evaluate(() => document.querySelector('input[name=photo]').files[0].size);
		assert.ok(size > 5000 && size <= face.buffer.length, `${size} bytes`);
		await look(page, 'identity-portrait');
		await press(page, 'Save this photo');
		assert.match(await page.innerText('main'), /have been sent to the prison/);
		assert.deepEqual(errors, []);
	});

	await t.test('staff approve, and the photos are seen no more', async () => {
		await staff.goto(`${server.base}/staff/approvals`);
		await follow(staff, 'Ben Reed');
		await staff.waitForLoadState('load');
		const photo = await staff.getAttribute('main img.pvl-photo', 'src');
		assert.equal(await shown(staff), 2);
		await staff.locator('main label', { hasText: 'Approve' }).first().click();
		await press(staff, 'Save decision');
		assert.match(await staff.innerText('main'), /has been approved/);
		assert.equal((await staff.goto(server.base + photo)).status(), 404);
		await plain.goto(`${server.base}/home`);
		assert.match(await plain.innerText('main'), /Approved/);
	});
});
