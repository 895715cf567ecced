#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/audit.h"
#include "domain/booking.h"
#include "domain/join.h"

#define BIT(booking) (UINT64_C(1) << (booking))

static struct booking_facts good(void)
{
	struct booking_facts facts = {
		.now = { 1795428420 },
		.start = { 1795428420 + 48 * 3600 },
		.minutes = 30,
		.place = { .prison_ready = true,
			   .session_held = true,
			   .kind_admitted = true,
			   .client_admitted = true,
			   .prisoner_admitted = true,
			   .places_left = 1,
			   .closed_left = 1,
			   .calls_left = 1,
			   .place_open = true,
			   .terminal_free = true },
		.prisoner = { .allowance_left_minutes = 30 },
		.caller_count = 2,
		.callers = { { .born = { 1990, 1, 1 }, .approved = true },
			     { .born = { 2018, 1, 1 }, .approved = true } },
	};
	facts.policy.values[POLICY_NOTICE_HOURS] = 24;
	facts.policy.values[POLICY_WINDOW_DAYS] = 28;
	facts.policy.values[POLICY_PARTY_MAX] = 4;
	facts.policy.values[POLICY_ADULT_AGE] = 18;
	facts.policy.values[POLICY_SEAT_ADULT_AGE] = 18;
	facts.policy.values[POLICY_ADULTS_MAX] = 4;
	facts.policy.values[POLICY_CHILDREN_MAX] = 4;
	facts.policy.values[POLICY_SOCIAL_ON] = 1;
	facts.policy.values[POLICY_LEGAL_ON] = 1;
	facts.policy.values[POLICY_SOCIAL_MINUTES_MIN] = 30;
	facts.policy.values[POLICY_SOCIAL_MINUTES_MAX] = 60;
	facts.policy.values[POLICY_LEGAL_MINUTES_MIN] = 15;
	facts.policy.values[POLICY_LEGAL_MINUTES_MAX] = 120;
	facts.policy.values[POLICY_WINDOW_DAYS_STAFF] = 28;
	facts.policy.values[POLICY_REVIEW_EXTRA_DAYS] = 2;
	facts.today = facts.policy;
	return facts;
}

#define DECIDES(change, answer)                                                                    \
	do {                                                                                       \
		struct booking_facts f = good();                                                   \
		change;                                                                            \
		assert_int_equal(verdict_first(booking_decide(&f)), answer);                       \
	} while (0)

