/*
 * hostile_http.test.js - what nobody should send to pvl-web, over real sockets: each gets a clear 4xx
 * (or a closed connection), nothing is written, memory stays bounded, and others notice nothing.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import test, { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../browser/browsers.js';
import { processes, startServer } from '../browser/server.js';
import { Visitor, plantFamilies, rows } from './families.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 400;
const SLOW_SOCKETS = 500; // fewer than one address may have
const MEMORY_MAX_KB = 200 * 1024;
const CANARY_MAX_MS = 2000;
const PASSWORD = 'sample-visit-2026';
const MOBILE = '07700900987'; // Ofcom keeps it for films
const STREET = 'Heol y Caneri';
const POSTCODE = 'CF10 1AA';

let server, family, other, canary;

/** A visit's event stream and a page, read all the time by somebody who does nothing wrong. */
class Canary {
	constructor(visitor, events) {
		this.slowest = 0;
		this.failed = 0;
		this.asked = 0;
		this.ended = false;
		this.events = 0;
		this.stream = get({ host: '127.0.0.1', port: PORT, path: events }, (answer) => {
			assert.equal(answer.statusCode, 200);
			answer.on('data', () => { this.events++; });
			answer.on('end', () => { this.ended = true; });
			answer.on('error', () => { this.ended = true; });
		});
		this.done = this.run(visitor);
	}

	async run(visitor) {
		while (!this.stopped) {
			const begun = performance.now();
			const answer = await visitor.ask('GET', '/home').catch(() => ({ status: 0 }));
			this.asked++;
			this.failed += answer.status !== 200;
			this.slowest = Math.max(this.slowest, performance.now() - begun);
			await pause(50);
		}
	}

	async stop() {
		this.stopped = true;
		this.stream.destroy();
		await this.done;
	}
}

/** Bytes to a connection of its own; everything that came back until it was closed or nothing more came. */
function raw(bytes, { wait_ms = 3000, slowly_ms = 0 } = {}) {
	return new Promise((resolve) => {
		const socket = connect(PORT, '127.0.0.1');
		let text = '';
		const done = () => { socket.destroy(); resolve(text); };
		const timer = setTimeout(done, wait_ms);
		socket.on('data', (piece) => { text += piece.toString('latin1'); if (text.includes('\r\n\r\n')) timer.refresh(), setTimeout(done, 150); });
		socket.on('error', () => {});
		socket.on('close', () => { clearTimeout(timer); resolve(text); });
		const pieces = slowly_ms ? [...bytes] : [bytes];
		(async () => {
			for (const piece of pieces) {
				socket.write(piece, 'latin1');
				if (slowly_ms)
					await pause(slowly_ms);
			}
		})();
	});
}

const statusOf = (text) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
const head = (line, more = '') => `${line} HTTP/1.1\r\nHost: localhost:${PORT}\r\n${more}\r\n`;

/* What goes on by itself: the heads of the log, and each prison is counted. */
const BY_ITSELF = ['audit_checkpoint', 'statistics_run', 'wait_count', 'visit_count', 'published_figure'];

/** Everything that a request could have changed: not how far messages are, either. */
function state() {
	const tables = rows(server.data, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map((r) => r.name).filter((name) => !BY_ITSELF.includes(name));
	const which = (name) => name === 'audit_leaf' ? " WHERE verb NOT LIKE 'message.%' AND verb NOT LIKE 'statistics.%'" : '';
	return rows(server.data, tables.map((name) => `SELECT '${name}' AS name, COUNT(*) AS n FROM "${name}"${which(name)}`).join(' UNION ALL '));
}

const memory_kb = () => Math.max(...processes('pvl-web', server.pid).map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])));

