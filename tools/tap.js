/*
 * tap.js - counts TAP (testanything.org), and gets it out of Meson's log.
 *
 *   node tools/tap.js from-meson testlog.json    TAP of all its programs, a crash is one failure
 *   node tools/tap.js count FILE...              failures with their explanation, then
 *                                                "N passed, N failed"; exit status 1 if any failed
 *
 * In nested TAP a test with subtests counts through its subtests alone.
 */
import { readFileSync } from 'node:fs';

const LINE = /^(\s*)(not )?ok\b(?: \d+)?(?: -)? ?(.*)$/;

/** The leaves of a TAP text: {name, ok, skipped, why: [lines that follow]}. */
function leaves(text) {
	const found = [];
	const path = [];
	let plan = -1; // depth of the last plan that no parent has claimed
	for (const line of text.split('\n')) {
		const test = LINE.exec(line);
		const depth = /^\s*/.exec(line)[0].length;
		if (/^\s*# Subtest: /.test(line))
			path[depth / 4] = line.trim().slice(11);
		else if (/^\s*1\.\.\d+/.test(line) && depth > 0)
			plan = depth;
		else if (test) {
			const parent = plan > depth;
			plan = -1;
			path.length = Math.floor(depth / 4);
			const [name, directive] = test[3].split(/ # (?=SKIP|TODO)/i);
			if (!parent || (test[2] && !found.some((f) => !f.ok)))
				found.push({
					name: [...path, name].filter(Boolean).join(': '), ok: !test[2],
					skipped: /^SKIP/i.test(directive ?? ''), why: [],
				});
		} else if (found.length > 0 && !found.at(-1).ok && found.at(-1).why.length < 25)
			found.at(-1).why.push(line);
	}
	return found;
}

function fromMeson(path) {
	for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
		const test = JSON.parse(line);
		const out = test.stdout ?? '';
		const all = leaves(out);
		for (const leaf of all) {
			console.log(`${leaf.ok ? 'ok' : 'not ok'} - ${test.name}: ${leaf.name}${leaf.skipped ? ' # SKIP' : ''}`);
			leaf.why.forEach((why) => console.log(`# ${why}`));
		}
		const fine = ['OK', 'EXPECTEDFAIL', 'SKIP'].includes(test.result);
		if (all.length === 0 && fine)
			console.log(`not ok - ${test.name}: said nothing`);
		if (!fine && all.every((leaf) => leaf.ok)) {
			console.log(`not ok - ${test.name}: ${test.result}, exit ${test.returncode}`);
			(test.stderr ?? out).split('\n').slice(-25).forEach((l) => console.log(`# ${l}`));
		}
	}
}

function count(paths) {
	const sum = { passed: 0, failed: 0, skipped: 0 };
	for (const path of paths) {
		const text = readFileSync(path, 'utf8');
		const part = path.replace(/.*\//, '').replace(/\.tap$/, '');
		const all = leaves(text);
		const status = Number(/^# exit (\d+)$/m.exec(text)?.[1] ?? 1);
		const bad = all.filter((leaf) => !leaf.ok);
		if (bad.length === 0 && (status !== 0 || all.length === 0))
			bad.push({ name: status === 124 ? 'ran out of time' : `ended with status ${status} after ${all.length} tests`, why: text.split('\n').slice(-15) });
		for (const leaf of bad)
			console.log([`FAILED ${part}: ${leaf.name}`, ...leaf.why.map((w) => `    ${w}`)].join('\n'));
		const skipped = all.filter((leaf) => leaf.ok && leaf.skipped).length;
		const passed = all.filter((leaf) => leaf.ok).length - skipped;
		console.log(`${part}: ${passed} passed, ${bad.length} failed${skipped ? `, ${skipped} skipped` : ''}`);
		sum.passed += passed;
		sum.failed += bad.length;
		sum.skipped += skipped;
	}
	if (sum.skipped)
		console.log(`${sum.skipped} skipped`);
	console.log(`${sum.passed} passed, ${sum.failed} failed`);
	process.exit(sum.failed > 0 || sum.passed === 0 ? 1 : 0);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'from-meson')
	fromMeson(rest[0]);
else if (command === 'count')
	count(rest);
else
	process.exit(2);
