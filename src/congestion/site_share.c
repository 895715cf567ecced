#include "congestion/site_share.h"

enum {
	CUT_PAUSE_US = 3000000, /* queues need time to drain before a second look */
	CALM_US = 30000000,
	TURNS = 3,
};

static const double CUT = 0.85;
static const double OF_WHAT_CAME = 0.9;
static const double RISE = 1.01;  /* a second */
static const double LEAST = 0.25; /* of what was configured: below, it is another line */

static int64_t wire_bps(const struct site_call *call, enum tier tier)
{
	return tier_numbers(call->ladder, tier)->wire_bps;
}

/* From sound alone the next step is moving pictures. */
static enum tier above(enum tier tier)
{
	return tier < TIER_D ? TIER_D : (enum tier)(tier + 1);
}

/* What this tier costs the line more than what the call has. */
static int64_t more_bps(const struct site_call *call, enum tier tier)
{
	return (wire_bps(call, tier) - wire_bps(call, call->gets)) * call->streams;
}

static bool give(struct site_call *call, enum tier tier, int64_t *left_bps)
{
	int64_t more = more_bps(call, tier);
	if (tier > call->most || more > *left_bps)
		return false;
	*left_bps -= more;
	call->gets = tier;
	return true;
}

/* Where another of its lines carries less than the least video, it is to have that. */
static enum tier least_video(const struct site_call *call)
{
	return call->most < TIER_D ? call->most : TIER_D;
}

/* A picture now and then is more than none. */
static void give_less(struct site_call *call, int64_t *left_bps)
{
	for (unsigned tier = TIER_D_LESS; tier > TIER_G && !give(call, (enum tier)tier, left_bps);)
		tier--;
}

/* Who has least for its weight, of those to whom one tier more can be given. */
static struct site_call *neediest(struct site_call *calls, size_t count, int64_t left_bps)
{
	struct site_call *found = NULL;
	for (size_t i = 0; i < count; i++) {
		struct site_call *call = &calls[i];
		if (call->gets + 1 >= TIER_COUNT || above(call->gets) > call->most ||
		    more_bps(call, above(call->gets)) > left_bps)
			continue;
		if (!found || wire_bps(call, call->gets) * found->weight <
				  wire_bps(found, found->gets) * call->weight)
			found = call;
	}
	return found;
}

/* For the least video. */
static unsigned turn_of(const struct site_call *call)
{
	if (call->legal)
		return 0;
	return call->ladder == LADDER_SIGN ? 1 : 2;
}

void site_share(int64_t budget_bps, struct site_call *calls, size_t count)
{
	int64_t left_bps = budget_bps;
	struct site_call *next;
	for (size_t i = 0; i < count; i++) {
		calls[i].gets = TIER_G;
		left_bps -= wire_bps(&calls[i], TIER_G) * calls[i].streams;
	}
	for (unsigned turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < count; i++)
			if (turn_of(&calls[i]) == turn)
				(void)give(&calls[i], least_video(&calls[i]), &left_bps);
	for (unsigned turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < count; i++)
			if (turn_of(&calls[i]) == turn && calls[i].gets == TIER_G)
				give_less(&calls[i], &left_bps);
	while ((next = neediest(calls, count, left_bps)) != NULL)
		(void)give(next, above(next->gets), &left_bps);
}

void site_budget_set(struct site_budget *budget, int64_t full_bps)
{
	if (budget->full_bps != full_bps)
		*budget = (struct site_budget){ .full_bps = full_bps, .now_bps = full_bps };
}

static int64_t cut_bps(const struct site_budget *budget, int64_t came_bps)
{
	int64_t least = (int64_t)(LEAST * (double)budget->full_bps);
	int64_t cut = (int64_t)(CUT * (double)budget->now_bps);
	int64_t came = (int64_t)(OF_WHAT_CAME * (double)came_bps);
	if (came_bps > 0 && came < cut)
		cut = came;
	return cut > least ? cut : least;
}

void site_budget_second(struct site_budget *budget, bool strained, int64_t came_bps,
			struct mono now)
{
	int64_t since_us = budget->cut.us > 0 ? mono_diff_us(now, budget->cut) : INT64_MAX;
	if (strained && since_us > CUT_PAUSE_US) {
		budget->now_bps = cut_bps(budget, came_bps);
		budget->cut = now;
	} else if (!strained && since_us > CALM_US && budget->now_bps < budget->full_bps) {
		int64_t more = (int64_t)(RISE * (double)budget->now_bps);
		budget->now_bps = more < budget->full_bps ? more : budget->full_bps;
	}
}
