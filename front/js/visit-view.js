/**
 * visit-view.js - the state of a visit on the page.  No logic, no network, no words of its own.
 *
 * THE MARKUP THAT THE TEMPLATES WRITE (visit room, terminal and staff watching alike):
 *
 * <section class="pvl-visit" data-module="pvl-visit"
 *     data-join="/api/v1/visits/K7M2P9QX4/join"   where to ask for a seat
 *     data-csrf="…"                               sent as X-CSRF-Token with the join
 *     data-role="visitor"                         visitor | monitor (a terminal sets its own)
 *     data-start="click"                          click: by the join button; now: at once (staff)
 *     data-load="/assets/…/x.css">                something to load: how fast it comes is told with the join
 *   <p class="pvl-visit__status" data-slot="status"></p>
 *   <p class="pvl-visit__quality" data-slot="quality" hidden></p>     what the lines carry
 *   <p class="govuk-visually-hidden" data-slot="announce" aria-live="polite"></p>
 *   <div class="pvl-visit__people" data-slot="people"></div>
 *   <video class="pvl-visit__self" data-slot="self" aria-label="Your own picture" hidden></video>
 *   <p class="pvl-visit__absent" data-slot="absent" hidden></p>   who has not come, of several
 *   <p class="pvl-visit__clock" data-slot="clock" hidden></p>
 *   <p class="pvl-visit__lost" data-slot="lost" hidden></p>           time lost, why, and what becomes of it
 *   <p class="pvl-visit__watched" data-slot="watched" hidden>Prison staff are watching.</p>
 *   <p class="pvl-visit__recorded" data-slot="recorded" hidden>This visit is being recorded.</p>
 *   <p class="pvl-visit__path" data-slot="path" hidden></p>           which way the packets go
 *   <div data-slot="telephone" hidden> … <a data-slot="telephone-number"></a>      when nothing else works
 *     <p data-slot="telephone-enter">… <strong data-slot="telephone-code"></strong></p> </div>
 *   <div data-slot="notices" aria-live="assertive"></div>              what staff have done
 *   <div data-slot="warning" role="alert" hidden> <p data-slot="warning-text"></p>
 *     <button type="button" data-action="acknowledge">I have read this</button> </div>
 *   <button type="button" data-action="report" data-said="Staff have been asked." hidden>Ask staff to look</button>
 *   <button type="button" data-action="not-private" data-said="…" hidden>I am not private</button>   by kind of visit
 *   <p data-slot="said" role="status" data-failed="That did not reach us."></p>
 *   <div class="pvl-visit__actions">
 *     <button type="button" class="govuk-button" data-action="join">Join the visit</button>
 *     <button type="button" class="govuk-button govuk-button--secondary"
 *             data-action="microphone" aria-pressed="false" hidden>Mute microphone</button>
 *     <button type="button" class="govuk-button govuk-button--secondary"
 *             data-action="camera" aria-pressed="false" hidden>Turn camera off</button>
 *     <button type="button" data-action="less-data" aria-pressed="false" hidden>Use less data</button>
 *     <button type="button" data-action="sound-only" aria-pressed="false" hidden>Sound only</button>
 *     <button type="button" class="govuk-button govuk-button--warning"
 *             data-action="leave" hidden>Leave the visit</button>
 *   </div>
 *   <div class="pvl-visit__over" data-slot="over" tabindex="-1" hidden>
 *     <h2 class="govuk-heading-m" data-slot="why"></h2>   filled with the word over.*
 *     … links to the account of the visit (social visits: minutes counted) …
 *   </div>
 *   <template data-template="person">
 *     <figure class="pvl-person">
 *       <video class="pvl-person__picture" data-slot="picture" playsinline></video>
 *       <figcaption class="pvl-person__name"><span data-slot="name"></span>
 *         <span data-slot="connection"></span></figcaption>
 *     </figure>
 *   </template>
 *   <template data-template="words">
 *     <p data-word="idle">You can join now.</p>
 *     <p data-word="clock" data-count="minutes"><span data-form="one">{minutes} minute left</span> …
 *       one for each plural form of the page's language (plural.js) </p>
 *     …
 *   </template>
 * </section>
 *
 * A missing slot, button or word is simply not filled.  {name}, {sentence} and {minutes} in a
 * word are replaced.  Pressed (aria-pressed="true") means muted, or camera off.
 *
 * Words: idle, asking (browser asks for camera and microphone), joining, connecting, lobby
 * (waiting to be admitted), waiting ({name} not here yet), live ({name}), watching (staff), lost
 * (our line; trying again), absent ({name} of several not here yet), other-lost ({name}'s line), clock ({minutes} left), clock-last (under
 * a minute), clock-stopped (time is not counted now; {minutes} left), connection.away,
 * connection.connecting, connection.connected, connection.lost, and for the end over.finished,
 * over.staff, over.time, over.cancelled, over.left, over.refused, over.replaced, over.no-permission
 * (browser refused camera and microphone), over.no-device, over.not-allowed, over.unreachable,
 * over.unsupported; {sentence} is what the server said.  quality. and what quality() of
 * visit-state.js says of the lines (slow, slow-signing, stills ...), quality.good and quality.other-good once they are well again.  path.udp, path.tcp, path.relay.    lost.time ({minutes}, {seconds}, {why}, {how}) with lost.PRISON_LINE and so on
 * for {why} and lost.added or lost.given_back for {how}.  What staff have done: paused, notice.muted-me,
 * notice.muted-other, notice.blanked-me, notice.blanked-other, notice.not-private.  Words and person may also
 * stand once for several visits of a page: there the templates are put into each.
 */

