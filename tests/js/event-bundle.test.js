/*
 * event-bundle.test.js - a desk with many pictures needs one connection for their events.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { bundle } from '../../front/js/event-bundle.js';

/** What a browser's EventSource would do, on demand. */
function server() {
	const opened = [];
	const open = (url) => {
		const listeners = new Map();
		const source = {
			url: decodeURIComponent(url), readyState: 0, onopen: null, onerror: null,
			addEventListener: (name, listener) => listeners.set(name, listener),
			close: () => { source.readyState = 2; },
			say: (name, data = '{}') => listeners.get(name)?.({ data }),
			fail: (forever) => { source.readyState = forever ? 2 : 0; source.onerror(); },
		};
		opened.push(source);
		return source;
	};
	return { open, opened, standing: () => opened.filter((source) => source.readyState !== 2) };
}

const settle = () => new Promise((done) => { setTimeout(done, 60); });
const urlOf = (reference, ticket, service) => `/api/v1/visits/${reference}/events?ticket=${ticket}${service ? `&service=${service}` : ''}`;

function member(events, reference, ticket, service) {
	const heard = [];
	const close = events(urlOf(reference, ticket, service), (happening) => heard.push(happening), () => heard.push('refused'));
	return { heard, close };
}

test('sixteen visits that come together take one stream, and each hears its own', async () => {
	const to = server();
	const events = bundle(to.open);
	const all = Array.from({ length: 16 }, (_, i) => member(events, `V${i}`, `t${i}`));
	await settle();
	assert.equal(to.opened.length, 1);
	assert.match(to.opened[0].url, /^\/api\/v1\/streams\?seats=V0:t0,V1:t1,.*V15:t15$/);
	to.opened[0].onopen();
	to.opened[0].say('V3/monitor', '{"present":true}');
	assert.deepEqual(all[3].heard, [{ type: 'stream', open: true }, { present: true, type: 'monitor' }]);
	assert.deepEqual(all[4].heard, [{ type: 'stream', open: true }]);
});

test('whoever comes or goes makes one new stream of all', async () => {
	const to = server();
	const events = bundle(to.open);
	const first = member(events, 'A', '1');
	await settle();
	member(events, 'B', '2');
	await settle();
	assert.deepEqual(to.standing().map(({ url }) => url), ['/api/v1/streams?seats=A:1,B:2']);
	first.close();
	await settle();
	assert.deepEqual(to.standing().map(({ url }) => url), ['/api/v1/streams?seats=B:2']);
	to.opened[1].say('A/clock'); // too late
	assert.deepEqual(first.heard, []);
});

test('the end of one is told to it alone, and the others go on', async () => {
	const to = server();
	const events = bundle(to.open);
	const [a, b] = [member(events, 'A', '1'), member(events, 'B', '2')];
	await settle();
	to.opened[0].say('A/ended', '{"why":"staff"}');
	to.opened[0].say('A/over');
	to.opened[0].say('A/over');
	assert.deepEqual(a.heard, [{ why: 'staff', type: 'ended' }, 'refused']);
	assert.deepEqual(b.heard, []);
	await settle();
	assert.deepEqual(to.standing().map(({ url }) => url), ['/api/v1/streams?seats=B:2']);
});

test('a line that breaks is told to all; a refusal sends each back for a new ticket', async () => {
	const to = server();
	const events = bundle(to.open);
	const all = [member(events, 'A', '1'), member(events, 'B', '2')];
	await settle();
	to.opened[0].fail(false);
	to.opened[0].fail(true);
	for (const { heard } of all)
		assert.deepEqual(heard, [{ type: 'stream', open: false }, { type: 'stream', open: false }, 'refused']);
	await settle();
	assert.equal(to.standing().length, 0);
	member(events, 'A', '3');
	await settle();
	assert.deepEqual(to.standing().map(({ url }) => url), ['/api/v1/streams?seats=A:3']);
});

test('visits that live in different services have a stream each', async () => {
	const to = server();
	const events = bundle(to.open);
	member(events, 'A', '1', 'north');
	member(events, 'B', '2', 'south');
	member(events, 'C', '3', 'north');
	await settle();
	assert.deepEqual(to.standing().map(({ url }) => url).sort(),
		['/api/v1/streams?seats=A:1,C:3&service=north', '/api/v1/streams?seats=B:2&service=south']);
});
