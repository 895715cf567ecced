#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->policy.values[POLICY_VIDEO_PAYS] != VIDEO_PAYS_ORDER &&
	       f->prisoner.allowance_left_minutes <
		   booking_cost_minutes(f->kind, f->minutes - booking_free_minutes(f));
}

const struct booking_rule rule_allowance = {
	.code = BOOKING_ALLOWANCE_USED,
	.name = "ALLOWANCE_USED",
	.staff = "The prisoner's video minutes of that month are used.",
	.family_key = "booking.allowance_used",
	.broken = broken,
};
