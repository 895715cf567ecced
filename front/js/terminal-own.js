/**
 * terminal-own.js - a prisoner's own screen at a terminal: number and PIN, then visits, allowance and
 * what can be asked for.  docs/protocols/terminal.md has the requests.
 *
 *   <section data-panel="own-in" hidden> <form data-slot="own-form"> <input name="number"> <input name="pin">
 *     <button> </form> <button data-action="own-back"> </section>
 *   <section data-panel="own" hidden> data-own="hello|said|allowance|visits|decisions|people|contacts|soon", a form
 *     data-slot="own-add" with name and relationship, <button data-action="own-leave"> </section>
 *   data-say="word": its text is words.word of the answer, so that the screen is in the prisoner's language
 *
 * The token is held here, in memory, and nothing is stored.  A minute without a touch, Finish, a reload
 * or another page: everything that was shown is taken off the screen and the token is ended.
 */

import { Problem, postJson } from './signalling.js';
import { setText } from './visit-view.js';

const SOON_S = 15; // before the screen clears

/**
 * @typedef {{language: string, name: string, allowance: string[], said: string, idle_s: number, token?: string, next: string,
 *            visits: {when: string, visitors: string[], note: string}[],
 *            people: {id: string, name: string, relationship: string, may: boolean, note: string}[],
 *            decisions: {id: string, when: string, told: string, note: string, reason: string, eased: string, may: boolean}[],
 *            contacts: {name: string, note: string}[], words: Record<string, string>}} Own
 *
 * @typedef {object} Terminal
 * @property {() => Promise<Record<string, string>>} proof  that we are this terminal, good once
 * @property {(challenge: string) => void} took             the next challenge
 * @property {(panel: string) => void} show
 * @property {() => void} left                              the screen is free again
 */

/**
 * @param {HTMLElement} root
 * @param {Terminal} terminal
 */
