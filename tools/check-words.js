/*
 * check-words.js - every word that a template says stands in front/words/en, and every word of the
 * visit room that visit-view.js may ask for has its line.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const front = new URL('../front', import.meta.url).pathname;

function files(folder, end) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? files(path, end) : path.endsWith(end) ? [path] : [];
	});
}

const words = Object.fromEntries(files(join(front, 'words/en'), '.json')
	.map((path) => [path.replace(/.*\//, '').replace('.json', ''), JSON.parse(readFileSync(path, 'utf8'))]));
const find = (path) => path.split('.').reduce((at, part) => at?.[part], words);

let bad = 0;
function complain(text) {
	console.log(text);
	bad++;
}

for (const path of files(join(front, 'templates'), '.mustache')) {
	const text = readFileSync(path, 'utf8');
	for (const [, word] of text.matchAll(/\{\{[{#^]?\s*t\.([\w.]+)/g))
		if (find(word) === undefined)
			complain(`${path.slice(front.length + 1)}: t.${word} is no word`);
	if (text.includes('data-word="over.') && !text.includes('data-word="other-lost"'))
		complain(`${path.slice(front.length + 1)}: words of the visit room are missing`);
}

const state = readFileSync(join(front, 'js/visit-state.js'), 'utf8');
const view = readFileSync(join(front, 'js/visit-view.js'), 'utf8');
for (const [, word] of state.matchAll(/word: '([\w-]+)'/g))
	if (!view.split('*/')[0].includes(word))
		complain(`visit-view.js does not name the word ${word} that visit-state.js says`);

const welsh = join(front, 'words/cy');
if (existsSync(welsh))
	for (const path of files(welsh, '.json'))
		JSON.parse(readFileSync(path, 'utf8'));
process.exit(bad ? 1 : 0);
