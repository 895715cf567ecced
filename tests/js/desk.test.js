import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open } from '../../front/js/acts.js';
import { pageOf } from '../../front/js/desk.js';

const row = (reference, more = {}) => [reference, { reference, kind: 'social', state: 'live', ...more }];

test('the desk shows social visits that are live, in an order that stays', () => {
	const rows = new Map([row('C'), row('A'), row('B', { state: 'lobby' }), row('D', { kind: 'confidential' })]);
	const page = pageOf(rows, 0, 4);
	assert.deepEqual([page.all, page.shown.map((r) => r.reference)], [2, ['A', 'C']]);
});

test('pages of the desk begin at a multiple and never lie outside', () => {
	const rows = new Map('ABCDEFG'.split('').map((name) => row(name)));
	assert.deepEqual(pageOf(rows, 4, 4).shown.map((r) => r.reference), ['E', 'F', 'G']);
	assert.equal(pageOf(rows, 40, 4).from, 4);
	assert.equal(pageOf(rows, -3, 4).from, 0);
	assert.deepEqual(pageOf(new Map(), 0, 4), { all: 0, from: 0, shown: [] });
});

test('the panel offers what would change something', () => {
	const none = { paused: false, muted: [], blanked: [], warning: null, not_private: false };
	assert.deepEqual([...open(none)].sort(),
		['BLANK_PRISONER', 'BLANK_VISITOR', 'EXTEND_10', 'EXTEND_5', 'MUTE_PRISONER', 'MUTE_VISITOR', 'PAUSE']);
	const much = { ...none, paused: true, muted: ['visitor'], blanked: ['prisoner'] };
	assert.deepEqual([...open(much)].sort(),
		['BLANK_VISITOR', 'EXTEND_10', 'EXTEND_5', 'MUTE_PRISONER', 'RESUME', 'UNBLANK_PRISONER', 'UNMUTE_VISITOR']);
});
