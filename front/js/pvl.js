/**
 * pvl.js - the one script of every page: <script type="module" src="…/pvl.js"></script>.
 *
 * Starts GOV.UK Frontend's components, then the module of ours that an element names in
 * data-module.  Imports are relative, so the whole folder may be served under a versioned path.
 */
import { initAll } from './govuk-frontend.min.js';

/** @type {Record<string, () => Promise<{start: (element: HTMLElement) => unknown}>>} */
const modules = {
	'pvl-visit': () => import('./visit.js'),
	'pvl-device-check': () => import('./device-check.js'),
	'pvl-photo': () => import('./photo.js'),
	'pvl-terminal': () => import('./terminal.js'),
	'pvl-staff-devices': () => import('./staff-devices.js'),
	'pvl-staff-live': () => import('./staff-live.js'),
	'pvl-acts': () => import('./acts.js'),
	'pvl-desk': () => import('./desk.js'),
	'pvl-countdown': () => import('./countdown.js'),
	'pvl-playback': () => import('./playback.js'),
	'pvl-standby': () => import('./standby.js'),
};

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
initAll();

for (const element of document.querySelectorAll('[data-module^="pvl-"]')) {
	const load = modules[element.getAttribute('data-module') ?? ''];
	if (load && element instanceof HTMLElement)
		load().then((module) => module.start(element));
}
