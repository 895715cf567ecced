#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->prisoner.busy;
}

const struct booking_rule rule_prisoner_busy = {
	.code = BOOKING_PRISONER_BUSY,
	.name = "PRISONER_BUSY",
	.staff = "The prisoner has another visit then.",
	.family_key = "booking.no_times",
	.broken = broken,
};
