#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].part == PART_VISITOR &&
		    date_age(f->callers[i].born, f->day) >= f->policy.values[POLICY_ADULT_AGE])
			return false;
	return f->caller_count > 0; /* nobody at all is another rule's business */
}

const struct booking_rule rule_adult = {
	.code = BOOKING_NO_ADULT,
	.name = "NO_ADULT",
	.staff = "No adult is among the callers on that day.",
	.family_key = "booking.no_adult",
	.flags = RULE_OF_PARTY | RULE_OF_VISIT,
	.broken = broken,
};
