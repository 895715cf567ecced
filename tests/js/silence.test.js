/*
 * silence.test.js - when a page believes that its way is gone.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { LOOK_MS, ear } from '../../front/js/silence.js';

const PATIENCE = { usual_ms: 1500, first_ms: 4000 };

/** Looks until the time is up; comes(ms): how much has come by then.  What was said, and when. */
function listen(ms, comes, hint_ms = Infinity) {
	const hears = ear(PATIENCE, 0);
	const said = [];
	for (let now = LOOK_MS; now <= ms; now += LOOK_MS) {
		if (hint_ms <= now && hint_ms > now - LOOK_MS)
			hears.hint(hint_ms);
		const word = hears.look(comes(now), now);
		if (word)
			said.push([word, now]);
	}
	return said;
}

/** A packet each so many ms until the end, and again from back on. */
const packets = (each, end = Infinity, back = Infinity) => (now) =>
	Math.floor(Math.min(now, end) / each) + (now > back ? Math.floor((now - back) / each) + 1 : 0);

test('a way that goes on is never doubted, however seldom something comes', () => {
	for (const each of [20, 100, 200, 400, 1000])
		assert.deepEqual(listen(60_000, packets(each)), [], `each ${each} ms`);
});

test('where packets come all the time, half a second of nothing is enough to try anew; people are told later', () => {
	assert.deepEqual(listen(32_000, packets(20, 30_000)), [['uneasy', 30_450], ['silent', 31_500]]);
});

test('where pauses are usual, more is needed', () => {
	const [[word, at]] = listen(32_000, packets(400, 30_000));
	assert.equal(word, 'uneasy');
	assert.ok(at > 31_000 && at <= 31_500, `${at}`);
});

test('a long pause of old is forgotten', () => {
	const once = (now) => packets(20, 30_000, 31_200)(Math.min(now, 90_000));
	const [[, first], [, second]] = listen(91_000, once).filter(([word]) => word === 'uneasy');
	assert.ok(first <= 30_600, `${first}`);
	assert.ok(second <= 90_600, `${second}`);
});

test('after a hint a third of a second is enough, and each hint counts anew', () => {
	assert.deepEqual(listen(30_400, packets(20, 30_000), 30_050), [['uneasy', 30_300]]);
	const said = listen(31_000, packets(20, 30_000), 30_700);
	assert.deepEqual(said.filter(([word]) => word === 'uneasy'), [['uneasy', 30_450], ['uneasy', 30_750]]);
});

test('what comes again before people were told calms', () => {
	const said = listen(32_000, packets(20, 30_000, 31_000));
	assert.deepEqual(said, [['uneasy', 30_450], ['calm', 31_050]]);
});

test('silence that lasts is told again and again, and its end once', () => {
	const said = listen(40_000, packets(20, 30_000, 35_000));
	const silent = said.filter(([word]) => word === 'silent');
	assert.deepEqual(silent.map(([, at]) => at), [31_500, 33_000, 34_500]);
	assert.deepEqual(said.at(-1), ['back', 35_100]);
	assert.equal(said.filter(([word]) => word === 'uneasy').length, 1);
});

test('before anything has come there is more time, and no uneasiness', () => {
	assert.deepEqual(listen(4500, () => 0), [['silent', 4050]]);
	assert.deepEqual(listen(3600, packets(20, 3000)), []);
});

test('a way that is given up takes its numbers along: that is no sign of life', () => {
	const comes = (now) => (now < 30_000 ? now : 5000);
	const [[word, at]] = listen(32_000, comes);
	assert.equal(word, 'uneasy');
	assert.ok(at <= 30_600, `${at}`);
});
