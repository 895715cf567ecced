/**
 * plural.js - which form of a sentence goes with a count, as src/web/plural.c says it on the server:
 * the rules for whole numbers of the Unicode CLDR.  By hand, because browsers may leave Welsh out
 * of Intl.PluralRules.
 */

/** @type {Record<number, string>} */
const WELSH = { 0: 'zero', 1: 'one', 2: 'two', 3: 'few', 6: 'many' };

/**
 * @param {string} lang  of the page: "en" or "cy"
 * @param {number} count
 * @returns {string} zero, one, two, few, many or other
 */
export function plural(lang, count) {
	const n = Math.abs(count);
	if (lang === 'cy')
		return WELSH[n] ?? 'other';
	return n === 1 ? 'one' : 'other';
}
