/**
 * watchdog.js - the silent-audio wedge: a person is connected and stands in a slot, yet not one
 * packet of their sound ever comes.  After five seconds of that a new connection is asked for.
 */

import { inbound } from './visit-media.js';

/**
 * @typedef {import('./visit-state.js').State} State
 * @typedef {import('./visit-media.js').Connection} Connection
 */

const POLL_MS = 1000;
const PATIENCE = 5; // polls
const REST = 30; // polls between two complaints

/**
 * @param {() => Connection|null} connection
 * @param {() => State} state
 * @param {() => void} wedged
 */
export function watchdog(connection, state, wedged) {
	let bad = 0;
	let rest = 0;
	const timer = setInterval(async () => {
		const now = state();
		const on = connection();
		rest = Math.max(0, rest - 1);
		if (!on || now.media !== 'connected' || now.visit !== 'live' || rest > 0) {
			bad = 0;
			return;
		}
		bad = await anyMute(on, now) ? bad + 1 : 0;
		if (bad < PATIENCE)
			return;
		bad = 0;
		rest = REST;
		wedged();
	}, POLL_MS);
	return { stop: () => clearInterval(timer) };
}

/**
 * @param {Connection} connection
 * @param {State} state
 */
async function anyMute(connection, state) {
	for (const pair of connection.pairs) {
		const end = state.slots.find((slot) => slot.mid === pair.audio.mid)?.end;
		const person = state.people.find((p) => p.end === end);
		if (!person || person.connection !== 'connected' || !person.admitted)
			continue;
		if (!(await inbound(pair.audio.receiver))?.packetsReceived)
			return true;
	}
	return false;
}
