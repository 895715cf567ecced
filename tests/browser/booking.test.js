/*
 * booking.test.js - from a new account to a booked and cancelled visit: with script, without it, and
 * by keyboard alone.  A family creates an account, adds the prisoner and two more visitors, staff
 * approve two and refuse one, the family books a free time, keeps it in a calendar, and cancels.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { openChromium } from './browsers.js';
import { look, signIn } from './look.js';
import { startServer } from './server.js';

const PASSWORD = 'three random words';
const PRISONER = { number: 'A2345CD', name: 'Thomas Reed', born: [3, 9, 1992] };
const LONG = 'Gwenllïan Angharad ferch-Llywelyn-ap-Gruffydd o’r Ŵyddgrug a Phenrhyndeudraeth';

/* ---- how one fills a form: by pointing, or by keyboard ---- */

/** Points and types, as Playwright does. */
function byPointer(page) {
	return {
		page,
		open: (path) => page.goto(path),
		type: async (name, text) => {
			const field = page.locator(`main [name="${name}"]`);
			const options = await field.locator('option').allInnerTexts();
			await (options.length ? field.selectOption({ label: options.find((o) => o.toLowerCase() === text) }) : field.fill(String(text)));
		},
		choose: (text) => page.locator('main label', { hasText: text }).first().click(),
		follow: (text) => leave(page, () => page.locator('main a', { hasText: text }).first().click()),
		press: (text) => leave(page, () => page.locator('main button[type=submit]', { hasText: text }).first().click()),
		unfold: () => page.locator('main details.pvl-day summary').last().click(),
	};
}

/** Goes to the next page, whatever its address. */
async function leave(page, act) {
	await Promise.all([page.waitForEvent('framenavigated'), act()]);
	await page.waitForLoadState('load');
}

/** What has the focus, and whether one sees that it has. */
function focused(page) {
	return page.evaluate(() => {
		const element = document.activeElement;
		const style = getComputedStyle(element);
		const label = element.labels?.[0];
		const marked = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none';
		const around = label ? getComputedStyle(label, '::before') : style;
		return {
			name: element.getAttribute('name') ?? '', text: (label ?? element).textContent.trim().replace(/\s+/g, ' '),
			tag: element.tagName, type: element.getAttribute('type') ?? '', id: element.id, href: element.getAttribute('href') ?? '',
			inMain: Boolean(element.closest('main')), seen: marked(style) || marked(around), checked: Boolean(element.checked),
		};
	});
}

/** Tab, until what is wanted has the focus; every stop on the way must be visible. */
async function tabTo(page, wanted, what) {
	for (let steps = 0; steps < 80; steps++) {
		await page.keyboard.press('Tab');
		const at = await focused(page);
		if (at.tag !== 'BODY')
			assert.ok(at.seen, `one does not see the focus on ${at.tag} ${at.name} ${at.text.slice(0, 40)}`);
		if (wanted(at))
			return at;
	}
	return assert.fail(`Tab does not come to ${what}`);
}

/** Never touches a pointer. */
function byKeyboard(page) {
	const enter = (wanted, what) => tabTo(page, wanted, what).then(() => leave(page, () => page.keyboard.press('Enter')));
	return {
		page,
		open: (path) => page.goto(path),
		type: async (name, text) => {
			await tabTo(page, (at) => at.name === name, `the field ${name}`);
			await page.keyboard.type(String(text));
		},
		choose: async (text) => {
			const at = await tabTo(page, (at) => ['radio', 'checkbox'].includes(at.type), text);
			for (let steps = 0; steps < 20 && !(await focused(page)).text.includes(text); steps++)
				await page.keyboard.press(at.type === 'radio' ? 'ArrowDown' : 'Tab');
			assert.ok((await focused(page)).text.includes(text), `no key comes to ${text}`);
			if (!(await focused(page)).checked)
				await page.keyboard.press('Space');
		},
		follow: (text) => enter((at) => at.tag === 'A' && at.inMain && at.text.includes(text), `the link ${text}`),
		press: (text) => enter((at) => at.tag === 'BUTTON' && at.inMain && at.text.includes(text), `the button ${text}`),
		unfold: async () => {
			await tabTo(page, (at) => at.tag === 'SUMMARY' && at.text.includes('free'), 'a day');
			await tabTo(page, (at) => at.tag === 'SUMMARY' && at.text.includes('free'), 'the next day');
			await page.keyboard.press('Enter');
		},
	};
}

/* ---- the walk ---- */

async function typeDate(hand, [day, month, year]) {
	await hand.type('born-day', day);
	await hand.type('born-month', month);
	await hand.type('born-year', year);
}

