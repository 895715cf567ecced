/*
 * places.test.js - a family in three places: the prisoner, one visitor in Chromium with an account, one in
 * Firefox by a personal link, and one whom staff refuse.  Each sees and hears both others, a reload
 * comes back to the same seat, and the refusal ends nothing for anybody else.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { openPage, until } from './browsers.js';
import { look, signIn } from './look.js';
import { ask, startServer } from './server.js';

const PRISONER = 1;
const AMINA = 2;
const GRACE = 4;
const PORT = 18870;

/** Two more adults on that visit, as booking them would have written it. */
function addAdults(server, reference) {
	const adult = (person, name, born) => `
		INSERT INTO person (id, booker, name, born) SELECT ${person}, booker, '${name}', ${born} FROM visit WHERE reference = '${reference}';
		INSERT INTO visit_visitor (visit, kind, person, lead, admitted_at, refused_reason, adult)
			SELECT id, kind, ${person}, 0, 0, '', 1 FROM visit WHERE reference = '${reference}';`;
	execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'pvl.db'),
		`BEGIN IMMEDIATE; ${adult(7001, 'Grace Okafor', -3000)} ${adult(7002, 'Omar Siddiqui', -2000)} COMMIT;`]);
}

/** Whom this page shows now, in the order of their numbers. */
const company = (page) => page.evaluate(() => [...document.querySelectorAll('.pvl-person__picture--shown')]
	.map((video) => globalThis.readPicture(video)?.who).filter(Boolean).sort());

async function seesAll(page, whom, timeout_ms = 20_000) {
	const wanted = JSON.stringify(whom);
	await until(`sees ${wanted}`, async () => {
		const now = JSON.stringify(await company(page));
		return now === wanted || Promise.reject(new Error(`${now} ${await said(page)}`));
	}, timeout_ms, 50);
}

const said = (page) => page.evaluate(() => document.querySelector('[data-slot=status]')?.textContent ?? '');

/** The loudness that came so far, by stream. */
const loudness = (page) => page.evaluate(async () => {
	const out = {};
	const standing = globalThis.connections.filter((pc) => pc.connectionState === 'connected');
	for (const entry of (await standing.at(-1)?.getStats() ?? new Map()).values())
		if (entry.type === 'inbound-rtp' && entry.kind === 'audio')
			out[entry.ssrc] = entry.totalAudioEnergy ?? 0;
	return out;
});

/** So many voices go on, from one second to the next. */
async function hearsVoices(page, count) {
	let before = await loudness(page);
	await until(`hears ${count} voices`, async () => {
		const [then, now] = [before, await loudness(page)];
		before = now;
		const louder = Object.keys(now).filter((ssrc) => now[ssrc] - (then[ssrc] ?? 0) > 0.001);
		return louder.length === count || Promise.reject(new Error(JSON.stringify([then, now])));
	}, 15_000, 1000);
}

/** Which seat shows that person, on this page. */
const seatOf = (page, who) => page.evaluate((who) => [...document.querySelectorAll('.pvl-person[data-end]')]
	.find((figure) => globalThis.readPicture(figure.querySelector('video'))?.who === who)?.dataset.end, who);

const inMedia = (page) => until('media stands', async () =>
	await page.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media) === 'connected', 15_000);

/** A link for that visitor, from the booker's page. */
async function linkFor(page, name) {
	await page.goto(`${page.url().replace(/\/links.*/, '')}/links`);
	await page.locator('.pvl-card', { hasText: name }).locator('form button.govuk-button').click();
	return page.locator('a.pvl-break').getAttribute('href');
}

async function openLink(page, link) {
	await page.goto(link);
	await page.click('main form button[type=submit]');
	await page.waitForURL(/\/room\/people$/);
}

/** Alone at this device, into the lobby. */
async function joinAlone(page) {
	for (const box of await page.locator('input[type=checkbox]:checked').all())
		await box.uncheck();
	await page.click('main form button[type=submit]');
	await page.waitForURL(/\/room$/);
	await page.click('[data-action=join]');
	await inMedia(page);
}

