/**
 * countdown.js - how long until somebody is picked up or a visit begins, minute by minute.
 *
 * <span data-module="pvl-countdown" data-to="2026-11-23T14:00:00Z" data-in="pick-up in {n} min"
 *   data-late="{n} min late">pick-up in 12 min</span>
 *
 * Without script the words stand as the server wrote them.
 */

const MINUTE_MS = 60_000;

/**
 * What stands there at that moment.
 * @param {number} toMs
 * @param {number} nowMs
 * @param {{in: string, late: string}} words
 */
export function countdownText(toMs, nowMs, words) {
	const left = toMs - nowMs;
	const minutes = left < 0 ? Math.floor(-left / MINUTE_MS) : Math.ceil(left / MINUTE_MS);
	return (left < 0 ? words.late : words.in).replace('{n}', String(minutes));
}

/**
 * @param {HTMLElement} element
 */
export function start(element) {
	const to = Date.parse(element.dataset['to'] ?? '');
	const words = { in: element.dataset['in'] ?? '', late: element.dataset['late'] ?? '' };
	if (!Number.isFinite(to))
		return;
	const show = () => { element.textContent = countdownText(to, Date.now(), words); };
	setInterval(show, MINUTE_MS / 4);
	show();
}
