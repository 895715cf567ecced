/*
 * timetable.h - a prison's sessions, and the days on which they are not held.
 *
 * A session is changed from a day on: the old one ends the day before, the new
 * one goes on from there.  Booked visits keep their time; those that no session
 * holds any more go to review.
 */
#ifndef PVL_SERVICE_TIMETABLE_H
#define PVL_SERVICE_TIMETABLE_H

#include "domain/session.h"
#include "service/effect.h"
#include "store/closure.h"

struct session_list {
	size_t count;
	struct session_template
	    *list; /* by time of day; those whose last day is past are left out */
};

/* Staff of the prison; national roles name one. */
MUST_USE enum err sessions_find(struct service *, const struct actor *, struct arena *,
				struct prison_code, struct session_list *out);
MUST_USE enum err session_find(struct service *, const struct actor *, struct arena *,
			       struct session_template_id, struct session_template *out);

struct session_edit {
	struct session_template session; /* .id 0: a new one; else the one it takes the place of */
	struct str reason;
};

/*
 * Prison admin for the own prison, HQ admin for any.  .valid_from is the first
 * day, not in the past.  ERR_BAD: session_fault() says why, or the room is
 * another prison's.
 */
MUST_USE enum err session_save(struct service *, const struct actor *, struct arena *,
			       const struct session_edit *, enum change_mode,
			       struct effect_list *effects);
/* last: the last day on which it is held; yesterday: not any more. */
MUST_USE enum err session_end(struct service *, const struct actor *, struct arena *,
			      struct session_template_id, struct date last, struct str reason,
			      enum change_mode, struct effect_list *effects);

struct exclude_date_list {
	size_t count;
	struct exclude_date *list;
};

/* Of today and later. */
MUST_USE enum err exclude_dates_find(struct service *, const struct actor *, struct arena *,
				     struct prison_code, struct exclude_date_list *out);

/* A session as anybody may know it: not whose it is, where, and how many it holds. */
struct public_session {
	struct session_template_id id;
	unsigned weekdays; /* as of struct session_template, like the rest */
	int start_minute;
	int end_minute;
	int every_weeks;
	struct date valid_from;
	struct date valid_to;
	bool for_families; /* who may book it themselves */
	bool for_lawyers;
	bool for_some; /* it does not admit everybody there */
};

struct closed_day {
	struct date day;
	struct session_template_id session; /* 0: none is held; else one of the list */
};

struct public_times {
	size_t session_count;
	struct public_session *sessions; /* by time of day; in force or to come */
	size_t closed_count;
	struct closed_day *closed; /* of today and later, by day */
};

/*
 * Public: when a prison holds the visits that families and lawyers book.  What
 * only staff book is not among them, nor why a day is closed.
 */
MUST_USE enum err public_times_find(struct service *, struct arena *, struct prison_code,
				    struct public_times *out);

/* .session 0: the whole prison.  ERR_CONFLICT: that day stands there; ERR_BAD: it is past. */
MUST_USE enum err exclude_date_add(struct service *, const struct actor *, struct arena *,
				   const struct exclude_date *, enum change_mode,
				   struct effect_list *effects);
MUST_USE enum err exclude_date_remove(struct service *, const struct actor *, struct arena *,
				      struct prison_code, struct exclude_date_id);

#endif
