/*
 * site_share.h - one line of a prison, shared by all the calls that pass it.
 *
 * Each direction has a budget: what the line carries, less a reserve and less
 * what others need of it.  It is given out in tiers, weighted max-min:
 *
 *	1  sound to every call
 *	2  least video to every legal call
 *	3  least video to every call in a signed language, which is nothing without
 *	4  least video to every other call
 *	5  less than that, or stills, to whoever has none
 *	6  one tier more to whoever has least for its weight, as long as it fits
 *
 * So a call can lose its picture to another, but never its sound.  When the line
 * shows to carry less, the whole is cut once, whoever noticed; when it is calm
 * it comes back slowly.  Pure.
 */
#ifndef PVL_CONGESTION_SITE_SHARE_H
#define PVL_CONGESTION_SITE_SHARE_H

#include <stddef.h>

#include "base/clock.h"
#include "congestion/tiers.h"

struct site_call {
	bool legal;
	enum ladder_kind ladder;
	int32_t weight;  /* of upgrades; 10: usual */
	int32_t streams; /* of that tier that pass the line; 1 at the least */
	enum tier most;  /* that anything else of it allows: more would be wasted */
	enum tier gets;  /* filled in */
};

void site_share(int64_t budget_bps, struct site_call *calls, size_t count);

struct site_budget {
	int64_t full_bps; /* as configured; 0: not known, nothing is shared */
	int64_t now_bps;
	struct mono cut; /* last */
};

/* A new full_bps begins anew. */
void site_budget_set(struct site_budget *budget, int64_t full_bps);
/*
 * Each second.  strained: some call noticed within it that the line is full; then
 * what came of all of them is what it carries.  came_bps 0: not known.
 */
void site_budget_second(struct site_budget *budget, bool strained, int64_t came_bps,
			struct mono now);

#endif
