/*
 * messages.test.js - people are told: the real programs against a real mail server (smtp-server) and
 * a double of GOV.UK Notify that checks every token and keeps a rate.
 */
import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import ICAL from 'ical.js';
import { SMTPServer } from 'smtp-server';
import { until } from '../browser/browsers.js';
import { processes, startServer } from '../browser/server.js';
import { Visitor, plantFamilies, rows, seeded } from './families.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 400;
const KILLS = Number(process.env.PVL_KILLS ?? 5);
const FAMILIES = 12;
const DYING_MS = 500; // between the server's yes and pvl-notify's word of it, on a busy machine

/* ---- a mail server ---- */

/** Bodies of the parts of an e-mail by their type; quoted-printable and base64 undone. */
function partsOf(text) {
	const found = {};
	const boundary = /boundary="?([^"\r\n;]+)/.exec(text)?.[1];
	for (const part of text.split(`--${boundary}`).slice(1, -1)) {
		const [head, ...rest] = part.split('\r\n\r\n');
		const body = rest.join('\r\n\r\n');
		const type = /content-type: ([^;\r\n]+)/i.exec(head)?.[1];
		if (type === 'multipart/alternative')
			Object.assign(found, partsOf(part));
		else if (/base64/i.test(head))
			found[type] = { head, body: Buffer.from(body, 'base64').toString() };
		else
			found[type] = { head, body: Buffer.from(body.replace(/=\r\n/g, '')
				.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString() };
	}
	return found;
}

const header = (text, name) => new RegExp(`^${name}: (.*)\\r$`, 'mi').exec(text)?.[1];

/** .mails: what it took, in order; .refuse(address) gives the code of a no; .hold(): before it takes one. */
async function openMailServer(port) {
	const own = { mails: [], sessions: 0, refuse: () => 0, hold: async () => {}, up: true };
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		logger: false,
		onConnect(session, done) {
			own.sessions++;
			done(own.up ? undefined : Object.assign(new Error('Not now'), { responseCode: 421 }));
		},
		onRcptTo(address, session, done) {
			const code = own.refuse(address.address);
			done(code ? Object.assign(new Error('No'), { responseCode: code }) : undefined);
		},
		onData(stream, session, done) {
			const pieces = [];
			let broken = false;
			stream.on('data', (piece) => pieces.push(piece));
			stream.on('end', async () => {
				session.gone = () => { broken = true; };
				await own.hold();
				if (broken)
					return;
				const text = Buffer.concat(pieces).toString();
				own.mails.push({ at: Date.now(), to: session.envelope.rcptTo[0].address, id: header(text, 'Message-ID'), text });
				done();
			});
		},
		onClose(session) {
			session.gone?.();
		},
	});
	server.on('error', () => {}); // a connection that breaks is what the tests are about
	await new Promise((done) => server.listen(port, '127.0.0.1', done));
	own.close = () => new Promise((done) => server.close(done));
	return own;
}

const smtpOptions = (port) => ['--smtp', `smtp://127.0.0.1:${port}`, '--mail-from', 'visits@prison.example', '--public-url', 'https://visits.example'];

async function open(t, port, options) {
	const server = await startServer(port, { options });
	const visitors = plantFamilies(server.data, FAMILIES).map((family) => new Visitor(server, family));
	t.after(async () => {
		visitors.forEach((v) => v.close());
		await server.stop();
	});
	return { server, visitors };
}

/** One that is days ahead: its reminders are, too. */
async function book(visitor, at = 0) {
	const times = await visitor.times();
	const answer = await visitor.ask('POST', `${visitor.family.book}/${times[times.length - 1 - at]}`, {});
	assert.equal(answer.status, 303);
	return /\/visits\/(\w+)\/booked/.exec(answer.location)[1];
}

const mailsTo = (mail, visitor) => mail.mails.filter((m) => m.to === `f${visitor.family.id}@test.example`);

