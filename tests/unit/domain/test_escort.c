#include "tests/unit/check.h"
#include "tests/unit/domain/waiting.h"

#include "base/assert.h"
#include "domain/escort.h"

enum {
	MINUTE_S = 60,
	START_S = 1795428000,
};

static struct visit visit_of(enum visit_state state, enum visit_end end, bool seen)
{
	return (struct visit){ .state = state,
			       .end = end,
			       .prisoner_seen = seen,
			       .start = { START_S },
			       .minutes = 30 };
}

static void a_escort_is_told_by_the_time_that_is_left(void **state)
{
	(void)state;
	static const struct {
		int64_t minutes_before;
		bool acknowledged;
		enum escort escort;
	} CASES[] = {
		{ 24 * 60 + 1, false, ESCORT_AHEAD },
		{ 24 * 60, false, ESCORT_TO_KNOW },
		{ 61, false, ESCORT_TO_KNOW },
		{ 60, false, ESCORT_UNKNOWN },
		{ 31, false, ESCORT_UNKNOWN },
		{ 24 * 60 + 1, true, ESCORT_ACKNOWLEDGED },
		{ 31, true, ESCORT_ACKNOWLEDGED },
		{ 30, true, ESCORT_PICK_UP },
		{ 30, false, ESCORT_PICK_UP },
		{ 0, true, ESCORT_PICK_UP },
		{ -1, true, ESCORT_LATE },
		{ -10, true, ESCORT_LATE },
		{ -11, true, ESCORT_OVERDUE },
	};
	struct policy policy = waiting_policy();
	struct visit visit = visit_of(VISIT_BOOKED, END_NONE, false);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct wall now = { START_S - CASES[i].minutes_before * MINUTE_S };
		CHECK(escort_of(&visit, CASES[i].acknowledged, false, &policy, now) ==
		      CASES[i].escort);
	}
	CHECK(escort_pick_up(&visit, &policy).s == START_S - 30 * MINUTE_S);
}

static void what_became_of_the_visit_goes_before_the_time(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	const struct wall late = { START_S + 20 * MINUTE_S };
	struct visit there = visit_of(VISIT_LOBBY, END_NONE, true);
	struct visit missed = visit_of(VISIT_NO_SHOW, END_PRISONER_ABSENT, false);
	struct visit neither = visit_of(VISIT_NO_SHOW, END_BOTH_ABSENT, false);
	struct visit visitor = visit_of(VISIT_NO_SHOW, END_VISITOR_ABSENT, true);
	struct visit off = visit_of(VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, false);
	struct visit asked = visit_of(VISIT_REQUESTED, END_NONE, false);
	CHECK(escort_of(&there, false, false, &policy, late) == ESCORT_THERE);
	CHECK(escort_of(&missed, true, false, &policy, late) == ESCORT_NOT_PRODUCED);
	CHECK(escort_of(&neither, true, true, &policy, late) == ESCORT_NOT_PRODUCED);
	CHECK(escort_of(&visitor, true, false, &policy, late) == ESCORT_THERE);
	CHECK(escort_of(&off, true, false, &policy, late) == ESCORT_NONE);
	CHECK(escort_of(&asked, true, false, &policy, late) == ESCORT_NONE);
}

static void only_who_was_never_seen_can_be_noted_and_not_before_the_time(void **state)
{
	(void)state;
	const struct wall before = { START_S - 1 }, after = { START_S };
	struct visit booked = visit_of(VISIT_BOOKED, END_NONE, false);
	struct visit there = visit_of(VISIT_LOBBY, END_NONE, true);
	struct visit missed = visit_of(VISIT_NO_SHOW, END_PRISONER_ABSENT, false);
	struct visit neither = visit_of(VISIT_NO_SHOW, END_BOTH_ABSENT, false);
	struct visit visitor = visit_of(VISIT_NO_SHOW, END_VISITOR_ABSENT, true);
	struct visit held = visit_of(VISIT_COMPLETED, END_TIME, true);
	CHECK(!escort_may_be_noted(&booked, before) && escort_may_be_noted(&booked, after));
	CHECK(!escort_may_be_noted(&there, after) && !escort_may_be_noted(&visitor, after));
	CHECK(escort_may_be_noted(&missed, after) && escort_may_be_noted(&neither, after));
	CHECK(!escort_may_be_noted(&held, after));
}

static void every_escort_and_cause_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NOT_PRODUCED_COUNT; i++) {
		enum not_produced back;
		CHECK(not_produced_of(str_from(not_produced_name((enum not_produced)i)), &back));
		CHECK(back == (enum not_produced)i);
	}
	for (unsigned i = 0; i < ESCORT_COUNT; i++)
		for (unsigned j = 0; j < i; j++)
			CHECK(strcmp(escort_name((enum escort)i), escort_name((enum escort)j)) !=
			      0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_escort_is_told_by_the_time_that_is_left),
		TEST(what_became_of_the_visit_goes_before_the_time),
		TEST(only_who_was_never_seen_can_be_noted_and_not_before_the_time),
		TEST(every_escort_and_cause_has_a_name_of_its_own),
	};
	return RUN("domain/escort", tests);
}