before(async () => {
	server = await startServer(PORT);
	const families = plantFamilies(server.data, 3);
	[family, other] = families.map((f) => new Visitor(server, f));
	const room = await (await fetch(`${server.base}/lab/rooms`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"kind":"social"}' })).json();
	canary = new Canary(new Visitor(server, families[2]), new URL(room.ends[0].events).pathname + new URL(room.ends[0].events).search);
	await until('the stream has begun', () => canary.events > 0);
});

after(async () => {
	await canary.stop();
	await server.stop();
});

/** Each case is a refusal; nothing is written and the canary sings on. */
async function refused(cases) {
	const was = state();
	const wrong = [];
	for (const [name, bytes, statuses, options] of cases) {
		const text = await raw(bytes, options);
		if (!statuses.includes(statusOf(text)))
			wrong.push(`${name}: ${text.slice(0, 30).trim() || 'closed'}, not ${statuses}`);
		assert.doesNotMatch(text, /[a-z_]+\.c:\d+|sqlite|jansson/i, name);
	}
	assert.deepEqual(wrong, []);
	assert.deepEqual(state(), was, 'nothing was written');
	assert.equal(canary.ended, false, 'the canary hears its events');
}

const CLOSED = 0; // no answer, or the connection was closed
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

test('requests that are no HTTP, or two requests in one', { timeout: 120_000 }, async () => {
	const smuggled = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
	const cases = [
		['noise', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', [CLOSED, 400]],
		['no host', 'GET / HTTP/1.1\r\n\r\n', [400]],
		['two hosts', head('GET /', 'Host: evil.example\r\n'), [400]],
		['a line too long', head(`GET /${'a'.repeat(40_000)}`), [CLOSED, 413, 414, 431]],
		['a header too long', head('GET /', `X-Long: ${'a'.repeat(40_000)}\r\n`), [CLOSED, 413, 431]],
		['ten thousand headers', head('GET /', 'A: b\r\n'.repeat(10_000)), [CLOSED, 413, 431]],
		['a folded header', head('GET /', 'X-A: b\r\n c\r\n'), [CLOSED, 200, 400]],
		['a NUL in a header', head('GET /home', 'Cookie: pvl=\x00\r\n'), [CLOSED, 303, 400]],
		['a NUL in the path', head('GET /ho\x00me'), [CLOSED, 400, 404]],
		['bad UTF-8 in the path', head('GET /\xff\xfe'), [400, 404]],
		['a length that is no number', head('POST /sign-in', `${FORM}Content-Length: 1e3\r\n`), [CLOSED, 400]],
		['a negative length', head('POST /sign-in', `${FORM}Content-Length: -1\r\n`), [CLOSED, 400]],
		['a length beyond all', head('POST /sign-in', `${FORM}Content-Length: 99999999999999999999999\r\n`), [CLOSED, 400, 413]],
		['two lengths', head('POST /sign-in', `${FORM}Content-Length: 5\r\nContent-Length: ${smuggled.length}\r\n`) + smuggled, [CLOSED, 400]],
		['length and chunks', head('POST /sign-in', `${FORM}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`) + `0\r\n\r\n${smuggled}`, [CLOSED, 400]],
		['an unknown transfer coding', head('POST /sign-in', `${FORM}Transfer-Encoding: zzz\r\n`) + 'abc', [CLOSED, 400, 501]],
		['a chunk that is no number', head('POST /sign-in', `${FORM}Transfer-Encoding: chunked\r\n`) + 'zz\r\nabc\r\n0\r\n\r\n', [CLOSED, 400]],
		['a chunk of all memory', head('POST /sign-in', `${FORM}Transfer-Encoding: chunked\r\n`) + 'ffffffffffffffff\r\nabc', [CLOSED, 400, 413]],
		['methods that nobody knows', head('BREW /'), [405, 501]],
		['TRACE', head('TRACE /'), [405, 501]],
		['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', [CLOSED, 400, 404, 405]],
		['another site in the line', head('GET http://evil.example/home'), [CLOSED, 303, 400, 404]],
		['POST where GET is', head('POST /home', `${FORM}Content-Length: 0\r\n`), [405]],
		['DELETE where GET is', head('DELETE /'), [405]],
		['a body on GET', head('GET /help', 'Content-Length: 5\r\n') + 'hello', [415]],
		['PUT over', head('GET /home', 'X-HTTP-Method-Override: DELETE\r\n'), [303]],
	];
	await refused(cases);
	const two = await raw(head('GET /ping') + head('GET /info', 'Connection: close\r\n'));
	assert.equal([...two.matchAll(/HTTP\/1\.1 200/g)].length, 2, 'two honest requests in one packet are both answered');
});

test('paths that lead elsewhere lead nowhere', { timeout: 60_000 }, async () => {
	const paths = ['/%2e%2e/%2e%2e/etc/passwd', '/../../etc/passwd', '//home', '/home/', '/home//', '/assets/../../pvl.db', '/assets/%2e%2e/x',
		'/assets/..%2f..%2fpvl.db', '/visits/..', '/visits/%00', '/ho%6de', '/home;x', '/home\\', '/.git/config', '/pvl.db', '/staff/../home', `/${'x/'.repeat(300)}`];
	await refused(paths.map((path) => [path, head(`GET ${path}`, `Cookie: ${family.family.cookie}\r\n`), [CLOSED, 400, 404]]));
});

test('what people type into lines of an answer stays there', { timeout: 60_000 }, async () => {
	const texts = await Promise.all([
		'/sign-in?next=%0d%0aSet-Cookie:%20x=1', '/sign-in?next=https://evil.example', '/sign-in?next=%2f%2fevil.example', '/sign-in?next=/\\evil.example',
		'/sign-in?next=/%5cevil.example', '/?done=%0d%0aX-A:1', '/sign-in?next=javascript:alert(1)',
	].map((path) => raw(head(`GET ${path}`, 'Connection: close\r\n'))));
	const back = /href="(\/language\/cy\?next=[^"]*)"/; // to this very address: followed below
	for (const text of texts) {
		assert.equal(statusOf(text), 200);
		assert.doesNotMatch(text.split('\r\n\r\n')[0], /x=1|X-A/);
		assert.doesNotMatch(text.replace(back, ''), /evil\.example|alert\(1\)/);
	}
	const links = texts.map((text) => back.exec(text)?.[1]).filter(Boolean);
	assert.ok(links.length > 0);
	for (const link of links) {
		const chosen = await raw(head(`GET ${link}`, 'Connection: close\r\n'));
		assert.equal(statusOf(chosen), 303);
		assert.match(chosen, /^Location: \/sign-in\?next=[%2f5c\/]+evil\.example\r$/mi);
	}
	const answer = await raw(head('POST /lab/rooms', 'Content-Type: application/json\r\nContent-Length: 2\r\nOrigin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n') + '{}');
	assert.doesNotMatch(answer, /Access-Control-Allow/i);
});

