#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return booking_counted(f) - booking_adults(f) > f->policy.values[POLICY_CHILDREN_MAX];
}

const struct booking_rule rule_children = {
	.code = BOOKING_TOO_MANY_CHILDREN,
	.name = "TOO_MANY_CHILDREN",
	.staff = "More children than the prison's rules allow.",
	.family_key = "booking.too_many_children",
	.flags = RULE_OF_PARTY | RULE_OF_VISIT,
	.broken = broken,
};
