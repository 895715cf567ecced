/**
 * visit-tier.js - sends what the server says that every line of the visit carries.
 *
 * The event 'tier' (docs/protocols/signalling.md) holds numbers; the browser is told them by
 * setParameters, and the length of a packet of sound by taking its own copy of the answer once
 * more: nothing is negotiated with the server, no picture is interrupted.
 */

import { hasRed, withAudio } from './visit-sdp.js';

/**
 * @typedef {object} Tier
 * @property {string|null} line   the tier that our own line carries; null: not known
 * @property {string} send        the tier of these numbers
 * @property {number} bps
 * @property {{bps: number, ms: number, again?: boolean}} audio  again: each frame once more behind the next (RED)
 * @property {{bps: number, fps: number, height: number}|null} video
 * @property {boolean} [signs]    the visit is in a signed language: frames go before size
 *
 * @typedef {object} Obedience
 * @property {(tier: Tier) => Promise<void>} obey
 * @property {() => void} look  every few seconds: whether the browser's own estimate carries a large picture, and whether
 *   the packet time of before a restart is to be set anew
 */

const USUAL = { ms: 20, bps: 0, again: false };
const LARGE_BEGINS = 0.8; // of the picture's rate
const LARGE_STAYS = 0.5;

/** Pictures of this height start every connection, and are all that thin lines carry. */
export const SMALL_HEIGHT = 360;

/**
 * @param {RTCPeerConnection} pc
 * @param {() => string|null} answer  that stands now
 * @returns {Obedience}
 */
export function obedience(pc, answer) {
	let sound = USUAL;
	/** @type {string|null} */
	let shaped = null; // the answer that has been changed to this sound
	let last = Promise.resolve();
	/** @type {Tier|null} */
	let told = null;
	let large = false;

	/** @param {Tier} tier */
	async function apply(tier) {
		told = tier;
		large = await carries(pc, tier, large);
		/* The picture takes most of a line: it obeys whatever becomes of the sound. */
		await setVideo(pc, tier, large).catch(() => undefined);
		await setAudio(pc, tier);
		const text = answer();
		if (!text || pc.signalingState !== 'stable' || stands(tier))
			return;
		await pc.setLocalDescription(await pc.createOffer());
		await pc.setRemoteDescription({ type: 'answer', sdp: withAudio(text, tier.audio) });
		sound = wanted(tier, text);
		shaped = text;
	}

	/** After a restart there is a new answer, of the usual sound. Another rate is reason enough: told that alone, Chromium
	 * sends no frame twice any more.
	 * @param {Tier} tier */
	function stands(tier) {
		const text = answer();
		const now = text === shaped ? sound : USUAL;
		const { ms, bps, again } = wanted(tier, text ?? '');
		return ms === now.ms && bps === now.bps && again === now.again;
	}

	return {
		/** One after the other; a browser that refuses a number goes on with the old one. */
		obey(tier) {
			last = last.then(() => apply(tier)).catch(() => undefined);
			return last;
		},
		look() {
			const tier = told;
			if (!tier)
				return;
			last = last.then(async () => {
				if (tier === told && (!stands(tier) || await carries(pc, tier, large) !== large))
					await apply(tier);
			}).catch(() => undefined);
		},
	};
}

/**
 * Of our sound, as far as this answer lets it be.
 *
 * @param {Tier} tier
 * @param {string} answer
 */
function wanted({ audio }, answer) {
	return { ms: audio.ms, bps: audio.bps, again: (audio.again ?? false) && hasRed(answer) };
}

/**
 * Where a browser's own estimate is far below the tier, a large picture would become a tiny one.
 *
 * @param {RTCPeerConnection} pc
 * @param {Tier} tier
 * @param {boolean} now  it is large
 */
async function carries(pc, tier, now) {
	if (!tier.video || tier.video.height <= SMALL_HEIGHT)
		return false;
	for (const entry of (await pc.getStats()).values())
		if (entry.type === 'candidate-pair' && entry.nominated && entry.availableOutgoingBitrate)
			return entry.availableOutgoingBitrate >= tier.video.bps * (now ? LARGE_STAYS : LARGE_BEGINS);
	return true; // a browser that does not say
}

/**
 * @param {RTCPeerConnection} pc
 * @param {Tier} tier
 */
async function setAudio(pc, tier) {
	await change(pc, 'audio', (encoding) => {
		encoding.maxBitrate = tier.audio.bps;
		encoding.priority = 'high';
		encoding.networkPriority = 'high';
	});
}

/**
 * By what the camera's picture is to be divided so that its shorter side has so many pixels: the
 * height of a tier is that of a picture that lies; a telephone's stands.
 *
 * @param {MediaStreamTrack|undefined} track
 * @param {number} height
 */
export function scaleTo(track, height) {
	const { width, height: high } = track?.getSettings() ?? {};
	const shorter = Math.min(width ?? Infinity, high ?? Infinity);
	return Number.isFinite(shorter) ? Math.max(1, shorter / height) : 1;
}

/**
 * What the browser is to keep where the line or the computer cannot keep up.  Of a face, its size: a small
 * picture says less than a slow one; a large one may become smaller.  Of hands that speak, the frames.
 *
 * @param {Tier} tier
 * @param {boolean} large
 * @returns {RTCDegradationPreference}
 */
function keeps(tier, large) {
	if (tier.signs)
		return 'maintain-framerate';
	return large ? 'balanced' : 'maintain-resolution';
}

/**
 * @param {RTCPeerConnection} pc
 * @param {Tier} tier
 * @param {boolean} large
 */
async function setVideo(pc, tier, large) {
	const { video } = tier;
	await change(pc, 'video', (encoding, parameters, track) => {
		encoding.active = video !== null;
		if (!video)
			return;
		encoding.maxBitrate = video.bps;
		encoding.maxFramerate = video.fps;
		encoding.scaleResolutionDownBy = scaleTo(track, large ? video.height : Math.min(video.height, SMALL_HEIGHT));
		parameters.degradationPreference = keeps(tier, large);
		track.contentHint = tier.signs ? 'motion' : '';
	});
}

/**
 * @param {RTCPeerConnection} pc
 * @param {'audio'|'video'} kind
 * @param {(encoding: RTCRtpEncodingParameters, parameters: RTCRtpSendParameters,
 *          track: MediaStreamTrack) => void} edit
 */
async function change(pc, kind, edit) {
	const sender = pc.getSenders().find((s) => s.track?.kind === kind);
	const parameters = sender?.getParameters();
	const encoding = parameters?.encodings?.[0];
	if (!sender?.track || !parameters || !encoding)
		return;
	edit(encoding, parameters, sender.track);
	await sender.setParameters(parameters);
}
