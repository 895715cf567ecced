#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return booking_takes_order(f) &&
	       !order_met(f->prisoner.order_need, f->prisoner.vo, f->prisoner.pvo);
}

const struct booking_rule rule_order = {
	.code = BOOKING_NO_ORDER,
	.name = "NO_VO_BALANCE",
	.staff = "No visiting order of the kind that the session asks for is left.",
	.family_key = "booking.allowance_used",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
