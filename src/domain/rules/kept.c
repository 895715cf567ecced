#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.kept;
}

/* Staff may give it away: they know what else is asked of the day. */
const struct booking_rule rule_kept = {
	.code = BOOKING_KEPT,
	.name = "KEPT_FOR_URGENT",
	.staff = "What is left of the lawyers’ time of that day is kept for urgent requests.",
	.family_key = "booking.kept",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
