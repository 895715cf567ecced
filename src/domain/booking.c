#include "domain/booking.h"

#include "base/assert.h"
#include "domain/rules/rules.h"

/* In the order in which they are told. */
static const struct booking_rule *const RULES[] = {
	/* The prison, the time and the place. */
	&rule_prison_ready,
	&rule_kind_on,
	&rule_open_from,
	&rule_notice,
	&rule_window,
	&rule_day_excluded,
	&rule_session,
	&rule_session_excluded,
	&rule_session_kind,
	&rule_session_client,
	&rule_session_admits,
	&rule_length,
	/* The party. */
	&rule_visitors,
	&rule_party_size,
	&rule_adult,
	&rule_adults,
	&rule_children,
	/* The people, and what they are allowed. */
	&rule_approved,
	&rule_allowance,
	&rule_prisoner_busy,
	&rule_regime,
	&rule_visitor_busy,
	/* The place last: that it is full matters only to who might have it. */
	&rule_session_full,
	&rule_closed_full,
	&rule_link,
	&rule_place_open,
	&rule_terminal,
};

/* What is no rule, but an answer. */
static const struct booking_rule OTHERS[] = {
	{ BOOKING_OK, "OK", "The visit can be booked.", "booking.ok", 0, NULL },
	{ BOOKING_USER_TYPE, "USER_TYPE", "Whoever asks may not book visits.", "booking.no_times",
	  0, NULL },
	{ BOOKING_SLOT_TAKEN, "SLOT_TAKEN", "Somebody else booked this time a moment earlier.",
	  "booking.slot_taken", 0, NULL },
	{ BOOKING_RULES_MISSING, "RULES_MISSING",
	  "A rule of this prison has no value in force; nothing is booked.", "booking.no_times", 0,
	  NULL },
};

_Static_assert(BOOKING_COUNT <= 64, "a verdict has a bit for each");

/* Never NULL: what nobody knows is as if the rules were missing. */
static const struct booking_rule *rule_of(enum booking booking)
{
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
		if (RULES[i]->code == booking)
			return RULES[i];
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		if (OTHERS[i].code == booking)
			return &OTHERS[i];
	return &OTHERS[ARRAY_LEN(OTHERS) - 1];
}

const char *booking_name(enum booking booking)
{
	return rule_of(booking)->name;
}

const char *booking_staff_sentence(enum booking booking)
{
	return rule_of(booking)->staff;
}

const char *booking_family_key(enum booking booking)
{
	return rule_of(booking)->family_key;
}

bool verdict_ok(struct verdict verdict)
{
	return !verdict.no;
}

bool verdict_clean(struct verdict verdict)
{
	return !verdict.no && !verdict.waivable;
}

bool verdict_has(struct verdict verdict, enum booking booking)
{
	return ((verdict.no | verdict.waivable) >> booking & 1) != 0;
}

void verdict_add(struct verdict *verdict, enum booking booking)
{
	verdict->no |= UINT64_C(1) << booking;
}

enum booking verdict_first(struct verdict verdict)
{
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		if (verdict_has(verdict, OTHERS[i].code))
			return OTHERS[i].code;
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
		if (verdict_has(verdict, RULES[i]->code))
			return RULES[i]->code;
	return BOOKING_OK;
}

static bool binds(const struct booking_rule *rule, enum booking_by by)
{
	return by != BY_STAFF || !(rule->flags & RULE_STAFF_MAY_WAIVE);
}

static struct verdict ask(const struct booking_facts *facts, unsigned only)
{
	struct verdict verdict = { 0 };
	if (facts->by == BY_PRISONER)
		verdict_add(&verdict, BOOKING_USER_TYPE);
	if (facts->by == BY_PRISONER || facts->by == BY_SYSTEM)
		return verdict;
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
		const struct booking_rule *rule = RULES[i];
		if ((rule->flags & only) != only || !rule->broken(facts))
			continue;
		if (binds(rule, facts->by))
			verdict.no |= UINT64_C(1) << rule->code;
		else
			verdict.waivable |= UINT64_C(1) << rule->code;
		if (rule->flags & RULE_STOPS)
			break;
	}
	return verdict;
}

struct verdict booking_decide(const struct booking_facts *facts)
{
	return ask(facts, 0);
}

struct verdict booking_party(const struct booking_facts *facts)
{
	return ask(facts, RULE_OF_PARTY);
}

struct verdict booking_recheck(const struct booking_facts *facts)
{
	return ask(facts, RULE_OF_VISIT);
}

int64_t booking_adults(const struct booking_facts *f)
{
	struct date day = local_date(f->start);
	int64_t adults = 0;
	for (size_t i = 0; i < f->caller_count; i++)
		adults +=
		    date_age(f->callers[i].born, day) >= f->policy.values[POLICY_SEAT_ADULT_AGE];
	return adults;
}

int booking_cost_minutes(enum visit_kind kind, int minutes)
{
	return kind == VISIT_SOCIAL ? minutes : 0;
}
