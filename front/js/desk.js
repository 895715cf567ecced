/**
 * desk.js - the watch desk: every social visit that is under way, on one page.
 *
 * Each tile is a visit of its own (visit.js, role monitor) with its own connection for media: a visit lives
 * in one media process, and a picture that is not shown is not asked for.  Their events come together
 * (event-bundle.js).  The rows of /staff/events
 * say which visits there are.  One tile is chosen: its sound is on, the panel acts in it.
 *
 * The markup is front/templates/staff/desk.mustache.
 */

import { parse, leaveWhenSignedOut } from './signalling.js';
import { bundle } from './event-bundle.js';
import { start as startVisit } from './visit.js';
import { enhance } from './acts.js';
import { finder, readWords, say, setText, showIf } from './visit-view.js';

/**
 * @typedef {{reference: string, state: string, kind: string, place: string,
 *   people: {role: string, name: string}[], flags: string[], monitor: boolean,
 *   clock: {used_s: number, booked_s: number}, line: string, signs: boolean, oversight: import('./visit-state.js').Oversight}} Row
 * @typedef {{row: Row, element: HTMLElement, visit: ReturnType<typeof startVisit>}} Tile
 * @typedef {{purpose: string, words: string}} Purpose
 */

/**
 * Which of the rows are shown, in an order that stays.
 *
 * @param {Map<string, Row>} rows
 * @param {number} from
 * @param {number} count
 */
export function pageOf(rows, from, count) {
	const all = [...rows.values()].filter((row) => row.kind === 'social' && row.state === 'live')
		.sort((a, b) => (a.reference < b.reference ? -1 : 1));
	const first = Math.min(Math.max(0, from), Math.max(0, all.length - 1));
	const start = first - first % count;
	return { all: all.length, from: start, shown: all.slice(start, start + count) };
}

