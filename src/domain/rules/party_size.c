#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return booking_counted(f) > f->policy.values[POLICY_PARTY_MAX] ||
	       f->caller_count > PARTY_MAX;
}

const struct booking_rule rule_party_size = {
	.code = BOOKING_PARTY_TOO_LARGE,
	.name = "PARTY_TOO_LARGE",
	.staff = "More callers than the prison's rules allow.",
	.family_key = "booking.party_too_large",
	.flags = RULE_OF_PARTY | RULE_OF_VISIT,
	.broken = broken,
};
