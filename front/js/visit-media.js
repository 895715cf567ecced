/**
 * visit-media.js - one peer connection with fixed slots, made by one function.
 *
 * m0 sends our sound, m1 our picture, then one receive pair for each seat of the visit that may
 * be seen.  Nothing is renegotiated after the one POST; only ICE credentials are renewed.
 */

import * as signalling from './signalling.js';
import { LOOK_MS, ear } from './silence.js';
import { iceFragment, preferred, withCredentials } from './visit-sdp.js';
import { obedience, scaleTo, SMALL_HEIGHT } from './visit-tier.js';

/**
 * @typedef {import('./signalling.js').Seat} Seat
 * @typedef {import('./signalling.js').MediaAnswer} MediaAnswer
 *
 * @typedef {object} Pair            a receive slot: sound and picture of one person
 * @property {RTCRtpTransceiver} audio
 * @property {RTCRtpTransceiver} video
 * @property {MediaStream} stream
 *
 * @typedef {object} Connection
 * @property {RTCPeerConnection} pc
 * @property {Pair[]} pairs
 * @property {() => Promise<void>} restart  renews the ICE credentials
 * @property {(tier: import('./visit-tier.js').Tier) => Promise<void>} obey  sends what it says
 * @property {(leaving: boolean) => void} close
 */

const AUDIO = ['audio/opus', 'audio/red'];
const VIDEO = ['video/vp8', 'video/vp9', 'video/av1', 'video/rtx'];
const START_VIDEO_BPS = 60_000; // the first picture is to be small enough for any line
const AUDIO_BPS = 24_000;
const FRAMES = 25;
const LAYERS = 'L1T2';
const ESTIMATE_MS = 2000;
const RELAY_MS = 4000; // patience before the first packet by a relay: TCP, TLS and its own questions come first

export const CAMERA = {
	audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
	video: {
		width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: FRAMES, max: 30 },
		facingMode: 'user',
	},
};

/**
 * Offers, posts and connects.  Resolves when the answer is set; tell.* say what happens to the
 * connection after it: connected also when packets come again after a silence; uneasy, calm: silence.js.
 *
 * @param {Seat} seat
 * @param {MediaStream|null} local  null: only watches
 * @param {Partial<Record<'connected'|'uneasy'|'calm'|'silent'|'broken', (made: Connection) => void>>} tell
 * @param {{relay?: boolean, again?: boolean}} [how]  relay: by way of it too, if nothing better works; again: after
 *   one that stands or stood, whose network may be gone
 * @returns {Promise<Connection>}
 */
export async function connect(seat, local, tell, { relay = false, again = false } = {}) {
	const iceServers = relay ? seat.ice?.servers ?? [] : [];
	const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', iceServers });
	const pairs = addSlots(pc, seat, local);
	/** @type {MediaAnswer|null} */
	let at = null;
	/** @type {() => void} */
	let stopWatching = () => undefined;

	/** @type {Promise<void>|null} */
	let renewing = null;

	const { obey, look } = obedience(pc, () => at?.answer ?? null);
	const patience_ms = seat.ice?.restart_after_ms ?? 3000;

	async function renew() {
		at = at && await restartIce(pc, at, seat.token).catch(async (error) => {
			at = at && { ...at, etag: signalling.ANY }; // it may have come there
			await pc.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
			throw error;
		});
	}

	/** @type {Connection} */
	const made = {
		pc, pairs, obey,
		restart() {
			renewing ??= renew().finally(() => { renewing = null; });
			return renewing;
		},
		close(leaving) {
			stopWatching();
			pc.close();
			if (leaving && at)
				signalling.leave(at.location, seat.token);
		},
	};
	pc.onconnectionstatechange = () => {
		if (pc.connectionState === 'connected')
			tell.connected?.(made);
		if (pc.connectionState === 'failed')
			tell.broken?.(made);
	};
	try {
		await pc.setLocalDescription();
		at = await signalling.postOffer(seat.media, seat.token, pc.localDescription?.sdp ?? '', again);
		await pc.setRemoteDescription({ type: 'answer', sdp: at.answer });
	} catch (error) {
		made.close(true);
		throw error;
	}
	const stopSilence = watch(pc, { usual_ms: patience_ms, first_ms: iceServers.length > 0 ? RELAY_MS : patience_ms }, {
		uneasy: () => tell.uneasy?.(made),
		calm: () => tell.calm?.(made),
		silent: () => tell.silent?.(made),
		back: () => tell.connected?.(made),
	});
	const looks = setInterval(look, ESTIMATE_MS);
	stopWatching = () => {
		stopSilence();
		clearInterval(looks);
	};
	return made;
}

/**
 * The only place where transceivers are made.
 *
 * @param {RTCPeerConnection} pc
 * @param {Seat} seat
 * @param {MediaStream|null} local
 * @returns {Pair[]}
 */
function addSlots(pc, seat, local) {
	if (local) {
		addSender(pc, 'audio', local.getAudioTracks()[0], { maxBitrate: AUDIO_BPS });
		const camera = local.getVideoTracks()[0];
		addSender(pc, 'video', camera, {
			maxBitrate: START_VIDEO_BPS, maxFramerate: FRAMES,
			scaleResolutionDownBy: scaleTo(camera, SMALL_HEIGHT),
		});
	}
	const pairs = [];
	for (let i = 0; i < seat.slots.video; i++) {
		const audio = pc.addTransceiver('audio', { direction: 'recvonly' });
		const video = pc.addTransceiver('video', { direction: 'recvonly' });
		pairs.push({
			audio, video, stream: new MediaStream([audio.receiver.track, video.receiver.track]),
		});
	}
	for (const transceiver of pc.getTransceivers())
		preferCodecs(transceiver);
	return pairs;
}

