/*
 * policy.h - the parameters of prisons' rules, with their history.
 */
#ifndef PVL_STORE_POLICY_H
#define PVL_STORE_POLICY_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "domain/policy.h"
#include "domain/prison.h"
#include "store/store.h"

struct store_policy_rows {
	size_t count;
	struct policy_row *list;
};

/* National rows and those of the prison, in order of seq. */
MUST_USE enum err store_policy_list(struct store *, struct arena *, struct prison_code,
				    struct store_policy_rows *out);
/*
 * The same without author and reason, from memory: the table is read again when a row was added.
 * Rows are never changed (schema/0001-foundation.sql), so the newest seq says whether one was.
 */
MUST_USE enum err store_policy_values(struct store *, struct arena *, struct prison_code,
				      struct store_policy_rows *out);
/* prison empty: national.  Gives the row its seq. */
MUST_USE enum err store_policy_insert(struct store *, struct prison_code, enum policy_name,
				      int64_t value, struct wall valid_from, struct account_id,
				      struct str reason);

#endif
