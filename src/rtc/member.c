#include "rtc/member.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "rtc/feedback.h"
#include "rtc/sender_tier.h"
#include "rtc/site.h"
#include "rtc/tap.h"
#include "rtc/visit.h"
#include "wire/red.h"

enum {
	LOST_US = 3000000,
	LOST_WATCHING_US = 15000000,
	CONNECT_US = 30000000,
	REPORT_US = 1000000,
	REPORT_THIN_US = 2500000,
};

static uint32_t place_of(const struct core *core, const struct member *member)
{
	return (uint32_t)(member - core->members);
}

/* ---- coming and going ---- */

static uint32_t free_place(const struct core *core)
{
	for (uint32_t i = 0; i < core->members_max; i++)
		if (!core->members[i].used)
			return i;
	return CORE_NOBODY;
}

static uint64_t ufrag_key(const struct ice *ice)
{
	_Static_assert(ICE_UFRAG_LEN == 8, "a ufrag of ours is one number of 64 bits");
	return get_u64((const uint8_t *)ice_local(ice)->ufrag);
}

static struct bytes text_bytes(const struct media_text *text)
{
	return bytes_of(text->at, text->len);
}

static void init_lines(struct core *core, struct member *member, const struct media_offer *offer)
{
	member->uplinks_len = offer->uplinks_len;
	for (size_t i = 0; i < offer->uplinks_len; i++) {
		uplink_init(&member->uplinks[i], &offer->uplinks[i]);
		if (offer->uplinks[i].ext.twcc)
			member->twcc_id = offer->uplinks[i].ext.twcc;
		if (offer->uplinks[i].ext.abs_send_time)
			member->send_time_id = offer->uplinks[i].ext.abs_send_time;
	}
	member->slots_len = offer->slots_len;
	if (member->slots_len > 0)
		member->slots = mem_new(member->slots_len, sizeof member->slots[0]);
	for (size_t i = 0; i < offer->slots_len; i++) {
		uint32_t tag = place_of(core, member) * MEDIA_SLOTS_MAX + (uint32_t)i + 1;
		slot_init(&member->slots[i], &offer->slots[i], tag, core->random);
	}
}

static void free_parts(struct member *member)
{
	ice_free(member->ice);
	dtls_free(member->dtls);
	srtp_free(member->srtp);
	srtp_free(member->leg.srtp);
	free(member->leg.estimator);
	pace_clear(&member->pace);
	for (size_t i = 0; i < member->uplinks_len; i++)
		uplink_clear(&member->uplinks[i]);
	for (size_t i = 0; i < member->slots_len; i++)
		slot_clear(&member->slots[i]);
	free(member->slots);
	mem_wipe(member, sizeof *member);
}

static void tell_answer(struct core *core, const struct member *member, bool with_slots)
{
	const struct ice_credentials *ours = ice_local(member->ice);
	struct media_message message = {
		.type = MEDIA_PEER_ANSWER,
		.answer = {
			.visit = core->visits[member->visit].open.visit,
			.peer = member->id,
			.ufrag = { .len = ICE_UFRAG_LEN },
			.pwd = { .len = ICE_PWD_LEN },
		},
	};
	struct media_answer *answer = &message.answer;
	memcpy(answer->ufrag.at, ours->ufrag, ICE_UFRAG_LEN);
	memcpy(answer->pwd.at, ours->pwd, ICE_PWD_LEN);
	answer->slots_len = with_slots ? (uint8_t)member->slots_len : 0;
	for (size_t i = 0; i < answer->slots_len; i++)
		answer->slots[i] = (struct media_slot_ssrc){
			.ssrc = member->slots[i].ssrc,
			.rtx_ssrc = member->slots[i].rtx_ssrc,
		};
	core_report(core, &message);
}

static void make_parts(struct core *core, struct member *member, const struct media_offer *offer)
{
	member->ice = ice_new(core->random, text_bytes(&offer->ufrag));
	member->dtls = dtls_new(core->identity, offer->own_page ? DTLS_ACTIVE : DTLS_PASSIVE,
				offer->fingerprint);
	member->leg.outbox = &core->outbox;
	member->leg.rtx_saved = LEG_RTX_SAVED_FIRST;
	member->ssrc = random_u32(core->random) | 1;
	init_lines(core, member, offer);
}

