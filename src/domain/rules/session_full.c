#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return !f->closed && f->place.session_held && f->place.places_left <= 0;
}

/* Staff may open one more of the terminals; a terminal it takes all the same. */
const struct booking_rule rule_session_full = {
	.code = BOOKING_SESSION_FULL,
	.name = "NO_SLOT_CAPACITY",
	.staff = "All places of the session are taken then.",
	.family_key = "booking.slot_taken",
	.flags = RULE_STAFF_MAY_WAIVE | RULE_OF_VISIT,
	.broken = broken,
};