test('a booking and its cancellation reach the booker, with a calendar file that follows', { timeout: 90_000 }, async (t) => {
	const mail = await openMailServer(PORT + 50);
	t.after(() => mail.close());
	const { server, visitors: [amina] } = await open(t, PORT, smtpOptions(PORT + 50));
	const reference = await book(amina);
	await until('the confirmation arrives', () => mailsTo(mail, amina).length === 1, 15_000);
	const [confirmation] = mailsTo(mail, amina);
	const parts = partsOf(confirmation.text);
	assert.equal(header(confirmation.text, 'Subject'), 'Your video visit is booked');
	assert.equal(header(confirmation.text, 'Auto-Submitted'), 'auto-generated');
	assert.match(header(confirmation.text, 'Date'), /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/);
	assert.ok(parts['text/plain'].body.includes(`https://visits.example/visits/${reference}`));
	assert.ok(parts['text/html'].body.includes('<html lang="en">'));
	assert.ok(!confirmation.text.includes('Test Prisoner'), 'no name of a prisoner goes by mail');
	const invited = ICAL.Component.fromString(parts['text/calendar'].body);
	assert.equal(invited.getFirstPropertyValue('method'), 'REQUEST');
	const first = new ICAL.Event(invited.getFirstSubcomponent('vevent'));

	const link = /https:\/\/visits\.example(\/cancel\/\w+\/[0-9a-f]{32})/.exec(parts['text/plain'].body)[1];
	const asked = await fetch(`${server.base}${link}`);
	assert.equal(asked.status, 200);
	assert.deepEqual(rows(server.data, `SELECT state FROM visit WHERE reference = '${reference}'`), [{ state: 'BOOKED' }], 'opening the link cancels nothing');
	assert.equal((await fetch(`${server.base}${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`)).status, 404);
	const csrf = /name="csrf" value="([^"]+)"/.exec(await asked.text())[1];
	const cookie = asked.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
	const done = await fetch(`${server.base}${link}`, { method: 'POST', redirect: 'manual', headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ csrf }) });
	assert.equal(done.status, 303);
	await until('the cancellation arrives', () => mailsTo(mail, amina).length === 2, 15_000);
	const cancelled = ICAL.Component.fromString(partsOf(mailsTo(mail, amina)[1].text)['text/calendar'].body);
	const last = new ICAL.Event(cancelled.getFirstSubcomponent('vevent'));
	assert.equal(cancelled.getFirstPropertyValue('method'), 'CANCEL');
	assert.equal(last.uid, first.uid);
	assert.ok(last.sequence > first.sequence);
	await until('it stands as sent', () => rows(server.data, `SELECT state FROM message WHERE reference = '${reference}' AND kind <> 'REMINDER'`).every((m) => m.state === 'SENT'), 5000);
	assert.deepEqual(rows(server.data, `SELECT DISTINCT state FROM message WHERE reference = '${reference}' AND kind = 'REMINDER'`), [{ state: 'WITHDRAWN' }]);
	assert.ok(!server.logged().includes('@test.example'), 'no address stands in the log');
});

test('an address that is refused is not tried again, one that is busy is', { timeout: 120_000 }, async (t) => {
	const mail = await openMailServer(PORT + 51);
	t.after(() => mail.close());
	const { server, visitors: [bounced, busy] } = await open(t, PORT, smtpOptions(PORT + 51));
	let tries = 0;
	mail.refuse = (to) => {
		if (to === `f${bounced.family.id}@test.example`)
			return 550;
		return to === `f${busy.family.id}@test.example` && ++tries === 1 ? 450 : 0;
	};
	const refused = await book(bounced), later = await book(busy);
	const state = (reference) => rows(server.data, `SELECT state, problem, attempts FROM message WHERE reference = '${reference}' AND kind = 'BOOKED'`)[0];
	await until('the bounce stands', () => state(refused).state === 'BOUNCED', 15_000);
	assert.equal(state(refused).problem, 'SMTP_550_RCPT');
	await until('the other waits', () => state(later).state === 'WAITING' && state(later).attempts === 1, 15_000);
	await until('and arrives', () => state(later).state === 'SENT', 60_000);
	assert.equal(mailsTo(mail, busy).length, 1);
	assert.equal(mailsTo(mail, bounced).length, 0);
});

