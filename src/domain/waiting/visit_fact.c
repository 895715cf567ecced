#include "domain/waiting/visit_fact.h"

enum {
	MINUTE_S = 60,
	HOUR_MINUTES = 60,
};

static const char *const MEASURES[VISIT_MEASURE_COUNT] = {
	[MEASURE_PLANNED] = "PLANNED",
	[MEASURE_HELD] = "HELD",
	[MEASURE_PLANNED_MINUTES] = "PLANNED_MINUTES",
	[MEASURE_DELIVERED_S] = "DELIVERED_S",
	[MEASURE_LOST_S + LOST_PRISON_LINE] = "LOST_PRISON_LINE_S",
	[MEASURE_LOST_S + LOST_TERMINAL] = "LOST_TERMINAL_S",
	[MEASURE_LOST_S + LOST_VISITOR_LINE] = "LOST_VISITOR_LINE_S",
	[MEASURE_LOST_S + LOST_SERVICE] = "LOST_SERVICE_S",
	[MEASURE_LOST_S + LOST_STAFF] = "LOST_STAFF_S",
	[MEASURE_LOST_S + LOST_NOBODY] = "LOST_NOBODY_S",
	[MEASURE_VISITOR_ABSENT] = "VISITOR_ABSENT",
	[MEASURE_PRISONER_ABSENT] = "PRISONER_ABSENT",
	[MEASURE_BOTH_ABSENT] = "BOTH_ABSENT",
	[MEASURE_REFUSED] = "REFUSED",
	[MEASURE_FAULT] = "FAULT",
	[MEASURE_LATE_BOOKER] = "LATE_BOOKER",
	[MEASURE_LATE_PRISON] = "LATE_PRISON",
	[MEASURE_CANCELLED_BOOKER] = "CANCELLED_BOOKER",
	[MEASURE_CANCELLED_PRISON] = "CANCELLED_PRISON",
	[MEASURE_STARTED_LATE] = "STARTED_LATE",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_REFUSED] = "NOT_PRODUCED_REFUSED",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_COURT] = "NOT_PRODUCED_COURT",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_MOVED] = "NOT_PRODUCED_MOVED",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_HEALTH] = "NOT_PRODUCED_HEALTH",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_NO_ESCORT] = "NOT_PRODUCED_NO_ESCORT",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_LOCKDOWN] = "NOT_PRODUCED_LOCKDOWN",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_NOT_TOLD] = "NOT_PRODUCED_NOT_TOLD",
	[MEASURE_NOT_PRODUCED + NOT_PRODUCED_OTHER] = "NOT_PRODUCED_OTHER",
};

const char *visit_measure_name(enum visit_measure measure)
{
	return MEASURES[measure < VISIT_MEASURE_COUNT ? measure : 0];
}

bool visit_measure_of(struct str name, enum visit_measure *out)
{
	for (unsigned i = 0; i < VISIT_MEASURE_COUNT; i++) {
		if (str_is(name, MEASURES[i])) {
			*out = (enum visit_measure)i;
			return true;
		}
	}
	return false;
}

static int64_t notice_minutes(enum visit_kind kind, const struct policy *policy)
{
	if (kind == VISIT_SOCIAL)
		return policy->values[POLICY_NOTICE_HOURS] * HOUR_MINUTES;
	return policy->values[POLICY_LEGAL_NOTICE_MINUTES];
}

bool visit_fact_cancelled_late(const struct visit_fact *fact, const struct policy *policy)
{
	int64_t notice_s = notice_minutes(fact->kind, policy) * MINUTE_S;
	return fact->state == VISIT_CANCELLED && fact->end != END_REFUSED &&
	       fact->ended_at.s > fact->start.s - notice_s;
}

static enum diagnosis_term cancelled_term(const struct visit_fact *fact,
					  const struct policy *policy)
{
	if (fact->end == END_REFUSED)
		return TERM_NO_SHOW;
	if (fact->end == END_FAULT)
		return TERM_OUTAGE;
	return visit_fact_cancelled_late(fact, policy) ? TERM_LATE_CANCEL : TERM_IDLE;
}

static enum diagnosis_term absent_term(const struct visit_fact *fact, bool *both)
{
	*both = fact->end == END_BOTH_ABSENT && !fact->noted;
	if (fact->end == END_FAULT)
		return TERM_OUTAGE;
	if (fact->end == END_PRISONER_ABSENT || fact->end == END_BOTH_ABSENT)
		return TERM_NOT_PRODUCED;
	return TERM_NO_SHOW;
}

