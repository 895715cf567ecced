/*
 * policy.h - the parameters of a prison's rules, as data.
 *
 * Each parameter is a row with a valid-from, an author and a reason; a row of
 * the prison stands before a national one, a later row before an earlier one.
 * No value stands in the code: schema/ fills in the national ones.  Bounds
 * here only keep nonsense out.
 */
#ifndef PVL_DOMAIN_POLICY_H
#define PVL_DOMAIN_POLICY_H

#include "base/str.h"

enum policy_name {
	POLICY_ALLOWANCE_MINUTES_MONTH, /* free video minutes of a prisoner, a local month */
	POLICY_NOTICE_HOURS,            /* a visit is booked at least so long before */
	POLICY_WINDOW_DAYS,             /* and at most so long */
	POLICY_PARTY_MAX,               /* callers in one visit */
	POLICY_ADULT_AGE,               /* at least one caller of this age */
	POLICY_GRACE_MINUTES,     /* after the end of the slot, while nobody needs the terminal */
	POLICY_LOBBY_MINUTES,     /* the lobby opens so long before the start */
	POLICY_JOIN_MINUTES,      /* joining is possible until so long after the start */
	POLICY_OPEN_REQUESTS_MAX, /* contact requests of one booker waiting for staff */
	POLICY_MISMATCHES_DAY,    /* wrong prisoner details a booker may give in 24 hours */
	POLICY_CANCEL_REFUND_MINUTES, /* cancelled at least so long before: allowance comes back */
	/* Visiting orders: see visit_order.h. */
	POLICY_ORDER_VO_DAYS,
	POLICY_ORDER_PVO_DAYS,
	POLICY_ORDER_ACCUMULATE_DAYS,
	POLICY_ORDER_PVO_LIFE_DAYS,
	POLICY_ORDER_CAP,
	POLICY_ORDER_REFUND_LIFE_DAYS,
	POLICY_VIDEO_PAYS,        /* what a social video visit costs: enum video_pays */
	POLICY_REMAND_WEEK_MAX,   /* social visits of an unconvicted prisoner a week */
	POLICY_REMAND_WEEK_START, /* 1 Monday … 7 Sunday */
	/* Requests that staff must look at. */
	POLICY_REVIEW_DECIDE_HOURS, /* before the visit, by which a request must be decided */
	POLICY_REVIEW_CLOSE_MINUTE, /* of the day, at which undecided requests are rejected */
	POLICY_SOURCE_STALE_HOURS,  /* an import older than this is no longer trusted */
	POLICY_CHILD_AGE,           /* below it, a caller is a child */
	POLICY_COUNT,
};

/* Values of POLICY_VIDEO_PAYS. */
enum video_pays {
	VIDEO_PAYS_MINUTES, /* of the month's video allowance */
	VIDEO_PAYS_ORDER,   /* a visiting order, as a visit in person does */
	VIDEO_PAYS_BOTH,
};

/* "allowance_minutes_month"; never NULL. */
const char *policy_name_text(enum policy_name name);
bool policy_name_of(struct str text, enum policy_name *out);
bool policy_value_acceptable(enum policy_name name, int64_t value);

struct policy {
	int64_t version; /* the number of the newest row in force; a visit keeps it */
	int64_t values[POLICY_COUNT];
};

/* One row as stored, for the page that shows the rules and their history. */
struct policy_row {
	int64_t seq;
	bool national;
	enum policy_name name;
	int64_t value;
	int64_t valid_from_s;
	struct str author; /* the account's name, empty for the first national values */
	struct str reason;
};

/*
 * The rules in force at a time from rows in order of seq, national and of one
 * prison.  False if a parameter has no value: nothing may then be booked.
 */
bool policy_in_force(const struct policy_row *rows, size_t count, int64_t at_s, struct policy *out);

#endif
