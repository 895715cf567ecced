/**
 * signed-out.js - a page of staff who were signed out lets go of what it shows, once, and says what happened.
 *
 * Whoever signs out with this page's own button is told of it by its streams before the answer to the button is
 * here: a page that goes elsewhere then breaks that answer off, and with it what it brings (cookies, language, its words).
 */

const OWN_MS = 5000; // for the answer to the button; without one the page still goes

let own = false;
let going = false;

/** @param {Event} event */
function submitted(event) {
	own ||= event.target instanceof HTMLFormElement && event.target.getAttribute('action') === '/staff/sign-out';
}

globalThis.document?.addEventListener('submit', submitted);

/** Leads whoever still has a session, in another role, to their start page. */
export function goSignedOut() {
	if (going)
		return;
	going = true;
	const next = encodeURIComponent(location.pathname);
	setTimeout(() => location.replace(`/staff/sign-in?done=was_signed_out&next=${next}`), own ? OWN_MS : 0);
}
