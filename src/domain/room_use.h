/*
 * room_use.h - whether a room is open to a kind of visit at a time.
 *
 * The order of the checks is that of Book a Video Link's location attributes;
 * the first that matches decides:
 *	1  the room is not active                       no
 *	2  a block overlaps                             no
 *	3  it is shared                                 yes, shared
 *	4  it is for this kind / for another kind       yes, own / no
 *	5  its timetable, where it goes by one:
 *	     a row BLOCKED overlaps                     no
 *	     a row of this kind contains the time       yes, own
 *	     a row of another kind overlaps             no (protected hours)
 *	     nothing                                    yes, shared
 */
#ifndef PVL_DOMAIN_ROOM_USE_H
#define PVL_DOMAIN_ROOM_USE_H

#include "domain/local_time.h"
#include "domain/visit.h"

/* Closed from a moment until another, which is not part of it. */
struct place_block {
	struct place_block_id id;
	struct room_id room;
	struct terminal_id terminal; /* 0: all of the room */
	struct wall from;
	struct wall to;
	struct str reason;
	struct str room_name;
	struct str terminal_name; /* empty: all */
};

/* A row of a room's timetable. */
struct room_usage {
	struct room_usage_id id;
	struct room_id room;
	unsigned weekdays; /* bit n: day n of the week, 1 Monday … 7 Sunday */
	int start_minute;
	int end_minute;
	enum room_use use; /* a kind of visit, or ROOM_USE_BLOCKED */
};

enum room_answer {
	ROOM_OWN, /* kept for this kind: taken first */
	ROOM_SHARED,
	ROOM_INACTIVE,
	ROOM_BLOCKED,
	ROOM_OTHER_KIND,
};

struct room_question {
	const struct room *room;
	struct terminal_id terminal; /* in it */
	enum visit_kind kind;
	struct wall start;
	int minutes;
};

/* Half open: what ends when the other begins does not overlap. */
bool time_overlaps(struct wall a_from, struct wall a_to, struct wall b_from, struct wall b_to);

enum room_answer room_answer(const struct room_question *question, const struct place_block *blocks,
			     size_t block_count, const struct room_usage *rows, size_t row_count);
bool room_is_open(enum room_answer answer);

#endif
