#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/custody.h"
#include "domain/request.h"

/* Edge case 5: released, transferred, court, hospital, absence: each has another consequence. */
static void each_movement_has_its_own_consequence(void **state)
{
	(void)state;
	static const struct {
		const char *movement;
		const char *becomes;
		const char *
		    effect; /* letters: orders reset, requests rejected, flags, settles, moved, ended */
	} CASES[] = {
		{ "ADMITTED", "IN", "orf" },
		{ "TRANSFERRED", "IN", "rfm" },
		{ "TO_COURT", "COURT", "" },
		{ "TO_HOSPITAL", "HOSPITAL", "f" },
		{ "TEMPORARY_ABSENCE", "ABSENT", "f" },
		{ "RETURNED", "IN", "s" },
		{ "RELEASED", "RELEASED", "re" },
	};
	assert_int_equal(ARRAY_LEN(CASES), MOVEMENT_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		enum movement movement;
		CHECK(movement_of(str_from(CASES[i].movement), &movement));
		struct movement_effect e = movement_effect_of(movement);
		assert_string_equal(custody_name(e.becomes), CASES[i].becomes);
		assert_int_equal(e.resets_orders, strchr(CASES[i].effect, 'o') != NULL);
		assert_int_equal(e.rejects_requests, strchr(CASES[i].effect, 'r') != NULL);
		assert_int_equal(e.flags_visits, strchr(CASES[i].effect, 'f') != NULL);
		assert_int_equal(e.settles_flags, strchr(CASES[i].effect, 's') != NULL);
		assert_int_equal(e.reoffers_visits, strchr(CASES[i].effect, 'm') != NULL);
		assert_int_equal(e.ends_visits, strchr(CASES[i].effect, 'e') != NULL);
	}
}

static void people_move_only_from_where_they_can(void **state)
{
	(void)state;
	static const struct {
		enum custody from;
		const char *may; /* A T c h t R L */
	} CASES[] = {
		{ CUSTODY_IN, "ATchtL" },   { CUSTODY_COURT, "ATRL" }, { CUSTODY_HOSPITAL, "ATRL" },
		{ CUSTODY_ABSENT, "ATRL" }, { CUSTODY_MOVING, "ATL" }, { CUSTODY_RELEASED, "A" },
		{ CUSTODY_MERGED, "" },
	};
	static const char LETTERS[] = "ATchtRL";
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		for (unsigned m = 0; m < MOVEMENT_COUNT; m++)
			assert_int_equal(movement_possible(CASES[i].from, (enum movement)m),
					 strchr(CASES[i].may, LETTERS[m]) != NULL);
}

static void a_week_begins_on_the_day_that_the_prison_chose(void **state)
{
	(void)state;
	static const struct {
		struct date day;
		int64_t start;
		struct date began;
	} CASES[] = {
		{ { 2026, 11, 23 }, 1, { 2026, 11, 23 } }, /* a Monday */
		{ { 2026, 11, 29 }, 1, { 2026, 11, 23 } },
		{ { 2026, 11, 23 }, 7, { 2026, 11, 22 } },
		{ { 2026, 11, 22 }, 7, { 2026, 11, 22 } },
		{ { 2026, 11, 23 }, 2, { 2026, 11, 17 } },
		{ { 2026, 10, 26 }, 5, { 2026, 10, 23 } }, /* over the night the clocks go back */
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		CHECK(date_compare(week_of(CASES[i].day, CASES[i].start), CASES[i].began) == 0);
}

static struct policy decide(int64_t hours, int64_t minute)
{
	struct policy policy = { 0 };
	policy.values[POLICY_REVIEW_DECIDE_HOURS] = hours;
	policy.values[POLICY_REVIEW_CLOSE_MINUTE] = minute;
	return policy;
}

static void a_request_is_decided_at_the_last_closing_before_its_hours(void **state)
{
	(void)state;
	static const struct {
		struct date visit;
		int minute; /* local */
		int64_t hours;
		int64_t close;
		struct date day; /* of the deadline */
	} CASES[] = {
		{ { 2026, 11, 27 }, 14 * 60, 24, 1200, { 2026, 11, 25 } },
		{ { 2026, 11, 27 }, 21 * 60, 24, 1200, { 2026, 11, 26 } },
		{ { 2026, 11, 27 }, 20 * 60, 24, 1200, { 2026, 11, 26 } },
		{ { 2026, 11, 27 }, 14 * 60, 0, 720, { 2026, 11, 27 } },
		{ { 2026, 11, 27 }, 11 * 60, 0, 720, { 2026, 11, 26 } },
		/* The clocks go back on 25 October: 20:00 of the wall stays 20:00. */
		{ { 2026, 10, 26 }, 14 * 60, 24, 1200, { 2026, 10, 24 } },
		{ { 2026, 10, 26 }, 14 * 60, 12, 1200, { 2026, 10, 25 } },
		{ { 2027, 3, 29 }, 14 * 60, 24, 1200, { 2027, 3, 27 } },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct wall start;
		struct policy policy = decide(CASES[i].hours, CASES[i].close);
		CHECK(local_to_wall(CASES[i].visit, CASES[i].minute, &start) == LOCAL_ONCE);
		struct local_time at = local_of(request_deadline(start, &policy));
		CHECK(date_compare(at.date, CASES[i].day) == 0);
		assert_int_equal(at.minute, CASES[i].close);
	}
}

static void every_name_is_found_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CUSTODY_COUNT; i++) {
		enum custody custody;
		CHECK(custody_of(str_from(custody_name((enum custody)i)), &custody));
		assert_int_equal(custody, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_movement_has_its_own_consequence),
		TEST(people_move_only_from_where_they_can),
		TEST(a_week_begins_on_the_day_that_the_prison_chose),
		TEST(a_request_is_decided_at_the_last_closing_before_its_hours),
		TEST(every_name_is_found_again),
	};
	return RUN("domain/custody", tests);
}
