#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->kind == VISIT_SOCIAL && f->prisoner.remand &&
	       f->prisoner.order_need != ORDER_NEED_NONE &&
	       f->prisoner.week_visits >= f->policy.values[POLICY_REMAND_WEEK_MAX];
}

const struct booking_rule rule_remand_week = {
	.code = BOOKING_REMAND_WEEK,
	.name = "REMAND_VISIT_LIMIT_FOR_WEEK_REACHED",
	.staff = "The week's visits of an unconvicted prisoner are used.",
	.family_key = "booking.week_used",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
