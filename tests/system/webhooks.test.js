/*
 * webhooks.test.js - another system is told: the real programs against a receiver that checks every
 * signature, says no sometimes, and sees pvl-notify die in the middle of it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { until } from '../browser/browsers.js';
import { processes, startServer } from '../browser/server.js';
import { Visitor, plantFamilies, rows } from './families.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 440;
const SECRET = 'a7'.repeat(32);

/** .got: what it took, in order; .say(delivery): the status that it answers, or null: nothing at all. */
async function openReceiver(port) {
	const own = { got: [], bad: 0, say: () => 204 };
	const server = createServer((asked, answer) => {
		let body = '';
		asked.on('data', (piece) => { body += piece; });
		asked.on('end', () => {
			const h = asked.headers;
			const good = createHmac('sha256', Buffer.from(SECRET, 'hex')).update(`${h['x-pvl-timestamp']}.${body}`).digest('hex');
			if (h['x-pvl-signature'] !== `sha256=${good}` || asked.method !== 'POST')
				own.bad++;
			const status = own.say(h['x-pvl-delivery']);
			own.got.push({ delivery: h['x-pvl-delivery'], status, event: JSON.parse(body) });
			if (status !== null)
				answer.writeHead(status).end();
		});
	});
	await new Promise((done) => server.listen(port, '127.0.0.1', done));
	own.close = () => { server.closeAllConnections(); server.close(); };
	return own;
}

async function open(t, port, options) {
	const server = await startServer(port, { options });
	const visitors = plantFamilies(server.data, 2).map((family) => new Visitor(server, family));
	execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'pvl.db'),
		`INSERT INTO webhook (id, prison, url, secret, made_by, made_at, ended_at, end_reason) VALUES (7, 'WWI', 'http://127.0.0.1:${port + 50}/in', x'${SECRET}', NULL, 0, 0, '')`]);
	t.after(async () => {
		visitors.forEach((v) => v.close());
		await server.stop();
	});
	return { server, visitors };
}

/** Books the last time that is offered; its reference. */
async function book(visitor) {
	const time = (await visitor.times()).pop();
	const answer = await visitor.ask('POST', `${visitor.family.book}/${time}`, {});
	assert.equal(answer.status, 303);
	return /\/visits\/(\w+)\/booked/.exec(answer.location)[1];
}

test('a booking and its cancellation reach the other system, signed and in order, whatever happens', { timeout: 120_000 }, async (t) => {
	const receiver = await openReceiver(PORT + 50);
	t.after(() => receiver.close());
	const { server, visitors: [v] } = await open(t, PORT, ['--webhooks-private', '--public-url', 'https://visits.example']);
	receiver.say = () => (receiver.got.length === 0 ? 503 : null); // then it hears, and says nothing
	const reference = await book(v);
	assert.equal((await v.ask('POST', `/visits/${reference}/cancel`, { why: '' })).status, 303);
	await until('it was tried again', () => receiver.got.length === 2, 90_000);
	receiver.say = () => 204;
	for (const pid of processes('pvl-notify', server.pid))
		process.kill(pid, 'SIGKILL');
	await until('both have arrived', () => rows(server.data, "SELECT COUNT(*) AS n FROM webhook_event WHERE state = 'DELIVERED'")[0].n === 2, 30_000);

	assert.equal(receiver.bad, 0);
	const types = receiver.got.map((g) => g.event.eventType);
	assert.deepEqual(types, ['prison-visit.booked', 'prison-visit.booked', 'prison-visit.booked', 'prison-visit.cancelled']);
	assert.equal(new Set(receiver.got.slice(0, 3).map((g) => g.delivery)).size, 1, 'the same again has the same number');
	const { event } = receiver.got[3];
	assert.equal(event.detailUrl, `https://visits.example/api/v1/visits/${reference}`);
	assert.equal(event.additionalInformation.reference, reference);
	assert.match(event.personReference.identifiers[0].value, /^T\d+$/);
	assert.ok(!JSON.stringify(receiver.got).includes('Test Family'), 'no name leaves with an event');
});

test('no event knocks at a door inside the network, unless the operator allows it', { timeout: 60_000 }, async (t) => {
	const receiver = await openReceiver(PORT + 52);
	t.after(() => receiver.close());
	const { server, visitors: [v] } = await open(t, PORT + 2, []);
	await book(v);
	await until('it was tried', () => rows(server.data, 'SELECT problem FROM webhook_event')[0]?.problem === 'PRIVATE_ADDRESS', 30_000);
	assert.equal(receiver.got.length, 0);
});
