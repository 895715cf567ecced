#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return !f->place.prison_ready;
}

const struct booking_rule rule_prison_ready = {
	.code = BOOKING_PRISON_NOT_READY,
	.name = "PRISON_NOT_READY",
	.staff = "The prison cannot hold video visits yet.",
	.family_key = "booking.prison_not_ready",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
