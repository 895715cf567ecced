/**
 * tlog.js - heads of the audit log: reading them, checking that one log is the beginning of the other
 * (RFC 9162 section 2.1.4.2), and signing as a witness (C2SP tlog-checkpoint, tlog-cosignature).
 * Knows no page and no network.
 */

/**
 * @typedef {{text: string, size: number, root: Uint8Array<ArrayBuffer>}} Head  text: what is signed
 */

/**
 * @param {string} note
 * @returns {Head|null} null: it is no head of a log
 */
export function readHead(note) {
	const end = note.lastIndexOf('\n\n');
	const text = note.slice(0, end + 1);
	const [origin, size, root] = text.split('\n');
	if (end < 0 || !origin || !/^[1-9]\d{0,15}$/.test(size ?? ''))
		return null;
	const bytes = fromBase64(root ?? '');
	return bytes.length === 32 ? { text, size: Number(size), root: bytes } : null;
}

/**
 * Whether the smaller log is the beginning of the larger.
 *
 * @param {Head} a
 * @param {Head} b
 * @param {string} proof  one base64 hash a line; empty where they are of one size
 */
export async function isOneLog(a, b, proof) {
	const [small, large] = a.size <= b.size ? [a, b] : [b, a];
	const hashes = proof.split('\n').filter(Boolean).map(fromBase64);
	if (hashes.some((hash) => hash.length !== 32))
		return false;
	if (small.size === large.size)
		return hashes.length === 0 && equal(small.root, large.root);
	if (isPowerOfTwo(small.size))
		hashes.unshift(small.root);
	return hashes.length > 0 && bothRoots(small, large, hashes);
}

/**
 * Builds both roots at once: at, last are fn and sn of the RFC.
 *
 * @param {Head} small
 * @param {Head} large
 * @param {Uint8Array[]} hashes
 */
async function bothRoots(small, large, [first, ...rest]) {
	let at = small.size - 1;
	let last = large.size - 1;
	const up = () => {
		at = Math.floor(at / 2);
		last = Math.floor(last / 2);
	};
	while (at % 2 === 1)
		up();
	let was = /** @type {Uint8Array} */ (first);
	let is = was;
	for (const hash of rest) {
		if (last === 0)
			return false;
		if (at % 2 === 1 || at === last) {
			was = await node(hash, was);
			is = await node(hash, is);
			while (at !== 0 && at % 2 === 0) // a right node without a partner on its level
				up();
		} else {
			is = await node(is, hash);
		}
		up();
	}
	return last === 0 && equal(was, small.root) && equal(is, large.root);
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
async function node(left, right) {
	return sha256(new Uint8Array([1, ...left, ...right]));
}

/**
 * The head's text with a witness's signature beneath it.
 *
 * @param {Head} head
 * @param {{name: string, pair: CryptoKeyPair}} key  Ed25519
 * @param {number} now_ms
 */
export async function cosigned(head, { name, pair }, now_ms) {
	const seconds = Math.floor(now_ms / 1000);
	const words = new TextEncoder();
	const message = words.encode(`cosignature/v1\ntime ${seconds}\n${head.text}`);
	const point = await publicKey(pair);
	const id = (await sha256(new Uint8Array([...words.encode(`${name}\n`), 4, ...point]))).slice(0, 4);
	const time = new Uint8Array(8);
	new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
	const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message));
	return `${head.text}\n— ${name} ${toBase64(new Uint8Array([...id, ...time, ...signature]))}\n`;
}

/** @returns {Promise<CryptoKeyPair>} whose private half nothing can read */
export async function makeWitnessKey() {
	return /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']));
}

/** @param {CryptoKeyPair} pair */
export async function publicKey(pair) {
	return new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
}

/** @param {number} n */
function isPowerOfTwo(n) {
	return Number.isInteger(Math.log2(n));
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function sha256(bytes) {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function equal(a, b) {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** @param {string} text */
function fromBase64(text) {
	try {
		return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
	} catch {
		return new Uint8Array();
	}
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
	return btoa(String.fromCharCode(...bytes));
}