test('forms of the wrong kind, size and text', { timeout: 120_000 }, async () => {
	const cookie = `Cookie: ${family.family.cookie}\r\n`;
	const csrf = `csrf=${family.family.csrf}`;
	const post = (path, type, body) => head(`POST ${path}`, `${cookie}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`) + body;
	const urlencoded = 'application/x-www-form-urlencoded';
	const part = (boundary, name, value) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
	const cases = [
		['no token', post('/prisoners/new', urlencoded, 'number=A1234BC'), [403]],
		["somebody else's token", post('/prisoners/new', urlencoded, `csrf=${other.family.csrf}&number=A1234BC`), [403]],
		['a token in another field', post('/prisoners/new', urlencoded, `Csrf=${family.family.csrf}`), [403]],
		['another kind of content', post('/prisoners/new', 'text/plain', `${csrf}`), [415]],
		['JSON', post('/prisoners/new', 'application/json', '{}'), [415]],
		['XML', post('/prisoners/new', 'application/xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), [415]],
		['too large', post('/prisoners/new', urlencoded, `${csrf}&name=${'x'.repeat(20_000)}`), [413]],
		['huge multipart', post('/prisoners/new', 'multipart/form-data; boundary=b', part('b', 'csrf', family.family.csrf) + part('b', 'name', 'y'.repeat(3_000_000)) + '--b--\r\n'), [413]],
		['multipart without end', post('/prisoners/new', 'multipart/form-data; boundary=b', part('b', 'csrf', family.family.csrf) + '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nabc'), [403, 422]],
		['multipart without boundary', post('/prisoners/new', 'multipart/form-data', part('b', 'csrf', family.family.csrf)), [403]],
		['multipart with a long boundary', post('/prisoners/new', `multipart/form-data; boundary=${'b'.repeat(300)}`, part('b', 'csrf', family.family.csrf)), [403]],
		['a thousand fields', post('/prisoners/new', urlencoded, `${csrf}&` + 'a=b&'.repeat(1000)), [422]],
		['NUL in a field', post('/prisoners/new', urlencoded, `${csrf}&number=A1234BC%00&name=a%00b&born-day=1&born-month=1&born-year=1980&relationship=friend`), [422]],
		['bad UTF-8 in a field', post('/prisoners/new', urlencoded, `${csrf}&number=A1234BC&name=%ff%fe&born-day=1&born-month=1&born-year=1980&relationship=friend`), [422]],
		['half an escape', post('/prisoners/new', urlencoded, `${csrf}&number=%&name=%4&born-day=%zz`), [422]],
		['numbers beyond 64 bits', post('/people/new', urlencoded, `${csrf}&prisoner=99999999999999999999999&name=A+B&born-day=1&born-month=1&born-year=2000&relationship=friend`), [404, 422]],
		['a negative number', post('/book', urlencoded, `${csrf}&prisoner=-1`), [404, 422]],
		['a year of another age', post('/prisoners/new', urlencoded, `${csrf}&number=A1234BC&name=A+B&born-day=1&born-month=1&born-year=999999999&relationship=friend`), [422]],
		['a time in the past', post(`${family.family.book}/0-30`, urlencoded, csrf), [400, 404, 409, 422]],
		['a time at the end of time', post(`${family.family.book}/9223372036854775800-30`, urlencoded, csrf), [400, 404, 409, 422]],
		['no minutes', post(`${family.family.book}/1795456800-0`, urlencoded, csrf), [400, 404, 409, 422]],
		['too many minutes', post(`${family.family.book}/1795456800-2147483647`, urlencoded, csrf), [400, 404, 409, 422]],
		["somebody else's prisoner", post(`/book/${other.family.id}/${other.family.id}/1795456800-30`, urlencoded, csrf), [400, 404]],
		["somebody else's party", post(`/book/${family.family.id}/${other.family.id}/1795456800-30`, urlencoded, csrf), [400, 404, 409, 422]],
		['the same person twice', post(`/book/${family.family.id}/${family.family.id}-${family.family.id}/1795456800-30`, urlencoded, csrf), [400, 404, 409, 422]],
		['a page of staff', post('/staff/terminals/1/code', urlencoded, csrf), [404]],
		['a foreign origin', head('POST /book', `${cookie}Origin: https://evil.example\r\nContent-Type: ${urlencoded}\r\nContent-Length: ${csrf.length}\r\n`) + csrf, [403]],
		['a sister site', head('POST /book', `${cookie}Sec-Fetch-Site: same-site\r\nContent-Type: ${urlencoded}\r\nContent-Length: ${csrf.length}\r\n`) + csrf, [403]],
	];
	await refused(cases);
});

test('the API with wrong types, sizes and nesting', { timeout: 120_000 }, async () => {
	const json = (path, body, more = '') => head(`POST ${path}`, `${more}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`) + body;
	const wrong = [['not JSON', 'not json'], ['a list', '[]'], ['a number', '1'], ['nothing', ''], ['nested', '['.repeat(2000) + ']'.repeat(2000)],
		['a field twice', '{"terminal":"1","terminal":"2"}'], ['numbers for texts', '{"terminal":1,"code":2,"key":3}'], ['null', '{"terminal":null,"code":null,"key":null}'],
		['a NUL', '{"terminal":"1\\u0000","code":"a\\u0000","key":"b"}'], ['half a surrogate', '{"terminal":"\\ud800"}'], ['a number beyond 64 bits', '{"terminal":"99999999999999999999"}'],
		['a negative number', '{"terminal":"-5"}'], ['an object for a text', '{"terminal":{},"code":[],"key":{}}']];
	const paths = ['/api/v1/terminal/enrol', '/api/v1/terminal/challenge', '/api/v1/terminal/due'];
	const cases = paths.flatMap((path) => [
		...wrong.map(([name, body]) => [`${path}: ${name}`, json(path, body), [400, 401, 429]]),
		[`${path}: too large`, json(path, `{"code":"${'x'.repeat(5000)}"}`), [413]],
		[`${path}: a form`, head(`POST ${path}`, `${FORM}Content-Length: 3\r\n`) + 'a=b', [415]],
	]);
	await refused(cases);
	for (const path of paths)
		for (const answer of await Promise.all([raw(json(path, '[]')), raw(json(path, `{"code":"${'x'.repeat(5000)}"}`))])) {
			assert.match(answer, /application\/problem\+json/);
			assert.ok(JSON.parse(answer.slice(answer.indexOf('{'))).userMessage.length > 10, 'it says what to do');
		}
	const sdp = (path, body, type = 'application/sdp', token = 'x') => head(`POST ${path}`, `Authorization: Bearer ${token}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n`) + body;
	await refused([
		['a wrong token', sdp('/api/v1/visits/K7M2P9QX4/media', 'v=0'), [401, 404]],
		['a wrong reference', sdp('/api/v1/visits/xxx/media', 'v=0'), [404]],
		['another kind of content', sdp('/api/v1/visits/K7M2P9QX4/media', '{}', 'application/json'), [415]],
		['a stream without a ticket', head('GET /api/v1/visits/K7M2P9QX4/events'), [404]],
		['a join without anything', json('/api/v1/visits/K7M2P9QX4/join', '{}'), [401, 404, 429]],
	]);
	const room = await (await fetch(`${server.base}/lab/rooms`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).json();
	const media = new URL(room.ends[1].media).pathname;
	await refused([
		['no SDP', sdp(media, 'hello', 'application/sdp', room.ends[1].token), [400]],
		['an SDP of lines', sdp(media, 'v=0\r\n' + 'a=x\r\n'.repeat(9000), 'application/sdp', room.ends[1].token), [400, 413, 422]],
		['NULs', sdp(media, '\0'.repeat(500), 'application/sdp', room.ends[1].token), [400]],
		['broken gzip', head(`POST ${media}`, `Authorization: Bearer ${room.ends[1].token}\r\nContent-Type: application/sdp\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n`) + '\x1f\x8b\x08\x00', [400]],
		["the other end's token elsewhere", sdp(media.replace(room.visit.replace(/-/g, ''), 'K7M2P9QX4'), 'v=0', 'application/sdp', room.ends[1].token), [401, 404]],
	]);
});

test("other people's things are not there", { timeout: 60_000 }, async () => {
	const [time] = await other.times();
	const booked = await other.ask('POST', `${other.family.book}/${time}`, {});
	assert.equal(booked.status, 303);
	const reference = /\/visits\/(\w+)\//.exec(booked.location)[1];
	for (const page of ['', '/booked', '/cancel', '/room', '/calendar.ics'])
		assert.equal((await family.ask('GET', `/visits/${reference}${page}`)).status, 404, page);
	const was = state();
	assert.equal((await family.ask('POST', `/visits/${reference}/cancel`, {})).status, 404);
	assert.equal((await family.ask('GET', `/book/${other.family.id}`)).status, 404);
	assert.deepEqual(state(), was);
});

test('a session is never the one that was brought along, and its cookie is shut', { timeout: 60_000 }, async () => {
	const fixed = `pvl=${'A'.repeat(43)}`;
	const page = await raw(head('GET /sign-in', `Cookie: ${fixed}\r\nConnection: close\r\n`));
	const guest = /Set-Cookie: (pvl-guest=[^;]+)/.exec(page)[1];
	const token = /name="csrf" value="([^"]+)"/.exec(page)[1];
	const body = new URLSearchParams({ csrf: token, email: 'amina@family.example', password: PASSWORD, next: '//evil.example' }).toString();
	const signed = await raw(head('POST /sign-in', `Cookie: ${fixed}; ${guest}\r\n${FORM}Content-Length: ${body.length}\r\nConnection: close\r\n`) + body, { wait_ms: 10_000 });
	assert.equal(statusOf(signed), 303, signed);
	assert.match(signed, /Location: \/home\r\n/);
	const cookie = /Set-Cookie: (pvl=[^\r]+)/.exec(signed)[1];
	assert.ok(!cookie.includes('AAAAAAAA'), 'a new one');
	assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax$/);
	const mine = cookie.split(';')[0];
	const home = await raw(head('GET /home', `Cookie: ${mine}\r\nConnection: close\r\n`));
	assert.equal(statusOf(home), 200);
	assert.equal(statusOf(await raw(head('GET /home', `Cookie: ${fixed}\r\n`))), 303);
	const out = `csrf=${/name="csrf" value="([^"]+)"/.exec(home)[1]}`;
	assert.equal(statusOf(await raw(head('POST /sign-out', `Cookie: ${mine}\r\n${FORM}Content-Length: ${out.length}\r\n`) + out)), 303);
	assert.equal(statusOf(await raw(head('GET /home', `Cookie: ${mine}\r\n`))), 303, 'a session that was ended opens nothing');
});

