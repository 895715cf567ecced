/*
 * standby.test.js - the page of whoever stands by shows by itself that they are called (front/js/standby.js):
 * a page that stands by, and the one that the service answers with afterwards, in a real browser.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import test from 'node:test';
import { openChromium, until } from './browsers.js';

const SCRIPT = readFileSync(new URL('../../front/js/standby.js', import.meta.url));
const page = (module, heading, rest) => `<!doctype html><html lang="en"><head><title>${heading} – Prison Video Link</title></head><body><main id="main-content">
<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"${module}><div aria-live="polite" data-part="state"><h1>${heading}</h1></div>${rest}</div></div>
</main><script type="module">import { start } from '/standby.js'; const of = document.querySelector('[data-module="pvl-standby"]'); if (of) start(of);</script></body></html>`;
const STANDS_BY = page(' data-module="pvl-standby"', 'You are standing by', '<form method="post"><button>I cannot</button></form>');
const CALLED = page('', 'You are called', '<p><a href="/visits/AB-CD">Go to your visit</a></p>');

test('whoever stands by sees that they are called without loading the page anew', { timeout: 90_000 }, async (t) => {
	let says = () => [200, STANDS_BY];
	let asked = 0;
	const server = createServer((request, response) => {
		if (request.url === '/standby.js')
			return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(SCRIPT);
		asked++;
		const [status, html] = says();
		response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
	});
	await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
	const browser = await openChromium();
	t.after(() => Promise.all([browser.close(), server.close()]));
	const tab = await browser.newPage();
	await tab.goto(`http://127.0.0.1:${server.address().port}/standby/1/2`);
	await tab.evaluate(() => { window.same = true; });
	says = () => [503, 'away']; // a service that is away for a moment changes nothing
	await until('it asked again', () => asked > 1, 30_000, 500);
	assert.equal(await tab.innerText('h1'), 'You are standing by');
	says = () => [200, CALLED];
	await until('it shows the call', async () => await tab.innerText('h1') === 'You are called', 30_000, 500);
	assert.equal(await tab.locator('form').count(), 0);
	assert.equal(await tab.getAttribute('main a', 'href'), '/visits/AB-CD');
	assert.equal(await tab.title(), 'You are called – Prison Video Link');
	assert.ok(await tab.evaluate(() => window.same)); // not loaded anew
	const then = asked;
	await new Promise((resolve) => setTimeout(resolve, 12_000));
	assert.equal(asked, then); // it has stopped asking
});
