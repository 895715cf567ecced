/*
 * visit_fact.h - what became of the minutes of one visit, without its people.
 *
 * One judgement for the statistics of a month and the account of a week.  Pure.
 */
#ifndef PVL_DOMAIN_WAITING_VISIT_FACT_H
#define PVL_DOMAIN_WAITING_VISIT_FACT_H

#include "domain/escort.h"
#include "domain/waiting/diagnosis.h"

struct visit_fact {
	enum visit_kind kind;
	enum visit_state state;
	enum visit_end end;
	struct terminal_id terminal;
	struct wall start;
	int minutes;
	struct wall live_from; /* 0: never */
	struct wall ended_at;  /* 0: not over */
	int used_s;
	struct lost_time lost;
	bool noted; /* somebody wrote down why the prisoner was not produced */
	enum not_produced cause;
};

/* Called off so late that nobody else could have the time, by the notice of its kind. */
bool visit_fact_cancelled_late(const struct visit_fact *fact, const struct policy *policy);
/*
 * What its time became.  TERM_IDLE: it was given back in good time, or it is
 * only asked for.  Where neither side came, half of it is each side's (both),
 * unless it was noted that the prisoner was not produced.
 */
enum diagnosis_term visit_fact_term(const struct visit_fact *fact, const struct policy *policy,
				    bool *both);
/* Whole minutes that our equipment or the prison's line took from a visit that was held. */
int visit_fact_outage_minutes(const struct visit_fact *fact);

/* What is counted of a month's visits of a kind. */
enum visit_measure {
	MEASURE_PLANNED, /* visits that were to be held: not called off in good time */
	MEASURE_HELD,
	MEASURE_PLANNED_MINUTES,
	MEASURE_DELIVERED_S, /* both sides could hear each other */
	MEASURE_LOST_S,      /* by enum lost_cause, from here on */
	MEASURE_LOST_LAST_S = MEASURE_LOST_S + LOST_CAUSE_COUNT - 1,
	MEASURE_VISITOR_ABSENT,
	MEASURE_PRISONER_ABSENT,
	MEASURE_BOTH_ABSENT,
	MEASURE_REFUSED, /* staff admitted nobody */
	MEASURE_FAULT,
	MEASURE_LATE_BOOKER, /* called off too late */
	MEASURE_LATE_PRISON,
	MEASURE_CANCELLED_BOOKER, /* in good time */
	MEASURE_CANCELLED_PRISON,
	MEASURE_STARTED_LATE, /* by more than start_within_minutes */
	MEASURE_NOT_PRODUCED, /* by enum not_produced, from here on; those without a cause are not among them */
	MEASURE_NOT_PRODUCED_LAST = MEASURE_NOT_PRODUCED + NOT_PRODUCED_COUNT - 1,
	VISIT_MEASURE_COUNT,
};

const char *visit_measure_name(enum visit_measure measure); /* "DELIVERED_S" */
bool visit_measure_of(struct str name, enum visit_measure *out);

struct visit_figures {
	int64_t value[VISIT_MEASURE_COUNT];
};

void visit_figures_add(struct visit_figures *figures, const struct visit_fact *fact,
		       const struct policy *policy);

#endif
