#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return !f->place.place_open;
}

const struct booking_rule rule_place_open = {
	.code = BOOKING_NO_PLACE,
	.name = "NO_PLACE",
	.staff = "Every terminal is closed then, or its room is kept for other visits.",
	.family_key = "booking.slot_taken",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
