import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { withAudio } from '../../front/js/visit-sdp.js';
import { initial, quality, step } from '../../front/js/visit-state.js';
import { obedience, scaleTo } from '../../front/js/visit-tier.js';

const ANSWER = [
	'v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0',
	'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=rtpmap:111 opus/48000/2',
	'a=fmtp:111 useinbandfec=1', 'a=recvonly',
	'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1', 'a=rtpmap:96 VP8/90000', 'a=recvonly',
	'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:2', 'a=rtpmap:111 opus/48000/2', 'a=sendonly', '',
].join('\r\n');

const THIN = {
	line: 'D', send: 'D', bps: 52000, audio: { bps: 12000, ms: 60 },
	video: { bps: 24000, fps: 8, height: 360 },
};
const SOUND = { ...THIN, line: 'G', send: 'G', video: null };

test('the packet time stands in the m-line of our own sound alone, once', () => {
	const once = withAudio(ANSWER, { bps: 12000, ms: 60 });
	const twice = withAudio(once, { bps: 24000, ms: 20 });
	assert.match(once, /a=fmtp:111 useinbandfec=1;maxaveragebitrate=12000\r\n/);
	assert.equal(once.match(/a=ptime:60/g)?.length, 1);
	assert.ok(once.indexOf('a=ptime:60') < once.indexOf('m=video'));
	assert.deepEqual(twice.match(/a=(max)?ptime:\d+|maxaveragebitrate=\d+/g),
		['maxaveragebitrate=24000', 'a=ptime:20', 'a=maxptime:20']);
	assert.equal(twice.split('m=').length, ANSWER.split('m=').length);
});

const SOUNDS = (bps) => [
	{ mimeType: 'audio/opus', clockRate: 48000, channels: 2, sdpFmtpLine: `useinbandfec=1;maxaveragebitrate=${bps}` },
	{ mimeType: 'audio/red', clockRate: 48000, channels: 2, sdpFmtpLine: '111/111' },
];

/** A connection that remembers what it was told. */
function connection() {
	const sender = (kind, codecs) => ({
		track: { kind, getSettings: () => ({ height: 720 }) },
		codecs,
		parameters: { encodings: [{ active: true }] },
		getParameters() { return structuredClone({ ...this.parameters, codecs: this.codecs }); },
		/* As browsers do: all is refused that comes with a codec that is not agreed on, word for word. */
		async setParameters(given) {
			const { codec } = given.encodings[0];
			if (codec && !this.codecs.some((c) => isDeepStrictEqual(c, codec)))
				throw new Error('unsupported codec');
			this.parameters = given;
		},
	});
	const senders = [sender('audio', SOUNDS(24000)), sender('video', [])];
	return {
		senders, applied: [], signalingState: 'stable',
		getSenders: () => senders,
		carries: undefined,
		async getStats() {
			return new Map([['pair', { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: this.carries }]]);
		},
		createOffer: async () => ({ type: 'offer', sdp: '' }),
		setLocalDescription: async () => undefined,
		async setRemoteDescription(given) {
			this.applied.push(given.sdp);
			senders[0].codecs = SOUNDS(/maxaveragebitrate=(\d+)/.exec(given.sdp)?.[1]);
		},
	};
}

test('a tier is obeyed: rates, frames, size, packet time', async () => {
	const pc = connection();
	const { obey } = obedience(pc, () => ANSWER);
	await obey(THIN);
	const [audio, video] = pc.senders.map((s) => s.parameters.encodings[0]);
	assert.equal(audio.maxBitrate, 12000);
	assert.deepEqual([video.active, video.maxBitrate, video.maxFramerate, video.scaleResolutionDownBy],
		[true, 24000, 8, 2]);
	assert.equal(pc.applied.length, 1);
	await obey({ ...THIN, send: 'E' });
	assert.equal(pc.applied.length, 1, 'the same packet time is not applied again');
	await obey(SOUND);
	assert.equal(pc.senders[1].parameters.encodings[0].active, false);
	await obey({ ...THIN, audio: { bps: 24000, ms: 20 } });
	assert.equal(pc.senders[1].parameters.encodings[0].active, true);
	assert.equal(pc.applied.length, 2);
});

test('sound goes twice and once again, whatever the packet time, and the picture obeys', async () => {
	const pc = connection();
	const { obey } = obedience(pc, () => ANSWER);
	const [audio, video] = pc.senders;
	const codec = () => audio.parameters.encodings[0].codec?.mimeType;
	await obey(THIN);
	assert.equal(codec(), undefined, 'as long as it was never asked for, the browser chooses');
	await obey({ ...THIN, audio: { bps: 16000, ms: 40, again: true } });
	assert.equal(codec(), 'audio/red');
	await obey({ ...THIN, audio: { bps: 16000, ms: 40 } });
	assert.equal(codec(), 'audio/opus');
	await obey(THIN);
	await obey({ ...THIN, audio: { bps: 14000, ms: 60 } });
	assert.equal(audio.parameters.encodings[0].maxBitrate, 14000, 'after its rate in the answer has changed');
	await obey(SOUND);
	assert.equal(video.parameters.encodings[0].active, false);
});

test('after a restart the packet time is set anew', async () => {
	const pc = connection();
	let answer = ANSWER;
	const { obey, look } = obedience(pc, () => answer);
	await obey(THIN);
	look();
	await obey(THIN);
	assert.equal(pc.applied.length, 1);
	answer = ANSWER.replace('o=- 1', 'o=- 2');
	look();
	await new Promise((done) => setTimeout(done, 5));
	assert.equal(pc.applied.length, 2);
	assert.match(pc.applied[1], /a=ptime:60/);
});