uint32_t member_add(struct core *core, uint32_t visit, const struct media_offer *offer,
		    struct mono now)
{
	uint32_t at = free_place(core);
	if (at == CORE_NOBODY)
		return CORE_NOBODY;
	struct member *member = &core->members[at];
	*member = (struct member){
		.used = true,
		.id = offer->peer,
		.visit = visit,
		.end = offer->end,
		.role = offer->role,
		.own_page = offer->own_page,
		.known_bps = offer->start_bps,
		.most = TIER_COUNT - 1,
		.since = now,
		.heard = now,
	};
	make_parts(core, member, offer);
	bool known = member->ice && member->dtls &&
		     !map_set(&core->peer_ids, (uint64_t)member->id.n, at) &&
		     !map_set(&core->ufrags, ufrag_key(member->ice), at);
	if (!known) {
		map_remove(&core->peer_ids, (uint64_t)member->id.n);
		free_parts(member);
		return CORE_NOBODY;
	}
	core->totals.peers++;
	tell_answer(core, member, true);
	core_member_due(core, at, now);
	return at;
}

static void enter(struct core *core, struct member *member, enum media_peer_state state,
		  enum media_reason reason)
{
	if (member->state == state)
		return;
	log_event(core->log, LOG_INFO, "peer", LOG_ID("peer", member->id.n),
		  LOG_WORD("from", media_peer_state_name(member->state)),
		  LOG_WORD("to", media_peer_state_name(state)),
		  LOG_WORD("reason", media_reason_name(reason)));
	member->state = state;
	member_tell_state(core, member, reason);
}

static void send_dtls(struct core *core, struct member *member)
{
	struct bytes datagram;
	while (dtls_output(member->dtls, &datagram)) {
		uint8_t *room = outbox_room(&core->outbox, false);
		if (!room || !member->leg.open || datagram.len > OUTBOX_BYTES)
			continue;
		memcpy(room, datagram.at, datagram.len);
		outbox_add(&core->outbox, &member->leg.to, datagram.len, OUTBOX_NO_TAG);
	}
}

static void forget_tuple(struct core *core, uint32_t at, const struct address *tuple)
{
	uint64_t key = address_key(tuple, core->secret);
	uint32_t owner;
	if (map_get(&core->tuples, key, &owner) && owner == at)
		map_remove(&core->tuples, key);
}

static void forget(struct core *core, uint32_t at)
{
	struct member *member = &core->members[at];
	struct address tuples[ICE_TUPLES_MAX];
	size_t count = ice_tuples(member->ice, tuples);
	for (size_t i = 0; i < count; i++)
		forget_tuple(core, at, &tuples[i]);
	map_remove(&core->ufrags, ufrag_key(member->ice));
	map_remove(&core->peer_ids, (uint64_t)member->id.n);
}

void member_close(struct core *core, uint32_t at, enum media_reason reason, struct mono now)
{
	struct member *member = &core->members[at];
	dtls_close(member->dtls);
	send_dtls(core, member);
	enter(core, member, MEDIA_PEER_CLOSED, reason);
	visit_member_gone(core, at, now);
	forget(core, at);
	free_parts(member);
	core->totals.peers--;
	core->member_due[at] = MONO_NEVER;
}

void member_restart(struct core *core, uint32_t at, const struct media_restart *restart,
		    struct mono now)
{
	struct member *member = &core->members[at];
	map_remove(&core->ufrags, ufrag_key(member->ice));
	bool fresh = ice_restart(member->ice, core->random, text_bytes(&restart->ufrag));
	if (map_set(&core->ufrags, ufrag_key(member->ice), at))
		fresh = false;
	if (fresh)
		tell_answer(core, member, false);
	else
		member_close(core, at, MEDIA_REASON_BAD_OFFER, now);
}

/* ---- what pvl-web is told ---- */

void member_tell_state(struct core *core, const struct member *member, enum media_reason reason)
{
	core_report(core, &(struct media_message){
			      .type = MEDIA_PEER_STATE,
			      .state = {
				  .visit = core->visits[member->visit].open.visit,
				  .peer = member->id,
				  .end = member->end,
				  .role = member->role,
				  .state = member->state,
				  .reason = reason,
			      },
			  });
}

