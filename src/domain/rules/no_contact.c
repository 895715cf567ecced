#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].no_contact)
			return true;
	return false;
}

const struct booking_rule rule_no_contact = {
	.code = BOOKING_NO_CONTACT,
	.name = "NO_CONTACT",
	.staff = "An order says that the prisoner and a caller have no contact.",
	.family_key = "booking.no_times",
	.flags = RULE_ON_PEOPLE,
	.broken = broken,
};
