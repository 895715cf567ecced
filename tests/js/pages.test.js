import assert from 'node:assert/strict';
import { createPublicKey, verify, webcrypto } from 'node:crypto';
import test from 'node:test';
import { browserName, verdict } from '../../front/js/device-check.js';
import { parse } from '../../front/js/signalling.js';
import { fromBase64url, makeKey, publicPoint, sign, toBase64url } from '../../front/js/terminal-key.js';
import { agree } from '../../front/js/visit-slots.js';
import { plural } from '../../front/js/plural.js';
import { say } from '../../front/js/visit-view.js';

globalThis.crypto ??= webcrypto; // Debian's node 18

/**
 * A word as readWords() makes it.
 *
 * @param {string} text
 * @param {Record<string, string>} forms
 */
function word(text, forms = {}, lang = 'en') {
	return { text, count: 'minutes', forms: new Map(Object.entries(forms)), lang };
}

test('values replace their places in a word, missing ones leave nothing', () => {
	const words = new Map([['waiting', word('Waiting for {name} {x}')]]);
	assert.equal(say(words, 'waiting', { name: 'Sam' }), 'Waiting for Sam');
	assert.equal(say(words, 'no-such-word', { sentence: 'Said by the server' }), 'Said by the server');
});

test('a name that looks like a place or a pattern stays a name', () => {
	assert.equal(say(new Map([['w', word('{name}!')]]), 'w', { name: '{sentence}$&' }), '{sentence}$&!');
});

test('a count takes the form of its language', () => {
	const en = new Map([['clock', word('', { one: '{minutes} minute', other: '{minutes} minutes' })]]);
	assert.equal(say(en, 'clock', { minutes: '1' }), '1 minute');
	assert.equal(say(en, 'clock', { minutes: '2' }), '2 minutes');
	const forms = { one: '{minutes} munud', two: '{minutes} funud', other: '{minutes} o funudau' };
	const cy = new Map([['clock', word('', forms, 'cy')]]);
	assert.equal(say(cy, 'clock', { minutes: '2' }), '2 funud');
	assert.equal(say(cy, 'clock', { minutes: '6' }), '6 o funudau'); // has no "many"
});

test('plural forms are those of the CLDR', () => {
	for (const lang of ['en', 'cy']) {
		assert.deepEqual(Intl.PluralRules.supportedLocalesOf(lang), [lang]);
		const rules = new Intl.PluralRules(lang);
		for (let n = -7; n <= 130; n++)
			assert.equal(plural(lang, n), rules.select(n), `${lang} ${n}`);
	}
});

test('a picture shows only when map and packets agree', () => {
	assert.equal(agree(1, 0), true);
	assert.equal(agree(2, 0), false);
	assert.equal(agree(null, 0), true);
});

test('only objects are taken from the stream', () => {
	assert.deepEqual(parse('{"a":1}'), { a: 1 });
	assert.equal(parse('not json'), null);
	assert.equal(parse('3'), null);
});

test('a terminal signs with a key that cannot be taken out', async () => {
	const pair = await makeKey();
	assert.equal(pair.privateKey.extractable, false);
	const challenge = crypto.getRandomValues(new Uint8Array(32));
	const signature = fromBase64url(await sign(pair, toBase64url(challenge)));
	assert.equal(signature.length, 64);
	const point = fromBase64url(await publicPoint(pair));
	assert.equal(point.length, 65);
	const key = createPublicKey({ format: 'jwk', key: {
		kty: 'EC', crv: 'P-256', x: toBase64url(point.slice(1, 33)), y: toBase64url(point.slice(33)),
	} });
	assert.equal(verify('sha256', challenge, { key, dsaEncoding: 'ieee-p1363' }, signature), true);
	challenge[0] ^= 1;
	assert.equal(verify('sha256', challenge, { key, dsaEncoding: 'ieee-p1363' }, signature), false);
});

test('base64url survives every length', () => {
	for (let n = 0; n < 70; n++) {
		const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + 250) & 255);
		assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes);
	}
});

test('the verdict on a line needs both rate and delay', () => {
	assert.equal(verdict(50, 2000), 'good');
	assert.equal(verdict(50, 200), 'fair');
	assert.equal(verdict(400, 2000), 'fair');
	assert.equal(verdict(800, 2000), 'poor');
	assert.equal(verdict(50, 100), 'poor');
});

test('help is chosen by browser', () => {
	assert.equal(browserName('Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0'), 'firefox');
	assert.equal(browserName('Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0 Safari/537.36'), 'chrome');
	assert.equal(browserName('Mozilla/5.0 (iPhone) AppleWebKit/605 Version/18 Safari/604'), 'safari');
});
