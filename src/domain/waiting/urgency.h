/*
 * urgency.h - how long a visit may wait: its class, its deadline, its slack.
 *
 * The lawyer says once what the visit is for and on which day it is decided.
 * From that follow the class, the day by which the visit is due, and the slack:
 * the days that are left when the time to prepare is taken off.  Whoever has
 * the least slack in a class comes first.  Days are working days, Monday to
 * Friday.  A wait counts from the first request, whatever is moved later.
 */
#ifndef PVL_DOMAIN_WAITING_URGENCY_H
#define PVL_DOMAIN_WAITING_URGENCY_H

#include "domain/policy.h"
#include "domain/visit.h"

enum waiting_cause {
	WAITING_FOR_NOTHING, /* no date */
	WAITING_FOR_CUSTODY_LIMIT,
	WAITING_FOR_BAIL,
	WAITING_FOR_HEARING,
	WAITING_FOR_PAROLE,
	WAITING_FOR_ADJUDICATION,
	WAITING_FOR_APPEAL,
	WAITING_CAUSE_COUNT,
};

const char *waiting_cause_name(enum waiting_cause cause); /* "CUSTODY_LIMIT" */
bool waiting_cause_of(struct str name, enum waiting_cause *out);

/* Least urgent last; families wait for themselves. */
enum waiting_class {
	WAITING_URGENT,
	WAITING_DATED,
	WAITING_ROUTINE,
	WAITING_SOCIAL,
	WAITING_CLASS_COUNT,
};

const char *waiting_class_name(enum waiting_class class); /* "URGENT" */
bool waiting_class_name_of(struct str name, enum waiting_class *out);

/* What is asked for; it stays as it is through offers, moves and transfers. */
struct waiting_need {
	enum visit_kind kind;
	enum waiting_cause cause;
	struct date deadline; /* year 0: none */
	struct wall asked_at; /* the first request */
	struct wall received; /* into custody; 0: not known */
	int minutes;
};

enum {
	WAITING_LENGTH_COUNT = 6,
};
/* 15, 30, 45, 60, 90, 120: what a lawyer may ask for, within the prison's bounds. */
extern const int WAITING_LENGTHS[WAITING_LENGTH_COUNT];

/* A need with a cause must have a deadline, one without must not; a deadline is not in the past. */
bool waiting_date_acceptable(const struct waiting_need *need, struct date today);
/* The same, of one of the lengths. */
bool waiting_need_acceptable(const struct waiting_need *need, struct date today);

/* Working days after the first day up to the second; 0 for the same day, negative before. */
int64_t working_days_between(struct date from, struct date to);
/* The day so many working days later (negative: earlier); a weekend counts as the Friday before it. */
struct date working_day_add(struct date day, int64_t days);

/* As of a day: a hearing comes nearer, so a dated need becomes urgent. */
enum waiting_class waiting_class_on(const struct waiting_need *need, const struct policy *policy,
				    struct date today);
/* The last day on which the visit keeps the level of service. */
struct date waiting_due(const struct waiting_need *need, const struct policy *policy);
/* Working days to the deadline (or, without one, to the due day), less the days to prepare. */
int64_t waiting_slack(const struct waiting_need *need, const struct policy *policy,
		      struct date today);
/* A visit held on that day is too late for what it was asked for. */
bool waiting_missed(const struct waiting_need *need, struct date held);

/* Where a need stands among others, which may wait by other rules. */
struct waiting_rank {
	enum waiting_class class;
	int64_t slack;
	struct wall asked_at;
};

struct waiting_rank waiting_rank_of(const struct waiting_need *need, const struct policy *policy,
				    struct date today);
/* a before b: more urgent class, then less slack, then the older request. */
bool waiting_rank_before(const struct waiting_rank *a, const struct waiting_rank *b);
/* The same of two that wait by the same rules. */
bool waiting_before(const struct waiting_need *a, const struct waiting_need *b,
		    const struct policy *policy, struct date today);

#endif
