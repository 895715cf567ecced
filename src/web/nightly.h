/*
 * nightly.h - what falls due by itself: requests that nobody decided, freed time
 * that is offered on, who is asked to stand by, the orders that each day brings, photos of identity and
 * messages whose time is over, who was released long ago, what the prisons' lines showed to carry,
 * and the counting of yesterday.
 *
 * Part of the turn: a few at a time, so that nobody waits.  What a turn could
 * not do, or a commit lost, is made up for later: days count once, and missed
 * ones are caught up with (service/orders.h).
 */
#ifndef PVL_WEB_NIGHTLY_H
#define PVL_WEB_NIGHTLY_H

#include "base/clock.h"
#include "service/refill.h"
#include "service/standby.h"

struct nightly {
	struct mono next;         /* not before */
	int64_t day;              /* that all prisoners have had; 0: none since the start */
	const char *recordings;   /* the folder of their segments; NULL: none */
	bool recordings_apart;    /* an object store has them, too */
	struct prisoner_id after; /* how far the present day has come */
	int64_t lines_day;        /* on which all lines were looked at; 0: none since the start */
	struct prison_code line_after;   /* how far that has come */
	int64_t forgot_day;              /* so with everybody who was released long ago */
	struct prisoner_id forgot_after; /* how far that has come */
	struct refill_cursor refill;
	struct standby_cursor standby;
};

/* Inside the turn's transaction.  people: somebody's request is in it, who is not kept waiting for what can wait. */
void nightly_tick(struct nightly *nightly, struct service *service, struct mono now, bool people);

#endif
