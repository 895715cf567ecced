/*
 * families.js - many families with an approved visit partner each, signed in, without a password to
 * hash; and the requests they make over connections of their own.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

const TOKEN_LEN = 43;
const FIRST_ID = 4_000_000_000;
const SESSION_S = 3600;

/** Numbers that are the same for the same seed (mulberry32). */
export function seeded(seed) {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % below;
	};
}

/** Rows of a query; also while the service runs. */
export function rows(data, sql) {
	const said = execFileSync('sqlite3', ['-json', '-cmd', '.timeout 5000', join(data, 'pvl.db'), sql], { encoding: 'utf8' });
	return said.trim() ? JSON.parse(said) : [];
}

/** A family of a test: its id is the person's and the prisoner's too, its session that of its cookie. */
export function familyOf(i) {
	const id = FIRST_ID + i;
	const token = `family-${i}-`.padEnd(TOKEN_LEN, 'x');
	return { id, token, csrf: `csrf-of-${i}-`.padEnd(TOKEN_LEN, 'y'), cookie: `pvl=${token}`, book: `/book/${id}/${id}` };
}

/** What puts it into a database that has the sample data; blob: hexadecimal digits as bytes there. */
export function familySql({ id, token, csrf }, session_s, blob) {
	const now = Math.floor(Date.now() / 1000);
	return `
		INSERT INTO account (id, staff, email, name, password_hash, language, created_at) VALUES (${id}, 0, 'f${id}@test.example', 'Test Family', 'x', 'en', ${now});
		INSERT INTO person (id, booker, name, born) VALUES (${id}, ${id}, 'Test Family', 7000);
		INSERT INTO prisoner (id, number, name, born, prison, wing) VALUES (${id}, 'T${id}', 'Test Prisoner', 7000, 'WWI', 'A');
		INSERT INTO contact (id, person, prisoner, relationship, state, reason, decided_by, requested_at, decided_at) VALUES (${id}, ${id}, ${id}, 'friend', 'APPROVED', 'A test', NULL, ${now}, ${now});
		INSERT INTO web_session (token, csrf, account, terminal, role, prison, seen, idle_s, expires) VALUES (${blob(createHash('sha256').update(token).digest('hex'))}, '${csrf}', ${id}, NULL, 'family', '', ${now}, ${session_s}, ${now + session_s});`;
}

export const ruleSql = (name, value) => `
	INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) SELECT MAX(seq) + 1, 'WWI', '${name}', ${value}, 0, NULL, 'A test' FROM prison_policy;`;

/** Writes the people of `count` families into the database of a service that has its sample data. */
export function plantFamilies(data, count) {
	const families = Array.from({ length: count }, (_, i) => familyOf(i));
	const lines = families.map((family) => familySql(family, SESSION_S, (hex) => `x'${hex}'`));
	const rules = ['allowance_minutes_month', 'open_requests_max'].map((name) => ruleSql(name, 1000));
	execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(data, 'pvl.db')],
		{ input: `BEGIN IMMEDIATE;${lines.join('')}${rules.join('')}COMMIT;`, stdio: ['pipe', 'ignore', 'inherit'] });
	return families;
}

/** One browser: a kept connection, and its family's cookie. */
export class Visitor {
	constructor(server, family) {
		this.server = server;
		this.family = family;
		this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
	}

	/** this.heard(method, status), if set, is called as soon as the head of an answer is there. */
	/** { status, location, text }; rejects if the connection broke before the whole answer was there. */
	ask(method, path, form) {
		const body = form === undefined ? undefined : new URLSearchParams({ csrf: this.family.csrf, ...form }).toString();
		const headers = { Cookie: this.family.cookie };
		if (body !== undefined)
			Object.assign(headers, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) });
		return new Promise((resolve, reject) => {
			const sent = request({ host: '127.0.0.1', port: this.server.port, agent: this.agent, method, path, headers, timeout: 15_000 });
			sent.on('timeout', () => sent.destroy(new Error('no answer')));
			sent.on('error', reject);
			sent.on('response', (answer) => {
				this.heard?.(method, answer.statusCode);
				let text = '';
				answer.setEncoding('utf8');
				answer.on('data', (piece) => { text += piece; });
				answer.on('error', reject);
				answer.on('end', () => resolve({ status: answer.statusCode, location: answer.headers.location ?? '', headers: answer.headers, text }));
			});
			sent.end(body);
		});
	}

	/** The times that the page offers, as "seconds-minutes". */
	async times() {
		const page = await this.ask('GET', this.family.book);
		return [...page.text.matchAll(/name="time" type="radio" value="(\d+-\d+)"/g)].map((m) => m[1]);
	}

	close() {
		this.agent.destroy();
	}
}
