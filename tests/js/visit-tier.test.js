import assert from 'node:assert/strict';
import { test } from 'node:test';

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

const RED = ANSWER.replace('SAVPF 111\r\na=mid:0', 'SAVPF 111 63\r\na=mid:0')
	.replace('a=fmtp:111 useinbandfec=1\r\n', 'a=fmtp:111 useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n');

test('sound goes twice where RED is named first, and nowhere else', () => {
	const first = (answer) => /m=audio.*/.exec(answer)?.[0].trim().split(' ').slice(3).join(' ');
	const twice = withAudio(RED, { bps: 16000, ms: 40, again: true });
	assert.equal(first(twice), '63 111');
	assert.equal(first(withAudio(twice, { bps: 16000, ms: 40 })), '111 63');
	assert.equal(first(withAudio(ANSWER, { bps: 16000, ms: 40, again: true })), '111', 'a side that does not know it');
	assert.equal(twice.split('m=').length, RED.split('m=').length);
	assert.match(twice, /a=fmtp:63 111\/111\r\n/);
});

/** A connection that remembers what it was told. */
function connection() {
	const sender = (kind) => ({
		track: { kind, getSettings: () => ({ height: 720 }) },
		parameters: { encodings: [{ active: true }] },
		getParameters() { return structuredClone(this.parameters); },
		async setParameters(given) { this.parameters = given; },
	});
	const senders = [sender('audio'), sender('video')];
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
	const { obey } = obedience(pc, () => RED);
	const [audio, video] = pc.senders;
	const last = () => /SAVPF (.*)\r\n/.exec(pc.applied.at(-1))?.[1];
	await obey(THIN);
	assert.equal(last(), '111 63');
	await obey({ ...THIN, audio: { bps: 12000, ms: 60, again: true } });
	assert.equal(last(), '63 111', 'of the same packet time, too');
	assert.equal(pc.applied.length, 2);
	await obey({ ...THIN, audio: { bps: 14000, ms: 60, again: true } });
	assert.equal(pc.applied.length, 3, 'of another rate, too');
	assert.match(pc.applied[2], /maxaveragebitrate=14000/);
	assert.equal(audio.parameters.encodings[0].maxBitrate, 14000);
	await obey({ ...THIN, audio: { bps: 16000, ms: 40, again: true } });
	assert.equal(last(), '63 111');
	await obey({ ...THIN, audio: { bps: 16000, ms: 40 } });
	assert.equal(last(), '111 63');
	await obey(SOUND);
	assert.equal(video.parameters.encodings[0].active, false);
});

test('who does not know RED is not asked for it again and again', async () => {
	const pc = connection();
	const { obey } = obedience(pc, () => ANSWER);
	await obey({ ...THIN, audio: { bps: 16000, ms: 40, again: true } });
	await obey({ ...THIN, audio: { bps: 16000, ms: 40, again: true } });
	assert.equal(pc.applied.length, 1);
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

const MET = {
	...initial('visitor'), phase: 'in', media: 'connected', admitted: true, me: 1,
	people: [{ end: 0, role: 'prisoner', name: 'Jordan', present: true, connection: 'connected', admitted: true }],
};

test('what is said of a line in a visit in a signed language is of the signing', () => {
	const inside = MET;
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
	const inside = MET;
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
