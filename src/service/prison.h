/*
 * prison.h - prisons, their rules and their day.
 */
#ifndef PVL_SERVICE_PRISON_H
#define PVL_SERVICE_PRISON_H

#include "domain/policy.h"
#include "domain/session.h"
#include "service/booking.h"
#include "service/effect.h"

struct prison_list {
	size_t count;
	struct prison *list;
};

/* Public: names, whether they can hold video visits, and if not why. */
MUST_USE enum err prisons_all(struct service *, struct arena *, struct prison_list *out);
MUST_USE enum err prison_find(struct service *, struct arena *, struct prison_code,
			      struct prison *out);
/* Public: the rules in force now; ERR_NOT_FOUND for an unknown prison. */
MUST_USE enum err policy_find(struct service *, struct prison_code, struct policy *out);

struct policy_history {
	size_t count;
	struct policy_row *list; /* newest first */
};

/* Public: all rows that hold at a prison, now or later, without who wrote them and why. */
MUST_USE enum err policy_rows_find(struct service *, struct arena *, struct prison_code,
				   struct policy_history *out);
MUST_USE enum err policy_history_find(struct service *, const struct actor *, struct arena *,
				      struct prison_code, struct policy_history *out);
struct policy_setting {
	struct prison_code prison; /* empty: all prisons that have no row of their own */
	enum policy_name name;
	int64_t value;
	struct wall valid_from; /* not in the past: ERR_BAD */
	struct str reason;
};

/*
 * Prison admin for the own prison, HQ admin for any or for all; reason needed.
 * The booked visits that the new rule forbids go to review; preview shows them
 * and changes nothing.
 */
MUST_USE enum err policy_set(struct service *, const struct actor *, struct arena *,
			     const struct policy_setting *, struct effect_list *effects);
MUST_USE enum err policy_preview(struct service *, const struct actor *, struct arena *,
				 const struct policy_setting *, struct effect_list *effects);
/* Prison admin or HQ admin: the prison can hold visits, or not and why; reason_cy may be empty. */
MUST_USE enum err prison_set_ready(struct service *, const struct actor *, struct prison_code,
				   bool ready, struct str reason, struct str reason_cy);

struct terminal_list {
	size_t count;
	struct terminal *list;
};

struct day_sheet {
	struct prison prison;
	struct date date;
	struct terminal_list terminals;
	struct visit_list visits; /* of that local day, by start, cancelled ones included */
};

/* Staff of the prison; national roles name one. */
MUST_USE enum err day_sheet_find(struct service *, const struct actor *, struct arena *,
				 struct prison_code, struct date, struct day_sheet *out);
/* Visits in LOBBY or LIVE now; for ROLE_SYSTEM with an empty code those of all prisons. */
MUST_USE enum err visits_running(struct service *, const struct actor *, struct arena *,
				 struct prison_code, struct visit_list *out);

#endif
