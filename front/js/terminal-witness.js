/**
 * terminal-witness.js - the terminal keeps the head of the audit log that it saw last, has the growth since then
 * proved, and signs (docs/protocols/witness.md).  A log that is not what it was is told on the screen.
 */

import { postJson } from './signalling.js';
import { keptWitness, keepWitness, toBase64url } from './terminal-key.js';
import { cosigned, isOneLog, makeWitnessKey, publicKey, readHead } from './tlog.js';

const FIRST_MS = 10_000;
const RETRY_MS = 30_000; // not now: a visit is under way, no head is signed yet, nothing is reached
const AGAIN_MS = 3_600_000;

/**
 * @typedef {{name: string, pair: CryptoKeyPair, head: string}} Witness  head: the note seen last; ""
 * @typedef {object} Ways
 * @property {() => Promise<object>} proof  that we are this terminal
 * @property {(challenge: string) => void} took  the next challenge
 * @property {() => boolean} busy  a visit is under way: not now
 * @property {(changed: boolean) => void} found  whether the log is not what it was
 */

/** @param {Ways} ways */
export function startWitness(ways) {
	const again = async () => {
		/** @type {boolean|undefined} */
		let same;
		try {
			same = ways.busy() ? undefined : await look(ways);
		} catch {
			// not reached, or this browser cannot sign
		}
		if (same !== undefined)
			ways.found(!same);
		setTimeout(again, same === undefined ? RETRY_MS : AGAIN_MS);
	};
	setTimeout(again, FIRST_MS);
}

/**
 * @param {Ways} ways
 * @returns {Promise<boolean|undefined>} whether the log is the one that was seen; undefined: there is none yet
 */
async function look(ways) {
	const kept = /** @type {Witness|undefined} */ (await keptWitness());
	const note = await text('/audit/head/to-witness');
	const shown = note === null ? null : readHead(note);
	const before = kept?.head ? readHead(kept.head) : null;
	if (note === null || !shown)
		return before ? false : undefined;
	if (before && !await isProved(before, shown))
		return false;
	if (before && shown.size < before.size)
		return true;
	const witness = kept ?? await become(ways);
	await keepWitness({ ...witness, head: note }); // before it is signed
	await postJson('/api/v1/audit/cosignatures', { note: await cosigned(shown, witness, Date.now()) });
	return true;
}

/**
 * @param {import('./tlog.js').Head} before
 * @param {import('./tlog.js').Head} shown
 */
async function isProved(before, shown) {
	const [from, to] = [before.size, shown.size].sort((a, b) => a - b);
	const proof = from === to ? '' : await text(`/audit/growth?from=${from}&to=${to}`);
	return proof !== null && isOneLog(before, shown, proof);
}

/**
 * @param {Ways} ways
 * @returns {Promise<Witness>}
 */
async function become(ways) {
	const pair = await makeWitnessKey();
	const key = toBase64url(await publicKey(pair));
	const reply = await postJson('/api/v1/terminal/witness', { ...await ways.proof(), key });
	ways.took(reply.next);
	return { name: reply.name, pair, head: '' };
}

/**
 * @param {string} url
 * @returns {Promise<string|null>} null: the service says that there is no such thing
 */
async function text(url) {
	const response = await fetch(url, { cache: 'no-store', credentials: 'omit' });
	if (response.status === 404)
		return null;
	if (!response.ok)
		throw new Error(`${response.status}`);
	return response.text();
}
