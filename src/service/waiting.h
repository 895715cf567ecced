/*
 * waiting.h - the waiting list: asking for a time that is not free, or for an
 * earlier one than one has; what one wishes; leaving it.
 *
 * A request keeps its first moment through bookings, moves and transfers of the
 * prisoner.  Lawyers come onto the list by legal.h too.
 */
#ifndef PVL_SERVICE_WAITING_H
#define PVL_SERVICE_WAITING_H

#include "service/booking.h"
#include "store/refill.h"
#include "store/standby.h"

enum {
	WAITING_LIST_MAX = 200,
};

enum waiting_answer {
	WAITING_FINE,
	WAITING_NOT_PARTY,  /* the rules about the people say no: the verdict says which */
	WAITING_TOO_MANY,   /* as many as one person may have */
	WAITING_ALREADY,    /* they wait for this prisoner */
	WAITING_NOT_BOOKED, /* the visit has begun, is over, or is only asked for */
	WAITING_ANSWER_COUNT,
};

/* .earlier is left alone; ERR_BAD: the wish is no wish (from before until, within a day). */
bool waiting_wish_acceptable(const struct waiting_wish *);

/* The parts of the day that can be wished for. */
enum waiting_hours {
	WAITING_HOURS_ANY,
	WAITING_HOURS_MORNING,
	WAITING_HOURS_AFTERNOON,
	WAITING_HOURS_EVENING,
	WAITING_HOURS_COUNT,
};

const char *waiting_hours_name(enum waiting_hours hours); /* "MORNING" */
bool waiting_hours_name_of(struct str name, enum waiting_hours *out);
/* Of a wish: ANY where it is none of the others. */
enum waiting_hours waiting_hours_of(const struct waiting_wish *);
void waiting_hours_set(struct waiting_wish *, enum waiting_hours);

/* A family would have a social visit of that length, any time; .start of the request is not read. */
MUST_USE enum err waiting_ask(struct service *, const struct actor *, const struct visit_request *,
			      const struct waiting_wish *, enum waiting_answer *,
			      struct verdict *verdict, int64_t *id);
/* The booker of a visit would rather have an earlier time; it stays booked until one is accepted. */
MUST_USE enum err waiting_earlier(struct service *, const struct actor *, struct reference,
				  const struct waiting_wish *, enum waiting_answer *, int64_t *id);
MUST_USE enum err waiting_wish_set(struct service *, const struct actor *, int64_t id,
				   const struct waiting_wish *);
/* Off the list; a booked visit stays.  ERR_CONFLICT: it is not on it. */
MUST_USE enum err waiting_leave(struct service *, const struct actor *, int64_t id);

/* One's own. */
MUST_USE enum err waiting_find(struct service *, const struct actor *, struct arena *, int64_t id,
			       struct waiting *out);

struct waiting_line {
	struct waiting waiting;
	bool has_offer;
	struct offer_row offer; /* open, where .has_offer */
	bool has_standby;
	struct standby_row standby; /* asked or agreed, where .has_standby */
};

struct waiting_lines {
	size_t count;
	struct waiting_line *list;
};

/* One's own that would take a time, oldest first. */
MUST_USE enum err waiting_mine(struct service *, const struct actor *, struct arena *,
			       struct waiting_lines *out);

#endif
