/**
 * playback.js - a recording of a visit: all sides beside each other, on one clock.
 *
 * Each side's picture and sound are tracks of their own, in segments of about a minute.  One clock
 * leads; every track follows it: where it has nothing (a camera was off, something is missing) it
 * stands still and says so, and the others go on.  Segments are fetched when they are near.
 *
 * The markup is front/templates/staff/playback.mustache.
 */

import { finder, readWords, say, setText, showIf } from './visit-view.js';

const AHEAD_MS = 20_000;
const BEHIND_MS = 90_000; // what is longer ago is given back
const TICK_MS = 200;
const DRIFT_S = 0.25;
const STEP_MS = 10_000;
const TRIES = 5;
const PATIENCE_MS = 20_000;
const TYPES = { opus: 'audio/webm; codecs="opus"', VP8: 'video/webm; codecs="vp8"', VP9: 'video/webm; codecs="vp9"' };

/**
 * @typedef {{seat: number, kind: 'audio'|'video', codec: 'opus'|'VP8'|'VP9', at: number, ms: number, url: string}} Segment
 * @typedef {{seat: number, kind: string, segments: Segment[], element: HTMLMediaElement,
 *            source: MediaSource, buffer: SourceBuffer|null, codec: string, state: Map<Segment, string>,
 *            tries: Map<Segment, number>, busy: boolean, none: HTMLElement|null}} Track
 */

/**
 * What stands at this moment of a track; null: nothing.
 * @param {Segment[]} segments  by time
 * @param {number} at
 */
export function segmentAt(segments, at) {
	let found = null;
	for (const segment of segments)
		if (segment.at <= at && at < segment.at + segment.ms)
			found = segment;
	return found;
}

/**
 * Which to fetch next: the first one that is near and not there.
 * @param {Segment[]} segments
 * @param {number} at
 * @param {(segment: Segment) => boolean} isThere
 */
export function nextWanted(segments, at, isThere) {
	return segments.find((s) => s.at + s.ms > at && s.at < at + AHEAD_MS && !isThere(s)) ?? null;
}

