/*
 * look.js - what every page must stand: no fault that axe finds, nothing wider than the screen, and
 * a picture at each width for people to look at (test-results/screenshots).
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SHOTS } from './browsers.js';

export const PASSWORD = 'sample-visit-2026';
const AXE = readFileSync(join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8');
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROWEST = { width: 320, height: 640 }; // and what 400% zoom leaves of 1280 pixels
const SIZES = { phone: { width: 375, height: 720 }, desktop: { width: 1280, height: 900 } };

/** Nothing stands beyond the right edge: the page never scrolls sideways. */
async function fits(page, name) {
	const { over, widest } = await page.evaluate(() => {
		const over = document.documentElement.scrollWidth - innerWidth;
		const wide = over > 0 && [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
		return { over, widest: wide ? wide.slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(', ') : '' };
	});
	assert.ok(over <= 0, `${name} is ${over} pixels wider than ${page.viewportSize().width}: ${widest}`);
}

async function faults(page) {
	if (!await page.evaluate(() => 'axe' in globalThis))
		await page.evaluate(AXE); // as text, which the page's policy does not stop
	return page.evaluate(async (runOnly) => {
		const found = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }); // no list of what is well
		return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
	}, STANDARDS);
}

/**
 * Looks at the page as it stands; its viewport is as before afterwards.  Others have looked at the
 * same page closely already: then axe looks once.
 */
export async function look(page, name, { again = false, pictures = true } = {}) {
	mkdirSync(SHOTS, { recursive: true });
	const before = page.viewportSize();
	for (const [size, viewport] of Object.entries(pictures ? SIZES : {})) {
		await page.setViewportSize(viewport);
		await fits(page, name);
		await page.screenshot({ path: join(SHOTS, `${name}-${size}.png`), fullPage: true });
	}
	assert.deepEqual(await faults(page), [], `axe on ${name}, wide`);
	await page.setViewportSize(NARROWEST);
	await fits(page, name);
	if (!again)
		assert.deepEqual(await faults(page), [], `axe on ${name}, at 320 pixels`);
	await page.setViewportSize(before);
}

/** Signs in on the page of that area and waits for where it leads. */
export async function signIn(page, server, path, email, password = PASSWORD) {
	await page.goto(server.base + path);
	await page.fill('input[name=email]', email);
	await page.fill('input[name=password]', password);
	await page.click('main form button[type=submit]');
	await page.waitForURL((url) => url.pathname !== path, { timeout: 10_000 });
}
