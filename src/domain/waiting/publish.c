#include "domain/waiting/publish.h"

#include "domain/waiting/watch.h"

enum {
	PERCENT = 100,
	SHARE_STEP = 5,
	MINUTE_S = 60,
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

static const struct {
	const char *measure;
	enum visit_measure of;
	bool seconds; /* said in minutes, and only where enough visits were held */
} SAID[] = {
	{ "VISITS_PLANNED", MEASURE_PLANNED, false },
	{ "VISITS_HELD", MEASURE_HELD, false },
	{ "MINUTES_DELIVERED", MEASURE_DELIVERED_S, true },
	{ "MINUTES_LOST_PRISON_LINE", MEASURE_LOST_S + LOST_PRISON_LINE, true },
	{ "MINUTES_LOST_TERMINAL", MEASURE_LOST_S + LOST_TERMINAL, true },
	{ "MINUTES_LOST_VISITOR_LINE", MEASURE_LOST_S + LOST_VISITOR_LINE, true },
	{ "MINUTES_LOST_SERVICE", MEASURE_LOST_S + LOST_SERVICE, true },
	{ "MINUTES_LOST_STAFF", MEASURE_LOST_S + LOST_STAFF, true },
	{ "VISITOR_DID_NOT_COME", MEASURE_VISITOR_ABSENT, false },
	{ "PRISONER_NOT_PRODUCED", MEASURE_PRISONER_ABSENT, false },
	{ "NEITHER_CAME", MEASURE_BOTH_ABSENT, false },
	{ "EQUIPMENT_FAILED", MEASURE_FAULT, false },
	{ "CANCELLED_LATE_BY_BOOKER", MEASURE_LATE_BOOKER, false },
	{ "CANCELLED_LATE_BY_PRISON", MEASURE_LATE_PRISON, false },
};

size_t publish_visits(const struct policy *policy, const struct visit_figures *figures,
		      struct published_figure out[PUBLISH_FIGURES_MAX])
{
	int64_t min = policy->values[POLICY_PUBLISH_MIN], held = figures->value[MEASURE_HELD];
	size_t n = 0;
	if (!figures->value[MEASURE_PLANNED])
		return 0;
	for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
		int64_t value = figures->value[SAID[i].of];
		if (!SAID[i].seconds)
			value = publish_count(policy, value);
		else
			value = held < min ? PUBLISH_FEW : rounded(value / MINUTE_S, min);
		out[n++] = (struct published_figure){ SAID[i].measure, value };
	}
	return n;
}
