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
	&rule_official,
	&rule_allowance,
	&rule_prisoner_busy,
	&rule_regime,
	&rule_visitor_busy,
	&rule_prisoner_away,
	&rule_no_contact,
	&rule_banned,
	&rule_child_refused,
	&rule_non_association,
	&rule_order,
	&rule_remand_week,
	/* What staff look at first. */
	&rule_review_source,
	&rule_review_alert,
	&rule_review_prisoner,
	&rule_review_visitor,
	&rule_review_child,
	&rule_review_time,
	/* The place last: that it is full matters only to who might have it. */
	&rule_session_full,
	&rule_closed_full,
	&rule_link,
	&rule_place_open,
	&rule_terminal,
	&rule_kept,
	&rule_turn_round,
};

/* What is no rule, but an answer. */
static const struct booking_rule OTHERS[] = {
	{ BOOKING_OK, "OK", "The visit can be booked.", "booking.ok", 0, NULL },
	{ BOOKING_USER_TYPE, "USER_TYPE", "Whoever asks may not book visits.", "booking.no_times",
	  0, NULL },
	{ BOOKING_PRISONER_MOVED, "PRISONER_TRANSFERRED", "The prisoner is in another prison now.",
	  "booking.no_times", RULE_ON_PEOPLE, NULL },
	{ BOOKING_SLOT_TAKEN, "SLOT_TAKEN", "Somebody else booked this time a moment earlier.",
	  "booking.slot_taken", 0, NULL },
	{ BOOKING_BLOCK_BOOKED, "BLOCK_BOOKED",
	  "The firm has as many visits without a date with this client as it may.",
	  "booking.block_booked", 0, NULL },
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

bool booking_of(struct str name, enum booking *out)
{
	for (unsigned i = 0; i < BOOKING_COUNT; i++) {
		if (str_is(name, booking_name((enum booking)i))) {
			*out = (enum booking)i;
			return true;
		}
	}
	return false;
}

bool booking_is_about_people(enum booking booking)
{
	return (rule_of(booking)->flags & RULE_ON_PEOPLE) != 0;
}

bool booking_is_for_review(enum booking booking)
{
	return (rule_of(booking)->flags & RULE_REVIEWS) != 0;
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

bool verdict_passes(struct verdict verdict, bool waived)
{
	return waived ? verdict_ok(verdict) : verdict_clean(verdict);
}

bool verdict_has(struct verdict verdict, enum booking booking)
{
	return ((verdict.no | verdict.waivable) >> booking & 1) != 0;
}

bool verdict_needs_review(struct verdict verdict)
{
	return verdict.review != 0;
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

/* Which set of the verdict a broken rule belongs to. */
static uint64_t *set_of(struct verdict *verdict, const struct booking_rule *rule,
			enum booking_by by)
{
	if (by == BY_STAFF && (rule->flags & (RULE_STAFF_MAY_WAIVE | RULE_REVIEWS)))
		return &verdict->waivable;
	return rule->flags & RULE_REVIEWS ? &verdict->review : &verdict->no;
}

/* Whether staff must look at what a family asks for. */
static bool needs_review(const struct booking_facts *facts)
{
	if (facts->by != BY_FAMILY)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
		if ((RULES[i]->flags & RULE_REVIEWS) && RULES[i]->broken(facts))
			return true;
	return false;
}

static struct verdict ask(const struct booking_facts *given, unsigned only)
{
	/* The days are asked for by many rules, and take time to find. */
	struct booking_facts known = *given;
	const struct booking_facts *facts = &known;
	known.day = local_date(known.start);
	known.day_today = local_date(known.now);
	struct verdict verdict = { 0 };
	if (facts->by == BY_PRISONER)
		verdict_add(&verdict, BOOKING_USER_TYPE);
	if (facts->by == BY_PRISONER || facts->by == BY_SYSTEM)
		return verdict;
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
		const struct booking_rule *rule = RULES[i];
		if ((rule->flags & only) != only || !rule->broken(facts))
			continue;
		*set_of(&verdict, rule, facts->by) |= UINT64_C(1) << rule->code;
		if (rule->flags & RULE_STOPS)
			break;
	}
	return verdict;
}

struct verdict booking_decide(const struct booking_facts *facts)
{
	struct booking_facts whole = *facts;
	whole.needs_review |= needs_review(facts);
	return ask(&whole, 0);
}

struct verdict booking_party(const struct booking_facts *facts)
{
	return ask(facts, RULE_OF_PARTY);
}

struct verdict booking_recheck(const struct booking_facts *facts)
{
	return ask(facts, RULE_OF_VISIT);
}

static bool is_adult(const struct booking_facts *f, size_t caller, enum policy_name age)
{
	return date_age(f->callers[caller].born, f->day) >= f->policy.values[age];
}

/* Adults who help, as far as the prison lets them come without counting. */
static int64_t not_counted(const struct booking_facts *f)
{
	int64_t n = 0;
	for (size_t i = 0; i < f->caller_count; i++)
		n += f->callers[i].part != PART_VISITOR && is_adult(f, i, POLICY_ADULT_AGE);
	int64_t max = f->policy.values[POLICY_SUPPORTERS_MAX];
	return n < max ? n : max;
}

int64_t booking_counted(const struct booking_facts *f)
{
	return (int64_t)f->caller_count - not_counted(f);
}

int64_t booking_adults(const struct booking_facts *f)
{
	int64_t adults = 0;
	for (size_t i = 0; i < f->caller_count; i++)
		adults += is_adult(f, i, POLICY_SEAT_ADULT_AGE);
	return adults - not_counted(f);
}

int booking_free_minutes(const struct booking_facts *f)
{
	int above = f->minutes - policy_lengths(&f->policy, f->kind).min;
	if (above < 0)
		above = 0;
	return f->longer_minutes < above ? f->longer_minutes : above;
}

int booking_cost_minutes(enum visit_kind kind, int minutes)
{
	return kind == VISIT_SOCIAL ? minutes : 0;
}

bool booking_takes_order(const struct booking_facts *f)
{
	return f->kind == VISIT_SOCIAL && !f->prisoner.remand &&
	       f->policy.values[POLICY_VIDEO_PAYS] != VIDEO_PAYS_MINUTES &&
	       f->prisoner.order_need != ORDER_NEED_NONE;
}

struct verdict booking_recheck_people(const struct booking_facts *facts)
{
	struct verdict verdict = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(RULES); i++)
		if ((RULES[i]->flags & RULE_ON_PEOPLE) && RULES[i]->broken(facts))
			verdict_add(&verdict, RULES[i]->code);
	return verdict;
}
