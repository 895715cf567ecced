#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.session_held && !f->place.client_admitted;
}

const struct booking_rule rule_session_client = {
	.code = BOOKING_SESSION_CLIENT,
	.name = "SESSION_CLIENT",
	.staff = "The session is not booked by whoever asks (families, or staff).",
	.family_key = "booking.no_times",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
