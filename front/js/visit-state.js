/**
 * visit-state.js - what a page knows of its visit, and how each happening changes it.
 *
 * step() is pure: no clock, no network, no page.  visit.js feeds it happenings, hands the
 * new state to visit-view.js and acts where a counter (offer, restart, rejoin) has risen.
 * The events of docs/protocols/signalling.md are happenings under their own names.
 */

/**
 * @typedef {'prisoner'|'visitor'|'monitor'} Role
 * @typedef {'away'|'connecting'|'connected'|'lost'} Connection
 * @typedef {'booked'|'lobby'|'live'|'ended'} VisitState
 * @typedef {{end: number, role: Role, name: string, present: boolean, connection: Connection,
 *            admitted: boolean, data?: Data}} Person   data: how much they want to get and to send
 * @typedef {{mid: string, kind: 'audio'|'video', end: number|null}} Slot
 * @typedef {{s: number, why: string, added: boolean}} Lost   seconds that nobody heard, and why
 * @typedef {{running: boolean, used_s: number, booked_s: number, ends_at: string, lost?: Lost}} Clock
 * @typedef {'idle'|'asking'|'joining'|'in'|'over'} Phase
 * @typedef {'none'|'connecting'|'connected'|'lost'} Media
 * @typedef {import('./visit-tier.js').Tier} Tier
 *
 * @typedef {object} State
 * @property {Phase} phase
 * @property {Role} role
 * @property {number|null} me      our own end, where the server tells it
 * @property {VisitState} visit
 * @property {Media} media         our own packets
 * @property {boolean} been        media stood at least once
 * @property {boolean} stream      the event stream stands
 * @property {boolean} admitted
 * @property {Person[]} people
 * @property {Slot[]} slots
 * @property {number} epoch        of the slot map
 * @property {Clock|null} clock
 * @property {Tier|null} tier       what to send, and what our line carries
 * @property {Data} data           how much this person wants to get and to send
 * @property {boolean} chose        it was chosen on this page
 * @property {string} lines        what is said of the lines: a word of quality(), as line-news.js lets it be said
 * @property {Path} path           which way our packets go; '': not known
 * @property {Telephone|null} telephone  of the prison, when nothing else works
 * @property {boolean} stuck       there has been no connection for a while
 * @property {boolean} watched     staff watch this visit
 * @property {boolean} recorded    it is being recorded
 * @property {Kind} kind
 * @property {number} presence     the number under which the newest of them was announced
 * @property {number} acknowledge  rises when we are to say that we show it: each time that we are told, as a service
 *   that was started anew counts from 1, and knows of no answer
 * @property {Oversight|null} oversight  what staff have done in the visit
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {Ending|null} ending
 * @property {number} offer        rises when a new connection is wanted
 * @property {number} restart      rises when new ICE credentials are wanted
 * @property {number} rejoin       rises when a new token is wanted first
 *
 * @typedef {{why: string, sentence: string, used_s: number|null}} Ending
 * @typedef {'all'|'less'|'sound'} Data
 * @typedef {''|'udp'|'tcp'|'relay'} Path
 * @typedef {{number: string, link: string, code: string|null}} Telephone
 * @typedef {'prisoner'|'visitor'} Side
 * @typedef {'social'|'confidential'|''} Kind
 * @typedef {{id: string, text: string, lang: string}} Warning
 * @typedef {{paused: boolean, muted: Side[], blanked: Side[], warning: Warning|null, not_private: boolean,
 *   warned?: Record<Side, 'none'|'shown'|'acknowledged'>}} Oversight
 *
 * @typedef {{type: 'join'}
 *   | {type: 'asked'}
 *   | {type: 'joined', role: Role, end?: number, state: VisitState, telephone?: Telephone|null}
 *   | {type: 'failed', why: string, sentence: string}
 *   | {type: 'snapshot', state: VisitState, people: Person[], clock: Clock, slots: Slot[],
 *      epoch: number, kind?: Kind, data?: Data, monitor?: boolean, recording?: boolean, presence?: number, oversight?: Oversight, tier?: Tier,
 *      ended?: {why: string, sentence: string, used_s: number}}
 *   | {type: 'state', state: VisitState}
 *   | {type: 'people', people: Person[]}
 *   | {type: 'slots', epoch: number, slots: Slot[]}
 *   | ({type: 'clock'} & Clock)
 *   | ({type: 'tier'} & Tier)
 *   | {type: 'admitted', end: number}
 *   | {type: 'refused', end: number, reason: string}
 *   | {type: 'monitor', present: boolean, presence?: number}
 *   | {type: 'recording', on: boolean}
 *   | ({type: 'oversight'} & Oversight)
 *   | {type: 'purpose'}
 *   | {type: 'reconnect', why: string}
 *   | {type: 'replaced'} | {type: 'signed_out'}
 *   | {type: 'ended', why: string, sentence: string, used_s: number}
 *   | {type: 'connected'} | {type: 'lost'} | {type: 'silent'} | {type: 'broken'} | {type: 'unauthorised'}
 *   | {type: 'stream', open: boolean}
 *   | {type: 'lines', word: string} | {type: 'data', data: Data} | {type: 'path', path: Path} | {type: 'stuck'}
 *   | {type: 'microphone', on: boolean} | {type: 'camera', on: boolean}
 *   | {type: 'left'}} Happening
 */

