/**
 * visit-slots.js - puts the receive slots on the page, each under the right name.
 *
 * A decoder keeps the last picture of the person before.  So a picture is hidden the moment the
 * map says that its slot changes, and shown again only when a frame came after the change AND the
 * packets themselves (CSRC = 1 + end) agree with the map, where the browser shows us CSRCs.
 */

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
 * @property {number} epoch      of the map by which it was given
 * @property {number} decoded    frames decoded when it was given
 */

const CHECK_MS = 100;
const SHOWN = 'pvl-person__picture--shown'; // hidden by style alone: the decoder must go on

/** @param {Place} place */
function hide(place) {
	place.picture.classList.remove(SHOWN);
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
			place.decoded = 0;
			hide(place);
			place.picture.srcObject = pairs[i]?.stream ?? null;
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
		figure.hidden = true;
		find('people')?.append(figure);
		return { figure, picture, end: null, epoch: -1, decoded: 0 };
	}

	/**
	 * @param {State} state
	 */
	function map(state) {
		places.forEach((place, i) => {
			const end = endOf(state.slots, pairs[i]);
			if (end === place.end)
				return;
			hide(place);
			place.end = end;
			place.epoch = state.epoch;
			place.figure.hidden = end === null;
			place.decoded = frames(place.picture);
			if (end === null)
				place.figure.removeAttribute('data-end');
			else
				place.figure.setAttribute('data-end', String(end));
		});
	}

	function check() {
		places.forEach((place, i) => {
			const pair = pairs[i];
			if (!pair || place.end === null)
				return;
			const fresh = frames(place.picture) > place.decoded;
			const agrees = agree(source(pair), place.end);
			if (!agrees)
				hide(place);
			else if (fresh)
				place.picture.classList.add(SHOWN);
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

	return { attach, map, clear };
}

/**
 * @param {Slot[]} slots
 * @param {Pair|undefined} pair
 * @returns {number|null}
 */
function endOf(slots, pair) {
	const of = (/** @type {RTCRtpTransceiver|undefined} */ t) =>
		slots.find((slot) => slot.mid === t?.mid)?.end ?? null;
	return of(pair?.video) ?? of(pair?.audio);
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
 * @param {HTMLVideoElement} picture
 */
function frames(picture) {
	return picture.getVideoPlaybackQuality().totalVideoFrames;
}
