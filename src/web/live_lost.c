#include "web/live_priv.h"

enum {
	SILENT_MS = 1000,    /* reports and checks pass every second at the least */
	LOST_BATCH_S = 10,   /* seconds counted before they are written */
	UNTOLD_US = 2500000, /* pvl-media tells of every second while somebody is connected */
	TELL_EVERY_S = 5,
};

static const struct actor system_actor = { .role = ROLE_SYSTEM };

static bool prisoner_gone(const struct live_visit *visit)
{
	const struct seat *seat = &visit->seats[LIVE_END_PRISONER];
	return visit->state == VISIT_LIVE && !live_seat_connected(seat) && !seat->left;
}

static bool others_gone(const struct live *live, const struct live_visit *visit)
{
	for (size_t i = 0; i < live->visits_len; i++) {
		const struct live_visit *other = &live->visits[i];
		if (other->used && other != visit &&
		    strcmp(other->prison.text, visit->prison.text) == 0 && prisoner_gone(other))
			return true;
	}
	return false;
}

/* told NULL: nobody measured; what is known is whether its connection stood. */
static struct lost_end end_of(const struct seat *seat, const struct media_second_end *told)
{
	bool stands = seat->state == MEDIA_PEER_CONNECTED || seat->state == MEDIA_PEER_LOST;
	struct lost_end end = { .left = seat->left };
	end.there = seat->used && (seat->vanished || (seat->peer.n != 0 && stands));
	if (told != NULL && !seat->vanished) {
		end.packets = told->silent_ms < SILENT_MS;
		end.sound = told->audio_in != 0;
		end.deaf = told->deaf;
	}
	return end;
}

/* Of several devices the one nearest to being heard: it alone could have kept the two sides together. */
static size_t nearest_visitor(const struct live_visit *visit)
{
	size_t nearest = LIVE_END_VISITOR;
	int best = 0;
	for (size_t end = LIVE_END_VISITOR; end < LIVE_END_MONITOR; end++) {
		const struct seat *seat = &visit->seats[end];
		if (!seat->used || live_place(visit, end)->state != DEVICE_ADMITTED)
			continue;
		int near = 1 + !seat->left + 2 * live_seat_connected(seat);
		if (near > best)
			nearest = end;
		best = near > best ? near : best;
	}
	return nearest;
}

static enum lost_cause cause_of(const struct live *live, const struct live_visit *visit,
				const struct media_second *second)
{
	const struct media_second_end *ends = second != NULL ? second->ends : NULL;
	size_t visitor = nearest_visitor(visit);
	const struct lost_second what = {
		.service_down = visit->worker == SUPERVISOR_WORKERS_MAX,
		.held = visit->held || !visit->admitted,
		.others_gone = others_gone(live, visit),
		.prisoner = end_of(&visit->seats[LIVE_END_PRISONER],
				   ends != NULL ? &ends[LIVE_END_PRISONER] : NULL),
		.visitor = end_of(&visit->seats[visitor], ends != NULL ? &ends[visitor] : NULL),
	};
	return lost_judge(&what);
}

/* Whether a second now belongs to what was booked, or is owed for what was lost of it. */
static bool counts(const struct live *live, const struct live_visit *visit)
{
	bool begun = visit->lab ? visit->used_s > 0 : visit->state == VISIT_LIVE;
	int64_t until = visit->slot_end.s + lost_made_up_s(&visit->lost);
	return begun && !live_is_over(visit) && live->service->now.s < until;
}

static void lose(struct live *live, struct live_visit *visit, enum lost_cause cause, int seconds,
		 struct mono now)
{
	visit->lost.s[cause] += seconds;
	visit->lost_pending.s[cause] += seconds;
	if (mono_diff_us(now, visit->clock_told) > TELL_EVERY_S * 1000000LL) {
		visit->clock_told = now;
		visit->news |= NEWS_CLOCK;
	}
	if (visit->lost_pending.s[cause] >= LOST_BATCH_S)
		live_lost_write(live, visit);
}

int live_lost_second(struct live *live, struct live_visit *visit, const struct media_second *second,
		     struct mono now)
{
	bool told = second != NULL;
	bool both = told && second->both_hear && visit->admitted && !live_is_over(visit);
	uint32_t apart_ms = told ? second->apart_ms : 0;
	if (!told && visit->together.us > 0)
		apart_ms = (uint32_t)(mono_diff_us(now, visit->together) / 1000);
	if (told)
		visit->second_at = now;
	if (both)
		visit->together = now;
	if (!both && !counts(live, visit)) {
		visit->lost_clock = (struct lost_clock){ 0 };
		return 0;
	}
	struct lost_step step = lost_clock_second(&visit->lost_clock, both, apart_ms);
	if (step.lost_s > 0)
		lose(live, visit, cause_of(live, visit, second), step.lost_s, now);
	return step.heard_s;
}

void live_lost_tick(struct live *live, struct live_visit *visit, struct mono now)
{
	if (visit->second_at.us == 0 || mono_diff_us(now, visit->second_at) < UNTOLD_US)
		return;
	int heard = live_lost_second(live, visit, NULL, now);
	visit->used_s += heard;
	visit->pending_s += heard;
}

static void write_one(struct live *live, struct live_visit *visit, enum lost_cause cause)
{
	int seconds = visit->lost_pending.s[cause];
	struct wall must_end;
	if (seconds == 0 || visit->lab || visit->state != VISIT_LIVE ||
	    visit_losing(live->service, &system_actor, visit->id, cause, seconds, &must_end) != OK)
		return;
	visit->lost_written.s[cause] += seconds;
	visit->lost_pending.s[cause] = 0;
	visit->lost_is_added = must_end.s >= visit->slot_end.s + lost_made_up_s(&visit->lost);
	visit->news |= NEWS_CLOCK;
	if (must_end.s == visit->must_end.s)
		return;
	visit->must_end = must_end;
	live_send_life(live, visit);
}

void live_lost_write(struct live *live, struct live_visit *visit)
{
	for (unsigned i = 0; i < LOST_CAUSE_COUNT; i++)
		write_one(live, visit, (enum lost_cause)i);
}

void live_lost_settle(struct live_visit *visit, bool committed)
{
	for (unsigned i = 0; i < LOST_CAUSE_COUNT; i++)
		if (!committed)
			visit->lost_pending.s[i] += visit->lost_written.s[i];
	visit->lost_written = (struct lost_time){ 0 };
}

json_t *live_lost_json(const struct live_visit *visit)
{
	return json_pack("{s:i, s:s, s:b}", "s", lost_made_up_s(&visit->lost), "why",
			 lost_cause_name(lost_main_cause(&visit->lost)), "added",
			 (int)visit->lost_is_added);
}
