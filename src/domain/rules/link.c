#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.calls_left <= 0;
}

const struct booking_rule rule_link = {
	.code = BOOKING_LINK_FULL,
	.name = "LINK_FULL",
	.staff = "As many visits as the prison's line bears are booked then.",
	.family_key = "booking.slot_taken",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
