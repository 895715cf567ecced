/**
 * terminal.js - the page of a prison's terminal: enrol once, then show the visit due here, if any.
 * docs/protocols/terminal.md has the requests.
 *
 * <main data-module="pvl-terminal">
 *   <h1 data-slot="room"></h1>
 *   <p data-slot="log-changed" role="alert" hidden> The log is not what it was. </p>
 *   <section data-panel="enrol" hidden>
 *     <form data-slot="form"> <input name="code" autocomplete="off" inputmode="numeric"> <button>
 *       <p data-slot="problem" role="alert"></p> </form></section>
 *   <section data-panel="idle" hidden> No visit is due here now. <button data-action="own-open"> </section>
 *   <section data-panel="own-in|own" hidden> of terminal-own.js </section>
 *   <section data-panel="due" hidden> <p data-slot="greeting"></p> <p data-slot="visitors"></p>
 *     <p data-slot="time"></p> <button type="button" data-action="begin">Start the visit</button></section>
 *   <section data-panel="visit" hidden></section>
 *   <section data-panel="offline" role="status" hidden> This terminal cannot reach the service.
 *     <div data-slot="telephone" hidden> as of visit-view.js, while a visit is due </div> </section>
 *   <template data-template="visit"> the .pvl-visit section of visit-view.js, without data-join </template>
 *   <template data-template="words"> enrol-failed, greeting ({name}), visitors ({name}), time ({time}) </template>
 * </main>
 *
 * The page is in the language of the device (a cookie) until a visit is due, then in the prisoner's:
 * loaded again as /terminal?language=cy.  The links of the toggle then change the prisoner's.
 *
 * Nothing of a visit stays: the clone of the template is removed ten seconds after it is over, and
 * no name is ever stored.
 */

import { Problem, postJson } from './signalling.js';
import { forgetKey, loadKey, makeKey, publicPoint, saveKey, sign } from './terminal-key.js';
import { ownScreen } from './terminal-own.js';
import { startWitness } from './terminal-witness.js';
import { start as startVisit } from './visit.js';
import { fillTelephone, finder, readWords, say, setText, showIf } from './visit-view.js';

/**
 * @typedef {import('./terminal-key.js').Enrolment} Enrolment
 * @typedef {{reference: string, starts_at: string, time: string, greeting: string, visitors: string[],
 *            language: string, join: string, started: boolean, recorded?: boolean,
 *            telephone?: import('./visit-state.js').Telephone|null}} Due
 */

const ASK_MS = 5000;
const READ_MS = 10_000; // to read why it ended
const REFUSALS = 3; // of fresh proofs in a row: the terminal was retired, or enrolled elsewhere

/**
 * @param {HTMLElement} root
 */
