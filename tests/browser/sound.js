/*
 * sound.js - whose voice a piece of sound is, and from where in what they say: by its loudness every
 * 20 ms, which codecs, noise suppression and a browser's own level control leave alike.
 */
import { readFileSync } from 'node:fs';

export const STEP_MS = 20;
export const PIECE_MS = 3000;
/** placeIn(): a voice and what came of it are 0.94 to 0.99 alike, of another at most 0.7. */
export const LIKE = 0.8;
export const SURELY = 0.9;
const QUIET = 1e-3; // of full scale: what is quieter is silence

/** Runs in the page, too: one number for each STEP_MS of samples (-1 … 1), the logarithm of its loudness. */
export function envelopeOf(samples, rate, step_ms = 20, quiet = 1e-3) {
	const width = Math.round(rate * step_ms / 1000);
	const out = [];
	for (let at = 0; at + width <= samples.length; at += width) {
		let sum = 0;
		for (let i = at; i < at + width; i++)
			sum += samples[i] * samples[i];
		out.push(Math.log10(Math.sqrt(sum / width) + quiet));
	}
	return out;
}

/** The envelope of a WAV file of one channel with 16 bits a sample (espeak-ng). */
export function envelopeOfFile(path) {
	const bytes = readFileSync(path);
	const rate = bytes.readUInt32LE(24);
	const from = bytes.indexOf('data') + 8;
	const samples = new Int16Array((bytes.length - from) >> 1).map((_, i) => bytes.readInt16LE(from + 2 * i));
	return envelopeOf(Array.from(samples, (s) => s / 32768), rate, STEP_MS, QUIET);
}

function correlation(piece, whole, at) {
	let a = 0, b = 0, aa = 0, bb = 0, ab = 0;
	for (let i = 0; i < piece.length; i++) {
		const x = piece[i], y = whole[(at + i) % whole.length];
		a += x, b += y, aa += x * x, bb += y * y, ab += x * y;
	}
	const n = piece.length;
	const spread = Math.sqrt((aa - a * a / n) * (bb - b * b / n));
	return spread > 0 ? (ab - a * b / n) / spread : 0;
}

/** Where in a voice that is said again and again this piece fits best: {like: -1 … 1, ms}. */
export function placeIn(piece, voice) {
	let best = { like: -1, ms: 0 };
	for (let at = 0; at < voice.length; at++) {
		const like = correlation(piece, voice, at);
		if (like > best.like)
			best = { like, ms: at * STEP_MS };
	}
	return best;
}

/** The envelope of a piece of sound that a page may fetch, decoded by its browser. */
export const heardIn = (page, url) => page.evaluate(`(async () => {
	const bytes = await (await fetch(${JSON.stringify(url)})).arrayBuffer();
	const sound = await new OfflineAudioContext(1, 48_000, 48_000).decodeAudioData(bytes);
	return (${envelopeOf})(sound.getChannelData(0), sound.sampleRate);
})()`);

/** Pieces of PIECE_MS of an envelope, one after the other; the first second is not among them. */
export function piecesOf(heard) {
	const steps = PIECE_MS / STEP_MS;
	const pieces = [];
	for (let from = 1000 / STEP_MS; from + steps <= heard.length; from += steps)
		pieces.push({ from_ms: from * STEP_MS, heard: heard.slice(from, from + steps) });
	return pieces;
}

/** How far two places in a voice that goes round are apart, the shorter way. */
export const apart = (a, b, round) => Math.abs(((a - b) % round + round * 1.5) % round - round / 2);