void member_tell_slots(struct core *core, const struct member *member)
{
	const struct visit *visit = &core->visits[member->visit];
	struct media_message message = {
		.type = MEDIA_SLOTS,
		.slots = {
			.visit = visit->open.visit,
			.peer = member->id,
			.epoch = visit->routes.epoch,
			.slots_len = (uint8_t)member->slots_len,
		},
	};
	for (size_t i = 0; i < member->slots_len; i++)
		message.slots.source[i] = member->slots[i].source;
	core_report(core, &message);
}

/* ---- time ---- */

static int64_t patience_us(const struct member *member)
{
	for (size_t i = 0; i < member->uplinks_len; i++)
		if (member->uplinks[i].started)
			return LOST_US;
	return LOST_WATCHING_US;
}

static bool has_keys(const struct member *member)
{
	return member->srtp != NULL;
}

static void plan(struct core *core, uint32_t at)
{
	const struct member *member = &core->members[at];
	struct mono next = mono_min(ice_next(member->ice), dtls_next(member->dtls));
	if (!has_keys(member))
		next = mono_min(next, mono_add_us(member->since, CONNECT_US));
	else
		next = mono_min(next, mono_min(feedback_next(member), member->report_at));
	next = mono_min(next, pace_next(member));
	if (member->state == MEDIA_PEER_CONNECTED)
		next = mono_min(next, mono_add_us(member->heard, patience_us(member)));
	core_member_due(core, at, next);
}

static void follow_ice(struct member *member)
{
	const struct address before = member->leg.to;
	member->leg.open = ice_selected(member->ice, &member->leg.to);
	if (!address_equal(&before, &member->leg.to))
		member->leg.full = false;
}

/* True if it is gone. */
static bool end_if_over(struct core *core, uint32_t at, struct mono now)
{
	struct member *member = &core->members[at];
	enum media_reason reason = MEDIA_REASON_NONE;
	if (ice_state(member->ice) == ICE_STOPPED)
		reason = MEDIA_REASON_CONSENT;
	if (dtls_state(member->dtls) == DTLS_FAILED)
		reason = MEDIA_REASON_DTLS;
	if (dtls_state(member->dtls) == DTLS_CLOSED)
		reason = MEDIA_REASON_REMOTE;
	if (!has_keys(member) && mono_diff_us(now, member->since) >= CONNECT_US)
		reason = MEDIA_REASON_CONSENT;
	if (reason == MEDIA_REASON_NONE)
		return false;
	member_close(core, at, reason, now);
	return true;
}

static void notice_silence(struct core *core, struct member *member, struct mono now)
{
	bool silent = mono_diff_us(now, member->heard) >= patience_us(member);
	if (member->state == MEDIA_PEER_CONNECTED && silent)
		enter(core, member, MEDIA_PEER_LOST, MEDIA_REASON_NONE);
}

void member_tick(struct core *core, uint32_t at, struct mono now)
{
	struct member *member = &core->members[at];
	ice_tick(member->ice, now);
	follow_ice(member);
	dtls_tick(member->dtls, now);
	send_dtls(core, member);
	if (end_if_over(core, at, now))
		return;
	notice_silence(core, member, now);
	if (has_keys(member)) {
		feedback_send(member, now);
		pace_release(core, member, now);
		if (!mono_before(now, member->report_at)) {
			feedback_report(core, member, now);
			member->report_at = mono_add_us(
			    now, leg_is_thin(&member->leg) ? REPORT_THIN_US : REPORT_US);
		}
	}
	plan(core, at);
}

/* An authenticated packet came. */
static void hear(struct core *core, struct member *member, struct mono now)
{
	member->heard = now;
	if (member->state == MEDIA_PEER_LOST)
		enter(core, member, MEDIA_PEER_CONNECTED, MEDIA_REASON_NONE);
}

/* ---- STUN and DTLS ---- */

/* An address is its first owner's as long as that one is heard: a check sent in its name, by
 * whoever holds a password of ours, takes nothing away. */