async function createAccount(hand, base, email) {
	await hand.open(`${base}/account/new`);
	await hand.type('name', 'Mair Reed');
	await typeDate(hand, [19, 3, 1966]);
	await hand.type('email', email);
	await hand.type('password', PASSWORD);
	await hand.press('Create account');
	if (new URL(hand.page.url()).pathname === '/sign-in') {
		await hand.type('email', email);
		await hand.type('password', PASSWORD);
		await hand.press('Sign in');
	}
	assert.equal(new URL(hand.page.url()).pathname, '/home');
}

async function addPeople(hand) {
	await hand.follow('Add a person in prison');
	await hand.type('number', PRISONER.number);
	await hand.type('name', PRISONER.name);
	await typeDate(hand, PRISONER.born);
	await hand.type('relationship', 'mother');
	await hand.press('Send request');
	for (const [name, born, relationship] of [['Siân Reed', [21, 10, 2017], 'daughter'], [LONG, [2, 1, 1990], 'friend']]) {
		await hand.follow('Add another visitor');
		await hand.type('name', name);
		await typeDate(hand, born);
		await hand.type('relationship', relationship);
		await hand.press('Send request');
	}
	const text = await hand.page.innerText('main');
	assert.equal(text.match(/Waiting for approval/g)?.length, 3, text);
	assert.ok(text.includes(LONG), 'the name stands as it was typed');
}

/** Staff approve the mother and the child, and refuse the friend with a reason. */
async function decide(staff, base) {
	for (const [name, approve] of [['Mair Reed', true], ['Siân Reed', true], [LONG, false]]) {
		await staff.open(`${base}/staff/approvals`);
		await staff.follow(name);
		if (!approve) {
			await staff.choose('Do not approve');
			await staff.press('Save decision');
			assert.match(await staff.page.innerText('.govuk-error-summary'), /Enter a reason/);
		}
		await staff.choose(approve ? 'Approve' : 'Do not approve');
		if (!approve) {
			await staff.choose('We could not confirm who they are');
			await staff.type('reason', 'Seen by two officers; the card was not hers.');
		}
		if (approve && (await staff.page.innerText('main')).includes('No photos have been sent'))
			await staff.choose('I have seen who this person is in another way, for example at the prison');
		await staff.press('Save decision');
		assert.match(await staff.page.innerText('main'), approve ? /has been approved/ : /has not been approved/);
	}
}

/** The lines of a calendar file, unfolded, as {name: value}; parameters are left off. */
function parseCalendar(text) {
	assert.match(text, /^BEGIN:VCALENDAR\r\n/);
	assert.match(text, /END:VCALENDAR\r\n$/);
	const lines = text.replace(/\r\n[ \t]/g, '').trim().split('\r\n');
	for (const line of text.split('\r\n'))
		assert.ok(Buffer.byteLength(line) <= 75, `a line of ${Buffer.byteLength(line)} bytes`);
	const event = lines.slice(lines.indexOf('BEGIN:VEVENT'), lines.indexOf('BEGIN:VALARM'));
	return Object.fromEntries(event.map((line) => line.split(/[;:]/, 1)[0]).map((name, i) => [name, event[i].slice(event[i].indexOf(':') + 1)]));
}

const stamp = (text) => Date.UTC(+text.slice(0, 4), +text.slice(4, 6) - 1, +text.slice(6, 8), +text.slice(9, 11), +text.slice(11, 13), +text.slice(13, 15));

async function checkCalendar(hand, base, reference) {
	const href = await hand.page.getAttribute('main a[href$="calendar.ics"]', 'href');
	const answer = await hand.page.context().request.get(base + href);
	assert.match(answer.headers()['content-type'], /^text\/calendar/);
	const event = parseCalendar(await answer.text());
	assert.equal(stamp(event.DTEND) - stamp(event.DTSTART), 30 * 60_000, JSON.stringify(event));
	assert.ok(stamp(event.DTSTART) > Date.now(), event.DTSTART);
	assert.ok(event.DESCRIPTION.includes(reference), event.DESCRIPTION);
	assert.ok(event.UID && event.SUMMARY && event.URL.includes('/visits/'), JSON.stringify(event));
}

async function book(hand, base) {
	await hand.open(`${base}/book`);
	await hand.choose(PRISONER.name);
	await hand.press('Continue');
	assert.ok(!(await hand.page.innerText('main form')).includes(LONG), 'who is not approved cannot be chosen');
	await hand.choose('Mair Reed');
	await hand.choose('Siân Reed');
	await hand.press('Continue');
	await hand.unfold();
	await hand.choose('min');
	await hand.press('Continue');
	const answers = await hand.page.innerText('main');
	for (const part of ['Check your answers', PRISONER.name, 'Mair Reed', 'Siân Reed', '30 minutes'])
		assert.ok(answers.includes(part), `${part}: ${answers}`);
	await hand.press('Book visit');
	const [reference] = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b/.exec(await hand.page.innerText('.govuk-panel')) ?? assert.fail('no reference');
	await checkCalendar(hand, base, reference);
	return reference;
}

