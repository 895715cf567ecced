#include "rtc/visit.h"

#include "base/mem.h"
#include "rtc/feedback.h"
#include "rtc/member.h"
#include "rtc/patience.h"
#include "rtc/sender_tier.h"

enum {
	SECOND_US = 1000000,
	HEARD_US = 1200000,  /* with DTX a silent microphone sends each 400 ms */
	RECORDED_KEY_S = 60, /* a segment of a recording begins with a key frame */
	HINTED_KEY_S = 15,   /* a picture for pvl-hints so often: a tenth of a thin line at most */
	DEAF_US = 1200000,   /* reports come four times a second and more, while anything arrives */
	SILENCE = 127,
};

/* ---- opening and closing ---- */

static uint32_t free_place(const struct core *core)
{
	for (uint32_t i = 0; i < core->visits_max; i++)
		if (!core->visits[i].used)
			return i;
	return CORE_NOBODY;
}

static void init_seats(struct visit *visit)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		struct seat *seat = &visit->seats[end];
		*seat = (struct seat){ .now = CORE_NOBODY, .next = CORE_NOBODY };
		for (size_t pair = 0; pair < MEDIA_SLOTS_MAX; pair++)
			seat->shows[pair] = MEDIA_NO_END;
	}
}

static void tell_closed(struct core *core, struct visit_id id, enum media_reason reason)
{
	core_report(core, &(struct media_message){
			      .type = MEDIA_VISIT_CLOSED,
			      .close = { .visit = id, .reason = reason },
			  });
}

/* The next second, or the end, whichever comes first. */
static void plan(struct core *core, uint32_t at)
{
	const struct visit *visit = &core->visits[at];
	struct mono second = mono_add_us(visit->opened, (int64_t)(visit->second + 1) * SECOND_US);
	core_visit_due(core, at, mono_min(second, visit->closes));
}

static struct mono end_of(const struct media_visit *open, struct mono now)
{
	return mono_add_us(now, (int64_t)open->lifetime_s * SECOND_US);
}

static void open_new(struct core *core, uint32_t at, const struct media_visit *open,
		     struct mono now)
{
	struct visit *visit = &core->visits[at];
	*visit = (struct visit){
		.used = true,
		.open = *open,
		.opened = now,
		.closes = end_of(open, now),
		.up_most = TIER_D, /* until the line is shared out anew */
		.down_most = TIER_D,
	};
	init_seats(visit);
	core->totals.visits++;
	plan(core, at);
}

enum ladder_kind visit_ladder(const struct visit *visit)
{
	return visit->open.signs ? LADDER_SIGN : LADDER_TALK;
}

void visit_open(struct core *core, const struct media_visit *open, struct mono now)
{
	uint32_t at = core_find_visit(core, open->visit);
	if (at != CORE_NOBODY) {
		/* Again: a longer or shorter life.  Its kind never changes. */
		core->visits[at].closes = end_of(open, now);
		core->visits[at].open.site_up_bps = open->site_up_bps;
		core->visits[at].open.site_down_bps = open->site_down_bps;
		plan(core, at);
		return;
	}
	at = free_place(core);
	if (at == CORE_NOBODY || map_set(&core->visit_ids, (uint64_t)open->visit.n, at)) {
		tell_closed(core, open->visit, MEDIA_REASON_FULL);
		return;
	}
	open_new(core, at, open, now);
}

void visit_tell(struct core *core, uint32_t at, struct mono now)
{
	const struct visit *visit = &core->visits[at];
	struct media_message message = { .type = MEDIA_VISIT_STANDS, .visit = visit->open };
	int64_t left_us = mono_diff_us(visit->closes, now);
	message.visit.lifetime_s = left_us > 0 ? (uint32_t)(left_us / SECOND_US) : 0;
	core_report(core, &message);
}

static void wire(struct core *core, struct visit *visit, struct mono now);

