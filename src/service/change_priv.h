/*
 * change_priv.h - a change of rules, sessions or places, and what it does to
 * visits that are booked already.
 *
 *	struct change change;
 *	enum err err = change_begin(service, actor, arena, prison, &change);
 *	if (err == OK)
 *		err = …write…;
 *	return change_end(&change, err, &(struct change_what){ … }, effects);
 *
 * Every booked visit is looked at before and after: each that a rule now
 * forbids gets a review, each that no rule forbids any more loses its own.
 * dry: the same, and all of it is undone, so that a page can show it first.
 */
#ifndef PVL_SERVICE_CHANGE_PRIV_H
#define PVL_SERVICE_CHANGE_PRIV_H

#include "domain/review.h"
#include "service/effect.h"
#include "service/service_priv.h"

struct change_state; /* what spoke against each visit */

struct change {
	struct service *service;
	const struct actor *actor;
	struct arena *arena; /* where the effects live */
	struct prison_code prison;
	struct prisoner_id prisoner; /* 0: everybody's visits */
	struct use_case use;
	struct change_state *before;
};

struct change_what {
	bool dry;
	enum review_event event;
	struct audit_what audit;
};

/* prison empty: all of them. */
MUST_USE enum err change_begin(struct service *, const struct actor *, struct arena *,
			       struct prison_code, struct change *out);
/* One that touches this prisoner's visits alone: no others are looked at. */
MUST_USE enum err change_begin_of(struct service *, const struct actor *, struct arena *,
				  const struct prisoner *, struct change *out);
MUST_USE enum err change_end(struct change *, enum err err, const struct change_what *,
			     struct effect_list *out);

/* What spoke against the visit is gone: it was cancelled or moved.  Part of that use-case's leaf. */
MUST_USE enum err reviews_close(struct service *, struct arena *, struct visit_id, struct str why);

#endif
