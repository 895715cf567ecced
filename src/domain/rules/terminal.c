#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->place.place_open && !f->place.terminal_free;
}

const struct booking_rule rule_terminal = {
	.code = BOOKING_NO_TERMINAL,
	.name = "NO_TERMINAL",
	.staff = "Every terminal that may be used is taken then.",
	.family_key = "booking.slot_taken",
	.broken = broken,
};
