#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (!f->callers[i].approved)
			return true;
	return false;
}

const struct booking_rule rule_approved = {
	.code = BOOKING_NOT_APPROVED,
	.name = "NOT_APPROVED",
	.staff = "A caller is not approved to visit this prisoner.",
	.family_key = "booking.not_approved",
	.flags = RULE_OF_PARTY | RULE_ON_PEOPLE,
	.broken = broken,
};