void visit_close(struct core *core, uint32_t at, enum media_reason reason, struct mono now)
{
	struct visit *visit = &core->visits[at];
	struct visit_id id = visit->open.visit;
	/* First of all nobody hears anybody, not even what waits in the outbox. */
	memset(visit->routes.hears, 0, sizeof visit->routes.hears);
	memset(visit->routes.sees, 0, sizeof visit->routes.sees);
	visit->routes.recorded_sound = visit->routes.recorded_picture = 0;
	visit->routes.hinted_picture = 0;
	wire(core, visit, now);
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		struct seat *seat = &visit->seats[end];
		if (seat->next != CORE_NOBODY)
			member_close(core, seat->next, reason, now);
		if (seat->now != CORE_NOBODY)
			member_close(core, seat->now, reason, now);
	}
	map_remove(&core->visit_ids, (uint64_t)id.n);
	*visit = (struct visit){ 0 };
	core->visit_due[at] = MONO_NEVER;
	core->totals.visits--;
	tell_closed(core, id, reason);
}

/* ---- who is shown where ---- */

static bool has_bit(uint8_t row, size_t end)
{
	return (row >> end & 1) != 0;
}

/* In a legal visit nothing goes to a monitor, and from one nothing goes to anybody, whatever the
 * routes say. */
static bool may(const struct visit *visit, size_t to, size_t from, enum media_kind kind)
{
	const uint8_t *rows = kind == MEDIA_AUDIO ? visit->routes.hears : visit->routes.sees;
	if (to == from || !has_bit(rows[to], from) || visit->seats[from].role == MEDIA_MONITOR)
		return false;
	bool legal = visit->open.kind == MEDIA_LEGAL;
	return !legal || visit->seats[to].role != MEDIA_MONITOR;
}

/* No bit of a legal visit, and none of a monitor, has any effect. */
static bool may_record(const struct visit *visit, size_t from, enum media_kind kind)
{
	const struct media_routes *routes = &visit->routes;
	uint8_t row = kind == MEDIA_AUDIO ? routes->recorded_sound : routes->recorded_picture;
	return visit->open.kind == MEDIA_SOCIAL && has_bit(row, from) &&
	       visit->seats[from].role != MEDIA_MONITOR;
}

static bool may_hint(const struct visit *visit, size_t from, enum media_kind kind)
{
	return visit->open.kind == MEDIA_SOCIAL && kind == MEDIA_VIDEO &&
	       has_bit(visit->routes.hinted_picture, from) &&
	       visit->seats[from].role != MEDIA_MONITOR;
}

static struct member *seated(struct core *core, const struct visit *visit, size_t end)
{
	uint32_t at = visit->seats[end].now;
	return at == CORE_NOBODY ? NULL : &core->members[at];
}

static bool is_shown(struct core *core, const struct visit *visit, size_t to, size_t from,
		     enum media_kind kind)
{
	struct member *source = seated(core, visit, from);
	return source && may(visit, to, from, kind) && member_uplink(source, kind);
}

static bool is_shown_at_all(struct core *core, const struct visit *visit, size_t to, size_t from)
{
	return is_shown(core, visit, to, from, MEDIA_AUDIO) ||
	       is_shown(core, visit, to, from, MEDIA_VIDEO);
}

static size_t pairs_of(const struct member *member)
{
	size_t pairs = 0;
	for (size_t i = 0; i < member->slots_len; i++)
		if (member->slots[i].line.pair >= pairs)
			pairs = member->slots[i].line.pair + 1u;
	return pairs;
}

static bool has_pair(const struct seat *seat, size_t pairs, size_t end)
{
	for (size_t pair = 0; pair < pairs; pair++)
		if (seat->shows[pair] == end)
			return true;
	return false;
}

/* A pair nobody ever had, else one whose person is not shown now; pairs if there is none. */
static size_t choose_pair(struct core *core, const struct visit *visit, size_t to, size_t pairs)
{
	const struct seat *seat = &visit->seats[to];
	for (size_t pair = 0; pair < pairs; pair++)
		if (seat->shows[pair] == MEDIA_NO_END)
			return pair;
	for (size_t pair = 0; pair < pairs; pair++)
		if (!is_shown_at_all(core, visit, to, seat->shows[pair]))
			return pair;
	return pairs;
}

static void assign_pairs(struct core *core, struct visit *visit, size_t to, size_t pairs)
{
	struct seat *seat = &visit->seats[to];
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		if (has_pair(seat, pairs, end) || !is_shown_at_all(core, visit, to, end))
			continue;
		size_t pair = choose_pair(core, visit, to, pairs);
		if (pair < pairs)
			seat->shows[pair] = (uint8_t)end;
	}
}

