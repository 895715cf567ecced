import assert from 'node:assert/strict';
import test from 'node:test';
import { absent, initial, lasting, needsTelephone, notices, others, quality, status, step } from '../../front/js/visit-state.js';

const prisoner = { end: 0, role: 'prisoner', name: 'Jordan', present: true, connection: 'connected', admitted: true };
const visitor = { end: 1, role: 'visitor', name: 'Sam', present: true, connection: 'connected', admitted: false };
const admitted = { ...visitor, admitted: true };
const aunt = { end: 2, role: 'visitor', name: 'Ann', present: true, connection: 'connected', admitted: true };
const clock = { running: false, used_s: 0, booked_s: 1800, ends_at: '2026-11-23T14:30:00Z' };

const run = (state, ...happenings) => happenings.reduce(step, state);
const joined = run(initial('visitor'), { type: 'join' }, { type: 'asked' },
	{ type: 'joined', role: 'visitor', end: 1, state: 'lobby' });
const lobby = run(joined,
	{ type: 'snapshot', state: 'lobby', people: [prisoner, visitor], clock, slots: [], epoch: 3 },
	{ type: 'connected' });
const live = run(lobby, { type: 'admitted', end: 1 }, { type: 'state', state: 'live' });

test('joining asks for devices, then a seat, then one connection', () => {
	assert.equal(run(initial('visitor'), { type: 'join' }).phase, 'asking');
	assert.equal(joined.rejoin, 1);
	assert.equal(joined.offer, 1);
	assert.equal(joined.phase, 'in');
});

test('the telephone is named when there is no connection for a while, and no longer than that', () => {
	assert.ok(!needsTelephone(joined));
	const stuck = step(joined, { type: 'stuck' });
	assert.ok(needsTelephone(stuck));
	assert.ok(!needsTelephone(step(stuck, { type: 'connected' })));
	assert.ok(!needsTelephone(run(stuck, { type: 'connected' }, { type: 'silent' })), 'a new silence waits again');
	assert.ok(!needsTelephone(step({ ...stuck, role: 'monitor' }, { type: 'stuck' })));
	assert.ok(needsTelephone(step(joined, { type: 'failed', why: 'unsupported', sentence: '' })));
	assert.ok(!needsTelephone(step(stuck, { type: 'ended', why: 'finished', sentence: '', used_s: 60 })));
});

test('who wants less data or sound alone is told so, whatever the line carries', () => {
	const tier = { type: 'tier', line: 'A', send: 'D', bps: 52000, audio: { bps: 12000, ms: 60 }, video: null };
	const wants = (data) => quality(run(live, tier, { type: 'data', data }));
	assert.equal(wants('sound'), 'chosen-sound');
	assert.equal(wants('less'), 'chosen-less');
	assert.equal(quality(run(live, { ...tier, line: 'D' }, { type: 'data', data: 'less' })), 'chosen-less', 'more was not tried');
	assert.equal(quality(run(live, { ...tier, line: 'G' }, { type: 'data', data: 'less' })), 'sound-only');
	assert.equal(wants('all'), 'other-slow');
});

test('who sends less because the other side has chosen so is told that, and not that a line is slow', () => {
	const tier = (send) => ({ type: 'tier', line: 'A', send, bps: 52000, audio: { bps: 12000, ms: 60 }, video: null });
	const with_ = (send, ...wishes) => quality(run(live, tier(send), { type: 'people', people: [
		{ ...prisoner, data: wishes[0] }, admitted, ...wishes.slice(1).map((data) => ({ ...aunt, data })),
	] }));
	assert.equal(with_('D', 'less'), 'other-less');
	assert.equal(with_('G', 'sound'), 'other-sound');
	assert.equal(with_('D', 'all'), 'other-slow');
	assert.equal(with_('G', 'all'), 'other-no-picture');
	assert.equal(with_('E', 'less'), 'other-stills', 'a line carries less than they wanted');
	assert.equal(with_('D', 'sound', 'less'), 'other-less');
	assert.equal(with_('G', 'sound', 'all'), 'other-no-picture');
	assert.equal(with_('F', 'sound', 'all'), '');
});

