#include "rtc/pace.h"

#include <stdlib.h>

#include "base/mem.h"
#include "rtc/member.h"

enum {
	CATCH_UP_MAX = 64, /* packets */
};

void pace_clear(struct pace *pace)
{
	free(pace->ring);
	*pace = (struct pace){ 0 };
}

/* ---- sending one packet ---- */

/* A slot has just started with the key frame at seq; what came out of order before it follows. */
static void catch_up(struct slot *slot, struct leg *leg, const struct uplink *uplink,
		     const struct packet *key, struct mono now)
{
	struct packet packet;
	uint64_t end = uplink->gaps.newest + 1;
	if (end > key->seq + CATCH_UP_MAX)
		end = key->seq + CATCH_UP_MAX;
	for (uint64_t seq = key->seq + 1; seq < end; seq++) {
		if (!uplink_recall(uplink, seq, &packet))
			continue;
		packet.end = key->end;
		slot_forward(slot, leg, &packet, now);
	}
}

static enum slot_fate send_now(struct member *to, struct slot *slot, const struct uplink *uplink,
			       const struct packet *packet, bool others_wait, struct mono now)
{
	bool starts = !slot->running;
	enum slot_fate fate = slot_forward(slot, &to->leg, packet, now);
	if (starts && slot->running && packet->kind == MEDIA_VIDEO && !others_wait)
		catch_up(slot, &to->leg, uplink, packet, now);
	return fate;
}

/* ---- what waits ---- */

static struct pace_waiting *waiting(struct pace *pace, size_t i)
{
	return &pace->ring[(pace->first + i) % PACE_WAITING_MAX];
}

static void drop_first(struct member *member)
{
	struct pace *pace = &member->pace;
	const struct pace_waiting *w = waiting(pace, 0);
	if (w->key)
		member->slots[w->slot].key_waits = false;
	pace->first = (pace->first + 1) % PACE_WAITING_MAX;
	pace->len--;
}

/* Everything before the next key frame, if there is one; the slots wait for it. */
static void leave_out(struct core *core, struct member *member, struct mono now)
{
	struct pace *pace = &member->pace;
	bool any = false;
	while (pace->len > 0 && !(any && waiting(pace, 0)->key)) {
		const struct pace_waiting w = *waiting(pace, 0);
		struct slot *slot = &member->slots[w.slot];
		drop_first(member);
		any = true;
		pace->left_out++;
		if (!slot->running || slot->from != w.from)
			continue;
		slot_stop(slot);
		struct member *source = &core->members[w.from];
		struct uplink *uplink = member_uplink(source, MEDIA_VIDEO);
		if (source->used && uplink)
			member_want_key(core, w.from, uplink, now);
	}
}

static enum slot_fate keep(struct core *core, struct member *to, uint8_t at,
			   const struct packet *packet, struct mono now)
{
	struct pace *pace = &to->pace;
	struct slot *slot = &to->slots[at];
	if (slot->source != packet->end)
		return SLOT_NOT_SENT;
	if (!slot->running && !slot->key_waits && !packet->frame.key)
		return SLOT_WANTS_KEY;
	if (!pace->ring)
		pace->ring = mem_new(PACE_WAITING_MAX, sizeof pace->ring[0]);
	if (pace->len == PACE_WAITING_MAX)
		leave_out(core, to, now);
	bool starts = packet->frame.key && !slot->running;
	*waiting(pace, pace->len++) = (struct pace_waiting){
		.seq = packet->seq,
		.from = slot->from,
		.slot = at,
		.key = packet->frame.key,
		.since = now,
	};
	slot->key_waits = slot->key_waits || starts;
	return SLOT_SENT_ON;
}

static bool may_send(struct leg *leg, struct mono now)
{
	return !leg->full && (!leg_is_paced(leg, now) || pacer_may(&leg->pacer, now));
}

enum slot_fate pace_forward(struct core *core, struct member *to, uint8_t at,
			    const struct uplink *uplink, const struct packet *packet,
			    struct mono now)
{
	struct slot *slot = &to->slots[at];
	if (packet->kind == MEDIA_AUDIO)
		return slot_forward(slot, &to->leg, packet, now);
	if (to->no_video)
		return SLOT_NOT_SENT;
	if (leg_is_stuck(&to->leg, now)) {
		slot_stop(slot);
		return SLOT_NOT_SENT;
	}
	if (to->pace.len == 0 && may_send(&to->leg, now))
		return send_now(to, slot, uplink, packet, false, now);
	return keep(core, to, at, packet, now);
}