static void aim(struct core *core, struct member *source, struct member *to, size_t slot,
		struct mono now)
{
	struct uplink *uplink = member_uplink(source, to->slots[slot].line.kind);
	if (uplink->targets_len == MEDIA_ENDS_MAX)
		return;
	uplink->targets[uplink->targets_len++] = (struct uplink_target){
		.member = (uint32_t)(to - core->members),
		.slot = (uint8_t)slot,
		.end = to->end,
	};
	if (uplink->line.kind == MEDIA_VIDEO && !to->slots[slot].running)
		member_want_key(core, (uint32_t)(source - core->members), uplink, now);
}

/* True if the slot shows another person than before. */
static bool wire_slot(struct core *core, struct visit *visit, struct member *to, size_t i,
		      struct mono now)
{
	struct slot *slot = &to->slots[i];
	uint8_t end = visit->seats[to->end].shows[slot->line.pair];
	bool shown = end != MEDIA_NO_END && is_shown(core, visit, to->end, end, slot->line.kind);
	uint8_t source = shown ? end : MEDIA_NO_END;
	uint32_t from = shown ? visit->seats[end].now : CORE_NOBODY;
	bool changed = slot->source != source;
	if (changed || (shown && slot->from != from))
		slot_set_source(slot, &to->leg, source, from);
	if (shown)
		aim(core, &core->members[from], to, i, now);
	return changed;
}

static void wire_receiver(struct core *core, struct visit *visit, struct member *to,
			  struct mono now)
{
	assign_pairs(core, visit, to->end, pairs_of(to));
	bool changed = false;
	for (size_t i = 0; i < to->slots_len; i++)
		changed = wire_slot(core, visit, to, i, now) || changed;
	if (changed)
		member_tell_slots(core, to);
}

/* Whoever is recorded or looked at begins with a key frame. */
static void wire_taps(struct core *core, const struct visit *visit, struct member *member,
		      struct mono now)
{
	for (size_t i = 0; i < member->uplinks_len; i++) {
		struct uplink *uplink = &member->uplinks[i];
		bool recorded = uplink->recorded, hinted = uplink->hinted;
		uplink->recorded = may_record(visit, member->end, uplink->line.kind);
		uplink->hinted = may_hint(visit, member->end, uplink->line.kind);
		bool begins = (uplink->recorded && !recorded) || (uplink->hinted && !hinted);
		if (begins && uplink->line.kind == MEDIA_VIDEO)
			member_want_key(core, (uint32_t)(member - core->members), uplink, now);
	}
}

static void want_tapped_keys(struct core *core, const struct visit *visit, bool recorded,
			     bool hinted, struct mono now)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		struct member *member = seated(core, visit, end);
		struct uplink *uplink = member ? member_uplink(member, MEDIA_VIDEO) : NULL;
		if (uplink && ((recorded && uplink->recorded) || (hinted && uplink->hinted)))
			member_want_key(core, visit->seats[end].now, uplink, now);
	}
}

/* Makes slots and targets agree with routes and seats; what changed is told. */
static void wire(struct core *core, struct visit *visit, struct mono now)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		struct member *member = seated(core, visit, end);
		for (size_t i = 0; member && i < member->uplinks_len; i++)
			member->uplinks[i].targets_len = 0;
	}
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		struct member *member = seated(core, visit, end);
		if (!member)
			continue;
		wire_receiver(core, visit, member, now);
		wire_taps(core, visit, member, now);
	}
}

static void warn_of_legal(struct core *core, const struct visit *visit)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		bool monitor = visit->seats[end].taken && visit->seats[end].role == MEDIA_MONITOR;
		bool routed = visit->routes.hears[end] || visit->routes.sees[end];
		if (visit->open.kind == MEDIA_LEGAL && monitor && routed)
			log_event(core->log, LOG_ERROR, "legal_route_refused",
				  LOG_ID("visit", visit->open.visit.n), LOG_INT("end", end));
	}
	if (visit->open.kind == MEDIA_LEGAL &&
	    (visit->routes.recorded_sound || visit->routes.recorded_picture ||
	     visit->routes.hinted_picture))
		log_event(core->log, LOG_ERROR, "legal_recording_refused",
			  LOG_ID("visit", visit->open.visit.n));
}

void visit_set_routes(struct core *core, const struct media_routes *routes, struct mono now)
{
	uint32_t at = core_find_visit(core, routes->visit);
	if (at == CORE_NOBODY)
		return;
	struct visit *visit = &core->visits[at];
	visit->routes = *routes;
	warn_of_legal(core, visit);
	wire(core, visit, now);
	want_tapped_keys(core, visit, true, false, now); /* perhaps pvl-record has come anew */
	sender_tier_tell(core, visit, now);
}