test('of the lines of others nothing is said before anybody is met', () => {
	const slow = { type: 'tier', line: 'A', send: 'D', bps: 52000, audio: { bps: 12000, ms: 60 }, video: null };
	assert.equal(quality(run(lobby, slow)), '', 'in the lobby nothing is sent to them');
	assert.equal(quality(run(live, slow, { type: 'people', people: [{ ...prisoner, connection: 'away' }, admitted] })), '');
});

test('a page that is loaded again wants what it wanted, and nobody is overruled who has chosen since', () => {
	const all = { type: 'snapshot', state: 'live', people: [prisoner, admitted], clock, slots: [], epoch: 3 };
	assert.equal(run(joined, { ...all, data: 'sound' }).data, 'sound');
	assert.equal(run(joined, all).data, 'all');
	assert.equal(run(joined, { type: 'data', data: 'less' }, { ...all, data: 'all' }).data, 'less');
	assert.equal(run(joined, { type: 'data', data: 'less' }, { type: 'data', data: 'all' }, { ...all, data: 'less' }).data, 'all');
	assert.equal(run(joined, { ...all, data: 'less' }, { ...all, data: 'all' }).data, 'less', 'another service took the visit over');
});

test('what was switched off is off when the page is loaded again', () => {
	for (const [microphone, camera] of [[true, true], [true, false], [false, true], [false, false]]) {
		const again = initial('visitor', lasting({ ...initial('visitor'), microphone, camera }));
		assert.deepEqual([again.microphone, again.camera], [microphone, camera]);
	}
});

test('the join button works once', () => {
	const asking = run(initial('visitor'), { type: 'join' });
	assert.equal(step(asking, { type: 'join' }), asking);
});

test('a visitor waits in the lobby until staff admit exactly this seat', () => {
	assert.equal(status(lobby).word, 'lobby');
	assert.equal(status(run(lobby, { type: 'admitted', end: 2 })).word, 'lobby');
	assert.deepEqual(status(live), { word: 'live', values: { name: 'Jordan' } });
});

test('a seat admitted before this page came is admitted by the snapshot', () => {
	const again = run(joined, { type: 'connected' }, {
		type: 'snapshot', state: 'live', people: [prisoner, { ...visitor, admitted: true }], clock, slots: [], epoch: 9,
	});
	assert.equal(status(again).word, 'live');
});

test('a refusal of another visitor does not end this one', () => {
	assert.equal(run(lobby, { type: 'refused', end: 2, reason: 'no' }).phase, 'in');
	const refused = run(lobby, { type: 'refused', end: 1, reason: 'The picture did not match.' });
	assert.equal(refused.phase, 'over');
	assert.deepEqual(status(refused), { word: 'over.refused', values: { sentence: 'The picture did not match.' } });
});

test('the first silence restarts ICE, the second makes a new connection', () => {
	const first = run(live, { type: 'silent' });
	assert.equal(first.restart, live.restart + 1);
	assert.equal(first.offer, live.offer);
	assert.equal(status(first).word, 'lost');
	assert.equal(run(first, { type: 'silent' }).offer, live.offer + 1);
	const lost = run(live, { type: 'lost' });
	assert.equal(lost.media, 'lost', 'while another connection is being made, people are told');
	assert.deepEqual([lost.restart, lost.offer], [live.restart, live.offer], 'and nothing more is asked for');
	assert.equal(run(lost, { type: 'connected' }).media, 'connected');
	assert.equal(status(run(first, { type: 'connected' })).word, 'live');
});

test('a dead media process leads to a new connection at once', () => {
	const gone = run(live, { type: 'reconnect', why: 'media_restarted' });
	assert.equal(gone.offer, live.offer + 1);
	assert.equal(gone.phase, 'in');
});

test('a new token while media stands does not tear the media', () => {
	const again = run(live, { type: 'unauthorised' }, { type: 'joined', role: 'visitor', end: 1, state: 'live' });
	assert.equal(again.rejoin, live.rejoin + 1);
	assert.equal(again.offer, live.offer);
	assert.equal(again.media, 'connected');
});

