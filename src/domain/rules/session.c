#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return !f->place.session_held;
}

const struct booking_rule rule_session = {
	.code = BOOKING_NO_SESSION,
	.name = "NO_SESSION",
	.staff = "The prison holds no session at that time.",
	.family_key = "booking.no_times",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