/* ---- seats ---- */

static void refuse(struct core *core, const struct media_offer *offer, enum media_reason reason)
{
	core_report(core, &(struct media_message){
			      .type = MEDIA_PEER_REFUSED,
			      .refusal = {
				  .visit = offer->visit,
				  .peer = offer->peer,
				  .reason = reason,
			      },
			  });
}

static enum media_reason why_not(const struct core *core, uint32_t at,
				 const struct media_offer *offer)
{
	if (at == CORE_NOBODY)
		return MEDIA_REASON_NO_VISIT;
	if (core_find_member(core, offer->peer) != CORE_NOBODY || offer->ufrag.len == 0)
		return MEDIA_REASON_BAD_OFFER;
	const struct visit *visit = &core->visits[at];
	const struct seat *seat = &visit->seats[offer->end];
	if (visit->open.kind == MEDIA_LEGAL && offer->role == MEDIA_MONITOR)
		return MEDIA_REASON_NOT_ALLOWED;
	if (seat->taken && seat->role != offer->role)
		return MEDIA_REASON_NOT_ALLOWED;
	return MEDIA_REASON_NONE;
}

void visit_offer(struct core *core, const struct media_offer *offer, struct mono now)
{
	uint32_t at = core_find_visit(core, offer->visit);
	enum media_reason reason = why_not(core, at, offer);
	if (reason != MEDIA_REASON_NONE) {
		refuse(core, offer, reason);
		return;
	}
	struct seat *seat = &core->visits[at].seats[offer->end];
	if (seat->next != CORE_NOBODY)
		member_close(core, seat->next, MEDIA_REASON_REPLACED, now);
	uint32_t member = member_add(core, at, offer, now);
	if (member == CORE_NOBODY) {
		refuse(core, offer, MEDIA_REASON_FULL);
		return;
	}
	seat->taken = true;
	seat->role = offer->role;
	seat->next = member;
}

void visit_member_connected(struct core *core, uint32_t at, struct mono now)
{
	struct member *member = &core->members[at];
	struct visit *visit = &core->visits[member->visit];
	struct seat *seat = &visit->seats[member->end];
	uint32_t old = seat->now;
	seat->now = at;
	seat->next = CORE_NOBODY;
	wire(core, visit, now);
	member_tell_slots(core, member);
	sender_tier_tell(core, visit, now);
	if (old != CORE_NOBODY)
		member_close(core, old, MEDIA_REASON_REPLACED, now);
}

void visit_member_gone(struct core *core, uint32_t at, struct mono now)
{
	struct visit *visit = &core->visits[core->members[at].visit];
	struct seat *seat = &visit->seats[core->members[at].end];
	if (seat->next == at)
		seat->next = CORE_NOBODY;
	if (seat->now != at)
		return;
	seat->now = CORE_NOBODY;
	wire(core, visit, now);
}

/* ---- the second ---- */

/* Its reports of what arrives have stopped, and we sent more.  Who never sent any is believed to hear. */
static bool is_deaf(const struct member *member, struct mono now)
{
	const struct leg *leg = &member->leg;
	return leg_is_known(leg) && mono_before(leg->estimator->heard, leg->numbered) &&
	       mono_diff_us(now, leg->estimator->heard) > DEAF_US;
}

static bool hears(struct core *core, const struct visit *visit, size_t to, size_t from,
		  struct mono now)
{
	const struct member *a = seated(core, visit, to);
	const struct member *b = seated(core, visit, from);
	if (!a || !b || a->state != MEDIA_PEER_CONNECTED || !may(visit, to, from, MEDIA_AUDIO))
		return false;
	return b->audio_at.us > 0 && mono_diff_us(now, b->audio_at) <= HEARD_US && !is_deaf(a, now);
}

/* When the last sound of `from` came that `to` can have heard; 0: none. */
static struct mono heard_at(struct core *core, const struct visit *visit, size_t to, size_t from)
{
	const struct member *a = seated(core, visit, to);
	const struct member *b = seated(core, visit, from);
	if (!a || !b || !may(visit, to, from, MEDIA_AUDIO))
		return (struct mono){ 0 };
	const struct leg *leg = &a->leg;
	bool unreported = leg_is_known(leg) && mono_before(leg->estimator->heard, leg->numbered);
	return unreported ? mono_min(b->audio_at, leg->estimator->heard) : b->audio_at;
}

