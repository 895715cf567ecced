/*
 * check-words.js - what people read is complete, in English and in Welsh.
 *
 * front/words/en and front/words/cy have the same words; a word and its translation have the same
 * holes, tags and lists; a sentence with a count has every plural form of its language; no sentence
 * is empty or the same in both languages (but for those below).  Every word that a template or the
 * program names exists, and every word is named somewhere.  Scripts bring no sentences of their own.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const front = join(root, 'front');
const FORMS = { en: ['one', 'other'], cy: ['zero', 'one', 'two', 'few', 'many', 'other'] };

/* Words that are the same in both languages: names, codes, and loans that Welsh writes alike. */
const SAME = new Set([
	'Prison Video Link', 'English', 'Cymraeg', 'am', 'pm', 'Camera', 'Help', 'Staff', '{name}: {connection}',
]);

let bad = 0;
function complain(text) {
	console.log(text);
	bad++;
}

function files(folder, end) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? files(path, end) : path.endsWith(end) ? [path] : [];
	});
}

function load(lang) {
	return Object.fromEntries(files(join(front, 'words', lang), '.json')
		.map((path) => [path.replace(/.*\//, '').replace('.json', ''), JSON.parse(readFileSync(path, 'utf8'))]));
}

const isPlural = (word) => typeof word === 'object' && word !== null && 'count' in word && 'other' in word;
const isText = (word) => typeof word === 'string';

/* {"family.home.book": "Book a visit", …}; a word with plural forms is one entry. */
function flat(word, path = '', out = new Map()) {
	if (isText(word) || isPlural(word))
		out.set(path, word);
	else
		for (const [key, inner] of Object.entries(word))
			flat(inner, path ? `${path}.${key}` : key, out);
	return out;
}

/* Holes and tags as a sorted list: what must be the same in a translation. */
function holes(text) {
	return (text.match(/\{\{[^}]*\}\}|\{\w+\}|<[^>]*>/g) ?? []).sort().join(' ');
}

/* count: the hole that "one dog" may leave out. */
function checkText(path, en, cy, count = '') {
	const leave = (text) => (count ? text.replaceAll(`{{${count}}}`, '').replaceAll(`{${count}}`, '') : text);
	if ((en === '') !== (cy === ''))
		complain(`${path}: one of the languages is empty`);
	else if (en === cy && /[a-z]{2}/i.test(en.replace(/\{+[^}]*\}+/g, '')) && !SAME.has(en))
		complain(`${path}: the Welsh is the English: ${JSON.stringify(en)}`);
	if (holes(leave(en)) !== holes(leave(cy)))
		complain(`${path}: holes or tags differ: "${holes(en)}" and "${holes(cy)}"`);
	for (const text of [en, cy])
		if (/^\s|\s$| {2}/.test(text))
			complain(`${path}: blanks at an end, or two together`);
}

function checkForms(path, word, lang) {
	for (const key of Object.keys(word))
		if (key !== 'count' && key !== 'none' && !FORMS[lang].includes(key))
			complain(`${path}: ${lang} has no plural form "${key}"`);
	for (const form of FORMS[lang])
		if (!isText(word[form]) || word[form] === '')
			complain(`${path}: the ${lang} form "${form}" is missing`);
		else if (!new RegExp(`\\{${word.count}\\}`).test(word[form]) && form === 'other')
			complain(`${path}: the ${lang} form "other" does not show the count ${word.count}`);
}

function checkPlural(path, en, cy) {
	checkForms(path, en, 'en');
	checkForms(path, cy, 'cy');
	if (('none' in en) !== ('none' in cy))
		complain(`${path}: only one language says what is said of none`);
	else if ('none' in en)
		checkText(`${path}.none`, en.none, cy.none, en.count);
	if (en.count !== cy.count)
		complain(`${path}: counts ${en.count} in English and ${cy.count} in Welsh`);
	for (const form of FORMS.cy)
		if (isText(cy[form]) && isText(en.other))
			checkText(`${path}.${form}`, form === 'one' && isText(en.one) ? en.one : en.other, cy[form], en.count);
}

const en = flat(load('en'));
const cy = flat(load('cy'));

for (const [path, word] of en) {
	const other = cy.get(path);
	if (other === undefined)
		complain(`${path}: has no Welsh`);
	else if (isText(word) !== isText(other))
		complain(`${path}: plural forms in one language only`);
	else if (isText(word))
		checkText(path, word, other);
	else
		checkPlural(path, word, other);
}
for (const path of cy.keys())
	if (!en.has(path))
		complain(`${path}: is in Welsh only`);

/* ---- every word named exists ---- */

const words = load('en');
const find = (path) => path.split('.').reduce((at, part) => at?.[part], words);
const templates = files(join(front, 'templates'), '.mustache').map((path) => [path.slice(root.length), readFileSync(path, 'utf8')]);
const sources = files(join(root, 'src'), '.c').map((path) => [path.slice(root.length), readFileSync(path, 'utf8')]);
const JOINED = new Set(['forms', 'done']); // of all areas, see src/web/words.h
const areas = Object.keys(words).join('|');
const used = new Set();

function use(path) {
	used.add(path);
}

/* Named in words, too: {{t.public.rules.days}} inside a sentence. */
const texts = [...en].flatMap(([path, word]) => (isText(word) ? [word] : Object.values(word)).map((text) => [path, text]));
for (const [path, text] of [...templates, ...texts])
	for (const [, word] of text.matchAll(/\{\{[{#^]?\s*t\.([\w.-]+)/g)) {
		use(word);
		if (find(word) === undefined && !JOINED.has(word.split('.')[0]))
			complain(`${path}: t.${word} is no word`);
	}

for (const [path, text] of templates)
	if (text.includes('data-word="over.') && !text.includes('data-word="other-lost"'))
		complain(`${path}: words of the visit room are missing`);

/* "family.ends.%s" in the program names those words of that object that stand in quotes somewhere. */
for (const [path, text] of sources.filter(([path]) => path.startsWith('src/web/')))
	for (const [, word] of text.matchAll(new RegExp(`"((?:${areas}|%s)(?:\\.(?:[\\w-]|%s|%d)+)+)"`, 'g'))) {
		use(word);
		if (!word.includes('%') && find(word) === undefined)
			complain(`${path}: ${word} is no word`);
	}

/* ---- every word is named ---- */

const patterns = [...used].map((word) => new RegExp(`^${word.replace(/[.]/g, '\\.').replace(/%[sd]/g, '([\\w.-]+)')}(\\.\\d+|$)`));
const allSource = sources.map(([, text]) => text).join('\n');
/* The program's names, and the codes that are data. */
const schema = files(join(root, 'schema'), '.sql').map((path) => readFileSync(path, 'utf8')).join('\n');
const quoted = new Set([...allSource.matchAll(/"([\w.-]+)"/g), ...schema.matchAll(/'([\w.-]+)'/g)].map(([, word]) => word));
const doneWords = new Set([...allSource.matchAll(/[?&]done=([\w-]+)/g)].map(([, word]) => word));
const pages = new Set(templates.map(([path]) => path.replace('front/templates/', '').replace('.mustache', '')));
const MISTAKE_PARTS = new Set(['label', 'hint']);

function isUsed(path) {
	const parts = path.split('.');
	const [area, kind, name, field, word] = parts;
	if (kind === 'titles')
		return pages.has(`${area}/${name}`) || area === 'problem';
	if (kind === 'done')
		return doneWords.has(name) || quoted.has(name);
	if (kind === 'forms')
		return quoted.has(name) && quoted.has(field) && (MISTAKE_PARTS.has(word) || quoted.has(word));
	if (area === 'problem')
		return true; // by status and by type, see page_problem()
	return patterns.some((pattern) => {
		const [match, ...parts] = pattern.exec(path) ?? [];
		return match !== undefined && parts.slice(0, -1).every((part) => quoted.has(part) || /^\d+$/.test(part) || part in words);
	});
}
for (const path of en.keys())
	if (!isUsed(path))
		complain(`${path}: no template and no program says it`);

/* ---- scripts ---- */

const state = readFileSync(join(front, 'js/visit-state.js'), 'utf8');
const view = readFileSync(join(front, 'js/visit-view.js'), 'utf8');
for (const [, word] of state.matchAll(/word: '([\w-]+)'/g))
	if (!view.split('*/')[0].includes(word))
		complain(`visit-view.js does not name the word ${word} that visit-state.js says`);

for (const path of files(join(front, 'js'), '.js')) {
	const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
		.replace(/new Error\([^)]*\)/g, '');
	for (const [, text] of code.matchAll(/['"`]([^'"`\n]*)['"`]/g))
		if (/[A-Z][a-z]+ [a-z]/.test(text))
			complain(`${path.slice(root.length)}: says "${text}" itself; words belong into front/words`);
}

if (bad)
	console.log(`${bad} to put right; docs/welsh.md has the glossary`);
process.exit(bad ? 1 : 0);
