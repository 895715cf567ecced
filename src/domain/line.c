#include "domain/line.h"

enum {
	WEIGHT_USUAL = 10,
	WEIGHT_CHILDREN = 15,
	WEIGHT_LEGAL = 30,
	TENTHS = 10,      /* a line wavers by so much from day to day */
	WEIGHT_SIGN = 30, /* a signed language is nothing but picture */
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t budget_bps(const struct policy *policy, int64_t kbit)
{
	int64_t kept = 100 - policy->values[POLICY_LINK_RESERVE_PERCENT];
	int64_t left = kbit * kept / 100 - policy->values[POLICY_LINK_OTHER_KBIT];
	if (kbit == 0)
		return 0;
	return left > 1 ? 1000 * left : 1000; /* known, and nothing to give */
}

struct line_budget line_budget_of(const struct policy *policy)
{
	return (struct line_budget){
		.up_bps = budget_bps(policy, policy->values[POLICY_LINK_UP_KBIT]),
		.down_bps = budget_bps(policy, policy->values[POLICY_LINK_DOWN_KBIT]),
	};
}

/* What it showed was left for visits beside all other use. */
static int64_t planned_bps(const struct policy *policy, int64_t should_bps, int64_t found_kbit)
{
	int64_t found_bps = 10 * found_kbit * (100 - policy->values[POLICY_LINK_RESERVE_PERCENT]);
	if (!policy->values[POLICY_LINK_FIND] || found_kbit == 0)
		return should_bps;
	return should_bps == 0 ? found_bps : least(should_bps, found_bps);
}

struct line_budget line_planned_of(const struct policy *policy)
{
	struct line_budget should = line_budget_of(policy);
	return (struct line_budget){
		.up_bps =
		    planned_bps(policy, should.up_bps, policy->values[POLICY_LINK_FOUND_UP_KBIT]),
		.down_bps = planned_bps(policy, should.down_bps,
					policy->values[POLICY_LINK_FOUND_DOWN_KBIT]),
	};
}

int64_t line_found_rule(const struct policy *policy, enum policy_name way, int64_t found_kbit)
{
	struct line_budget should = line_budget_of(policy);
	int64_t should_bps = way == POLICY_LINK_FOUND_UP_KBIT ? should.up_bps : should.down_bps;
	int64_t now_kbit = policy->values[way];
	int64_t to_tens = found_kbit - found_kbit % 10;
	struct policy counted = *policy;
	counted.values[POLICY_LINK_FIND] = 1;
	if (planned_bps(&counted, should_bps, to_tens) == should_bps)
		return 0;
	int64_t apart = to_tens > now_kbit ? to_tens - now_kbit : now_kbit - to_tens;
	return now_kbit > 0 && TENTHS * apart <= now_kbit ? now_kbit : to_tens;
}

/* Rounded down, below 0 too. */
static int64_t times_in(int64_t bps, int64_t each_bps)
{
	return bps >= 0 ? bps / each_bps : -((each_bps - 1 - bps) / each_bps);
}

static int64_t sign_kbit(const struct policy *policy)
{
	int64_t usual = policy->values[POLICY_LINK_PLAN_KBIT];
	int64_t sign = policy->values[POLICY_LINK_PLAN_SIGN_KBIT];
	return sign > usual ? sign : usual;
}

/* How many more of so many bit/s each fit beside what is taken. */
static int fitting(const struct policy *policy, struct line_use taken, int64_t each_bps)
{
	struct line_budget budget = line_planned_of(policy);
	int64_t usual_bps = 1000 * policy->values[POLICY_LINK_PLAN_KBIT];
	int64_t taken_bps = taken.usual * usual_bps + taken.signing * 1000 * sign_kbit(policy);
	int64_t left = policy->values[POLICY_LINK_CALLS_MAX] - taken.usual - taken.signing;
	if (budget.up_bps > 0)
		left = least(left, times_in(budget.up_bps - taken_bps, each_bps));
	if (budget.down_bps > 0)
		left = least(left, times_in(budget.down_bps - taken_bps, each_bps));
	return (int)left;
}

int line_calls(const struct policy *policy)
{
	return fitting(policy, (struct line_use){ 0 },
		       1000 * policy->values[POLICY_LINK_PLAN_KBIT]);
}

int line_calls_left(const struct policy *policy, struct line_use taken, bool signs)
{
	int64_t kbit = signs ? sign_kbit(policy) : policy->values[POLICY_LINK_PLAN_KBIT];
	taken.usual += (int)policy->values[POLICY_LINK_CALLS_RESERVE];
	return fitting(policy, taken, 1000 * kbit);
}

bool line_signs(const struct visit *visit)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (visit->visitors[i].signs)
			return true;
	return false;
}

int line_weight(const struct visit *visit, const struct policy *policy)
{
	if (visit->kind == VISIT_LEGAL)
		return WEIGHT_LEGAL;
	if (line_signs(visit))
		return WEIGHT_SIGN;
	struct date day = local_date(visit->start);
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (date_age(visit->visitors[i].born, day) < policy->values[POLICY_CHILD_AGE])
			return WEIGHT_CHILDREN;
	return WEIGHT_USUAL;
}
