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

static int64_t fitting(int64_t bps, int64_t plan_kbit, int64_t most)
{
	int64_t calls = bps / (1000 * plan_kbit);
	return bps > 0 && calls < most ? calls : most;
}

int line_calls(const struct policy *policy)
{
	struct line_budget budget = line_budget_of(policy);
	int64_t plan_kbit = policy->values[POLICY_LINK_PLAN_KBIT];
	int64_t most = policy->values[POLICY_LINK_CALLS_MAX];
	most = fitting(budget.up_bps, plan_kbit, most);
	return (int)fitting(budget.down_bps, plan_kbit, most);
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

int line_calls_left(const struct policy *policy, struct line_use taken, bool signs)
{
	struct line_budget budget = line_budget_of(policy);
	int64_t usual_bps = 1000 * policy->values[POLICY_LINK_PLAN_KBIT];
	int64_t sign_bps = 1000 * sign_kbit(policy);
	int64_t each_bps = signs ? sign_bps : usual_bps;
	int64_t kept = taken.usual + policy->values[POLICY_LINK_CALLS_RESERVE];
	int64_t taken_bps = kept * usual_bps + taken.signing * sign_bps;
	int64_t left = policy->values[POLICY_LINK_CALLS_MAX] - kept - taken.signing;
	if (budget.up_bps > 0)
		left = least(left, times_in(budget.up_bps - taken_bps, each_bps));
	if (budget.down_bps > 0)
		left = least(left, times_in(budget.down_bps - taken_bps, each_bps));
	return (int)left;
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
