/*
 * line.js - a far side behind an emulated line: a network namespace of its own, reached only
 * through tests/net/emulator.  Runs inside tools/in-namespace.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../browser/server.js';
import { MADE, until } from '../browser/browsers.js';

const SPACES = '/var/run/netns';
export const NEAR = '198.51.100.1';
const FAR = '198.51.100.2';

const run = (command, ...given) => execFileSync(command, given, { encoding: 'utf8' });

/** Gives this process's own namespace the name 'near', once; names of others stay in here. */
function nameNear() {
	if (existsSync(join(SPACES, 'near')))
		return;
	mkdirSync(SPACES, { recursive: true });
	run('mount', '-t', 'tmpfs', 'none', SPACES);
	closeSync(openSync(join(SPACES, 'near'), 'w'));
	run('mount', '--bind', `/proc/${process.pid}/ns/net`, join(SPACES, 'near'));
}

/** A program that runs in the far namespace in place of this one. */
function farProgram(space, program) {
	mkdirSync(MADE, { recursive: true });
	const path = join(MADE, `${program.split('/').pop()}-in-${space}`);
	writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${space} ${program} "$@"\n`);
	chmodSync(path, 0o755);
	return path;
}

let count = 0;

/** Where a service is that can be reached over both cables of layCables(). */
export const HOME = '203.0.113.1';

/**
 * Two cables from here to a new far namespace, "wifi" and "mobile", as a telephone has them: each with its own
 * address, and what is sent from that goes by it.  .busy(): the one that carries more now; .unplug(name): it carries nothing any more.
 */
export function layCables() {
	nameNear();
	const space = `far${process.pid}-${count++}`;
	const cables = [{ name: 'wifi', net: '198.51.100', metric: '100' }, { name: 'mobile', net: '198.51.101', metric: '200' }];
	const far = (...given) => run('ip', '-n', space, ...given);
	run('ip', 'netns', 'add', space);
	far('link', 'set', 'lo', 'up');
	run('ip', 'address', 'replace', `${HOME}/32`, 'dev', 'lo');
	for (const { name, net, metric } of cables) {
		run('ip', 'link', 'add', `${name}-near`, 'type', 'veth', 'peer', 'name', name, 'netns', space);
		run('ip', 'address', 'add', `${net}.1/30`, 'dev', `${name}-near`);
		run('ip', 'link', 'set', `${name}-near`, 'up');
		far('address', 'add', `${net}.2/30`, 'dev', name);
		far('link', 'set', name, 'up');
		far('route', 'add', 'default', 'via', `${net}.1`, 'dev', name, 'metric', metric);
		far('route', 'add', 'default', 'via', `${net}.1`, 'dev', name, 'table', metric);
		far('route', 'add', 'unreachable', 'default', 'table', metric, 'metric', '999'); // not by the other one, if it is gone
		far('rule', 'add', 'from', `${net}.2`, 'lookup', metric);
	}
	return {
		program: (path) => farProgram(space, path),
		async busy() {
			const carried = () => cables.map(({ name }) => JSON.parse(run('ip', '-s', '-j', 'link', 'show', 'dev', `${name}-near`))[0].stats64.rx.bytes);
			const before = carried();
			await new Promise((done) => setTimeout(done, 1000));
			const [wifi, mobile] = carried().map((bytes, i) => bytes - before[i]);
			return wifi > mobile ? 'wifi' : 'mobile';
		},
		unplug: (name) => far('link', 'set', name, 'down'),
		stop() {
			for (const { name } of cables)
				run('ip', 'link', 'delete', `${name}-near`);
			run('ip', 'netns', 'delete', space);
		},
	};
}

/**
 * Lays a line between here (NEAR) and a new far namespace.  down: towards it; up: from it;
 * words as of emulated_line.h.  .seconds are the counters so far, of each second since .laid.
 */
export async function layLine(down, up, seed = 1) {
	nameNear();
	const space = `far${process.pid}-${count++}`;
	run('ip', 'netns', 'add', space);
	const seconds = [];
	const child = spawn(join(BUILD, 'tests/net/emulator'), ['near', space, down, up, String(seed)],
		{ stdio: ['pipe', 'pipe', 'inherit'] });
	let said = '';
	let ready = false;
	child.stdout.on('data', (text) => {
		const lines = (said + text).split('\n');
		said = lines.pop();
		for (const line of lines)
			if (line === 'ready')
				ready = true;
			else
				seconds.push(JSON.parse(line));
	});
	await until('the emulator is ready', () => ready, 5000, 20);
	const laid = Date.now();
	run('ip', 'address', 'add', `${NEAR}/30`, 'dev', 'line');
	run('ip', 'link', 'set', 'line', 'up');
	run('ip', '-n', space, 'link', 'set', 'lo', 'up');
	run('ip', '-n', space, 'address', 'add', `${FAR}/30`, 'dev', 'line');
	run('ip', '-n', space, 'link', 'set', 'line', 'up');
	run('ip', '-n', space, 'route', 'add', 'default', 'dev', 'line');
	return {
		space, seconds, laid,
		program: (path) => farProgram(space, path),
		/** Both directions, from now on. */
		become: (words) => child.stdin.write(`${words}\n`),
		/** Nothing gets across, and neither end's own network is any different. */
		cut: () => run('ip', 'link', 'set', 'line', 'down'),
		mend: () => run('ip', 'link', 'set', 'line', 'up'),
		/** The same, for who is here too: nobody reaches NEAR any more. */
		vanish: () => run('ip', 'address', 'delete', `${NEAR}/30`, 'dev', 'line'),
		appear: () => run('ip', 'address', 'add', `${NEAR}/30`, 'dev', 'line'),
		async stop() {
			const gone = new Promise((done) => child.on('exit', done));
			child.kill('SIGTERM');
			await gone;
			run('ip', 'netns', 'delete', space);
		},
	};
}