/** @typedef {import('./visit-state.js').State} State */
/** @typedef {import('./visit-state.js').Person} Person */

import { plural } from './plural.js';
import { absent, needsTelephone, notices, others, status } from './visit-state.js';

const LOST_SHOWN_S = 5;

/**
 * A sentence, or one for each plural form of the language with the name of the value that counts.
 *
 * @typedef {{text: string, count: string, forms: Map<string, string>, lang: string}} Word
 * @typedef {Map<string, Word>} Words
 */

/**
 * @param {HTMLElement} root
 */
export function createView(root) {
	const find = finder(root);
	const words = readWords(root);
	let announced = '';
	let shownLines = '';

	/**
	 * @param {State} state
	 */
	function show(state) {
		const now = status(state);
		const text = say(words, now.word, now.values);
		setText(find('status'), text);
		if (text !== announced)
			setText(find('announce'), announced = text);
		showQuality(state);
		const path = state.phase === 'in' && state.media === 'connected' && state.path ? say(words, `path.${state.path}`) : '';
		setText(find('path'), path);
		showIf(find('path'), path !== '');
		showTelephone(state);
		root.dataset['data'] = state.data;
		showNotices(state);
		showWarning(root, state);
		const enters = state.phase === 'in' && root.dataset['phase'] !== 'in' && state.role !== 'monitor';
		root.dataset['phase'] = state.phase;
		if (enters)
			root.scrollIntoView?.(); // it fills the screen from now on
		root.dataset['media'] = state.media;
		showButtons(root, state);
		showClock(find('clock'), words, state);
		const lost = lostText(words, state.clock?.lost);
		setText(find('lost'), lost);
		showIf(find('lost'), lost !== '' && state.phase === 'in');
		showIf(find('recorded'), state.recorded && state.phase === 'in');
		showIf(find('watched'), state.watched && state.phase === 'in');
		showIf(find('self'), isOwnPictureShown(state));
		showPeople(root, words, state);
		showAbsent(find('absent'), words, state);
		showEnding(find('over'), find('why'), text, state);
	}

	/**
	 * Said once, when it changes.
	 *
	 * @param {State} state
	 */
	function showQuality({ lines, media }) {
		const text = lines ? say(words, `quality.${lines}`) : '';
		showIf(find('quality'), text !== '');
		if (lines === shownLines)
			return;
		const again = media === 'connected' ? goodAgain(shownLines) : '';
		shownLines = lines;
		setText(find('quality'), text);
		if (text || again)
			setText(find('announce'), text || say(words, `quality.${again}`));
	}

	/** Said once too.  @param {State} state */
	function showTelephone(state) {
		const { telephone } = state;
		const box = find('telephone');
		const number = find('telephone-number');
		fillTelephone(find, telephone);
		if (telephone)
			number?.setAttribute('href', `tel:${telephone.link}`);
		const shown = Boolean(number?.textContent) && needsTelephone(state);
		if (shown && box?.hidden)
			setText(find('announce'), box.textContent.replace(/\s+/g, ' ').trim());
		showIf(box, shown);
	}

	/** @param {State} state */
	function showNotices(state) {
		const text = notices(state).map((word) => say(words, `notice.${word}`)).join(' ');
		showIf(find('notices'), text !== '');
		setText(find('notices'), text);
	}

	return { show, find };
}