/**
 * @param {Role} role
 * @param {string} [lasted]  what lasting() gave, where the page was loaded again in a visit
 * @returns {State}
 */
export function initial(role, lasted = '') {
	return {
		phase: 'idle', role, me: null, visit: 'booked', media: 'none', been: false, stream: false,
		admitted: role !== 'visitor', people: [], slots: [], epoch: 0, clock: null, tier: null, watched: false, recorded: false,
		kind: '', presence: 0, acknowledge: 0, oversight: null, data: 'all', chose: false, lines: '', path: '',
		telephone: null, stuck: false,
		microphone: !lasted.includes('no-microphone'), camera: !lasted.includes('no-camera'), ending: null, offer: 0, restart: 0, rejoin: 0,
	};
}

/**
 * What a page in a visit has to know when it is loaded again: what somebody switched off is not on again unasked.
 *
 * @param {State} state
 * @returns {string}
 */
export function lasting({ microphone, camera }) {
	return `in${microphone ? '' : ' no-microphone'}${camera ? '' : ' no-camera'}`;
}

/**
 * @param {State} state
 * @param {Happening} happening
 * @returns {State}
 */
export function step(state, happening) {
	if (state.phase === 'over')
		return state;
	switch (happening.type) {
	case 'join':
		return state.phase === 'idle' ? { ...state, phase: 'asking' } : state;
	case 'asked':
		return { ...state, phase: 'joining', rejoin: state.rejoin + 1 };
	case 'joined':
		return joined(state, happening);
	case 'failed':
		return over(state, happening.why, happening.sentence, null);
	case 'snapshot':
		return snapshot(state, happening);
	case 'state':
		return { ...state, visit: happening.state };
	case 'people':
		return withPeople(state, happening.people);
	case 'slots':
		return withSlots(state, happening);
	case 'clock':
		return { ...state, clock: clockOf(happening) };
	case 'tier':
		return { ...state, tier: tierOf(happening) };
	case 'admitted':
		return isMe(state, happening.end) ? { ...state, admitted: true } : state;
	case 'refused':
		return isMe(state, happening.end) ? over(state, 'refused', happening.reason, null) : state;
	case 'monitor':
		return {
			...state, watched: happening.present, presence: happening.presence ?? state.presence,
			acknowledge: happening.present ? state.acknowledge + 1 : state.acknowledge,
		};
	case 'recording':
		return { ...state, recorded: happening.on };
	case 'oversight':
		return { ...state, oversight: oversightOf(happening) };
	case 'purpose':
		return over(state, 'purpose', '', null);
	case 'reconnect':
		return { ...state, media: 'lost', offer: state.offer + 1 };
	case 'replaced':
		return over(state, 'replaced', '', null);
	case 'signed_out':
		return over(state, 'signed-out', '', null);
	case 'ended':
		return over(state, happening.why, happening.sentence, happening.used_s);
	case 'connected':
		return { ...state, media: 'connected', been: true, stuck: false };
	case 'data':
		return { ...state, data: happening.data, chose: true };
	case 'lines':
		return { ...state, lines: happening.word };
	case 'path':
		return { ...state, path: happening.path };
	case 'stuck':
		return { ...state, stuck: true };
	case 'lost':
		return state.media === 'connected' ? { ...state, media: 'lost' } : state;
	case 'silent':
		return silent(state);
	case 'broken':
		return { ...state, media: 'lost', offer: state.offer + 1 };
	case 'unauthorised':
		return { ...state, rejoin: state.rejoin + 1 };
	case 'stream':
		return { ...state, stream: happening.open };
	case 'microphone':
		return { ...state, microphone: happening.on };
	case 'camera':
		return { ...state, camera: happening.on };
	case 'left':
		return over(state, 'left', '', null);
	}
}

/**
 * @param {State} state
 * @param {Extract<Happening, {type: 'joined'}>} reply
 * @returns {State}
 */
function joined(state, reply) {
	const stands = state.media === 'connected';
	return {
		...state, phase: 'in', role: reply.role, me: reply.end ?? state.me, visit: reply.state,
		admitted: state.admitted || reply.role !== 'visitor', telephone: reply.telephone ?? state.telephone,
		media: stands ? 'connected' : state.been ? 'lost' : 'connecting',
		offer: stands ? state.offer : state.offer + 1,
	};
}

