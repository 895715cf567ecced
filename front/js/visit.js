/**
 * visit.js - a visit in a page: happening → step → view, and the acts that a step asks for.
 */

import { lineNews } from './line-news.js';
import { lineRate } from './line-rate.js';
import * as signalling from './signalling.js';
import { goSignedOut } from './signed-out.js';
import { CAMERA, connect, pathOf } from './visit-media.js';
import { createSlots } from './visit-slots.js';
import { initial, isOut, lasting, quality, step } from './visit-state.js';
import { createView, setText } from './visit-view.js';
import { watchdog } from './watchdog.js';

/**
 * @typedef {import('./visit-state.js').Happening} Happening
 * @typedef {import('./visit-state.js').State} State
 * @typedef {import('./visit-state.js').Role} Role
 * @typedef {import('./visit-media.js').Connection} Connection
 *
 * @typedef {object} Options
 * @property {Role} [role]
 * @property {() => Promise<object>} [proof]  of a terminal, fresh for each join
 * @property {() => void} [over]              called once, when the visit is over
 * @property {boolean} [now]                  without waiting for the button
 * @property {boolean} [forget]               a reloaded page does not go back in by itself
 * @property {typeof signalling.openEvents} [events]  where its events come from, if not by a connection of their own
 */

const RETRY_MS = [200, 250, 250, 300, 300, 400, 400, 500, 1000, 2000, 4000]; // a server that restarts is back soon
const LINE_TEST_MS = 4000; // a line that takes longer for it is begun with as the thinnest
const PATH_MS = 1500; // by then the way is chosen
const STUCK_MS = 15_000; // without a connection, before the telephone is named
const NO = [400, 401, 403, 404, 409, 410, 422]; // before the first connection
const NO_AFTER = [403, 410];

/**
 * @param {HTMLElement} root  see visit-view.js
 * @param {Options} options
 */
