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
	POLICY_GRACE_MINUTES,      /* after the end of the slot, while nobody needs the terminal */
	POLICY_LOST_ADDED_MINUTES, /* that faults took, added at the end at most */
	POLICY_LOBBY_MINUTES,      /* the lobby opens so long before the start */
	POLICY_JOIN_MINUTES,       /* joining is possible until so long after the start */
	POLICY_OPEN_REQUESTS_MAX,  /* contact requests of one booker waiting for staff */
	POLICY_MISMATCHES_DAY,     /* wrong prisoner details a booker may give in 24 hours */
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
	/* Times and places. */
	POLICY_SOCIAL_ON, /* visits of that kind are held by video: 0, 1 */
	POLICY_LEGAL_ON,
	POLICY_OFFICIAL_ON,
	POLICY_OPEN_FROM_DAY,     /* the first day with visits, days since 1970; 0: any */
	POLICY_NOTICE_DAYS,       /* whole days between today and the visit; 0: hours alone count */
	POLICY_NOTICE_DAYS_STAFF, /* the same when staff book; hours do not bind them */
	POLICY_WINDOW_DAYS_STAFF,
	POLICY_REVIEW_EXTRA_DAYS, /* added to the notice where staff must look at the request */
	POLICY_HOLD_MINUTES,      /* a chosen time stays free so long */
	POLICY_HOLD_PURGE_MINUTES,
	POLICY_SOCIAL_MINUTES_MIN, /* lengths of a visit of that kind */
	POLICY_SOCIAL_MINUTES_MAX,
	POLICY_LEGAL_MINUTES_MIN,
	POLICY_LEGAL_MINUTES_MAX,
	POLICY_OFFICIAL_MINUTES_MIN,
	POLICY_OFFICIAL_MINUTES_MAX,
	POLICY_SEAT_ADULT_AGE, /* who counts as adult among the callers; the lead is another matter */
	POLICY_ADULTS_MAX,
	POLICY_CHILDREN_MAX,
	POLICY_SUPPORTERS_MAX,     /* of one visit that do not count as callers */
	POLICY_CLOSED_VISITS_MAX,  /* at once, in the whole prison */
	POLICY_LINK_CALLS_MAX,     /* visits at once that the prison's line bears */
	POLICY_LINK_CALLS_RESERVE, /* of these, kept for the courts */
	POLICY_LINK_UP_KBIT,       /* the line carries from the prison; 0: not known */
	POLICY_LINK_DOWN_KBIT,     /* and to it */
	POLICY_LINK_FIND, /* visits are booked by what the line showed to carry (domain/line_found.h) */
	POLICY_LINK_FOUND_UP_KBIT, /* it showed to carry from the prison; 0: no less than it should */
	POLICY_LINK_FOUND_DOWN_KBIT, /* and to it */
	POLICY_LINK_OTHER_KBIT,      /* of either, what others than visits need */
	POLICY_LINK_RESERVE_PERCENT, /* of either, what is never planned */
	POLICY_LINK_PLAN_KBIT,       /* of a visit each way, by which they are booked */
	POLICY_LINK_PLAN_SIGN_KBIT,  /* of one in a signed language; never less than of another */
	POLICY_TELEPHONE_NUMBER,     /* with its country's code, digits alone; 0: there is none */
	POLICY_TELEPHONE_CODE,       /* to be entered there; 0: none */
	POLICY_CANCEL_UNTIL_MINUTES, /* a booker may cancel until so long before the start */
	POLICY_OUTCOME_DAYS,         /* after a visit, staff may say what became of it */
	POLICY_REVIEW_DAYS,          /* staff decide on a flagged visit within so many days */
	/* Waiting: domain/waiting/.  Days are working days. */
	POLICY_WAIT_HEARING_DAYS,
	POLICY_WAIT_CUSTODY_HOURS,
	POLICY_WAIT_URGENT_DAYS,
	POLICY_WAIT_DATED_DAYS,
	POLICY_WAIT_DATED_BEFORE_DAYS,
	POLICY_WAIT_ROUTINE_DAYS,
	POLICY_WAIT_SOCIAL_DAYS,
	POLICY_WAIT_PREPARE_DAYS,
	POLICY_LEGAL_NOTICE_MINUTES,
	POLICY_TURN_MINUTES,
	POLICY_FENCE_ROUTINE_FAR,
	POLICY_FENCE_ROUTINE_NEAR,
	POLICY_FENCE_DATED_FAR,
	POLICY_FENCE_DATED_NEAR,
	POLICY_FENCE_FAR_DAYS,
	POLICY_RELEASE_SOCIAL_HOURS,
	POLICY_RELEASE_COURT_MINUTE,
	POLICY_RELEASE_LEGAL_HOURS,
	POLICY_OFFER_ANSWER_MINUTES,
	POLICY_OFFER_SHORT_MINUTES,
	POLICY_OFFER_FAR_HOURS,
	POLICY_OFFER_PARALLEL_HOURS,
	POLICY_OFFER_PARALLEL_MAX,
	POLICY_OFFER_LAST_MINUTES,
	POLICY_OFFER_FROM_MINUTE,
	POLICY_OFFER_UNTIL_MINUTE,
	POLICY_OFFERS_DAY,
	POLICY_OFFER_GAIN_DAYS,
	POLICY_STANDBY_BOOTHS,
	POLICY_STANDBY_NO_SHOW_PERCENT,
	POLICY_STANDBY_MINUTES_MIN, /* of what is left to them, where that is less than any visit */
	POLICY_FIRM_ROUTINE_MAX,
	POLICY_FAIR_PERCENT,
	POLICY_HOURS_FROM_MINUTE, /* the hours in which a prison could hold visits */
	POLICY_HOURS_UNTIL_MINUTE,
	POLICY_HOURS_DAYS,               /* of a week, from Monday on */
	POLICY_START_WITHIN_MINUTES,     /* a visit begins so soon, or it began late */
	POLICY_ESCORT_MINUTES,           /* from the wing to the room */
	POLICY_ACKNOWLEDGE_HOURS,        /* before a visit its wing says that it knows of it */
	POLICY_ACKNOWLEDGE_LAST_MINUTES, /* and now somebody must ask */
	POLICY_PUBLISH_DAYS,             /* after the end of a month, its figures are published */
	POLICY_WAITING_MAX,              /* requests of one person that wait without a time */
	POLICY_WAITING_KEEP_DAYS,        /* after which a request without a date is given up */
	POLICY_PUBLISH_MIN,
	POLICY_FAILED_WAITS,        /* enum failed_waits (waiting/again.h) */
	POLICY_FAILED_HELD_PERCENT, /* of a legal visit heard, below which a fault made it fail */
	/* Who visitors are, and when they are answered. */
	POLICY_IDENTITY_NEEDED,          /* adults are approved by their identity: 0, 1 */
	POLICY_IDENTITY_AGE,             /* from it on, somebody is asked; below, never */
	POLICY_CONTACT_ANSWER_DAYS,      /* working days in which a request is decided */
	POLICY_IDENTITY_UNFINISHED_DAYS, /* pictures not sent, or asked for again, are kept */
	POLICY_IDENTITY_UNDECIDED_DAYS,  /* pictures sent */
	POLICY_IDENTITY_DOCUMENT_DAYS, /* after the decision; also the portrait of who was rejected */
	POLICY_IDENTITY_PORTRAIT_DAYS, /* after the approval, for the admission to visits */
	/* Prisoners at a terminal. */
	POLICY_PRISONER_ASKS,     /* enum prisoner_asks (ask.h) */
	POLICY_PRISONER_ASK_DAYS, /* a request stands so long, and is not repeated before */
	POLICY_PIN_TRIES,         /* wrong PINs in a row, then a pause */
	POLICY_PIN_PAUSE_MINUTES,
	POLICY_PIN_TRIES_MAX, /* and then no more, until staff set a new one */
	/* Which visits are watched (oversight.h). */
	POLICY_OVERSIGHT_WATCH,           /* enum watch_rule */
	POLICY_OVERSIGHT_SHARE,           /* of a hundred social visits, so many are drawn */
	POLICY_OVERSIGHT_RATIO,           /* visits that one officer watches at once */
	POLICY_OVERSIGHT_MISSING_MINUTES, /* nobody watches what should be watched: staff are told */
	POLICY_INCIDENT_APPEAL_DAYS,      /* after the decision */
	POLICY_AUTHORISATION_DAYS,        /* that one lasts at most */
	POLICY_AUTHORISATION_REVIEW_DAYS, /* after which somebody looks again, or it ends */
	POLICY_OVERSIGHT_MISSING_PAUSE,   /* and the visit is paused until somebody does: 0, 1 */
	POLICY_RECORDING_ON,              /* social visits are recorded: 0, 1 */
	POLICY_HINTS_ON,                  /* a machine looks at social visits (hint.h): 0, 1 */
	POLICY_RECORDING_DAYS,            /* kept so long after the visit */
	POLICY_LOOKS_TOLD_DAYS, /* after which people are told of a look at a recording of theirs */
	POLICY_LEGAL_HOLD_DAYS, /* after which somebody looks again at what is held longer */
	/* What people are told. */
	POLICY_REMIND_FIRST_HOURS, /* a reminder goes out so long before a visit; 0: none */
	POLICY_REMIND_SECOND_HOURS,
	POLICY_REMIND_LAST_HOURS,
	POLICY_MESSAGE_KEEP_DAYS,  /* that somebody was told, and when, is kept */
	POLICY_PRISONER_KEEP_DAYS, /* after the release, who it was is kept */
	POLICY_LETTER_DAYS,        /* what happens within so many is not told by letter */
	POLICY_TEXT_NOTICE_HOURS,  /* a change of a visit within so many is told by text, too */
	POLICY_COUNT,
};

/* Values of POLICY_VIDEO_PAYS. */
enum video_pays {
	VIDEO_PAYS_MINUTES, /* of the month's video allowance */
	VIDEO_PAYS_ORDER,   /* a visiting order, as a visit in person does */
	VIDEO_PAYS_BOTH,
};

/* How a value is meant, and typed on a form. */
enum policy_unit {
	UNIT_COUNT,
	UNIT_MINUTES,
	UNIT_HOURS,
	UNIT_DAYS,
	UNIT_YEARS,
	UNIT_SWITCH, /* 0 off, 1 on */
	UNIT_DATE,   /* days since 1970; 0: none */
	UNIT_CLOCK,  /* minutes after local midnight */
	UNIT_CHOICE, /* one of some values, each with a word */
};

enum policy_unit policy_unit(enum policy_name name);
const char *policy_unit_name(enum policy_unit unit); /* "MINUTES" */
void policy_bounds(enum policy_name name, int64_t *min, int64_t *max);

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

/* The row in force for a parameter; NULL: none. */
const struct policy_row *policy_row_in_force(const struct policy_row *rows, size_t count,
					     enum policy_name name, int64_t at_s);

#endif
