#include "domain/waiting/urgency.h"

enum {
	HOUR_S = 3600,
};

const int WAITING_LENGTHS[WAITING_LENGTH_COUNT] = { 15, 30, 45, 60, 90, 120 };

static const char *const CAUSES[WAITING_CAUSE_COUNT] = {
	[WAITING_FOR_NOTHING] = "NONE",  [WAITING_FOR_CUSTODY_LIMIT] = "CUSTODY_LIMIT",
	[WAITING_FOR_BAIL] = "BAIL",     [WAITING_FOR_HEARING] = "HEARING",
	[WAITING_FOR_PAROLE] = "PAROLE", [WAITING_FOR_ADJUDICATION] = "ADJUDICATION",
	[WAITING_FOR_APPEAL] = "APPEAL",
};

static const char *const CLASSES[WAITING_CLASS_COUNT] = {
	[WAITING_URGENT] = "URGENT",
	[WAITING_DATED] = "DATED",
	[WAITING_ROUTINE] = "ROUTINE",
	[WAITING_SOCIAL] = "SOCIAL",
};

const char *waiting_cause_name(enum waiting_cause cause)
{
	return CAUSES[cause < WAITING_CAUSE_COUNT ? cause : 0];
}

bool waiting_cause_of(struct str name, enum waiting_cause *out)
{
	for (unsigned i = 0; i < WAITING_CAUSE_COUNT; i++) {
		if (str_is(name, CAUSES[i])) {
			*out = (enum waiting_cause)i;
			return true;
		}
	}
	return false;
}

const char *waiting_class_name(enum waiting_class class)
{
	return CLASSES[class < WAITING_CLASS_COUNT ? class : 0];
}

bool waiting_class_name_of(struct str name, enum waiting_class *out)
{
	for (unsigned i = 0; i < WAITING_CLASS_COUNT; i++) {
		if (str_is(name, CLASSES[i])) {
			*out = (enum waiting_class)i;
			return true;
		}
	}
	return false;
}

static bool has_deadline(const struct waiting_need *need)
{
	return need->deadline.year != 0;
}

bool waiting_date_acceptable(const struct waiting_need *need, struct date today)
{
	bool dated = need->cause != WAITING_FOR_NOTHING;
	if (need->cause >= WAITING_CAUSE_COUNT || dated != has_deadline(need))
		return false;
	return !dated || (date_valid(need->deadline) && date_compare(need->deadline, today) >= 0);
}

bool waiting_need_acceptable(const struct waiting_need *need, struct date today)
{
	bool length = need->kind != VISIT_LEGAL;
	for (size_t i = 0; i < WAITING_LENGTH_COUNT; i++)
		length |= need->minutes == WAITING_LENGTHS[i];
	return length && waiting_date_acceptable(need, today);
}

/* ---- working days ---- */

enum {
	WEEK = 7,
	WORK_WEEK = 5,
	MONDAY_1970 = 4, /* 5 January 1970 was a Monday */
};

/* Working days from a Monday long ago up to and with this day. */
static int64_t working_number(struct date day)
{
	int64_t days = date_to_days(day) - MONDAY_1970;
	int64_t week = days >= 0 ? days / WEEK : -((-days + WEEK - 1) / WEEK);
	int64_t of_week = days - week * WEEK;
	return week * WORK_WEEK + (of_week < WORK_WEEK ? of_week + 1 : WORK_WEEK);
}

int64_t working_days_between(struct date from, struct date to)
{
	return working_number(to) - working_number(from);
}

struct date working_day_add(struct date day, int64_t days)
{
	int64_t number = working_number(day) - 1 + days;
	int64_t week = number >= 0 ? number / WORK_WEEK : -((-number + WORK_WEEK - 1) / WORK_WEEK);
	return date_of_days(MONDAY_1970 + week * WEEK + (number - week * WORK_WEEK));
}

/* ---- classes ---- */

static bool decides_liberty(enum waiting_cause cause)
{
	return cause == WAITING_FOR_CUSTODY_LIMIT || cause == WAITING_FOR_BAIL;
}

/* Asked for soon after the admission, or as soon before it; not in an earlier period in prison. */
static bool is_new_in_custody(const struct waiting_need *need, const struct policy *policy)
{
	int64_t within = policy->values[POLICY_WAIT_CUSTODY_HOURS] * HOUR_S;
	int64_t since = need->asked_at.s - need->received.s;
	return need->received.s != 0 && since < within && since > -within;
}

enum waiting_class waiting_class_on(const struct waiting_need *need, const struct policy *policy,
				    struct date today)
{
	if (need->kind == VISIT_SOCIAL)
		return WAITING_SOCIAL;
	if (decides_liberty(need->cause) || is_new_in_custody(need, policy))
		return WAITING_URGENT;
	if (!has_deadline(need))
		return WAITING_ROUTINE;
	int64_t left = working_days_between(today, need->deadline);
	bool near = left <= policy->values[POLICY_WAIT_HEARING_DAYS];
	return need->cause == WAITING_FOR_HEARING && near ? WAITING_URGENT : WAITING_DATED;
}

static struct date earlier(struct date a, struct date b)
{
	return date_compare(a, b) <= 0 ? a : b;
}

struct date waiting_due(const struct waiting_need *need, const struct policy *policy)
{
	static const enum policy_name WITHIN[WAITING_CLASS_COUNT] = {
		[WAITING_URGENT] = POLICY_WAIT_URGENT_DAYS,
		[WAITING_DATED] = POLICY_WAIT_DATED_DAYS,
		[WAITING_ROUTINE] = POLICY_WAIT_ROUTINE_DAYS,
		[WAITING_SOCIAL] = POLICY_WAIT_SOCIAL_DAYS,
	};
	struct date asked = local_date(need->asked_at);
	enum waiting_class class = waiting_class_on(need, policy, asked);
	struct date due = working_day_add(asked, policy->values[WITHIN[class]]);
	if (!has_deadline(need))
		return due;
	/* A dated visit is in time so long before its date, even when that is weeks away. */
	struct date before =
	    working_day_add(need->deadline, -policy->values[POLICY_WAIT_DATED_BEFORE_DAYS]);
	if (class == WAITING_DATED && date_compare(before, due) > 0)
		due = before;
	return earlier(due, need->deadline);
}

int64_t waiting_slack(const struct waiting_need *need, const struct policy *policy,
		      struct date today)
{
	struct date until = has_deadline(need) ? need->deadline : waiting_due(need, policy);
	return working_days_between(today, until) - policy->values[POLICY_WAIT_PREPARE_DAYS];
}

bool waiting_missed(const struct waiting_need *need, struct date held)
{
	return has_deadline(need) && date_compare(held, need->deadline) > 0;
}

struct waiting_rank waiting_rank_of(const struct waiting_need *need, const struct policy *policy,
				    struct date today)
{
	return (struct waiting_rank){ .class = waiting_class_on(need, policy, today),
				      .slack = waiting_slack(need, policy, today),
				      .asked_at = need->asked_at };
}

bool waiting_rank_before(const struct waiting_rank *a, const struct waiting_rank *b)
{
	if (a->class != b->class)
		return a->class < b->class;
	if (a->slack != b->slack)
		return a->slack < b->slack;
	return a->asked_at.s < b->asked_at.s;
}

bool waiting_before(const struct waiting_need *a, const struct waiting_need *b,
		    const struct policy *policy, struct date today)
{
	struct waiting_rank rank_a = waiting_rank_of(a, policy, today);
	struct waiting_rank rank_b = waiting_rank_of(b, policy, today);
	return waiting_rank_before(&rank_a, &rank_b);
}