/* The prisoner and a visitor: whether they hear each other, and since when they have not. */
static bool both_hear(struct core *core, struct visit *visit, struct mono now)
{
	bool both = false;
	for (size_t a = 0; a < MEDIA_ENDS_MAX; a++) {
		if (!visit->seats[a].taken || visit->seats[a].role != MEDIA_PRISONER)
			continue;
		for (size_t b = 0; b < MEDIA_ENDS_MAX; b++) {
			if (visit->seats[b].role != MEDIA_VISITOR)
				continue;
			struct mono last =
			    mono_min(heard_at(core, visit, a, b), heard_at(core, visit, b, a));
			if (mono_before(visit->together, last))
				visit->together = last;
			both = both ||
			       (hears(core, visit, a, b, now) && hears(core, visit, b, a, now));
		}
	}
	return both;
}

static uint32_t apart_ms(const struct visit *visit, bool both, struct mono now)
{
	if (both || visit->together.us == 0)
		return 0;
	return (uint32_t)(mono_diff_us(now, visit->together) / 1000);
}

/* What this second was; the counters start again. */
static struct media_second_end take_second(struct member *member, struct mono now)
{
	struct media_second_end end = {
		.state = member->state,
		.audio_in =
		    member->audio_at.us > 0 && mono_diff_us(now, member->audio_at) <= SECOND_US,
		.deaf = is_deaf(member, now),
		.silent_ms = (uint32_t)(mono_diff_us(now, member->heard) / 1000),
		.heard_by = member->heard_by,
		.level = SILENCE,
		.packets_in = member->packets_in,
		.packets_out = member->leg.packets,
		.bytes_in = member->bytes_in,
		.bytes_out = member->leg.bytes,
		.rtt_us = (uint32_t)member->leg.rtt_us,
	};
	if (leg_is_known(&member->leg)) {
		end.line_bps = (uint32_t)estimator_bps(member->leg.estimator);
		end.line_lost = (uint16_t)(estimator_loss(member->leg.estimator) * 1000);
	}
	for (size_t i = 0; i < member->uplinks_len; i++) {
		struct uplink *uplink = &member->uplinks[i];
		end.lost_in += uplink->gaps.given_up - uplink->lost_before;
		uplink->lost_before = uplink->gaps.given_up;
		if (uplink->loudest < end.level)
			end.level = uplink->loudest;
		uplink->loudest = SILENCE;
	}
	member->heard_by = 0;
	member->packets_in = 0;
	member->bytes_in = 0;
	member->leg.packets = 0;
	member->leg.bytes = 0;
	return end;
}

static void tell_second(struct core *core, struct visit *visit, struct mono now)
{
	bool both = both_hear(core, visit, now);
	struct media_message message = {
		.type = MEDIA_SECOND,
		.second = {
			.visit = visit->open.visit,
			.second = visit->second,
			.both_hear = both,
			.apart_ms = apart_ms(visit, both, now),
			.ends_len = MEDIA_ENDS_MAX,
		},
	};
	bool anybody = false;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct member *member = seated(core, visit, i);
		struct media_second_end *end = &message.second.ends[i];
		*end = (struct media_second_end){ .state = MEDIA_PEER_CLOSED, .level = SILENCE };
		if (!member)
			continue;
		anybody = anybody || member->state == MEDIA_PEER_CONNECTED;
		*end = take_second(member, now);
	}
	if (anybody)
		core_report(core, &message);
}

void visit_tick(struct core *core, uint32_t at, struct mono now)
{
	struct visit *visit = &core->visits[at];
	if (!mono_before(now, visit->closes)) {
		visit_close(core, at, MEDIA_REASON_LIFETIME, now);
		return;
	}
	/* After a stall of several seconds only the last one is told: the others were not measured. */
	uint32_t second = (uint32_t)(mono_diff_us(now, visit->opened) / SECOND_US);
	if (second > visit->second) {
		visit->second = second;
		sender_tier_second(core, visit, now);
		patience_second(core, visit, now);
		tell_second(core, visit, now);
		want_tapped_keys(core, visit, second % RECORDED_KEY_S == 0,
				 second % HINTED_KEY_S == 0, now);
	}
	plan(core, at);
}