export function ownScreen(root, terminal) {
	let token = '';
	let open = false;
	let touched = 0;
	let idle = 60;
	/** @type {ReturnType<typeof setInterval>|undefined} */
	let clock;
	const homeLanguage = document.documentElement.lang;

	/** @param {string} name */
	const place = (name) => /** @type {HTMLElement} */ (root.querySelector(`[data-own="${name}"]`));
	/** @param {string} name */
	const form = (name) => /** @type {HTMLFormElement} */ (root.querySelector(`[data-slot="${name}"]`));

	/** @param {string} verb @param {Record<string, string>} more @returns {Promise<Own>} */
	async function ask(verb, more) {
		const reply = await postJson(`/api/v1/terminal/prisoner/${verb}`, { ...await terminal.proof(), ...more });
		terminal.took(reply.next ?? '');
		return reply;
	}

	/** @param {string} where @param {unknown} error */
	function fail(where, error) {
		terminal.took('');
		place(where).textContent = error instanceof Problem ? error.sentence || place(where).dataset['failed'] || '' : '';
	}

	function enter() {
		open = true;
		touch();
		clock ??= setInterval(watch, 1000);
		terminal.show('own-in');
		form('own-form').querySelector('input')?.focus();
	}

	/** @param {SubmitEvent} event */
	async function signIn(event) {
		event.preventDefault();
		const data = new FormData(form('own-form'));
		const typed = { number: String(data.get('number') ?? ''), pin: String(data.get('pin') ?? '') };
		form('own-form').reset();
		try {
			const own = await ask('sign-in', typed);
			if (!open)
				return void ask('sign-out', { token: own.token ?? '' }).catch(() => terminal.took(''));
			token = own.token ?? '';
			place('problem').textContent = '';
			draw(own);
			terminal.show('own');
			place('hello').focus();
		} catch (error) {
			fail('problem', error);
			form('own-form').querySelector('input')?.focus();
		}
	}

	/** @param {string} verb @param {Record<string, string>} more */
	async function act(verb, more) {
		try {
			draw(await ask(verb, { token, ...more }));
			place('said').focus();
			return true;
		} catch (error) {
			if (error instanceof Problem && error.status === 403) {
				terminal.took('');
				leave();
			} else {
				fail('said', error);
			}
			return false;
		}
	}

	/** @param {SubmitEvent} event */
	async function add(event) {
		event.preventDefault();
		const data = new FormData(form('own-add'));
		const more = { name: String(data.get('name') ?? ''), relationship: String(data.get('relationship') ?? '') };
		if (await act('contact', more))
			form('own-add').reset();
	}

	/** @param {Own} own */
	function draw(own) {
		touch();
		idle = own.idle_s;
		for (const element of root.querySelectorAll('[data-say]'))
			element.textContent = own.words[element.getAttribute('data-say') ?? ''] ?? '';
		root.lang = own.language;
		place('hello').textContent = (own.words['hello'] ?? '').replace('{name}', own.name);
		place('said').textContent = own.said;
		fill('allowance', own.allowance.map((line) => entry(line)));
		fill('visits', own.visits.map((visit) => entry(visit.when, visit.visitors.join(', '), visit.note)));
		fill('decisions', own.decisions.map((decision) => decisionEntry(decision, own.words)));
		fill('people', own.people.map((person) => personEntry(person, own.words)));
		fill('contacts', own.contacts.map((contact) => entry(contact.name, contact.note)));
		place('no-visits').hidden = own.visits.length > 0;
		place('any-decisions').hidden = own.decisions.length === 0;
		place('no-people').hidden = own.people.length > 0;
	}

	/** @param {Own['people'][number]} person @param {Record<string, string>} words */
	function personEntry(person, words) {
		const item = entry(person.name, person.relationship, person.note);
		if (!person.may)
			return item;
		const template = /** @type {HTMLTemplateElement} */ (root.querySelector('[data-template="own-ask"]'));
		const button = /** @type {HTMLElement} */ (template.content.cloneNode(true).firstChild);
		setText(button.querySelector('[data-say]'), words['ask'] ?? '');
		setText(button.querySelector('[data-with]'), (words['ask_with'] ?? '').replace('{name}', person.name));
		button.addEventListener('click', () => act('visit', { person: person.id }));
		item.append(button);
		return item;
	}

	/** @param {Own['decisions'][number]} decision @param {Record<string, string>} words */
	function decisionEntry(decision, words) {
		const item = entry(decision.told, decision.when, decision.note, decision.reason, decision.eased);
		if (!decision.may)
			return item;
		const template = /** @type {HTMLTemplateElement} */ (root.querySelector('[data-template="own-appeal"]'));
		const appeal = /** @type {HTMLFormElement} */ (template.content.cloneNode(true).firstChild);
		for (const element of appeal.querySelectorAll('[data-say]'))
			element.textContent = words[element.getAttribute('data-say') ?? ''] ?? '';
		appeal.addEventListener('submit', (event) => {
			event.preventDefault();
			void act('appeal', { incident: decision.id, words: String(new FormData(appeal).get('words') ?? '') });
		});
		item.append(appeal);
		return item;
	}

	/** A line of a list: the first text is the strong one. @param {string[]} texts */
	function entry(...texts) {
		const item = document.createElement('li');
		for (const [at, text] of texts.entries()) {
			if (!text)
				continue;
			const line = document.createElement('span');
			line.className = at === 0 ? 'pvl-line govuk-!-font-weight-bold' : 'pvl-line';
			line.textContent = text;
			item.append(line);
		}
		return item;
	}

	/** @param {string} name @param {Element[]} children */
	function fill(name, children) {
		place(name).replaceChildren(...children);
	}

	function touch() {
		touched = performance.now();
	}

	function watch() {
		const left = idle - (performance.now() - touched) / 1000;
		place('soon').hidden = left > SOON_S || token === '';
		if (left <= 0)
			leave();
	}

	/** Nothing of it stays: neither on the screen nor in a field. */
	function leave() {
		if (!open)
			return;
		const ended = token;
		open = false;
		token = '';
		clearInterval(clock);
		clock = undefined;
		for (const name of ['hello', 'said', 'problem'])
			place(name).textContent = '';
		for (const name of ['allowance', 'visits', 'decisions', 'people', 'contacts'])
			fill(name, []);
		place('soon').hidden = true;
		form('own-form').reset();
		form('own-add').reset();
		root.lang = homeLanguage;
		if (ended)
			ask('sign-out', { token: ended }).catch(() => terminal.took('')).finally(terminal.left);
		else
			terminal.left();
	}

	/** @param {string} language */
	function speak(language) {
		return token !== '' && act('home', { language });
	}

	root.querySelector('[data-action="own-open"]')?.addEventListener('click', enter);
	root.querySelector('[data-action="own-back"]')?.addEventListener('click', leave);
	root.querySelector('[data-action="own-leave"]')?.addEventListener('click', leave);
	form('own-form').addEventListener('submit', signIn);
	form('own-add').addEventListener('submit', add);
	for (const kind of ['pointerdown', 'keydown'])
		addEventListener(kind, touch);
	addEventListener('pagehide', leave);
	return { isOpen: () => open, leave, speak };
}
