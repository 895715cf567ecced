/*
 * server.js - the whole service on ports and a data folder of its own.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, until } from './browsers.js';

/** Firefox sends nothing to loopback: tools/in-namespace gives an address beside it. */
export const OWN_ADDRESS = process.env.PVL_TEST_ADDRESS ? ['--media-address', process.env.PVL_TEST_ADDRESS] : [];

export const BUILD = process.env.PVL_BUILD ?? join(ROOT, 'build');

/**
 * Starts `pvl demo --lab`; .said is what it printed, .logged() what it wrote to its log, .stop() ends it.
 * given.data: a folder that is there already and stays; given.parent: where to make one;
 * given.options: further ones for pvl; given.bare: `pvl serve` alone, as in a prison.
 */
export async function startServer(port, given = {}) {
	const data = given.data ?? mkdtempSync(join(given.parent ?? tmpdir(), 'pvl-browser-'));
	let logged = '';
	mkdirSync(join(ROOT, 'test-results'), { recursive: true });
	const log = createWriteStream(join(ROOT, 'test-results', `server-${port}.log`));
	const child = spawn(join(BUILD, 'src/programs/pvl'),
		[...given.bare ? ['serve'] : ['demo', '--lab', '--tls-port', String(port + 1)], '--port', String(port), '--media-port', String(port + 10),
			'--data', data, ...given.addresses ?? ['--media-address', '127.0.0.1', ...OWN_ADDRESS], ...given.options ?? []],
		{ cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
	const server = { port, base: `http://localhost:${port}`, data, pid: child.pid, said: '', gone: false, logged: () => logged };
	child.stdout.on('data', (text) => { server.said += text; log.write(text); });
	child.stderr.on('data', (text) => { logged += text; log.write(text); });
	const gone = new Promise((done) => child.on('exit', () => { server.gone = true; done(); }));
	const stop = server.stop = async () => {
		child.kill('SIGTERM');
		await Promise.race([gone, new Promise((done) => setTimeout(done, 5000))]);
		if (!server.gone)
			child.kill('SIGKILL');
		if (given.data)
			return;
		for (const folder of [data, `${data}.vault`])
			rmSync(folder, { recursive: true, force: true });
	};
	try {
		await until('the server answers', async () => {
			if (server.gone)
				throw new Error(`pvl ended: see test-results/server-${port}.log`);
			return (await fetch(`${server.base}/ping`)).ok;
		}, 20_000);
	} catch (error) {
		await stop();
		throw error;
	}
	const [, assets] = /"(\/assets\/[0-9a-f]+)\//.exec(await (await fetch(`${server.base}/`)).text()) ?? [];
	return Object.assign(server, { assets: `${server.base}${assets}` });
}

/** Pids of the descendants of this process that run the program of this name. */
export function processes(name, of) {
	const all = readdirSync('/proc').filter((d) => /^\d+$/.test(d)).map((pid) => {
		try {
			const [, comm, rest] = /\((.*)\) \S (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
			return { pid: Number(pid), comm, parent: Number(rest?.split(' ')[0]) };
		} catch {
			return null;
		}
	}).filter(Boolean);
	const mine = new Set([of]);
	for (let grown = true; grown;) {
		grown = false;
		for (const p of all)
			if (mine.has(p.parent) && !mine.has(p.pid))
				grown = Boolean(mine.add(p.pid));
	}
	return all.filter((p) => mine.has(p.pid) && p.comm === name).map((p) => p.pid);
}

/**
 * A line to the service that can be cut: it passes requests on, and answers own paths itself.
 * own: {path: [type, text]}; server.portOf(asked): where a request goes, if not always to its port.
 */
export function openLine(server, port, own = {}, address = '127.0.0.1') {
	let standing = true;
	const line = createServer((asked, answer) => {
		if (!standing)
			return asked.destroy();
		if (own[asked.url]) {
			answer.setHeader('Content-Type', own[asked.url][0]);
			return answer.end(own[asked.url][1]);
		}
		const passed = request({ host: 'localhost', port: server.portOf?.(asked) ?? server.port, method: asked.method, path: asked.url, headers: asked.headers });
		passed.on('response', (reply) => {
			answer.writeHead(reply.statusCode, reply.headers);
			answer.flushHeaders();
			reply.pipe(answer);
			reply.on('error', () => answer.destroy());
		});
		passed.on('error', () => answer.destroy());
		answer.on('close', () => passed.destroy());
		asked.pipe(passed);
	}).listen(port, address);
	return {
		base: `http://localhost:${port}`,
		cut() { standing = false; line.closeAllConnections(); },
		mend() { standing = true; },
		close() { line.closeAllConnections(); line.close(); },
	};
}

/**
 * A page of the tests' own before the service, of the same origin: it loads visit-media.js as a
 * module (Firefox imports nothing from a driver's script).
 */
export function openBench(server, port, address) {
	return openLine(server, port, {
		'/bench': ['text/html', '<!doctype html><title>Bench</title><script type="module" src="/bench.js"></script>'],
		'/bench.js': ['text/javascript', `import * as media from '${new URL(server.assets).pathname}/visit-media.js'; globalThis.media = media;`],
	}, address);
}

/** What one query of the service's database says, as objects.  The service goes on. */
export function ask(server, sql) {
	const said = execFileSync('sqlite3', ['-readonly', '-json', join(server.data, 'pvl.db'), sql], { encoding: 'utf8' });
	return said ? JSON.parse(said) : [];
}

/** Writes down when the media ports send: .times() are those of RTP packets so far, in ms; .times(ports): to these alone. */
export function watchPackets(server) {
	const child = spawn('/usr/bin/python3', [join(ROOT, 'tests/browser/packets.py'), String(server.port + 10), '8'],
		{ stdio: ['ignore', 'pipe', 'inherit'] });
	const seen = [];
	createInterface(child.stdout).on('line', (line) => seen.push(line.split(' ').map(Number)));
	return {
		times: (ports) => seen.filter(([, to]) => !ports || ports.includes(to)).map(([at]) => at),
		stop: () => child.kill(),
	};
}
