#include "rtc/rtc.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "rtc/core.h"
#include "rtc/member.h"
#include "rtc/sender_tier.h"
#include "rtc/site.h"
#include "rtc/tap.h"
#include "rtc/visit.h"
#include "wire/demux.h"

struct rtc {
	struct core core;
};

enum {
	SECOND_US = 1000000
};

/* ---- birth and end ---- */

static void tell_hello(struct core *core)
{
	struct media_message message = {
		.type = MEDIA_HELLO,
		.hello = { .instance = core->instance, .port = core->port },
	};
	memcpy(message.hello.tcp_ports, core->tcp_ports, sizeof core->tcp_ports);
	memcpy(message.hello.fingerprint, dtls_identity_fingerprint(core->identity),
	       sizeof message.hello.fingerprint);
	core_report(core, &message);
}

static void make_tables(struct core *core)
{
	struct random *random = core->random;
	core->visits = mem_new(core->visits_max, sizeof core->visits[0]);
	core->visit_due = mem_new(core->visits_max, sizeof core->visit_due[0]);
	core->members = mem_new(core->members_max, sizeof core->members[0]);
	core->member_due = mem_new(core->members_max, sizeof core->member_due[0]);
	for (uint32_t i = 0; i < core->visits_max; i++)
		core->visit_due[i] = MONO_NEVER;
	for (uint32_t i = 0; i < core->members_max; i++)
		core->member_due[i] = MONO_NEVER;
	map_init(&core->visit_ids, core->visits_max, random_u64(random));
	map_init(&core->peer_ids, core->members_max, random_u64(random));
	map_init(&core->ufrags, core->members_max, random_u64(random));
	map_init(&core->tuples, (size_t)core->members_max * ICE_TUPLES_MAX, random_u64(random));
	core->reports_max = 64 + 2 * (size_t)core->visits_max + 8 * (size_t)core->members_max;
	core->reports = mem_new(core->reports_max, sizeof core->reports[0]);
	outbox_init(&core->outbox);
	tap_init(&core->recorded);
	tap_init(&core->hinted);
}

struct rtc *rtc_new(const struct rtc_config *config, struct mono now)
{
	struct rtc *rtc = mem_new(1, sizeof *rtc);
	struct core *core = &rtc->core;
	core->random = config->random;
	core->log = config->log;
	core->port = config->port;
	memcpy(core->tcp_ports, config->tcp_ports, sizeof core->tcp_ports);
	core->visits_max = config->visits_max;
	core->members_max = config->peers_max;
	core->instance = random_u64(core->random);
	random_fill(core->random, core->secret, sizeof core->secret);
	core->identity = dtls_identity_new(config->wall);
	ASSERT(core->identity);
	make_tables(core);
	core->second_at = mono_add_us(now, SECOND_US);
	core->earliest = core->second_at;
	tell_hello(core);
	return rtc;
}

void rtc_free(struct rtc *rtc)
{
	if (!rtc)
		return;
	struct core *core = &rtc->core;
	struct mono now = { 0 };
	for (uint32_t i = 0; i < core->visits_max; i++) {
		core->reports_taken = core->reports_len;
		if (core->visits[i].used)
			visit_close(core, i, MEDIA_REASON_ENDED, now);
	}
	map_clear(&core->visit_ids);
	map_clear(&core->peer_ids);
	map_clear(&core->ufrags);
	map_clear(&core->tuples);
	outbox_clear(&core->outbox);
	tap_clear(&core->recorded);
	tap_clear(&core->hinted);
	dtls_identity_free(core->identity);
	free(core->reports);
	free(core->visits);
	free(core->visit_due);
	free(core->members);
	free(core->member_due);
	free(rtc);
}

/* ---- control ---- */

static void resync(struct core *core, struct mono now)
{
	tell_hello(core);
	for (uint32_t i = 0; i < core->visits_max; i++)
		if (core->visits[i].used)
			visit_tell(core, i, now);
	for (uint32_t i = 0; i < core->members_max; i++) {
		if (!core->members[i].used)
			continue;
		member_tell_state(core, &core->members[i], MEDIA_REASON_NONE);
		member_tell_slots(core, &core->members[i]);
	}
	for (uint32_t i = 0; i < core->visits_max; i++)
		if (core->visits[i].used)
			sender_tier_resync(core, &core->visits[i]);
	core_report(core, &(struct media_message){ .type = MEDIA_RESYNC_DONE });
}

