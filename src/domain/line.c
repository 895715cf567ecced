#include "domain/line.h"

enum {
	WEIGHT_USUAL = 10,
	WEIGHT_CHILDREN = 15,
	WEIGHT_LEGAL = 30,
	WEIGHT_SIGN = 30, /* a signed language is nothing but picture */
};

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

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How many more of so many bit/s each fit beside what is taken. */
static int fitting(const struct policy *policy, struct line_use taken, int64_t each_bps)
{
	struct line_budget budget = line_budget_of(policy);
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
