/**
 * event-bundle.js - the event streams of several visits over one connection.
 *
 * Over HTTP/1.1 a browser has six connections to a server, for all of its tabs: a watch desk with a stream for
 * each visit would soon have none left for anything else.  Whenever a visit comes or goes the one stream is opened
 * anew, and each visit begins again with its snapshot.
 */

import { hear } from './signalling.js';

/**
 * @typedef {import('./visit-state.js').Happening} Happening
 * @typedef {{reference: string, ticket: string, service: string, happen: (happening: Happening) => void,
 *   refused: () => void}} Member
 * @typedef {Pick<EventSource, 'addEventListener'|'close'|'readyState'|'onopen'|'onerror'>} Source
 */

const GATHER_MS = 30; // tiles come together
const CLOSED = 2;

/**
 * @param {string} url  of a seat's own stream, as a join gives it out
 */
function addressOf(url) {
	const at = new URL(url, 'http://here');
	return {
		reference: at.pathname.split('/')[4] ?? '', ticket: at.searchParams.get('ticket') ?? '',
		service: at.searchParams.get('service') ?? '',
	};
}

/**
 * @param {(url: string) => Source} open
 * @returns {typeof import('./signalling.js').openEvents}  for visits that share a connection
 */
export function bundle(open = (url) => new EventSource(url)) {
	/** @type {Set<Member>} */
	const members = new Set();
	/** @type {Map<string, {seats: string, source: Source}>} */
	const streams = new Map(); // by service: a visit lives in one
	let due = 0;

	function renewSoon() {
		due ||= Number(setTimeout(renew, GATHER_MS));
	}

	function renew() {
		due = 0;
		/** @type {Map<string, Member[]>} */
		const groups = new Map();
		for (const member of members)
			groups.set(member.service, [...groups.get(member.service) ?? [], member]);
		for (const service of streams.keys())
			if (!groups.has(service))
				close(service);
		for (const [service, group] of groups)
			renewOne(service, group);
	}

	/** @param {string} service */
	function close(service) {
		streams.get(service)?.source.close();
		streams.delete(service);
	}

	/** @param {string} service @param {Member[]} group */
	function renewOne(service, group) {
		const seats = group.map((member) => `${member.reference}:${member.ticket}`).join(',');
		if (streams.get(service)?.seats === seats)
			return;
		close(service);
		const source = open(`/api/v1/streams?seats=${encodeURIComponent(seats)}${service ? `&service=${encodeURIComponent(service)}` : ''}`);
		streams.set(service, { seats, source });
		source.onopen = () => tell(group, { type: 'stream', open: true });
		source.onerror = () => {
			tell(group, { type: 'stream', open: false });
			if (source.readyState !== CLOSED)
				return;
			streams.delete(service);
			for (const member of group)
				end(member);
		};
		for (const member of group)
			listen(source, member);
	}

	/** @param {Member[]} group @param {Happening} happening */
	function tell(group, happening) {
		for (const member of group)
			if (members.has(member))
				member.happen(happening);
	}

	/** @param {Source} source @param {Member} member */
	function listen(source, member) {
		hear(source, `${member.reference}/`, (happening) => tell([member], happening));
		source.addEventListener(`${member.reference}/over`, () => end(member));
	}

	/** Its ticket is worth nothing any more.  @param {Member} member */
	function end(member) {
		if (!members.delete(member))
			return;
		member.refused();
		renewSoon();
	}

	return (url, happen, refused) => {
		const member = { ...addressOf(url), happen, refused };
		members.add(member);
		renewSoon();
		return () => {
			if (members.delete(member))
				renewSoon();
		};
	};
}
