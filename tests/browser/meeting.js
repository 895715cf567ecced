/*
 * meeting.js - the steps by which a visit of the sample comes to be live between real browsers, and its
 * recording to be looked at.
 */
import { until } from './browsers.js';

/** The visitor, signed in already, asks to be let in. */
export async function comeToLobby(visitor, server, reference) {
	await visitor.goto(`${server.base}/visits/${reference}/room`);
	await visitor.click('[data-action=join]');
}

/** The terminal is enrolled with its code and the visit begun there; within_ms: until it is due. */
export async function beginAtTerminal(terminal, server, code, within_ms) {
	await terminal.goto(`${server.base}/terminal`);
	await terminal.fill('input[name=code]', code);
	await terminal.click('form[data-slot=form] button');
	await terminal.click('[data-action=begin]', { timeout: within_ms });
}

/** Staff admit everybody who waits in the lobby, as soon as somebody does, five at the most. */
export async function admitAll(staff, server, reference) {
	const admit = staff.locator('form[action$="/admit"] button');
	await until('somebody waits', async () => {
		await staff.goto(`${server.base}/staff/visits/${reference}/watch`);
		return await admit.count() > 0;
	}, 20_000, 500);
	for (let left = 5; left > 0 && await admit.count() > 0; left--)
		await Promise.all([staff.waitForNavigation(), admit.first().click()]);
}

/** Sends the form that goes there, and waits for the page that answers. */
export const send = (page, action) => Promise.all([page.waitForNavigation(), page.click(`form[action$="${action}"] button`)]);

/** The officer asks, the governor agrees, the officer begins to look; where. */
export async function beginToLook(server, officer, governor, reference) {
	await officer.goto(`${server.base}/staff/recordings/${reference}`);
	await officer.fill('textarea[name=reason] >> nth=0', 'An incident was reported by the wing');
	await send(officer, '/ask');
	await governor.goto(`${server.base}/staff/recordings`);
	await governor.click('a[href$="/decide"]');
	await governor.check('input[value=AGREED]');
	await governor.fill('textarea[name=reason]', 'Necessary, and nothing less would do');
	await send(governor, '/decide');
	await officer.goto(`${server.base}/staff/recordings/${reference}`);
	await send(officer, '/open');
	return officer.url();
}
