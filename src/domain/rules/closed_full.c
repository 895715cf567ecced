#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	bool session_full = f->place.session_held && f->place.places_left <= 0;
	return f->closed && (session_full || f->place.closed_left <= 0);
}

/* Each is watched by itself: nobody may take on one more. */
const struct booking_rule rule_closed_full = {
	.code = BOOKING_CLOSED_FULL,
	.name = "NO_CLOSED_CAPACITY",
	.staff = "As many closed visits as the prison can watch are booked then.",
	.family_key = "booking.slot_taken",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