test('one address cannot make accounts or guess codes without end', { timeout: 120_000 }, async () => {
	const page = await raw(head('GET /account/new', 'Connection: close\r\n'));
	const guest = /Set-Cookie: (pvl-guest=[^;]+)/.exec(page)[1];
	const token = /name="csrf" value="([^"]+)"/.exec(page)[1];
	const make = (i) => {
		const body = new URLSearchParams({ csrf: token, name: 'A B', 'born-day': '1', 'born-month': '1', 'born-year': '1980', email: `n${i}@test.example`, password: 'long enough words' }).toString();
		return raw(head('POST /account/new', `Cookie: ${guest}\r\n${FORM}Content-Length: ${body.length}\r\nConnection: close\r\n`) + body, { wait_ms: 20_000 });
	};
	const made = [];
	for (let i = 0; i < 24; i++)
		made.push(statusOf(await make(i)));
	assert.equal(made[0], 303);
	assert.equal(made.at(-1), 429);
	assert.ok(made.filter((s) => s === 303).length <= 21, `${made}`);
	const body = JSON.stringify({ code: 'AAAAAAAA', key: 'x' });
	const guesses = [];
	for (let i = 0; i < 30; i++)
		guesses.push(statusOf(await raw(head('POST /api/v1/terminal/enrol', `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n`) + body)));
	assert.equal(guesses.at(-1), 429);
	assert.match(await make(99), /Too many tries/);
});

