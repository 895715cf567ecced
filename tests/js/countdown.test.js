/* The countdown of the day sheet and the escort lists. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { countdownText } from '../../front/js/countdown.js';

const WORDS = { in: 'pick-up in {n} min', late: '{n} min late' };
const AT = Date.parse('2026-11-23T14:00:00Z');

for (const [seconds, text] of [[-720, 'pick-up in 12 min'], [-61, 'pick-up in 2 min'], [-60, 'pick-up in 1 min'], [-1, 'pick-up in 1 min'],
	[0, 'pick-up in 0 min'], [59, '0 min late'], [60, '1 min late'], [4 * 60 + 30, '4 min late']])
	test(`${seconds} s after the time it says "${text}"`, () => {
		assert.equal(countdownText(AT, AT + seconds * 1000, WORDS), text);
	});
