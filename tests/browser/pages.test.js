/*
 * pages.test.js - every page of the route table, as every kind of person who may see it: axe finds
 * nothing, nothing scrolls sideways on a phone, and a picture of each is kept.
 *
 * The table is tests/web/routes.inc, which tests/web holds against the routes themselves.  A page
 * that is not walked here fails the last test.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, openChromium, until } from './browsers.js';
import { look, signIn } from './look.js';
import { ask, startServer } from './server.js';

/* What is not a page for people's eyes. */
/* Pages of identity stand only while photos are asked for or lie there: identity.test.js looks at them. */
const NO_PAGE = /\/identity(\/|$)|\/again$|\/photo\/|\/portrait\/|^\/(assets|health|ping|info|metrics|api|language|staff\/events)|\.ics$/;
/* The sample's visit is in the next half hour; the family's pages are looked at before it begins. */
const SLOT_MS = 30 * 60_000;
const BEFORE_SLOT_MS = 100_000;
const DESK = { viewport: { width: 1280, height: 900 }, locale: 'en-GB', permissions: ['camera', 'microphone'] };

const ROLES = {
	ROLE_FAMILY: 'family', ROLE_VISITS_CLERK: 'clerk', ROLE_MONITOR: 'monitor', ROLE_CONTACTS_AUTHORISER: 'contacts',
	ROLE_DUTY_GOVERNOR: 'governor', ROLE_PRISON_ADMIN: 'admin', ROLE_HQ_ANALYST: 'hq-analyst', ROLE_HQ_ADMIN: 'hq-admin',
	ROLE_OPERATOR: 'operator', ROLE_INSPECTOR: 'inspector',
};
const SIGN_INS = {
	family: 'amina@family.example', clerk: 'clerk@wandsworth.example', monitor: 'monitor@wandsworth.example',
	contacts: 'contacts@wandsworth.example', governor: 'governor@wandsworth.example', admin: 'admin@wandsworth.example',
	'hq-analyst': 'analyst@hq.example', 'hq-admin': 'admin@hq.example', operator: 'operator@hq.example',
	inspector: 'inspector@hq.example', 'two-roles': 'staff@leeds.example',
};
/* Pages that lead on at once for those who have nothing to choose on them. */
const LEADS_ON = {
	'/staff/role': (kind) => kind !== 'two-roles',
	'/staff/visits/{reference}/move': () => true, // somebody is in the lobby by then; looked at before
};
/* Nothing of the sample stands on these: a request, something entered about somebody, a child. */
const ELSEWHERE = ['/staff/requests/{reference}', '/staff/people/{number}/end/{kind}/{id}', '/staff/people/{number}/child/{person}'];
/* Headquarters and inspectors name the prison; its own staff need not. */
const NAMES_PRISON = /^\/staff\/(week|rules|rooms|sessions)/;

