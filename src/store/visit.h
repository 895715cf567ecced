/*
 * visit.h - visits and who takes part, in the database.
 *
 * No function changes a visit's kind, and a foreign key refuses it.
 */
#ifndef PVL_STORE_VISIT_H
#define PVL_STORE_VISIT_H

#include "base/arena.h"
#include "domain/visit.h"
#include "store/store.h"

struct store_visits {
	size_t count;
	struct visit *list;
};

/* With its visitors.  ERR_CONFLICT: the reference is taken. */
MUST_USE enum err store_visit_insert(struct store *, const struct visit *);
MUST_USE enum err store_visit_find(struct store *, struct arena *, struct reference,
				   struct visit *out);
MUST_USE enum err store_visit_find_by_id(struct store *, struct arena *, struct visit_id,
					 struct visit *out);
/* Latest start first. */
MUST_USE enum err store_visit_list_of(struct store *, struct arena *, struct account_id booker,
				      int limit, struct store_visits *out);
/* Of a prisoner, latest start first. */
MUST_USE enum err store_visit_list_for(struct store *, struct arena *, struct prisoner_id,
				       int limit, struct store_visits *out);
/* Of a prison, start in [from, to), earliest first. */
MUST_USE enum err store_visit_list_day(struct store *, struct arena *, struct prison_code,
				       struct wall from, struct wall to, struct store_visits *out);
/* In LOBBY or LIVE; prison empty: all. */
MUST_USE enum err store_visit_list_running(struct store *, struct arena *, struct prison_code,
					   struct store_visits *out);
/* At a terminal, not over, start in [from, to), earliest first. */
MUST_USE enum err store_visit_list_at(struct store *, struct arena *, struct terminal_id,
				      struct wall from, struct wall to, struct store_visits *out);
/* Not over (and not only requested), start before a time, earliest first, at most limit. */
MUST_USE enum err store_visit_list_begun(struct store *, struct arena *, struct wall before,
					 int limit, struct store_visits *out);
/* Of a prisoner, requested or booked from a time on, or under way; earliest first, at most limit. */
MUST_USE enum err store_visit_list_of_prisoner(struct store *, struct arena *, struct prisoner_id,
					       struct wall from, int limit,
					       struct store_visits *out);
/* The same with a visitor of that birth; prisoner 0: of all prisoners. */
MUST_USE enum err store_visit_list_with(struct store *, struct arena *, struct date born,
					struct prisoner_id, struct wall from, int limit,
					struct store_visits *out);

/* Legal visits that are not over, with that visitor. */
MUST_USE enum err store_visit_list_legal_with(struct store *, struct arena *, struct person_id,
					      int limit, struct store_visits *out);

struct store_starts {
	size_t count;
	struct wall *list; /* sorted */
};

/* Of a prisoner's social visits that are not cancelled, start in [from, to). */
MUST_USE enum err store_visit_starts(struct store *, struct arena *, struct prisoner_id,
				     struct wall from, struct wall to, struct visit_id other_than,
				     struct store_starts *out);
MUST_USE enum err store_visit_watch(struct store *, struct visit_id, bool closed, bool watched);
/* Writes what changes in a visit's life: state, times, seconds, end; nothing else. */
MUST_USE enum err store_visit_update(struct store *, const struct visit *);
MUST_USE enum err store_visit_rename(struct store *, struct visit_id, struct reference);
/* The first was given another time, which is the second. */
MUST_USE enum err store_visit_moved(struct store *, struct visit_id from, struct visit_id to);
/* Requested or booked at a prison (empty: all), start in [from, to), earliest first, at most limit. */
MUST_USE enum err store_visit_list_future(struct store *, struct arena *, struct prison_code,
					  struct wall from, struct wall to, int limit,
					  struct store_visits *out);
/* With an open request, as store_request_list() has them: two statements, however many they are. */
MUST_USE enum err store_visit_list_requested(struct store *, struct arena *, struct prison_code,
					     int limit, struct store_visits *out);
MUST_USE enum err store_visitor_update(struct store *, struct visit_id,
				       const struct visit_visitor *);

#endif
