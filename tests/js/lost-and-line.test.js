/* lost-and-line.test.js - what pages say of time lost, and staff's page of the prison's line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shortText, totalText } from '../../front/js/staff-live.js';
import { lostText } from '../../front/js/visit-view.js';

const word = (text) => ({ text, count: '', forms: new Map(), lang: 'en' });
const WORDS = new Map(Object.entries({
	'lost.time': 'Time lost: {minutes} min {seconds} s, {why}. {how}', 'lost.PRISON_LINE': 'the prison’s line',
	'lost.added': 'It is added at the end.', 'lost.given_back': 'It is given back.',
	'line-total': '{out} of {out_most} out, {in} of {in_most} in', 'line-total-unknown': '{out} out, {in} in',
	'line-short': '{lacks} missing',
}).map(([name, text]) => [name, word(text)]));

test('time lost is told with its cause and what becomes of it', () => {
	assert.equal(lostText(WORDS, { s: 184, why: 'PRISON_LINE', added: true }),
		'Time lost: 3 min 4 s, the prison’s line. It is added at the end.');
	assert.equal(lostText(WORDS, { s: 60, why: 'PRISON_LINE', added: false }),
		'Time lost: 1 min 0 s, the prison’s line. It is given back.');
});

test('nothing is told of a moment, or of nothing', () => {
	assert.equal(lostText(WORDS, { s: 4, why: 'PRISON_LINE', added: true }), '');
	assert.equal(lostText(WORDS, { s: 0, why: 'NOBODY', added: false }), '');
	assert.equal(lostText(WORDS, undefined), '');
});

test('the load of the line is that of all its visits', () => {
	const visit = { out: 130, in: 250, out_most: 800, in_most: 6400 };
	assert.equal(totalText(WORDS, [visit, visit]), '260 of 800 out, 500 of 6400 in');
	assert.equal(totalText(WORDS, [{ ...visit, out_most: 0, in_most: 0 }]), '130 out, 250 in');
	assert.equal(totalText(WORDS, []), '');
});

test('a line that does not carry the sound of all visits is told with what is missing, in the worse direction', () => {
	const visit = { out: 21, in: 21, out_most: 100, in_most: 6400, out_least: 21, in_least: 21 };
	const of = (count, more = {}) => shortText(WORDS, Array.from({ length: count }, () => ({ ...visit, ...more })));
	assert.equal(of(0), '');
	assert.equal(of(4), '');
	assert.equal(of(5), '5 missing');
	assert.equal(of(5, { in_most: 60 }), '45 missing');
	assert.equal(of(2, { in_least: 63, in_most: 100 }), '26 missing', 'three devices speak to the prison');
	assert.equal(of(5, { out_most: 0, in_most: 0 }), '', 'nobody has measured it');
	assert.equal(of(5, { out_least: 0, in_least: 0 }), '', 'they wait for somebody');
	assert.equal(shortText(WORDS, [{ out: 1, in: 1, out_most: 1, in_most: 1 }]), '', 'of a service that does not tell it');
});
