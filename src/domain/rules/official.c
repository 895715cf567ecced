#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->kind == VISIT_OFFICIAL && f->callers[i].social)
			return true;
	return false;
}

const struct booking_rule rule_official = {
	.code = BOOKING_NOT_OFFICIAL,
	.name = "NOT_OFFICIAL",
	.staff = "A caller is family or friend: official visits are for professionals.",
	.family_key = "booking.not_official",
	.flags = RULE_OF_PARTY | RULE_ON_PEOPLE,
	.broken = broken,
};