async function cancel(hand, base) {
	await hand.follow('See this visit');
	await hand.follow('Cancel this visit');
	await hand.type('why', 'We are ill.');
	await hand.press('Cancel visit');
	assert.match(await hand.page.innerText('main'), /Your visit has been cancelled/);
	assert.match(await hand.page.innerText('main'), /Minutes given back\s+30/);
	await hand.open(`${base}/home`);
	assert.match(await hand.page.innerText('main'), /You have no upcoming visits/);
}

async function wholeWalk(server, family, staff, email, pictures) {
	const { base } = server;
	await createAccount(family, base, email);
	if (pictures)
		await look(family.page, 'new-account-home');
	await addPeople(family);
	await decide(staff, base);
	await family.open(`${base}/home`);
	if (pictures)
		await look(family.page, 'new-account-decided');
	const text = await family.page.innerText('main');
	assert.equal(text.match(/\bApproved\b/g)?.length, 2, text);
	assert.match(text, /did not approve this visitor/);
	assert.match(text, /staff could not confirm who they are/, 'the reason that was chosen is told');
	assert.ok(!text.includes('two officers'), 'what staff wrote is for staff');
	await book(family, base);
	if (pictures)
		await look(family.page, 'new-account-booked');
	await cancel(family, base);
}

test('a visit is booked from a new account', { timeout: 300_000 }, async (t) => {
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 300);
	const browser = await openChromium(5);
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const newPage = async (options = {}) =>
		(await browser.newContext({ viewport: { width: 1024, height: 768 }, locale: 'en-GB', ...options })).newPage();
	const staff = byPointer(await newPage());
	await signIn(staff.page, server, '/staff/sign-in', 'contacts@wandsworth.example');

	await t.test('with a pointer', { timeout: 90_000 }, async () =>
		wholeWalk(server, byPointer(await newPage()), staff, 'mair.one@family.example', true));

	await t.test('without script', { timeout: 90_000 }, async () => {
		const plain = byPointer(await newPage({ javaScriptEnabled: false }));
		const plainStaff = byPointer(await newPage({ javaScriptEnabled: false }));
		await signIn(plainStaff.page, server, '/staff/sign-in', 'governor@wandsworth.example');
		await wholeWalk(server, plain, plainStaff, 'mair.two@family.example', false);
	});

	await t.test('by keyboard alone', { timeout: 120_000 }, async () =>
		wholeWalk(server, byKeyboard(await newPage()), staff, 'mair.three@family.example', false));

	await t.test('the first Tab offers to skip to the content', { timeout: 20_000 }, async () => {
		const page = await newPage();
		await page.goto(`${server.base}/help`);
		await page.keyboard.press('Tab');
		assert.equal((await focused(page)).href, '#main-content');
		await page.keyboard.press('Enter');
		await page.keyboard.press('Tab');
		const { inMain, href } = await focused(page);
		assert.ok(inMain || href === '/help', `past the header: ${href}`);
	});

	await t.test('the list of mistakes takes the focus and leads to each field', { timeout: 30_000 }, async () => {
		const page = await newPage();
		const hand = byKeyboard(page);
		await hand.open(`${server.base}/account/new`);
		await hand.press('Create account');
		assert.match(await page.title(), /^Error: /);
		assert.ok(await page.evaluate(() => document.activeElement.classList.contains('govuk-error-summary')), 'the summary has the focus');
		const links = await page.locator('.govuk-error-summary a').evaluateAll((all) => all.map((a) => a.getAttribute('href').slice(1)));
		assert.equal(links.length, 4);
		for (const id of links) {
			await page.evaluate(() => document.querySelector('.govuk-error-summary').focus());
			await tabTo(page, (at) => at.href === `#${id}`, `the mistake of ${id}`);
			await page.keyboard.press('Enter');
			assert.equal((await focused(page)).id, id);
		}
		await look(page, 'mistakes');
	});

	await t.test('at 400% zoom nothing is lost', { timeout: 30_000 }, async () => {
		/* 1280 × 1024 at 400% is 320 × 256 pixels of the page, each of them four. */
		const page = await newPage({ viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 });
		await signIn(page, server, '/sign-in', 'amina@family.example');
		for (const path of ['/', '/help', '/home', '/book', '/prisoners/new', '/account/new', '/prisons']) {
			await page.goto(server.base + path);
			const lost = await page.evaluate(() => [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main h1, main p')]
				.filter((e) => e.getClientRects().length > 0 && !e.closest('.govuk-visually-hidden'))
				.filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
				.map((e) => `${e.tagName} ${e.textContent.trim().slice(0, 30)}`));
			assert.deepEqual(lost, [], path);
			assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
		}
	});
});
