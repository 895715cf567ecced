#include "rtc/sender_tier.h"

#include "rtc/site.h"
#include "rtc/visit.h"

enum {
	SOUND_AGAIN_US = 10000000, /* so long at least, once it is needed */
	CALM_US = 3000000,
	SOUND_PART_LEAST = 5,      /* a fifth of what is sent, or less */
	TWICE_BEGINS_BPS = 400000, /* of the line */
	TWICE_LEAST_BPS = 300000,
};

static const double LOST_IN = 0.01;
static const double TWICE_BEGINS = 0.08;
static const double TWICE_STAYS = 0.05;

/* ---- a receiver's line ---- */

static int64_t persons_seen(const struct member *member)
{
	int64_t count = 0;
	for (size_t i = 0; i < member->slots_len; i++)
		count += member->slots[i].line.kind == MEDIA_VIDEO &&
			 member->slots[i].source != MEDIA_NO_END;
	return count > 0 ? count : 1;
}

/* What its line carries of each person, and what it wants of that. */
static enum tier takes(const struct member *member)
{
	return member->most < member->ladder.tier ? member->most : member->ladder.tier;
}

/* What it costs to send each frame of sound once more. */
static int64_t sound_bps(const struct member *member, int64_t persons)
{
	return tier_numbers(member->ladder.kind, member->ladder.tier)->audio_bps * persons;
}

/*
 * How often each frame of sound is to go again: the more is lost the more.  What costs a tenth
 * of the line must save a hundredth of the sound, each time: the next saves what this one loses.
 */
static uint8_t sound_needs(double lost, double share)
{
	static const double LOST[REDUNDANT_FRAMES] = { 0.004, 0.04, 0.10 };
	uint8_t times = 0;
	double saves = lost;
	while (times < REDUNDANT_FRAMES && lost >= LOST[times] && saves >= share / 10) {
		times++;
		saves *= lost;
	}
	return times;
}

static uint8_t sound_has_room(double share)
{
	static const double ROOM[REDUNDANT_FRAMES] = { 0.30, 0.30, 0.40 }; /* of the line, in all */
	uint8_t times = 0;
	while (times < REDUNDANT_FRAMES && share * (times + 1) <= ROOM[times])
		times++;
	return times;
}

/*
 * On a line that is wide and loses much, a smaller picture that flows says more than a large one
 * that stands still for each repeat that is lost as well.
 */
static bool are_pictures_sent_twice(struct member *member, double lost, int64_t bps,
				    struct mono now)
{
	bool on = member->leg.pictures_again;
	if (lost >= (on ? TWICE_STAYS : TWICE_BEGINS))
		member->pictures_lost = now;
	if (bps < (on ? TWICE_LEAST_BPS : TWICE_BEGINS_BPS))
		return false;
	return mono_diff_us(now, member->pictures_lost) < SOUND_AGAIN_US;
}

/* What of the line is left for all else. */
static int64_t mind_losses(const struct core *core, struct member *member, int64_t bps,
			   int64_t persons, struct mono now)
{
	struct leg *leg = &member->leg;
	double lost = estimator_random_loss(leg->estimator);
	int64_t cost_bps = sound_bps(member, persons);
	double share = (double)cost_bps / (double)bps;
	bool legal = core->visits[member->visit].open.kind == MEDIA_LEGAL;
	uint8_t needs = legal ? 0 : sound_needs(lost, share);
	leg_loses(leg, lost);
	if (needs > 0 && needs >= member->sound_needs)
		member->sound_lost = now;
	if (needs > member->sound_needs || mono_diff_us(now, member->sound_lost) >= SOUND_AGAIN_US)
		member->sound_needs = needs;
	uint8_t room = sound_has_room(share);
	leg->sound_again = member->sound_needs < room ? member->sound_needs : room;
	int64_t left_bps = bps - leg->sound_again * cost_bps;
	leg->pictures_again = are_pictures_sent_twice(member, lost, bps, now);
	return leg->pictures_again ? left_bps / 2 : left_bps;
}

static void want(const struct core *core, struct member *member, int64_t persons)
{
	bool may = site_may_probe(core, member);
	bool enough = member->ladder.tier >= member->most;
	int64_t bps = enough ? 0 : ladder_wants_bps(&member->ladder) * persons;
	estimator_want(member->leg.estimator, may ? bps : 0);
}

/* It gets none if its line carries none, or if it wants none. */
static void look_at_pictures(struct core *core, struct member *member, struct mono now)
{
	bool no_video = tier_numbers(member->ladder.kind, takes(member))->video_bps == 0;
	if (no_video && !member->no_video)
		pace_stop_video(core, member, now);
	member->no_video = no_video;
}

/*
 * Who watches has every second picture, whatever the line: a desk of many visits
 * adds as many low layers, no more.  Signs need every picture.
 */
static bool has_low_layer_alone(const struct member *member)
{
	return member->role == MEDIA_MONITOR && member->ladder.kind != LADDER_SIGN;
}

