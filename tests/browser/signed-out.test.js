/*
 * signed-out.test.js - staff who sign out with pages open that hear of it by their streams: the page with the
 * button gets its answer, and the others lead to the sign-in and say what happened.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openPage, until } from './browsers.js';
import { look, signIn } from './look.js';
import { startServer } from './server.js';

const TIMES = 6; // the streams and the answer come at once, in an order of their own
const OPEN = ['/staff/desk', '/staff/desk', '/staff/desk'];
const MONITOR = 'monitor@wandsworth.example';
const PATIENT_MS = 60_000;
const all = (what, does) => Promise.all(what.map(does));

const banner = (page) => page.locator('.govuk-notification-banner');
const isTold = (page, words) => until(`the page says ${words}`, async () => new URL(page.url()).pathname === '/staff/sign-in'
	&& await banner(page).count() > 0 && words.test(await banner(page).textContent()), PATIENT_MS, 100);

/** Runs in each page: which of its streams are open. */
function noteStreams() {
	globalThis.streams = [];
	const Real = globalThis.EventSource;
	globalThis.EventSource = class extends Real {
		constructor(url) {
			super(url);
			this.addEventListener('open', () => globalThis.streams.push(url));
		}
	};
}

/** The pages of this context, each with its stream. */
async function openPages(context, server) {
	const pages = [];
	for (const path of OPEN) {
		const page = await context.newPage();
		await page.goto(server.base + path);
		await until(`${path} has its stream`, () => page.evaluate(() => globalThis.streams.includes('/staff/events')), PATIENT_MS);
		pages.push(page);
	}
	return pages;
}

test('staff sign out with pages open', { timeout: 300_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 880);
	const { browser, page } = await openPage('chromium', 3);
	const context = page.context();
	await context.addInitScript(noteStreams);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	await t.test('the page with the button gets its answer, whatever its streams say first', async () => {
		for (let time = 0; time < TIMES; time++) {
			await signIn(page, server, '/staff/sign-in', MONITOR);
			const [desk, ...others] = await openPages(context, server);
			await desk.click('form[action="/staff/sign-out"] button');
			await isTold(desk, /You have signed out\./);
			assert.equal((await context.cookies()).find((cookie) => cookie.name === 'pvl'), undefined, 'its cookie is gone');
			await all(others, (other) => isTold(other, /You have signed out, or were signed out\. Sign in to go on\./));
			await all([desk, ...others], (other) => other.close());
		}
	});
	await t.test('signed out in another tab, the desk leads to where one signs in, and back to the desk', async () => {
		await signIn(page, server, '/staff/sign-in', MONITOR);
		const [desk, ...others] = await openPages(context, server);
		await page.click('form[action="/staff/sign-out"] button');
		await isTold(page, /You have signed out\./);
		await isTold(desk, /You have signed out, or were signed out\. Sign in to go on\./);
		await look(desk, 'signed-out');
		await desk.fill('input[name=email]', MONITOR);
		await desk.fill('input[name=password]', 'sample-visit-2026');
		await desk.click('main form button[type=submit]');
		await desk.waitForURL(`${server.base}/staff/desk`, { timeout: PATIENT_MS });
		await all(others, (other) => isTold(other, /Sign in to go on/));
	});
});