/**
 * @param {State} state
 * @param {Extract<Happening, {type: 'snapshot'}>} all
 * @returns {State}
 */
function snapshot(state, all) {
	if (all.ended)
		return over(state, all.ended.why, all.ended.sentence, all.ended.used_s);
	const next = withPeople({ ...state, visit: all.state, clock: all.clock }, all.people);
	const watched = all.monitor ?? state.watched;
	const data = state.chose ? state.data : all.data ?? state.data; // as before this page was loaded
	return {
		...next, slots: all.slots, epoch: all.epoch, watched, acknowledge: watched ? state.acknowledge + 1 : state.acknowledge,
		recorded: all.recording ?? state.recorded,
		presence: all.presence ?? state.presence, kind: all.kind ?? state.kind,
		data, chose: state.chose || data !== 'all', // a service that takes the visit over knows nothing of it
		oversight: all.oversight ? oversightOf(all.oversight) : state.oversight,
		tier: all.tier ? tierOf(all.tier) : state.tier,
		// A server that knows nothing of our connection was started anew: it gets another one.
		offer: state.media === 'connected' && all.slots.length === 0 ? state.offer + 1 : state.offer,
	};
}

/**
 * When the server no longer hears us though we hear it, new ICE credentials find another way.
 *
 * @param {State} state
 * @param {Person[]} people
 * @returns {State}
 */
function withPeople(state, people) {
	const mine = people.find((p) => isMe({ ...state, people }, p.end));
	const before = state.people.find((p) => p.end === mine?.end);
	const deaf = state.media === 'connected' && mine?.connection === 'lost' && before?.connection === 'connected';
	return {
		...state, people, admitted: mine?.admitted ?? state.admitted,
		restart: deaf ? state.restart + 1 : state.restart,
	};
}

/**
 * A map older than ours is not believed.
 *
 * @param {State} state
 * @param {{epoch: number, slots: Slot[]}} map
 * @returns {State}
 */
function withSlots(state, map) {
	return map.epoch < state.epoch ? state : { ...state, slots: map.slots, epoch: map.epoch };
}

/**
 * The first silence asks for an ICE restart, silence after that (or before the first packet) for
 * a new connection.
 *
 * @param {State} state
 * @returns {State}
 */
function silent(state) {
	if (state.media === 'connected')
		return { ...state, media: 'lost', restart: state.restart + 1 };
	return { ...state, offer: state.offer + 1 };
}

/**
 * @param {State} state
 * @param {string} why
 * @param {string} sentence
 * @param {number|null} used_s
 * @returns {State}
 */
function over(state, why, sentence, used_s) {
	return {
		...state, phase: 'over', slots: [], people: [], media: 'none', lines: '',
		ending: { why, sentence, used_s },
	};
}

/**
 * @param {Clock} from
 * @returns {Clock}
 */
function clockOf({ running, used_s, booked_s, ends_at, lost }) {
	return { running, used_s, booked_s, ends_at, lost };
}

/**
 * @param {Tier} from
 * @returns {Tier}
 */
function tierOf({ line, send, bps, audio, video, signs }) {
	return { line, send, bps, audio, video, signs: signs ?? false };
}

/**
 * @param {Oversight} from
 * @returns {Oversight}
 */
function oversightOf({ paused, muted, blanked, warning, not_private, warned }) {
	return { paused, muted, blanked, warning, not_private, ...(warned ? { warned } : {}) };
}

/**
 * @param {State} state
 * @param {number} end
 */
function isMe(state, end) {
	if (state.me !== null)
		return state.me === end;
	return state.people.find((p) => p.end === end)?.role === state.role;
}

/**
 * Everybody else who takes part: the prisoner, and visitors at other devices.
 *
 * @param {State} state
 */
export function others(state) {
	return state.people.filter((p) => p.role !== 'monitor' && !isMe(state, p.end));
}

/**
 * The other side: whom a visitor, or a prisoner, has come to meet.  The clock runs with them.
 *
 * @param {State} state
 */
function otherSide(state) {
	return others(state).filter((p) => p.role !== state.role);
}

/** @param {Person} person */
const isHere = (person) => person.connection === 'connected' && person.admitted;

/**
 * Visitors at other devices who have not come; while nobody of the other side is here, the status says so.
 *
 * @param {State} state
 * @returns {Person[]}
 */
export function absent(state) {
	if (state.phase !== 'in' || !state.admitted)
		return [];
	const side = otherSide(state);
	const told = side.some(isHere) ? [] : side;
	return others(state).filter((p) => !told.includes(p) && !p.present);
}

