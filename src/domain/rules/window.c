#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	bool staff = f->by == BY_STAFF;
	int64_t days = f->today.values[staff ? POLICY_WINDOW_DAYS_STAFF : POLICY_WINDOW_DAYS];
	struct date last = date_add_days(f->day_today, days);
	return date_compare(f->day, last) > 0;
}

const struct booking_rule rule_window = {
	.code = BOOKING_TOO_FAR,
	.name = "TOO_FAR",
	.staff = "The time lies beyond the booking window.",
	.family_key = "booking.too_far",
	.broken = broken,
};
