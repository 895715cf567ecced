/*
 * visit.js - a visit over an emulated line: the prisoner here, the visitor on the far side, both
 * with the page's own modules, and what each of them got.
 */
import { openPage } from '../browser/browsers.js';
import { makeRoom } from '../browser/lab.js';
import { openLine } from '../browser/server.js';
import { NEAR } from './line.js';

const BENCH = `
import * as media from 'ASSETS/visit-media.js';
import * as signalling from 'ASSETS/signalling.js';

/** Joins, obeys what the event stream says, and comes back by itself. */
globalThis.visit = async (seat) => {
	const local = await navigator.mediaDevices.getUserMedia(media.CAMERA);
	const at = (url) => new URL(new URL(url).pathname + new URL(url).search, location.href).href;
	globalThis.tiers = [];
	signalling.openEvents(at(seat.events), (happening) => {
		if (happening.type === 'clock')
			globalThis.clock = happening;
		const tier = happening.type === 'tier' ? happening : happening.type === 'snapshot' ? happening.tier : null;
		if (!tier)
			return;
		tiers.push(tier);
		globalThis.pvl?.obey(tier);
	}, () => undefined);
	await new Promise((done, fail) => {
		setTimeout(() => fail(new Error('not connected')), 20000);
		media.connect({ ...seat, media: at(seat.media), slots: { audio: 1, video: 1 } }, local, {
			connected: done, silent: (made) => made.restart().catch(() => undefined), broken: () => undefined,
		}).then((made) => { globalThis.pvl = made; }, fail);
	});
	await new Promise((done) => setTimeout(done, 0));
	if (tiers.length > 0)
		pvl.obey(tiers.at(-1));
	const video = document.createElement('video');
	video.autoplay = video.playsInline = true;
	media.show(video, pvl.pairs[0].stream);
	document.body.append(video);
	video.play().catch(() => undefined);
	globalThis.video = video;
};

globalThis.measure = async () => {
	const out = { tier: tiers.at(-1)?.send, line: tiers.at(-1)?.line, told: tiers.length };
	for (const s of (await pvl.pc.getStats()).values()) {
		if (s.type === 'inbound-rtp' && s.kind === 'video')
			Object.assign(out, { decoded: s.framesDecoded ?? 0, frozen: s.totalFreezesDuration ?? 0, freezes: s.freezeCount ?? 0, height: s.frameHeight ?? 0 });
		if (s.type === 'inbound-rtp' && s.kind === 'audio')
			Object.assign(out, { packets: s.packetsReceived, samples: s.totalSamplesReceived ?? 0,
				concealed: (s.concealedSamples ?? 0) - (s.silentConcealedSamples ?? 0), energy: s.totalAudioEnergy ?? 0,
				buffer: s.jitterBufferDelay ?? 0, emitted: s.jitterBufferEmittedCount ?? 0 });
		if (s.type === 'outbound-rtp' && s.kind === 'video')
			Object.assign(out, { encoded: s.framesEncoded ?? 0, keys: s.keyFramesEncoded ?? 0, asked: s.pliCount ?? 0,
				target: s.targetBitrate ?? 0, repeats: s.nackCount ?? 0, shape: (s.active ? '' : 'off ') + (s.frameHeight ?? 0) + 'p' });
		if (s.type === 'candidate-pair' && s.nominated)
			out.rtt = s.currentRoundTripTime;
	}
	return out;
};
/** How far the picture that is shown lags behind the sound that is heard, in ms; null: the browser does not say. */
globalThis.skew = async () => {
	const at = {};
	for (const s of (await pvl.pc.getStats()).values())
		if (s.type === 'inbound-rtp' && s.estimatedPlayoutTimestamp)
			at[s.kind] = s.estimatedPlayoutTimestamp;
	return at.audio && at.video ? at.audio - at.video : null;
};
globalThis.ready = true;
`;

