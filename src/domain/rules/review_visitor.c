#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->kind == VISIT_SOCIAL && f->callers[i].restricted)
			return true;
	return false;
}

const struct booking_rule rule_review_visitor = {
	.code = BOOKING_REVIEW_VISITOR,
	.name = "REVIEW_VISITOR_RESTRICTION",
	.staff = "A caller has a restriction that staff look at first.",
	.family_key = "booking.review",
	.flags = RULE_REVIEWS | RULE_ON_PEOPLE,
	.broken = broken,
};
