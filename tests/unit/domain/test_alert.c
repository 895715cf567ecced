#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/alert.h"
#include "domain/child_contact.h"
#include "domain/non_association.h"
#include "domain/source.h"

static const struct date DAY = { 2026, 11, 23 };

static void alerts_force_a_review_while_they_hold(void **state)
{
	(void)state;
	static const struct {
		struct alert alert;
		bool review, child;
	} CASES[] = {
		{ { .known = true, .from = { 2026, 1, 1 } }, false, false },
		{ { .known = true, .forces_review = true, .from = { 2026, 1, 1 } }, true, false },
		{ { .known = true, .child = true, .from = { 2026, 1, 1 } }, false, true },
		{ { .known = true, .forces_review = true, .from = { 2026, 11, 24 } },
		  false,
		  false },
		{ { .known = true,
		    .forces_review = true,
		    .from = { 2026, 1, 1 },
		    .to = { 2026, 11, 22 } },
		  false,
		  false },
		{ { .known = true,
		    .forces_review = true,
		    .from = { 2026, 1, 1 },
		    .ended_at = { 1 } },
		  false,
		  false },
		/* A code that the list does not know may mean anything. */
		{ { .from = { 2026, 1, 1 } }, true, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct alert_effect e = alerts_on_day(&CASES[i].alert, 1, DAY);
		assert_int_equal(e.review, CASES[i].review);
		assert_int_equal(e.child, CASES[i].child);
	}
}

static void alert_codes_are_short_letters_and_digits(void **state)
{
	(void)state;
	struct alert_code code;
	CHECK(alert_code_of(STR(" cprc "), &code));
	assert_string_equal(code.text, "CPRC");
	CHECK(!alert_code_of(STR(""), &code) && !alert_code_of(STR("A-1"), &code));
	CHECK(!alert_code_of(STR("ABCDEFGHIJKLM"), &code) &&
	      !alert_code_of(STR("X\xc3\xa9"), &code));
}

static void a_child_needs_a_decision_that_is_not_due_for_review(void **state)
{
	(void)state;
	static const struct {
		enum child_level level;
		struct date review_on;
		enum child_answer answer;
	} CASES[] = {
		{ CHILD_REFUSED, { 2027, 1, 1 }, CHILD_MAY_NOT },
		{ CHILD_REFUSED, { 2026, 1, 1 }, CHILD_MAY_NOT },
		{ CHILD_SUPERVISED, { 2027, 1, 1 }, CHILD_MAY_WATCHED },
		{ CHILD_PERMITTED, { 2026, 11, 24 }, CHILD_MAY },
		{ CHILD_PERMITTED, { 2026, 11, 23 }, CHILD_ASK },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct child_decision d = { .level = CASES[i].level,
					    .review_on = CASES[i].review_on };
		assert_int_equal(child_contact_on(&d, DAY), CASES[i].answer);
	}
	assert_int_equal(child_contact_on(NULL, DAY), CHILD_ASK);
}

static void a_source_is_trusted_while_it_is_fresh(void **state)
{
	(void)state;
	static const struct {
		enum source_status status;
		int64_t hours_ago; /* the last good import; -1: never */
		bool trusted;
	} CASES[] = {
		{ SOURCE_KEPT_HERE, -1, true }, { SOURCE_KEPT_HERE, 900, true },
		{ SOURCE_UP, 0, true },         { SOURCE_UP, 26, true },
		{ SOURCE_UP, 27, false },       { SOURCE_UP, -1, false },
		{ SOURCE_DOWN, 0, false },      { SOURCE_DOWN, -1, false },
	};
	struct wall now = { 1795428420 };
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		int64_t ago = CASES[i].hours_ago;
		struct source_state s = { .status = CASES[i].status };
		s.good_at.s = ago < 0 ? 0 : now.s - ago * 3600;
		assert_int_equal(source_trusted(&s, 26, now), CASES[i].trusted);
	}
}

static void a_pair_is_kept_in_one_order_and_known_from_both_sides(void **state)
{
	(void)state;
	struct prisoner_id a = { 9 }, b = { 4 };
	non_association_order(&a, &b);
	CHECK(a.n == 4 && b.n == 9);
	struct non_association pair = { .a = a, .b = b };
	assert_int_equal(non_association_other(&pair, a).n, 9);
	assert_int_equal(non_association_other(&pair, b).n, 4);
	assert_int_equal(non_association_other(&pair, (struct prisoner_id){ 5 }).n, 0);
}

static void every_name_is_found_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NON_ASSOCIATION_REASON_COUNT; i++) {
		enum non_association_reason r;
		CHECK(non_association_reason_of(
		    str_from(non_association_reason_name((enum non_association_reason)i)), &r));
		assert_int_equal(r, i);
	}
	for (unsigned i = 0; i < NON_ASSOCIATION_SCOPE_COUNT; i++) {
		enum non_association_scope s;
		CHECK(non_association_scope_of(
		    str_from(non_association_scope_name((enum non_association_scope)i)), &s));
		assert_int_equal(s, i);
	}
	for (unsigned i = 0; i < CHILD_LEVEL_COUNT; i++) {
		enum child_level l;
		CHECK(child_level_of(str_from(child_level_name((enum child_level)i)), &l));
		assert_int_equal(l, i);
	}
	for (unsigned i = 0; i < SOURCE_COUNT; i++) {
		enum source s;
		CHECK(source_of(str_from(source_name((enum source)i)), &s));
		assert_int_equal(s, i);
	}
	for (unsigned i = 0; i < SOURCE_STATUS_COUNT; i++) {
		enum source_status s;
		CHECK(source_status_of(str_from(source_status_name((enum source_status)i)), &s));
		assert_int_equal(s, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(alerts_force_a_review_while_they_hold),
		TEST(alert_codes_are_short_letters_and_digits),
		TEST(a_child_needs_a_decision_that_is_not_due_for_review),
		TEST(a_source_is_trusted_while_it_is_fresh),
		TEST(a_pair_is_kept_in_one_order_and_known_from_both_sides),
		TEST(every_name_is_found_again),
	};
	return RUN("domain/alert", tests);
}
