/**
 * staff-live.js - keeps the rows of a day sheet or lobby list as they are now.
 *
 * <table data-module="pvl-staff-live" data-events="/staff/events">
 *   <tr data-reference="K7M2P9QX4"> … <strong class="govuk-tag" data-slot="state"></strong>
 *     <td data-slot="people"></td> <td data-slot="clock"></td> <td data-state-only="lobby live">links</td> …
 *   <template data-template="words"> state.booked, state.lobby, state.live, state.ended,
 *     connection.away … connection.lost, person ("{name}: {connection}"), waiting (added to people who
 *     await admission: "{name} waits to be admitted"), clock ("{used} of {booked} minutes"),
 *     and lost.* as of visit-view.js </template>
 * </table>
 *
 * Without script the same rows stand as the server wrote them; a form on the page ends a visit.
 */

import { parse } from './signalling.js';
import { lostText, readWords, say, setText } from './visit-view.js';

/**
 * @typedef {import('./visit-state.js').Person} Person
 * @typedef {import('./visit-state.js').Clock} Clock
 * @typedef {import('./visit-view.js').Words} Words
 * @typedef {{reference: string, state: string, people?: Person[], clock?: Clock}} Row
 */

const TAGS = /** @type {Record<string, string>} */ ({
	booked: 'govuk-tag--grey', lobby: 'govuk-tag--yellow', live: 'govuk-tag--green', ended: 'govuk-tag--blue',
});

/**
 * @param {HTMLElement} root
 */
export function start(root) {
	const words = readWords(root);
	const source = new EventSource(root.dataset['events'] ?? '/staff/events');
	source.addEventListener('visit', (event) => {
		const row = /** @type {Row|null} */ (parse(event.data));
		const at = row && root.querySelector(`[data-reference="${CSS.escape(row.reference)}"]`);
		if (row && at)
			update(at, words, row);
	});
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
 * @param {Person} person
 */
function personText(words, person) {
	const values = { name: person.name, connection: say(words, `connection.${person.connection}`) };
	return say(words, person.present && !person.admitted ? 'waiting' : 'person', values);
}