export async function start(root) {
	const find = finder(root);
	const words = readWords(root);
	/** @type {Enrolment|undefined} */
	let enrolment = await loadKey();
	let challenge = '';
	/** @type {Due|null} */
	let due = null;
	let inside = false;
	let refusals = 0;
	let done = ''; // the visit that was left: never entered again by itself
	const toggle = /** @type {HTMLElement|null} */ (document.querySelector('.pvl-language'));
	const own = ownScreen(root, {
		proof, took: (fresh) => void (challenge = fresh), show, left: () => showDue(due),
	});

	/** @param {string} name */
	function show(name) {
		for (const panel of root.querySelectorAll('[data-panel]'))
			if (panel instanceof HTMLElement)
				panel.hidden = panel.dataset['panel'] !== name;
		showIf(toggle, name !== 'visit' && name !== 'own-in');
	}

	/** @param {SubmitEvent} event */
	async function enrol(event) {
		event.preventDefault();
		const form = /** @type {HTMLFormElement} */ (event.target);
		const code = String(new FormData(form).get('code') ?? '').trim();
		const pair = await makeKey();
		try {
			const key = await publicPoint(pair);
			const reply = await postJson('/api/v1/terminal/enrol', { code, key });
			enrolment = { terminal: reply.terminal, pair };
			await saveKey(enrolment);
		} catch (error) {
			const sentence = error instanceof Problem ? error.sentence : '';
			return setText(find('problem'), say(words, 'enrol-failed', { sentence }));
		}
		form.reset();
		ask();
	}

	/** What shows that we are this terminal: used once each. */
	async function proof() {
		if (!enrolment)
			throw new Error('not enrolled');
		const { terminal, pair } = enrolment;
		if (!challenge)
			challenge = (await postJson('/api/v1/terminal/challenge', { terminal })).challenge;
		const used = challenge;
		challenge = '';
		return { terminal, challenge: used, signature: await sign(pair, used) };
	}

	async function ask() {
		if (!enrolment)
			return show('enrol');
		if (inside)
			return;
		try {
			const reply = await postJson('/api/v1/terminal/due', await proof());
			challenge = reply.next ?? '';
			refusals = 0;
			setText(find('room'), reply.name);
			due = reply.visit ?? null;
			if (due) // whoever looks at their own screen makes room
				own.leave();
			if (!own.isOpen())
				showDue(due);
		} catch (error) {
			challenge = '';
			if (error instanceof Problem && error.status === 401 && ++refusals >= REFUSALS) {
				await forgetKey();
				return location.reload(); // nothing of before stays on the screen
			}
			own.leave();
			showOffline();
		}
		if (!inside)
			setTimeout(ask, ASK_MS);
	}

	/** Whose visit is due can be called all the same. */
	function showOffline() {
		const panel = root.querySelector('[data-panel="offline"]');
		const at = finder(/** @type {HTMLElement} */ (panel));
		fillTelephone(at, due?.telephone ?? null);
		showIf(at('telephone'), Boolean(due?.telephone));
		show('offline');
	}

	/** @param {Due|null} visit */
	function showDue(visit) {
		if (reload(visit ? visit.language : ''))
			return;
		due = visit;
		setText(find('greeting'), visit ? say(words, 'greeting', { name: visit.greeting }) : '');
		setText(find('visitors'), visit ? say(words, 'visitors', { name: visit.visitors.join(', ') }) : '');
		showIf(find('recorded-notice'), visit?.recorded ?? false);
		setText(find('time'), visit ? say(words, 'time', { time: visit.time }) : '');
		if (visit?.started && visit.reference !== done)
			return begin();
		show(visit ? 'due' : 'idle');
	}

	function begin() {
		const template = root.querySelector('template[data-template="visit"]');
		const panel = root.querySelector('[data-panel="visit"]');
		if (!due || inside || !(template instanceof HTMLTemplateElement) || !panel)
			return;
		const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
		const visit = /** @type {HTMLElement} */ (copy.firstElementChild);
		visit.dataset['join'] = due.join;
		inside = true;
		done = due.reference;
		due = null;
		panel.replaceChildren(visit);
		show('visit');
		startVisit(visit, { role: 'prisoner', proof, over: () => setTimeout(wipe, READ_MS), now: true });
	}

	function wipe() {
		root.querySelector('[data-panel="visit"]')?.replaceChildren();
		inside = false;
		showDue(null);
		ask();
	}

	/**
	 * The page is loaded again where it is not in the language it should be in.
	 *
	 * @param {string} wanted  of the prisoner; "": of the device
	 */
	function reload(wanted) {
		const has = new URLSearchParams(location.search).get('language') ?? '';
		const right = wanted === has || (has === '' && wanted === document.documentElement.lang);
		if (!right)
			location.replace(wanted ? `/terminal?language=${wanted}` : '/terminal');
		return !right;
	}

	/** @param {Event} event */
	async function chooseLanguage(event) {
		const link = event.target instanceof Element ? event.target.closest('a[hreflang]') : null;
		if (link && own.isOpen()) {
			event.preventDefault();
			return own.speak(link.getAttribute('hreflang') ?? '');
		}
		if (!due || !link)
			return;
		event.preventDefault();
		try {
			const language = link.getAttribute('hreflang') ?? '';
			challenge = (await postJson('/api/v1/terminal/language', { ...await proof(), language })).next;
			reload(language);
		} catch {
			showOffline(); // until it asks again
		}
	}

	toggle?.addEventListener('click', chooseLanguage);
	find('form')?.addEventListener('submit', enrol);
	root.querySelector('[data-action="begin"]')?.addEventListener('click', begin);
	startWitness({
		proof, took: (fresh) => void (challenge = fresh), busy: () => inside || !enrolment || own.isOpen(),
		found: (changed) => showIf(find('log-changed'), changed),
	});
	addEventListener('pageshow', (event) => event.persisted && location.reload());
	ask();
}
