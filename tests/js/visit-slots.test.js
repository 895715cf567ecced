import assert from 'node:assert/strict';
import test from 'node:test';
import { agree, hasPicture } from '../../front/js/visit-slots.js';

const pair = { audio: { mid: '2' }, video: { mid: '3' } };

test('a place has a picture only while the map gives it one: staff may have blanked it and left the sound', () => {
	assert.ok(hasPicture([{ mid: '2', end: 0 }, { mid: '3', end: 0 }], pair));
	assert.ok(hasPicture([{ mid: '3', end: 1 }], pair));
	assert.ok(!hasPicture([{ mid: '2', end: 0 }, { mid: '3', end: null }], pair));
	assert.ok(!hasPicture([{ mid: '2', end: 0 }], pair));
	assert.ok(!hasPicture([], pair));
	assert.ok(!hasPicture([{ mid: '3', end: 0 }], undefined));
});

test('packets agree with the map by their source, or where the browser shows none', () => {
	assert.ok(agree(null, 3));
	assert.ok(agree(4, 3));
	assert.ok(!agree(3, 3));
});