/**
 * What is said when nothing more is to be said of a line; of what was chosen the button says it.
 *
 * @param {string} lines  what was said
 */
function goodAgain(lines) {
	if (lines === '' || ['chosen-less', 'chosen-less-signing', 'chosen-sound', 'other-less', 'other-sound'].includes(lines))
		return '';
	return lines.startsWith('other-') ? 'other-good' : 'good';
}

/**
 * What the page was loaded with stays where nothing is told.
 *
 * @param {(slot: string) => HTMLElement|null} find
 * @param {import('./visit-state.js').Telephone|null} telephone
 */
export function fillTelephone(find, telephone) {
	if (telephone) {
		setText(find('telephone-number'), telephone.number);
		setText(find('telephone-code'), telephone.code ?? '');
	}
	showIf(find('telephone-enter'), Boolean(find('telephone-code')?.textContent));
}

/**
 * Not where none is sent.  Staff compare a face with its identity first: until then it is, whatever was chosen.
 *
 * @param {State} state
 */
function isOwnPictureShown(state) {
	const sent = state.data !== 'sound' || !state.admitted;
	return state.role !== 'monitor' && !['idle', 'over'].includes(state.phase) && sent;
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function showWarning(root, state) {
	const find = finder(root);
	const warning = state.phase === 'in' ? state.oversight?.warning ?? null : null;
	const text = find('warning-text');
	showIf(find('warning'), warning !== null);
	if (text && warning)
		text.lang = warning.lang;
	setText(text, warning?.text ?? '');
}

/**
 * @param {HTMLElement} root
 * @returns {(slot: string) => HTMLElement|null}
 */
export function finder(root) {
	return (slot) => root.querySelector(`[data-slot="${slot}"]`);
}

/**
 * @param {HTMLElement} root
 * @returns {Words}
 */
export function readWords(root) {
	const template = root.querySelector('template[data-template="words"]');
	/** @type {Words} */
	const words = new Map();
	if (template instanceof HTMLTemplateElement)
		for (const at of template.content.querySelectorAll('[data-word]'))
			words.set(at.getAttribute('data-word') ?? '', {
				text: at.textContent.trim(), count: at.getAttribute('data-count') ?? '', forms: formsOf(at),
				lang: document.documentElement.lang,
			});
	return words;
}

/** @param {Element} word */
function formsOf(word) {
	const forms = [...word.querySelectorAll('[data-form]')];
	return new Map(forms.map((form) => [form.getAttribute('data-form') ?? '', form.textContent.trim()]));
}

/**
 * @param {Words} words
 * @param {string} word
 * @param {Record<string, string>} values
 */
export function say(words, word, values = {}) {
	const found = words.get(word);
	const text = found ? formFor(found, values) : values['sentence'] ?? '';
	return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '').trim();
}

/**
 * @param {Word} word
 * @param {Record<string, string>} values
 */
function formFor(word, values) {
	const form = plural(word.lang, Number(values[word.count]));
	return word.forms.get(form) ?? word.forms.get('other') ?? word.text;
}

/**
 * @param {HTMLElement|null} element
 * @param {string} text
 */