/** @param {HTMLElement} root */
export function start(root) {
	const find = finder(root);
	const words = readWords(root);
	/** @type {Map<string, Row>} */
	const rows = new Map();
	/** @type {Map<string, Tile>} */
	const tiles = new Map();
	/** @type {Purpose|null} */
	let purpose = null;
	const events = bundle();
	let count = 4;
	let from = 0;
	let chosen = '';
	const alarms = new Set();
	const panel = /** @type {HTMLElement} */ (find('panel'));
	const acts = enhance(panel, {
		path: (act) => `/staff/visits/${chosen}/${act}`,
		done: () => {
			setText(find('problem'), '');
			setText(find('announce'), say(words, 'done'));
		},
		failed: (text) => setText(find('problem'), text || say(words, 'failed')),
	});

	/** @param {Row} row */
	function take(row) {
		rows.set(row.reference, row);
		const missing = row.flags.includes('monitor_missing');
		if (missing && !alarms.has(row.reference))
			setText(find('announce'), say(words, 'missing-alarm', { name: namesOf(row) }));
		if (missing)
			alarms.add(row.reference);
		else
			alarms.delete(row.reference);
	}

	function show() {
		const page = pageOf(rows, from, count);
		from = page.from;
		showIf(find('none'), purpose !== null && page.all === 0);
		showIf(find('tiles'), purpose !== null && page.all > 0);
		showIf(find('pager'), purpose !== null && page.all > count);
		setText(find('page'), say(words, 'page', {
			from: String(page.from + 1), to: String(page.from + page.shown.length), all: String(page.all),
		}));
		if (purpose)
			match(page.shown);
	}

	/** Tiles come and go with the visits; what stays is not touched.  @param {Row[]} shown */
	function match(shown) {
		for (const [reference, tile] of tiles)
			if (!shown.some((row) => row.reference === reference))
				drop(reference, tile);
		for (const row of shown) {
			const tile = tiles.get(row.reference) ?? add(row);
			tile.row = row;
			fill(tile);
		}
		if (!tiles.has(chosen))
			choose(shown[0]?.reference ?? '');
		const place = find('tiles');
		if (place)
			place.dataset['count'] = String(shown.length);
	}

	/** @param {Row} row @returns {Tile} */
	function add(row) {
		const template = /** @type {HTMLTemplateElement} */ (root.querySelector('template[data-template="tile"]'));
		const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
		const element = /** @type {HTMLElement} */ (copy.firstElementChild);
		const section = /** @type {HTMLElement} */ (element.querySelector('.pvl-visit'));
		section.dataset['join'] = `/api/v1/visits/${row.reference}/join`;
		section.dataset['csrf'] = root.dataset['csrf'];
		element.dataset['reference'] = row.reference;
		for (const name of ['words', 'person']) {
			const shared = root.querySelector(`:scope > template[data-template="${name}"]`);
			if (shared)
				section.append(shared.cloneNode(true));
		}
		find('tiles')?.append(element);
		const visit = startVisit(section, { proof: async () => ({ ...purpose }), forget: true, events });
		const tile = { row, element, visit };
		tiles.set(row.reference, tile);
		element.addEventListener('click', () => choose(row.reference));
		return tile;
	}

	/** @param {string} reference @param {Tile} tile */
	function drop(reference, tile) {
		tile.visit.happen({ type: 'left' });
		tile.element.remove();
		tiles.delete(reference);
	}

	/** @param {Tile} tile */
	function fill({ row, element }) {
		const slot = finder(element);
		const minutes = Math.max(0, Math.ceil((row.clock.booked_s - row.clock.used_s) / 60));
		setText(slot('title'), namesOf(row));
		setText(slot('place'), row.place);
		setText(slot('left'), [say(words, 'left', { minutes: String(minutes) }),
			row.line ? say(words, 'line', { line: row.line }) : '', row.signs ? say(words, 'signs') : ''].filter(Boolean).join('. '));
		setText(slot('flags'), row.flags.map((flag) => say(words, `flag.${flag}`)).join('. '));
		element.classList.toggle('pvl-tile--alarm', row.flags.some((flag) => flag !== 'to_watch'));
		element.querySelector('[data-action="choose"]')?.setAttribute('aria-pressed', String(row.reference === chosen));
		if (row.reference === chosen)
			acts.show(row.oversight);
	}

	/** @param {string} reference */
	function choose(reference) {
		chosen = reference;
		for (const tile of tiles.values()) {
			sound(tile, tile.row.reference === reference);
			fill(tile);
		}
		const row = tiles.get(reference)?.row;
		showIf(panel, row !== undefined);
		if (!row)
			return;
		setText(find('panel-heading'), namesOf(row));
		setText(find('problem'), '');
		link('open', `/staff/visits/${reference}/watch`);
		link('incident', `/staff/visits/${reference}/incident`);
		link('record', `/staff/visits/${reference}/oversight`);
		link('end', `/staff/visits/${reference}/end`);
	}

	/** @param {string} slot @param {string} href */
	function link(slot, href) {
		find(slot)?.setAttribute('href', href);
	}

	/** @param {KeyboardEvent} event */
	function key(event) {
		const typing = event.target instanceof Element && event.target.matches('input, select, textarea');
		if (typing || event.ctrlKey || event.altKey || event.metaKey || !purpose)
			return;
		const tile = tiles.get(chosen);
		if (/^[1-9]$/.test(event.key))
			choose([...tiles.keys()][Number(event.key) - 1] ?? chosen);
		else if (event.key.toLowerCase() === 'p')
			acts.press(tile?.row.oversight.paused ? 'RESUME' : 'PAUSE');
		else if (event.key.toLowerCase() === 'm' && tile)
			sound(tile, isMuted(tile));
	}

	/** @param {SubmitEvent} event */
	function begin(event) {
		event.preventDefault();
		const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
		purpose = { purpose: String(data.get('purpose')), words: String(data.get('words') ?? '') };
		count = Number(data.get('pictures'));
		showIf(find('purpose'), false);
		show();
	}

	const source = new EventSource(root.dataset['events'] ?? '/staff/events');
	source.addEventListener('snapshot', (event) => {
		rows.clear();
		for (const row of /** @type {{visits: Row[]}|null} */ (parse(event.data))?.visits ?? [])
			take(row);
		show();
	});
	source.addEventListener('visit', (event) => {
		const row = /** @type {Row|null} */ (parse(event.data));
		if (row)
			take(row);
		show();
	});
	leaveWhenSignedOut(source);
	find('purpose')?.addEventListener('submit', begin);
	root.querySelector('[data-action="before"]')?.addEventListener('click', () => { from -= count; show(); });
	root.querySelector('[data-action="after"]')?.addEventListener('click', () => { from += count; show(); });
	document.addEventListener('keydown', key);
	addEventListener('pagehide', () => {
		source.close();
		for (const [reference, tile] of tiles)
			drop(reference, tile);
	});
}

/** @param {Row} row */
function namesOf(row) {
	return row.people.map((person) => person.name).filter(Boolean).join(' – ');
}

/** @param {Tile} tile */
function isMuted(tile) {
	return tile.element.querySelector('.pvl-visit')?.getAttribute('data-muted') === 'true';
}

/** @param {Tile} tile @param {boolean} on */
function sound(tile, on) {
	tile.element.querySelector('.pvl-visit')?.setAttribute('data-muted', String(!on));
	for (const video of tile.element.querySelectorAll('video'))
		video.muted = !on;
	tile.element.classList.toggle('pvl-tile--chosen', on);
}