test('pvl-notify is killed in mid-send: nothing is lost, and nothing sent twice but what was taken as it died', { timeout: 120_000 }, async (t) => {
	const mail = await openMailServer(PORT + 52);
	const random = seeded(3);
	let held = 0;
	mail.hold = async () => {
		held++;
		await pause(300);
		held--;
	};
	t.after(() => mail.close());
	const { server, visitors } = await open(t, PORT, smtpOptions(PORT + 52));
	const booked = new Set();
	const kills = [];
	for (let i = 0; i < visitors.length; i++) {
		booked.add(await book(visitors[i]));
		if (kills.length >= KILLS || i % 2 === 0)
			continue;
		await until('something is on its way', () => held > 0, 15_000, 5);
		await pause(random(150));
		for (const pid of processes('pvl-notify', server.pid))
			process.kill(pid, 'SIGKILL');
		kills.push(Date.now());
		await until('it is back', () => processes('pvl-notify', server.pid).length > 0, 10_000);
	}
	const left = () => rows(server.data, `SELECT COUNT(*) AS n FROM message WHERE kind = 'BOOKED' AND state <> 'SENT' AND made_at > (SELECT MAX(created_at) - 5 FROM account WHERE email LIKE 'f%@test.example')`)[0].n;
	await until('all is sent', () => visitors.every((v) => mailsTo(mail, v).length > 0) && left() === 0, 30_000);
	// Twice goes only what the server took while pvl-notify died, before it could say so: with the same id.
	let doubled = 0;
	for (const v of visitors) {
		const [first, ...more] = mailsTo(mail, v);
		doubled += more.length;
		assert.ok(more.every((m) => m.id === first.id));
		assert.ok(more.length === 0 || kills.some((at) => first.at <= at && at - first.at < DYING_MS), 'it was taken as pvl-notify died');
	}
	t.diagnostic(`${kills.length} kills of pvl-notify, ${booked.size} bookings, ${mail.mails.length} e-mails taken, ${doubled} of them again`);
	assert.ok(kills.length >= Math.min(KILLS, 5));
});

test('pvl-web is killed while messages are on their way: what pvl-notify said is still heard', { timeout: 90_000 }, async (t) => {
	const mail = await openMailServer(PORT + 53);
	let held = 0;
	mail.hold = async () => {
		held++;
		await pause(1500);
	};
	t.after(() => mail.close());
	const { server, visitors: [v] } = await open(t, PORT, smtpOptions(PORT + 53));
	const reference = await book(v);
	await until('it is on its way', () => held > 0, 15_000, 5);
	for (const pid of processes('pvl-web', server.pid))
		process.kill(pid, 'SIGKILL');
	await until('it stands as sent', () => rows(server.data, `SELECT state FROM message WHERE reference = '${reference}' AND kind = 'BOOKED'`)[0].state === 'SENT', 20_000);
	assert.equal(mailsTo(mail, v).length, 1);
});

test('while the mail server is away messages wait; back again, each comes once', { timeout: 120_000 }, async (t) => {
	const mail = await openMailServer(PORT + 54);
	mail.up = false;
	t.after(() => mail.close());
	const { server, visitors } = await open(t, PORT, smtpOptions(PORT + 54));
	for (const v of visitors.slice(0, 4))
		await book(v);
	await until('it was tried', () => mail.sessions > 0, 15_000);
	assert.equal(mail.mails.length, 0);
	mail.up = true;
	await until('all came', () => visitors.slice(0, 4).every((v) => mailsTo(mail, v).length === 1), 90_000);
	await pause(2000);
	assert.ok(visitors.slice(0, 4).every((v) => mailsTo(mail, v).length === 1));
	assert.ok(server.pid > 0);
});

