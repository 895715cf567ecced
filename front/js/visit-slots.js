/**
 * visit-slots.js - puts the receive slots on the page, each under the right name.
 *
 * A decoder keeps the last picture of the person before.  So a picture is hidden the moment the
 * map says that its slot changes, and shown again only when the packets themselves (CSRC = 1 + end)
 * agree with the map, where the browser shows us CSRCs, AND a frame was decoded after they did.
 *
 * The same when the map takes the picture away and leaves the sound, as after staff have blanked it: the last one would
 * stay in sight.
 *
 * A figure stands among the people, or where the page has a place of its own for that seat
 * (<div data-place="2">: staff see a device that waits beside the names).
 *
 * Frames are counted by the receiver: Firefox counts none of a stream in getVideoPlaybackQuality().
 */

import { inbound, show } from './visit-media.js';
import { finder } from './visit-view.js';

/**
 * @typedef {import('./visit-state.js').State} State
 * @typedef {import('./visit-state.js').Slot} Slot
 * @typedef {import('./visit-media.js').Pair} Pair
 *
 * @typedef {object} Place
 * @property {HTMLElement} figure
 * @property {HTMLVideoElement} picture
 * @property {number|null} end
 * @property {number} turn           rises when it is hidden
 * @property {boolean} pictured      the map gives it a picture, not its sound alone
 * @property {number|null} decoded   frames decoded when map and packets were first seen to agree
 */

const CHECK_MS = 100;
const SHOWN = 'pvl-person__picture--shown'; // hidden by style alone: the decoder must go on

/** @param {Place} place */
function hide(place) {
	place.picture.classList.remove(SHOWN);
	place.turn++;
	place.decoded = null;
}

/**
 * @param {HTMLElement} root
 */
export function createSlots(root) {
	const find = finder(root);
	const template = root.querySelector('template[data-template="person"]');
	/** @type {Place[]} */
	let places = [];
	/** @type {Pair[]} */
	let pairs = [];
	let timer = 0;

	/**
	 * A new connection: the same figures, fed by its streams.
	 *
	 * @param {Pair[]} next
	 */
	function attach(next) {
		pairs = next;
		while (places.length < pairs.length)
			places.push(makePlace());
		places.forEach((place, i) => {
			hide(place);
			if (pairs[i])
				show(place.picture, pairs[i].stream);
			else
				place.picture.srcObject = null;
			place.picture.play().catch(() => undefined);
		});
		clearInterval(timer);
		timer = window.setInterval(check, CHECK_MS);
	}

	/** @returns {Place} */
	function makePlace() {
		const fragment = /** @type {HTMLTemplateElement} */ (template).content.cloneNode(true);
		const figure = /** @type {HTMLElement} */ (
			/** @type {DocumentFragment} */ (fragment).firstElementChild);
		const picture = /** @type {HTMLVideoElement} */ (figure.querySelector('video'));
		picture.autoplay = true;
		picture.playsInline = true;
		picture.hidden = false;
		picture.muted = root.dataset['muted'] === 'true';
		figure.hidden = true;
		find('people')?.append(figure);
		return { figure, picture, end: null, turn: 0, pictured: false, decoded: null };
	}

	/**
	 * @param {State} state
	 */
	function map(state) {
		places.forEach((place, i) => {
			const end = endOf(state.slots, pairs[i]);
			place.pictured = hasPicture(state.slots, pairs[i]);
			if (!place.pictured)
				hide(place);
			if (end === place.end)
				return;
			hide(place);
			place.end = end;
			place.figure.hidden = end === null;
			if (end === null)
				place.figure.removeAttribute('data-end');
			else
				place.figure.setAttribute('data-end', String(end));
		});
		settle();
	}

	/** Each figure where it belongs; the same again when the page around it has changed. */
	function settle() {
		const people = find('people');
		for (const { figure, end } of places) {
			const home = document.querySelector(`[data-place="${end}"]`) ?? people;
			if (home && figure.parentElement !== home)
				home.append(figure);
		}
		const shown = places.filter((place) => place.end !== null && place.figure.parentElement === people);
		people?.setAttribute('data-pictures', String(shown.length));
	}

	function check() {
		places.forEach((place, i) => {
			const pair = pairs[i];
			if (!pair || place.end === null)
				return;
			if (!place.pictured || !agree(source(pair), place.end))
				hide(place);
			else if (!place.picture.classList.contains(SHOWN))
				showFresh(place, pair);
			if (place.picture.paused)
				place.picture.play().catch(() => undefined);
		});
	}

	function clear() {
		clearInterval(timer);
		for (const place of places) {
			place.picture.srcObject = null;
			place.figure.remove();
		}
		places = [];
		pairs = [];
	}

	return { attach, map, settle, clear };
}

/**
 * @param {Slot[]} slots
 * @param {{mid: string|null}|undefined} transceiver
 * @returns {number|null}
 */
function endAt(slots, transceiver) {
	return slots.find((slot) => slot.mid === transceiver?.mid)?.end ?? null;
}

/**
 * @param {Slot[]} slots
 * @param {Pair|undefined} pair
 * @returns {number|null}
 */
function endOf(slots, pair) {
	return endAt(slots, pair?.video) ?? endAt(slots, pair?.audio);
}

/**
 * @param {Slot[]} slots
 * @param {{video: {mid: string|null}}|undefined} pair
 */
export function hasPicture(slots, pair) {
	return endAt(slots, pair?.video) !== null;
}

/**
 * @param {number|null} csrc  null: the browser shows none
 * @param {number} end
 */
export function agree(csrc, end) {
	return csrc === null || csrc === end + 1;
}

/**
 * The newest CSRC of the picture's packets.
 *
 * @param {Pair} pair
 * @returns {number|null}
 */
function source(pair) {
	const all = pair.video.receiver.getContributingSources?.() ?? [];
	const newest = all.reduce((a, b) => (b.timestamp > (a?.timestamp ?? 0) ? b : a), all[0]);
	return newest?.source ?? null;
}

/**
 * Asks twice or more: what was decoded by the first time may still be of the person before.
 *
 * @param {Place} place
 * @param {Pair} pair
 */
async function showFresh(place, pair) {
	const turn = place.turn;
	const decoded = (await inbound(pair.video.receiver))?.framesDecoded ?? 0;
	if (turn !== place.turn)
		return;
	if (place.decoded === null)
		place.decoded = decoded;
	else if (decoded > place.decoded)
		place.picture.classList.add(SHOWN);
}
