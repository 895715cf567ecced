/*
 * relay.test.js - a visitor whose network lets nothing through but TCP to the pages and to the relay: the
 * visit comes up by a real coturn, set up as the example in docs/operating says, and the page tells so.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, until } from '../browser/browsers.js';
import { startServer } from '../browser/server.js';
import { NEAR, layLine } from './line.js';
import { meetOnPages, pathOf } from './pages.js';

const PORT = Number(process.env.PVL_PORT ?? 43700);
const PAGES = PORT + 6;
const RELAY = PORT + 7;
const WITHIN_MS = 4000; // what a network without UDP may cost
const SECRET = 'north-star-of-the-prison';

/** The example, with this machine's addresses. */
function relayConfig(folder) {
	const values = {
		'listening-ip': NEAR, 'relay-ip': NEAR, 'tls-listening-port': RELAY, 'allowed-peer-ip': NEAR,
		cert: join(folder, 'cert.pem'), pkey: join(folder, 'key.pem'), 'static-auth-secret': SECRET,
		'log-file': join(folder, 'log'),
	};
	return readFileSync(join(ROOT, 'docs/operating/examples/turnserver.conf'), 'utf8').split('\n').map((line) => {
		const name = line.split('=')[0];
		return name in values ? `${name}=${values[name]}` : line;
	}).concat('verbose', `pidfile=${join(folder, 'pid')}`, `userdb=${join(folder, 'users')}`).join('\n');
}

/** .said(): coturn's log, .folder: for more files. */
async function startRelay() {
	const folder = mkdtempSync(join(tmpdir(), 'pvl-relay-'));
	const file = (name) => join(folder, name);
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
		'-subj', `/CN=${NEAR}`, '-addext', `subjectAltName=IP:${NEAR}`, '-keyout', file('key.pem'), '-out', file('cert.pem')], { stdio: 'ignore' });
	writeFileSync(file('secret'), `${SECRET}\n`);
	writeFileSync(file('turnserver.conf'), relayConfig(folder));
	const child = spawn('turnserver', ['-c', file('turnserver.conf')], { stdio: 'ignore' });
	const gone = new Promise((done) => child.on('exit', done));
	const said = () => readFileSync(file('log'), 'utf8');
	const stop = async () => {
		child.kill('SIGKILL');
		await gone;
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await until('coturn listens', () => said().includes(`listener opened on : ${NEAR}:${RELAY}`), 10_000);
	} catch (error) {
		await stop();
		throw error;
	}
	return { secret: file('secret'), said, stop };
}

/** coturn's own client asks for a way to this peer, until the relay has said what is waited for, or the client gives up. */
async function askFor(relay, peer, secret, awaited) {
	const child = spawn('turnutils_uclient', ['-t', '-S', '-n', '1', '-u', 'somebody', '-W', secret, '-p', String(RELAY), '-e', peer, NEAR], { stdio: 'ignore' });
	const gone = new Promise((done) => child.on('exit', done));
	try {
		await until(`the relay says: ${awaited}`, () => relay.said().includes(awaited), 10_000);
	} finally {
		child.kill('SIGKILL');
		await gone;
	}
}

test('the relay reaches nobody but the media server, and nobody without a pass reaches it', { timeout: 60_000 }, async (t) => {
	const line = await layLine('', ''); // for an address that is not loopback
	t.after(() => line.stop());
	const relay = await startRelay();
	t.after(() => relay.stop());
	await askFor(relay, NEAR, 'another-secret', 'Cannot find credentials of user');
	assert.doesNotMatch(relay.said(), /ALLOCATE processed, success/);
	await askFor(relay, '203.0.113.7', SECRET, 'CHANNEL_BIND processed, error 403: Forbidden IP');
	assert.doesNotMatch(relay.said(), /CHANNEL_BIND processed, success/);
	await askFor(relay, NEAR, SECRET, 'CHANNEL_BIND processed, success');
});

test('where nothing but TLS gets through, a visit comes up by the relay, and the page says so', { timeout: 150_000 }, async (t) => {
	const words = `delay=20 noudp tcp=${PAGES},${RELAY}`;
	const line = await layLine(words, words);
	t.after(() => line.stop());
	const relay = await startRelay();
	t.after(() => relay.stop());
	const server = await startServer(PORT, {
		addresses: ['--media-address', NEAR],
		options: ['--turn', `turns:${NEAR}:${RELAY}?transport=tcp`, '--turn-secret', relay.secret],
	});
	t.after(() => server.stop());
	const visit = await meetOnPages(line, server, NEAR, { args: ['--ignore-certificate-errors'] });
	t.after(() => visit.close());
	t.diagnostic(`connected after ${visit.took} ms`);
	assert.match(await pathOf(visit.visitor), /relay \(TURN\)/);
	assert.doesNotMatch(await pathOf(visit.prisoner), /TURN/, 'who can come directly asks for no relay');
	assert.ok(visit.took < WITHIN_MS, `${visit.took} ms`);

	const names = new Set([...relay.said().matchAll(/username=<\d+:([0-9a-f]{16})>/g)].map((m) => m[1]));
	assert.equal(names.size, 1, 'one seat used it');
	assert.doesNotMatch(relay.said(), new RegExp(`${visit.reference}|amina`, 'i'), 'and it knows nobody');
});
