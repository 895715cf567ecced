/*
 * desk.test.js - four visits of one prison are live at once, and two officers watch them on the desk.  Each
 * picture shows, the chosen visit alone is heard, and both ends know of each officer before the first packet
 * reaches them; what one officer does is on the wire within 300 ms and on the other's screen within a second;
 * a machine's hint is shown and answered; the same human in two tabs is never two people; and who signs out in
 * another tab sees nothing any more.
 *
 * Two browsers hold ten pages with small cameras, so that two cores hold them: all families and one officer
 * in the one, all terminals and the other officer in the other.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { devicesOf, openAnother, openChromium, until } from './browsers.js';
import { look, signIn } from './look.js';
import { admitAll, beginAtTerminal, comeToLobby } from './meeting.js';
import { ask, startServer, watchPackets } from './server.js';

const PRISONER = 1;
const VISITOR = 2;
const PATIENT_MS = 90_000; // four of everything at once
const HINT_MS = 90_000; // three pictures, a quarter of a minute apart, and a busy machine
const PAUSE_WITHIN_MS = 300;
const TOLD_WITHIN_MS = 1000;
const SIGNED_OUT_WITHIN_MS = 5000;
const small = (who) => devicesOf(who, 5, 2);
const all = (what, does) => Promise.all(what.map(does));

/** The sample has one visit that can be joined; these are of other people of its prison, at the same time. */
const OTHERS = [
	{ id: 1001, reference: '000000018', number: 'A2345CD', email: 'ben@family.example', visitor: 'Ben Reed', prisoner: 'Thomas Reed' },
	{ id: 1002, reference: '00000002J', number: 'A3456DE', email: 'farah@family.example', visitor: 'Farah Sadiq', prisoner: 'Imran Sadiq' },
	{ id: 1003, reference: '00000003T', number: 'A5678FG', email: 'carys@family.example', visitor: 'Carys Morgan', prisoner: 'Rhys Morgan' },
];

/** Three more visits at terminals of their own, whose ids are the answer; hints are on, and the monitor is duty governor, too. */
function addVisits(data, reference) {
	const said = execFileSync('sqlite3', [join(data, 'pvl.db')], {
		encoding: 'utf8',
		input: `
UPDATE prisoner SET prison = 'WWI' WHERE number = 'A5678FG';
UPDATE terminal SET prison = 'WWI', name = CASE name WHEN 'Terminal 1' THEN 'Terminal 3' ELSE 'Terminal 4' END,
	room = (SELECT MIN(room) FROM terminal WHERE prison = 'WWI') WHERE prison = 'CFI';
CREATE TEMP TABLE free AS SELECT id, ROW_NUMBER() OVER (ORDER BY name) AS n FROM terminal
	WHERE prison = 'WWI' AND id <> (SELECT terminal FROM visit WHERE reference = '${reference}');
INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
	SELECT MAX(seq) + 1, 'WWI', 'hints_on', 1, 0, NULL, 'Tried here' FROM prison_policy;
INSERT INTO staff_role (account, role, prison, granted_at)
	SELECT id, 'duty_governor', 'WWI', 0 FROM account WHERE email = 'monitor@wandsworth.example';
${OTHERS.map((v, i) => `
CREATE TEMP TABLE v${i} AS SELECT * FROM visit WHERE reference = '${reference}';
CREATE TEMP TABLE w${i} AS SELECT * FROM visit_visitor WHERE visit = (SELECT id FROM v${i}) AND lead = 1;
UPDATE v${i} SET id = ${v.id}, reference = '${v.reference}', terminal = (SELECT id FROM free WHERE n = ${i + 1}),
	prisoner = (SELECT id FROM prisoner WHERE number = '${v.number}'), booker = (SELECT id FROM account WHERE email = '${v.email}');
UPDATE w${i} SET visit = ${v.id}, person = (SELECT id FROM person WHERE name = '${v.visitor}');
INSERT INTO visit SELECT * FROM v${i};
INSERT INTO visit_visitor SELECT * FROM w${i};`).join('\n')}
SELECT id FROM free ORDER BY n;`,
	});
	return said.trim().split('\n');
}

