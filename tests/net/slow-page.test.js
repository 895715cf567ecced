/*
 * slow-page.test.js - what the page of a visit says and does on a line that becomes slow, for somebody who
 * wants less data, and where the line carries nothing any more: on the service's own pages.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openPage, until } from '../browser/browsers.js';
import { setRule } from '../browser/lawyers.js';
import { TELEPHONE as TELEPHONES, TERMINAL, callFits, inSight, look, signIn } from '../browser/look.js';
import { startServer } from '../browser/server.js';
import { NEAR, layLine } from './line.js';
import { PRISONER, mediaOf, meetOnPages, sees } from './pages.js';

const PORT = Number(process.env.PVL_PORT ?? 43800);
const GOOD = 'rate=2000k queue=300 delay=20';
const SLOW = 'rate=70k queue=300 delay=20';
const SLOWEST = 'rate=24k queue=300 delay=20';
const MEASURED_S = 3;
const USUAL_BPS = 80_000; // the film alone, however good the line
const LESS_BPS = 65_000; // 52 kbit/s is what the tier takes
const ALONE_BPS = 45_000;
const NUMBER = { telephone_number: '443301234567', telephone_code: '471188' };

const ENGLISH = {
	slow: 'Your connection is slow. We are keeping the sound clear.',
	worse: [
		'Your connection is very slow. A new picture comes about once a second. We are keeping the sound clear.',
		'Your connection is too slow for pictures now. You can still hear each other.',
	],
	good: 'Your connection is good again.',
	otherGood: 'Their connection is good again.',
	less: 'You chose to use less data. Pictures are slower, the sound stays clear.',
	otherLess: 'They chose to use less data, so they see a slower picture of you. The sound stays clear.',
	sound: 'You chose sound only. No picture is sent or shown.',
	otherSound: 'They chose sound only, so no picture of you is sent to them.',
	telephone: 'The visit cannot reach you now. You can go on by telephone. Call: 0330 123 4567 Then enter this code: 471188',
};
const OF_LINES = /connection is (too |very )?slow|good again/;

/** Runs before the scripts of a page: said[] is all that a screen reader was given to say. */
function keepSaid() {
	globalThis.said = [];
	new MutationObserver((changes) => {
		for (const { target } of changes)
			if (target instanceof Element && target.matches('[aria-live=polite][data-slot=announce]'))
				globalThis.said.push(target.textContent);
	}).observe(document, { subtree: true, childList: true });
}

const saidOn = (page) => page.evaluate(() => globalThis.said.splice(0));
const shownOn = (page, slot) => page.evaluate((slot) => document.querySelector(`[data-slot="${slot}"]:not([hidden])`)?.textContent.replace(/\s+/g, ' ').trim() ?? '', slot);
const isPressed = (page, action) => page.getAttribute(`[data-action=${action}]`, 'aria-pressed');
const seconds = (s) => new Promise((done) => setTimeout(done, s * 1000));

function shows(page, text, ms = 25_000) {
	return until(`the page says: ${text || 'nothing'}`, async () => await shownOn(page, 'quality') === text || Promise.reject(new Error(await shownOn(page, 'quality'))), ms);
}

/** What a page gets and sends, bit/s, at the IP level but for its headers. */
async function traffic(page, s = MEASURED_S) {
	const count = () => page.evaluate(async () => {
		const sum = { got: 0, sent: 0, pictures: 0 };
		for (const pc of globalThis.connections)
			for (const entry of (await pc.getStats()).values()) {
				if (entry.type === 'transport') {
					sum.got += entry.bytesReceived ?? 0;
					sum.sent += entry.bytesSent ?? 0;
				}
				if (entry.type === 'outbound-rtp' && entry.kind === 'video')
					sum.pictures += entry.framesSent ?? 0;
			}
		return sum;
	});
	const from = await count();
	await seconds(s);
	const to = await count();
	return { got: 8 * (to.got - from.got) / s, sent: 8 * (to.sent - from.sent) / s, pictures: (to.pictures - from.pictures) / s };
}

async function setRules(server, rules) {
	const { page, browser } = await openPage('chromium', 3);
	await signIn(page, server, '/staff/sign-in', 'admin@wandsworth.example');
	for (const [name, value] of Object.entries(rules))
		await setRule(page, server, name, value);
	await browser.close();
}

