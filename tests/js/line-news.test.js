import assert from 'node:assert/strict';
import test from 'node:test';
import { lineNews } from '../../front/js/line-news.js';

/** What is said in the course of it: [[s, word], …] of what is so, until so many seconds; .heard: how often it was asked. */
function course(happens, until_s, news = lineNews()) {
	const said = [];
	let word = '';
	for (let ms = 0; ms <= until_s * 1000; ms += 100) {
		word = happens.filter(([s]) => s * 1000 <= ms).at(-1)?.[1] ?? '';
		const now = news.hear(word, ms);
		if (now !== (said.at(-1)?.[1] ?? ''))
			said.push([ms / 1000, now]);
	}
	return said;
}

test('a good line that begins low is not spoken of', () => {
	assert.deepEqual(course([[0.7, 'other-slow'], [2.8, '']], 60), []);
	assert.deepEqual(course([[0.7, 'slow'], [5, '']], 60), []);
});

test('one that is slow from the beginning is, when that is known', () => {
	assert.deepEqual(course([[1, 'slow']], 60), [[6, 'slow']]);
});

test('a line that falls is told of once, as it is then; what is better when it has lasted', () => {
	const falls = [[20, 'slow'], [20.9, 'stills'], [21.6, 'sound-only'], [27.6, 'stills'], [31.6, 'slow']];
	assert.deepEqual(course(falls, 60), [[23, 'sound-only'], [33.6, 'slow']]);
});

test('who is at the edge of two states is not told of each', () => {
	const edge = Array.from({ length: 20 }, (_, i) => [20 + 5 * i, i % 2 ? 'stills' : 'sound-only']);
	assert.deepEqual(course(edge, 110), [[23, 'sound-only']]);
	const quick = Array.from({ length: 20 }, (_, i) => [20 + 2 * i, i % 2 ? '' : 'slow']);
	assert.deepEqual(course(quick, 59), []);
});

test('it is good again when that has lasted', () => {
	assert.deepEqual(course([[20, 'slow'], [40, '']], 60), [[23, 'slow'], [46, '']]);
	assert.deepEqual(course([[20, 'slow'], [40, ''], [45, 'slow']], 60), [[23, 'slow']]);
});

test('our own line is spoken of when that of another is better', () => {
	assert.deepEqual(course([[20, 'other-slow'], [30, 'slow'], [40, 'other-slow']], 60),
		[[23, 'other-slow'], [33, 'slow'], [46, 'other-slow']]);
});

test('what somebody has chosen is said at once, and taken back at once', () => {
	const news = lineNews();
	assert.equal(news.hear('chosen-sound', 100), 'chosen-sound');
	news.chosen();
	assert.equal(news.hear('', 200), '');
	news.chosen();
	assert.equal(news.hear('chosen-less', 300), 'chosen-less');
	assert.equal(news.hear('stills', 10_000), 'chosen-less', 'the line is another matter');
	assert.equal(news.hear('stills', 13_000), 'stills');
	news.chosen();
	assert.equal(news.hear('stills', 12_600), 'stills');
});

test('after an outage it begins anew', () => {
	const news = lineNews();
	news.hear('slow', 20_000);
	assert.equal(news.hear('slow', 23_000), 'slow');
	news.begin(30_000);
	assert.equal(news.hear('', 30_000), '');
	assert.equal(news.hear('slow', 31_000), '');
	assert.equal(news.hear('slow', 36_000), 'slow');
});

test('it says when it is to be asked again', () => {
	const news = lineNews();
	assert.equal(news.wait(0), 0);
	news.hear('slow', 20_000);
	assert.equal(news.wait(20_000), 3000);
	assert.equal(news.wait(21_000), 2000);
	news.hear('slow', 23_000);
	assert.equal(news.wait(23_000), 0);
	news.hear('', 30_000);
	assert.equal(news.wait(30_000), 6000);
});
