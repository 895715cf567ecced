#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return booking_adults(f) > f->policy.values[POLICY_ADULTS_MAX];
}

const struct booking_rule rule_adults = {
	.code = BOOKING_TOO_MANY_ADULTS,
	.name = "TOO_MANY_ADULTS",
	.staff = "More adults than the prison's rules allow.",
	.family_key = "booking.too_many_adults",
	.flags = RULE_OF_PARTY | RULE_OF_VISIT,
	.broken = broken,
};
