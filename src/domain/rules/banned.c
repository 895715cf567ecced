#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	for (size_t i = 0; i < f->caller_count; i++)
		if (f->callers[i].banned)
			return true;
	return f->prisoner.banned;
}

const struct booking_rule rule_banned = {
	.code = BOOKING_BANNED,
	.name = "BANNED",
	.staff = "The prisoner or a caller is banned from visits on that day.",
	.family_key = "booking.no_times",
	.flags = RULE_ON_PEOPLE,
	.broken = broken,
};