test('slow and silent connections do not keep others out', { timeout: 90_000 }, async (t) => {
	const was_kb = memory_kb();
	canary.slowest = 0;
	const asked = canary.asked;
	const sockets = Array.from({ length: SLOW_SOCKETS }, () => connect(PORT, '127.0.0.1').on('error', () => {}));
	let dropped = 0;
	sockets.forEach((s) => s.on('close', () => { dropped++; }));
	const lines = ['GET /home HTTP/1.1\r\n', 'Host: x\r\n', 'X-A: b\r\n'];
	for (let round = 0; round < 25; round++) {
		sockets.forEach((s, i) => { if (i % 5 && !s.destroyed) s.write(lines[Math.min(round, 2)]); });
		await pause(1000);
	}
	await until('the slow ones were dropped', () => dropped >= SLOW_SOCKETS * 4 / 5, 20_000);
	sockets.forEach((s) => s.destroy());
	t.diagnostic(`${dropped} of ${SLOW_SOCKETS} dropped; ${canary.asked - asked} pages of somebody else, the slowest in ${canary.slowest.toFixed(0)} ms; ${memory_kb() - was_kb} KiB more`);
	assert.ok(canary.slowest < CANARY_MAX_MS, `${canary.slowest} ms`);
	assert.ok(memory_kb() < MEMORY_MAX_KB, `${memory_kb()} KiB`);
});