test('a visit of three places', { timeout: 170_000 }, async (t) => {
	const server = await startServer(PORT);
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	const code = /enrolment code (\S+)/.exec(server.said)[1];
	addAdults(server, reference);
	const opened = await Promise.all([openPage('chromium', AMINA), openPage('firefox', GRACE), openPage('chromium', PRISONER)]);
	const [amina, grace, terminal] = opened.map((o) => o.page);
	const omar = await (await opened[0].browser.newContext()).newPage();
	const staff = await (await opened[2].browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
	t.after(async () => {
		await Promise.all(opened.map((o) => o.browser.close()));
		await server.stop();
	});
	const step = (name, run) => t.test(name, { timeout: 60_000 }, run);
	const watch = `${server.base}/staff/visits/${reference}/watch`;
	/** The card of that visitor on the page of staff. */
	const card = (name) => staff.locator('.pvl-card', { has: staff.getByRole('heading', { name, exact: true }) });

	await step('the booker makes a link for each adult elsewhere', async () => {
		await signIn(amina, server, '/sign-in', 'amina@family.example');
		await amina.goto(`${server.base}/visits/${reference}/links`);
		await look(amina, 'places-links');
		const first = await linkFor(amina, 'Grace');
		await look(amina, 'places-link');
		const second = await linkFor(amina, 'Omar');
		await omar.goto(second);
		await look(omar, 'places-code');
		await Promise.all([openLink(grace, first), openLink(omar, second)]);
		await look(omar, 'places-people');
	});
	await step('each says who sits there and waits in the lobby', async () => {
		await joinAlone(grace);
		await joinAlone(omar);
		await amina.goto(`${server.base}/visits/${reference}/room`);
		await amina.waitForURL(/\/room\/people$/);
		await joinAlone(amina);
		await terminal.goto(`${server.base}/terminal`);
		await terminal.fill('input[name=code]', code);
		await terminal.click('form[data-slot=form] button');
		await terminal.waitForSelector('[data-panel=due]:not([hidden])', { timeout: 10_000 });
		await terminal.click('[data-action=begin]');
		await inMedia(terminal);
		for (const page of [amina, grace, omar, terminal])
			assert.deepEqual(await company(page), [], 'nobody is seen before admission');
	});
	await step('staff see each device beside its names, admit two and refuse one', async () => {
		await staff.addInitScript(`globalThis.readPicture = ${(await import('./picture.js')).readPicture}`);
		await signIn(staff, server, '/staff/sign-in', 'monitor@wandsworth.example');
		await staff.goto(watch);
		await until('three live pictures beside three devices', () => staff.evaluate(() =>
			document.querySelectorAll('[data-place] .pvl-person__picture--shown').length === 3), 20_000);
		await look(staff, 'places-staff');
		for (const name of ['Grace Okafor', 'Amina Okoro'])
			await Promise.all([staff.waitForNavigation(), card(name).locator('form[action$="/admit"] button').click()]);
		await card('Omar Siddiqui').locator('summary').click();
		await card('Omar Siddiqui').locator('textarea').fill('The picture does not match.');
		await Promise.all([staff.waitForNavigation(), card('Omar Siddiqui').locator('form[action$="/refuse"] button').click()]);
	});
	await step('who is refused is told why', async () => {
		await until('told', async () => await omar.evaluate(() => document.querySelector('.pvl-visit').dataset.phase === 'over'
			&& /does not match/.test(document.querySelector('[data-slot=why]').textContent)));
	});
	await step('each sees and hears both others', async () => {
		await Promise.all([seesAll(terminal, [AMINA, GRACE]), seesAll(amina, [PRISONER, GRACE]), seesAll(grace, [PRISONER, AMINA])]);
		await Promise.all([terminal, amina, grace].map((page) => hearsVoices(page, 2)));
		await look(amina, 'places-live');
		await look(terminal, 'places-terminal', { again: true });
		await staff.goto(`${server.base}/staff/visits/${reference}/watch`); // once it is live, with a purpose
		await staff.fill('.pvl-visit__purpose input[name=words]', 'My visits today');
		await staff.click('.pvl-visit__purpose button[type=submit]');
		await seesAll(staff, [PRISONER, AMINA, GRACE]);
		await look(staff, 'places-watch', { again: true });
	});
	await step('a reload comes back to the same seat', async () => {
		const before = await seatOf(terminal, GRACE);
		await grace.reload({ waitUntil: 'commit' });
		await seesAll(grace, [PRISONER, AMINA]);
		await seesAll(terminal, [AMINA, GRACE]);
		assert.equal(await seatOf(terminal, GRACE), before);
		await hearsVoices(amina, 2);
	});
	await step('one who leaves ends nothing for the others', async () => {
		await amina.click('[data-action=leave]');
		await seesAll(terminal, [GRACE]);
		await seesAll(grace, [PRISONER]);
		await hearsVoices(terminal, 1);
		const [visit] = ask(server, `SELECT state FROM visit WHERE reference = '${reference}'`);
		assert.equal(visit.state, 'LIVE');
	});
});
