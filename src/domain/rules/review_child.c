#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].child == CHILD_ASK)
			return true;
	return false;
}

const struct booking_rule rule_review_child = {
	.code = BOOKING_REVIEW_CHILD,
	.name = "REVIEW_CHILD_CONTACT",
	.staff = "A child among the callers needs a decision about contact with the prisoner.",
	.family_key = "booking.review",
	.flags = RULE_REVIEWS | RULE_ON_PEOPLE,
	.broken = broken,
};
