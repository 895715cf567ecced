#include "domain/booking.h"

static const struct {
	const char *name;
	const char *staff;
	const char *family_key;
} ANSWERS[BOOKING_COUNT] = {
	[BOOKING_OK] = { "OK", "The visit can be booked.", "booking.ok" },
	[BOOKING_PRISON_NOT_READY] = { "PRISON_NOT_READY",
				       "The prison cannot hold video visits yet.",
				       "booking.prison_not_ready" },
	[BOOKING_NO_VISITORS] = { "NO_VISITORS", "Nobody was chosen to take part.",
				  "booking.no_visitors" },
	[BOOKING_PARTY_TOO_LARGE] = { "PARTY_TOO_LARGE",
				      "More callers than the prison's rules allow.",
				      "booking.party_too_large" },
	[BOOKING_NO_ADULT] = { "NO_ADULT", "No adult is among the callers on that day.",
			       "booking.no_adult" },
	[BOOKING_NOT_APPROVED] = { "NOT_APPROVED",
				   "A caller is not approved to visit this prisoner.",
				   "booking.not_approved" },
	[BOOKING_TOO_SOON] = { "TOO_SOON", "The time is nearer than the notice period.",
			       "booking.too_soon" },
	[BOOKING_TOO_FAR] = { "TOO_FAR", "The time lies beyond the booking window.",
			      "booking.too_far" },
	[BOOKING_NO_SESSION] = { "NO_SESSION", "The prison holds no session at that time.",
				 "booking.no_times" },
	[BOOKING_ALLOWANCE_USED] = { "ALLOWANCE_USED",
				     "The prisoner's video minutes of that month are used.",
				     "booking.allowance_used" },
	[BOOKING_PRISONER_BUSY] = { "PRISONER_BUSY", "The prisoner has another visit then.",
				    "booking.no_times" },
	[BOOKING_VISITOR_BUSY] = { "VISITOR_BUSY", "One of the callers has another visit then.",
				   "booking.visitor_busy" },
	[BOOKING_NO_TERMINAL] = { "NO_TERMINAL", "No terminal of the prison is free then.",
				  "booking.slot_taken" },
	[BOOKING_SLOT_TAKEN] = { "SLOT_TAKEN", "Somebody else booked this time a moment earlier.",
				 "booking.slot_taken" },
	[BOOKING_RULES_MISSING] = { "RULES_MISSING",
				    "A rule of this prison has no value in force; nothing is "
				    "booked.",
				    "booking.no_times" },
};

static unsigned index_of(enum booking booking)
{
	return booking < BOOKING_COUNT ? (unsigned)booking : BOOKING_RULES_MISSING;
}

const char *booking_name(enum booking booking)
{
	return ANSWERS[index_of(booking)].name;
}

const char *booking_staff_sentence(enum booking booking)
{
	return ANSWERS[index_of(booking)].staff;
}

const char *booking_family_key(enum booking booking)
{
	return ANSWERS[index_of(booking)].family_key;
}

static bool has_adult(const struct booking_facts *f)
{
	struct date day = local_date(f->start);
	for (size_t i = 0; i < f->caller_count; i++)
		if (date_age(f->callers[i].born, day) >= f->policy.values[POLICY_ADULT_AGE])
			return true;
	return false;
}

enum booking booking_party(const struct booking_facts *f)
{
	if (!f->caller_count)
		return BOOKING_NO_VISITORS;
	if ((int64_t)f->caller_count > f->policy.values[POLICY_PARTY_MAX] ||
	    f->caller_count > PARTY_MAX)
		return BOOKING_PARTY_TOO_LARGE;
	for (size_t i = 0; i < f->caller_count; i++)
		if (!f->callers[i].approved)
			return BOOKING_NOT_APPROVED;
	return has_adult(f) ? BOOKING_OK : BOOKING_NO_ADULT;
}

static enum booking booking_time(const struct booking_facts *f)
{
	int64_t notice_s = f->policy.values[POLICY_NOTICE_HOURS] * 3600;
	struct date last = date_add_days(local_date(f->now), f->policy.values[POLICY_WINDOW_DAYS]);
	if (f->start.s < f->now.s + notice_s)
		return BOOKING_TOO_SOON;
	if (date_compare(local_date(f->start), last) > 0)
		return BOOKING_TOO_FAR;
	return f->session_held ? BOOKING_OK : BOOKING_NO_SESSION;
}

static enum booking booking_resources(const struct booking_facts *f)
{
	if (f->needs_allowance && f->allowance_left_minutes < f->minutes)
		return BOOKING_ALLOWANCE_USED;
	if (f->prisoner_busy)
		return BOOKING_PRISONER_BUSY;
	if (f->visitor_busy)
		return BOOKING_VISITOR_BUSY;
	return f->terminal_free ? BOOKING_OK : BOOKING_NO_TERMINAL;
}

enum booking booking_decide(const struct booking_facts *f)
{
	if (!f->prison_ready)
		return BOOKING_PRISON_NOT_READY;
	enum booking answer = booking_party(f);
	if (answer == BOOKING_OK)
		answer = booking_time(f);
	if (answer == BOOKING_OK)
		answer = booking_resources(f);
	return answer;
}

int booking_cost_minutes(enum visit_kind kind, int minutes)
{
	return kind == VISIT_SOCIAL ? minutes : 0;
}
