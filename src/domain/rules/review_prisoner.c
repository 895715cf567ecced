#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->kind == VISIT_SOCIAL && f->prisoner.restricted;
}

const struct booking_rule rule_review_prisoner = {
	.code = BOOKING_REVIEW_PRISONER,
	.name = "REVIEW_PRISONER_RESTRICTION",
	.staff = "The prisoner has a restriction that staff look at first.",
	.family_key = "booking.review",
	.flags = RULE_REVIEWS | RULE_ON_PEOPLE,
	.broken = broken,
};
