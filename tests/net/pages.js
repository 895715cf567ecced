/*
 * pages.js - a visit of the sample estate on the service's own pages, the visitor's beyond a line.
 */
import { openPage, until } from '../browser/browsers.js';
import { signIn } from '../browser/look.js';
import { openLine } from '../browser/server.js';

export const PRISONER = 1;
export const VISITOR = 2;

export const mediaOf = (page) => page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media ?? '');
/** What the page says of the way; '': nothing. */
export const pathOf = (page) => page.evaluate(() => document.querySelector('[data-slot=path]:not([hidden])')?.textContent ?? '');

export function sees(page, who) {
	return until(`sees person ${who}`, async () =>
		await page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown'))?.who) === who, 20_000);
}

/** Packets of sound that came so far, over whatever connection stands. */
export function soundOf(page) {
	return page.evaluate(async () => {
		let packets = 0;
		for (const pc of globalThis.connections)
			for (const s of (await pc.getStats()).values())
				if (s.type === 'inbound-rtp' && s.kind === 'audio')
					packets += s.packetsReceived;
		return packets;
	});
}

const standing = (page, ms) => until('media stands', async () => await mediaOf(page) === 'connected', ms, 20);

async function joinVisitor(page, origin, reference) {
	await signIn(page, { base: origin }, '/sign-in', 'amina@family.example');
	await page.goto(`${origin}/visits/${reference}/room`);
	await page.click('[data-action=join]');
	return (await standing(page, 20_000)).ms;
}

async function joinTerminal(page, server) {
	await page.goto(`${server.base}/terminal`);
	await page.fill('input[name=code]', /enrolment code (\S+)/.exec(server.said)[1]);
	await page.click('form[data-slot=form] button');
	await page.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 20_000 });
	await page.click('[data-action=begin]');
	await standing(page, 20_000);
}

async function admit(page, server, reference) {
	await signIn(page, server, '/staff/sign-in', 'monitor@wandsworth.example');
	await page.goto(`${server.base}/staff/visits/${reference}/watch`);
	for (let left = 5; left > 0 && await page.locator('form[action$="/admit"] button').count() > 0; left--)
		await Promise.all([page.waitForNavigation(), page.locator('form[action$="/admit"] button').first().click()]);
}

/**
 * Until both see each other.  address: of the pages, for the visitor; more.args: of the visitor's browser, more.init: before the scripts of either page; .took: ms from
 * the visitor's click until media stood; .close() closes all.
 */
export async function meetOnPages(line, server, address, more = {}) {
	const open = [];
	const opening = async (who, more) => open[open.push(await openPage('chromium', who, more)) - 1].page;
	const pages = openLine(server, server.port + 6, {}, address);
	const origin = `http://${address}:${server.port + 6}`;
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const close = async () => {
		await Promise.all(open.map((one) => one.browser.close()));
		pages.close();
	};
	try {
		const visitor = await opening(VISITOR, {
			executable: line.program('/usr/bin/chromium'), args: [`--unsafely-treat-insecure-origin-as-secure=${origin}`, ...more.args ?? []],
			init: more.init,
		});
		const prisoner = await opening(PRISONER, { init: more.init });
		const took = await joinVisitor(visitor, origin, reference);
		await joinTerminal(prisoner, server);
		const staff = await opening(3);
		await admit(staff, server, reference);
		await open.pop().browser.close();
		await sees(visitor, PRISONER);
		await sees(prisoner, VISITOR);
		return { visitor, prisoner, reference, origin, took, close };
	} catch (error) {
		await close();
		throw error;
	}
}
