#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.turn_short;
}

/* Staff may: they know who is already there. */
const struct booking_rule rule_turn_round = {
	.code = BOOKING_TURN_ROUND,
	.name = "TURN_ROUND",
	.staff = "The place needs its turn-round between a legal visit and what comes next there.",
	.family_key = "booking.turn_round",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