/** [{path, who: Set of kinds}] of the pages. */
function pagesOfTheTable() {
	const macros = Object.fromEntries(Object.entries(ROLES).map(([role, kind]) => [role, [kind]]));
	const kindsOf = (text) => text.match(/\w+/g).flatMap((word) => macros[word] ?? []);
	for (const [, name, text] of readFileSync(join(ROOT, 'tests/web/test_routes.c'), 'utf8').matchAll(/^#define (\w+)\s+(.*?)(?:\/\*.*)?$/gm))
		macros[name] = kindsOf(text);
	return [...readFileSync(join(ROOT, 'tests/web/routes.inc'), 'utf8').matchAll(/\{ "GET", "([^"]+)", (.*?) \}/g)]
		.filter(([, path]) => !NO_PAGE.test(path))
		.map(([, path, who]) => ({ path, who: who === 'ALL' ? ['public'] : [...new Set(kindsOf(who))] }));
}

/** A day without visits puts those of the day into the queue of reviews; the first one of it.  Before midnight the next visit is tomorrow's. */
async function excludeDayOfVisit(server, admin) {
	const [visit] = ask(server, "SELECT start_at FROM visit WHERE prison = 'WWI' ORDER BY start_at LIMIT 1");
	const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long' }).format(visit.start_at * 1000);
	await admin.goto(`${server.base}/staff/sessions/exclude`);
	await admin.fill('input[name=day]', day);
	await admin.check('input[name=session] >> nth=0');
	await admin.fill('textarea[name=reason]', 'Training');
	await admin.click('main form button[type=submit]');
	await admin.click('main form[action^="/staff/sessions/exclude"] button[type=submit]');
	await admin.goto(`${server.base}/staff/reviews`);
	return (await admin.getAttribute('main a[href^="/staff/reviews/"]', 'href')).split('/').pop();
}

/** What stands in the holes of a path: found on the pages themselves. */
async function findThings(server, { family, contacts, admin }) {
	const reference = /joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, '');
	await contacts.goto(`${server.base}/staff/approvals`);
	const contact = (await contacts.getAttribute('main a[href^="/staff/approvals/"]', 'href')).split('/').pop();
	await family.goto(`${server.base}/book`);
	await family.check('input[type=radio] >> nth=0');
	await family.click('main form button[type=submit]');
	await family.check('input[type=checkbox] >> nth=0');
	await family.click('main form button[type=submit]');
	await family.locator('details.pvl-day').last().evaluate((day) => { day.open = true; });
	await family.locator('input[name=time]').last().check();
	await family.click('main form button[type=submit]');
	const [, , prisoner, party, time] = new URL(family.url()).pathname.split('/');
	await admin.goto(`${server.base}/staff/terminals`);
	const terminal = (await admin.getAttribute('main a[href$="/retire"]', 'href')).split('/')[3];
	const review = await excludeDayOfVisit(server, admin);
	await admin.goto(`${server.base}/staff/sessions`);
	const session = (await admin.getAttribute('main td a[href^="/staff/sessions/"]', 'href')).split('/')[3];
	await admin.goto(`${server.base}/staff/rooms`);
	const room = (await admin.getAttribute('main .pvl-card a[href^="/staff/rooms/"]', 'href')).split('/')[3];
	const who = `SOCIAL-${party.split('-')[0]}`;
	return { terminal, code: 'WWI', reference, contact, prisoner, party, time, review, session, room, who, name: 'notice_days', number: 'A1234BC' };
}

/** Somebody waits in the lobby, so that there is something to watch. */
async function enterLobby(server, family, reference) {
	await family.goto(`${server.base}/visits/${reference}/room`);
	await family.click('[data-action=join]');
	await until('the lobby is entered', () => family.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media === 'connected'));
}

/** The pages that say no, as they are seen by whoever comes upon them. */
async function refusals(server, { public: stranger, clerk, family }) {
	const tried = async () => {
		let answer;
		for (let tries = 0; tries < 15 && answer?.status() !== 429; tries++) {
			await stranger.goto(`${server.base}/sign-in`);
			await stranger.fill('input[name=email]', 'nobody@family.example');
			await stranger.fill('input[name=password]', 'wrong-password');
			[answer] = await Promise.all([stranger.waitForResponse((r) => r.request().method() === 'POST'), stranger.click('main form button[type=submit]')]);
			await stranger.waitForLoadState();
		}
		return answer;
	};
	return [
		['404', stranger, 404, () => stranger.goto(`${server.base}/no-such-page`)],
		['404-family', family, 404, () => family.goto(`${server.base}/visits/00000000`)],
		['404-staff', clerk, 404, () => clerk.goto(`${server.base}/home`)],
		['403', clerk, 403, () => clerk.goto(`${server.base}/staff/audit`)],
		['429', stranger, 429, tried],
	];
}

function nameOf(kind, path) {
	return `${kind}${path.replace(/\{(\w+)\}/g, '$1').replace(/\//g, '-').replace(/-$/, '-start')}`;
}

test('every page, as everybody', { timeout: 700_000 }, async (t) => {
	const left_ms = SLOT_MS - Date.now() % SLOT_MS;
	if (left_ms < BEFORE_SLOT_MS)
		await new Promise((done) => setTimeout(done, left_ms + 1000));
	const server = await startServer(Number(process.env.PVL_PORT ?? 43100) + 200);
	const browser = await openChromium(4);
	const people = {};
	const inLobby = await openChromium(2);
	t.after(async () => {
		await Promise.all([browser.close(), inLobby.close()]);
		await server.stop();
	});
	for (const kind of ['public', ...Object.keys(SIGN_INS)])
		people[kind] = await (await browser.newContext(DESK)).newPage();
	const complaints = [];
	for (const [kind, page] of Object.entries(people))
		page.on('pageerror', (error) => complaints.push(`${kind} ${page.url()}: ${error.message}`));
	await Promise.all(Object.entries(SIGN_INS).map(([kind, email]) =>
		signIn(people[kind], server, kind === 'family' ? '/sign-in' : '/staff/sign-in', email)));
	const things = await findThings(server, people);
	const asked = { '/people/new': `?prisoner=${things.prisoner}` };
	const fill = (path) => (path + (asked[path] ?? (NAMES_PRISON.test(path) ? '?prison=WWI' : ''))).replace(/\{(\w+)\}/g, (_, hole) => things[hole] ?? assert.fail(`nothing stands in {${hole}} of ${path}`));
	const seen = new Set();
	const lobby = await (await inLobby.newContext(DESK)).newPage();
	await signIn(lobby, server, '/sign-in', SIGN_INS.family);
	const table = pagesOfTheTable();
	table.find(({ path }) => path === '/staff/role').who.push('two-roles');

	for (const kind of Object.keys(people)) {
		if (kind === 'clerk') { // before, the visit could still be cancelled and moved
			const move = '/staff/visits/{reference}/move';
			await people.clerk.goto(server.base + fill(move));
			assert.equal(new URL(people.clerk.url()).pathname, fill(move));
			await look(people.clerk, nameOf(kind, move));
			seen.add(move);
			await enterLobby(server, lobby, things.reference);
		}
		await t.test(`the pages of ${kind}`, { timeout: 150_000 }, async () => {
			const page = people[kind];
			for (const { path } of table.filter(({ path, who }) => who.includes(kind) && !ELSEWHERE.includes(path))) {
				const answer = await page.goto(server.base + fill(path));
				assert.equal(answer.status(), 200, `${kind} ${path}`);
				if (LEADS_ON[path]?.(kind))
					continue;
				assert.equal(new URL(page.url()).pathname, new URL(server.base + fill(path)).pathname, `${kind} was sent elsewhere`);
				await look(page, nameOf(kind, path), { again: seen.has(path) });
				seen.add(path);
			}
		});
	}
	await t.test('the pages that refuse', { timeout: 60_000 }, async () => {
		for (const [name, page, status, come] of await refusals(server, people)) {
			assert.equal((await come()).status(), status, name);
			await look(page, `error-${name}`);
		}
	});
	await t.test('no page of the table was left out', () => {
		assert.deepEqual(table.map(({ path }) => path).filter((path) => !seen.has(path) && !ELSEWHERE.includes(path)), []);
		assert.ok(seen.size > 25, `${seen.size} pages`);
	});
	await t.test('no script of a page failed', () => assert.deepEqual(complaints, []));
});