/**
 * The one sentence that the page shows now, as a word of the template and its values.
 *
 * @param {State} state
 * @returns {{word: string, values: Record<string, string>}}
 */
export function status(state) {
	if (state.phase === 'over')
		return {
			word: `over.${state.ending?.why ?? 'finished'}`,
			values: { sentence: state.ending?.sentence ?? '' },
		};
	if (state.phase !== 'in')
		return { word: state.phase, values: {} };
	if (state.media === 'lost')
		return { word: 'lost', values: {} };
	if (state.media !== 'connected')
		return { word: 'connecting', values: {} };
	if (!state.admitted)
		return { word: 'lobby', values: {} };
	return company(state);
}

/**
 * What staff have done, as words of the page: both ends are told the same, each from its side.
 *
 * @param {State} state
 * @returns {string[]}
 */
export function notices(state) {
	const { oversight: o, role } = state;
	if (!o || state.phase !== 'in')
		return [];
	const words = [];
	const who = (/** @type {Side} */ side) => (side === role ? 'me' : 'other');
	if (role !== 'monitor') {
		words.push(...o.muted.map((side) => `muted-${who(side)}`));
		words.push(...o.blanked.map((side) => `blanked-${who(side)}`));
	}
	if (o.not_private)
		words.push('not-private');
	return words;
}

/**
 * @param {State} state
 * @returns {{word: string, values: Record<string, string>}}
 */
function company(state) {
	if (state.oversight?.paused)
		return { word: 'paused', values: {} };
	if (state.role === 'monitor')
		return { word: 'watching', values: {} };
	const they = otherSide(state);
	const lost = they.find((p) => p.connection === 'lost');
	const meets = they.some(isHere);
	if (lost && !meets)
		return { word: 'other-lost', values: { name: lost.name } };
	if (!meets)
		return { word: 'waiting', values: { name: they.map((p) => p.name).join(', ') } };
	return { word: 'live', values: { name: others(state).filter(isHere).map((p) => p.name).join(', ') } };
}

/** What is said of a line of this letter, and of what is sent for that of another; better ones are not spoken of. */
const OF_LINES = {
	talk: {
		own: /** @type {Record<string, string>} */ ({ G: 'sound-only', E: 'stills', D: 'slow', C: 'slow' }),
		other: /** @type {Record<string, string>} */ ({ G: 'other-no-picture', E: 'other-stills', D: 'other-slow', C: 'other-slow' }),
	},
	sign: {
		own: /** @type {Record<string, string>} */ ({ G: 'no-signing', E: 'no-signing', D: 'slow-signing', C: 'slow-signing' }),
		other: /** @type {Record<string, string>} */ ({
			G: 'other-no-signing', E: 'other-no-signing', D: 'other-slow-signing', C: 'other-slow-signing',
		}),
	},
};

/**
 * Why we send less than our own line carries: the line of somebody else, or what they have chosen.
 *
 * @param {State} state
 * @param {string} word  what is said of a line that carries no more than we send
 */
function ofOthers(state, word) {
	const they = others(state).filter(isHere);
	if (!word || !state.admitted || they.length === 0)
		return '';
	if (state.tier?.send === 'G' && they.every((p) => p.data === 'sound'))
		return 'other-sound';
	return !'GE'.includes(state.tier?.send ?? '') && they.some((p) => p.data === 'less') ? 'other-less' : word;
}

/**
 * How the lines are: one word, or '' while all is well.  Our own line comes first; what we send is also
 * lowered for the line of somebody else.
 *
 * @param {State} state
 * @returns {string} chosen-sound, chosen-less, chosen-less-signing, other-less, other-sound, or of OF_LINES
 */
export function quality(state) {
	const { tier } = state;
	if (state.phase === 'in' && state.data === 'sound')
		return 'chosen-sound';
	if (state.phase !== 'in' || state.media !== 'connected' || !tier?.line)
		return '';
	const said = tier.signs ? OF_LINES.sign : OF_LINES.talk;
	if ('GE'.includes(tier.line))
		return said.own[tier.line] ?? '';
	if (state.data === 'less')
		return tier.signs ? 'chosen-less-signing' : 'chosen-less';
	return said.own[tier.line] ?? ofOthers(state, said.other[tier.send] ?? '');
}

/** @param {State} state */
export function isOut(state) {
	return ['joining', 'in'].includes(state.phase) && state.media !== 'connected';
}

/**
 * Sound and picture cannot be had: the telephone is what is left.
 *
 * @param {State} state
 */
export function needsTelephone(state) {
	if (state.role === 'monitor')
		return false;
	if (state.phase === 'over')
		return ['unreachable', 'unsupported', 'no-device'].includes(state.ending?.why ?? '');
	return state.stuck && isOut(state);
}
