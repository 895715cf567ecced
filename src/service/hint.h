/*
 * hint.h - hints of a machine on pictures of social visits: they are written down, and officers say what
 * they were worth.  Nothing else ever follows from one.
 */
#ifndef PVL_SERVICE_HINT_H
#define PVL_SERVICE_HINT_H

#include "ipc/hints.h"
#include "service/service.h"
#include "store/hint.h"

/* Whether pictures of such visits are looked at by the rules in force now. */
MUST_USE enum err hints_are_wanted(struct service *, enum visit_kind, struct prison_code,
				   bool *out);

enum hint_made {
	HINT_NONE,  /* there is nothing to tell: no more faces than may be there */
	HINT_AGAIN, /* the same was found in that picture shortly before */
	HINT_NEW,   /* with one leaf */
};

/* ROLE_SYSTEM.  ERR_DENIED: the visit is not social, or its prison does not want hints. */
MUST_USE enum err hint_make(struct service *, const struct actor *, const struct hint_note *,
			    enum hint_made *);

enum {
	HINTS_LIST_MAX = 100,
	HINTS_LISTED_S = 86400,
};

struct hints_view {
	bool on;
	struct store_hints open;         /* of the last day */
	struct store_hint_counts counts; /* of HINT_COUNTED_S */
};

/* Staff of the actor's prison. */
MUST_USE enum err hints_find(struct service *, const struct actor *, struct arena *,
			     struct hints_view *out);
/* Who watches, or the duty governor.  ERR_CONFLICT: somebody has answered. */
MUST_USE enum err hint_settle(struct service *, const struct actor *, struct hint_id, bool right);
/* ROLE_SYSTEM.  What is older than HINT_COUNTED_S goes: one leaf, if anything does. */
MUST_USE enum err hint_erase_due(struct service *, const struct actor *);

#endif
