#include "domain/waiting/week_account.h"

enum {
	STEP_S = DAY_STEP_MINUTES * 60,
	NOT_OFFERED = -1,
};

/* The term of each step of the day. */
struct steps {
	signed char term[DAY_STEPS];
};

struct span {
	int from;
	int to;
};

static struct span span_of(const struct terminal_day *day, const struct visit_fact *fact)
{
	struct local_time at = local_of(fact->start);
	int from = at.minute / DAY_STEP_MINUTES;
	int to = from + (fact->minutes + DAY_STEP_MINUTES - 1) / DAY_STEP_MINUTES;
	if (date_compare(at.date, day->date) != 0)
		return (struct span){ 0 };
	return (struct span){ from, to < DAY_STEPS ? to : DAY_STEPS };
}

static void lay_out(const struct terminal_day *day, struct steps *steps)
{
	for (int s = 0; s < DAY_STEPS; s++) {
		bool session = day_has(&day->sessions, s);
		enum diagnosis_term closed = day_has(&day->blocked, s) ? TERM_BLOCKED : TERM_IDLE;
		if (session)
			steps->term[s] = (signed char)closed;
		else
			steps->term[s] = day_has(&day->hours, s) ? TERM_NEVER_OFFERED : NOT_OFFERED;
	}
}

static void put(struct steps *steps, struct span span, enum diagnosis_term term)
{
	for (int s = span.from; s < span.to; s++)
		steps->term[s] = (signed char)term;
}

/* A visit that ended early gives the rest of its time back: it stood empty. */
static void put_held(struct steps *steps, struct span span, const struct visit_fact *fact)
{
	int64_t s = fact->ended_at.s - fact->start.s;
	int used = s > 0 ? (int)((s + STEP_S - 1) / STEP_S) : 0;
	struct span first = span, rest = span;
	if (fact->state == VISIT_COMPLETED && span.from + used < span.to)
		first.to = rest.from = span.from + used;
	else
		rest.from = span.to;
	put(steps, first, TERM_USED);
	put(steps, rest, TERM_IDLE);
}

static void put_visit(struct steps *steps, struct span span, const struct visit_fact *fact,
		      const struct policy *policy)
{
	bool both;
	enum diagnosis_term term = visit_fact_term(fact, policy, &both);
	if (term == TERM_USED)
		put_held(steps, span, fact);
	else if (term != TERM_IDLE)
		put(steps, span, term);
	span.to = span.from + (span.to - span.from) / 2;
	if (both)
		put(steps, span, TERM_NO_SHOW);
}

/* Called off first: whoever had the time after them stands over them. */
static void put_visits(struct steps *steps, const struct terminal_day *day,
		       const struct policy *policy)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < day->visit_count; i++) {
			const struct visit_fact *fact = &day->visits[i];
			struct span span = span_of(day, fact);
			if ((fact->state == VISIT_CANCELLED) == (pass == 0))
				put_visit(steps, span, fact, policy);
		}
}

static int used_in(const struct steps *steps, const struct terminal_day *day, struct span span)
{
	int minutes = 0;
	for (int s = span.from; s < span.to; s++)
		if (steps->term[s] == TERM_USED && day_has(&day->past, s))
			minutes += DAY_STEP_MINUTES;
	return minutes;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Of the minutes that count as used, those in which a fault kept the two sides apart. */
static int outage_of(const struct steps *steps, const struct terminal_day *day)
{
	int sum = 0;
	for (size_t i = 0; i < day->visit_count; i++) {
		const struct visit_fact *fact = &day->visits[i];
		if (fact->state != VISIT_CANCELLED)
			sum += least(visit_fact_outage_minutes(fact),
				     used_in(steps, day, span_of(day, fact)));
	}
	return least(sum, used_in(steps, day, (struct span){ 0, DAY_STEPS }));
}

void week_account_add(struct diagnosis_week *week, const struct terminal_day *day,
		      const struct policy *policy)
{
	struct steps steps;
	lay_out(day, &steps);
	put_visits(&steps, day, policy);
	for (int s = 0; s < DAY_STEPS; s++)
		if (steps.term[s] != NOT_OFFERED && day_has(&day->past, s))
			week->minutes[steps.term[s]] += DAY_STEP_MINUTES;
	int outage = outage_of(&steps, day);
	week->minutes[TERM_USED] -= outage;
	week->minutes[TERM_OUTAGE] += outage;
}
