/**
 * visit-sdp.js - the few lines of SDP that a page itself reads or writes.  Pure.
 */

/**
 * The body of an ICE restart (RFC 8840): credentials and the first m-line's mid.
 *
 * @param {string} offer
 * @returns {string}
 */
export function iceFragment(offer) {
	return `a=ice-options:ice2\r\na=ice-ufrag:${line(offer, 'a=ice-ufrag:')}\r\n`
		+ `a=ice-pwd:${line(offer, 'a=ice-pwd:')}\r\n`
		+ `m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:${line(offer, 'a=mid:')}\r\n`;
}

/**
 * The answer that stands, with the credentials of a restart.
 *
 * @param {string} answer
 * @param {string} fragment
 * @returns {string}
 */
export function withCredentials(answer, fragment) {
	const ufrag = line(fragment, 'a=ice-ufrag:');
	const pwd = line(fragment, 'a=ice-pwd:');
	if (!ufrag || !pwd)
		throw new Error('restart without credentials');
	return answer.replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
		.replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${pwd}`);
}

/**
 * @param {string} sdp
 * @param {string} start
 * @returns {string} what follows the first line that starts so, or ''
 */
export function line(sdp, start) {
	const at = sdp.split(/\r?\n/).find((l) => l.startsWith(start));
	return at ? at.slice(start.length) : '';
}

/**
 * Codecs in our order, each wanted one kept with its retransmission, the rest left out:
 * a third of the offer.
 *
 * @template {{mimeType: string, sdpFmtpLine?: string}} T
 * @param {T[]} all
 * @param {string[]} wanted  lower-case mime types, the call's own first
 * @returns {T[]}
 */
export function preferred(all, wanted) {
	const rank = (/** @type {T} */ c) => wanted.indexOf(c.mimeType.toLowerCase());
	const plain = (/** @type {T} */ c) => !/profile(-id)?=[1-9]/.test(c.sdpFmtpLine ?? '');
	return all.filter((c) => rank(c) >= 0 && plain(c)).sort((a, b) => rank(a) - rank(b));
}
/**
 * The answer that stands, with another packet time and rate for our sound; again: each frame goes once more behind the
 * next. libwebrtc packs sound so (RED) where that stands before the codec itself, and nowhere else: not where it is
 * chosen among `encodings[].codec`.
 *
 * @param {string} answer
 * @param {{bps: number, ms: number, again?: boolean}} audio
 * @returns {string}
 */
export function withAudio(answer, audio) {
	const [head = '', ...sections] = answer.split(/^(?=m=)/m);
	const at = sections.findIndex((section) => section.startsWith('m=audio'));
	const first = sections[at];
	if (!first)
		return answer;
	const opus = /^a=rtpmap:(\d+) opus\//m.exec(first)?.[1] ?? '';
	const red = redOf(first);
	const [media = '', ...rest] = first.split(/\r?\n/).filter((l) => l && !/^a=(ptime|maxptime):/.test(l));
	const kept = rest.map((l) => l.startsWith(`a=fmtp:${opus} `) ? withRate(l, audio.bps) : l);
	kept.push(`a=ptime:${audio.ms}`, `a=maxptime:${audio.ms}`);
	const lead = red && audio.again ? [red, opus] : [opus, red];
	sections[at] = [withFirst(media, lead), ...kept].map((l) => `${l}\r\n`).join('');
	return head + sections.join('');
}

/** Whether our sound may be packed so: both sides know it.
 * @param {string} answer */
export function hasRed(answer) {
	return redOf(answer.split(/^(?=m=)/m).find((section) => section.startsWith('m=audio')) ?? '') !== undefined;
}

/** @param {string} section */
function redOf(section) {
	return /^a=rtpmap:(\d+) red\//m.exec(section)?.[1];
}

/**
 * An m-line that names these payload types before all others.
 *
 * @param {string} media
 * @param {(string|undefined)[]} lead
 */
function withFirst(media, lead) {
	const [kind, port, protocol, ...types] = media.split(' ');
	const first = lead.filter((type) => type && types.includes(type));
	return [kind, port, protocol, ...first, ...types.filter((type) => !first.includes(type))].join(' ');
}

/**
 * @param {string} fmtp
 * @param {number} bps
 */
function withRate(fmtp, bps) {
	return `${fmtp.replace(/;?maxaveragebitrate=\d+/, '')};maxaveragebitrate=${bps}`;
}
