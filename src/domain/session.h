/*
 * session.h - the weekly pattern in which a prison holds video visits, whom it
 * is for, and the dated times it yields.
 */
#ifndef PVL_DOMAIN_SESSION_H
#define PVL_DOMAIN_SESSION_H

#include "domain/policy.h"
#include "domain/prisoner.h"
#include "domain/visit.h"
#include "domain/visit_order.h"

enum {
	SESSION_NAME_MAX = 60,
	SESSION_GROUPS_MAX = 60,    /* of one template, all kinds together */
	SESSION_CAPACITY_NONE = -1, /* no limit but the terminals */
};

enum session_client {
	SESSION_FAMILY = 1 << 0, /* families may book it themselves */
	SESSION_STAFF = 1 << 1,
};

/* What a group names: "A" or "A-2-014", "C", "ENH". */
enum session_group_kind {
	GROUP_LOCATION,
	GROUP_CATEGORY,
	GROUP_INCENTIVE,
	GROUP_KIND_COUNT,
};

const char *session_group_kind_name(enum session_group_kind kind); /* "LOCATION" */
bool session_group_kind_of(struct str name, enum session_group_kind *out);

struct session_group {
	enum session_group_kind kind;
	struct str value;
};

struct session_template {
	struct session_template_id id;
	struct prison_code prison;
	struct str name;
	unsigned weekdays; /* bit n: day n of the week, 1 Monday … 7 Sunday */
	int start_minute;  /* local, after midnight */
	int end_minute;    /* local; at most 1440 */
	int slot_minutes;  /* the grid: visits begin so often, and last a multiple of it */
	int every_weeks;   /* 1: every week, counted from the anchor's week */
	struct date valid_from;
	struct date valid_to; /* the last day; year 0: open */
	struct date anchor;   /* year 0: valid_from */
	bool active;
	unsigned kinds;             /* bit n: visits of kind n of enum visit_kind */
	unsigned clients;           /* enum session_client */
	enum order_need order_need; /* which visiting order a visit takes, where it takes one */
	struct room_id room;        /* 0: any of the prison */
	int open_capacity;          /* visits at once; SESSION_CAPACITY_NONE */
	int closed_capacity;        /* of closed visits */
	/* Bit n: the groups of kind n are the only ones admitted; else they are kept out. */
	unsigned includes;
	size_t group_count;
	struct session_group *groups;
};

enum {
	SESSION_TIMES_MAX = 288 * 4, /* of one day: five-minute steps, and some lengths */
};

struct session_time {
	struct wall start;
	int minutes;
};

/* The lengths that visits may have; the policy of the prison says. */
struct session_lengths {
	int min;
	int max;
};

/* Of visits of that kind, by a prison's rules. */
struct session_lengths policy_lengths(const struct policy *policy, enum visit_kind kind);
/*
 * The shortest of whoever is called from standing by (waiting/standby.h): what is left of the visit of
 * others may be shorter than a visit that is booked.
 */
int policy_shortest_called(const struct policy *policy, enum visit_kind kind);

bool session_runs_on(const struct session_template *template, struct date date);
bool session_is_for(const struct session_template *template, enum visit_kind kind);
/*
 * The visits a template holds room for on a day, earliest first, the shorter of
 * one start first: every multiple of its grid within the lengths.  Where no
 * multiple is (lengths 15 to 15, grid 30) there are none.  Wall times that the
 * clocks jump over in March are left out; in October each is taken once, at
 * its first instant, so that no visit overlaps the next.
 */
size_t session_times(const struct session_template *template, struct date date,
		     struct session_lengths lengths, struct session_time out[SESSION_TIMES_MAX]);
/* The template holds a visit of that length exactly then. */
bool session_holds(const struct session_template *template, struct wall start, int minutes);
/* Within its hours, beginning on any five minutes and as long as it needs. */
bool session_holds_steps(const struct session_template *template, struct wall start, int minutes);
/* The one or the other, by kind: a legal visit needs no slot of the session. */
bool session_holds_kind(const struct session_template *template, enum visit_kind kind,
			struct wall start, int minutes);

/*
 * Whether the prisoner may come: each kind of group that has entries must admit
 * him.  transitional: the wing is no wing (reception, court …); no location
 * group is meant by it.
 */
bool session_admits(const struct session_template *template, const struct prisoner *prisoner,
		    bool transitional);

/* What a template must be before it is stored; the first thing that is wrong. */
enum session_fault {
	SESSION_FINE,
	SESSION_BAD_DAYS,
	SESSION_BAD_TIMES,  /* not on five minutes, or end not after start */
	SESSION_BAD_LENGTH, /* the grid does not fit */
	SESSION_BAD_WEEKS,
	SESSION_BAD_DATES,
	SESSION_BAD_KINDS,
	SESSION_BAD_CAPACITY,
	SESSION_BAD_GROUPS,
};
enum session_fault session_fault(const struct session_template *template);

#endif