export function start(root, options = {}) {
	const view = createView(root);
	const ground = purposeOf(root);
	const slots = createSlots(root);
	const remembered = `pvl-visit:${root.dataset['join']}`;
	const lasted = (!options.proof && sessionStorage.getItem(remembered)) || ''; // of this page, before it was loaded again
	let state = initial(options.role ?? /** @type {Role} */ (root.dataset['role'] ?? 'visitor'), lasted);
	/** @type {MediaStream|null} */
	let local = null;
	/** @type {signalling.Seat|null} */
	let seat = null;
	/** @type {Connection|null} */
	let connection = null; // what is shown
	/** @type {Connection|null} */
	let coming = null; // made before the other is broken
	let spare = false; // the coming one, or what is being made, is in case the other stays silent
	let relay = false; // one did not come about without it
	let tries = 0;
	let busy = false;
	const wanted = { seat: false, offer: false, spare: false };
	let closeEvents = () => {};
	let stuck = 0;
	const news = lineNews();
	let listens = 0;
	let untold = false; // the server may not know how much we want
	let line_bps = 0; // what it was found to bring before the visit; 0: not known
	const dog = watchdog(() => connection, () => state, () => happen({ type: 'broken' }));

	/** @param {Happening} happening */
	function happen(happening) {
		const before = state;
		state = step(before, happening);
		if (state === before)
			return;
		slots.map(state);
		view.show(state);
		act(before);
		mindSilence();
		mindLines(before);
		tellStaffSeen(before);
		speak(before);
		root.dispatchEvent(new CustomEvent('pvl-state', { detail: state, bubbles: true }));
	}

	/** @param {State} before */
	function act(before) {
		if (state.phase === 'over' && before.phase !== 'over')
			return finish();
		if (state.phase === 'asking' && before.phase !== 'asking')
			ask();
		wanted.seat ||= state.rejoin > before.rejoin;
		wanted.offer ||= state.offer > before.offer;
		work();
		if (state.restart > before.restart)
			restart(connection);
		if (state.data !== before.data || (state.data !== 'all' && state.admitted !== before.admitted)
			|| (untold && state.stream && !before.stream))
			tellData();
		if (state.tier && state.tier !== before.tier)
			(coming ?? connection)?.obey(state.tier);
		for (const track of local?.getTracks() ?? [])
			track.enabled = track.kind === 'audio' ? state.microphone : state.camera;
		if (seat && (state.microphone !== before.microphone || state.camera !== before.camera))
			remember(true);
	}

	function mindSilence() {
		if (!isOut(state)) {
			clearTimeout(stuck);
			stuck = 0;
		} else if (stuck === 0) {
			stuck = window.setTimeout(() => happen({ type: 'stuck' }), STUCK_MS);
		}
	}

	/** @param {State} before */
	function mindLines(before) {
		const now = performance.now();
		if (state.data !== before.data)
			news.chosen();
		if (state.phase !== 'in' || state.media !== 'connected')
			news.begin(now);
		const word = news.hear(quality(state), now);
		const wait_ms = news.wait(now);
		clearTimeout(listens);
		if (wait_ms > 0 && state.phase !== 'over')
			listens = window.setTimeout(() => mindLines(state), wait_ms);
		if (word !== state.lines)
			happen({ type: 'lines', word });
	}

	/** How much we want, to a server that may not know it; again when it can be reached, if this does not reach it. */
	function tellData() {
		const data = state.data === 'sound' && !state.admitted ? 'less' : state.data;
		untold = false;
		if (seat && state.role !== 'monitor')
			signalling.tell(seat, { data }).catch(() => { untold = true; });
	}

	/** @param {Connection|null} of  that is not yet being replaced, if it cannot be restarted */
	function restart(of) {
		of?.restart().catch(() => !busy && of === (coming ?? connection) && happen({ type: 'broken' }));
	}

	/** What we send so that nobody is watched who has not been shown it.  @param {State} before */
	function tellStaffSeen(before) {
		if (!seat || state.role === 'monitor' || state.phase !== 'in' || !state.watched)
			return;
		if (state.acknowledge > before.acknowledge)
			signalling.tell(seat, { seen: state.presence }).catch(() => undefined);
	}

	/** A warning is spoken once, in its language, where the browser can.  @param {State} before */
	function speak(before) {
		const warning = state.oversight?.warning;
		if (!warning || warning.id === before.oversight?.warning?.id || !('speechSynthesis' in window))
			return;
		const words = new SpeechSynthesisUtterance(warning.text);
		words.lang = warning.lang === 'cy' ? 'cy-GB' : 'en-GB';
		speechSynthesis.speak(words);
	}

	/** @param {object} what @param {string} answer  what the page says when it is done */
	async function tell(what, answer) {
		const said = view.find('said');
		try {
			if (seat)
				await signalling.tell(seat, what);
			setText(said, answer);
		} catch (error) {
			const sentence = error instanceof signalling.Problem ? error.sentence : '';
			setText(said, sentence || (said?.dataset['failed'] ?? ''));
		}
	}

	function acknowledge() {
		const id = state.oversight?.warning?.id;
		if (seat && id)
			signalling.tell(seat, { acknowledge: id }).catch(() => undefined);
	}

	/** Before anybody has pressed anything: the first picture is then as good as the line. */
	function testLine() {
		const url = root.dataset['load'];
		if (url)
			lineRate(url, LINE_TEST_MS).then((kbps) => { line_bps = Math.round(kbps * 1000); }).catch(() => undefined);
	}

	async function ask() {
		if (!('RTCPeerConnection' in window && 'CompressionStream' in window))
			return happen({ type: 'failed', why: 'unsupported', sentence: '' });
		try {
			if (state.role !== 'monitor')
				local = await navigator.mediaDevices.getUserMedia(CAMERA);
		} catch (error) {
			const refused = error instanceof DOMException && error.name === 'NotAllowedError';
			const why = refused ? 'no-permission' : 'no-device';
			return happen({ type: 'failed', why, sentence: '' });
		}
		const self = view.find('self');
		if (self instanceof HTMLVideoElement && local) {
			self.muted = self.autoplay = self.playsInline = true;
			self.srcObject = local;
			self.play().catch(() => undefined);
		}
		happen({ type: 'asked' });
	}

	/** One act at a time; what is wanted meanwhile is done after it. */
	async function work() {
		if (busy)
			return;
		busy = true;
		while (state.phase !== 'over' && (wanted.seat || wanted.offer || wanted.spare)) {
			const next = wanted.seat || !seat ? 'seat' : wanted.offer ? 'offer' : 'spare';
			wanted[next] = false;
			await (next === 'seat' ? takeSeat() : offer(next === 'spare')).catch((error) => refused(error, next));
		}
		busy = false;
	}

	/** Token, addresses, event stream.  The old stream would only tell that we replaced ourselves. */
	async function takeSeat() {
		closeEvents();
		const proof = await options.proof?.() ?? ground?.() ?? {};
		const line = line_bps > 0 ? { line_bps } : {};
		line_bps = 0; // later the server knows better
		const taken = await signalling.join(root.dataset['join'] ?? '', root.dataset['csrf'] ?? '', { ...proof, ...line });
		if (state.phase === 'over' && state.role === 'monitor') // they left while they were asking
			return signalling.stopWatching(taken);
		seat = taken;
		closeEvents = (options.events ?? signalling.openEvents)(seat.events, happen,
			() => happen({ type: 'unauthorised' }));
		remember(true);
		happen({ ...seat, type: 'joined' });
	}

	/**
	 * A connection beside the one that stands, which is closed when the new one is up.
	 *
	 * @param {boolean} inCase  what stands is silent: it is closed again if that speaks first
	 */
	async function offer(inCase) {
		if (!seat)
			return;
		spare = inCase;
		relay ||= coming !== null;
		coming?.close(false);
		coming = null;
		const made = await connect(seat, local, {
			connected: swap, uneasy, calm, silent: hushed,
			broken: (of) => !busy && of === (coming ?? connection) && happen({ type: 'broken' }),
		}, { relay, again: state.been });
		if (state.phase === 'over')
			made.close(true);
		else if (inCase && !spare && made !== connection)
			made.close(false);
		else if (made !== connection)
			coming = made;
	}

	/** @param {Connection} of */
	function uneasy(of) {
		if (busy || coming || of !== connection)
			return;
		wanted.spare = true;
		work();
	}

	/** @param {Connection} of */
	function calm(of) {
		if (of !== connection)
			return;
		wanted.spare = false;
		if (spare)
			coming?.close(false);
		coming = spare ? null : coming;
		spare = false;
	}

	/** While another is being made, people are only told.  @param {Connection} of */
	function hushed(of) {
		if (of === connection && (busy || coming))
			happen({ type: 'lost' });
		else if (!busy && of === (coming ?? connection))
			happen({ type: 'silent' });
	}

	/** @param {Connection} made */
	function swap(made) {
		tries = 0;
		if (made === connection)
			calm(made);
		else {
			connection?.close(false);
			connection = made;
			coming = null;
			spare = false;
			slots.attach(made.pairs);
			slots.map(state);
			if (state.tier)
				made.obey(state.tier);
			if (state.data !== 'all' || untold)
				tellData();
		}
		happen({ type: 'connected' });
		setTimeout(() => pathOf(made.pc).then((path) => happen({ type: 'path', path })).catch(() => undefined), PATH_MS);
		view.show(state);
	}

	/**
	 * A plain no ends it; everything else is tried again, after a while, with a new token where
	 * the old one was refused.
	 *
	 * @param {unknown} error
	 * @param {'seat'|'offer'|'spare'} what
	 */
	async function refused(error, what) {
		const { status, sentence } = error instanceof signalling.Problem ? error : new signalling.Problem(0, '');
		if (what === 'spare' && !spare)
			return;
		if ((state.been ? NO_AFTER : NO).includes(status))
			return happen({ type: 'failed', why: 'not-allowed', sentence });
		wanted[status === 401 || status === 404 ? 'seat' : what] = true;
		const wait = RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)] ?? 0;
		await new Promise((done) => setTimeout(done, wait * (0.8 + 0.4 * Math.random()))); // not all pages at once
	}

	/** @param {boolean} on  so that a reloaded page goes straight back in, and what was off stays off */
	function remember(on) {
		if (options.proof || options.forget)
			return; // a terminal keeps nothing
		if (on)
			sessionStorage.setItem(remembered, lasting(state));
		else
			sessionStorage.removeItem(remembered);
	}

	function finish() {
		dog.stop();
		clearTimeout(stuck);
		clearTimeout(listens);
		closeEvents();
		coming?.close(false);
		connection?.close(state.role !== 'monitor' && state.ending?.why === 'left');
		if (seat && state.role === 'monitor' && state.ending?.why === 'left')
			signalling.stopWatching(seat);
		connection = coming = null;
		slots.clear();
		for (const track of local?.getTracks() ?? [])
			track.stop();
		const self = view.find('self');
		if (self instanceof HTMLVideoElement)
			self.srcObject = null;
		local = null;
		remember(false);
		options.over?.();
		if (state.role === 'monitor' && state.ending?.why === 'signed-out')
			goSignedOut();
	}

	/** @type {Record<string, (said: string) => void>} */
	const actions = {
		join: () => happen({ type: 'join' }),
		microphone: () => happen({ type: 'microphone', on: !state.microphone }),
		camera: () => happen({ type: 'camera', on: !state.camera }),
		'less-data': () => happen({ type: 'data', data: state.data === 'less' ? 'all' : 'less' }),
		'sound-only': () => happen({ type: 'data', data: state.data === 'sound' ? 'all' : 'sound' }),
		leave: () => happen({ type: 'left' }),
		acknowledge,
		report: (answer) => tell({ report: '' }, answer),
		'not-private': (answer) => tell({ not_private: true }, answer),
	};
	root.addEventListener('click', (event) => {
		const button = event.target instanceof Element ? event.target.closest('[data-action]') : null;
		actions[button?.getAttribute('data-action') ?? '']?.(button?.getAttribute('data-said') ?? '');
	});
	root.addEventListener('pvl-places', slots.settle);
	if (state.role === 'monitor') // both ends are told at once that nobody watches any more
		addEventListener('pagehide', () => happen({ type: 'left' }));
	view.show(state);
	testLine();
	if (ground)
		root.querySelector('form[data-slot="purpose"]')?.addEventListener('submit', (event) => {
			event.preventDefault();
			happen({ type: 'join' });
		});
	if (options.now || root.dataset['start'] === 'now'
		|| lasted)
		happen({ type: 'join' });
	return { happen, connection: () => connection };
}

/**
 * Of staff who watch a visit that has begun: what they typed into <form data-slot="purpose">.
 *
 * @param {HTMLElement} root
 * @returns {(() => object)|null}
 */
function purposeOf(root) {
	const form = root.querySelector('form[data-slot="purpose"]');
	return form instanceof HTMLFormElement
		? () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])) : null;
}
