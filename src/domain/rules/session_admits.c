#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.session_held && !f->place.prisoner_admitted;
}

const struct booking_rule rule_session_admits = {
	.code = BOOKING_NOT_ELIGIBLE,
	.name = "SESSION_NOT_ELIGIBLE",
	.staff = "The session is not for the prisoner's wing, category or incentive level.",
	.family_key = "booking.no_times",
	.flags = RULE_STAFF_MAY_WAIVE | RULE_OF_VISIT,
	.broken = broken,
};
