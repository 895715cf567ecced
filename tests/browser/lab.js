/*
 * lab.js - rooms of the lab interface, and the page's own media modules in a page that is otherwise bare.
 */
import assert from 'node:assert/strict';

/** more: of the visit, as {signs: true}. */
export async function makeRoom(server, more = {}) {
	const response = await fetch(`${server.base}/lab/rooms`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ kind: 'social', ends: ['prisoner', 'visitor'], monitors: 0, ...more }),
	});
	assert.equal(response.status, 201, await response.clone().text());
	return response.json();
}

/** Joins from this page with visit-media.js; resolves when connected. */
export function enter(page, seat) {
	return page.evaluate(async (seat) => {
		const media = globalThis.media;
		const local = await navigator.mediaDevices.getUserMedia(media.CAMERA);
		const begun = performance.now();
		await new Promise((done, fail) => {
			setTimeout(() => fail(new Error(`not connected: ${globalThis.pvl?.pc.connectionState}`)), 8000);
			media.connect({ ...seat, media: new URL(seat.media).pathname, slots: { audio: 1, video: 1 } }, local, {
				connected: done, silent: (made) => made.restart(), broken: () => fail(new Error('broken')),
			}).then((made) => { globalThis.pvl = made; }, fail);
		});
		await new Promise((done) => setTimeout(done, 0));
		const video = document.createElement('video');
		video.autoplay = true;
		media.show(video, globalThis.pvl.pairs[0].stream);
		document.body.append(video);
		video.play().catch(() => undefined);
		globalThis.video = video;
		return performance.now() - begun;
	}, seat);
}

export async function stats(page) {
	return page.evaluate(async () => {
		const out = { picture: globalThis.readPicture(globalThis.video) };
		for (const s of (await globalThis.pvl.pc.getStats()).values())
			if (s.type === 'inbound-rtp')
				out[s.kind] = {
					packets: s.packetsReceived, lost: s.packetsLost, decoded: s.framesDecoded ?? 0,
					energy: s.totalAudioEnergy ?? 0, level: s.audioLevel ?? 0, keys: s.keyFramesDecoded,
				};
			else if (s.type === 'outbound-rtp')
				out[`${s.kind}Out`] = { packets: s.packetsSent, rate: s.targetBitrate };
			else if (s.type === 'remote-inbound-rtp')
				out[`${s.kind}Far`] = { rtt: s.roundTripTime, lost: s.fractionLost };
		return out;
	});
}
