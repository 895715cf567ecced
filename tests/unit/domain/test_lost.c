/* test_lost.c - whose fault a silent second was, and how many there were. */
#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/lost.h"

#define WELL                                                                                       \
	{                                                                                          \
		.there = true, .packets = true, .sound = true                                      \
	}
#define DEAD                                                                                       \
	{                                                                                          \
		.there = true                                                                      \
	}

static void every_second_has_one_cause(void **state)
{
	static const struct {
		const char *what;
		struct lost_second second;
		enum lost_cause cause;
	} CASES[] = {
		{ "nothing comes from the terminal",
		  { .prisoner = DEAD, .visitor = WELL },
		  LOST_PRISON_LINE },
		{ "nothing reaches the terminal",
		  { .prisoner = { .there = true, .packets = true, .sound = true, .deaf = true },
		    .visitor = WELL },
		  LOST_PRISON_LINE },
		{ "nothing comes from the visitor",
		  { .prisoner = WELL, .visitor = DEAD },
		  LOST_VISITOR_LINE },
		{ "the visitor's page is gone", { .prisoner = WELL }, LOST_VISITOR_LINE },
		{ "the terminal's page is gone", { .visitor = WELL }, LOST_TERMINAL },
		{ "and those of other visits too",
		  { .others_gone = true, .visitor = WELL },
		  LOST_PRISON_LINE },
		{ "the terminal has no sound",
		  { .prisoner = { .there = true, .packets = true }, .visitor = WELL },
		  LOST_TERMINAL },
		{ "the visitor has no sound",
		  { .prisoner = WELL, .visitor = { .there = true, .packets = true } },
		  LOST_VISITOR_LINE },
		{ "both lines die at once", { .prisoner = DEAD, .visitor = DEAD }, LOST_SERVICE },
		{ "no media process has it",
		  { .service_down = true, .prisoner = WELL, .visitor = WELL },
		  LOST_SERVICE },
		{ "staff hold it",
		  { .held = true, .prisoner = WELL, .visitor = WELL },
		  LOST_STAFF },
		{ "staff hold it, and a line dies",
		  { .held = true, .prisoner = DEAD, .visitor = WELL },
		  LOST_STAFF },
		{ "the visitor left",
		  { .prisoner = WELL, .visitor = { .left = true } },
		  LOST_NOBODY },
		{ "both are well: the network's own second",
		  { .prisoner = WELL, .visitor = WELL },
		  LOST_NOBODY },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (lost_judge(&CASES[i].second) != CASES[i].cause)
			fail_msg("%s: %s", CASES[i].what,
				 lost_cause_name(lost_judge(&CASES[i].second)));
}

static void names_lead_back_to_their_cause(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LOST_CAUSE_COUNT; i++) {
		enum lost_cause cause = LOST_CAUSE_COUNT;
		CHECK(lost_cause_of(str_of(lost_cause_name((enum lost_cause)i),
					   strlen(lost_cause_name((enum lost_cause)i))),
				    &cause));
		assert_int_equal(cause, i);
	}
	enum lost_cause cause;
	CHECK(!lost_cause_of(STR("WEATHER"), &cause));
}

/* 1.9 s after the last sound it is known; one second had counted as heard. */
static void what_counted_as_heard_is_taken_back(void **state)
{
	(void)state;
	struct lost_clock clock = { 0 };
	int heard = 0, lost = 0;
	const uint32_t apart[] = { 0, 1900, 2900, 3900, 4900 };
	for (size_t i = 0; i < 3; i++)
		heard += lost_clock_second(&clock, true, 0).heard_s;
	for (size_t i = 1; i < ARRAY_LEN(apart); i++) {
		struct lost_step step = lost_clock_second(&clock, false, apart[i]);
		heard += step.heard_s;
		lost += step.lost_s;
	}
	assert_int_equal(lost, 5);
	assert_int_equal(heard, 2);
	assert_int_equal(lost_clock_second(&clock, true, 0).heard_s, 1);
	assert_int_equal(clock.apart_s, 0);
}

/* Seconds told late or twice are no reason to count one twice. */
static void a_shaky_second_hand_counts_no_second_twice(void **state)
{
	(void)state;
	struct lost_clock clock = { 0 };
	int lost = 0;
	const uint32_t apart[] = { 1400, 2600, 3300, 4450, 5600, 5700, 7400 };
	for (size_t i = 0; i < ARRAY_LEN(apart); i++)
		lost += lost_clock_second(&clock, false, apart[i]).lost_s;
	assert_int_equal(lost, 8);
}

static void what_is_made_up_for_leaves_out_those_who_left(void **state)
{
	(void)state;
	struct lost_time time = { 0 };
	assert_int_equal(lost_main_cause(&time), LOST_NOBODY);
	time.s[LOST_NOBODY] = 500;
	assert_int_equal(lost_made_up_s(&time), 0);
	assert_int_equal(lost_main_cause(&time), LOST_NOBODY);
	time.s[LOST_VISITOR_LINE] = 20;
	time.s[LOST_PRISON_LINE] = 61;
	assert_int_equal(lost_made_up_s(&time), 81);
	assert_int_equal(lost_main_cause(&time), LOST_PRISON_LINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_second_has_one_cause),
		TEST(names_lead_back_to_their_cause),
		TEST(what_counted_as_heard_is_taken_back),
		TEST(a_shaky_second_hand_counts_no_second_twice),
		TEST(what_is_made_up_for_leaves_out_those_who_left),
	};
	return RUN("domain/lost", tests);
}
