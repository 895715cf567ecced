#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.session_held && f->place.session_excluded;
}

const struct booking_rule rule_session_excluded = {
	.code = BOOKING_SESSION_BLOCKED,
	.name = "SESSION_DATE_BLOCKED",
	.staff = "That session is not held on that day: it has an exclude date.",
	.family_key = "booking.day_closed",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
