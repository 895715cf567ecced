/*
 * standby_priv.h - what the files of standing by share (standby.h is their door).
 *
 * standby.c        ends, answers, and what is done in one run
 * standby_ask.c    who is asked to stand by for the visits that begin together
 * standby_call.c   who has what is left of a visit
 */
#ifndef PVL_SERVICE_STANDBY_PRIV_H
#define PVL_SERVICE_STANDBY_PRIV_H

#include "domain/message.h"
#include "service/service_priv.h"
#include "service/standby.h"
#include "store/standby.h"

enum {
	STANDBYS_AT_ONCE = 50, /* rows of one run */
};

static const struct actor STANDBY_SYSTEM = { .role = ROLE_SYSTEM };

/* The group's visit and who would have what is left of it. */
struct handing {
	struct visit visit; /* as it is now */
	struct waiting waiting;
	struct policy policy;
	struct wall begins;
	struct wall end;
};

/* ---- standby.c ---- */

MUST_USE enum err standby_leaf(struct service *, const struct actor *, enum audit_verb,
			       const struct standby_row *, int64_t amount);
/* Tells whoever is, or was, asked; why: NULL, or the name of the state that it ended in. */
MUST_USE enum err standby_tell(struct service *, const struct policy *, const struct standby_row *,
			       const struct waiting_need *, enum message_kind, const char *why);
/* A use-case of its own; whoever had agreed is told that it is over. */
MUST_USE enum err standby_end_one(struct service *, struct arena *, const struct standby_row *,
				  enum standby_state);

/* ---- standby_ask.c ---- */

/* Asks at the next prisons whoever may be asked, a bounded share of it; *more: at once again. */
MUST_USE enum err standby_sweep(struct service *, struct arena *, struct standby_cursor *,
				bool *more);

/* ---- standby_call.c ---- */

/* Whether the rules would let them have it: it is booked, and that undone. */
MUST_USE enum err standby_try(struct service *, struct arena *, const struct handing *,
			      bool *could);
/* The places of visits that were called off too late for others: whoever stands by is called to them. */
MUST_USE enum err standby_call_for_freed(struct service *, struct arena *, struct standby_cursor *);

#endif