test('a slot map older than ours is not believed', () => {
	const slots = [{ mid: '3', kind: 'video', end: 0 }];
	const now = run(live, { type: 'slots', epoch: 5, slots });
	assert.deepEqual(run(now, { type: 'slots', epoch: 4, slots: [] }).slots, slots);
	assert.deepEqual(run(now, { type: 'slots', epoch: 6, slots: [] }).slots, []);
});

test('when the server has lost us though we hear it, new credentials are wanted once', () => {
	const heard = run(live, { type: 'people', people: [prisoner, visitor] });
	const gone = run(heard, { type: 'people', people: [prisoner, { ...visitor, connection: 'lost' }] });
	assert.deepEqual([gone.media, gone.restart], ['connected', heard.restart + 1]);
	const still = run(gone, { type: 'people', people: [prisoner, { ...visitor, connection: 'lost' }] });
	assert.equal(still.restart, gone.restart);
});

test('the other side lost is said by name', () => {
	const lost = run(live, { type: 'people', people: [{ ...prisoner, connection: 'lost' }, admitted] });
	assert.deepEqual(status(lost), { word: 'other-lost', values: { name: 'Jordan' } });
});

test('monitors are not company', () => {
	const people = [admitted, { ...prisoner, end: 2, role: 'monitor', name: 'Officer' }];
	const alone = run(live, { type: 'people', people });
	assert.equal(others(alone).length, 0);
	assert.equal(status(alone).word, 'waiting');
});

test('visitors at other devices are company, and one who drops does not hide that the visit goes on', () => {
	const all = run(live, { type: 'people', people: [prisoner, admitted, aunt] });
	assert.deepEqual(status(all), { word: 'live', values: { name: 'Jordan, Ann' } });
	const dropped = run(all, { type: 'people', people: [prisoner, admitted, { ...aunt, connection: 'lost' }] });
	assert.deepEqual(status(dropped), { word: 'live', values: { name: 'Jordan' } });
	const alone = run(all, { type: 'people', people: [{ ...prisoner, connection: 'away' }, admitted, aunt] });
	assert.deepEqual(status(alone), { word: 'waiting', values: { name: 'Jordan' } });
});

test('who has not come of several is named, not twice', () => {
	const away = { ...aunt, present: false, connection: 'away', admitted: false };
	assert.deepEqual(absent(run(live, { type: 'people', people: [prisoner, admitted, away] })).map((p) => p.name), ['Ann']);
	const nobody = run(live, { type: 'people', people: [{ ...prisoner, present: false, connection: 'away' }, admitted, away] });
	assert.deepEqual(absent(nobody).map((p) => p.name), ['Ann']);
	assert.equal(status(nobody).word, 'waiting');
	assert.deepEqual(absent(run(lobby, { type: 'people', people: [prisoner, visitor, away] })), []);
});

test('the prisoner meets whoever is there of the visitors', () => {
	const inside = run(initial('prisoner'), { type: 'join' }, { type: 'asked' },
		{ type: 'joined', role: 'prisoner', end: 0, state: 'live' }, { type: 'connected' });
	const one = run(inside, { type: 'people', people: [prisoner, { ...admitted, connection: 'lost' }, aunt] });
	assert.deepEqual(status(one), { word: 'live', values: { name: 'Ann' } });
	const none = run(inside, { type: 'people', people: [prisoner, { ...admitted, connection: 'lost' }, { ...aunt, connection: 'away' }] });
	assert.equal(status(none).word, 'other-lost');
});

test('whose admission is taken back waits in the lobby again', () => {
	assert.equal(status(run(live, { type: 'people', people: [prisoner, visitor] })).word, 'lobby');
});

test('after the end nothing changes any more and nobody stays on the page', () => {
	const ended = run(live, { type: 'ended', why: 'staff', sentence: 'Staff ended it.', used_s: 12 });
	assert.equal(ended.phase, 'over');
	assert.deepEqual(ended.people, []);
	assert.deepEqual(ended.slots, []);
	assert.equal(step(ended, { type: 'connected' }), ended);
	assert.equal(status(ended).word, 'over.staff');
});