/* ---- GOV.UK Notify ---- */

const SERVICE = '26785a09-ab16-4eb0-8407-a37497a57506', SECRET = '3d844edf-8d35-48ac-975b-e847b4f122b0';
const TEMPLATE = 'f33517ff-2a88-4f6e-b855-c550268ce08a';

const base64url = (text) => JSON.parse(Buffer.from(text, 'base64url').toString());

/** Whether the request bears a good token of that service, not older than 30 s. */
function tokenGood(authorization) {
	const [head, claims, mac] = (/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '..').split('.');
	const own = createHmac('sha256', SECRET).update(`${head}.${claims}`).digest();
	const theirs = Buffer.from(mac, 'base64url');
	if (theirs.length !== own.length || !timingSafeEqual(own, theirs))
		return false;
	const { iss, iat } = base64url(claims);
	return base64url(head).alg === 'HS256' && iss === SERVICE && Math.abs(Date.now() / 1000 - iat) < 30;
}

async function openNotify(port, perSecond) {
	const own = { sent: [], limited: 0, bad: 0, drop: 0, refuse: () => false };
	let second = 0, count = 0, serial = 0;
	const server = createServer((asked, answer) => {
		let text = '';
		asked.on('data', (piece) => { text += piece; });
		asked.on('end', () => {
			const say = (status, value, headers = {}) => answer.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
			if (!tokenGood(asked.headers.authorization)) {
				own.bad++;
				return say(403, { errors: [{ error: 'AuthError', message: 'Invalid token' }] });
			}
			const now = Math.floor(Date.now() / 1000);
			count = now === second ? count + 1 : 1;
			second = now;
			const found = /reference=(\w+)/.exec(asked.url)?.[1];
			if (found)
				return say(200, { notifications: own.sent.filter((m) => m.reference === found) });
			if (asked.method === 'GET') { // what became of one
				const one = own.sent.find((m) => asked.url === `/v2/notifications/${m.id}`);
				return one ? say(200, one) : say(404, { errors: [{ error: 'NoResultFound', message: 'No result found' }] });
			}
			if (count > perSecond) {
				own.limited++;
				return say(429, { errors: [{ error: 'RateLimitError', message: 'Exceeded rate limit' }] }, { 'Retry-After': '2' });
			}
			const body = JSON.parse(text);
			if (own.refuse(body))
				return say(400, { errors: [{ error: 'ValidationError', message: `phone_number ${body.phone_number} is not a valid phone number` }] });
			const id = `740e5834-3a29-46b4-9a6f-${String(++serial).padStart(12, '0')}`;
			own.sent.push({ id, status: 'sending', ...body });
			if (own.drop-- > 0)
				return asked.socket.destroy(); // it has it, and nobody is told
			say(201, { id, reference: body.reference });
		});
	});
	await new Promise((done) => server.listen(port, '127.0.0.1', done));
	own.close = () => { server.closeAllConnections(); server.close(); };
	return own;
}

