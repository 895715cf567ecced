/*
 * crash.test.js - what was acknowledged stands: pvl-web is killed while many people book, the
 * supervisor is killed, the disk is full.
 *
 *   PVL_KILLS=200 PVL_SEED=7 tools/in-namespace node --test tests/system/crash.test.js    the long form
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../browser/browsers.js';
import { BUILD, processes, startServer } from '../browser/server.js';
import { Visitor, plantFamilies, rows, seeded } from './families.js';

const KILLS = Number(process.env.PVL_KILLS ?? 15);
const SEED = Number(process.env.PVL_SEED ?? 1);
const PORT = Number(process.env.PVL_PORT ?? 43100) + 300;
const FAMILIES = 24;
const BACK_WITHIN_MS = 2000;
const PAUSE_MAX_MS = 1000; // before the next start of who dies again and again
const HELPERS = 2 + 1 + 1; // of passwords, of photos, of paper
const QUANTUM_MINUTES = 5;
const LOOK_EVERY = 12; // bookings tried with the times of one page

const parentOf = (pid) => Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);

/** The pvl-web that answers pages; its helpers are its children. */
const webOf = (server) => processes('pvl-web', server.pid).find((pid) => parentOf(pid) === server.pid);

async function answers(server, within_ms) {
	const begun = performance.now();
	await until('pages are answered', async () => (await fetch(`http://127.0.0.1:${server.port}/ping`, { signal: AbortSignal.timeout(1000) })).ok, within_ms, 10);
	return performance.now() - begun;
}

/**
 * Books and cancels again and again until told to stop; told.booked and told.cancelled hold what was
 * acknowledged, told.unsure how many requests broke off.
 */
async function live(visitor, random, told, stopped) {
	const mine = [];
	let looks = 0, times = [];
	while (!stopped()) {
		await pause(random(20));
		try {
			const cancel = mine.length > 0 && random(2) === 0;
			if (cancel) {
				const reference = mine.pop();
				told.asked.add(reference);
				const answer = await visitor.ask('POST', `/visits/${reference}/cancel`, {});
				assert.ok(answer.status === 303 || answer.status === 409, `cancelling: ${answer.status}`);
				if (answer.status === 303)
					told.cancelled.add(reference);
				continue;
			}
			if (looks++ % LOOK_EVERY === 0)
				times = (await visitor.times()).slice(0, 16);
			if (times.length === 0)
				continue;
			const answer = await visitor.ask('POST', `${visitor.family.book}/${times[random(times.length)]}`, {});
			assert.ok([303, 409].includes(answer.status), `booking: ${answer.status}`);
			told.refused += answer.status === 409;
			if (answer.status === 303) {
				const reference = /\/visits\/(\w+)\/booked/.exec(answer.location)[1];
				told.booked.add(reference);
				mine.push(reference);
			}
		} catch (error) {
			if (error instanceof assert.AssertionError)
				throw error;
			told.unsure++;
			await pause(10 + random(30));
		}
	}
}

