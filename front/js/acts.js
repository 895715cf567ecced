/**
 * acts.js - the panel of acts (front/templates/staff/acts.mustache) without leaving the page.
 *
 * The same forms, the same route: a redirect says that it is done, a page with mistakes says why not.
 */

import { setText, showIf } from './visit-view.js';

/** @typedef {import('./visit-state.js').Oversight} Oversight */

/** The buttons that would change something now.  @param {Oversight} o */
export function open(o) {
	const muted = new Set(o.muted);
	const blanked = new Set(o.blanked);
	const sides = /** @type {const} */ (['prisoner', 'visitor']);
	const names = [o.paused ? 'RESUME' : 'PAUSE', 'EXTEND_5', 'EXTEND_10'];
	for (const side of sides) {
		names.push(`${muted.has(side) ? 'UN' : ''}MUTE_${side.toUpperCase()}`);
		names.push(`${blanked.has(side) ? 'UN' : ''}BLANK_${side.toUpperCase()}`);
	}
	return new Set(names);
}

/**
 * @param {HTMLElement} root
 * @param {{path: (act: string) => string, done: () => void, failed: (text: string) => void}} how
 */
export function enhance(root, how) {
	/** @param {SubmitEvent} event */
	async function submit(event) {
		const form = event.target;
		if (!(form instanceof HTMLFormElement) || !form.dataset['actsPath'])
			return;
		event.preventDefault();
		const data = new FormData(form, event.submitter);
		const body = new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
		try {
			const answer = await fetch(how.path(form.dataset['actsPath']), {
				method: 'POST', body, redirect: 'manual', credentials: 'same-origin',
			});
			if (answer.type === 'opaqueredirect') {
				form.closest('details')?.removeAttribute('open');
				return how.done();
			}
			how.failed(mistakes(await answer.text()));
		} catch {
			how.failed('');
		}
	}

	root.addEventListener('submit', submit);
	return {
		/** @param {Oversight} oversight */
		show(oversight) {
			const now = open(oversight);
			for (const button of root.querySelectorAll('[data-button]'))
				if (button instanceof HTMLElement)
					showIf(button, now.has(button.dataset['button'] ?? ''));
		},
		/** @param {string} name */
		press(name) {
			const button = root.querySelector(`[data-button="${name}"]`);
			if (button instanceof HTMLElement && !button.hidden)
				button.click();
		},
	};
}

/** @param {string} html  the page that shows the form again */
function mistakes(html) {
	const page = new DOMParser().parseFromString(html, 'text/html');
	return [...page.querySelectorAll('.govuk-error-summary__list a')].map((a) => a.textContent.trim()).join('. ');
}

/**
 * On the page of one visit: its state comes from visit.js.
 *
 * @param {HTMLElement} root
 */
export function start(root) {
	const problem = root.querySelector('[data-slot="problem"]');
	const said = root.dataset['failed'] ?? '';
	let hears = false; // who does not watch has no event stream: the page is asked for anew after each act
	const acts = enhance(root, {
		path: (act) => `${root.dataset['visit']}/${act}`,
		done() {
			setText(/** @type {HTMLElement|null} */ (problem), '');
			if (!hears)
				location.reload();
		},
		failed: (text) => setText(/** @type {HTMLElement|null} */ (problem), text || said),
	});
	document.addEventListener('pvl-state', (event) => {
		const { oversight } = /** @type {CustomEvent<import('./visit-state.js').State>} */ (event).detail;
		if (!oversight)
			return;
		hears = true;
		acts.show(oversight);
	});
}
