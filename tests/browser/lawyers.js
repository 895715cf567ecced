/*
 * lawyers.js - what tests do on the pages of lawyers, and what lets these be tried at any hour: rules
 * of Wandsworth, set on its own pages.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { until } from './browsers.js';
import { ask } from './server.js';

export const SOLICITOR = 'solicitor@hale.example';
export const BARRISTER = 'barrister@temple.example';
export const INTERPRETER = 'interpreter@words.example';
export const CLIENTS = {
	okoro: { number: 'A1234BC', born: [12, 4, 1988] },
	reed: { number: 'A2345CD', born: [3, 9, 1992] },
};
const DAY_MS = 86_400_000;
/* A sweep of the waiting list begins twice a minute. */
const OFFERED_MS = 120_000;

/** A day from now on, as people in London write it: [day, month, year]. */
export function dayIn(days) {
	const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'numeric', year: 'numeric' })
		.formatToParts(Date.now() + days * DAY_MS);
	return ['day', 'month', 'year'].map((type) => parts.find((part) => part.type === type).value);
}

/** Presses a button, or follows a link, and waits for the page after it. */
export async function send(page, button = 'main form button[type=submit]') {
	await Promise.all([page.waitForEvent('framenavigated'), page.locator(button).first().click()]);
	await page.waitForLoadState('load');
}

/** The administrator of a prison changes a rule, from now on. */
export async function setRule(admin, server, name, value) {
	await admin.goto(`${server.base}/staff/rules/${name}`);
	await admin.fill('input[name=value]', value);
	await admin.fill('textarea[name=reason]', 'For this test');
	await send(admin);
	await send(admin, 'main form button:has-text("Save")');
	assert.match(admin.url(), /done=/);
}

/** People are asked at night, too. */
export async function offerAtAnyHour(admin, server) {
	await setRule(admin, server, 'offer_from_minute', '00:00');
	await setRule(admin, server, 'offer_until_minute', '23:59');
}

/** Asks for 45 minutes about a hearing in three weeks, with others; when the times that are shown begin, in seconds. */
export async function findTimes(page, server, { number, born }, others = []) {
	await page.goto(`${server.base}/legal`);
	await page.fill('input[name=number]:not([type=hidden])', number);
	for (const [name, date] of [['born', born], ['deadline', dayIn(21)]])
		for (const [i, part] of ['day', 'month', 'year'].entries())
			await page.fill(`input[name=${name}-${part}]:not([type=hidden])`, String(date[i]));
	await page.check('input[name=cause][value=HEARING]');
	await page.check('input[name=minutes][value="45"]');
	await page.fill('textarea[name=others]', others.join('\n'));
	await send(page, 'main button:has-text("Find times")');
	return page.locator('main input[name=time]').evaluateAll((times) => times.map((time) => Number(time.value.split('-')[0])));
}

/** Takes one of the times that findTimes() showed; the reference of the visit. */
export async function takeTime(page, which = 0) {
	await page.locator('main details.pvl-day').evaluateAll((days) => days.forEach((day) => { day.open = true; }));
	await page.locator('main input[name=time]').nth(which).check();
	await send(page, 'main button[name=take]');
	assert.match(page.url(), /\/visits\/\w+\?done=legal_booked/);
	return new URL(page.url()).pathname.split('/')[2];
}

/** Asks for an earlier time than that of the visit whose page is shown. */
export async function askEarlier(page) {
	await send(page, 'main a:has-text("Ask for an earlier time")');
	await send(page);
	assert.match(page.url(), /\/waiting\?done=waiting_earlier/);
}

/** The first offer to whom that address belongs: the path that their message bears (web/offer_page.h). */
export async function offerPath(server, email) {
	const { answer: [offer] } = await until('an offer is made', () => {
		const made = ask(server, `SELECT CAST(o.id AS TEXT) AS id, CAST(o.booker AS TEXT) AS booker FROM waiting_offer o JOIN account a ON a.id = o.booker WHERE a.email = '${email}' AND o.state = 'OPEN'`);
		return made.length > 0 && made;
	}, OFFERED_MS, 500);
	const [{ key }] = ask(server, "SELECT hex(value) AS key FROM shared_secret WHERE name = 'message'");
	const proof = createHmac('sha256', Buffer.from(key, 'hex')).update(`offer ${offer.id} ${offer.booker}`).digest('hex').slice(0, 32);
	return `/offers/${offer.id}/${proof}`;
}
