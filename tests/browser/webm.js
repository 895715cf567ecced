/*
 * webm.js - what stands in a WebM file that the service wrote: when each frame is shown.
 */

const SEGMENT = 0x18538067;
const TRACKS = 0x1654AE6B;
const TRACK_ENTRY = 0xAE;
const TRACK_NUMBER = 0xD7;
const TRACK_TYPE = 0x83;
const PICTURE = 1; // a TRACK_TYPE
const CLUSTER = 0x1F43B675;
const TIMESTAMP = 0xE7;
const SIMPLE_BLOCK = 0xA3;
/** What is read through: it has no size (recording/webm.h), or what stands in it is looked at. */
const OPENED = new Set([SEGMENT, TRACKS, TRACK_ENTRY, CLUSTER]);

/** RFC 8794 section 4: a number whose first byte says how long it is; mark: with that bit, as in an id. */
function numberAt(bytes, at, mark) {
	const length = Math.clz32(bytes[at]) - 23;
	let number = mark ? bytes[at] : bytes[at] & (0xff >> length);
	for (let i = 1; i < length; i++)
		number = number * 256 + bytes[at + i];
	return { number, end: at + length };
}

/** When its pictures are shown, in ms: [0, 67, 133 …]; which track they are differs from file to file. */
export function picturesOf(bytes) {
	const frames = [];
	let cluster = 0, entry = 0, pictures = 0;
	for (let at = 0; at < bytes.length;) {
		const id = numberAt(bytes, at, true);
		const size = numberAt(bytes, id.end, false);
		at = size.end;
		if (OPENED.has(id.number))
			continue;
		if (id.number === TRACK_NUMBER)
			entry = bytes[at];
		if (id.number === TRACK_TYPE && bytes[at] === PICTURE)
			pictures = entry;
		if (id.number === TIMESTAMP)
			cluster = bytes.readUIntBE(at, size.number);
		if (id.number === SIMPLE_BLOCK && (bytes[at] & 0x7f) === pictures)
			frames.push(cluster + bytes.readInt16BE(at + 1));
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