enum diagnosis_term visit_fact_term(const struct visit_fact *fact, const struct policy *policy,
				    bool *both)
{
	*both = false;
	switch (fact->state) {
	case VISIT_CANCELLED:
		return cancelled_term(fact, policy);
	case VISIT_NO_SHOW:
		return absent_term(fact, both);
	case VISIT_REQUESTED:
		return TERM_IDLE;
	case VISIT_BOOKED:
	case VISIT_LOBBY:
	case VISIT_LIVE:
	case VISIT_COMPLETED:
	case VISIT_STATE_COUNT:
		break;
	}
	return TERM_USED;
}

int visit_fact_outage_minutes(const struct visit_fact *fact)
{
	int s = fact->lost.s[LOST_PRISON_LINE] + fact->lost.s[LOST_TERMINAL] +
		fact->lost.s[LOST_SERVICE];
	return s / MINUTE_S;
}

/* Which end a visit that was not held is counted as; VISIT_MEASURE_COUNT: none. */
static enum visit_measure absence_of(const struct visit_fact *fact)
{
	switch (fact->end) {
	case END_VISITOR_ABSENT:
		return MEASURE_VISITOR_ABSENT;
	case END_PRISONER_ABSENT:
		return MEASURE_PRISONER_ABSENT;
	case END_BOTH_ABSENT:
		return MEASURE_BOTH_ABSENT;
	case END_REFUSED:
		return MEASURE_REFUSED;
	case END_FAULT:
		return MEASURE_FAULT;
	case END_NONE:
	case END_LEFT:
	case END_TIME:
	case END_STAFF:
	case END_CANCELLED_BY_BOOKER:
	case END_CANCELLED_BY_PRISON:
	case END_MOVED:
	case END_REJECTED:
	case END_AUTO_REJECTED:
	case END_WITHDRAWN:
	case END_PRISONER_MOVED:
	case END_COUNT:
		break;
	}
	return VISIT_MEASURE_COUNT;
}

static void add_cancelled(struct visit_figures *figures, const struct visit_fact *fact, bool late)
{
	bool booker = fact->end == END_CANCELLED_BY_BOOKER || fact->end == END_WITHDRAWN;
	if (fact->end == END_MOVED || fact->end == END_REJECTED || fact->end == END_AUTO_REJECTED)
		return; /* it is held at another time, or never was more than a request */
	if (late)
		figures->value[booker ? MEASURE_LATE_BOOKER : MEASURE_LATE_PRISON]++;
	else
		figures->value[booker ? MEASURE_CANCELLED_BOOKER : MEASURE_CANCELLED_PRISON]++;
}

static void add_held(struct visit_figures *figures, const struct visit_fact *fact,
		     const struct policy *policy)
{
	int64_t within_s = policy->values[POLICY_START_WITHIN_MINUTES] * MINUTE_S;
	figures->value[MEASURE_HELD]++;
	figures->value[MEASURE_DELIVERED_S] += fact->used_s;
	for (unsigned c = 0; c < LOST_CAUSE_COUNT; c++)
		figures->value[MEASURE_LOST_S + c] += fact->lost.s[c];
	if (fact->live_from.s > fact->start.s + within_s)
		figures->value[MEASURE_STARTED_LATE]++;
}

static void add_absent(struct visit_figures *figures, const struct visit_fact *fact,
		       enum visit_measure absence)
{
	figures->value[absence]++;
	if (fact->noted)
		figures->value[MEASURE_NOT_PRODUCED + fact->cause]++;
}

void visit_figures_add(struct visit_figures *figures, const struct visit_fact *fact,
		       const struct policy *policy)
{
	bool late = visit_fact_cancelled_late(fact, policy);
	enum visit_measure absence = absence_of(fact);
	if (!visit_is_over(fact->state))
		return;
	if (fact->state == VISIT_COMPLETED)
		add_held(figures, fact, policy);
	else if (absence != VISIT_MEASURE_COUNT)
		add_absent(figures, fact, absence);
	else
		add_cancelled(figures, fact, late);
	bool moved =
	    fact->end == END_MOVED || fact->end == END_REJECTED || fact->end == END_AUTO_REJECTED;
	if (moved || (fact->state == VISIT_CANCELLED && absence == VISIT_MEASURE_COUNT && !late))
		return;
	figures->value[MEASURE_PLANNED]++;
	figures->value[MEASURE_PLANNED_MINUTES] += fact->minutes;
}