/**
 * @param {RTCPeerConnection} pc
 * @param {'audio'|'video'} kind
 * @param {MediaStreamTrack|undefined} track
 * @param {RTCRtpEncodingParameters} encoding
 */
function addSender(pc, kind, track, encoding) {
	const add = (/** @type {RTCRtpEncodingParameters} */ one) =>
		pc.addTransceiver(track ?? kind, { direction: 'sendonly', sendEncodings: [one] });
	if (kind === 'audio') {
		add(encoding);
		return;
	}
	/* In two layers, so that a thinner line can have every second picture; a browser without them sends as it does. */
	try {
		add(/** @type {RTCRtpEncodingParameters} */ ({ ...encoding, scalabilityMode: LAYERS }));
	} catch {
		add(encoding);
	}
}

/** @param {RTCRtpTransceiver} transceiver */
function preferCodecs(transceiver) {
	const kind = transceiver.receiver.track.kind;
	const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
	const ours = preferred(all, kind === 'audio' ? AUDIO : VIDEO);
	if (ours.length > 0 && 'setCodecPreferences' in transceiver)
		transceiver.setCodecPreferences(ours);
}

/**
 * @param {RTCPeerConnection} pc
 * @param {MediaAnswer} at
 * @param {string} token
 * @returns {Promise<MediaAnswer>}
 */
async function restartIce(pc, at, token) {
	await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
	const reply = await signalling.patchIce(at, token, iceFragment(pc.localDescription?.sdp ?? ''));
	const answer = withCredentials(at.answer, reply.fragment);
	await pc.setRemoteDescription({ type: 'answer', sdp: answer });
	return { ...at, etag: reply.etag, answer };
}

/**
 * Tells of each stretch of silence (silence.js).
 *
 * @param {RTCPeerConnection} pc
 * @param {{usual_ms: number, first_ms: number}} patience
 * @param {Record<Exclude<import('./silence.js').Word, ''>, () => void>} tell
 * @returns {() => void} stops it
 */
function watch(pc, patience, tell) {
	const hears = ear(patience, performance.now());
	let last = 0;
	const timer = setInterval(async () => {
		last = await received(pc).catch(() => last);
		const word = hears.look(last, performance.now());
		if (word && (word !== 'back' || pc.connectionState === 'connected'))
			tell[word]();
	}, LOOK_MS);
	const stopHints = hints(pc, () => hears.hint(performance.now()));
	return () => {
		clearInterval(timer);
		stopHints();
	};
}

/**
 * @param {RTCPeerConnection} pc
 * @param {() => void} hint  the network may have changed, or the way to the server may be gone
 * @returns {() => void} stops it
 */
function hints(pc, hint) {
	const network = /** @type {{connection?: EventTarget}} */ (/** @type {unknown} */ (navigator)).connection;
	const ice = () => pc.iceConnectionState === 'disconnected' && hint();
	window.addEventListener('online', hint);
	network?.addEventListener('change', hint);
	pc.addEventListener('iceconnectionstatechange', ice);
	return () => {
		window.removeEventListener('online', hint);
		network?.removeEventListener('change', hint);
		pc.removeEventListener('iceconnectionstatechange', ice);
	};
}

/**
 * What has come from the server so far: packets of any kind, and answers to our checks.
 *
 * @param {RTCPeerConnection} pc
 * @returns {Promise<number>}
 */
async function received(pc) {
	let sum = 0;
	for (const entry of (await pc.getStats()).values()) {
		if (entry.type === 'candidate-pair')
			sum += (entry.bytesReceived ?? 0) + (entry.responsesReceived ?? 0);
		if (entry.type === 'inbound-rtp')
			sum += entry.packetsReceived ?? 0;
	}
	return sum;
}

/**
 * Shows a stream of somebody else. Chromium shows pictures with the beat of its screen alone, and leaves out what
 * comes between two beats, if they stand in the stream as it is given; if they come to it later, it shows each at once.
 * On a screen that is slow this is a fifth of the pictures (docs/measurements.md).
 *
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 */
export function show(video, stream) {
	const shown = new MediaStream();
	video.srcObject = shown;
	video.addEventListener('loadstart', () => {
		if (video.srcObject === shown)
			stream.getTracks().forEach((track) => shown.addTrack(track));
	}, { once: true });
}

/**
 * What this receiver has got so far; null before its first packet.
 *
 * @param {RTCRtpReceiver} receiver
 * @returns {Promise<RTCInboundRtpStreamStats|null>}
 */
export async function inbound(receiver) {
	for (const entry of (await receiver.getStats()).values())
		if (entry.type === 'inbound-rtp')
			return entry;
	return null;
}

/**
 * Which way our packets go: of the pair of candidates in use.
 *
 * @param {RTCPeerConnection} pc
 * @returns {Promise<import('./visit-state.js').Path>}
 */
export async function pathOf(pc) {
	const all = await pc.getStats();
	const transport = [...all.values()].find((s) => s.type === 'transport');
	const nominated = [...all.values()].find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
	const pair = all.get(transport?.selectedCandidatePairId) ?? nominated;
	const own = all.get(pair?.localCandidateId);
	if (!own)
		return '';
	if (own.candidateType === 'relay')
		return 'relay';
	return own.protocol === 'tcp' ? 'tcp' : 'udp';
}