static void each_rule_says_no_for_its_own_reason(void **state)
{
	(void)state;
	DECIDES((void)f, BOOKING_OK);
	DECIDES(f.place.prison_ready = false, BOOKING_PRISON_NOT_READY);
	DECIDES(f.caller_count = 0, BOOKING_NO_VISITORS);
	DECIDES(f.policy.values[POLICY_PARTY_MAX] = 1, BOOKING_PARTY_TOO_LARGE);
	DECIDES(f.callers[1].approved = false, BOOKING_NOT_APPROVED);
	DECIDES(f.callers[0].born.year = 2009, BOOKING_NO_ADULT);
	DECIDES(f.start.s = f.now.s + 24 * 3600 - 1, BOOKING_TOO_SOON);
	DECIDES(f.start.s = f.now.s + 24 * 3600, BOOKING_OK);
	DECIDES(f.start.s = f.now.s + 28 * 86400, BOOKING_OK);
	DECIDES(f.start.s = f.now.s + 29 * 86400, BOOKING_TOO_FAR);
	DECIDES(f.place.session_held = false, BOOKING_NO_SESSION);
	DECIDES(f.prisoner.allowance_left_minutes = 29, BOOKING_ALLOWANCE_USED);
	DECIDES((f.prisoner.allowance_left_minutes = 0, f.kind = VISIT_LEGAL), BOOKING_OK);
	DECIDES(f.prisoner.busy = true, BOOKING_PRISONER_BUSY);
	DECIDES(f.callers[1].busy = true, BOOKING_VISITOR_BUSY);
	DECIDES(f.place.terminal_free = false, BOOKING_NO_TERMINAL);
	DECIDES(f.policy.values[POLICY_SOCIAL_ON] = 0, BOOKING_KIND_OFF);
	DECIDES((f.policy.values[POLICY_SOCIAL_ON] = 0, f.kind = VISIT_LEGAL), BOOKING_OK);
	DECIDES(f.policy.values[POLICY_OPEN_FROM_DAY] = date_to_days(local_date(f.start)) + 1,
		BOOKING_NOT_OPEN_YET);
	DECIDES(f.policy.values[POLICY_OPEN_FROM_DAY] = date_to_days(local_date(f.start)),
		BOOKING_OK);
	DECIDES(f.place.day_excluded = true, BOOKING_DATE_BLOCKED);
	DECIDES(f.place.session_excluded = true, BOOKING_SESSION_BLOCKED);
	DECIDES(f.place.kind_admitted = false, BOOKING_SESSION_KIND);
	DECIDES(f.place.client_admitted = false, BOOKING_SESSION_CLIENT);
	DECIDES(f.place.prisoner_admitted = false, BOOKING_NOT_ELIGIBLE);
	DECIDES((f.minutes = 25, f.prisoner.allowance_left_minutes = 99), BOOKING_LENGTH);
	DECIDES((f.minutes = 60, f.prisoner.allowance_left_minutes = 99), BOOKING_OK);
	DECIDES((f.minutes = 65, f.prisoner.allowance_left_minutes = 99), BOOKING_LENGTH);
	DECIDES((f.minutes = 120, f.kind = VISIT_LEGAL), BOOKING_OK);
	DECIDES((f.minutes = 20, f.policy.values[POLICY_STANDBY_MINUTES_MIN] = 20), BOOKING_LENGTH);
	DECIDES((f.minutes = 20, f.policy.values[POLICY_STANDBY_MINUTES_MIN] = 20, f.called = true),
		BOOKING_OK);
	DECIDES((f.minutes = 15, f.policy.values[POLICY_STANDBY_MINUTES_MIN] = 20, f.called = true),
		BOOKING_LENGTH);
	DECIDES((f.minutes = 30, f.policy.values[POLICY_STANDBY_MINUTES_MIN] = 40, f.called = true),
		BOOKING_OK);
	DECIDES(f.place.places_left = 0, BOOKING_SESSION_FULL);
	DECIDES(f.place.closed_left = 0, BOOKING_OK);
	DECIDES((f.place.closed_left = 0, f.closed = true), BOOKING_CLOSED_FULL);
	DECIDES((f.place.places_left = 0, f.closed = true), BOOKING_CLOSED_FULL);
	DECIDES(f.place.calls_left = 0, BOOKING_LINK_FULL);
	DECIDES((f.place.place_open = false, f.place.terminal_free = false), BOOKING_NO_PLACE);
	DECIDES(f.policy.values[POLICY_ADULTS_MAX] = 0, BOOKING_TOO_MANY_ADULTS);
	DECIDES(f.policy.values[POLICY_CHILDREN_MAX] = 0, BOOKING_TOO_MANY_CHILDREN);
	DECIDES(
	    (f.policy.values[POLICY_CHILDREN_MAX] = 0, f.policy.values[POLICY_SEAT_ADULT_AGE] = 8),
	    BOOKING_OK); /* the child of eight takes an adult's seat */
	DECIDES(f.prisoner.regime = true, BOOKING_PRISONER_REGIME);
}

