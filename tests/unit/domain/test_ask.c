#include "domain/ask.h"
#include "domain/pin.h"
#include "tests/unit/check.h"

enum {
	DAY = 24 * 60 * 60,
	NOW = 1795428420,
};

static struct policy rules(void)
{
	struct policy policy = { 0 };
	policy.values[POLICY_PRISONER_ASKS] = PRISONER_ASKS_FAMILY;
	policy.values[POLICY_PRISONER_ASK_DAYS] = 14;
	policy.values[POLICY_PIN_TRIES] = 5;
	policy.values[POLICY_PIN_PAUSE_MINUTES] = 15;
	policy.values[POLICY_PIN_TRIES_MAX] = 15;
	return policy;
}

static void a_request_for_a_visit_is_decided_by_these_facts(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		int64_t asks;
		struct asking_facts facts;
		enum asking answer;
		enum ask_state begins;
	} cases[] = {
		{ "approved", 1, { .approved = true }, ASKING_OK, ASK_OPEN },
		{ "staff first", 2, { .approved = true }, ASKING_OK, ASK_STAFF },
		{ "not at this prison", 0, { .approved = true }, ASKING_OFF, ASK_LAPSED },
		{ "not approved, or kept apart", 1, { 0 }, ASKING_UNKNOWN, ASK_LAPSED },
		{ "the family wants none: looks as always",
		  1,
		  { .approved = true, .no_asks = true },
		  ASKING_OK,
		  ASK_DECLINED },
		{ "nor do staff hear of it",
		  2,
		  { .approved = true, .no_asks = true },
		  ASKING_OK,
		  ASK_DECLINED },
		{ "asked a day ago",
		  1,
		  { .approved = true, .asked_before = true, .asked_at = { NOW - DAY } },
		  ASKING_STANDS,
		  ASK_LAPSED },
		{ "a second short of two weeks",
		  1,
		  { .approved = true, .asked_before = true, .asked_at = { NOW - 14 * DAY + 1 } },
		  ASKING_STANDS,
		  ASK_LAPSED },
		{ "two weeks ago",
		  1,
		  { .approved = true, .asked_before = true, .asked_at = { NOW - 14 * DAY } },
		  ASKING_OK,
		  ASK_OPEN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct policy policy = rules();
		enum ask_state begins = ASK_LAPSED;
		policy.values[POLICY_PRISONER_ASKS] = cases[i].asks;
		enum asking answer =
		    ask_decide(&cases[i].facts, &policy, (struct wall){ NOW }, &begins);
		if (answer != cases[i].answer || begins != cases[i].begins)
			fail_msg("%s: %s, %s", cases[i].what, asking_name(answer),
				 ask_state_name(begins));
	}
}

static void the_prisoner_is_not_told_that_the_family_declined(void **state)
{
	(void)state;
	assert_int_equal(ask_told(ASK_DECLINED), ask_told(ASK_OPEN));
	assert_int_equal(ask_told(ASK_LAPSED), ask_told(ASK_OPEN));
	assert_int_equal(ask_told(ASK_STAFF), ASK_STAFF);
	assert_int_equal(ask_told(ASK_REFUSED), ASK_REFUSED);
	assert_int_equal(ask_told(ASK_BOOKED), ASK_BOOKED);
}

static void names_of_states_are_read_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ASK_STATE_COUNT; i++) {
		enum ask_state read;
		CHECK(ask_state_of(str_from(ask_state_name((enum ask_state)i)), &read));
		assert_int_equal(read, i);
	}
	for (unsigned i = 0; i < CONTACT_ASK_STATE_COUNT; i++) {
		enum contact_ask_state read;
		const char *name = contact_ask_state_name((enum contact_ask_state)i);
		CHECK(contact_ask_state_of(str_from(name), &read));
		assert_int_equal(read, i);
	}
	enum ask_state none;
	CHECK(!ask_state_of(STR("open"), &none));
}

static void a_few_wrong_pins_pause_and_many_close(void **state)
{
	(void)state;
	static const struct {
		int64_t failures;
		int64_t ago_s;
		enum pin_state want;
	} cases[] = {
		{ 0, 0, PIN_OPEN },        { 4, 0, PIN_OPEN },
		{ 5, 0, PIN_PAUSED },      { 5, 15 * 60 - 1, PIN_PAUSED },
		{ 5, 15 * 60, PIN_OPEN },  { 6, 0, PIN_OPEN },
		{ 9, 0, PIN_OPEN },        { 10, 60, PIN_PAUSED },
		{ 10, 15 * 60, PIN_OPEN }, { 14, 0, PIN_OPEN },
		{ 15, 0, PIN_CLOSED },     { 15, 365 * DAY, PIN_CLOSED },
		{ 99, 0, PIN_CLOSED },
	};
	struct policy policy = rules();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct wall at = { NOW - cases[i].ago_s };
		enum pin_state got =
		    pin_state_of(cases[i].failures, at, &policy, (struct wall){ NOW });
		if (got != cases[i].want)
			fail_msg("%d failures, %d s ago: %d", (int)cases[i].failures,
				 (int)cases[i].ago_s, (int)got);
	}
}

static void a_pin_is_six_digits(void **state)
{
	(void)state;
	char pin[PIN_LEN + 1];
	CHECK(pin_of(STR("012345"), pin) && strcmp(pin, "012345") == 0);
	CHECK(pin_of(STR(" 012 345 "), pin) && strcmp(pin, "012345") == 0);
	CHECK(!pin_of(STR(""), pin));
	CHECK(!pin_of(STR("01234"), pin));
	CHECK(!pin_of(STR("0123456"), pin));
	CHECK(!pin_of(STR("01234a"), pin));
	CHECK(!pin_of(STR("01234\xd9\xa5"), pin)); /* an Arabic digit is none of ours */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_for_a_visit_is_decided_by_these_facts),
		TEST(the_prisoner_is_not_told_that_the_family_declined),
		TEST(names_of_states_are_read_back),
		TEST(a_few_wrong_pins_pause_and_many_close),
		TEST(a_pin_is_six_digits),
	};
	return RUN("domain/ask", tests);
}