/** The sample's data, with four visits that can be joined now. */
async function startWithFour(port, data) {
	const first = await startServer(port, { data });
	const reference = /joined now: ([\w-]+)/.exec(first.said)[1].replace(/-/g, '');
	await first.stop();
	const terminals = addVisits(data, reference);
	const server = await startServer(port, { data });
	const own = { reference, email: 'amina@family.example', visitor: 'Amina Okoro', prisoner: 'Daniel Okoro' };
	assert.equal(/joined now: ([\w-]+)/.exec(server.said)[1].replace(/-/g, ''), reference);
	own.code = /enrolment code (\S+)/.exec(server.said)[1];
	return { server, visits: [own, ...OTHERS.map((v, i) => ({ ...v, terminal: terminals[i] }))] };
}

/** A code to enrol each terminal with, from the page of the prison's administrator. */
async function makeCodes(page, server, visits) {
	await signIn(page, server, '/staff/sign-in', 'admin@wandsworth.example');
	for (const visit of visits.filter((v) => v.terminal)) {
		await page.goto(`${server.base}/staff/terminals`);
		await page.click(`form[action$="/${visit.terminal}/code"] button`);
		visit.code = (await page.textContent('.pvl-code .govuk-panel__title')).trim();
	}
}

/** Signs in; who has several roles takes this one. */
async function signInAs(page, server, email, role) {
	await signIn(page, server, '/staff/sign-in', email);
	await page.goto(`${server.base}/staff/role`);
	await page.getByRole('radio', { name: role }).check();
	await page.click('main form button[type=submit]');
	await page.waitForURL(`${server.base}/staff`);
}

/** Runs in an end's page: acknowledged[] are the officers of whom the page has told the service that it shows them. */
function keepAcknowledged() {
	globalThis.acknowledged = [];
	const send = globalThis.fetch;
	globalThis.fetch = (...given) => {
		const { seen } = JSON.parse(/\/say(\?|$)/.test(given[0]) ? given[1].body : '{}');
		if (seen)
			globalThis.acknowledged.push({ seen, at: Date.now(), shown: !document.querySelector('[data-slot=watched]').hidden });
		return send(...given);
	};
}