/* Now is Monday 23 November 2026, 10:07. */
static void notice_counts_in_hours_or_in_whole_days_between(void **state)
{
	(void)state;
	static const struct {
		enum booking_by by;
		int hours;
		int days;
		int days_staff;
		bool review;
		int start_day; /* of November */
		int start_minute;
		bool soon;
	} CASES[] = {
		{ BY_FAMILY, 0, 0, 0, false, 23, 615, false },
		{ BY_FAMILY, 24, 0, 0, false, 24, 605, true },
		{ BY_FAMILY, 24, 0, 0, false, 24, 610, false },
		{ BY_FAMILY, 0, 2, 0, false, 25, 1435, true }, /* two whole days: Thursday */
		{ BY_FAMILY, 0, 2, 0, false, 26, 0, false },
		{ BY_FAMILY, 24, 2, 0, false, 26, 0, false },
		{ BY_FAMILY, 96, 2, 0, false, 26, 0, true },  /* the later of the two holds */
		{ BY_FAMILY, 0, 2, 0, true, 27, 1435, true }, /* staff must look at it */
		{ BY_FAMILY, 0, 2, 0, true, 28, 0, false },
		{ BY_STAFF, 24, 2, 0, false, 23, 615, false },
		{ BY_STAFF, 0, 0, 1, false, 24, 1435, true },
		{ BY_STAFF, 0, 0, 1, false, 25, 0, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct booking_facts f = good();
		f.by = CASES[i].by;
		f.needs_review = CASES[i].review;
		f.today.values[POLICY_NOTICE_HOURS] = CASES[i].hours;
		f.today.values[POLICY_NOTICE_DAYS] = CASES[i].days;
		f.today.values[POLICY_NOTICE_DAYS_STAFF] = CASES[i].days_staff;
		(void)local_to_wall((struct date){ 2026, 11, CASES[i].start_day },
				    CASES[i].start_minute, &f.start);
		if (verdict_has(booking_decide(&f), BOOKING_TOO_SOON) != CASES[i].soon)
			fail_msg("case %zu", i);
	}
}

static void every_rule_that_says_no_is_told(void **state)
{
	(void)state;
	struct booking_facts f = good();
	f.start.s = f.now.s;
	f.callers[1].approved = false;
	f.prisoner.busy = true;
	struct verdict verdict = booking_decide(&f);
	CHECK(!verdict_ok(verdict) && !verdict_clean(verdict));
	for (unsigned i = 0; i < BOOKING_COUNT; i++)
		assert_int_equal(verdict_has(verdict, (enum booking)i),
				 i == BOOKING_TOO_SOON || i == BOOKING_NOT_APPROVED ||
				     i == BOOKING_PRISONER_BUSY);
	assert_int_equal(verdict_first(verdict), BOOKING_TOO_SOON);
	verdict = booking_party(&f);
	assert_int_equal(verdict.no, UINT64_C(1) << BOOKING_NOT_APPROVED);
}

static void whom_the_rules_bind(void **state)
{
	(void)state;
	struct booking_facts f = good();
	f.start.s = f.now.s; /* too soon: staff may waive it */
	f.today.values[POLICY_NOTICE_DAYS_STAFF] = 1;
	f.by = BY_STAFF;
	struct verdict verdict = booking_decide(&f);
	CHECK(verdict_ok(verdict) && !verdict_clean(verdict));
	assert_int_equal(verdict_first(verdict), BOOKING_TOO_SOON);
	f.place.terminal_free = false; /* nobody can waive that */
	CHECK(!verdict_ok(booking_decide(&f)));
	f.by = BY_SYSTEM;
	CHECK(verdict_clean(booking_decide(&f)));
	f = good();
	f.by = BY_PRISONER;
	assert_int_equal(verdict_first(booking_decide(&f)), BOOKING_USER_TYPE);
}

#define REVIEWS(change, answer)                                                                    \
	do {                                                                                       \
		struct booking_facts f = good();                                                   \
		f.start.s = f.now.s + 10 * 86400;                                                  \
		change;                                                                            \
		struct verdict v = booking_decide(&f);                                             \
		CHECK(verdict_clean(v));                                                           \
		CHECK(v.review == UINT64_C(1) << (answer));                                        \
		f.by = BY_STAFF;                                                                   \
		v = booking_decide(&f);                                                            \
		CHECK(verdict_ok(v) && v.waivable == UINT64_C(1) << (answer) && !v.review);        \
	} while (0)

static void each_rule_about_people_says_no_for_its_own_reason(void **state)
{
	(void)state;
	DECIDES(f.prisoner.custody = CUSTODY_RELEASED, BOOKING_PRISONER_AWAY);
	DECIDES(f.prisoner.custody = CUSTODY_HOSPITAL, BOOKING_PRISONER_AWAY);
	DECIDES(f.prisoner.custody = CUSTODY_ABSENT, BOOKING_PRISONER_AWAY);
	DECIDES(f.prisoner.custody = CUSTODY_MERGED, BOOKING_PRISONER_AWAY);
	DECIDES(f.prisoner.custody = CUSTODY_COURT, BOOKING_OK); /* back before that day */
	DECIDES(f.callers[1].no_contact = true, BOOKING_NO_CONTACT);
	DECIDES(f.callers[0].banned = true, BOOKING_BANNED);
	DECIDES(f.prisoner.banned = true, BOOKING_BANNED);
	DECIDES(f.callers[1].child = CHILD_MAY_NOT, BOOKING_CHILD_REFUSED);
	DECIDES(f.callers[1].child = CHILD_MAY_WATCHED, BOOKING_OK);
	DECIDES(f.prisoner.non_association = true, BOOKING_NON_ASSOCIATION);
	DECIDES(f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_ORDER, BOOKING_NO_ORDER);
	DECIDES((f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_ORDER, f.prisoner.vo = 1),
		BOOKING_OK);
	DECIDES((f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_ORDER, f.prisoner.pvo = 1),
		BOOKING_OK);
	DECIDES((f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_ORDER,
		 f.prisoner.order_need = ORDER_NEED_NONE),
		BOOKING_OK);
	DECIDES((f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_ORDER, f.prisoner.remand = true,
		 f.policy.values[POLICY_REMAND_WEEK_MAX] = 3),
		BOOKING_OK);
	DECIDES((f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_ORDER, f.prisoner.vo = 1,
		 f.prisoner.allowance_left_minutes = 0),
		BOOKING_OK);
	DECIDES((f.policy.values[POLICY_VIDEO_PAYS] = VIDEO_PAYS_BOTH, f.prisoner.vo = 1,
		 f.prisoner.allowance_left_minutes = 0),
		BOOKING_ALLOWANCE_USED);
	DECIDES((f.prisoner.remand = true, f.policy.values[POLICY_REMAND_WEEK_MAX] = 3,
		 f.prisoner.week_visits = 2),
		BOOKING_OK);
	DECIDES((f.prisoner.remand = true, f.policy.values[POLICY_REMAND_WEEK_MAX] = 3,
		 f.prisoner.week_visits = 3),
		BOOKING_REMAND_WEEK);
	DECIDES((f.prisoner.remand = true, f.policy.values[POLICY_REMAND_WEEK_MAX] = 3,
		 f.prisoner.week_visits = 3, f.prisoner.order_need = ORDER_NEED_NONE),
		BOOKING_OK);
}

static void what_staff_look_at_first_can_be_asked_for(void **state)
{
	(void)state;
	REVIEWS(f.prisoner.source_down = true, BOOKING_REVIEW_SOURCE);
	REVIEWS(f.prisoner.alert = true, BOOKING_REVIEW_ALERT);
	REVIEWS(f.prisoner.restricted = true, BOOKING_REVIEW_PRISONER);
	REVIEWS(f.callers[1].restricted = true, BOOKING_REVIEW_VISITOR);
	REVIEWS(f.callers[1].child = CHILD_ASK, BOOKING_REVIEW_CHILD);
	/* A legal visit waits for nobody's alert. */
	struct booking_facts f = good();
	f.kind = VISIT_LEGAL;
	f.prisoner.alert = f.prisoner.restricted = f.callers[0].restricted = true;
	CHECK(!verdict_needs_review(booking_decide(&f)));
}

static void a_request_needs_days_for_staff_to_look(void **state)
{
	(void)state;
	struct booking_facts f = good(); /* 48 hours ahead: enough without review */
	f.prisoner.alert = true;
	assert_int_equal(verdict_first(booking_decide(&f)), BOOKING_TOO_SOON);
	f.start.s += 86400;
	assert_int_equal(verdict_first(booking_decide(&f)), BOOKING_OK);
	f.today.values[POLICY_REVIEW_EXTRA_DAYS] = 0;
	f.today.values[POLICY_REVIEW_DECIDE_HOURS] = 200; /* the deadline lies behind us */
	assert_int_equal(verdict_first(booking_decide(&f)), BOOKING_REVIEW_TOO_LATE);
}

static void whoever_books_nobody_overrules_what_keeps_people_safe(void **state)
{
	(void)state;
	struct booking_facts f = good();
	f.by = BY_STAFF;
	f.callers[0].no_contact = f.callers[0].banned = true;
	f.callers[1].child = CHILD_MAY_NOT;
	f.prisoner.non_association = true;
	struct verdict v = booking_decide(&f);
	CHECK(v.no ==
	      (UINT64_C(1) << BOOKING_NO_CONTACT | UINT64_C(1) << BOOKING_BANNED |
	       UINT64_C(1) << BOOKING_CHILD_REFUSED | UINT64_C(1) << BOOKING_NON_ASSOCIATION));
	f = good();
	f.by = BY_STAFF;
	f.prisoner.remand = true;
	f.prisoner.week_visits = 9;
	CHECK(booking_decide(&f).waivable == UINT64_C(1) << BOOKING_REMAND_WEEK);
}

static void someone_who_turns_eighteen_by_the_visit_is_an_adult(void **state)
{
	(void)state;
	struct booking_facts f = good();
	struct date day = local_date(f.start);
	f.callers[0].born = (struct date){ day.year - 18, day.month, day.day };
	assert_int_equal(verdict_first(booking_decide(&f)), BOOKING_OK);
	f.callers[0].born = date_add_days(f.callers[0].born, 1);
	assert_int_equal(verdict_first(booking_decide(&f)), BOOKING_NO_ADULT);
}

static void no_answer_lacks_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < BOOKING_COUNT; i++) {
		const char *key = booking_family_key((enum booking)i);
		CHECK(strlen(booking_name((enum booking)i)) > 1);
		CHECK(strlen(booking_staff_sentence((enum booking)i)) > 10);
		CHECK(!strncmp(key, "booking.", 8) && strlen(key) > 8);
	}
	for (unsigned i = 0; i < JOINING_COUNT; i++)
		CHECK(joining_name((enum joining)i)[0] && joining_sentence((enum joining)i)[0]);
	for (unsigned i = 0; i < AUDIT_VERB_COUNT; i++) {
		enum audit_verb verb;
		CHECK(audit_verb_of(str_from(audit_verb_name((enum audit_verb)i)), &verb));
		assert_int_equal(verb, i);
	}
	for (unsigned i = 0; i < POLICY_COUNT; i++) {
		enum policy_name name;
		CHECK(policy_name_of(str_from(policy_name_text((enum policy_name)i)), &name));
		assert_int_equal(name, i);
	}
}

