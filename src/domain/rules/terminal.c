#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return !f->place.terminal_free;
}

const struct booking_rule rule_terminal = {
	.code = BOOKING_NO_TERMINAL,
	.name = "NO_TERMINAL",
	.staff = "No terminal of the prison is free then.",
	.family_key = "booking.slot_taken",
	.broken = broken,
};
