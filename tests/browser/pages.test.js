/*
 * pages.test.js - every page of the route table, as every kind of person who may see it: axe finds
 * nothing, nothing scrolls sideways on a phone, and a picture of each is kept.
 *
 * The table is tests/web/routes.inc, which tests/web holds against the routes themselves.  A page
 * that is not walked here fails the last test.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, openChromium, until } from './browsers.js';
import { CLIENTS, SOLICITOR, askEarlier, findTimes, offerAtAnyHour, offerPath, takeTime } from './lawyers.js';
import { look, signIn } from './look.js';
import { askForContact, enrol, enter, freshCode, makePin } from './prisoner.js';
import { BUILD, ask, startServer } from './server.js';

/* What is not a page for people's eyes: answers for programs, and pictures. */
const NO_PAGE = /^\/(assets|feeds|health|ping|info|metrics|api|language|staff\/events|staff\/audit\/file|audit\/(head|growth))|\/copy\.(html|json)$|\.(csv|ics|pdf)$|\/photo$|\/photo\/|\/portrait\//;
/* Anybody's on the machine of the demonstration. */
const MAILBOX = /^\/mailbox/;
/*
 * Looked at where there is something on them: a prisoner's requests (own.test.js), what visitors need
 * and webhooks (approvals.test.js), recordings (recording.test.js, recording-faults.test.js), somebody who was
 * forgotten (tests/web/test_data_pages.c), whoever stands by (standby.test.js, tests/web/test_standby_pages.c), and a prisoner who is not there
 * when the visit begins.
 */
const ELSEWHERE = new RegExp([
	'^(/staff)?/asks/', '^/contacts/{contact}/adjustments', '^/staff/adjustments/{', '^/staff/webhooks/{',
	'^/staff/recordings/{', '^/staff/playback/{', '^/staff/exports/{', '^/staff/holds/{', '^/erased/{', '^/staff/data/{', '^/staff/visits/{reference}/not-produced', '^/standby/{',
].map((path) => path.replace(/[{}]/g, '\\$&')).join('|'));
/* The sample's visit is in the next half hour; the family's pages are looked at before it begins. */
const SLOT_MS = 30 * 60_000;
const BEFORE_SLOT_MS = 120_000;
const DESK = { viewport: { width: 1280, height: 900 }, locale: 'en-GB', permissions: ['camera', 'microphone'] };

const ROLES = {
	ROLE_FAMILY: 'family', ROLE_VISITS_CLERK: 'clerk', ROLE_MONITOR: 'monitor', ROLE_CONTACTS_AUTHORISER: 'contacts',
	ROLE_DUTY_GOVERNOR: 'governor', ROLE_PRISON_ADMIN: 'admin', ROLE_HQ_ANALYST: 'hq-analyst', ROLE_HQ_ADMIN: 'hq-admin',
	ROLE_OPERATOR: 'operator', ROLE_INSPECTOR: 'inspector',
};
const SIGN_INS = {
	family: 'amina@family.example', lawyer: SOLICITOR, waiting: 'ben@family.example', clerk: 'clerk@wandsworth.example', monitor: 'monitor@wandsworth.example',
	contacts: 'contacts@wandsworth.example', governor: 'governor@wandsworth.example', admin: 'admin@wandsworth.example',
	'hq-analyst': 'analyst@hq.example', 'hq-admin': 'admin@hq.example', operator: 'operator@hq.example',
	inspector: 'inspector@hq.example', 'two-roles': 'staff@leeds.example',
};
/* Pages that lead on at once for those who have nothing to choose on them. */
const LEADS_ON = {
	'/staff': (kind) => ['hq-analyst', 'hq-admin', 'operator'].includes(kind), // they see no prison's day
	'/staff/role': (kind) => kind !== 'two-roles',
	'/staff/visits/{reference}/move': () => true, // somebody is in the lobby by then; looked at before
};
/* Pages of the family that stand only while its contact waits for approval. */
const WAITING = /^\/people\/\{person\}\/identity/;
/* What a family sees of it leads on to where one asks to be a lawyer. */
const LEGAL = /^\/legal$|^\/waiting\/\{waiting\}$/;
/* Looked at when the service has made one, which takes up to a minute. */
const OFFER = '/offers/{offer}/{proof}';
/* Staff who sign in after the families have done what staff then decide on. */
const STAFF_KINDS = Object.keys(SIGN_INS).filter((kind) => !['family', 'lawyer', 'waiting'].includes(kind));
/* Where the hole of a path is filled with another thing than elsewhere. */
const INSTEAD = {
	'/staff/requests/{reference}': '/staff/requests/{requested}',
	'/staff/people/{number}/child/{person}': '/staff/people/{number}/child/{child}',
	'/password/{account}/{until}/{proof}': '{password}',
	'/staff/approvals/{contact}/reach': '/staff/approvals/{unmailed}/reach',
};
/* Headquarters and inspectors name the prison; its own staff need not. */
const NAMES_PRISON = /^\/staff\/(setup|terminals\/new|accounts|movements|waste|week|rules|rooms|sessions|officers|incidents$|authorisations$|holds$|recordings$|recordings\/disclosures$)/;
/* Stands only when something happened in the visit. */
const APPEAL = '/visits/{reference}/appeal/{incident}';