static void families_learn_no_protected_reason(void **state)
{
	(void)state;
	/* That the prisoner is elsewhere looks like a time that is not held. */
	static const enum booking PROTECTED[] = {
		BOOKING_PRISONER_BUSY, BOOKING_PRISONER_AWAY,  BOOKING_NO_CONTACT,
		BOOKING_BANNED,        BOOKING_CHILD_REFUSED,  BOOKING_NON_ASSOCIATION,
		BOOKING_RULES_MISSING, BOOKING_PRISONER_MOVED,
	};
	for (size_t i = 0; i < ARRAY_LEN(PROTECTED); i++)
		assert_string_equal(booking_family_key(PROTECTED[i]),
				    booking_family_key(BOOKING_NO_SESSION));
	for (unsigned i = BOOKING_REVIEW_SOURCE; i <= BOOKING_REVIEW_CHILD; i++)
		assert_string_equal(booking_family_key((enum booking)i), "booking.review");
}

static void a_visit_becomes_only_what_it_may(void **state)
{
	(void)state;
	static const char *const MAY[VISIT_STATE_COUNT] = {
		[VISIT_REQUESTED] = "BOOKED CANCELLED ",
		[VISIT_BOOKED] = "LOBBY CANCELLED NO_SHOW ",
		[VISIT_LOBBY] = "LIVE CANCELLED NO_SHOW ",
		[VISIT_LIVE] = "COMPLETED ",
		[VISIT_COMPLETED] = "",
		[VISIT_CANCELLED] = "",
		[VISIT_NO_SHOW] = "",
	};
	for (unsigned from = 0; from < VISIT_STATE_COUNT; from++) {
		char all[100] = "";
		for (unsigned to = 0; to < VISIT_STATE_COUNT; to++) {
			if (!visit_may_become((enum visit_state)from, (enum visit_state)to))
				continue;
			strcat(all, visit_state_name((enum visit_state)to));
			strcat(all, " ");
		}
		assert_string_equal(all, MAY[from]);
		assert_int_equal(visit_is_over((enum visit_state)from), !all[0]);
	}
}

