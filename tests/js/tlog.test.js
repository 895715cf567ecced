/*
 * tlog.test.js - what a terminal believes of the audit log: every honest growth, and no other.
 */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import test from 'node:test';
import { cosigned, isOneLog, makeWitnessKey, publicKey, readHead } from '../../front/js/tlog.js';

const MOST = 18;

// RFC 9162 sections 2.1.1 and 2.1.4.1, as the RFC defines them.
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
const leaf = (i) => sha256(Buffer.from([0]), Buffer.from(`record ${i}`));
const root = (leaves) => leaves.length === 1 ? leaves[0]
	: sha256(Buffer.from([1]), root(leaves.slice(0, split(leaves.length))), root(leaves.slice(split(leaves.length))));
const prove = (m, leaves, whole) => {
	if (m === leaves.length)
		return whole ? [] : [root(leaves)];
	const k = split(leaves.length);
	return m <= k ? [...prove(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
		: [...prove(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
};

const leaves = Array.from({ length: MOST }, (_, i) => leaf(i));
const headOf = (list) => readHead(`log.example\n${list.length}\n${root(list).toString('base64')}\n\n— log.example AAAA\n`);
const textOf = (hashes) => hashes.map((hash) => `${hash.toString('base64')}\n`).join('');

test('every growth of a log is believed, whichever of its heads is shown first', async () => {
	for (let n = 1; n <= MOST; n++) {
		for (let m = 1; m <= n; m++) {
			const [small, large] = [headOf(leaves.slice(0, m)), headOf(leaves.slice(0, n))];
			const proof = textOf(prove(m, leaves.slice(0, n), true));
			assert.equal(await isOneLog(small, large, proof), true, `${m} of ${n}`);
			assert.equal(await isOneLog(large, small, proof), true, `${m} of ${n}`);
		}
	}
});

test('a log in which one record is another is not believed, whatever is proved of it', async () => {
	for (let n = 2; n <= MOST; n++) {
		for (let m = 1; m <= n; m++) {
			const other = leaves.slice(0, n);
			other[(m * 7) % m] = leaf(99);
			const small = headOf(leaves.slice(0, m));
			for (const list of [other, leaves.slice(0, n)])
				assert.equal(await isOneLog(small, headOf(other), textOf(prove(m, list, true))), false, `${m} of ${n}`);
		}
	}
});

test('a proof with a hash changed, missing, added, or that is none, proves nothing', async () => {
	const [small, large] = [headOf(leaves.slice(0, 6)), headOf(leaves)];
	const hashes = prove(6, leaves, true);
	assert.equal(await isOneLog(small, large, textOf(hashes)), true);
	for (let i = 0; i < hashes.length; i++) {
		assert.equal(await isOneLog(small, large, textOf(hashes.with(i, leaf(77)))), false);
		assert.equal(await isOneLog(small, large, textOf(hashes.toSpliced(i, 1))), false);
		assert.equal(await isOneLog(small, large, textOf(hashes.toSpliced(i, 0, leaf(77)))), false);
	}
	for (const text of ['', 'nothing\n', 'AAAA\n', '%%%\n'])
		assert.equal(await isOneLog(small, large, text), false);
	assert.equal(await isOneLog(small, headOf(leaves.slice(0, 6)), textOf([leaf(1)])), false);
});

test('what is no head is not read as one', () => {
	const good = root(leaves).toString('base64');
	for (const note of ['', 'log\n3\n', `log\n0\n${good}\n\n— log A\n`, `log\n-1\n${good}\n\n— log A\n`, `log\n3\nAAAA\n\n— log A\n`,
		`\n3\n${good}\n\n— log A\n`, `log\n3e3\n${good}\n\n— log A\n`, `log\n99999999999999999999\n${good}\n\n— log A\n`])
		assert.equal(readHead(note), null, JSON.stringify(note));
});

test('a cosignature is one that the standard’s own reading verifies', async () => {
	const pair = await makeWitnessKey();
	const head = headOf(leaves);
	const note = await cosigned(head, { name: 'terminal-1.WWI', pair }, 1795000000999);
	assert.ok(note.startsWith(`${head.text}\n— terminal-1.WWI `));
	const bytes = Buffer.from(note.slice(note.lastIndexOf(' ') + 1), 'base64');
	const point = Buffer.from(await publicKey(pair));
	assert.deepEqual(bytes.subarray(0, 4), sha256(Buffer.from('terminal-1.WWI\n\x04'), point).subarray(0, 4));
	assert.equal(bytes.readBigUInt64BE(4), 1795000000n);
	const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, format: 'jwk' });
	assert.ok(verify(null, Buffer.from(`cosignature/v1\ntime 1795000000\n${head.text}`), key, bytes.subarray(12)));
	await assert.rejects(crypto.subtle.exportKey('pkcs8', pair.privateKey));
});