static bool is_held_by_other(const struct core *core, uint32_t at, const struct address *tuple,
			     struct mono now)
{
	uint32_t owner;
	if (!map_get(&core->tuples, address_key(tuple, core->secret), &owner) || owner == at)
		return false;
	const struct member *other = &core->members[owner];
	return ice_is_validated(other->ice, tuple) && mono_diff_us(now, other->heard) < LOST_US;
}

static void remember_tuple(struct core *core, uint32_t at, const struct ice_result *result,
			   const struct address *from, struct mono now)
{
	if (result->dropped)
		forget_tuple(core, at, &result->dropped_tuple);
	if (is_held_by_other(core, at, from, now) ||
	    map_set(&core->tuples, address_key(from, core->secret), at))
		core_drop(core, MEDIA_DROP_STUN);
}

static void answer_check(struct core *core, const struct ice_result *result,
			 const struct address *from, const uint8_t *reply)
{
	uint8_t *room = outbox_room(&core->outbox, false);
	if (!room || result->reply_len == 0)
		return;
	memcpy(room, reply, result->reply_len);
	outbox_add(&core->outbox, from, result->reply_len, OUTBOX_NO_TAG);
}

void member_stun(struct core *core, uint32_t at, const struct address *from, struct bytes datagram,
		 struct mono now)
{
	struct member *member = &core->members[at];
	uint8_t reply[ICE_REPLY_MAX];
	struct ice_result result = ice_input(member->ice, datagram, from, now, reply);
	answer_check(core, &result, from, reply);
	if (!result.valid) {
		core_drop(core, MEDIA_DROP_STUN);
		return;
	}
	remember_tuple(core, at, &result, from, now);
	follow_ice(member);
	hear(core, member, now);
	if (member->state == MEDIA_PEER_NEW)
		enter(core, member, MEDIA_PEER_CONNECTING, MEDIA_REASON_NONE);
	if (member->own_page)
		dtls_start(member->dtls, now);
	send_dtls(core, member);
	plan(core, at);
}

void member_set_full(struct core *core, uint32_t at, const struct address *to, bool full,
		     struct mono now)
{
	struct leg *leg = &core->members[at].leg;
	if (leg->full == full || !address_equal(&leg->to, to))
		return;
	leg->full = full;
	leg->full_since = now;
	plan(core, at);
}

void member_tuple_gone(struct core *core, uint32_t at, const struct address *tuple, struct mono now)
{
	struct member *member = &core->members[at];
	forget_tuple(core, at, tuple);
	ice_forget(member->ice, tuple, now);
	follow_ice(member);
	plan(core, at);
}

/* True once both directions can be used. */
static bool make_keys(struct member *member)
{
	struct srtp_key send;
	struct srtp_key receive;
	if (!dtls_keys(member->dtls, &send, &receive))
		return false;
	member->leg.srtp = srtp_new(&send, SRTP_SEND);
	member->srtp = srtp_new(&receive, SRTP_RECEIVE);
	mem_wipe(&send, sizeof send);
	mem_wipe(&receive, sizeof receive);
	return member->srtp && member->leg.srtp;
}

/* From now on what its line carries is learnt, if it says what arrives. */
static void learn_line(const struct core *core, struct member *member, struct mono now)
{
	int64_t known_bps = site_start_bps(core, member);
	int64_t start_bps = known_bps > 0 ? known_bps : ESTIMATOR_START_BPS;
	member->leg.began = now;
	pacer_init(&member->leg.pacer, LEG_UNKNOWN_BPS, now);
	enum ladder_kind kind = visit_ladder(&core->visits[member->visit]);
	ladder_init(&member->ladder, kind, start_bps, now);
	uplink_line_init(&member->line_in, kind, now);
	for (size_t i = 0; i < member->slots_len; i++) {
		if (member->slots[i].line.ext.twcc == 0 || member->leg.estimator)
			continue;
		member->leg.estimator = mem_new(1, sizeof *member->leg.estimator);
		estimator_init(member->leg.estimator, start_bps, now);
	}
}

static void connect(struct core *core, uint32_t at, struct mono now)
{
	struct member *member = &core->members[at];
	if (!make_keys(member)) {
		member_close(core, at, MEDIA_REASON_DTLS, now);
		return;
	}
	member->heard = now;
	learn_line(core, member, now);
	member->report_at = mono_add_us(now, (int64_t)random_below(core->random, REPORT_US));
	enter(core, member, MEDIA_PEER_CONNECTED, MEDIA_REASON_NONE);
	visit_member_connected(core, at, now);
	plan(core, at);
}

