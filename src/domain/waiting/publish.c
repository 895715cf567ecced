#include "domain/waiting/publish.h"

#include "domain/waiting/watch.h"

enum {
	PERCENT = 100,
	SHARE_STEP = 5,
	MINUTE_S = 60,
	VISIT_MINUTES = 30,
};

static int64_t rounded(int64_t value, int64_t step)
{
	return (value + step / 2) / step * step;
}

int64_t publish_count(const struct policy *policy, int64_t count)
{
	if (!count_publishable(policy, count))
		return PUBLISH_FEW;
	return rounded(count, policy->values[POLICY_PUBLISH_MIN]);
}

int64_t publish_p90_needs(const struct policy *policy)
{
	return 2 * policy->values[POLICY_PUBLISH_MIN];
}

static int64_t share(const struct policy *policy, int64_t part, int64_t whole)
{
	if (whole < policy->values[POLICY_PUBLISH_MIN])
		return PUBLISH_FEW;
	return rounded(part * PERCENT / whole, SHARE_STEP);
}

static int64_t days(const struct wait_quantile *quantile, int64_t known, int64_t needed)
{
	return known < needed ? PUBLISH_FEW : quantile->days;
}

size_t publish_waits(const struct policy *policy, const struct wait_summary *s,
		     struct published_figure out[PUBLISH_FIGURES_MAX])
{
	int64_t min = policy->values[POLICY_PUBLISH_MIN], known = s->held + s->waiting;
	size_t n = 0;
	if (!s->requests)
		return 0;
	out[n++] = (struct published_figure){ "REQUESTS", publish_count(policy, s->requests) };
	out[n++] = (struct published_figure){ "STILL_WAITING", publish_count(policy, s->waiting) };
	out[n++] = (struct published_figure){ "MEDIAN_DAYS", days(&s->median, known, min) };
	out[n++] = (struct published_figure){ "P90_DAYS",
					      days(&s->p90, known, publish_p90_needs(policy)) };
	out[n++] =
	    (struct published_figure){ "IN_TIME_PERCENT", share(policy, s->in_time, s->judged) };
	return n;
}

struct wait_summary publish_summary(const struct policy *policy, const struct wait_summary *s)
{
	int64_t known = s->held + s->waiting;
	int64_t in_time = s->judged ? share(policy, s->in_time, s->judged) : PUBLISH_FEW;
	struct wait_summary said = { .requests = publish_count(policy, s->requests),
				     .held = publish_count(policy, s->held),
				     .waiting = publish_count(policy, s->waiting),
				     .not_held = publish_count(policy, s->not_held),
				     .median = s->median,
				     .p90 = s->p90 };
	if (in_time != PUBLISH_FEW) {
		said.in_time = in_time;
		said.judged = PERCENT;
	}
	said.median.known &= known >= policy->values[POLICY_PUBLISH_MIN];
	said.p90.known &= known >= publish_p90_needs(policy);
	return said;
}

static bool in_seconds(enum visit_measure measure)
{
	return measure == MEASURE_DELIVERED_S ||
	       (measure >= MEASURE_LOST_S && measure <= MEASURE_LOST_LAST_S);
}

/* Minutes of so many visits. */
static int64_t minutes(const struct policy *policy, int64_t value, int64_t visits)
{
	int64_t min = policy->values[POLICY_PUBLISH_MIN];
	return visits < min ? PUBLISH_FEW : rounded(value, min);
}

/* A count, or whole minutes. */
static int64_t said_of(const struct policy *policy, const struct visit_figures *figures,
		       enum visit_measure measure)
{
	const int64_t *value = figures->value;
	if (measure == MEASURE_PLANNED_MINUTES)
		return minutes(policy, value[measure], value[MEASURE_PLANNED]);
	if (in_seconds(measure))
		return minutes(policy, value[measure] / MINUTE_S, value[MEASURE_HELD]);
	return publish_count(policy, value[measure]);
}

struct visit_figures publish_figures(const struct policy *policy,
				     const struct visit_figures *figures)
{
	struct visit_figures said;
	for (unsigned m = 0; m < VISIT_MEASURE_COUNT; m++) {
		said.value[m] = said_of(policy, figures, (enum visit_measure)m);
		if (in_seconds((enum visit_measure)m) && said.value[m] != PUBLISH_FEW)
			said.value[m] *= MINUTE_S;
	}
	return said;
}

int64_t publish_sum(const int64_t *said, size_t count)
{
	int64_t sum = 0;
	bool few = false;
	for (size_t i = 0; i < count; i++) {
		few |= said[i] == PUBLISH_FEW;
		sum += said[i] == PUBLISH_FEW ? 0 : said[i];
	}
	return few && !sum ? PUBLISH_FEW : sum;
}

int64_t publish_minutes_step(const struct policy *policy)
{
	return policy->values[POLICY_PUBLISH_MIN] * VISIT_MINUTES;
}

struct diagnosis_week publish_week(const struct policy *policy, const struct diagnosis_week *week)
{
	int64_t step = publish_minutes_step(policy);
	struct diagnosis_week said = { .asked_minutes = rounded(week->asked_minutes, step),
				       .queued_minutes = rounded(week->queued_minutes, step) };
	for (unsigned t = 0; t < TERM_COUNT; t++)
		said.minutes[t] = rounded(week->minutes[t], step);
	return said;
}

static const struct {
	const char *measure;
	enum visit_measure of;
} SAID[] = {
	{ "VISITS_PLANNED", MEASURE_PLANNED },
	{ "VISITS_HELD", MEASURE_HELD },
	{ "MINUTES_DELIVERED", MEASURE_DELIVERED_S },
	{ "MINUTES_LOST_PRISON_LINE", MEASURE_LOST_S + LOST_PRISON_LINE },
	{ "MINUTES_LOST_TERMINAL", MEASURE_LOST_S + LOST_TERMINAL },
	{ "MINUTES_LOST_VISITOR_LINE", MEASURE_LOST_S + LOST_VISITOR_LINE },
	{ "MINUTES_LOST_SERVICE", MEASURE_LOST_S + LOST_SERVICE },
	{ "MINUTES_LOST_STAFF", MEASURE_LOST_S + LOST_STAFF },
	{ "VISITOR_DID_NOT_COME", MEASURE_VISITOR_ABSENT },
	{ "PRISONER_NOT_PRODUCED", MEASURE_PRISONER_ABSENT },
	{ "NEITHER_CAME", MEASURE_BOTH_ABSENT },
	{ "EQUIPMENT_FAILED", MEASURE_FAULT },
	{ "CANCELLED_LATE_BY_BOOKER", MEASURE_LATE_BOOKER },
	{ "CANCELLED_LATE_BY_PRISON", MEASURE_LATE_PRISON },
};

size_t publish_visits(const struct policy *policy, const struct visit_figures *figures,
		      struct published_figure out[PUBLISH_FIGURES_MAX])
{
	size_t n = 0;
	if (!figures->value[MEASURE_PLANNED])
		return 0;
	for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++)
		out[n++] = (struct published_figure){ SAID[i].measure,
						      said_of(policy, figures, SAID[i].of) };
	return n;
}