static struct policy times(void)
{
	struct policy policy = { 0 };
	policy.values[POLICY_LOBBY_MINUTES] = 10;
	policy.values[POLICY_JOIN_MINUTES] = 15;
	policy.values[POLICY_GRACE_MINUTES] = 5;
	return policy;
}

static void people_may_join_from_the_lobby_until_the_latest_moment(void **state)
{
	(void)state;
	static const struct {
		int minute;
		enum visit_state visit;
		enum joining answer;
	} CASES[] = {
		{ -11, VISIT_BOOKED, JOINING_TOO_EARLY }, { -10, VISIT_BOOKED, JOINING_OK },
		{ 15, VISIT_LOBBY, JOINING_OK },          { 16, VISIT_LOBBY, JOINING_TOO_LATE },
		{ 34, VISIT_LIVE, JOINING_OK },           { 35, VISIT_LIVE, JOINING_OVER },
		{ 0, VISIT_CANCELLED, JOINING_OVER },     { 0, VISIT_REQUESTED, JOINING_TOO_EARLY },
	};
	struct policy policy = times();
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct visit visit = { .state = CASES[i].visit,
				       .start = { 1000000 },
				       .minutes = 30 };
		struct wall now = wall_add_s(visit.start, 60L * CASES[i].minute);
		assert_int_equal(visit_joining(&visit, &policy, now), CASES[i].answer);
	}
}