void member_dtls(struct core *core, uint32_t at, struct bytes datagram, struct mono now)
{
	struct member *member = &core->members[at];
	dtls_input(member->dtls, datagram, now);
	send_dtls(core, member);
	if (dtls_state(member->dtls) == DTLS_FAILED)
		core_drop(core, MEDIA_DROP_DTLS);
	if (end_if_over(core, at, now))
		return;
	if (!has_keys(member) && dtls_state(member->dtls) == DTLS_CONNECTED)
		connect(core, at, now);
	else
		plan(core, at);
}

/* ---- RTP ---- */

struct uplink *member_uplink(struct member *member, enum media_kind kind)
{
	for (size_t i = 0; i < member->uplinks_len; i++)
		if (member->uplinks[i].line.kind == kind)
			return &member->uplinks[i];
	return NULL;
}

void member_want_key(struct core *core, uint32_t at, struct uplink *uplink, struct mono now)
{
	struct member *member = &core->members[at];
	keyframe_want(&uplink->keyframe);
	feedback_send(member, now);
	plan(core, at);
}

/* The m-line of a packet: by SSRC; else by mid; else by payload type, if only one fits. */
static struct uplink *claim(struct member *member, const struct rtp *rtp)
{
	struct uplink *found = NULL;
	size_t maybes = 0;
	for (size_t i = 0; i < member->uplinks_len; i++)
		if (uplink_has(&member->uplinks[i], rtp->ssrc))
			return &member->uplinks[i];
	for (size_t i = 0; i < member->uplinks_len && rtp->ssrc != 0; i++) {
		enum uplink_claim says = uplink_claims(&member->uplinks[i], rtp);
		if (says == UPLINK_NOT_MINE)
			continue;
		found = &member->uplinks[i];
		maybes++;
		if (says == UPLINK_MINE) {
			maybes = 1;
			break;
		}
	}
	if (maybes != 1)
		return NULL;
	uplink_bind(found, rtp);
	return found;
}

static enum media_drop drop_of(enum err err)
{
	switch (err) {
	case ERR_CONFLICT:
		return MEDIA_DROP_REPLAY;
	case ERR_SHORT:
	case ERR_BAD:
		return MEDIA_DROP_RTP;
	case ERR_LIMIT:
		return MEDIA_DROP_SSRC;
	case OK:
	case ERR_NOT_FOUND:
	case ERR_DENIED:
	case ERR_TIMEOUT:
	case ERR_CLOSED:
	case ERR_AGAIN:
	case ERR_SYS:
	case ERR_DB:
	case ERR_CRYPTO:
		break;
	}
	return MEDIA_DROP_AUTH;
}

static void note_arrival(struct core *core, struct member *member, const struct rtp *rtp,
			 size_t len, struct mono now)
{
	struct uplink_packet packet = { .bytes = leg_wire_bytes(&member->leg, len) };
	packet.is_numbered =
	    rtp_transport_cc_of(rtp_extension_find(rtp, member->twcc_id), &packet.number);
	packet.is_timed =
	    rtp_abs_send_time_of(rtp_extension_find(rtp, member->send_time_id), &packet.sent_24);
	if (packet.is_numbered)
		arrivals_note(&member->arrivals, packet.number, now);
	if (uplink_line_packet(&member->line_in, &packet, now))
		sender_tier_tell(core, &core->visits[member->visit], now);
	member->packets_in++;
	member->bytes_in += (uint32_t)len;
}

