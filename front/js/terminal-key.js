/**
 * terminal-key.js - the terminal's own key: made here, kept by the browser, not extractable.
 */

/** @typedef {{terminal: string, pair: CryptoKeyPair}} Enrolment */

const DATABASE = 'pvl-terminal';
const STORE = 'key';
const WITNESS = 'witness'; // beside the key: what terminal-witness.js keeps
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** @returns {Promise<CryptoKeyPair>} */
export function makeKey() {
	return crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
}

/**
 * @param {CryptoKeyPair} pair
 * @returns {Promise<string>} the public point
 */
export async function publicPoint(pair) {
	return toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
}

/**
 * @param {CryptoKeyPair} pair
 * @param {string} challenge  base64url
 * @returns {Promise<string>} raw r‖s, base64url
 */
export async function sign(pair, challenge) {
	const hash = { name: 'ECDSA', hash: 'SHA-256' };
	const signature = await crypto.subtle.sign(hash, pair.privateKey, fromBase64url(challenge));
	return toBase64url(new Uint8Array(signature));
}

/** @returns {Promise<Enrolment|undefined>} */
export function loadKey() {
	return withStore('readonly', (store) => store.get(STORE));
}

/** @param {Enrolment} enrolment */
export function saveKey(enrolment) {
	return withStore('readwrite', (store) => store.put(enrolment, STORE));
}

/** And whatever else is kept here. */
export function forgetKey() {
	return withStore('readwrite', (store) => store.clear());
}

export function keptWitness() {
	return withStore('readonly', (store) => store.get(WITNESS));
}

/** @param {object} witness */
export function keepWitness(witness) {
	return withStore('readwrite', (store) => store.put(witness, WITNESS));
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>}
 */
function withStore(mode, act) {
	return new Promise((done, fail) => {
		const open = indexedDB.open(DATABASE, 1);
		open.onupgradeneeded = () => open.result.createObjectStore(STORE);
		open.onerror = () => fail(open.error);
		open.onsuccess = () => {
			const transaction = open.result.transaction(STORE, mode);
			const request = act(transaction.objectStore(STORE));
			transaction.oncomplete = () => {
				open.result.close();
				done(request.result);
			};
			transaction.onerror = () => fail(transaction.error);
		};
	});
}

/** @param {Uint8Array} bytes */
export function toBase64url(bytes) {
	return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {string} text */
export function fromBase64url(text) {
	return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
}
