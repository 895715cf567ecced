/**
 * standby.js - whoever stands by sees at once that they are called, or are not needed.
 *
 * <div data-module="pvl-standby">…</div>: the page is asked for again every ten seconds; as soon as it no
 * longer stands by, what it shows takes the place of this.  Without script the page is opened again.
 */

const EVERY_MS = 10_000;

/**
 * The part of a page that stands where this one does, where it differs; null: nothing has changed.
 * @param {string} html
 */
export function changed(html) {
	const page = new DOMParser().parseFromString(html, 'text/html');
	if (page.querySelector('[data-module="pvl-standby"]'))
		return null;
	return page.querySelector('main');
}

/** @param {HTMLElement} element */
export function start(element) {
	const timer = setInterval(async () => {
		try {
			const answer = await fetch(location.href, { credentials: 'same-origin' });
			const now = answer.ok ? changed(await answer.text()) : null;
			const main = element.closest('main');
			if (!now || !main)
				return;
			clearInterval(timer);
			const title = now.querySelector('h1')?.textContent ?? '';
			const live = element.querySelector('[data-part="state"]');
			if (live) /* read out from where it is */
				live.replaceChildren(...now.querySelectorAll('[data-part="state"] > *'));
			for (const other of [...element.children])
				if (other !== live)
					other.remove();
			element.append(...[...now.querySelectorAll('.govuk-grid-column-two-thirds > *')]
				.filter((part) => !part.matches('[data-part="state"]')));
			if (title)
				document.title = `${title} – ${document.title.split(' – ').slice(1).join(' – ')}`;
		} catch {
			/* the line is down: asked again */
		}
	}, EVERY_MS);
}
