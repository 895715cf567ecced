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

MUST_USE enum err store_session_template_insert(struct store *, const struct session_template *);
/* Of a prison, active ones. */
MUST_USE enum err store_session_template_list(struct store *, struct arena *, struct prison_code,
					      struct store_session_templates *out);

#endif
