/**
 * staff-devices.js - keeps the list of devices beside a live view as it is now.
 *
 * <div data-module="pvl-staff-devices">
 *   <div data-slot="devices"> as the server wrote it, with <div data-place="1"> for live pictures </div>
 *   <p data-slot="fresh" hidden> link to this page </p>
 * </div>
 *
 * When somebody comes, goes or is admitted (data-devices of the visit beside it; where nobody watches,
 * what data-events tells of data-reference), the server's list is fetched anew.  Not while an officer
 * writes a reason in it: then the link offers it instead.
 */

import { parse, leaveWhenSignedOut } from './signalling.js';
import { finder, showIf } from './visit-view.js';

const SETTLE_MS = 300; // several changes come together

/**
 * @param {HTMLElement} root
 */
export function start(root) {
	const visit = document.querySelector('.pvl-visit');
	const find = finder(root);
	let timer = 0;
	const settle = () => {
		clearTimeout(timer);
		timer = window.setTimeout(renew, SETTLE_MS);
	};
	if (visit)
		new MutationObserver(settle).observe(visit, { attributeFilter: ['data-devices'] });
	else
		listen(root, settle);

	async function renew() {
		const list = find('devices');
		if (!list || isWritten(list))
			return showIf(find('fresh'), true);
		const next = await fetchList().catch(() => null);
		if (!next)
			return showIf(find('fresh'), true);
		if (same(list, next))
			return;
		const figures = [...list.querySelectorAll('.pvl-person')];
		visit?.querySelector('[data-slot="people"]')?.append(...figures);
		list.replaceWith(next);
		visit?.dispatchEvent(new Event('pvl-places'));
	}
}

/**
 * @param {HTMLElement} root
 * @param {() => void} changed
 */
function listen(root, changed) {
	const { events, reference } = root.dataset;
	if (!events)
		return;
	const source = new EventSource(events);
	source.addEventListener('visit', (event) => {
		const row = /** @type {{reference: string}|null} */ (parse(event.data));
		if (row?.reference === reference)
			changed();
	});
	source.addEventListener('snapshot', changed);
	leaveWhenSignedOut(source);
	addEventListener('pagehide', () => source.close());
}

/** @returns {Promise<HTMLElement|null>} */
async function fetchList() {
	const response = await fetch(location.pathname, { credentials: 'same-origin', cache: 'no-store' });
	if (!response.ok || response.redirected)
		return null;
	const page = new DOMParser().parseFromString(await response.text(), 'text/html');
	return page.querySelector('[data-module="pvl-staff-devices"] [data-slot="devices"]');
}

/**
 * An officer writes a reason, or has a form open.
 *
 * @param {HTMLElement} list
 */
function isWritten(list) {
	return [...list.querySelectorAll('textarea')].some((area) => area.value !== '')
		|| list.querySelector('details[open]') !== null;
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} next
 */
function same(list, next) {
	const text = (/** @type {HTMLElement} */ of) => {
		const copy = /** @type {HTMLElement} */ (of.cloneNode(true));
		for (const figure of copy.querySelectorAll('.pvl-person'))
			figure.remove();
		return copy.textContent.replace(/\s+/g, ' ');
	};
	return text(list) === text(next);
}
