#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	struct session_lengths lengths = policy_lengths(&f->policy, f->kind);
	int min = f->called ? policy_shortest_called(&f->policy, f->kind) : lengths.min;
	return f->minutes < min || f->minutes > lengths.max + f->longer_minutes;
}

const struct booking_rule rule_length = {
	.code = BOOKING_LENGTH,
	.name = "LENGTH_NOT_ALLOWED",
	.staff = "Visits of this kind are shorter or longer than that.",
	.family_key = "booking.length",
	.flags = RULE_STAFF_MAY_WAIVE | RULE_OF_VISIT,
	.broken = broken,
};
