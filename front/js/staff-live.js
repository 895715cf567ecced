/**
 * staff-live.js - keeps the rows of a day sheet or lobby list as they are now.
 *
 * <table data-module="pvl-staff-live" data-events="/staff/events">
 *   <tr data-reference="K7M2P9QX4"> … <strong class="govuk-tag" data-slot="state"></strong>
 *     <td data-slot="people"></td> <td data-slot="clock"></td> <td data-state-only="lobby live">links</td> …
 *   <template data-template="words"> state.booked, state.lobby, state.live, state.ended,
 *     connection.away … connection.lost, person ("{name}: {connection}"), waiting (added to people who
 *     await admission: "{name} waits to be admitted"), clock ("{used} of {booked} minutes"),
 *     and lost.* as of visit-view.js, line, line-total, line-total-unknown, line-short ({lacks}) </template>
 * </table>
 *
 * Without script the same rows stand as the server wrote them; a form on the page ends a visit.
 */

import { parse, leaveWhenSignedOut } from './signalling.js';
import { lostText, readWords, say, setText, showIf } from './visit-view.js';

/**
 * @typedef {import('./visit-state.js').Person} Person
 * @typedef {import('./visit-state.js').Clock} Clock
 * @typedef {import('./visit-view.js').Words} Words
 * @typedef {{out: number, in: number, out_most: number, in_most: number, out_least?: number, in_least?: number}} Line
 *   kbit/s; most 0: not known; least: of sound alone
 * @typedef {{reference: string, state: string, people?: Person[], clock?: Clock, share?: Line}} Row
 */

const TAGS = /** @type {Record<string, string>} */ ({
	booked: 'govuk-tag--grey', lobby: 'govuk-tag--yellow', live: 'govuk-tag--green', ended: 'govuk-tag--blue',
});

/**
 * @param {HTMLElement} root
 */
export function start(root) {
	const words = readWords(root);
	/** @type {Map<string, Line>} */
	const lines = new Map();
	const total = /** @type {HTMLElement|null} */ (document.querySelector('[data-slot="line-total"]'));
	const short = /** @type {HTMLElement|null} */ (document.querySelector('[data-slot="line-short"]'));
	const source = new EventSource(root.dataset['events'] ?? '/staff/events');
	/** @param {Row|null} row */
	const take = (row) => {
		const at = row && root.querySelector(`[data-reference="${CSS.escape(row.reference)}"]`);
		if (row && at)
			update(at, words, row);
		if (row?.share) {
			lines.set(row.reference, row.state === 'ended' ? { ...row.share, out: 0, in: 0, out_least: 0, in_least: 0 } : row.share);
			setText(total, totalText(words, [...lines.values()]));
			const lacks = shortText(words, [...lines.values()]);
			setText(short, lacks);
			showIf(short, lacks !== '');
		}
	};
	source.addEventListener('visit', (event) => take(/** @type {Row|null} */ (parse(event.data))));
	source.addEventListener('snapshot', (event) => {
		const all = /** @type {{visits: Row[]}|null} */ (parse(event.data));
		for (const row of all?.visits ?? [])
			take(row);
	});
	leaveWhenSignedOut(source);
	addEventListener('pagehide', () => source.close());
}

/**
 * @param {Element} at
 * @param {Words} words
 * @param {Row} row
 */
function update(at, words, row) {
	const slot = (/** @type {string} */ name) =>
		/** @type {HTMLElement|null} */ (at.querySelector(`[data-slot="${name}"]`));
	const state = slot('state');
	setText(state, say(words, `state.${row.state}`));
	for (const [name, tag] of Object.entries(TAGS))
		state?.classList.toggle(tag, name === row.state);
	if (row.people)
		setText(slot('people'), row.people.map((p) => personText(words, p)).join(', '));
	if (row.share)
		setText(slot('share'), lineText(words, 'line', row.share));
	if (row.clock)
		setText(slot('lost'), lostText(words, row.clock.lost));
	if (row.clock)
		setText(slot('clock'), say(words, 'clock', {
			used: String(Math.floor(row.clock.used_s / 60)), booked: String(row.clock.booked_s / 60),
		}));
	for (const only of at.querySelectorAll('[data-state-only]'))
		if (only instanceof HTMLElement)
			only.hidden = !(only.dataset['stateOnly'] ?? '').split(' ').includes(row.state);
}

/**
 * @param {Words} words
 * @param {string} word
 * @param {Line} line
 */
function lineText(words, word, line) {
	return line.out + line.in === 0 ? '' : say(words, word, {
		out: String(line.out), in: String(line.in), out_most: String(line.out_most), in_most: String(line.in_most),
	});
}

/**
 * The load of the prison's line: all its visits together.
 *
 * @param {Words} words
 * @param {Line[]} lines
 */
export function totalText(words, lines) {
	const sum = { out: 0, in: 0, out_most: 0, in_most: 0 };
	for (const line of lines) {
		sum.out += line.out;
		sum.in += line.in;
		sum.out_most = Math.max(sum.out_most, line.out_most);
		sum.in_most = Math.max(sum.in_most, line.in_most);
	}
	return lineText(words, sum.out_most > 0 && sum.in_most > 0 ? 'line-total' : 'line-total-unknown', sum);
}

/**
 * Where not even the sound of all visits fits: how much is missing, in the direction that lacks more.
 *
 * @param {Words} words
 * @param {Line[]} lines
 */
export function shortText(words, lines) {
	const lacks = (/** @type {'out'|'in'} */ way) => {
		const most = Math.max(0, ...lines.map((line) => line[`${way}_most`]));
		const least = lines.reduce((sum, line) => sum + (line[`${way}_least`] ?? 0), 0);
		return most > 0 ? least - most : 0;
	};
	const kbit = Math.max(lacks('out'), lacks('in'));
	return kbit > 0 ? say(words, 'line-short', { lacks: String(kbit) }) : '';
}

/**
 * @param {Words} words
 * @param {Person} person
 */
function personText(words, person) {
	const values = { name: person.name, connection: say(words, `connection.${person.connection}`) };
	return say(words, person.present && !person.admitted ? 'waiting' : 'person', values);
}
