#include "domain/waiting/tally.h"

enum {
	TENTH = 10, /* may wait longer than the 90th percentile */
};

static const char *const OUTCOMES[WAIT_OUTCOME_COUNT] = {
	[WAIT_HELD_IN_TIME] = "HELD_IN_TIME",
	[WAIT_HELD_LATE] = "HELD_LATE",
	[WAIT_WAITING_IN_TIME] = "WAITING_IN_TIME",
	[WAIT_WAITING_LATE] = "WAITING_LATE",
	[WAIT_NOT_HELD] = "NOT_HELD",
};

const char *wait_outcome_name(enum wait_outcome outcome)
{
	return OUTCOMES[outcome < WAIT_OUTCOME_COUNT ? outcome : 0];
}

bool wait_outcome_of(struct str name, enum wait_outcome *out)
{
	for (unsigned i = 0; i < WAIT_OUTCOME_COUNT; i++) {
		if (str_is(name, OUTCOMES[i])) {
			*out = (enum wait_outcome)i;
			return true;
		}
	}
	return false;
}

void wait_tally_add(struct wait_tally *tally, enum wait_outcome outcome, int64_t days,
		    int64_t requests)
{
	days = days < 0 ? 0 : days;
	days = days < TALLY_DAYS ? days : TALLY_DAYS - 1;
	tally->count[outcome][days] += requests;
}

static int64_t held_on(const struct wait_tally *t, int day)
{
	return t->count[WAIT_HELD_IN_TIME][day] + t->count[WAIT_HELD_LATE][day];
}

static int64_t waiting_on(const struct wait_tally *t, int day)
{
	return t->count[WAIT_WAITING_IN_TIME][day] + t->count[WAIT_WAITING_LATE][day];
}

void wait_tally_sum(struct wait_tally *sum, const struct wait_tally *one)
{
	for (unsigned o = 0; o < WAIT_OUTCOME_COUNT; o++)
		for (int d = 0; d < TALLY_DAYS; d++)
			sum->count[o][d] += one->count[o][d];
}

int64_t wait_tally_missing(const struct wait_tally *t, int days)
{
	int64_t all = 0, beyond = 0;
	for (int day = 0; day < TALLY_DAYS; day++) {
		int64_t here = held_on(t, day) + waiting_on(t, day);
		all += here;
		beyond += day > days ? here : 0;
	}
	int64_t allowed = all / TENTH;
	return beyond > allowed ? beyond - allowed : 0;
}

static int64_t sum_of(const struct wait_tally *t, enum wait_outcome outcome)
{
	int64_t sum = 0;
	for (int day = 0; day < TALLY_DAYS; day++)
		sum += t->count[outcome][day];
	return sum;
}

/* The first day on which no more than 1 - share of them still waited. */
static struct wait_quantile quantile_of(const struct wait_tally *t, int64_t at_risk, double share)
{
	struct wait_quantile q = { .known = at_risk > 0 };
	double still = 1.0;
	for (int day = 0; day < TALLY_DAYS && at_risk > 0; day++) {
		int64_t held = held_on(t, day);
		still *= (double)(at_risk - held) / (double)at_risk;
		at_risk -= held + waiting_on(t, day);
		q.days = day;
		if (still <= 1.0 - share + 1e-9) {
			q.or_more = day == TALLY_DAYS - 1;
			return q;
		}
	}
	q.or_more = q.known;
	return q;
}

struct wait_summary wait_summary_of(const struct wait_tally *tally)
{
	int64_t held_late = sum_of(tally, WAIT_HELD_LATE);
	int64_t late = sum_of(tally, WAIT_WAITING_LATE);
	struct wait_summary s = { .not_held = sum_of(tally, WAIT_NOT_HELD),
				  .in_time = sum_of(tally, WAIT_HELD_IN_TIME) };
	s.held = s.in_time + held_late;
	s.waiting = sum_of(tally, WAIT_WAITING_IN_TIME) + late;
	s.requests = s.held + s.waiting + s.not_held;
	s.judged = s.held + late;
	s.median = quantile_of(tally, s.held + s.waiting, 0.5);
	s.p90 = quantile_of(tally, s.held + s.waiting, 0.9);
	return s;
}