test('endless bodies are read away and not kept', { timeout: 60_000 }, async () => {
	const was_kb = memory_kb();
	const piece = `10000\r\n${'z'.repeat(65536)}\r\n`;
	const sent = await Promise.all(Array.from({ length: 10 }, () => new Promise((resolve) => {
		const socket = connect(PORT, '127.0.0.1').on('error', () => {});
		let bytes = 0;
		const push = () => { while (bytes < 8e6 && socket.write(piece)) bytes += 65536; bytes += 65536; if (bytes >= 8e6) socket.end('0\r\n\r\n'); };
		let text = '';
		socket.on('data', (d) => { text += d; }).on('drain', push).on('close', () => resolve(text));
		socket.write(head('POST /prisoners/new', `Cookie: ${family.family.cookie}\r\n${FORM}Transfer-Encoding: chunked\r\nConnection: close\r\n`));
		push();
	})));
	assert.ok(sent.every((text) => [0, 413].includes(statusOf(text))), `${sent.map(statusOf)}`);
	assert.ok(memory_kb() - was_kb < 20 * 1024, `${memory_kb() - was_kb} KiB`);
});

test('TLS is 1.2 with forgotten keys, or newer; its cookies stay with it', { timeout: 60_000 }, async () => {
	const hello = (...args) => {
		try {
			return execFileSync('openssl', ['s_client', '-connect', `127.0.0.1:${PORT + 1}`, ...args], { input: '', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'], timeout: 10_000 });
		} catch {
			return '';
		}
	};
	assert.match(hello('-tls1_3'), /TLSv1\.3, Cipher is TLS_/);
	assert.match(hello('-tls1_2'), /Cipher is ECDHE-ECDSA-(AES|CHACHA)/);
	for (const cipher of ['AES128-SHA', 'AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-DES-CBC3-SHA'])
		assert.doesNotMatch(hello('-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`), /Cipher is (AES|ECDHE)/, cipher);
	assert.doesNotMatch(hello('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'), /Cipher is (AES|ECDHE)/);
	const page = execFileSync('curl', ['-ski', `https://127.0.0.1:${PORT + 1}/sign-in`], { encoding: 'utf8' });
	assert.match(page, /Set-Cookie: __Host-pvl-guest=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure\r\n/);
	assert.match(page, /Strict-Transport-Security: max-age=31536000/);
});

test('numbers and addresses that people type, right or wrong', { timeout: 60_000 }, async () => {
	const address = { line1: `12 ${STREET}`, line2: '', town: 'Caerdydd', county: '', postcode: POSTCODE };
	const asked = await other.ask('POST', '/account/mobile', { mobile: MOBILE });
	assert.ok(asked.status < 500);
	assert.ok([404, 422].includes((await other.ask('POST', '/account/mobile', { mobile: `${MOBILE}99999` })).status));
	assert.equal((await other.ask('POST', '/account/address', { ...address, line1: `@${STREET}` })).status, 422);
	assert.equal((await other.ask('POST', '/account/address', address)).status, 303);
	assert.deepEqual(rows(server.data, `SELECT postcode FROM reach WHERE account = ${other.family.id}`), [{ postcode: POSTCODE }]);
	assert.ok((await other.ask('GET', `/account/address?line1=${encodeURIComponent(STREET)}&mobile=${MOBILE}`)).status < 500);
	assert.ok((await other.ask('GET', `/${encodeURIComponent(STREET)}/${MOBILE}`)).status < 500);
});

test('none of it was noticed by anybody else, and no line of the log says who it was', { timeout: 30_000 }, async () => {
	assert.ok(canary.asked > 50);
	assert.equal(canary.failed, 0);
	assert.equal(canary.ended, false);
	const texts = [server.logged(), await (await fetch(`${server.base}/metrics`)).text(), await (await fetch(`${server.base}/health`)).text()];
	const people = rows(server.data, `SELECT email AS t FROM account UNION SELECT name FROM account UNION SELECT name FROM person UNION SELECT name FROM prisoner
		UNION SELECT number FROM prisoner UNION SELECT reference FROM visit UNION SELECT csrf FROM web_session`).map((r) => r.t);
	const secrets = [...people, PASSWORD, family.family.token, other.family.token, MOBILE, MOBILE.slice(1), STREET, encodeURIComponent(STREET), POSTCODE, 'Caerdydd', 'evil.example', '127.0.0.1', '::1', '@', 'AAAAAAAA', 'passwd', 'long enough words'];
	assert.ok(people.length > 40);
	for (const text of texts)
		for (const secret of secrets)
			assert.ok(!text.includes(secret), `"${secret}" stands in a log or in the metrics`);
	assert.ok(server.logged().split('\n').filter((line) => line.startsWith('{')).every((line) => JSON.parse(line).event), 'every line is a line of ours');
});