test('a snapshot tells who comes back late that staff watch, or that the visit is over and why', () => {
	const snapshot = { type: 'snapshot', state: 'live', people: [prisoner, visitor], clock, slots: [], epoch: 7 };
	assert.equal(run(live, { ...snapshot, monitor: true }).watched, true);
	assert.equal(run(live, { ...snapshot, monitor: true }, { ...snapshot, monitor: false }).watched, false);
	const ended = run(live, {
		...snapshot, state: 'ended', ended: { why: 'staff', sentence: 'Staff ended it.', used_s: 12 },
	});
	assert.equal(ended.phase, 'over');
	assert.deepEqual(ended.ending, { why: 'staff', sentence: 'Staff ended it.', used_s: 12 });
});

test('every event of the stream is a happening that step knows', async () => {
	const { EVENTS } = await import('../../front/js/signalling.js');
	for (const type of EVENTS)
		assert.ok(step(live, { type, people: [], slots: [], epoch: 99, state: 'live', end: 1, clock }), type);
});

const OVERSIGHT = { paused: false, muted: [], blanked: [], warning: null, not_private: false };

/** A visitor in a live visit whose media stands. */
function met() {
	return {
		...initial('visitor'), phase: 'in', me: 1, media: 'connected', admitted: true, visit: 'live',
		people: [{ end: 0, role: 'prisoner', name: 'Dan', present: true, connection: 'connected', admitted: true }],
	};
}

test('a pause is said before anything else, and what is muted from each side', () => {
	const paused = step(met(), { type: 'oversight', ...OVERSIGHT, paused: true });
	assert.equal(status(paused).word, 'paused');
	const muted = step(met(), { type: 'oversight', ...OVERSIGHT, muted: ['visitor'], blanked: ['prisoner'] });
	assert.deepEqual(notices(muted), ['muted-me', 'blanked-other']);
	assert.deepEqual(notices({ ...muted, role: 'prisoner' }), ['muted-other', 'blanked-me']);
	assert.deepEqual(notices({ ...muted, role: 'monitor' }), []);
	assert.equal(status(muted).word, 'live');
});

test('each time that we are told of a monitor we are to answer, also by a service that counts from 1 again', () => {
	const snapshot = { type: 'snapshot', state: 'live', people: [prisoner, visitor], clock, slots: [], epoch: 0, presence: 1 };
	const told = run(live, { type: 'monitor', present: true, presence: 1 });
	assert.equal(told.acknowledge, live.acknowledge + 1);
	const again = run(told, { ...snapshot, monitor: true });
	assert.deepEqual([again.acknowledge, again.presence], [told.acknowledge + 1, 1]);
	const gone = run(again, { type: 'monitor', present: false, presence: 1 });
	assert.equal(gone.acknowledge, again.acknowledge);
	assert.equal(run(gone, { ...snapshot, monitor: false }).acknowledge, again.acknowledge);
});

test('the number of the newest monitor is kept, so that it can be answered', () => {
	const told = step(met(), { type: 'monitor', present: true, presence: 4 });
	assert.deepEqual([told.watched, told.presence], [true, 4]);
});

test('staff whose look before admission is over are told to say why', () => {
	const over = step({ ...met(), role: 'monitor' }, { type: 'purpose' });
	assert.deepEqual([over.phase, over.ending.why], ['over', 'purpose']);
});

test('who is signed out is out of the visit, and does not try to come back', () => {
	const over = step(met(), { type: 'signed_out' });
	assert.deepEqual([over.phase, over.ending.why, over.rejoin], ['over', 'signed-out', met().rejoin]);
});

test('a server that knows nothing of a standing connection gets a new offer', () => {
	const all = { type: 'snapshot', state: 'live', people: [], clock: null, slots: [], epoch: 0 };
	assert.equal(step(met(), all).offer, 1);
	assert.equal(step({ ...met(), media: 'connecting' }, all).offer, 0);
	const slots = [{ mid: '2', kind: 'audio', end: null }];
	assert.equal(step(met(), { ...all, slots }).offer, 0);
});
