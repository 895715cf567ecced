#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->prisoner.source_down;
}

const struct booking_rule rule_review_source = {
	.code = BOOKING_REVIEW_SOURCE,
	.name = "REVIEW_SOURCE",
	.staff = "Alerts, restrictions or non-associations cannot be read, or are out of date.",
	.family_key = "booking.review",
	.flags = RULE_REVIEWS | RULE_ON_PEOPLE,
	.broken = broken,
};