/** @param {number} ms */
export function clockText(ms) {
	const s = Math.floor(ms / 1000);
	return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

/**
 * @param {HTMLElement} root
 */
export function start(root) {
	const find = finder(root);
	const words = readWords(root);
	const length = Number(root.dataset['length']);
	/** @type {Segment[]} */
	const segments = JSON.parse(root.dataset['segments'] ?? '[]');
	let at = 0;
	let playing = false;
	let since = 0;
	let failed = false;
	let over = false;
	let fine = performance.now(); // the last moment at which nothing was lacking
	/** @type {Track[]} */
	const tracks = [];

	const now = () => (playing ? Math.min(length, at + performance.now() - since) : at);

	/** @param {number} to */
	function seek(to) {
		at = Math.max(0, Math.min(length, to));
		since = performance.now();
		follow();
	}

	/** @param {boolean} on */
	function play(on) {
		at = now();
		since = performance.now();
		playing = on;
		showIf(root.querySelector('[data-action=play]'), !on);
		showIf(root.querySelector('[data-action=pause]'), on);
	}

	/**
	 * @param {number} seat
	 * @param {string} kind
	 * @param {HTMLMediaElement} element
	 * @param {HTMLElement|null} none
	 */
	function addTrack(seat, kind, element, none) {
		const own = segments.filter((s) => s.seat === seat && s.kind === kind).sort((a, b) => a.at - b.at);
		const first = own[0];
		if (!first)
			return none ? showIf(none, true) : undefined;
		const source = new MediaSource();
		/** @type {Track} */
		const track = { seat, kind, segments: own, element, source, buffer: null, codec: first.codec,
			state: new Map(), tries: new Map(), busy: false, none };
		source.addEventListener('sourceopen', () => {
			track.buffer = source.addSourceBuffer(TYPES[first.codec]);
			source.duration = length / 1000 + 1;
		}, { once: true });
		element.src = URL.createObjectURL(source);
		tracks.push(track);
	}

	function addSides() {
		const template = /** @type {HTMLTemplateElement} */ (root.querySelector('template[data-template=side]'));
		for (const seat of [...new Set(segments.map((s) => s.seat))].sort()) {
			const side = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
			const figure = /** @type {HTMLElement} */ (side.firstElementChild);
			const slot = finder(figure);
			setText(slot('name'), say(words, `side.${Math.min(seat, 4)}`));
			figure.dataset['seat'] = String(seat);
			addTrack(seat, 'video', /** @type {HTMLVideoElement} */ (slot('picture')), slot('none'));
			addTrack(seat, 'audio', new Audio(), null);
			find('sides')?.append(figure);
		}
	}

	/**
	 * @param {Track} track
	 * @param {Segment} segment
	 */
	async function fetchSegment(track, segment) {
		track.busy = true;
		const answer = await fetch(segment.url).catch(() => null);
		const bytes = answer?.ok ? await answer.arrayBuffer().catch(() => null) : null;
		if (over)
			return;
		if (bytes && track.buffer) {
			track.buffer.abort(); // a cluster of unknown size has no end of its own
			if (segment.codec !== track.codec)
				track.buffer.changeType(TYPES[segment.codec]);
			track.codec = segment.codec;
			track.buffer.timestampOffset = segment.at / 1000;
			track.buffer.appendBuffer(bytes);
			track.state.set(segment, 'there');
		} else {
			const tries = (track.tries.get(segment) ?? 0) + 1;
			track.tries.set(segment, tries);
			if (tries >= TRIES || answer?.status === 403) {
				track.state.set(segment, 'failed');
				failed = true;
			}
		}
		track.busy = false;
	}

	/** @param {Track} track */
	function load(track) {
		const { buffer } = track;
		if (!buffer || track.busy || buffer.updating)
			return;
		const old = now() - BEHIND_MS;
		const gone = track.segments.find((s) => track.state.get(s) === 'there' && s.at + s.ms < old);
		const later = track.segments.find((s) => track.state.get(s) === 'there' && s.at > now() + 2 * AHEAD_MS);
		const drop = gone ?? later;
		if (drop) {
			track.state.delete(drop);
			buffer.remove(drop.at / 1000, (drop.at + drop.ms) / 1000);
			return;
		}
		const wanted = nextWanted(track.segments, now(), (s) => track.state.has(s));
		if (wanted)
			void fetchSegment(track, wanted);
	}

	/** Something should be heard or seen now, and is on its way. @param {Track} track */
	function lacks(track) {
		const segment = segmentAt(track.segments, now());
		const state = segment ? track.state.get(segment) : 'none';
		const decoding = track.element.seeking || track.element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA;
		return state === undefined || (state === 'there' && ((track.buffer?.updating ?? false) || decoding));
	}

	/** @param {Track} track */
	function keepInStep(track) {
		const segment = segmentAt(track.segments, now());
		const there = segment !== null && track.state.get(segment) === 'there';
		showIf(track.none, !there);
		if (track.element instanceof HTMLVideoElement)
			track.element.style.visibility = there ? 'visible' : 'hidden';
		if (!there)
			return track.element.pause();
		if (!track.element.seeking && Math.abs(track.element.currentTime - now() / 1000) > (playing ? DRIFT_S : 0.02))
			track.element.currentTime = now() / 1000;
		if (playing && track.element.paused)
			track.element.play().catch(() => {});
		if (!playing)
			track.element.pause();
	}

	function follow() {
		const lacking = tracks.some(lacks);
		if (!lacking)
			fine = performance.now();
		const waiting = lacking && performance.now() - fine < PATIENCE_MS; // then the others go on without it
		if (playing && waiting) { // the clock stands until it has come
			at = now();
			since = performance.now();
		}
		for (const track of tracks) {
			load(track);
			keepInStep(track);
		}
		if (now() >= length)
			play(false);
		const position = /** @type {HTMLInputElement|null} */ (find('position'));
		if (position && document.activeElement !== position)
			position.value = String(now());
		setText(find('time'), `${clockText(now())} / ${clockText(length)}`);
		setText(find('status'), say(words, failed ? 'failed' : waiting ? 'loading' : playing ? 'playing' : 'paused'));
		root.dataset['ready'] = String(!waiting);
	}

	/** Nothing of it may be seen any more: what was fetched is let go.  @param {string} why */
	function close(why) {
		if (over)
			return;
		over = true;
		play(false);
		clearInterval(following);
		stream.close();
		for (const { element } of tracks) {
			element.pause();
			URL.revokeObjectURL(element.src);
			element.removeAttribute('src');
			element.load();
		}
		tracks.length = 0;
		for (const control of /** @type {NodeListOf<HTMLButtonElement|HTMLInputElement>} */ (document.querySelectorAll('[data-action], [data-seek], [data-slot=position]')))
			control.disabled = true;
		find('sides')?.replaceChildren();
		setText(find('status'), `${say(words, 'closed')}. ${say(words, `closed.${why}`)}`);
		root.dataset['closed'] = why;
	}

	/** Who looks and when, over every picture, at changing places. */
	function mark() {
		const text = `${root.dataset['viewer']} ${new Date().toLocaleString('en-GB')}`;
		const place = Math.floor(Date.now() / 5000) % 4;
		for (const element of root.querySelectorAll('[data-slot=mark]')) {
			setText(/** @type {HTMLElement} */ (element), text);
			/** @type {HTMLElement} */ (element).dataset['place'] = String(place);
		}
	}

	addSides();
	showIf(root, true);
	root.querySelector('[data-action=play]')?.addEventListener('click', () => play(true));
	root.querySelector('[data-action=pause]')?.addEventListener('click', () => play(false));
	root.querySelector('[data-action=back]')?.addEventListener('click', () => seek(now() - STEP_MS));
	root.querySelector('[data-action=forward]')?.addEventListener('click', () => seek(now() + STEP_MS));
	find('position')?.addEventListener('input', (event) => seek(Number(/** @type {HTMLInputElement} */ (event.target).value)));
	for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-seek]')))
		button.addEventListener('click', () => seek(Number(button.dataset['seek'])));
	mark();
	setInterval(mark, 1000);
	const following = setInterval(follow, TICK_MS);
	const stream = new EventSource(root.dataset['events'] ?? '');
	stream.addEventListener('closed', (event) => close(JSON.parse(/** @type {MessageEvent} */ (event).data).why));
	stream.addEventListener('error', () => { // refused, not only away for a moment
		if (stream.readyState === EventSource.CLOSED)
			close('NO_ROLE');
	});
}
