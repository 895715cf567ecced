#include "domain/request.h"
#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	return f->needs_review && request_deadline(f->start, &f->today).s <= f->now.s;
}

const struct booking_rule rule_review_time = {
	.code = BOOKING_REVIEW_TOO_LATE,
	.name = "REVIEW_TOO_LATE",
	.staff = "Staff must look at the request first, and the time to do so is over.",
	.family_key = "booking.too_soon",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
