/*
 * oversight.h - acts in running visits, who watched them, warnings, draws, in the database.
 */
#ifndef PVL_STORE_OVERSIGHT_H
#define PVL_STORE_OVERSIGHT_H

#include "base/arena.h"
#include "domain/oversight.h"
#include "store/store.h"

struct store_acts {
	size_t count;
	struct visit_act *list; /* in order */
};

MUST_USE enum err store_act_list(struct store *, struct arena *, struct visit_id,
				 struct store_acts *out);
/* ERR_CONFLICT: another act has that seq. */
MUST_USE enum err store_act_insert(struct store *, const struct visit *, const struct visit_act *);

struct monitoring {
	struct monitoring_id id;
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	struct account_id officer;
	struct str officer_name;
	enum purpose purpose;
	int64_t purpose_id;
	struct str words;
	struct wall at;
	bool told;         /* both ends were told ... */
	bool acknowledged; /* ... and said so within a second */
	struct wall left_at;
};

struct store_monitorings {
	size_t count;
	struct monitoring *list;
};

/* kind stands beside it, so that a constraint refuses what is not social. */
MUST_USE enum err store_monitoring_insert(struct store *, const struct monitoring *,
					  enum visit_kind);
MUST_USE enum err store_monitoring_find(struct store *, struct arena *, struct monitoring_id,
					struct monitoring *out);
MUST_USE enum err store_monitoring_told(struct store *, struct monitoring_id, bool acknowledged);
/* ERR_NOT_FOUND: it has ended already. */
MUST_USE enum err store_monitoring_end(struct store *, struct monitoring_id, struct wall at);
/* Whatever that officer has open in that visit. */
MUST_USE enum err store_monitoring_end_of(struct store *, struct visit_id, struct account_id,
					  struct wall at);
/* Other running visits that the officer watches now, admissions not counted. */
MUST_USE enum err store_monitoring_count(struct store *, struct account_id, struct visit_id but,
					 int64_t *out);
MUST_USE enum err store_monitoring_list(struct store *, struct arena *, struct visit_id,
					struct store_monitorings *out);

/* Whether its ground is still there (service/oversight.h).  ERR_NOT_FOUND: no such row. */
MUST_USE enum err store_monitoring_stands(struct store *, struct monitoring_id, struct wall now,
					  bool *out);

/* That an officer is to watch a visit. */
struct assignment {
	struct assignment_id id;
	struct visit_id visit;
	struct account_id officer;
	struct str officer_name;
	struct account_id by;
	struct str by_name;
	struct str reason;
	struct wall at;
	struct wall ended_at; /* 0: in force */
};

struct store_assignments {
	size_t count;
	struct assignment *list;
};

/* kind stands beside it, so that a constraint refuses what is not social.  ERR_CONFLICT: there is
 * one in force. */
MUST_USE enum err store_assignment_insert(struct store *, const struct assignment *,
					  enum visit_kind);
/* ERR_NOT_FOUND: none in force. */
MUST_USE enum err store_assignment_end(struct store *, struct visit_id, struct assignment_id,
				       struct wall at);
MUST_USE enum err store_assignment_find(struct store *, struct visit_id, struct account_id officer,
					struct assignment_id *out);
MUST_USE enum err store_assignment_list(struct store *, struct arena *, struct visit_id,
					struct store_assignments *out);

struct warning {
	struct warning_id id;
	struct prison_code prison; /* empty: of all */
	int place;
	struct str words;
	struct str words_cy;
};

struct store_warnings {
	size_t count;
	struct warning *list;
};

/* Those in use at a prison, national ones first. */
MUST_USE enum err store_warning_list(struct store *, struct arena *, struct prison_code,
				     struct store_warnings *out);
MUST_USE enum err store_warning_find(struct store *, struct arena *, struct warning_id,
				     struct warning *out);
MUST_USE enum err store_warning_insert(struct store *, const struct warning *,
				       struct account_id author);
MUST_USE enum err store_warning_retire(struct store *, struct warning_id, struct wall at);

struct watch_draw {
	struct prison_code prison;
	int64_t day; /* local, since 1970 */
	int64_t seed;
	int share;
	struct wall drawn_at;
};

MUST_USE enum err store_draw_find(struct store *, struct prison_code, int64_t day,
				  struct watch_draw *out);
MUST_USE enum err store_draw_insert(struct store *, const struct watch_draw *);

#endif