test('text messages and letters reach people, and no number, address or name the log', { timeout: 180_000 }, async (t) => {
	const notify = await openNotify(PORT + 56, 50);
	const folder = mkdtempSync(join(tmpdir(), 'pvl-key-'));
	writeFileSync(join(folder, 'key'), `visits-${SERVICE}-${SECRET}\n`, { mode: 0o600 });
	t.after(() => {
		notify.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const { server, visitors } = await open(t, PORT, ['--notify-key', join(folder, 'key'), '--notify-url', `http://127.0.0.1:${PORT + 56}`,
		'--notify-sms', TEMPLATE, '--notify-letter', TEMPLATE, '--public-url', 'https://visits.example']);
	const people = visitors.slice(0, 4).map((v, i) => ({ v, id: v.family.id, mobile: `+44770090011${i}`, street: `${20 + i} Heol y Caneri` }));
	const wrong = people.at(-1);
	notify.refuse = (body) => body.phone_number === wrong.mobile; // and says the number in its answer
	for (const { id, mobile, street } of people)
		rows(server.data, `UPDATE account SET email = 'none-${id}@invalid' WHERE id = ${id};
			INSERT INTO reach (account, mobile, texts, line1, line2, town, county, postcode, changed_at) VALUES (${id}, '${mobile}', 0, '${street}', '', 'Caerdydd', '', 'CF10 1AA', 0);`);
	const references = [];
	for (const { v } of people)
		references.push(await book(v));
	const told = (id) => rows(server.data, `SELECT channel, state, problem FROM message WHERE kind = 'BOOKED' AND account = ${id} ORDER BY channel`);
	await until('all went out, or will never', () => people.every(({ id }) => told(id).length === 2 && told(id).every((m) => ['SENT', 'BOUNCED', 'FAILED'].includes(m.state))), 120_000, 500);
	for (const { id, mobile, street } of people) {
		assert.deepEqual(told(id).map((m) => [m.channel, m.state === 'SENT']), [['LETTER', true], ['SMS', id !== wrong.id]]);
		assert.equal(notify.sent.filter((m) => m.phone_number === mobile).length, id === wrong.id ? 0 : 1);
		assert.equal(notify.sent.filter((m) => Object.values(m.personalisation).includes(street)).length, 1);
	}
	assert.match(told(wrong.id)[1].problem, /^NOTIFY_\w+$/);
	const log = server.logged();
	assert.ok(log.includes('"program":"pvl-notify"') && log.includes('"program":"pvl-web"'), 'what both said is searched');
	for (const { mobile, street } of people)
		for (const secret of [mobile, mobile.slice(3), `0${mobile.slice(3)}`, street, encodeURIComponent(street)])
			assert.ok(!log.includes(secret), `no line of the log says ${secret}`);
	for (const secret of [...references, 'Heol y Caneri', 'Caerdydd', 'CF10', 'Test Family', 'Test Prisoner', '@invalid', SECRET])
		assert.ok(!log.includes(secret), `no line of the log says ${secret}`);
});

test('GOV.UK Notify: tokens are good, its rate is kept, and what it has already is not sent again', { timeout: 180_000 }, async (t) => {
	const notify = await openNotify(PORT + 55, 3);
	const folder = mkdtempSync(join(tmpdir(), 'pvl-key-'));
	writeFileSync(join(folder, 'key'), `visits-${SERVICE}-${SECRET}\n`, { mode: 0o600 });
	t.after(() => {
		notify.close();
		rmSync(folder, { recursive: true, force: true });
	});
	notify.drop = 1;
	const { server, visitors } = await open(t, PORT, ['--notify-key', join(folder, 'key'), '--notify-url', `http://127.0.0.1:${PORT + 55}`,
		'--notify-email', TEMPLATE, '--public-url', 'https://visits.example']);
	const references = [];
	for (const v of visitors)
		references.push(await book(v));
	const states = () => rows(server.data, `SELECT state, provider, provider_id FROM message WHERE kind = 'BOOKED' AND reference IN (${references.map((r) => `'${r}'`).join()})`);
	await until('all is sent', () => states().every((m) => m.state === 'SENT'), 120_000, 500);
	assert.ok(states().every((m) => m.provider === 'NOTIFY' && /^[0-9a-f-]{36}$/.test(m.provider_id)));
	assert.equal(notify.bad, 0);
	for (const v of visitors)
		assert.equal(notify.sent.filter((m) => m.email_address === `f${v.family.id}@test.example`).length, 1, 'once each');
	assert.ok(notify.sent.every((m) => m.template_id === TEMPLATE && m.personalisation.subject && m.personalisation.body));
	assert.ok(!server.logged().includes(SECRET));
	t.diagnostic(`${references.length} bookings, ${notify.limited} times over the rate, one answer lost`);
	assert.ok(notify.limited > 0);
});