static void forward(struct core *core, struct member *member, struct uplink *uplink,
		    struct packet *packet, struct mono now)
{
	packet->end = member->end;
	packet->stream = (uint32_t)member->id.n;
	if (uplink->recorded)
		tap_packet(&core->recorded, core->visits[member->visit].open.visit, packet, now);
	if (uplink->hinted)
		tap_key_packet(&core->hinted, core->visits[member->visit].open.visit, uplink,
			       packet, now);
	if (uplink->targets_len == 0 && !uplink->recorded && !uplink->hinted)
		core_drop(core, MEDIA_DROP_NO_ROUTE);
	bool wanted = false;
	for (size_t i = 0; i < uplink->targets_len; i++) {
		const struct uplink_target *target = &uplink->targets[i];
		struct member *to = &core->members[target->member];
		enum slot_fate fate = pace_forward(core, to, target->slot, uplink, packet, now);
		if (to->pace.len > 0)
			plan(core, target->member);
		wanted = wanted || fate == SLOT_WANTS_KEY;
		if (fate == SLOT_SENT_ON && packet->kind == MEDIA_AUDIO)
			member->heard_by |= (uint8_t)(1u << target->end);
	}
	if (wanted)
		keyframe_want(&uplink->keyframe);
}

/* Sound that was lost on its own way and came with this packet. */
static void forward_recovered(struct core *core, struct member *member, struct uplink *uplink,
			      const struct packet *packet, struct mono now)
{
	struct packet lost[RED_BLOCKS_MAX];
	if (packet->frame.codec != CODEC_RED)
		return;
	size_t count = uplink_recovered(uplink, packet, lost, RED_BLOCKS_MAX);
	for (size_t i = 0; i < count; i++)
		forward(core, member, uplink, &lost[i], now);
}

static void take(struct core *core, struct member *member, struct rtp *rtp, uint64_t index,
		 struct mono now)
{
	struct uplink *uplink = claim(member, rtp);
	if (!uplink) {
		if (rtp->ssrc != 0) /* libwebrtc probes with 0 before its first video packet */
			core_drop(core, MEDIA_DROP_SSRC);
		return;
	}
	struct packet packet;
	enum uplink_verdict verdict = uplink_accept(uplink, rtp, index, now, &packet);
	if (verdict == UPLINK_BAD)
		core_drop(core, MEDIA_DROP_RTP);
	if (verdict != UPLINK_FORWARD)
		return;
	if (packet.kind == MEDIA_AUDIO) {
		member->audio_at = now;
		forward_recovered(core, member, uplink, &packet, now);
	}
	forward(core, member, uplink, &packet, now);
}

/* Whether it says that it is video; unread, so nothing is believed of it. */
static bool skip_video(struct member *member, const uint8_t *datagram, size_t len)
{
	if (len < RTP_HEADER_MIN)
		return false;
	struct uplink *video = member_uplink(member, MEDIA_VIDEO);
	if (!video || !uplink_has(video, get_u32(datagram + 8)))
		return false;
	video->skipped = true;
	return true;
}

void member_rtp(struct core *core, uint32_t at, const struct address *from, uint8_t *datagram,
		size_t len, struct mono now)
{
	struct member *member = &core->members[at];
	if (core->behind && skip_video(member, datagram, len)) {
		core_drop(core, MEDIA_DROP_LATE);
		return;
	}
	size_t clear = len;
	uint64_t index = 0;
	struct rtp rtp;
	enum err err = ERR_CRYPTO;
	if (has_keys(member))
		err = srtp_unprotect(member->srtp, datagram, &clear, &index);
	if (!err)
		err = rtp_parse(bytes_of(datagram, clear), &rtp);
	if (err) {
		core_drop(core, drop_of(err));
		return;
	}
	if (ice_heard(member->ice, from, now))
		follow_ice(member);
	hear(core, member, now);
	note_arrival(core, member, &rtp, len, now);
	take(core, member, &rtp, index, now);
	if (feedback_is_due(member, now))
		feedback_send(member, now);
	plan(core, at);
}

void member_rtcp(struct core *core, uint32_t at, const struct address *from, uint8_t *datagram,
		 size_t len, struct mono now)
{
	struct member *member = &core->members[at];
	size_t clear = len;
	enum err err = ERR_CRYPTO;
	if (has_keys(member))
		err = srtcp_unprotect(member->srtp, datagram, &clear);
	if (err) {
		core_drop(core, err == ERR_CRYPTO || err == ERR_CONFLICT ? drop_of(err)
									 : MEDIA_DROP_RTCP);
		return;
	}
	if (ice_heard(member->ice, from, now))
		follow_ice(member);
	hear(core, member, now);
	member->bytes_in += (uint32_t)len;
	feedback_receive(core, member, bytes_of(datagram, clear), now);
	plan(core, at);
}
