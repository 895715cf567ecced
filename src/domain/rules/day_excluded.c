#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.day_excluded;
}

const struct booking_rule rule_day_excluded = {
	.code = BOOKING_DATE_BLOCKED,
	.name = "VISIT_DATE_BLOCKED",
	.staff = "The prison holds no visits on that day: it is an exclude date.",
	.family_key = "booking.day_closed",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