static void the_next_visit_ends_the_grace_and_nothing_else_does(void **state)
{
	(void)state;
	struct policy policy = times();
	struct visit visit = { .start = { 0 }, .minutes = 30 };
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 0 }).s, 2100);
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 1800 }).s, 1800);
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 1900 }).s, 1900);
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 2100 }).s, 2100);
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 9000 }).s, 2100);
}

static void lost_time_lengthens_the_grace_up_to_what_the_rules_add(void **state)
{
	(void)state;
	struct policy policy = times();
	struct visit visit = { .start = { 0 }, .minutes = 30 };
	policy.values[POLICY_LOST_ADDED_MINUTES] = 2;
	visit.lost.s[LOST_VISITOR_LINE] = 40;
	visit.lost.s[LOST_NOBODY] = 1000;
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 0 }).s, 2140);
	visit.lost.s[LOST_PRISON_LINE] = 500;
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 0 }).s, 2220);
	assert_int_equal(visit_must_end(&visit, &policy, (struct wall){ 1900 }).s, 1900);
}

static void minutes_begun_count_and_never_more_than_were_booked(void **state)
{
	(void)state;
	assert_int_equal(visit_counted_minutes(0, 30), 0);
	assert_int_equal(visit_counted_minutes(1, 30), 1);
	assert_int_equal(visit_counted_minutes(60, 30), 1);
	assert_int_equal(visit_counted_minutes(61, 30), 2);
	assert_int_equal(visit_counted_minutes(2100, 30), 30);
}

