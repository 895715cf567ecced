#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->caller_count == 0;
}

const struct booking_rule rule_visitors = {
	.code = BOOKING_NO_VISITORS,
	.name = "NO_VISITORS",
	.staff = "Nobody was chosen to take part.",
	.family_key = "booking.no_visitors",
	.flags = RULE_OF_PARTY,
	.broken = broken,
};
