#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].child == CHILD_MAY_NOT)
			return true;
	return false;
}

const struct booking_rule rule_child_refused = {
	.code = BOOKING_CHILD_REFUSED,
	.name = "CHILD_REFUSED",
	.staff =
	    "The governor has decided that a child among the callers does not meet the prisoner.",
	.family_key = "booking.no_times",
	.flags = RULE_ON_PEOPLE,
	.broken = broken,
};
