/*
 * playback.test.js - which piece of a recording stands at a moment, and which is fetched next.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { clockText, nextWanted, segmentAt } from '../../front/js/playback.js';

const segment = (at, ms) => ({ seat: 0, kind: 'video', codec: 'VP8', at, ms, url: `/${at}` });
const segments = [segment(0, 60_000), segment(60_000, 30_000), segment(95_000, 10_000)];

test('a moment has the piece that covers it, a hole has none', () => {
	assert.equal(segmentAt(segments, 0)?.at, 0);
	assert.equal(segmentAt(segments, 59_999)?.at, 0);
	assert.equal(segmentAt(segments, 60_000)?.at, 60_000);
	assert.equal(segmentAt(segments, 92_000), null);
	assert.equal(segmentAt(segments, 105_000), null);
});

test('the next one is fetched when it is near, and none twice', () => {
	const there = new Set();
	const next = (at) => nextWanted(segments, at, (s) => there.has(s));
	assert.equal(next(0)?.at, 0);
	there.add(segments[0]);
	assert.equal(next(0), null);
	assert.equal(next(41_000)?.at, 60_000);
	there.add(segments[1]);
	assert.equal(next(91_000)?.at, 95_000); // the hole is looked over
	assert.equal(next(105_000), null);
});

test('time is minutes and seconds', () => {
	assert.deepEqual([0, 9_999, 61_000, 3_600_000].map(clockText), ['0:00', '0:09', '1:01', '60:00']);
});
