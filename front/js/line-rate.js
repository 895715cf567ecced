/**
 * line-rate.js - how fast this line brings something.
 */

/**
 * @param {string} url        of something of some size
 * @param {number} [within_ms]  rejects then
 * @returns {Promise<number>} kbit/s, with the way there and back: rather too little than too much
 */
export async function lineRate(url, within_ms = 60_000) {
	const address = new URL(`${url}?n=${Math.random()}`, location.href).href;
	const response = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(within_ms) });
	await response.arrayBuffer();
	const entry = performance.getEntriesByName(address)[0];
	if (!(entry instanceof PerformanceResourceTiming))
		throw new Error('not measured');
	return (entry.encodedBodySize * 8) / Math.max(1, entry.duration);
}
