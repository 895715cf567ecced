/*
 * application.h - times held for people who fill in the form, in the database.
 */
#ifndef PVL_STORE_APPLICATION_H
#define PVL_STORE_APPLICATION_H

#include "base/arena.h"
#include "domain/visit.h"
#include "store/store.h"

enum application_state {
	APPLICATION_IN_PROGRESS, /* holds its time until .hold_until */
	APPLICATION_ACCEPTED,    /* became a visit */
	APPLICATION_EXPIRED,     /* given up, or too late */
	APPLICATION_STATE_COUNT,
};

struct application {
	struct application_id id;
	struct account_id booker;
	struct prisoner_id prisoner;
	struct prison_code prison;
	enum visit_kind kind;
	struct terminal_id terminal;
	struct session_template_id session; /* 0: none */
	struct wall start;
	int minutes;
	struct wall made_at;
	struct wall hold_until;
	enum application_state state;
	bool offered; /* kept for whoever is asked: an offer has the same id */
};

struct store_applications {
	size_t count;
	struct application *list;
};

/* ERR_CONFLICT: the booker holds another time for that prisoner. */
MUST_USE enum err store_application_insert(struct store *, const struct application *);
/* The one in progress that was not offered; it may be too late. */
MUST_USE enum err store_application_find(struct store *, struct account_id booker,
					 struct prisoner_id, struct application *out);
MUST_USE enum err store_application_find_id(struct store *, struct application_id,
					    struct application *out);
/* In progress, not offered, and too late; oldest first, at most limit. */
MUST_USE enum err store_application_list_due(struct store *, struct arena *, struct wall now,
					     int limit, struct store_applications *out);
MUST_USE enum err store_application_set_state(struct store *, struct application_id,
					      enum application_state);
/* Forgets those that are over and were made before a time; says how many. */
MUST_USE enum err store_application_purge(struct store *, struct wall before, int64_t *count);

/* What takes a prison's places at a time: a visit that is not over, or a time held. */
struct place_use {
	struct wall start;
	int minutes;
	struct terminal_id terminal;
	struct session_template_id session; /* 0: none */
	bool closed;
	enum visit_kind kind;
	bool signs; /* a signed language is agreed for somebody in it; of a hold, not known */
};

struct store_place_uses {
	size_t count;
	struct place_use *list;
};

/* Whose places count as free for themselves. */
struct place_own {
	struct visit_id visit;             /* 0: none */
	struct application_id application; /* 0: none */
	struct wall now;                   /* holds that ended before are no holds */
};

/* That overlap [from, to), by start. ERR_LIMIT: more than can be looked at. */
MUST_USE enum err store_place_use_list(struct store *, struct arena *, struct prison_code,
				       struct wall from, struct wall to, const struct place_own *,
				       struct store_place_uses *out);

#endif
