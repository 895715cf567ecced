/**
 * device-check.js - camera, microphone, loudspeaker and line, any time before a visit.
 *
 * <section data-module="pvl-device-check" data-ping="/ping" data-load="/assets/govuk-frontend.min.css">
 *   <button type="button" data-action="camera">Test camera and microphone</button>
 *   <p data-slot="camera-result" role="status"></p>
 *   <video data-slot="preview" hidden></video>
 *   <div data-slot="found" hidden> what there is to choose from, once it may be used:
 *     <label>… <select data-slot="cameras"></select> <select data-slot="microphones"></select>
 *     <meter data-slot="level" min="0" max="100" aria-label="Microphone level"></meter></div>
 *   <button type="button" data-action="sound">Play a test sound</button> <p data-slot="sound-result" role="status">
 *   <button type="button" data-action="line">Test the line</button> <p data-slot="line-result" role="status">
 *   <div data-help="chrome" hidden> how to allow the camera in this browser </div>
 *   <div data-help="firefox" hidden> … <div data-help="safari" hidden> … <div data-help="other" hidden> …
 *   <template data-template="words"> camera-ok, camera-refused, camera-none, sound-playing, sound-done,
 *     line-testing, line-good, line-fair, line-poor, line-none ({delay} ms, {rate} kbit/s) </template>
 * </section>
 */

import { lineRate } from './line-rate.js';
import { CAMERA } from './visit-media.js';
import { finder, readWords, say, setText, showIf } from './visit-view.js';

const PINGS = 8;
const GOOD = { delay: 200, rate: 500 };
const FAIR = { delay: 500, rate: 130 };

/**
 * @param {HTMLElement} root
 */
export function start(root) {
	const find = finder(root);
	const words = readWords(root);
	/** @type {MediaStream|null} */
	let stream = null;
	let stopMeter = () => {};

	/** @param {MediaStreamConstraints} [wanted] */
	async function camera(wanted = CAMERA) {
		stop();
		try {
			stream = await navigator.mediaDevices.getUserMedia(wanted);
		} catch (error) {
			const refused = error instanceof DOMException && error.name === 'NotAllowedError';
			setText(find('camera-result'), say(words, refused ? 'camera-refused' : 'camera-none'));
			showIf(root.querySelector(`[data-help="${browserName(navigator.userAgent)}"]`), refused);
			return;
		}
		setText(find('camera-result'), say(words, 'camera-ok'));
		showIf(find('found'), true);
		const preview = find('preview');
		if (preview instanceof HTMLVideoElement) {
			preview.muted = preview.autoplay = preview.playsInline = true;
			preview.srcObject = stream;
			preview.hidden = false;
		}
		stopMeter = meter(stream, (level) => find('level')?.setAttribute('value', String(level)));
		await listDevices();
	}

	async function listDevices() {
		const all = await navigator.mediaDevices.enumerateDevices();
		fill(find('cameras'), all.filter((d) => d.kind === 'videoinput'), stream?.getVideoTracks()[0]);
		fill(find('microphones'), all.filter((d) => d.kind === 'audioinput'), stream?.getAudioTracks()[0]);
	}

	function change() {
		const [video, audio] = ['cameras', 'microphones'].map(find);
		if (video instanceof HTMLSelectElement && audio instanceof HTMLSelectElement)
			camera({
				video: { ...CAMERA.video, deviceId: { exact: video.value } },
				audio: { ...CAMERA.audio, deviceId: { exact: audio.value } },
			});
	}

	async function line() {
		setText(find('line-result'), say(words, 'line-testing'));
		try {
			const delay = await measureDelay(root.dataset['ping'] ?? '/ping');
			const rate = await lineRate(root.dataset['load'] ?? '/ping');
			const values = { delay: String(Math.round(delay)), rate: String(Math.round(rate)) };
			setText(find('line-result'), say(words, `line-${verdict(delay, rate)}`, values));
		} catch {
			setText(find('line-result'), say(words, 'line-none'));
		}
	}

	async function sound() {
		setText(find('sound-result'), say(words, 'sound-playing'));
		await playSound();
		setText(find('sound-result'), say(words, 'sound-done'));
	}

	function stop() {
		stopMeter();
		for (const track of stream?.getTracks() ?? [])
			track.stop();
		stream = null;
	}

	const actions = /** @type {Record<string, () => void>} */ ({ camera: () => camera(), sound, line });
	root.addEventListener('click', (event) => {
		const button = event.target instanceof Element ? event.target.closest('[data-action]') : null;
		actions[button?.getAttribute('data-action') ?? '']?.();
	});
	for (const name of ['cameras', 'microphones'])
		find(name)?.addEventListener('change', change);
	addEventListener('pagehide', stop);
}

/**
 * @param {string} agent
 * @returns {'chrome'|'firefox'|'safari'|'other'}
 */
export function browserName(agent) {
	if (/Firefox\//.test(agent))
		return 'firefox';
	if (/Chrome\/|Chromium\/|Edg\//.test(agent))
		return 'chrome';
	return /Safari\//.test(agent) ? 'safari' : 'other';
}

/**
 * @param {number} delay  ms there and back
 * @param {number} rate   kbit/s
 * @returns {'good'|'fair'|'poor'}
 */
export function verdict(delay, rate) {
	if (delay <= GOOD.delay && rate >= GOOD.rate)
		return 'good';
	return delay <= FAIR.delay && rate >= FAIR.rate ? 'fair' : 'poor';
}

/**
 * @param {HTMLElement|null} select
 * @param {MediaDeviceInfo[]} devices
 * @param {MediaStreamTrack|undefined} used
 */
function fill(select, devices, used) {
	if (!(select instanceof HTMLSelectElement))
		return;
	const now = used?.getSettings().deviceId;
	select.replaceChildren(...devices.map((d) => new Option(d.label, d.deviceId, false, d.deviceId === now)));
}

/**
 * @param {MediaStream} stream
 * @param {(level: number) => void} show  0 to 100
 * @returns {() => void} stops it
 */
function meter(stream, show) {
	const context = new AudioContext();
	const analyser = context.createAnalyser();
	context.createMediaStreamSource(stream).connect(analyser);
	const samples = new Float32Array(analyser.fftSize);
	const timer = setInterval(() => {
		analyser.getFloatTimeDomainData(samples);
		const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
		show(Math.max(0, Math.min(100, Math.round(100 + 10 * Math.log10(power + 1e-10) * 1.6))));
	}, 100);
	return () => {
		clearInterval(timer);
		context.close();
	};
}

async function playSound() {
	const context = new AudioContext();
	const [tone, volume] = [context.createOscillator(), context.createGain()];
	volume.gain.setValueAtTime(0, context.currentTime);
	volume.gain.linearRampToValueAtTime(0.3, context.currentTime + 0.1);
	volume.gain.linearRampToValueAtTime(0, context.currentTime + 1.4);
	tone.frequency.setValueAtTime(440, context.currentTime);
	tone.frequency.setValueAtTime(660, context.currentTime + 0.7);
	tone.connect(volume).connect(context.destination);
	tone.start();
	tone.stop(context.currentTime + 1.5);
	await new Promise((done) => { tone.onended = done; });
	await context.close();
}

/** @param {string} url */
async function measureDelay(url) {
	const times = [];
	for (let i = 0; i < PINGS; i++) {
		const begun = performance.now();
		await (await fetch(`${url}?n=${i}`, { cache: 'no-store' })).text();
		times.push(performance.now() - begun);
	}
	return times.sort((a, b) => a - b)[PINGS >> 1] ?? Infinity;
}