static void close_visit(struct core *core, const struct media_close *close, struct mono now)
{
	uint32_t at = core_find_visit(core, close->visit);
	if (at != CORE_NOBODY)
		visit_close(core, at, close->reason, now);
}

/* A peer is named with its visit; one of another visit is not touched. */
static uint32_t member_of(const struct core *core, struct visit_id visit, struct peer_id peer)
{
	uint32_t at = core_find_member(core, peer);
	if (at == CORE_NOBODY)
		return CORE_NOBODY;
	struct visit_id its = core->visits[core->members[at].visit].open.visit;
	return its.n == visit.n ? at : CORE_NOBODY;
}

static void close_peer(struct core *core, const struct media_close *close, struct mono now)
{
	uint32_t at = member_of(core, close->visit, close->peer);
	if (at != CORE_NOBODY)
		member_close(core, at, close->reason, now);
}

static void bound_peer(struct core *core, const struct media_most *most, struct mono now)
{
	uint32_t at = member_of(core, most->visit, most->peer);
	if (at != CORE_NOBODY)
		sender_tier_bound(core, &core->members[at], tier_of_letter((char)most->tier), now);
}

static void restart_peer(struct core *core, const struct media_restart *restart, struct mono now)
{
	uint32_t at = member_of(core, restart->visit, restart->peer);
	if (at != CORE_NOBODY) {
		member_restart(core, at, restart, now);
		return;
	}
	core_report(core, &(struct media_message){
			      .type = MEDIA_PEER_REFUSED,
			      .refusal = {
				  .visit = restart->visit,
				  .peer = restart->peer,
				  .reason = MEDIA_REASON_NO_VISIT,
			      },
			  });
}

void rtc_control(struct rtc *rtc, const struct media_message *message, struct mono now)
{
	struct core *core = &rtc->core;
	switch (message->type) {
	case MEDIA_RESYNC:
		resync(core, now);
		break;
	case MEDIA_VISIT_OPEN:
		visit_open(core, &message->visit, now);
		break;
	case MEDIA_VISIT_CLOSE:
		close_visit(core, &message->close, now);
		break;
	case MEDIA_ROUTES:
		visit_set_routes(core, &message->routes, now);
		break;
	case MEDIA_PEER_ADD:
		visit_offer(core, &message->offer, now);
		break;
	case MEDIA_PEER_RESTART:
		restart_peer(core, &message->restart, now);
		break;
	case MEDIA_PEER_CLOSE:
		close_peer(core, &message->close, now);
		break;
	case MEDIA_PEER_MOST:
		bound_peer(core, &message->most, now);
		break;
	case MEDIA_HELLO:
	case MEDIA_VISIT_STANDS:
	case MEDIA_RESYNC_DONE:
	case MEDIA_PEER_ANSWER:
	case MEDIA_PEER_REFUSED:
	case MEDIA_PEER_STATE:
	case MEDIA_SLOTS:
	case MEDIA_SECOND:
	case MEDIA_HEARTBEAT:
	case MEDIA_VISIT_CLOSED:
	case MEDIA_TIER:
	case MEDIA_LINE:
		break; /* ours to send; the decoder lets none of them in */
	}
}

/* ---- datagrams ---- */

/* The member that validated this tuple; CORE_NOBODY if none did. */
static uint32_t owner_of(const struct core *core, const struct address *from)
{
	uint32_t at = CORE_NOBODY;
	if (!map_get(&core->tuples, address_key(from, core->secret), &at))
		return CORE_NOBODY;
	return ice_is_validated(core->members[at].ice, from) ? at : CORE_NOBODY;
}

static void receive_stun(struct core *core, const struct address *from, struct bytes datagram,
			 struct mono now)
{
	if (owner_of(core, from) == CORE_NOBODY && !core_source_may(core, from)) {
		core_drop(core, MEDIA_DROP_RATE);
		return;
	}
	struct bytes ufrag;
	uint32_t at;
	bool known = ice_peek_ufrag(datagram, &ufrag) && ufrag.len == ICE_UFRAG_LEN &&
		     map_get(&core->ufrags, get_u64(ufrag.at), &at);
	if (known)
		member_stun(core, at, from, datagram, now);
	else
		core_drop(core, MEDIA_DROP_STUN);
}

