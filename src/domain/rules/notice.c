#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->start.s < f->now.s + f->policy.values[POLICY_NOTICE_HOURS] * 3600;
}

const struct booking_rule rule_notice = {
	.code = BOOKING_TOO_SOON,
	.name = "TOO_SOON",
	.staff = "The time is nearer than the notice period.",
	.family_key = "booking.too_soon",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
