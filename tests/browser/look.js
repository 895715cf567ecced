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

export const TELEPHONE = [{ width: 375, height: 740 }, { width: 740, height: 375 }];
export const TERMINAL = [{ width: 1280, height: 800 }, { width: 1024, height: 768 }];

/** Its viewport is as before afterwards. */
async function onScreens(page, screens, check) {
	const before = page.viewportSize();
	for (const screen of screens) {
		await page.setViewportSize(screen);
		await check(screen);
	}
	await page.setViewportSize(before);
}

/** What is to be pressed stands on the screen as a whole, whatever is written above it. */
export function inSight(page, selector, screens) {
	return onScreens(page, screens, async (screen) => {
		const hidden = await page.evaluate((what) => {
			document.querySelector('.pvl-visit')?.scrollIntoView();
			const boxes = [...document.querySelectorAll(what)].map((e) => [e, e.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
			const out = boxes.filter(([, box]) => box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth);
			return boxes.length ? out.map(([e, box]) => `${e.textContent.trim()} ends at ${box.bottom}`) : ['nothing is there'];
		}, selector);
		assert.deepEqual(hidden, [], `${selector} at ${screen.width}x${screen.height}`);
	});
}

/** In the call: the buttons in sight, and three tenths of the screen's height for the picture. */
export async function callFits(page, screens) {
	await inSight(page, '.pvl-visit__actions button', screens);
	await onScreens(page, screens, async (screen) => {
		const height = await page.evaluate(() => document.querySelector('.pvl-visit__people').getBoundingClientRect().height);
		assert.ok(height > 0.3 * screen.height, `${height} pixels of picture at ${screen.width}x${screen.height}`);
	});
}

/** Signs in on the page of that area and waits for where it leads. */
export async function signIn(page, server, path, email, password = PASSWORD) {
	await page.goto(server.base + path);
	await page.fill('input[name=email]', email);
	await page.fill('input[name=password]', password);
	await page.click('main form button[type=submit]');
	await page.waitForURL((url) => url.pathname !== path, { timeout: 10_000 });
}
