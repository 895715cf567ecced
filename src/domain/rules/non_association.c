#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->prisoner.non_association;
}

const struct booking_rule rule_non_association = {
	.code = BOOKING_NON_ASSOCIATION,
	.name = "NON_ASSOCIATION_VISITS",
	.staff =
	    "Somebody from whom the prisoner is kept apart has a visit in this prison on that day.",
	.family_key = "booking.no_times",
	.flags = RULE_ON_PEOPLE,
	.broken = broken,
};
