#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].part == PART_VISITOR)
			return false;
	return true; /* nobody, or helpers alone */
}

const struct booking_rule rule_visitors = {
	.code = BOOKING_NO_VISITORS,
	.name = "NO_VISITORS",
	.staff = "Nobody was chosen to take part.",
	.family_key = "booking.no_visitors",
	.flags = RULE_OF_PARTY,
	.broken = broken,
};
