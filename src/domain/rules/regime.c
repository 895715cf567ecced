#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->prisoner.regime;
}

const struct booking_rule rule_regime = {
	.code = BOOKING_PRISONER_REGIME,
	.name = "HIGHER_PRIORITY_EVENT",
	.staff = "The prisoner has an appointment then that goes before a visit.",
	.family_key = "booking.no_times",
	.flags = RULE_STAFF_MAY_WAIVE | RULE_OF_VISIT,
	.broken = broken,
};