/** The bench page from the service, at the near end of the line and on loopback; more: own paths of it. */
export function openBenches(server, more = {}) {
	const assets = new URL(server.assets).pathname;
	const own = {
		'/bench': ['text/html', '<!doctype html><title>Bench</title><script type="module" src="/bench.js"></script>'],
		'/bench.js': ['text/javascript', BENCH.replaceAll('ASSETS', assets)],
		...more,
	};
	const here = openLine(server, server.port + 5, own);
	const there = openLine(server, server.port + 6, own, NEAR);
	return {
		near: `http://localhost:${server.port + 5}/bench`,
		far: `http://${NEAR}:${server.port + 6}/bench`,
		close() { here.close(); there.close(); },
	};
}

/** A page of openBenches(), with all that it needs. */
export async function open(page, url) {
	await page.goto(url);
	await page.waitForFunction(() => globalThis.ready);
}

/** Joins with this seat, from an open page. */
export async function join(page, seat) {
	await page.evaluate((seat) => globalThis.visit(seat), seat);
}

/** A page here and one at the far end of the line, each in a browser of its own; more: as of openPage(); more.near: which one is here. */
export async function openEnds(line, farOrigin, more = {}) {
	const prisoner = await openPage(more.near ?? 'chromium', 1, more);
	const visitor = await openPage('chromium', 2, {
		...more, executable: line.program('/usr/bin/chromium'),
		args: [...more.args ?? [], `--unsafely-treat-insecure-origin-as-secure=${farOrigin}`],
	});
	return { prisoner, visitor, close: () => Promise.all([prisoner.browser.close(), visitor.browser.close()]) };
}

/** Both pages in a new visit; more: as of makeRoom() and openEnds().  .measure(s): what each got in so many seconds, by
 *  side, with the course of it, second by second. */
export async function meetOver(line, server, benches, more = {}) {
	const room = await makeRoom(server, more.room);
	const seat = (role) => room.ends.find((end) => end.role === role);
	const { prisoner, visitor, close } = await openEnds(line, new URL(benches.far).origin, more.browser);
	try {
		await open(prisoner.page, benches.near);
		await open(visitor.page, benches.far);
		await join(prisoner.page, seat('prisoner'));
		await join(visitor.page, seat('visitor'));
	} catch (error) {
		await close();
		throw error;
	}
	const pages = { prisoner: prisoner.page, visitor: visitor.page };
	const both = async (ask) => Object.fromEntries(await Promise.all(
		Object.entries(pages).map(async ([who, page]) => [who, await ask(page)])));
	const now = () => both((page) => page.evaluate(() => globalThis.measure()));
	return {
		pages, now, close,
		async measure(seconds) {
			const seen = [await now()];
			for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
				await new Promise((done) => setTimeout(done, Math.min(1000, end - Date.now())));
				seen.push(await now());
			}
			return Object.fromEntries(Object.keys(pages).map((who) => [who, {
				...between(seen[0][who], seen.at(-1)[who], seconds),
				course: seen.slice(1).map((to, i) => second(seen[i][who], to[who])),
			}]));
		},
	};
}

/** What one side saw and what it sent in a second, short enough to be read. */
function second(from, to) {
	return `saw ${to.decoded - from.decoded} sent ${to.encoded - from.encoded} ${to.shape} of ${Math.round(to.target / 1000)}k`
		+ ` keys ${to.keys}/${to.asked} again ${to.repeats - from.repeats} tier ${to.tier} (${to.told})`;
}

function between(from, to, seconds) {
	const d = (name) => (to[name] ?? 0) - (from[name] ?? 0);
	return {
		fps: d('decoded') / seconds, frozen: d('frozen') / seconds, freezes: d('freezes'), height: to.height,
		concealed: d('samples') > 0 ? d('concealed') / d('samples') : 1, energy: d('energy'),
		buffer_ms: d('emitted') > 0 ? 1000 * d('buffer') / d('emitted') : 0,
		rtt_ms: 1000 * (to.rtt ?? 0), tier: to.tier, line: to.line,
	};
}

