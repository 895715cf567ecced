#include "rtc/sender_tier.h"

#include "rtc/site.h"
#include "rtc/visit.h"

/* ---- a receiver's line ---- */

static int64_t persons_seen(const struct member *member)
{
	int64_t count = 0;
	for (size_t i = 0; i < member->slots_len; i++)
		count += member->slots[i].line.kind == MEDIA_VIDEO &&
			 member->slots[i].source != MEDIA_NO_END;
	return count > 0 ? count : 1;
}

static void want(const struct core *core, struct member *member, int64_t persons)
{
	bool may = site_may_probe(core, member);
	estimator_want(member->leg.estimator,
		       may ? ladder_wants_bps(&member->ladder) * persons : 0);
}

void sender_tier_heard(struct core *core, struct member *member, struct twcc_reader *feedback,
		       struct mono now)
{
	struct estimator *estimator = member->leg.estimator;
	int64_t persons = persons_seen(member);
	estimator_feedback(estimator, feedback, now);
	want(core, member, persons);
	estimator_tick(estimator, now);
	int64_t bps = estimator_bps(estimator);
	pacer_set(&member->leg.pacer, bps, now);
	member->arrivals.thin = leg_is_thin(&member->leg);
	if (!ladder_step(&member->ladder, bps / persons, now))
		return;
	want(core, member, persons);
	bool no_video = tier_numbers(member->ladder.tier)->video_bps == 0;
	if (no_video && !member->no_video)
		pace_stop_video(core, member, now);
	member->no_video = no_video;
	sender_tier_tell(core, &core->visits[member->visit], now);
}

/* ---- what a sender is told ---- */

/* What its own line has shown to carry; every tier, if it does not say when packets leave. */
static enum tier own_line(const struct member *sender)
{
	return sender->line_in.timed ? sender->line_in.tier : (enum tier)(TIER_COUNT - 1);
}

static enum tier other_lines(const struct core *core, const struct visit *visit,
			     const struct member *sender, struct mono now)
{
	enum tier least = own_line(sender);
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		const struct seat *seat = &visit->seats[end];
		if (seat->now == CORE_NOBODY || seat->role == MEDIA_MONITOR ||
		    (visit->routes.sees[end] >> sender->end & 1) == 0)
			continue;
		const struct member *to = &core->members[seat->now];
		if (leg_is_paced(&to->leg, now) && to->ladder.tier < least)
			least = to->ladder.tier;
	}
	return least;
}

static enum tier tier_for(const struct core *core, const struct visit *visit,
			  const struct member *sender, struct mono now)
{
	enum tier most = site_most(visit, sender);
	enum tier others = other_lines(core, visit, sender, now);
	return most < others ? most : others;
}

enum tier sender_tier_other_lines(const struct core *core, const struct visit *visit, bool up,
				  struct mono now)
{
	enum tier most = TIER_G;
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		const struct seat *seat = &visit->seats[end];
		enum media_role role = up ? MEDIA_PRISONER : MEDIA_VISITOR;
		if (seat->now == CORE_NOBODY || seat->role != role)
			continue;
		enum tier allowed = other_lines(core, visit, &core->members[seat->now], now);
		if (allowed > most)
			most = allowed;
	}
	return most;
}

/* Of its line's two directions; the one to us counts once it has shown its limit. */
static enum tier worse_line(const struct member *member)
{
	bool in_counts = member->line_in.timed && member->line_in.fell;
	enum tier in = in_counts ? member->line_in.tier : (enum tier)(TIER_COUNT - 1);
	return in < member->ladder.tier ? in : member->ladder.tier;
}

static void report(struct core *core, const struct visit *visit, const struct member *member)
{
	const struct tier_numbers *n = tier_numbers(member->told);
	enum tier line = worse_line(member);
	bool known = leg_is_known(&member->leg);
	core_report(core, &(struct media_message){
			      .type = MEDIA_TIER,
			      .tier = {
				  .visit = visit->open.visit,
				  .peer = member->id,
				  .end = member->end,
				  .line = known ? (uint8_t)tier_numbers(line)->letter : 0,
				  .send = (uint8_t)n->letter,
				  .wire_bps = (uint32_t)n->wire_bps,
				  .audio_bps = (uint32_t)n->audio_bps,
				  .audio_ms = (uint8_t)n->audio_ms,
				  .video_bps = (uint32_t)n->video_bps,
				  .video_mfps = (uint32_t)n->video_mfps,
				  .video_height = (uint16_t)n->video_height,
			      },
			  });
}

void sender_tier_second(struct core *core, struct visit *visit, struct mono now)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		if (visit->seats[end].now == CORE_NOBODY)
			continue;
		struct member *member = &core->members[visit->seats[end].now];
		uint64_t expected = 0;
		uint64_t missing = 0;
		for (size_t i = 0; i < member->uplinks_len; i++)
			uplink_missing(&member->uplinks[i], &expected, &missing);
		double lost = expected > 0 ? (double)missing / (double)expected : 0;
		if (member->uplinks_len > 0 && member->state == MEDIA_PEER_CONNECTED)
			(void)uplink_line_step(&member->line_in, lost, now);
	}
	sender_tier_tell(core, visit, now);
}

void sender_tier_tell(struct core *core, const struct visit *visit, struct mono now)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		if (visit->seats[end].now == CORE_NOBODY)
			continue;
		struct member *member = &core->members[visit->seats[end].now];
		enum tier send = tier_for(core, visit, member, now);
		if (member->was_told && member->told == send &&
		    member->told_line == worse_line(member))
			continue;
		member->was_told = true;
		member->told = send;
		member->told_line = worse_line(member);
		report(core, visit, member);
	}
}

void sender_tier_resync(struct core *core, const struct visit *visit)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++)
		if (visit->seats[end].now != CORE_NOBODY &&
		    core->members[visit->seats[end].now].was_told)
			report(core, visit, &core->members[visit->seats[end].now]);
}
