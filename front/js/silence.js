/**
 * silence.js - when a way has gone silent, from how much has come over it at each look.  Pure.
 *
 * Silence is told twice.  'uneasy': three times the longest pause that was usual lately; then another way is
 * prepared, which disturbs nothing that works.  'silent': so long that people are told.
 */

/**
 * @typedef {'uneasy'|'calm'|'silent'|'back'|''} Word  calm, back: something comes again, after uneasy and silent
 *
 * @typedef {object} Ear
 * @property {(count: number, now: number) => Word} look  count: all that has come so far
 * @property {(now: number) => void} hint  the browser says that the network may have changed
 */

export const LOOK_MS = 150;
const UNEASY_MS = 450; // at least
const UNEASY_PAUSES = 3;
const FADES = 0.98; // of a usual pause, at each look: half of it in five seconds
const HINTED_MS = 300; // soon after a hint the network is believed to be another ...
const HINT_LASTS_MS = 5000; // ... for so long

/**
 * @param {{usual_ms: number, first_ms: number}} patience  until 'silent'; first_ms: before anything has come at all
 * @param {number} now  ms
 * @returns {Ear}
 */
export function ear({ usual_ms, first_ms }, now) {
	let heard = 0; // count
	let heardAt = now;
	let pause = usual_ms / UNEASY_PAUSES; // the longest that was usual; at first nothing is known
	let hintedAt = -Infinity;
	let uneasy = false;
	let silent = false;

	/** @param {number} at */
	function uneasyAfter(at) {
		if (at - hintedAt < HINT_LASTS_MS)
			return HINTED_MS;
		return Math.min(Math.max(UNEASY_MS, UNEASY_PAUSES * pause), usual_ms);
	}

	/** @param {number} length  of the pause that has ended @param {number} at @returns {Word} */
	function comes(length, at) {
		const word = silent ? 'back' : uneasy ? 'calm' : '';
		if (!silent && heard > 0)
			pause = Math.max(pause, length);
		heardAt = at;
		uneasy = silent = false;
		return word;
	}

	return {
		look(count, at) {
			const length = at - heardAt;
			const before = heard;
			const word = count > before ? comes(length, at) : '';
			heard = count; // it falls when a way is given up
			pause *= FADES;
			if (count > before)
				return word;
			if (length >= (count > 0 ? usual_ms : first_ms)) {
				heardAt = at;
				silent = true;
				return 'silent';
			}
			if (uneasy || count === 0 || length < uneasyAfter(at))
				return '';
			uneasy = true;
			hintedAt = -Infinity;
			return 'uneasy';
		},
		hint(at) {
			hintedAt = at;
			uneasy = false;
		},
	};
}
