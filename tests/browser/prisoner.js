/*
 * prisoner.js - a prisoner at a terminal where no visit is due: who gives them a PIN, and how they sign in.
 */
import { until } from './browsers.js';

export const panel = (page) => page.evaluate(() => document.querySelector('[data-panel]:not([hidden])')?.dataset.panel ?? '');

/** A code for the terminal of another room: no visit is due there. */
export async function freshCode(staff, server) {
	await staff.goto(`${server.base}/staff/terminals`);
	await staff.locator('main tr', { hasText: 'Terminal 2' }).locator('form button').first().click();
	return staff.innerText('.pvl-code h2');
}

/** Staff make a PIN; each of the two pages is shown to see(name). */
export async function makePin(staff, server, number, see = async () => {}) {
	await staff.goto(`${server.base}/staff/people/${number}/pin`);
	await see('staff-pin');
	await staff.click('main form button[type=submit]');
	await see('staff-pin-made');
	return staff.innerText('.pvl-code h1');
}

export async function enrol(terminal, server, code) {
	await terminal.goto(`${server.base}/terminal`);
	await terminal.fill('input[name=code]', code);
	await terminal.click('form[data-slot=form] button');
	await until('no visit is due', async () => (await panel(terminal)) === 'idle');
}

export async function enter(terminal, number, pin) {
	await terminal.click('[data-action="own-open"]');
	await terminal.fill('#own-number', number);
	await terminal.fill('#own-pin', pin);
	await terminal.click('[data-slot="own-form"] button[type=submit]');
}

/** Of whoever is signed in there: staff are asked for somebody new. */
export async function askForContact(terminal, name, relationship) {
	await until('the screen is theirs', async () => (await panel(terminal)) === 'own');
	await terminal.fill('#own-name', name);
	await terminal.fill('#own-relationship', relationship);
	await terminal.click('[data-slot="own-add"] button');
	await until('staff have it', async () => /gone to staff/.test(await terminal.innerText('[data-own="said"]')));
}