/** Everything that was acknowledged is there, once, with one entry and one leaf each. */
function checkBooks(data, told, families) {
	const visits = rows(data, `SELECT id, reference, state, minutes,
		(SELECT COUNT(*) FROM slot_use WHERE visit = v.id) AS quanta,
		(SELECT COUNT(*) FROM visit_visitor WHERE visit = v.id) AS people,
		(SELECT COUNT(*) FROM ledger_entry WHERE visit = v.id AND kind = 'VIDEO' AND type = 'BOOKED' AND amount = -v.minutes) AS paid,
		(SELECT COUNT(*) FROM ledger_entry WHERE visit = v.id AND kind = 'VIDEO' AND type = 'CANCELLED' AND amount = v.minutes) AS back,
		(SELECT COUNT(*) FROM audit_leaf WHERE object_id = v.id AND verb = 'visit.book') AS booked_leaves,
		(SELECT COUNT(*) FROM audit_leaf WHERE object_id = v.id AND verb = 'visit.cancel') AS cancelled_leaves,
		(SELECT COUNT(*) FROM audit_leaf WHERE object_id = v.id) AS leaves
		FROM visit v WHERE booker BETWEEN ${families[0].id} AND ${families.at(-1).id}`);
	const found = new Map(visits.map((v) => [v.reference, v]));
	for (const reference of told.booked)
		assert.ok(found.has(reference), `the acknowledged booking ${reference} is lost`);
	for (const reference of told.cancelled)
		assert.equal(found.get(reference)?.state, 'CANCELLED', `the acknowledged cancellation of ${reference} is lost`);
	for (const v of visits) {
		const cancelled = v.state === 'CANCELLED';
		if (cancelled)
			assert.ok(told.asked.has(v.reference), `${v.reference} was cancelled by nobody`);
		assert.equal(v.quanta, cancelled ? 0 : (2 + v.people) * v.minutes / QUANTUM_MINUTES, `places of ${v.reference}`);
		assert.deepEqual([v.people, v.paid, v.back], [1, 1, cancelled ? 1 : 0], `ledger of ${v.reference}`);
		assert.deepEqual([v.booked_leaves, v.cancelled_leaves, v.leaves], [1, cancelled ? 1 : 0, cancelled ? 2 : 1], `leaves of ${v.reference}`);
	}
	assert.ok(visits.length <= told.booked.size + told.unsure, 'nothing was booked that nobody asked for');
	assert.deepEqual(rows(data, 'SELECT COUNT(*) AS n, MAX(seq) AS last FROM audit_leaf').map((r) => r.n === r.last), [true], 'the log has no hole');
	assert.deepEqual(rows(data, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
	execFileSync(join(BUILD, 'src/programs/pvl'), ['audit', 'verify', '--data', data], { stdio: ['ignore', 'ignore', 'inherit'] });
	return visits.length;
}

test('pvl-web is killed while many people book', { timeout: 60_000 + KILLS * 4000 }, async (t) => {
	const server = await startServer(PORT);
	const families = plantFamilies(server.data, FAMILIES);
	const visitors = families.map((family) => new Visitor(server, family));
	const told = { booked: new Set(), cancelled: new Set(), asked: new Set(), refused: 0, unsure: 0 };
	const random = seeded(SEED);
	let stopped = false;
	let acknowledged = () => {};
	for (const v of visitors)
		v.heard = (method, status) => { if (method === 'POST' && status === 303) acknowledged(); };
	t.after(async () => {
		stopped = true;
		visitors.forEach((v) => v.close());
		await server.stop();
	});
	const lives = Promise.all(visitors.map((v, i) => live(v, seeded(SEED * 1000 + i), told, () => stopped)));
	lives.catch(() => { stopped = true; });
	const back = [];
	for (let k = 0; k < KILLS && !stopped; k++) {
		const before = told.booked.size + told.refused + told.cancelled.size;
		await until('people book again', () => told.booked.size + told.refused + told.cancelled.size > before + 5 || stopped, 15_000, 5);
		if (k % 2)
			await pause(random(120));
		else // while the first acknowledgement that comes is on its way: it must have been stored before
			await new Promise((killed) => {
				const pid = webOf(server);
				acknowledged = () => { acknowledged = () => {}; killed(process.kill(pid, 'SIGKILL')); };
			});
		if (k % 2)
			process.kill(webOf(server), 'SIGKILL');
		back.push(await answers(server, 5000));
	}
	stopped = true;
	await lives;
	const stored = checkBooks(server.data, told, families);
	t.diagnostic(`${KILLS} kills (seed ${SEED}): ${told.booked.size} bookings and ${told.cancelled.size} cancellations acknowledged, ` +
		`${told.refused} refused, ${told.unsure} broke off, ${stored} stored; back in ${back[0].toFixed(0)} ms, ${Math.max(...back).toFixed(0)} ms at most`);
	assert.ok(told.booked.size >= KILLS * 2 && told.unsure >= KILLS, 'people were busy when it died');
	assert.ok(back[0] < BACK_WITHIN_MS, `back in ${back[0].toFixed(0)} ms`);
	assert.ok(Math.max(...back) < BACK_WITHIN_MS + PAUSE_MAX_MS, `back in ${Math.max(...back).toFixed(0)} ms`);
	await until('the helpers of the dead have gone', () => processes('pvl-web', server.pid).length === 1 + HELPERS, 5000);
});

test('pvl itself is killed: all of it ends, and the next start finds everything', { timeout: 60_000 }, async (t) => {
	const data = mkdtempSync(join(tmpdir(), 'pvl-crash-'));
	let server = await startServer(PORT, { data });
	t.after(async () => {
		await server.stop();
		for (const folder of [data, `${data}.vault`])
			rmSync(folder, { recursive: true, force: true });
	});
	const [family] = plantFamilies(data, 1);
	let visitor = new Visitor(server, family);
	const [time] = await visitor.times();
	const booked = await visitor.ask('POST', `${family.book}/${time}`, {});
	assert.equal(booked.status, 303);
	visitor.close();
	const all = ['pvl-web', 'pvl-media'].flatMap((name) => processes(name, server.pid));
	process.kill(server.pid, 'SIGKILL');
	await until('nothing of it is left', () => all.every((pid) => {
		try {
			return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
		} catch {
			return true;
		}
	}), 5000);
	server = await startServer(PORT, { data });
	visitor = new Visitor(server, family);
	assert.equal((await visitor.ask('GET', booked.location)).status, 200);
	visitor.close();
});

test('the disk is full: people are told, nothing is acknowledged, and it goes on when there is room', { timeout: 60_000 }, async (t) => {
	const disk = mkdtempSync(join(tmpdir(), 'pvl-disk-'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=755', 'none', disk]);
	const server = await startServer(PORT, { parent: disk });
	t.after(async () => {
		await server.stop();
		execFileSync('umount', ['-l', disk]);
		rmSync(disk, { recursive: true, force: true });
	});
	const families = plantFamilies(server.data, 12);
	const visitors = families.map((family) => new Visitor(server, family));
	t.after(() => visitors.forEach((v) => v.close()));
	const told = { booked: new Set(), cancelled: new Set(), asked: new Set(), refused: 0, unsure: 0 };
	const book = async (v) => {
		const [time] = await v.times(); // none where the page itself could not be made
		return time ? v.ask('POST', `${v.family.book}/${time}`, {}) : v.ask('GET', v.family.book);
	};
	const keep = (answer) => told.booked.add(/\/visits\/(\w+)\/booked/.exec(answer.location)[1]);
	keep(await book(visitors[0]));

	const filler = join(disk, 'filler');
	assert.throws(() => execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4096', 'count=100000'], { stdio: 'ignore' }));
	const refusals = [];
	for (let round = 0; round < 4; round++)
		for (const v of visitors) {
			const answer = await book(v);
			if (answer.status === 303)
				keep(answer); // there was room left in the log: then it stands
			else if (![200, 409].includes(answer.status)) // no time is left, or somebody was faster
				refusals.push(answer);
		}
	assert.ok(refusals.length > 10, 'the disk was full');
	for (const answer of refusals) {
		assert.equal(answer.status, 503);
		assert.match(answer.text, /could not store|Nothing was changed|Try again/);
		assert.doesNotMatch(answer.text, /sqlite|errno|pvl\.db/i);
	}
	assert.equal((await visitors[1].ask('GET', '/home')).status, 200, 'pages can be read');
	assert.equal((await fetch(`${server.base}/health`)).status, 500, 'operators see it');
	const events = server.logged().split('\n').filter((line) => /"level":"error"/.test(line));
	assert.ok(events.length > 0, 'and the log says it');

	rmSync(filler);
	const again = await until('there is room again', async () => {
		const answer = await book(visitors[2]);
		return answer.status === 303 ? answer : false;
	}, 5000);
	keep(again.answer);
	assert.equal((await fetch(`${server.base}/health`)).status, 200);
	checkBooks(server.data, told, families);
});
