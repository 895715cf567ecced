/*
 * demo.test.js - what a newcomer meets at the command line: clear words for what cannot be used, a
 * second start that keeps the data and is quick, and an end that leaves nothing running.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { until } from './browsers.js';
import { BUILD, processes } from './server.js';

const PVL = join(BUILD, 'src/programs/pvl');
const PORT = Number(process.env.PVL_PORT ?? 43100) + 400;
const PORTS = ['--port', String(PORT), '--tls-port', String(PORT + 1), '--media-port', String(PORT + 10), '--media-address', '127.0.0.1'];
const SECOND_START_MS = 5000;

const REFUSED = [
	[['--port', '0'], /--port 0: cannot be used/],
	[['--port', '70000'], /--port 70000: cannot be used/],
	[['--port'], /--port: PORT must follow it/],
	[['--media-address', 'here'], /--media-address here: cannot be used/],
	[['--colour', 'red'], /--colour: there is no such option; --help lists them/],
	[['now'], /now: there is no such option/],
];

/** A demonstration on this folder, once it answers. */
async function startDemo(data) {
	const begun = Date.now();
	const child = spawn(PVL, ['demo', '--data', data, ...PORTS], { stdio: ['ignore', 'pipe', 'ignore'] });
	const demo = { child, said: '', code: null };
	child.stdout.on('data', (text) => { demo.said += text; });
	child.on('exit', (code) => { demo.code = code; });
	await until('the service answers', async () => (await fetch(`http://localhost:${PORT}/health`)).ok, 20_000, 50);
	return Object.assign(demo, { ms: Date.now() - begun });
}

function isThere(pid) {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function pressCtrlC(demo) {
	const children = [...processes('pvl-web', demo.child.pid), ...processes('pvl-media', demo.child.pid)];
	assert.ok(children.length >= 2, 'it runs its programs');
	demo.child.kill('SIGINT');
	await until('it ends', async () => demo.code !== null, 10_000);
	assert.equal(demo.code, 0);
	await until('nothing of it runs', async () => children.filter(isThere).length === 0, 3000);
}

test('the demonstration at the command line', { timeout: 120_000 }, async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'pvl-demo-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const run = (...args) => spawnSync(PVL, ['demo', ...args], { encoding: 'utf8', timeout: 20_000 });

	for (const [args, said] of REFUSED)
		await t.test(`pvl demo ${args.join(' ')} says what is wrong`, () => {
			const { status, stderr } = run('--data', join(folder, 'never'), ...args);
			assert.equal(status, 2);
			assert.match(stderr, said);
		});
	await t.test('a file is no data folder', () => {
		writeFileSync(join(folder, 'file'), '');
		const { status, stderr } = run('--data', join(folder, 'file'));
		assert.notEqual(status, 0);
		assert.match(stderr, /--data .*file: cannot be used; it must be a folder/);
	});
	await t.test('a port that is taken is named', async () => {
		const other = createServer().listen(PORT, '::');
		await new Promise((done) => other.on('listening', done));
		const { status, stderr } = run('--data', join(folder, 'data'), ...PORTS);
		other.close();
		assert.notEqual(status, 0);
		assert.match(stderr, new RegExp(`TCP port ${PORT}: another program has it; stop that one or choose another port`));
	});
	await t.test('the second start keeps the data, and Ctrl-C ends everything', { timeout: 60_000 }, async (t) => {
		const first = await startDemo(join(folder, 'data'));
		const reference = /joined now: ([\w-]+)/.exec(first.said)?.[1];
		for (const step of [/1\. Family: .*amina@family\.example/, /2\. Prisoner: .*\/terminal/, /3\. Staff: .*monitor@wandsworth\.example/])
			assert.match(first.said, step);
		await pressCtrlC(first);
		const second = await startDemo(join(folder, 'data'));
		t.diagnostic(`the second start took ${second.ms} ms`);
		assert.ok(reference && second.said.includes(reference), 'the visit is still there');
		assert.ok(second.ms < SECOND_START_MS, `${second.ms} ms`);
		await pressCtrlC(second);
	});
});
