/*
 * session_template.h - the weekly patterns of prisons in the database.
 */
#ifndef PVL_STORE_SESSION_TEMPLATE_H
#define PVL_STORE_SESSION_TEMPLATE_H

#include "base/arena.h"
#include "domain/session.h"
#include "store/store.h"

struct store_session_templates {
	size_t count;
	struct session_template *list;
};

/* With its groups; author and reason say who changed what and why. */
MUST_USE enum err store_session_template_insert(struct store *, const struct session_template *,
						struct account_id author, struct str reason,
						struct wall now);
/* Of a prison, active ones, earlier and later versions too. */
MUST_USE enum err store_session_template_list(struct store *, struct arena *, struct prison_code,
					      struct store_session_templates *out);
MUST_USE enum err store_session_template_find(struct store *, struct arena *,
					      struct session_template_id,
					      struct session_template *out);
/* The newest of that prison, name, days and start, one that is not active too. */
MUST_USE enum err store_session_template_find_named(struct store *, struct arena *,
						    const struct session_template *like,
						    struct session_template *out);
/* Its last day; one that would end before it begins is inactive from now on. */
MUST_USE enum err store_session_template_end(struct store *, const struct session_template *,
					     struct date last);

#endif