static struct booking_caller helper(enum contact_part part, int born)
{
	return (struct booking_caller){ .born = { born, 1, 1 }, .approved = true, .part = part };
}

static void who_helps_a_visitor_takes_no_place_of_a_caller(void **state)
{
	(void)state;
	static const struct {
		int64_t supporters_max;
		int born; /* of the helper */
		enum contact_part first, helps;
		uint64_t no;
	} CASES[] = {
		{ 1, 1970, PART_VISITOR, PART_SUPPORTER, 0 },
		{ 1, 1970, PART_VISITOR, PART_INTERPRETER, 0 },
		{ 1, 1970, PART_VISITOR, PART_VISITOR,
		  BIT(BOOKING_PARTY_TOO_LARGE) | BIT(BOOKING_TOO_MANY_ADULTS) },
		{ 0, 1970, PART_VISITOR, PART_SUPPORTER,
		  BIT(BOOKING_PARTY_TOO_LARGE) | BIT(BOOKING_TOO_MANY_ADULTS) },
		/* A child helps nobody, and counts. */
		{ 1, 2015, PART_VISITOR, PART_SUPPORTER, BIT(BOOKING_PARTY_TOO_LARGE) },
		/* Helpers alone visit nobody, and a helper is not the adult whom children need. */
		{ 2, 1970, PART_SUPPORTER, PART_SUPPORTER, BIT(BOOKING_NO_ADULT) },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct booking_facts f = good();
		f.policy.values[POLICY_PARTY_MAX] = 2;
		f.policy.values[POLICY_ADULTS_MAX] = 1;
		f.policy.values[POLICY_SUPPORTERS_MAX] = CASES[i].supporters_max;
		f.callers[0].part = CASES[i].first;
		f.callers[f.caller_count++] = helper(CASES[i].helps, CASES[i].born);
		if (booking_decide(&f).no != CASES[i].no)
			fail_msg("case %zu: %llx", i, (unsigned long long)booking_decide(&f).no);
	}
	struct booking_facts alone = good();
	alone.policy.values[POLICY_SUPPORTERS_MAX] = 1;
	alone.caller_count = 1;
	alone.callers[0].part = PART_INTERPRETER;
	CHECK(verdict_has(booking_decide(&alone), BOOKING_NO_VISITORS));
}

static void family_and_friends_come_to_no_official_visit(void **state)
{
	(void)state;
	struct booking_facts f = good();
	f.kind = VISIT_OFFICIAL;
	f.by = BY_STAFF;
	f.callers[1].social = true;
	CHECK(verdict_has(booking_decide(&f), BOOKING_NOT_OFFICIAL));
	CHECK(!verdict_ok(booking_decide(&f))); /* no reason overrules it */
	f.kind = VISIT_SOCIAL;
	CHECK(!verdict_has(booking_decide(&f), BOOKING_NOT_OFFICIAL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_rule_says_no_for_its_own_reason),
		TEST(notice_counts_in_hours_or_in_whole_days_between),
		TEST(every_rule_that_says_no_is_told),
		TEST(whom_the_rules_bind),
		TEST(each_rule_about_people_says_no_for_its_own_reason),
		TEST(what_staff_look_at_first_can_be_asked_for),
		TEST(a_request_needs_days_for_staff_to_look),
		TEST(whoever_books_nobody_overrules_what_keeps_people_safe),
		TEST(someone_who_turns_eighteen_by_the_visit_is_an_adult),
		TEST(who_helps_a_visitor_takes_no_place_of_a_caller),
		TEST(family_and_friends_come_to_no_official_visit),
		TEST(no_answer_lacks_words),
		TEST(families_learn_no_protected_reason),
		TEST(a_visit_becomes_only_what_it_may),
		TEST(people_may_join_from_the_lobby_until_the_latest_moment),
		TEST(the_next_visit_ends_the_grace_and_nothing_else_does),
		TEST(lost_time_lengthens_the_grace_up_to_what_the_rules_add),
		TEST(minutes_begun_count_and_never_more_than_were_booked),
	};
	return RUN("domain/booking", tests);
}