/* The first of those that wait; it may have lost its place or its source meanwhile. */
static void send_first(struct core *core, struct member *member, struct mono now)
{
	const struct pace_waiting w = *waiting(&member->pace, 0);
	struct slot *slot = &member->slots[w.slot];
	struct member *source = &core->members[w.from];
	drop_first(member);
	struct uplink *uplink = source->used ? member_uplink(source, MEDIA_VIDEO) : NULL;
	struct packet packet;
	if (slot->source == MEDIA_NO_END || slot->from != w.from || !uplink ||
	    !uplink_recall(uplink, w.seq, &packet))
		return;
	packet.end = slot->source;
	packet.is_late = mono_diff_us(now, w.since) > PACE_LATE_US;
	if (send_now(member, slot, uplink, &packet, true, now) == SLOT_WANTS_KEY)
		member_want_key(core, w.from, uplink, now);
}

/* ---- probes ---- */

static struct slot *slot_for_padding(struct member *member)
{
	for (size_t i = 0; i < member->slots_len; i++)
		if (member->slots[i].rtx_ssrc != 0)
			return &member->slots[i];
	return NULL;
}

static void begin_probe(struct member *member, const struct probe_cluster *cluster, struct mono now)
{
	struct pace *pace = &member->pace;
	if (pace->cluster == cluster->number)
		return;
	pace->cluster = cluster->number;
	pace->probing = true;
	pace->probe_from = member->leg.wire_bytes;
	pace->probe_since = now;
	pace->probe_at = now;
}

/* When so many bytes should have left. */
static struct mono due_at(const struct pace *pace, int64_t bps, uint64_t bytes)
{
	return mono_add_us(pace->probe_since, (int64_t)bytes * 8000000 / bps);
}

/* Padding where pictures and sound are slower than the probe. */
static void send_probe(struct member *member, struct mono now)
{
	struct pace *pace = &member->pace;
	struct leg *leg = &member->leg;
	struct probe_cluster cluster = estimator_probe(leg->estimator);
	struct slot *slot = slot_for_padding(member);
	if (cluster.number != 0 && slot)
		begin_probe(member, &cluster, now);
	pace->probing = pace->probing && cluster.number == pace->cluster;
	leg->cluster = pace->probing ? cluster.number : 0;
	while (pace->probing && !mono_before(now, pace->probe_at)) {
		pace->probing = slot_pad(slot, leg, PACE_PAD_BYTES, now) &&
				leg->wire_bytes - pace->probe_from < cluster.bytes;
		pace->probe_at = due_at(pace, cluster.bps, leg->wire_bytes - pace->probe_from);
	}
	if (!pace->probing)
		leg->cluster = 0;
}

/* ---- time ---- */

static int64_t patience_us(const struct member *member)
{
	int64_t bps = member->leg.pacer.bps;
	int64_t us = bps > 0 ? (int64_t)PACE_WAIT_BITS * 1000000 / bps : PACE_WAIT_THIN_US;
	if (us > PACE_WAIT_THIN_US)
		return PACE_WAIT_THIN_US;
	return us > PACE_WAIT_US ? us : PACE_WAIT_US;
}

void pace_release(struct core *core, struct member *member, struct mono now)
{
	struct pace *pace = &member->pace;
	if (!member->leg.estimator)
		return;
	send_probe(member, now);
	while (pace->len > 0) {
		if (leg_is_stuck(&member->leg, now) ||
		    mono_diff_us(now, waiting(pace, 0)->since) > patience_us(member))
			leave_out(core, member, now);
		else if (may_send(&member->leg, now))
			send_first(core, member, now);
		else
			break;
	}
}

struct mono pace_next(const struct member *member)
{
	struct mono next = MONO_NEVER;
	if (member->pace.len > 0)
		next = member->leg.full ? mono_add_us(member->leg.full_since, LEG_FULL_US)
					: pacer_next(&member->leg.pacer);
	if (member->pace.probing)
		next = mono_min(next, member->pace.probe_at);
	return next;
}

void pace_stop_video(struct core *core, struct member *member, struct mono now)
{
	while (member->pace.len > 0)
		leave_out(core, member, now);
	for (size_t i = 0; i < member->slots_len; i++)
		if (member->slots[i].line.kind == MEDIA_VIDEO)
			slot_stop(&member->slots[i]);
}