/** Runs in an end's page: a voice from a file has no echo to be taken out, which costs more than to send it. */
function plainSound() {
	const media = navigator.mediaDevices;
	const ask = media?.getUserMedia.bind(media);
	if (media) // none on about:blank
		media.getUserMedia = (wanted) => ask({ ...wanted, audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
}

const shown = (page) => page.evaluate(() => globalThis.readPicture(document.querySelector('.pvl-person__picture--shown')));
const sees = (page, who) => until(`sees person ${who}`, async () => (await shown(page))?.who === who, PATIENT_MS, 500);
const seesNobody = (page) => until('sees nobody', async () => await shown(page) === null, PATIENT_MS, 100);
const isWatched = (page) => page.locator('[data-slot=watched]').isVisible();

/** To which ports of its own the service sends: one of each connection, and of these tracks if any are asked for. */
const portsOf = (page, within) => page.evaluate(async (selector) => {
	const tracks = selector && [...document.querySelectorAll(`${selector} video`)].flatMap((video) => video.srcObject?.getTracks() ?? []).map((track) => track.id);
	const ports = [];
	for (const pc of globalThis.connections) {
		if (tracks && !pc.getReceivers().some((receiver) => tracks.includes(receiver.track.id)))
			continue;
		const stats = await pc.getStats();
		for (const entry of stats.values())
			if (entry.type === 'transport' && entry.selectedCandidatePairId)
				ports.push(stats.get(stats.get(entry.selectedCandidatePairId).localCandidateId).port);
	}
	return ports;
}, within);

/** What stands on the desk: one entry a visit. */
const tilesOf = (page) => page.evaluate(() => [...document.querySelectorAll('.pvl-tile')].map((tile) => ({
	reference: tile.dataset.reference,
	title: tile.querySelector('[data-slot=title]').textContent,
	line: tile.querySelector('.pvl-tile__line').textContent.trim(),
	flags: tile.querySelector('[data-slot=flags]').textContent,
	chosen: tile.querySelector('[data-action=choose]').getAttribute('aria-pressed') === 'true',
	heard: [...tile.querySelectorAll('video')].map((video) => !video.muted),
	whose: [...tile.querySelectorAll('.pvl-person__picture--shown')].map((video) => globalThis.readPicture(video)?.who).sort(),
})));
const tile = (visit) => `.pvl-tile[data-reference="${visit.reference}"]`;
const flagged = (page, words) => tilesOf(page).then((tiles) => tiles.filter((t) => words.test(t.flags)).map((t) => t.reference));

/** From now on the page notes when a tile's flags say so. */
const noteTile = (page, visit, words) => page.evaluate(([selector, pattern]) => {
	globalThis.noted = 0;
	new MutationObserver((_, observer) => {
		if (!new RegExp(pattern).test(document.querySelector(`${selector} [data-slot=flags]`)?.textContent ?? ''))
			return;
		globalThis.noted = Date.now();
		observer.disconnect();
	}).observe(document.body, { subtree: true, childList: true, characterData: true });
}, [tile(visit), words]);
const noted = async (page, what) => (await until(what, () => page.evaluate(() => globalThis.noted), PATIENT_MS)).answer;

/** The camera is covered: black pictures, five a second. */
const cover = (page) => page.evaluate(async () => {
	const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
	const context = canvas.getContext('2d');
	setInterval(() => {
		context.fillStyle = '#0a0a0a';
		context.fillRect(0, 0, 320, 180);
	}, 200);
	const [black] = canvas.captureStream(5).getVideoTracks();
	for (const sender of globalThis.connections.at(-1).getSenders().filter((s) => s.track?.kind === 'video'))
		await sender.replaceTrack(black);
});

/** Presses a button of the panel for this visit; answers when the browser sent it, and when it was done. */
async function act(page, visit, name) {
	await page.click(`${tile(visit)} [data-action=choose]`);
	const button = page.locator(`[data-button=${name}]`);
	await until(`${name} can be pressed`, () => button.isVisible(), PATIENT_MS);
	const isAct = (r) => (r.method?.() ?? r.request().method()) === 'POST' && r.url().endsWith('/act');
	const asked = page.waitForRequest(isAct).then(() => Date.now());
	const answered = page.waitForResponse(isAct).then(() => Date.now());
	await button.click();
	return { asked: await asked, answered: await answered };
}

async function decide(page, path, outcome) {
	await page.goto(path);
	await page.check(`input[value=${outcome}]`);
	await page.fill('textarea[name=follow_up]', 'Seen by two officers.');
	await page.fill('textarea[name=told]', 'Please do not record your visits.');
	await page.fill('textarea[name=told_prisoner]', 'A telephone was held to the screen.'); // a restriction on them alone is theirs to undo
	if (await page.locator('select[name=code]').count() > 0) { // of who may lay down a restriction
		await page.selectOption('select[name=code]', 'CCTV');
		await page.selectOption('select[name=whom]', { index: 1 });
	}
	await Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);
}

test('four visits on the desks of two officers', { timeout: 480_000 }, async (t) => {
	const data = mkdtempSync(join(tmpdir(), 'pvl-desk-'));
	const { server, visits } = await startWithFour(Number(process.env.PVL_PORT ?? 43100) + 840, data);
	const browsers = await all([VISITOR, PRISONER], (who) => openChromium(who, { devices: small, args: ['--disable-gpu'] }));
	const openEnds = (browser) => all(visits, () => openAnother(browser,
		{ viewport: { width: 320, height: 320 }, init: `(${keepAcknowledged})();(${plainSound})()` }));
	const opened = (await all(browsers, openEnds)).flat();
	const officers = await all(browsers, (browser) => openAnother(browser));
	const [families, terminals] = [opened.slice(0, 4), opened.slice(4)].map((side) => side.map((o) => o.page));
	const ends = [...families, ...terminals];
	const [one, two] = officers.map((o) => o.page);
	const packets = watchPackets(server);
	t.after(async () => {
		await all(browsers, (b) => b.close());
		packets.stop();
		await server.stop();
		for (const folder of [data, `${data}.vault`])
			rmSync(folder, { recursive: true, force: true });
	});
	let stands = true;
	// What follows a step that failed would only wait for what is not there.
	const step = (name, run) => t.test(name, { timeout: 240_000, skip: !stands }, async (t) => {
		stands = false;
		await run(t);
		stands = true;
	});
	const goOn = (but = []) => all(visits.filter((v) => !but.includes(v)).map((v) => visits.indexOf(v)),
		(i) => Promise.all([sees(families[i], PRISONER), sees(terminals[i], VISITOR)]));
	const [, paused, ended, covered] = visits;

	/** The officer opens the desk; whether the ends of each visit said that they know before its first packet came. */
	async function beginsInOrder(t, page, n) {
		const before = await all(ends, (end) => end.evaluate(() => globalThis.acknowledged.length));
		await page.goto(`${server.base}/staff/desk`);
		const begun = Date.now();
		await page.fill('input[name=words]', 'My visits this afternoon');
		await page.click('.pvl-desk__purpose button[type=submit]');
		const seen = new Set();
		await until(`eight pictures at officer ${n}`, async () => {
			for (const { reference, whose } of await tilesOf(page))
				whose.filter(Boolean).forEach((who) => seen.add(`${reference} ${who}`));
			return seen.size === 8;
		}, PATIENT_MS, 500);
		let inOrder = true;
		for (const [i, visit] of visits.entries()) {
			const ports = await portsOf(page, tile(visit));
			assert.equal(ports.length, 1, 'the visit has a connection of its own');
			const first = Math.min(...packets.times(ports).filter((at) => at > begun));
			const told = await all([i, i + 4], async (at) => (await until(`end ${at} shows officer ${n}`,
				() => ends[at].evaluate((from) => globalThis.acknowledged[from], before[at]), PATIENT_MS)).answer);
			t.diagnostic(`officer ${n}, visit ${i + 1}: ${told.map(({ at }) => Math.round(first - at))} ms before the first packet`);
			assert.ok(told.every((end) => end.shown), 'it stands on the page when the page says so');
			inOrder &&= told.every((end) => end.at <= first);
		}
		return inOrder;
	}

	/** Whether something of each visit has just been sent to that desk. */
	const isLive = async (page) => (await all(visits, (visit) => portsOf(page, tile(visit)).catch(() => [])))
		.every((ports) => ports.length === 1 && packets.times(ports).some((at) => at > Date.now() - 2000));

	/** The officer opens the desk once more, with four visits. */
	async function beginsAgain(page) {
		await page.goto(`${server.base}/staff/desk`);
		await page.fill('input[name=words]', 'My visits this afternoon');
		await page.click('.pvl-desk__purpose button[type=submit]');
		await until('four visits on the desk', () => isLive(page), PATIENT_MS, 500);
	}

	await step('four visits are live', async () => {
		await makeCodes(two, server, visits);
		await two.context().clearCookies();
		await signInAs(one, server, 'monitor@wandsworth.example', /Monitor/);
		await signIn(two, server, '/staff/sign-in', 'governor@wandsworth.example');
		for (const [i, visit] of visits.entries()) {
			await signIn(families[i], server, '/sign-in', visit.email);
			await comeToLobby(families[i], server, visit.reference);
			await beginAtTerminal(terminals[i], server, visit.code, PATIENT_MS);
			await admitAll(one, server, visit.reference);
		}
		await goOn();
		await until('both sides of each hear each other', () => ask(server, "SELECT COUNT(*) AS n FROM visit WHERE state = 'LIVE'")[0].n >= 4, PATIENT_MS, 500);
		await one.goto(`${server.base}/staff/live`);
		await all(ends, (end) => until('nobody watches', async () => !await isWatched(end), PATIENT_MS));
	});
	await step('both ends of each visit know of each officer before the first packet reaches them', async (t) => {
		for (const [n, page] of [one, two].entries())
			for (let left = 3; !await beginsInOrder(t, page, n + 1); left--)
				assert.ok(left > 1, 'a packet came before both ends knew, three times'); // ten pages share two processors
	});
	await step('a desk says of each visit who, where, how long and how well, and the chosen one alone is heard', async () => {
		for (const page of [one, two]) {
			await until('lines are known', async () => (await tilesOf(page)).every(({ line }) => /Terminal \d.*\d+ minutes?.*[A-G]/.test(line)), PATIENT_MS);
			const tiles = await tilesOf(page);
			for (const { reference, title, flags, chosen, heard } of tiles) {
				const visit = visits.find((v) => v.reference === reference);
				assert.ok(title.includes(visit.visitor) && title.includes(visit.prisoner), title);
				assert.doesNotMatch(flags, /Paused|Asks/);
				assert.deepEqual(heard, [chosen, chosen]);
			}
			assert.deepEqual(tiles.map(({ chosen }) => chosen), [true, false, false, false]);
			await page.keyboard.press('3');
			assert.deepEqual((await tilesOf(page)).map(({ heard }) => heard), [[false, false], [false, false], [true, true], [false, false]]);
		}
		await cover(families[3]);
	});
	await step('a pause is on the wire within 300 ms and on the other desk within a second, in that visit alone', async (t) => {
		const ports = (await all([families[1], terminals[1]], (page) => portsOf(page))).flat();
		const others = (await all([families[0], terminals[0], families[2], terminals[2]], (page) => portsOf(page))).flat();
		for (let left = 3; ; left--) { // ten pages share two processors: a late one is asked again
			await noteTile(two, paused, 'Paused');
			const { asked, answered } = await act(one, paused, 'PAUSE');
			const told = await noted(two, 'the other desk says so') - answered;
			await all([families[1], terminals[1]], seesNobody);
			await until('others go on', () => packets.times(others).filter((sent) => sent > asked + 1000).length > 50, PATIENT_MS, 500);
			const sent = packets.times(ports);
			const wire = Math.max(...sent.slice(-1000)) - asked;
			t.diagnostic(`the last packet left ${Math.round(wire)} ms after the click; on the other desk ${told} ms after the answer`);
			assert.ok(sent.filter((when) => when > asked - 2000 && when < asked).length > 20, 'packets went out before');
			assert.deepEqual(await flagged(two, /Paused/), [paused.reference]);
			if (wire <= PAUSE_WITHIN_MS && told <= TOLD_WITHIN_MS)
				break;
			assert.ok(left > 1, `${wire} and ${told} ms`);
			await act(one, paused, 'RESUME');
			await goOn([covered]);
		}
		await goOn([paused, covered]);
	});
	await step('the other officer lets it go on, and takes one side out of the picture', async () => {
		await act(two, paused, 'RESUME');
		await goOn([covered]);
		await until('nothing is paused any more', async () => (await flagged(one, /Paused/)).length === 0, PATIENT_MS);
		await act(two, paused, 'BLANK_VISITOR');
		await seesNobody(terminals[1]);
		await sees(families[1], PRISONER);
		await act(one, paused, 'UNBLANK_VISITOR');
		await goOn([covered]);
	});
	await step('an incident is not decided by who wrote it down, in another role and two tabs at the same moment', async () => {
		const [written, other] = await all([1, 2], () => one.context().newPage());
		await written.goto(`${server.base}${await one.getAttribute('[data-slot=incident]', 'href')}`);
		await written.check('input[value=RECORDING]');
		await written.check('input[value=MEDIUM]');
		await written.fill('textarea[name=evidence]', 'A telephone was held to the screen.');
		await written.click('main form button[type=submit]');
		await written.waitForURL(/\/staff\/incidents\/\d+/);
		const path = `${server.base}${new URL(written.url()).pathname}`;
		const same = await openAnother(browsers[0]);
		await signInAs(same.page, server, 'monitor@wandsworth.example', /governor/i);
		await all([written, other, same.page], (page) => decide(page, path, 'RESTRICTION'));
		for (const page of [written, other])
			assert.match(await page.textContent('.govuk-error-summary'), /Only the duty governor decides/);
		assert.match(await same.page.textContent('.govuk-error-summary'), /You wrote this down: somebody else must decide/);
		const second = await two.context().newPage();
		await decide(second, path, 'RESTRICTION');
		assert.match(second.url(), /done=incident_decided/);
		await all([written, other, second], (page) => page.close());
		await same.context.close();
	});
	await step('a hint stands on both desks; an officer answers it, and sees how often hints are wrong', async () => {
		await all([one, two], (page) => until('the hint', async () => `${await flagged(page, /Hint: picture may be covered/)}` === covered.reference, HINT_MS, 500));
		await look(one, 'desk-hint');
		const tab = await one.context().newPage();
		await tab.goto(`${server.base}/staff/hints`);
		assert.match(await tab.textContent('main table >> nth=0'), /Rhys Morgan\s*Picture may be covered, visitor’s side/);
		await look(tab, 'hints-open');
		await tab.locator('tr', { hasText: 'Picture may be covered' }).locator('button[value=WRONG]').focus();
		await tab.keyboard.press('Enter');
		await tab.waitForURL(/done=hint_answered/);
		assert.match(await tab.textContent('main table >> nth=-1'), /Picture may be covered\s*1\s*0\s*1\s*0\s*100 %/);
		await look(tab, 'hints-answered', { again: true });
		await tab.close();
	});
	await step('signed out in another tab, all four tiles of that desk stop within seconds, and the other desk goes on', async (t) => {
		await until('four visits on both desks', async () => await isLive(one) && await isLive(two), PATIENT_MS, 500);
		const [own, others] = await all([one, two], async (page) => (await all(visits, (visit) => portsOf(page, tile(visit)))).flat());
		assert.equal(own.length, 4);
		const tab = await one.context().newPage();
		await tab.goto(`${server.base}/staff`);
		const asked = tab.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/sign-out'), { timeout: PATIENT_MS }).then(() => Date.now());
		await tab.click('form[action$="/sign-out"] button', { timeout: PATIENT_MS });
		const out = await asked;
		await until('the desk says so', async () => new URL(one.url()).pathname === '/staff/sign-in', SIGNED_OUT_WITHIN_MS, 50);
		const said = Date.now() - out;
		assert.match(await one.textContent('.govuk-notification-banner'), /You have signed out, or were signed out\. Sign in to go on\./);
		assert.equal(await one.locator('video').count(), 0);
		await until('the other desk goes on', () => all(others, async (port) => packets.times([port]).some((at) => at > out + SIGNED_OUT_WITHIN_MS))
			.then((each) => each.every(Boolean)), PATIENT_MS, 500);
		for (const [i, port] of own.entries()) {
			const sent = packets.times([port]);
			const last = Math.max(...sent) - out;
			t.diagnostic(`visit ${i + 1}: the last packet left ${Math.round(last)} ms after the click; the desk said so after ${said} ms`);
			assert.ok(sent.some((at) => at > out - 2000 && at < out), 'it was live before');
			assert.ok(last <= SIGNED_OUT_WITHIN_MS, `visit ${i + 1}: ${last} ms`);
		}
		await goOn([covered]);
		await tab.close();
		await signInAs(one, server, 'monitor@wandsworth.example', /Monitor/);
		await beginsAgain(one);
	});
	await step('what one ends is gone from both desks', async () => {
		const tab = await two.context().newPage();
		await tab.goto(`${server.base}/staff/visits/${ended.reference}/end`);
		await tab.check('input[name=why][value=EQUIPMENT]');
		await tab.fill('textarea[name=reason]', 'The terminal failed.');
		await Promise.all([tab.waitForNavigation(), tab.click('main form button[type=submit]')]);
		for (const page of [one, two])
			await until('three are left, one of them chosen', async () => {
				const tiles = await tilesOf(page);
				return tiles.length === 3 && tiles.filter(({ chosen }) => chosen).length === 1;
			}, PATIENT_MS);
		await until('the family is told', () => families[2].evaluate(() => document.querySelector('.pvl-visit').dataset.phase === 'over'), PATIENT_MS);
		await tab.close();
	});
	await step('who closes the desk watches no longer, and both ends are told', async () => {
		await one.goto(`${server.base}/staff/live`);
		await until('the second still watches', async () => await isWatched(families[0]) && await isWatched(terminals[0]), PATIENT_MS);
		await two.goto(`${server.base}/staff/live`);
		await all([families[0], terminals[0], families[3], terminals[3]], (page) =>
			until('nobody watches', async () => !await isWatched(page), PATIENT_MS));
		await goOn([ended, covered]);
	});
	await step('no page complained', () => {
		const errors = [...opened, ...officers].flatMap((o) => o.said).filter((line) => line.startsWith('error:'));
		assert.deepEqual(errors.filter((line) => !/Failed to load resource/.test(line)), []);
	});
});
