#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.session_held && !f->place.kind_admitted;
}

const struct booking_rule rule_session_kind = {
	.code = BOOKING_SESSION_KIND,
	.name = "SESSION_KIND",
	.staff = "The session is for visits of another kind.",
	.family_key = "booking.no_times",
	.flags = RULE_OF_VISIT,
	.broken = broken,
};