/* Of each person it sees: what is left beside the sound. */
static void fit_layers(const struct core *core, struct member *member, int64_t each_bps,
		       struct mono now)
{
	for (size_t i = 0; i < member->slots_len; i++) {
		struct slot *slot = &member->slots[i];
		if (slot->line.kind != MEDIA_VIDEO || slot->source == MEDIA_NO_END)
			continue;
		struct member *source = &core->members[slot->from];
		const struct uplink *video = member_uplink(source, MEDIA_VIDEO);
		const struct uplink *audio = member_uplink(source, MEDIA_AUDIO);
		int64_t sound_bps = audio ? audio->layer_bps[0] : 0;
		int64_t room_bps = has_low_layer_alone(member) ? 0 : each_bps - sound_bps;
		if (video)
			layers_fit(&slot->layers, video->layer_bps, room_bps, now);
	}
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
	int64_t left_bps = mind_losses(core, member, bps, persons, now);
	fit_layers(core, member, left_bps / persons, now);
	member->ladder.repeats =
	    (struct ladder_repeats){ .sound = member->leg.sound_again,
				     .everything = member->leg.pictures_again };
	if (!ladder_step(&member->ladder, bps / persons, now))
		return;
	want(core, member, persons);
	look_at_pictures(core, member, now);
	sender_tier_tell(core, &core->visits[member->visit], now);
}

void sender_tier_bound(struct core *core, struct member *member, enum tier most, struct mono now)
{
	member->most = most;
	look_at_pictures(core, member, now);
	sender_tier_tell(core, &core->visits[member->visit], now);
}

/* ---- what a sender is told ---- */

/* What its own line has shown to carry; every tier, if it does not say when packets leave.  And
 * what the person wants to send. */
static enum tier own_line(const struct member *sender)
{
	enum tier line = sender->line_in.timed ? sender->line_in.tier : (enum tier)(TIER_COUNT - 1);
	return sender->most < line ? sender->most : line;
}

static enum tier other_lines(const struct core *core, const struct visit *visit,
			     const struct member *sender, struct mono now)
{
	enum tier least = own_line(sender);
	bool any_looks = false, any_listens = false;
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		const struct seat *seat = &visit->seats[end];
		if (seat->now == CORE_NOBODY || seat->role == MEDIA_MONITOR ||
		    (visit->routes.sees[end] >> sender->end & 1) == 0)
			continue;
		const struct member *to = &core->members[seat->now];
		/* Who wants sound alone takes the picture from nobody else. */
		if (to->most == TIER_G) {
			any_listens = true;
			continue;
		}
		any_looks = true;
		enum tier tier = leg_is_paced(&to->leg, now) ? takes(to) : to->most;
		if (tier < least)
			least = tier;
	}
	return any_listens && !any_looks ? TIER_G : least;
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

/* Its own line loses some: from then on for a while. */
static void mind_losses_in(struct member *member, double lost, struct mono now)
{
	/* A line that is full loses too: that is for its tier to cure. */
	bool calm = mono_diff_us(now, member->line_in.strain) >= CALM_US;
	if (lost >= LOST_IN && calm) {
		member->again_in = true;
		member->lost_in = now;
	}
	if (mono_diff_us(now, member->lost_in) >= SOUND_AGAIN_US)
		member->again_in = false;
}

/* Where it takes a small part of what is sent, and the server may read what is said. */
static bool may_repeat_sound(const struct visit *visit, enum tier send)
{
	const struct tier_numbers *n = tier_numbers(visit_ladder(visit), send);
	return visit->open.kind != MEDIA_LEGAL && n->audio_bps * SOUND_PART_LEAST <= n->wire_bps;
}

static void report(struct core *core, const struct visit *visit, const struct member *member)
{
	enum ladder_kind kind = visit_ladder(visit);
	const struct tier_numbers *n = tier_numbers(kind, member->told);
	enum tier line = worse_line(member);
	bool known = leg_is_known(&member->leg);
	core_report(core, &(struct media_message){
			      .type = MEDIA_TIER,
			      .tier = {
				  .visit = visit->open.visit,
				  .peer = member->id,
				  .end = member->end,
				  .line = known ? (uint8_t)tier_numbers(kind, line)->letter : 0,
				  .send = (uint8_t)n->letter,
				  .wire_bps = (uint32_t)n->wire_bps,
				  .audio_bps = (uint32_t)n->audio_bps,
				  .audio_ms = (uint8_t)n->audio_ms,
				  .audio_again = member->told_again,
				  .video_bps = (uint32_t)n->video_bps,
				  .video_mfps = (uint32_t)n->video_mfps,
				  .video_height = (uint16_t)n->video_height,
				  .signs = kind == LADDER_SIGN,
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
		for (size_t i = 0; i < member->uplinks_len; i++) {
			uplink_missing(&member->uplinks[i], &expected, &missing);
			uplink_second(&member->uplinks[i]);
		}
		double lost = expected > 0 ? (double)missing / (double)expected : 0;
		if (member->uplinks_len > 0 && member->state == MEDIA_PEER_CONNECTED)
			(void)uplink_line_step(&member->line_in, lost, now);
		mind_losses_in(member, member->line_in.lost, now);
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
		bool again = member->again_in && may_repeat_sound(visit, send);
		if (member->was_told && member->told == send && member->told_again == again &&
		    member->told_line == worse_line(member))
			continue;
		member->was_told = true;
		member->told_again = again;
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
