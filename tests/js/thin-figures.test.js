/* thin-figures.test.js - the figures of bench/thin-lines, from moments that are known. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { delays, fairness, figuresOf, freezes, goalsOf, recovered, worse } from '../../bench/thin/figures.mjs';

/** Pictures each ms_apart ms from one time to another, frame after frame of the film. */
const pictures = (from, to, ms_apart, first = 0) => Array.from({ length: Math.ceil((to - from) / ms_apart) },
	(_, i) => ({ frame: (first + i) % 200, at: from + i * ms_apart, height: 360 }));

const nothing = { sent: [], seen: [], stats: [], mouth: [], ear: [] };

test('an even stream does not freeze, whatever its rate', () => {
	for (const ms_apart of [50, 125, 250])
		assert.equal(freezes(pictures(0, 10_000, ms_apart).map((p) => p.at), 0, 10_000).count, 0);
});

test('a gap is a freeze of its length, also the one that has not ended', () => {
	const times = [...pictures(0, 4000, 50), ...pictures(5000, 8000, 50)].map((p) => p.at);
	const { count, ms } = freezes(times, 0, 10_000);
	assert.equal(count, 2);
	assert.ok(Math.abs(ms - 3100) < 200, `${ms}`);
});

test('no picture at all is frozen all the time', () => {
	assert.deepEqual(freezes([], 0, 5000), { count: 1, ms: 5000, longest: 5000 });
});

test('the delay is that of the same frame, also across the end of the film', () => {
	const sent = pictures(0, 20_000, 50);
	const seen = sent.filter((_, i) => i % 2 === 0).map(({ frame, at }) => ({ frame, at: at + 310 }));
	assert.deepEqual([...new Set(delays(sent, seen))], [310]);
});

test('what was not shown counts as nothing', () => {
	const other = { ...nothing, sent: pictures(0, 10_000, 50) };
	const own = { ...nothing, seen: pictures(0, 10_000, 100).map((p, i) => ({ ...p, frame: 2 * i % 200 })) };
	const got = figuresOf(own, other, [{ at: 1000, ssim: 0.9, vif: 0.6 }], 0, 10_000, 0);
	assert.equal(got.fps, 10);
	assert.ok(Math.abs(got.vif_all - 0.3) < 0.01);
	assert.equal(got.concealed, 1, 'no sound is all made up');
});

test('recovery is counted from the return of the line', () => {
	const seen = [...pictures(0, 10_000, 100), ...pictures(18_000, 30_000, 100, 100)];
	const after = recovered(seen, 10, 15_000, 30_000);
	assert.ok(after >= 2.4 && after <= 3.1, `${after}`);
	assert.equal(recovered(seen.slice(0, 100), 10, 15_000, 30_000), null);
});

test('equal shares are fair, one for all is not', () => {
	assert.equal(fairness([3, 3, 3]), 1);
	assert.ok(Math.abs(fairness([9, 0, 0]) - 1 / 3) < 1e-9);
});

test('the worse of two ends has the fewer pictures and the more delay, and nothing if one had nothing', () => {
	assert.deepEqual(worse({ fps: 3, delay_p95: 100, rtt_ms: null }, { fps: 8, delay_p95: 300, rtt_ms: 5 }),
		{ fps: 3, delay_p95: 300, rtt_ms: null });
});

test('a goal without a value is not met', () => {
	const goals = goalsOf({ fps: 7, delay_p95: 600 }, { pvl: { fps: 8, delay_p95: null } });
	assert.deepEqual(goals.map((g) => g.met), [true, false]);
});