void rtc_receive(struct rtc *rtc, const struct address *from, uint8_t *at, size_t len,
		 struct mono now)
{
	struct core *core = &rtc->core;
	struct bytes datagram = bytes_of(at, len);
	enum datagram kind = datagram_kind(datagram);
	core->totals.packets_in++;
	if (kind == DATAGRAM_UNKNOWN) {
		core_drop(core, MEDIA_DROP_DEMUX);
		return;
	}
	if (kind == DATAGRAM_STUN) {
		receive_stun(core, from, datagram, now);
		return;
	}
	uint32_t owner = owner_of(core, from);
	if (owner == CORE_NOBODY)
		core_drop(core, MEDIA_DROP_UNKNOWN_TUPLE);
	else if (kind == DATAGRAM_DTLS)
		member_dtls(core, owner, datagram, now);
	else if (kind == DATAGRAM_RTP)
		member_rtp(core, owner, from, at, len, now);
	else
		member_rtcp(core, owner, from, at, len, now);
}

void rtc_set_clock(struct rtc *rtc, struct mono now)
{
	rtc->core.outbox.leaves = now;
}

void rtc_set_behind(struct rtc *rtc, bool behind)
{
	rtc->core.behind = behind;
}

void rtc_set_full(struct rtc *rtc, const struct address *to, bool full, struct mono now)
{
	uint32_t owner = owner_of(&rtc->core, to);
	if (owner != CORE_NOBODY)
		member_set_full(&rtc->core, owner, to, full, now);
}

void rtc_address_gone(struct rtc *rtc, const struct address *address, struct mono now)
{
	uint32_t owner = owner_of(&rtc->core, address);
	if (owner != CORE_NOBODY)
		member_tuple_gone(&rtc->core, owner, address, now);
}

/* ---- time ---- */

static void tell_heartbeat(struct core *core, struct mono now)
{
	core_report(core, &(struct media_message){
			      .type = MEDIA_HEARTBEAT,
			      .heartbeat = core->totals,
			  });
	memset(core->sources, 0, sizeof core->sources);
	core->second_at = mono_add_us(now, SECOND_US);
}

static void every_second(struct core *core, struct mono now)
{
	tell_heartbeat(core, now);
	site_second(core, now);
}

static void find_earliest(struct core *core)
{
	struct mono earliest = core->second_at;
	for (uint32_t i = 0; i < core->visits_end; i++)
		earliest = mono_min(earliest, core->visit_due[i]);
	for (uint32_t i = 0; i < core->members_end; i++)
		earliest = mono_min(earliest, core->member_due[i]);
	core->earliest = earliest;
	core->put_off = false;
}

void rtc_tick(struct rtc *rtc, struct mono now)
{
	struct core *core = &rtc->core;
	if (mono_before(now, core->earliest))
		return;
	if (!mono_before(now, core->second_at))
		every_second(core, now);
	for (uint32_t i = 0; i < core->visits_end; i++)
		if (!mono_before(now, core->visit_due[i]))
			visit_tick(core, i, now);
	for (uint32_t i = 0; i < core->members_end; i++)
		if (!mono_before(now, core->member_due[i]))
			member_tick(core, i, now);
	find_earliest(core);
}

bool rtc_next(struct rtc *rtc, struct mono *at)
{
	if (rtc->core.put_off)
		find_earliest(&rtc->core);
	*at = rtc->core.earliest;
	return true;
}

/* ---- what comes out ---- */

size_t rtc_send(struct rtc *rtc, struct rtc_datagram *out, size_t max)
{
	struct core *core = &rtc->core;
	size_t count = 0;
	while (count < max && outbox_take(&core->outbox, &out[count].to, &out[count].bytes))
		count++;
	core->totals.packets_out += count;
	return count;
}

size_t rtc_waiting(const struct rtc *rtc)
{
	return rtc->core.outbox.len - rtc->core.outbox.taken;
}

struct bytes rtc_recorded(struct rtc *rtc, struct mono now)
{
	return tap_batch(&rtc->core.recorded, now);
}

void rtc_recorded_taken(struct rtc *rtc, bool sent)
{
	tap_taken(&rtc->core.recorded, sent);
}

struct bytes rtc_hinted(struct rtc *rtc, struct mono now)
{
	return tap_batch(&rtc->core.hinted, now);
}

void rtc_hinted_taken(struct rtc *rtc, bool sent)
{
	tap_taken(&rtc->core.hinted, sent);
}

void rtc_send_refused(struct rtc *rtc, size_t count)
{
	for (size_t i = 0; i < count; i++)
		core_drop(&rtc->core, MEDIA_DROP_SEND);
}

bool rtc_report(struct rtc *rtc, struct media_message *out)
{
	struct core *core = &rtc->core;
	if (core->reports_taken == core->reports_len)
		return false;
	*out = core->reports[core->reports_taken++];
	return true;
}
