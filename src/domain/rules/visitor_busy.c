#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].busy)
			return true;
	return false;
}

const struct booking_rule rule_visitor_busy = {
	.code = BOOKING_VISITOR_BUSY,
	.name = "VISITOR_BUSY",
	.staff = "One of the callers has another visit then.",
	.family_key = "booking.visitor_busy",
	.broken = broken,
};
