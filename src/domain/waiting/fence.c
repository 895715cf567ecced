#include "domain/waiting/fence.h"

enum {
	PERCENT = 100,
	HOUR_S = 3600,
	FAR_DEADLINE_DAYS = 5, /* a date nearer than this is not held off: a working week */
};

int64_t fence_percent(const struct policy *policy, const struct fence_ask *ask)
{
	bool far_date = ask->class == WAITING_DATED && ask->deadline_days > FAR_DEADLINE_DAYS;
	if (ask->lead_days <= 0 || (ask->class != WAITING_ROUTINE && !far_date))
		return 0;
	bool far = ask->lead_days > policy->values[POLICY_FENCE_FAR_DAYS];
	bool near = !far && ask->lead_days >= policy->values[POLICY_FENCE_FAR_DAYS];
	if (!far && !near)
		return 0;
	if (far_date)
		return policy->values[far ? POLICY_FENCE_DATED_FAR : POLICY_FENCE_DATED_NEAR];
	return policy->values[far ? POLICY_FENCE_ROUTINE_FAR : POLICY_FENCE_ROUTINE_NEAR];
}

int64_t fence_left(const struct policy *policy, const struct fence_ask *ask, int64_t open,
		   int64_t taken)
{
	int64_t may = open * (PERCENT - fence_percent(policy, ask)) / PERCENT - taken;
	return may > 0 ? may : 0;
}

bool fence_keeps(const struct policy *policy, const struct fence_ask *ask, int64_t open,
		 int64_t taken, int64_t wanted)
{
	return fence_percent(policy, ask) && fence_left(policy, ask, open, taken) < wanted;
}

struct fence_ask fence_ask_on(const struct waiting_need *need, const struct policy *policy,
			      struct date today, struct date day)
{
	struct fence_ask ask = { .class = waiting_class_on(need, policy, today),
				 .lead_days = working_days_between(today, day) };
	if (need->deadline.year)
		ask.deadline_days = working_days_between(today, need->deadline);
	return ask;
}

struct date fence_falls(const struct waiting_need *need, const struct policy *policy,
			struct date today, struct date day, int64_t open, int64_t taken,
			int64_t wanted)
{
	struct date on = today;
	while (date_compare(on, day) < 0) {
		struct fence_ask ask = fence_ask_on(need, policy, on, day);
		if (!fence_keeps(policy, &ask, open, taken, wanted))
			break;
		on = date_add_days(on, 1);
	}
	return on;
}

bool release_possible(enum visit_kind owner, enum visit_kind to)
{
	return (owner == VISIT_SOCIAL && to == VISIT_LEGAL) ||
	       (owner == VISIT_OFFICIAL && to == VISIT_LEGAL) ||
	       (owner == VISIT_LEGAL && to == VISIT_SOCIAL);
}

/* Unused links of the courts are free for tomorrow once the courts have closed today. */
static struct wall courts_until(const struct policy *policy, struct wall now)
{
	struct local_time local = local_of(now);
	bool closed = local.minute >= policy->values[POLICY_RELEASE_COURT_MINUTE];
	return local_midnight(date_add_days(local.date, closed ? 2 : 1));
}

struct wall release_until(const struct policy *policy, enum visit_kind owner, enum visit_kind to,
			  struct wall now)
{
	if (!release_possible(owner, to))
		return (struct wall){ INT64_MIN };
	if (owner == VISIT_OFFICIAL)
		return courts_until(policy, now);
	enum policy_name hours =
	    owner == VISIT_SOCIAL ? POLICY_RELEASE_SOCIAL_HOURS : POLICY_RELEASE_LEGAL_HOURS;
	return wall_add_s(now, policy->values[hours] * HOUR_S);
}

bool release_covers(const struct policy *policy, unsigned owners, enum visit_kind to,
		    struct wall now, struct wall end)
{
	if (owners & 1U << to)
		return true;
	for (unsigned kind = 0; kind < VISIT_KIND_COUNT; kind++)
		if (owners & 1U << kind &&
		    end.s > release_until(policy, (enum visit_kind)kind, to, now).s)
			return false;
	return owners != 0;
}
