/*
 * browsers.js - Debian's Chromium and Firefox with a camera that says who and when, and a voice.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright-core';
import { FPS, fakeDevices, readPicture, writeFilm } from './picture.js';

export const ROOT = new URL('../..', import.meta.url).pathname;
export const MADE = join(ROOT, 'test-results', 'made');
export const SHOTS = join(ROOT, 'test-results', 'screenshots');

/* Each says something else, so that a piece of sound tells whose it is (sound.js). */
const WORDS = [
	'It is good to see you. How are you, and how is everybody at home? Tell me all about your week.',
	'We miss you, all of us. The little one has started school, and on Sunday we went to the sea with grandmother.',
];

/** The film, of so many frames a second and so many times smaller, and the voice of person 1, 2 … made once. */
export async function devicesOf(who, fps = FPS, by = 1) {
	mkdirSync(MADE, { recursive: true });
	const film = join(MADE, `film-${who}-${fps}-${by}.y4m`);
	const voice = join(MADE, `words-${who}.wav`);
	if (!existsSync(film))
		await writeFilm(film, who, fps, by);
	if (!existsSync(voice))
		execFileSync('espeak-ng', ['-w', voice, '-s', '150', '-p', String(30 + 15 * who),
			WORDS[who % WORDS.length]]);
	return { film, voice };
}

/**
 * A Chromium with one camera and microphone: those of this person.  more: how else it is started;
 * more.devices(who): {film, voice}, other files than ours.
 */
export async function openChromium(who, more = {}) {
	const { film, voice } = await (more.devices ?? devicesOf)(who);
	return chromium.launch({
		executablePath: more.executable ?? '/usr/bin/chromium', headless: true,
		args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
			`--use-file-for-fake-video-capture=${film}`, `--use-file-for-fake-audio-capture=${voice}`,
			'--autoplay-policy=user-gesture-required', '--disable-background-networking',
			'--disable-component-update', '--no-first-run', '--disable-dev-shm-usage',
			'--disable-renderer-backgrounding', '--disable-background-timer-throttling',
			'--disable-backgrounding-occluded-windows', '--disable-features=CalculateNativeWinOcclusion', ...more.args ?? []],
	});
}

export async function openFirefox() {
	return firefox.launch({
		executablePath: '/usr/bin/firefox-esr', channel: 'moz-firefox', headless: true,
		firefoxUserPrefs: {
			'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true,
			'media.peerconnection.ice.loopback': true,
			'media.peerconnection.ice.obfuscate_host_addresses': false,
			'media.autoplay.default': 0, 'media.autoplay.blocking_policy': 0,
			'network.proxy.type': 0, 'datareporting.policy.dataSubmissionEnabled': false,
			'app.update.enabled': false,
		},
	});
}

/** Runs in a page before its own scripts: connections[] are those it makes, for their statistics. */
function keepConnections() {
	const connections = globalThis.connections = [];
	globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
		constructor(...given) {
			super(...given);
			connections.push(this);
		}
	};
}

/** How many pictures have come to a page so far, by all its connections. */
export const picturesReceived = (page) => page.evaluate(async () => {
	let pictures = 0;
	for (const pc of globalThis.connections)
		for (const entry of (await pc.getStats()).values())
			pictures += entry.type === 'inbound-rtp' && entry.kind === 'video' ? entry.framesReceived ?? 0 : 0;
	return pictures;
});

/** kind 'chromium' or 'firefox'; a page in a browser of its own, whose camera shows `who`. */
export async function openPage(kind, who, more = {}) {
	const browser = kind === 'firefox' ? await openFirefox() : await openChromium(who, more);
	return openAnother(browser, kind === 'firefox' ? { ...more, fake: who } : more);
}

/** A page in a browser that is open, which knows nothing of its others; more.fake: who its canvas shows, more.fps: how often. */
export async function openAnother(browser, more = {}) {
	const context = await browser.newContext({ viewport: more.viewport ?? { width: 1024, height: 768 } });
	if (more.fake)
		await context.addInitScript(fakeDevices, { who: more.fake, fps: more.fps ?? FPS });
	await context.addInitScript(`globalThis.readPicture = ${readPicture}`);
	await context.addInitScript(keepConnections);
	if (more.init)
		await context.addInitScript(more.init);
	const page = await context.newPage();
	const said = [];
	page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
	page.on('pageerror', (error) => said.push(`error: ${error.message}`));
	return { browser, context, page, said };
}

/** Asks again and again until the answer is true, or says what it was last. */
export async function until(what, ask, timeout_ms = 10_000, every_ms = 100) {
	const begun = Date.now();
	let last;
	for (;;) {
		last = await (async () => ask())().catch((error) => error);
		if (last && !(last instanceof Error))
			return { answer: last, ms: Date.now() - begun };
		if (Date.now() - begun > timeout_ms)
			throw new Error(`${what}: not within ${timeout_ms} ms; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
		await new Promise((done) => setTimeout(done, every_ms));
	}
}
