#include "domain/rules/rules.h"

static bool broken(const struct booking_facts *f)
{
	bool staff = f->by == BY_STAFF;
	if (f->called && !f->needs_review)
		return false;
	if (f->offered && !f->needs_review)
		return f->start.s < f->now.s + f->today.values[POLICY_OFFER_LAST_MINUTES] * 60;
	if (f->kind == VISIT_LEGAL && !staff)
		return f->start.s < f->now.s + f->today.values[POLICY_LEGAL_NOTICE_MINUTES] * 60;
	int64_t days = f->today.values[staff ? POLICY_NOTICE_DAYS_STAFF : POLICY_NOTICE_DAYS];
	int64_t hours = staff ? 0 : f->today.values[POLICY_NOTICE_HOURS];
	if (f->needs_review)
		days += f->today.values[POLICY_REVIEW_EXTRA_DAYS];
	/* Whole days lie between: two days' notice on Monday means Thursday. */
	struct date first = date_add_days(f->day_today, days ? days + 1 : 0);
	return f->start.s < f->now.s + hours * 3600 || date_compare(f->day, first) < 0;
}

const struct booking_rule rule_notice = {
	.code = BOOKING_TOO_SOON,
	.name = "TOO_SOON",
	.staff = "The time is nearer than the notice period.",
	.family_key = "booking.too_soon",
	.flags = RULE_STAFF_MAY_WAIVE,
	.broken = broken,
};
