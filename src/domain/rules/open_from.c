#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return date_to_days(f->day) < f->policy.values[POLICY_OPEN_FROM_DAY];
}

const struct booking_rule rule_open_from = {
	.code = BOOKING_NOT_OPEN_YET,
	.name = "NOT_OPEN_YET",
	.staff = "The prison begins to hold video visits later than that day.",
	.family_key = "booking.not_open_yet",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