export function setText(element, text) {
	if (element && element.textContent !== text)
		element.textContent = text;
}

/**
 * @param {HTMLElement|null} element
 * @param {boolean} shown
 */
export function showIf(element, shown) {
	if (element && element.hidden === shown)
		element.hidden = !shown;
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function showButtons(root, state) {
	/** @type {(action: string) => HTMLElement|null} */
	const button = (action) => root.querySelector(`[data-action="${action}"]`);
	const inside = state.phase === 'in';
	const sends = inside && state.role !== 'monitor';
	showIf(button('join'), state.phase === 'idle');
	showIf(button('microphone'), sends);
	showIf(button('camera'), sends);
	showIf(button('less-data'), sends);
	showIf(button('sound-only'), sends && state.admitted); // staff compare a face with its identity first
	showIf(button('leave'), inside);
	showIf(button('report'), sends && state.kind === 'social');
	showIf(button('not-private'), sends && state.kind === 'confidential');
	button('microphone')?.setAttribute('aria-pressed', String(!state.microphone));
	button('camera')?.setAttribute('aria-pressed', String(!state.camera));
	button('less-data')?.setAttribute('aria-pressed', String(state.data === 'less'));
	button('sound-only')?.setAttribute('aria-pressed', String(state.data === 'sound'));
}

/**
 * @param {HTMLElement|null} element
 * @param {Words} words
 * @param {State} state
 */
function showClock(element, words, state) {
	const clock = state.clock;
	showIf(element, clock !== null && state.phase === 'in' && state.visit === 'live');
	if (!clock)
		return;
	const minutes = Math.max(0, Math.ceil((clock.booked_s - clock.used_s) / 60));
	const word = !clock.running ? 'clock-stopped' : minutes <= 1 ? 'clock-last' : 'clock';
	setText(element, say(words, word, { minutes: String(minutes) }));
}

/**
 * What a few seconds are worth need not be told.
 *
 * @param {Words} words
 * @param {import('./visit-state.js').Lost|undefined} lost
 */
export function lostText(words, lost) {
	if (!lost || lost.s < LOST_SHOWN_S)
		return '';
	return say(words, 'lost.time', {
		minutes: String(Math.floor(lost.s / 60)), seconds: String(lost.s % 60),
		why: say(words, `lost.${lost.why}`), how: say(words, lost.added ? 'lost.added' : 'lost.given_back'),
	});
}

/**
 * One figure for each person who stands in a slot; visit-slots.js decides when its picture shows.
 *
 * @param {HTMLElement} root
 * @param {Words} words
 * @param {State} state
 */
function showPeople(root, words, state) {
	for (const figure of document.querySelectorAll('.pvl-person[data-end]')) {
		const person = state.people.find((p) => String(p.end) === figure.getAttribute('data-end'));
		const name = person?.name ?? '';
		const connection = person ? say(words, `connection.${person.connection}`) : '';
		setText(figure.querySelector('[data-slot="name"]'), name);
		setText(figure.querySelector('[data-slot="connection"]'), connection);
	}
	root.dataset['company'] = String(others(state).filter((p) => p.present).length);
	root.dataset['devices'] = state.people
		.map((p) => `${p.end}${p.present ? 'p' : ''}${p.admitted ? 'a' : ''}`).join(' ');
}

/**
 * @param {HTMLElement|null} element
 * @param {Words} words
 * @param {State} state
 */
function showAbsent(element, words, state) {
	const names = absent(state).map((p) => p.name).join(', ');
	showIf(element, names !== '');
	setText(element, names ? say(words, 'absent', { name: names }) : '');
}

/**
 * @param {HTMLElement|null} panel
 * @param {HTMLElement|null} why
 * @param {string} text
 * @param {State} state
 */
function showEnding(panel, why, text, state) {
	const wasHidden = panel?.hidden ?? false;
	showIf(panel, state.phase === 'over');
	if (state.phase !== 'over')
		return;
	setText(why, text);
	if (wasHidden)
		panel?.focus();
}
