/*
 * visit.h - one visit: its seats, who may hear and see whom, which slot shows whom, its seconds.
 *
 * Default deny: what has no bit in the routes is not sent, and in a legal visit
 * no bit towards a monitor or towards pvl-record has any effect.  A pair of slots belongs to a person
 * for good: who comes back is shown where they were.
 */
#ifndef PVL_RTC_VISIT_H
#define PVL_RTC_VISIT_H

#include "congestion/site_share.h"
#include "rtc/core.h"

struct seat {
	bool taken; /* somebody sat here: the role is fixed */
	enum media_role role;
	uint32_t now;                   /* member on it, or CORE_NOBODY */
	uint32_t next;                  /* member that takes it once connected, or CORE_NOBODY */
	uint8_t shows[MEDIA_SLOTS_MAX]; /* by pair: whose it is, or MEDIA_NO_END */
};

struct visit {
	bool used;
	struct media_visit open; /* as told */
	struct mono opened;
	struct mono closes;
	uint32_t second;      /* next to be told */
	struct mono together; /* the prisoner and a visitor last heard each other; 0: never */
	/* Of the line that it shares (site.h). */
	struct site_budget site_up;
	struct site_budget site_down;
	enum tier up_most;
	enum tier down_most;
	int probes_s; /* it may probe for so long */
	struct media_routes routes;
	struct seat seats[MEDIA_ENDS_MAX];
};

/* By which everybody in it sends. */
enum ladder_kind visit_ladder(const struct visit *visit);

void visit_open(struct core *core, const struct media_visit *open, struct mono now);
void visit_close(struct core *core, uint32_t at, enum media_reason reason, struct mono now);
/* MEDIA_VISIT_STANDS, with what is left of its life. */
void visit_tell(struct core *core, uint32_t at, struct mono now);
void visit_set_routes(struct core *core, const struct media_routes *routes, struct mono now);
void visit_offer(struct core *core, const struct media_offer *offer, struct mono now);
void visit_tick(struct core *core, uint32_t at, struct mono now);

/* Its keys stand: it takes its seat, and who sat there goes. */
void visit_member_connected(struct core *core, uint32_t member, struct mono now);
/* It is about to be freed. */
void visit_member_gone(struct core *core, uint32_t member, struct mono now);

#endif