/** The visit's page in a browser that knows no video visits, which has nothing left but the telephone. */
async function pageWithoutVideo(visitor, origin, reference) {
	const page = await visitor.context().newPage();
	await page.addInitScript(() => { delete globalThis.CompressionStream; });
	await page.goto(`${origin}/visits/${reference}/room`);
	await page.evaluate(() => sessionStorage.clear());
	await page.reload();
	await page.click('[data-action=join]');
	await until('it is told so', () => page.evaluate(() => document.querySelector('.pvl-visit').dataset.phase === 'over'));
	return page;
}

test('a page on a slow line', { timeout: 240_000 }, async (t) => {
	const line = await layLine(GOOD, GOOD);
	t.after(() => line.stop());
	const server = await startServer(PORT, { addresses: ['--media-address', NEAR] });
	t.after(() => server.stop());
	const visit = await meetOnPages(line, server, NEAR, { init: keepSaid });
	t.after(() => visit.close());
	const { visitor, prisoner, origin, reference } = visit;
	const both = async (ask) => [await ask(visitor), await ask(prisoner)];
	const step = (name, run) => t.test(name, { timeout: 80_000 }, run);

	await step('a good line is not spoken of', async () => {
		await seconds(6);
		for (const page of [visitor, prisoner]) {
			assert.deepEqual((await saidOn(page)).filter((text) => OF_LINES.test(text)), []);
			assert.equal(await shownOn(page, 'quality'), '');
		}
	});
	await step('who chooses less data, by the keyboard, gets and sends less', async (t) => {
		await until('it has climbed', async () => {
			const now = await traffic(visitor, 1);
			return Math.min(now.sent, now.got) > USUAL_BPS || Promise.reject(new Error(JSON.stringify(now)));
		}, 20_000);
		const before = await traffic(visitor);
		await visitor.focus('[data-action=less-data]');
		await visitor.keyboard.press('Space');
		assert.equal(await isPressed(visitor, 'less-data'), 'true');
		await shows(visitor, ENGLISH.less, 2000);
		await shows(prisoner, ENGLISH.otherLess, 15_000);
		await seconds(2);
		const less = await traffic(visitor);
		await look(visitor, 'visit-less-data', { again: true });
		await visitor.keyboard.press('Tab');
		assert.equal(await visitor.evaluate(() => document.activeElement.dataset.action), 'sound-only');
		await visitor.keyboard.press('Enter');
		assert.deepEqual([await isPressed(visitor, 'less-data'), await isPressed(visitor, 'sound-only')], ['false', 'true']);
		await shows(visitor, ENGLISH.sound, 2000);
		await shows(prisoner, ENGLISH.otherSound, 15_000);
		await seconds(1);
		const alone = await traffic(visitor);
		t.diagnostic(JSON.stringify({ before, less, alone }));
		for (const way of ['got', 'sent']) {
			assert.ok(before[way] > USUAL_BPS, `${way} before: ${before[way]}`);
			assert.ok(less[way] < LESS_BPS, `${way} less: ${less[way]}`);
			assert.ok(alone[way] > 5000 && alone[way] < ALONE_BPS, `${way} alone: ${alone[way]}`);
		}
		assert.ok(less.pictures > 2, 'pictures are still sent');
		assert.equal(alone.pictures, 0);
		assert.deepEqual((await saidOn(visitor)).filter((text) => OF_LINES.test(text)), [], 'the line is not blamed');
	});
	await step('that is kept when the page is loaded again, and goes when they want all', async () => {
		await visitor.reload();
		await until('it is back as it was', async () => await mediaOf(visitor) === 'connected' && await isPressed(visitor, 'sound-only') === 'true');
		await shows(visitor, ENGLISH.sound, 2000);
		await seconds(1);
		assert.equal((await traffic(visitor, 2)).pictures, 0, 'no picture goes out');
		await visitor.press('[data-action=sound-only]', 'Space');
		assert.equal(await isPressed(visitor, 'sound-only'), 'false');
		await sees(visitor, PRISONER);
	});
	await step('one that becomes slow is, in plain words, and a screen reader is not told all the time', async (t) => {
		await both(saidOn);
		line.become(SLOW);
		await seconds(10);
		await shows(visitor, ENGLISH.slow, 25_000);
		await until('the prisoner is told whose line it is', async () => /^Their connection is/.test(await shownOn(prisoner, 'quality')), 10_000);
		await callFits(visitor, TELEPHONES);
		await callFits(prisoner, TERMINAL);
		await look(visitor, 'visit-slow');
		const [here, there] = await both(saidOn);
		t.diagnostic(JSON.stringify({ here, there }));
		assert.ok(here.includes(ENGLISH.slow) && here.at(-1) === await shownOn(visitor, 'quality'));
		assert.ok(here.length <= 3, 'not each state that a line passes as it falls');
		assert.ok(there.length <= 2);
		assert.ok(here.every((text, i) => text !== here[i - 1]));
	});
	await step('again only when it changes', async (t) => {
		const before = await shownOn(visitor, 'quality');
		line.become(SLOWEST);
		await until('it is told what has become worse', async () => ENGLISH.worse.includes(await shownOn(visitor, 'quality')) && await shownOn(visitor, 'quality') !== before, 25_000);
		const here = await saidOn(visitor);
		t.diagnostic(JSON.stringify(here));
		assert.ok(here.length <= 2 && here.at(-1) === await shownOn(visitor, 'quality'));
		assert.ok((await traffic(visitor, 2)).got > 5000, 'sound still comes');
		await look(visitor, 'visit-slowest', { again: true });
	});
	await step('and taken back when the line is good', async (t) => {
		line.become(GOOD);
		await shows(visitor, '', 55_000);
		await shows(prisoner, '', 20_000);
		const [here, there] = await both(saidOn);
		t.diagnostic(JSON.stringify({ here, there }));
		assert.equal(here.at(-1), ENGLISH.good);
		assert.equal(there.at(-1), ENGLISH.otherGood);
		assert.ok(here.length <= 4, 'and not of each state on the way');
	});
	await step('no telephone is named where the prison has none', async () => {
		const page = await pageWithoutVideo(visitor, origin, reference);
		assert.equal(await shownOn(page, 'telephone'), '');
		await page.close();
	});
	await step('where nothing is carried any more, both are given the prison\'s number and code', async () => {
		await setRules(server, NUMBER);
		await Promise.all([visitor.reload(), prisoner.reload()]);
		for (const page of [visitor, prisoner])
			await until('both are back', async () => await mediaOf(page) === 'connected', 20_000);
		await sees(visitor, PRISONER);
		await both(saidOn);
		line.vanish();
		for (const page of [visitor, prisoner]) {
			await until('the telephone is named', async () => await shownOn(page, 'telephone') === ENGLISH.telephone, 30_000);
			assert.equal((await saidOn(page)).filter((text) => text === ENGLISH.telephone).length, 1, 'and said once');
		}
		assert.equal(await visitor.getAttribute('[data-slot=telephone] a', 'href'), 'tel:+443301234567');
		assert.equal(await prisoner.locator('[data-slot=telephone] a').count(), 0, 'a terminal calls nobody');
		await look(visitor, 'visit-telephone');
		await look(prisoner, 'terminal-telephone');
		await inSight(visitor, '[data-slot=telephone]', TELEPHONES);
		await inSight(prisoner, '[data-slot=telephone]', TERMINAL);
		line.appear();
		for (const page of [visitor, prisoner])
			await until('it goes when the visit goes on', async () => await mediaOf(page) === 'connected' && await shownOn(page, 'telephone') === '', 20_000);
	});
	await step('staff are told of a prison\'s line that does not carry even the sound of its visits', async (t) => {
		const { page, browser } = await openPage('chromium', 3);
		t.after(() => browser.close());
		await signIn(page, server, '/staff/sign-in', 'admin@wandsworth.example');
		await setRule(page, server, 'link_up_kbit', '20');
		await page.goto(`${server.base}/staff/live`);
		await until('the line is spoken of', () => page.locator('[data-slot=line-total]').innerText());
		assert.equal(await shownOn(page, 'line-short'), '');
		await prisoner.reload(); // a line is as the rules have it when somebody comes
		await until('staff are told', async () => / needs 5 kbit\/s more than it carries/.test(await shownOn(page, 'line-short')), 20_000);
		await look(page, 'staff-line-short', { again: true });
		await until('nobody is ended for it', async () => await mediaOf(prisoner) === 'connected' && await mediaOf(visitor) === 'connected');
	});
});