test('a packet time that could not be set is tried again', async () => {
	const pc = connection();
	const { obey } = obedience(pc, () => ANSWER);
	const works = pc.setRemoteDescription;
	pc.setRemoteDescription = () => Promise.reject(new Error('not now'));
	await obey(THIN);
	pc.setRemoteDescription = works;
	await obey(THIN);
	assert.equal(pc.applied.length, 1);
});

test('the picture obeys where the sound cannot', async () => {
	const pc = connection();
	pc.senders[0].setParameters = () => Promise.reject(new Error('no'));
	const { obey } = obedience(pc, () => ANSWER);
	await obey(SOUND);
	assert.equal(pc.senders[1].parameters.encodings[0].active, false);
});

test('a good line shows all that the camera has, and its size may fall before its frames', async () => {
	const pc = connection();
	const { obey } = obedience(pc, () => ANSWER);
	await obey({ ...THIN, video: { bps: 600_000, fps: 25, height: 720 } });
	const sent = pc.senders[1].parameters;
	assert.deepEqual([sent.encodings[0].scaleResolutionDownBy, sent.degradationPreference], [1, 'balanced']);
	await obey(THIN);
	assert.equal(pc.senders[1].parameters.degradationPreference, 'maintain-resolution');
});

test('a large picture is not begun where the browser itself would make it a tiny one, and given up where it does', async () => {
	const pc = connection();
	const { obey, look } = obedience(pc, () => ANSWER);
	const scale = () => pc.senders[1].parameters.encodings[0].scaleResolutionDownBy;
	const full = { ...THIN, video: { bps: 600_000, fps: 25, height: 720 } };
	pc.carries = 120_000;
	await obey(full);
	assert.equal(scale(), 2);
	assert.equal(pc.senders[1].parameters.degradationPreference, 'maintain-resolution');
	pc.carries = 550_000;
	look();
	await obey(full);
	assert.equal(scale(), 1);
	pc.carries = 350_000;
	await obey(full);
	assert.equal(scale(), 1, 'a little less is no reason');
	pc.carries = 200_000;
	look();
	await new Promise((done) => setTimeout(done, 5));
	assert.equal(scale(), 2);
});

test('the height of a tier is the shorter side, however the telephone is held', () => {
	const camera = (width, height) => ({ getSettings: () => ({ width, height }) });
	assert.equal(scaleTo(camera(1280, 720), 360), 2);
	assert.equal(scaleTo(camera(720, 1280), 360), 2);
	assert.equal(scaleTo(camera(640, 360), 720), 1, 'nothing is made larger');
	assert.equal(scaleTo(camera(undefined, 480), 360), 480 / 360);
	assert.equal(scaleTo(camera(), 360), 1);
	assert.equal(scaleTo(undefined, 360), 1);
});

test('in a signed language the frames are kept and the size is given', async () => {
	const pc = connection();
	const { obey } = obedience(pc, () => ANSWER);
	const [, video] = pc.senders;
	await obey({ ...THIN, signs: true, video: { bps: 72_000, fps: 20, height: 240 } });
	assert.deepEqual([video.parameters.encodings[0].maxFramerate, video.parameters.encodings[0].scaleResolutionDownBy],
		[20, 3]);
	assert.equal(video.parameters.degradationPreference, 'maintain-framerate');
	assert.equal(video.track.contentHint, 'motion');
	await obey({ ...THIN, signs: true, video: { bps: 600_000, fps: 30, height: 540 } });
	assert.equal(video.parameters.degradationPreference, 'maintain-framerate');
	await obey(THIN);
	assert.equal(video.parameters.degradationPreference, 'maintain-resolution');
	assert.equal(video.track.contentHint, '');
});

test('what is said of a line in a visit in a signed language is of the signing', () => {
	const inside = { ...initial('visitor'), phase: 'in', media: 'connected' };
	const at = (tier, more = {}) => quality({ ...step(inside, { type: 'tier', ...THIN, signs: true, ...tier }), ...more });
	assert.equal(at({ line: 'F', send: 'B' }), '');
	assert.equal(at({ line: 'D', send: 'D' }), 'slow-signing');
	assert.equal(at({ line: 'E', send: 'E' }), 'no-signing');
	assert.equal(at({ line: 'G', send: 'G' }), 'no-signing');
	assert.equal(at({ line: 'A', send: 'C' }), 'other-slow-signing');
	assert.equal(at({ line: 'A', send: 'G' }), 'other-no-signing');
	assert.equal(at({ line: 'D', send: 'D' }, { data: 'less' }), 'chosen-less-signing');
});

test('what is said of the line: our own first, nothing while all is well', () => {
	const inside = { ...initial('visitor'), phase: 'in', media: 'connected' };
	const at = (tier) => quality(step(inside, { type: 'tier', ...THIN, ...tier }));
	assert.equal(quality(inside), '');
	assert.equal(at({ line: null, send: 'D' }), '');
	assert.equal(at({ line: 'F', send: 'F' }), '');
	assert.equal(at({ line: 'B', send: 'B' }), '');
	assert.equal(at({ line: 'D', send: 'F' }), 'slow');
	assert.equal(at({ line: 'G', send: 'D' }), 'sound-only');
	assert.equal(at({ line: 'A', send: 'D' }), 'other-slow');
	assert.equal(at({ line: 'E', send: 'D' }), 'stills');
	assert.equal(at({ line: 'A', send: 'E' }), 'other-stills');
	assert.equal(quality({ ...step(inside, { type: 'tier', ...THIN }), media: 'lost' }), '');
});
