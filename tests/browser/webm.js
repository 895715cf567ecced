/*
 * webm.js - what stands in a WebM file that the service wrote: when each frame is shown.
 */

const SEGMENT = 0x18538067;
const CLUSTER = 0x1F43B675;
const TIMESTAMP = 0xE7;
const SIMPLE_BLOCK = 0xA3;

/** RFC 8794 section 4: a number whose first byte says how long it is; mark: with that bit, as in an id. */
function numberAt(bytes, at, mark) {
	const length = Math.clz32(bytes[at]) - 23;
	let number = mark ? bytes[at] : bytes[at] & (0xff >> length);
	for (let i = 1; i < length; i++)
		number = number * 256 + bytes[at + i];
	return { number, end: at + length };
}

/** By track, when its frames are shown: {1: [0, 20, 40 ms …]}.  Segment and clusters have no size (recording/webm.h). */
export function framesOf(bytes) {
	const frames = {};
	let cluster = 0;
	for (let at = 0; at < bytes.length;) {
		const id = numberAt(bytes, at, true);
		const size = numberAt(bytes, id.end, false);
		at = size.end;
		if (id.number === SEGMENT || id.number === CLUSTER)
			continue;
		if (id.number === TIMESTAMP)
			cluster = bytes.readUIntBE(at, size.number);
		if (id.number === SIMPLE_BLOCK)
			(frames[bytes[at] & 0x7f] ??= []).push(cluster + bytes.readInt16BE(at + 1));
		at += size.number;
	}
	return frames;
}

/** How many frames were shown in each second from the first on, as text for a report: "14 15 15 0 13". */
export function bySecond(frames) {
	const seconds = Array(Math.floor(((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / 1000) + 1).fill(0);
	for (const ms of frames)
		seconds[Math.floor((ms - frames[0]) / 1000)]++;
	return seconds.join(' ');
}
