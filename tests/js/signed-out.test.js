/* signed-out.js - several streams of one page say that it is signed out; it leaves once, and not before its own button is answered. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

class HTMLFormElement extends EventTarget {
	constructor(action) {
		super();
		this.action = action;
	}
	getAttribute() {
		return this.action;
	}
}

let pages = 0;
let led = [];
let submit = null;

/** A page of its own: the module anew. */
async function page() {
	globalThis.HTMLFormElement = HTMLFormElement;
	globalThis.document = { addEventListener: (_, heard) => { submit = heard; } };
	globalThis.location = { pathname: '/staff/desk', replace: (to) => led.push(to) };
	const { goSignedOut } = await import(`../../front/js/signed-out.js?${++pages}`);
	return goSignedOut;
}

beforeEach(() => {
	led = [];
	mock.timers.reset();
	mock.timers.enable({ apis: ['setTimeout'] });
});

const WHERE = ['/staff/sign-in?done=was_signed_out&next=%2Fstaff%2Fdesk'];

test('four tiles and a list that are told at once lead the page away once', async () => {
	const goSignedOut = await page();
	for (let told = 0; told < 5; told++)
		goSignedOut();
	mock.timers.tick(0);
	assert.deepEqual(led, WHERE);
	goSignedOut();
	mock.timers.tick(60_000);
	assert.deepEqual(led, WHERE);
});

test('the answer to its own sign-out is not broken off, and without one it leaves all the same', async () => {
	const goSignedOut = await page();
	submit({ target: new HTMLFormElement('/staff/sign-out') });
	for (let told = 0; told < 5; told++)
		goSignedOut();
	mock.timers.tick(4000);
	assert.deepEqual(led, []);
	mock.timers.tick(2000);
	assert.deepEqual(led, WHERE);
});

test('another form is no sign-out', async () => {
	const goSignedOut = await page();
	submit({ target: new HTMLFormElement('/staff/visits/K7M2P9QX4/warn') });
	goSignedOut();
	mock.timers.tick(0);
	assert.deepEqual(led, WHERE);
});
