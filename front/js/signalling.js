/**
 * signalling.js - the requests and the event stream of docs/protocols/signalling.md.
 */

import { goSignedOut } from './signed-out.js';

/**
 * @typedef {import('./visit-state.js').Role} Role
 * @typedef {import('./visit-state.js').VisitState} VisitState
 * @typedef {import('./visit-state.js').Happening} Happening
 *
 * @typedef {object} Seat            the answer to a join
 * @property {string} visit
 * @property {Role} role
 * @property {number} [end]
 * @property {string} token
 * @property {number} expires_in     seconds
 * @property {string} media
 * @property {string} events
 * @property {{audio: number, video: number}} slots
 * @property {{restart_after_ms: number, servers: RTCIceServer[]}} [ice]  servers: a relay, where there is one
 * @property {VisitState} state
 * @property {import('./visit-state.js').Telephone|null} [telephone]  when nothing else works
 *
 * @typedef {{location: string, etag: string, answer: string}} MediaAnswer
 */

/** An answer that says no: the status and the sentence of its problem+json, in the page's language. */
export class Problem extends Error {
	/**
	 * @param {number} status  0: nothing came back
	 * @param {string} detail
	 */
	constructor(status, detail) {
		super(detail || `status ${status}`);
		this.status = status;
		this.sentence = detail;
	}
}

/** The events of the stream; each carries JSON and becomes a happening of its own name. */
export const EVENTS = /** @type {const} */ ([
	'snapshot', 'state', 'people', 'slots', 'clock', 'tier', 'admitted', 'refused', 'monitor', 'recording', 'reconnect',
	'replaced', 'signed_out', 'ended', 'oversight', 'purpose',
]);

/** For If-Match: whatever stands, when it is not known what does. */
export const ANY = '*';

/**
 * Without cookies a browser takes no connection that was made with them: those a network that is gone has taken
 * along, and nobody says so.  What we send so has its token.
 *
 * @type {RequestCredentials}
 */
const ANEW = 'omit';

const PATIENCE_MS = 8000;
const PATIENCE_ICE_MS = 2500; // a connection that the old network has taken along answers nothing

/**
 * @param {string} url
 * @param {RequestInit} init
 */
export async function request(url, init) {
	/** @type {Response} */
	let response;
	try {
		response = await fetch(url, {
			credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS), ...init,
			headers: { ...init.headers, 'Accept-Language': document.documentElement.lang },
		});
	} catch {
		throw new Problem(0, '');
	}
	if (!response.ok)
		throw new Problem(response.status, await detailOf(response));
	return response;
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function detailOf(response) {
	try {
		const problem = await response.json();
		return String(problem.userMessage ?? problem.detail ?? '');
	} catch {
		return '';
	}
}

/**
 * @param {string} url
 * @param {unknown} body
 * @param {Record<string, string>} headers
 */
export async function postJson(url, body, headers = {}) {
	const response = await request(url, {
		method: 'POST', body: JSON.stringify(body),
		headers: { 'Content-Type': 'application/json', ...headers },
	});
	return response.json();
}

/**
 * @param {string} url
 * @param {string} csrf
 * @param {object} proof  of a terminal; empty for people, who have their session
 * @returns {Promise<Seat>}
 */
export function join(url, csrf, proof) {
	return postJson(url, proof, csrf ? { 'X-CSRF-Token': csrf } : {});
}

/**
 * One packet instead of ten: an offer is 10 kB and its gzip 1 kB.
 *
 * @param {string} url
 * @param {string} token
 * @param {string} sdp
 * @param {boolean} again  the network may have changed: by no connection that was used before it (see ANEW)
 * @returns {Promise<MediaAnswer>}
 */
export async function postOffer(url, token, sdp, again) {
	const zipped = new Blob([sdp]).stream().pipeThrough(new CompressionStream('gzip'));
	const response = await request(url, {
		method: 'POST', body: await new Response(zipped).arrayBuffer(), credentials: again ? ANEW : 'same-origin',
		headers: {
			'Content-Type': 'application/sdp', 'Content-Encoding': 'gzip', 'Pvl-Client': 'page',
			Authorization: `Bearer ${token}`,
		},
	});
	return {
		location: new URL(response.headers.get('Location') ?? '', response.url).href,
		etag: response.headers.get('ETag') ?? '', answer: await response.text(),
	};
}