/** [{path, who: Set of kinds}] of the pages. */
function pagesOfTheTable() {
	const macros = Object.fromEntries(Object.entries(ROLES).map(([role, kind]) => [role, [kind]]));
	const kindsOf = (text) => text.match(/\w+/g).flatMap((word) => macros[word] ?? []);
	for (const [, name, text] of readFileSync(join(ROOT, 'tests/web/test_routes.c'), 'utf8').matchAll(/^#define (\w+)\s+(.*?)(?:\/\*.*)?$/gm))
		macros[name] = kindsOf(text);
	return [...readFileSync(join(ROOT, 'tests/web/routes.inc'), 'utf8').matchAll(/\{ "GET", "([^"]+)", (.*?) \}/g)]
		.filter(([, path]) => !NO_PAGE.test(path) && !ELSEWHERE.test(path))
		.map(([, path, who]) => ({ path, who: who === 'ALL' || MAILBOX.test(path) ? ['public'] : WAITING.test(path) ? ['waiting'] : LEGAL.test(path) ? ['lawyer'] : [...new Set(kindsOf(who))] }));
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

/** The proof that a message bears for cancelling the visit that it tells of (web/cancel_link.h). */
function proofOf(server, reference) {
	const [{ id, booker }] = ask(server, `SELECT CAST(id AS TEXT) AS id, CAST(booker AS TEXT) AS booker FROM visit WHERE reference = '${reference}'`);
	const [{ key }] = ask(server, "SELECT hex(value) AS key FROM shared_secret WHERE name = 'message'");
	return createHmac('sha256', Buffer.from(key, 'hex')).update(`cancel ${reference} ${id} ${booker}`).digest('hex').slice(0, 32);
}

/** The path of a link by which somebody who works here chooses a password, as the command line prints it. */
function passwordLink(server) {
	const said = execFileSync(join(BUILD, 'src/programs/pvl'), ['staff', 'link', '--email', 'staff@leeds.example', '--data', server.data], { encoding: 'utf8' });
	return new URL(/http\S+/.exec(said)[0]).pathname;
}

/** A message in the mailbox of the demonstration. */
async function findMessage(server, page) {
	await until('a message was sent', async () => {
		await page.goto(`${server.base}/mailbox`);
		return await page.locator('main a[href^="/mailbox/"]').count() > 0;
	}, 30_000, 1000);
	return (await page.locator('main a[href^="/mailbox/"]').first().getAttribute('href')).split('/').pop();
}

/** A lawyer has a visit, and would have an earlier time: {waiting} of a request of theirs that waits; somebody who is not verified. */
async function wishEarlier(server, { lawyer, admin }) {
	await offerAtAnyHour(admin, server);
	const times = await findTimes(lawyer, server, CLIENTS.reed);
	await takeTime(lawyer, times.length - 1);
	await askEarlier(lawyer);
	const [{ waiting }] = ask(server, "SELECT CAST(id AS TEXT) AS waiting FROM waiting WHERE state = 'WAITING'");
	const [{ account }] = ask(server, "SELECT CAST(account AS TEXT) AS account FROM professional WHERE state = 'ASKED'");
	return { waiting, account };
}

/** What stands in the holes of a path: found on the pages themselves. */
async function findThings(server, { family, waiting, contacts, admin, governor, 'hq-admin': hq, public: anybody }) {
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
	await waiting.goto(`${server.base}/home`);
	const person = (await waiting.getAttribute('main a[href$="/identity"]', 'href')).split('/')[2];
	const number = 'A1234BC';
	await governor.goto(`${server.base}/staff/people/${number}`);
	const child = (await governor.getAttribute('main a[href*="/child/"]', 'href')).split('/').pop();
	const unmailed = await enterVisitor(server, contacts, prisoner);
	const witness = await addWitness(server, hq);
	const message = await findMessage(server, anybody);
	await askForCode(server, family);
	const proof = proofOf(server, reference);
	const password = passwordLink(server);
	return { unmailed, witness, password, message, proof, terminal, code: 'WWI', reference, contact, prisoner, party, time, review, session, room, who, person, child, number, name: 'notice_days' };
}

/** A code is on its way to the family's mobile, so that there is a page to type it on. */
async function askForCode(server, family) {
	await family.goto(`${server.base}/account/mobile`);
	await family.fill('input[name=mobile]', '07700 900456');
	await family.click('main form button[type=submit]');
	await family.waitForURL((url) => url.pathname === '/account/mobile/code');
}

/** Headquarters add somebody outside as a witness of the log: {witness}. */
async function addWitness(server, hq) {
	const name = 'law-society.example/witness';
	const typed = Buffer.concat([Buffer.from([4]), randomBytes(32)]);
	const id = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
	await hq.goto(`${server.base}/staff/audit/witnesses`);
	await hq.fill('input[name=vkey]', `${name}+${id}+${typed.toString('base64')}`);
	await hq.click('main form button[type=submit]');
	return (await hq.getAttribute('main a[href$="/end"]', 'href')).split('/')[4];
}

/** Staff enter a visitor without e-mail: {unmailed}, the contact. */
async function enterVisitor(server, contacts, prisoner) {
	await contacts.goto(`${server.base}/staff/prisoners/${prisoner}/visitors/new`);
	await contacts.fill('input[name=name]', 'Walter Okoro');
	await contacts.fill('input[name=born-day]', '9');
	await contacts.fill('input[name=born-month]', '3');
	await contacts.fill('input[name=born-year]', '1942');
	await contacts.selectOption('select[name=relationship]', 'GFA');
	await contacts.fill('input[name=mobile]', '07700 900123');
	await contacts.click('main form button[type=submit]');
	await contacts.waitForURL(/\/staff\/approvals\/\d+/);
	return new URL(contacts.url()).pathname.split('/').pop();
}

/** An alert is entered about the prisoner, so that it can be ended, and what is booked next is asked for: {kind, id, requested}. */
async function makeRequest(server, { family, governor }, { number, prisoner, party, time }) {
	await governor.goto(`${server.base}/staff/people/${number}/alert`);
	await governor.fill('input[name=code_text]', 'RDV');
	await governor.fill('textarea[name=comment]', 'Noted on reception');
	await governor.click('main form button[type=submit]');
	const [kind, id] = (await governor.getAttribute('main a[href*="/end/alert/"]', 'href')).split('/').slice(-2);
	await family.goto(`${server.base}/book/${prisoner}/${party}/${time}`);
	await family.click('main form button[type=submit]');
	await family.waitForURL(/\/booked/);
	return { kind, id, requested: new URL(family.url()).pathname.split('/')[2] };
}

/** Whoever waits for approval sends photos, so that staff may ask for one again. */
async function sendPhotos(server, { waiting }, { person }) {
	const identity = `${server.base}/people/${person}/identity`;
	await waiting.goto(`${server.base}/help`);
	const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await waiting.screenshot({ type: 'jpeg' }) };
	for (const picture of ['document', 'portrait']) {
		await waiting.goto(`${identity}/${picture}`);
		if (picture === 'document')
			await waiting.check('input[value=DRIVING_LICENCE]');
		await waiting.setInputFiles('input[name=photo]', photo);
		await waiting.waitForSelector('[data-slot=check]:not([hidden]) [data-slot=hint]:not(:empty)');
		await waiting.click('main form button[type=submit]');
		await waiting.waitForURL((url) => url.pathname.endsWith('/identity'));
	}
	await waiting.click('main form button[type=submit]');
	await waiting.waitForURL(/done=identity_sent/);
}

/** Somebody waits in the lobby, so that there is something to watch. */
async function enterLobby(server, family, reference) {
	await family.goto(`${server.base}/visits/${reference}/room`);
	await family.click('[data-action=join]');
	await until('the lobby is entered', () => family.evaluate(() => document.querySelector('.pvl-visit')?.dataset.media === 'connected'));
}

const send = (page) => Promise.all([page.waitForURL(/done=/), page.click('main form button[type=submit]')]);

/** Something happens in the visit: the incident, which waits for a decision. */
async function openIncident(server, monitor, { reference }, evidence) {
	await monitor.goto(`${server.base}/staff/visits/${reference}/incident`);
	await monitor.check('input[value=CONDUCT]');
	await monitor.check('input[value=LOW]');
	await monitor.fill('textarea[name=evidence]', evidence);
	await send(monitor);
	return new URL(monitor.url()).pathname.split('/').at(-1);
}

/** One that is decided and told; and somebody asks to monitor: {incident, authorisation}. */
async function makeIncident(server, { monitor, governor }, { reference, number }) {
	const incident = await openIncident(server, monitor, { reference }, 'Somebody shouted.');
	await governor.goto(`${server.base}/staff/incidents/${incident}`);
	await governor.check('input[value=WARNING]');
	await governor.fill('textarea[name=follow_up]', 'Spoken to on the wing.');
	await governor.fill('textarea[name=told]', 'Please keep your voice down.');
	await send(governor);
	await monitor.goto(`${server.base}/staff/authorisations/new`);
	await monitor.fill('input[name=number]', number);
	await monitor.fill('textarea[name=necessity]', 'Threats were made in the last visit.');
	await monitor.fill('textarea[name=proportionality]', 'Nothing less would show them in time.');
	await send(monitor);
	return { incident, authorisation: new URL(monitor.url()).pathname.split('/').at(-1) };
}

/** A prisoner signs in at a terminal and asks for somebody new. */
async function prisonerAsks(server, terminal, admin, number) {
	const code = await freshCode(admin, server);
	const pin = await makePin(admin, server, number);
	await enrol(terminal, server, code);
	await enter(terminal, number, pin);
	await askForContact(terminal, 'Ruth Okoro', 'sister');
	await terminal.close();
}

/** Every row that has a box, and on to the look, without a mouse; how many they are. */
async function chooseWithKeys(page) {
	const boxes = page.locator('main input[name=item]');
	const count = await boxes.count();
	assert.ok(count > 0, 'there is something to choose');
	await boxes.first().focus();
	for (let i = 0; i < count;) {
		if (await page.evaluate(() => document.activeElement.name === 'item')) {
			await page.keyboard.press('Space');
			i++;
		}
		await page.keyboard.press('Tab');
	}
	assert.equal(await page.locator('main input[name=item]:checked').count(), count);
	for (let i = 0; i < 10 && !await page.evaluate(() => document.activeElement.matches('form[action$="/chosen"] button:not([name])')); i++)
		await page.keyboard.press('Tab');
	await Promise.all([page.waitForURL(/\/chosen$/), page.keyboard.press('Enter')]);
	return count;
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

test('every page, as everybody', { timeout: 900_000, concurrency: 2 }, async (t) => {
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
		signIn(people[kind], server, STAFF_KINDS.includes(kind) ? '/staff/sign-in' : '/sign-in', email)));
	const things = { ...await wishEarlier(server, people), ...await findThings(server, people) };
	const asked = { '/people/new': `?prisoner=${things.prisoner}` };
	const fill = (path) => ((INSTEAD[path] ?? path) + (asked[path] ?? (NAMES_PRISON.test(path) ? '?prison=WWI' : '')))
		.replace(/\{(\w+)\}/g, (_, hole) => things[hole] ?? assert.fail(`nothing stands in {${hole}} of ${path}`));
	const seen = new Set();
	const lobby = await (await inLobby.newContext(DESK)).newPage();
	await signIn(lobby, server, '/sign-in', SIGN_INS.family);
	const table = pagesOfTheTable();
	table.find(({ path }) => path === '/staff/role').who.push('two-roles');

	const walk = (kind) => t.test(`the pages of ${kind}`, { timeout: 400_000 }, async () => {
		const page = people[kind];
		for (const { path } of table.filter(({ path, who }) => who.includes(kind) && path !== APPEAL && path !== OFFER)) {
			const answer = await page.goto(server.base + fill(path));
			assert.equal(answer.status(), 200, `${kind} ${path}`);
			if (LEADS_ON[path]?.(kind))
				continue;
			assert.equal(new URL(page.url()).pathname, new URL(server.base + fill(path)).pathname, `${kind} was sent elsewhere`);
			await look(page, nameOf(kind, path), { again: seen.has(path), pictures: !seen.has(path) });
			seen.add(path);
		}
	});
	await Promise.all(['public', 'family', 'waiting'].map(walk));
	await walk('lawyer');

	const move = '/staff/visits/{reference}/move'; // before somebody waits, the visit can still be moved
	await people.clerk.goto(server.base + fill(move));
	assert.equal(new URL(people.clerk.url()).pathname, fill(move));
	await look(people.clerk, nameOf('clerk', move));
	seen.add(move);
	Object.assign(things, await makeRequest(server, people, things));
	await sendPhotos(server, people, things);
	await enterLobby(server, lobby, things.reference);
	Object.assign(things, await makeIncident(server, people, things));
	await people.family.goto(server.base + fill(APPEAL));
	await look(people.family, nameOf('family', APPEAL));
	seen.add(APPEAL);
	await Promise.all(STAFF_KINDS.map(walk));
	await people.public.goto(server.base + await offerPath(server, SOLICITOR));
	await look(people.public, nameOf('public', OFFER));
	seen.add(OFFER);

	await t.test('the look before several are decided', { timeout: 120_000 }, async () => {
		const page = people.governor;
		await page.goto(`${server.base}/staff/incidents`); // one there is, and it is decided
		assert.equal(await page.locator('main form[action$="/chosen"] button').count(), 0);
		assert.match(await page.innerText('main'), /All of these have been decided/);
		await openIncident(server, people.monitor, things, 'Somebody shouted again.');
		await prisonerAsks(server, await (await browser.newContext(DESK)).newPage(), people.admin, things.number);
		for (const list of ['reviews', 'requests', 'approvals', 'asks', 'incidents']) {
			await page.goto(`${server.base}/staff/${list}`);
			await look(page, `governor-${list}-choose`);
			const chosen = await chooseWithKeys(page);
			assert.match(await page.innerText('main'), new RegExp(`You have chosen ${chosen}\\.`), list);
			assert.equal(await page.locator('main input[name=item]').count(), chosen);
			await look(page, `governor-${list}-chosen`);
			await page.focus('main form[action$="/chosen"] button[type=submit]');
			await page.keyboard.press('Enter');
			await page.waitForSelector('.govuk-error-summary');
			await until(`${list}: the mistake has the keyboard`, () => page.evaluate(() => document.activeElement.className === 'govuk-error-summary'));
			await look(page, `governor-${list}-chosen-nothing`);
		}
	});
	await t.test('who may not decide has nothing to press', { timeout: 60_000 }, async () => {
		for (const [page, list] of [[people.clerk, 'approvals'], [people.monitor, 'asks'], [people.inspector, 'incidents']]) {
			await page.goto(`${server.base}/staff/${list}${page === people.inspector ? '?prison=WWI' : ''}`);
			assert.equal(await page.locator('main tbody tr').count() > 0, true, list);
			assert.equal(await page.locator('main form[action$="/chosen"] button, main input[name=item]').count(), 0, list);
			assert.match(await page.innerText('main'), /In your role you can read this list/, list);
		}
	});
	await t.test('the pages that refuse', { timeout: 60_000 }, async () => {
		for (const [name, page, status, come] of await refusals(server, people)) {
			assert.equal((await come()).status(), status, name);
			await look(page, `error-${name}`);
		}
	});
	await t.test('no page of the table was left out', () => {
		assert.deepEqual(table.map(({ path }) => path).filter((path) => !seen.has(path)), []);
		assert.ok(seen.size > 60, `${seen.size} pages`);
	});
	await t.test('no script of a page failed', () => assert.deepEqual(complaints, []));
});
