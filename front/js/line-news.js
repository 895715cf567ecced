/**
 * line-news.js - when a page says something of the lines of a visit.  Pure.
 *
 * A line that becomes slow passes several states in a few seconds, and one at the edge of a state goes to and
 * fro.  Who reads, and more so who listens, is told of what stays: of what is worse after a moment, of what is
 * better when it has lasted.  What people choose themselves is said at once.
 */

/** Words of quality() in visit-state.js, from the best to the worst. */
const WORSE = [
	'', 'chosen-less', 'chosen-less-signing', 'other-less', 'other-sound',
	'other-slow-signing', 'other-slow', 'other-stills', 'other-no-signing', 'other-no-picture',
	'slow-signing', 'slow', 'stills', 'no-signing', 'sound-only', 'chosen-sound',
];
const BEGINS_MS = 6000; // so long a new connection finds out what its lines carry
const WORSE_MS = 3000;
const BETTER_MS = 6000;

/**
 * @typedef {object} LineNews
 * @property {(word: string, now: number) => string} hear  what is so now; gives what is to be said
 * @property {(now: number) => void} begin  there is no connection, or a new one: what was said of the last is void
 * @property {() => void} chosen   the next that is heard is what a person has just chosen
 * @property {(now: number) => number} wait  ms until it is to be heard again; 0: not before it changes
 */

/** @returns {LineNews} */
export function lineNews() {
	let said = '';
	let last = '';
	let began = 0;
	let since = 0; // what is so has been worse, or better, than what is said
	let atOnce = false;

	/** Below 0: it is better than what is said.  @param {string} word */
	const worse = (word) => WORSE.indexOf(word) - WORSE.indexOf(said);

	/** When it is to be said.  @param {string} word */
	function due(word) {
		if (atOnce || word === 'chosen-sound')
			return 0;
		return worse(word) > 0 ? Math.max(since + WORSE_MS, began + BEGINS_MS) : since + BETTER_MS;
	}

	return {
		hear(word, now) {
			if (Math.sign(worse(word)) !== Math.sign(worse(last)))
				since = now;
			last = word;
			if (now >= due(word))
				said = word;
			atOnce = false;
			return said;
		},
		begin(now) {
			said = last = '';
			began = now;
		},
		chosen() {
			atOnce = true;
		},
		wait: (now) => (last === said ? 0 : Math.max(1, due(last) - now)),
	};
}
