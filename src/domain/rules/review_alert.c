#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->kind == VISIT_SOCIAL && f->prisoner.alert;
}

const struct booking_rule rule_review_alert = {
	.code = BOOKING_REVIEW_ALERT,
	.name = "REVIEW_ALERT",
	.staff = "The prisoner has an alert that staff look at first.",
	.family_key = "booking.review",
	.flags = RULE_REVIEWS | RULE_ON_PEOPLE,
	.broken = broken,
};