/**
 * Over the connections that stand, and at once over a new one as well.  The server takes the first that comes; the
 * other finds another tag there.
 *
 * @param {MediaAnswer} at
 * @param {string} token
 * @param {string} fragment
 */
export async function patchIce(at, token, fragment) {
	const ask = (/** @type {RequestCredentials} */ credentials) => request(at.location, {
		method: 'PATCH', body: fragment, signal: AbortSignal.timeout(PATIENCE_ICE_MS), credentials,
		headers: {
			'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': at.etag,
			Authorization: `Bearer ${token}`,
		},
	});
	const asked = at.etag === ANY ? [ask(ANEW)] : [ask('same-origin'), ask(ANEW)];
	const response = await Promise.any(asked).catch((error) => {
		throw error instanceof AggregateError ? error.errors[0] : error;
	});
	return { etag: response.headers.get('ETag') ?? at.etag, fragment: await response.text() };
}

/**
 * What a person in the visit tells us: {seen: 3}, {data: 'less'}, {acknowledge: id}, {report: text}, {not_private: true};
 * staff: {left: true}.
 *
 * @param {Seat} seat
 * @param {object} what
 */
export function tell(seat, what) {
	return request(seat.media.replace(/media(?=\?|$)/, 'say'), {
		method: 'POST', body: JSON.stringify(what),
		headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${seat.token}` },
	});
}

/**
 * Goes out even while the page is being closed.
 *
 * @param {string} location
 * @param {string} token
 */
export function leave(location, token) {
	request(location, {
		method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${token}` },
	}).catch(() => undefined);
}

/**
 * Whoever watched does so no longer; out even while the page is being closed, and before there is a connection.
 *
 * @param {Seat} seat
 */
export function stopWatching(seat) {
	request(seat.media.replace(/media$/, 'say'), {
		method: 'POST', keepalive: true, body: JSON.stringify({ left: true }),
		headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${seat.token}` },
	}).catch(() => undefined);
}

const REFUSED_MS = 2000;

/**
 * Staff who were signed out meanwhile: what the page shows is no longer theirs to see.  A stream that broke, and is
 * refused when the browser comes back for it, has not told so.
 *
 * @param {EventSource} source  of /staff/events
 */
export function leaveWhenSignedOut(source) {
	source.addEventListener('signed_out', goSignedOut);
	source.addEventListener('error', () => {
		if (source.readyState === EventSource.CLOSED)
			setTimeout(goSignedOut, REFUSED_MS);
	});
}

/**
 * The browser itself resumes a broken stream with Last-Event-ID.  When the server refuses it
 * (an old ticket), refused() is called and the stream is closed.
 *
 * @param {string} url
 * @param {(happening: Happening) => void} happen
 * @param {() => void} refused
 * @returns {() => void} closes the stream
 */
export function openEvents(url, happen, refused) {
	const source = new EventSource(url);
	source.onopen = () => happen({ type: 'stream', open: true });
	source.onerror = () => {
		happen({ type: 'stream', open: false });
		if (source.readyState === EventSource.CLOSED)
			refused();
	};
	hear(source, '', happen);
	return () => source.close();
}

/**
 * @param {Pick<EventSource, 'addEventListener'>} source
 * @param {string} before  what its names of events begin with
 * @param {(happening: Happening) => void} happen
 */
export function hear(source, before, happen) {
	for (const type of EVENTS)
		source.addEventListener(before + type, (/** @type {MessageEvent} */ event) => {
			const data = parse(event.data);
			if (data)
				happen(/** @type {Happening} */ ({ ...data, type }));
		});
}

/**
 * @param {string} text
 * @returns {object|null}
 */
export function parse(text) {
	try {
		const value = JSON.parse(text);
		return typeof value === 'object' ? value : null;
	} catch {
		return null;
	}
}
