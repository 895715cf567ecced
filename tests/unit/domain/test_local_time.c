#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/local_time.h"

static struct wall instant(int y, int m, int d, int h, int min)
{
	struct date date = { y, m, d };
	return (struct wall){ date_to_days(date) * 86400 + h * 3600 + min * 60 };
}

static void both_clock_changes_of_both_years_are_named(void **state)
{
	(void)state;
	static const struct {
		struct date date;
		int minute;
		enum local_naming naming;
		int utc_hour, utc_minute;
	} CASES[] = {
		{ { 2026, 3, 29 }, 59, LOCAL_ONCE, 0, 59 },
		{ { 2026, 3, 29 }, 60, LOCAL_GAP, 1, 0 },
		{ { 2026, 3, 29 }, 90, LOCAL_GAP, 1, 30 },
		{ { 2026, 3, 29 }, 119, LOCAL_GAP, 1, 59 },
		{ { 2026, 3, 29 }, 120, LOCAL_ONCE, 1, 0 },
		{ { 2026, 10, 25 }, 59, LOCAL_ONCE, -1, 59 },
		{ { 2026, 10, 25 }, 60, LOCAL_TWICE, 0, 0 },
		{ { 2026, 10, 25 }, 119, LOCAL_TWICE, 0, 59 },
		{ { 2026, 10, 25 }, 120, LOCAL_ONCE, 2, 0 },
		{ { 2027, 3, 28 }, 90, LOCAL_GAP, 1, 30 },
		{ { 2027, 3, 28 }, 120, LOCAL_ONCE, 1, 0 },
		{ { 2027, 10, 31 }, 90, LOCAL_TWICE, 0, 30 },
		{ { 2027, 10, 31 }, 150, LOCAL_ONCE, 2, 30 },
		{ { 2026, 7, 1 }, 840, LOCAL_ONCE, 13, 0 },
		{ { 2026, 12, 1 }, 840, LOCAL_ONCE, 14, 0 },
		{ { 2026, 12, 1 }, 1440, LOCAL_ONCE, 24, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct wall at;
		struct date d = CASES[i].date;
		assert_int_equal(local_to_wall(d, CASES[i].minute, &at), CASES[i].naming);
		assert_int_equal(
		    at.s,
		    instant(d.year, d.month, d.day, CASES[i].utc_hour, CASES[i].utc_minute).s);
	}
	struct wall bst;
	(void)local_to_wall((struct date){ 2026, 10, 25 }, 60, &bst);
	assert_int_equal(bst.s, 1792886400);
}

static void every_hour_of_two_years_comes_back(void **state)
{
	(void)state;
	for (int64_t s = instant(2026, 1, 1, 0, 0).s; s < instant(2028, 1, 1, 0, 0).s; s += 1800) {
		struct local_time local = local_of((struct wall){ s });
		struct wall back;
		enum local_naming naming = local_to_wall(local.date, local.minute, &back);
		CHECK(naming != LOCAL_GAP);
		CHECK(back.s == s || (naming == LOCAL_TWICE && back.s == s - 3600));
		CHECK(local.offset_min == 0 || local.offset_min == 60);
	}
}

static void a_month_begins_at_local_midnight(void **state)
{
	(void)state;
	int64_t june = local_month(instant(2026, 6, 15, 12, 0));
	assert_int_equal(local_month(instant(2026, 5, 31, 22, 59)), june - 1);
	assert_int_equal(local_month(instant(2026, 5, 31, 23, 0)), june);
	assert_int_equal(local_month(instant(2026, 12, 31, 23, 59)) + 1,
			 local_month(instant(2027, 1, 1, 0, 0)));
}

static void dates_know_leap_years_weekdays_and_ages(void **state)
{
	(void)state;
	for (int64_t day = -20000; day < 60000; day++)
		CHECK(date_to_days(date_of_days(day)) == day);
	CHECK(date_valid((struct date){ 2028, 2, 29 }));
	CHECK(!date_valid((struct date){ 2027, 2, 29 }));
	CHECK(!date_valid((struct date){ 2027, 13, 1 }));
	CHECK(!date_valid((struct date){ 2027, 4, 31 }));
	assert_int_equal(date_weekday((struct date){ 2026, 11, 23 }), 1);
	assert_int_equal(date_weekday((struct date){ 2026, 11, 29 }), 7);
	struct date leapling = { 2008, 2, 29 };
	assert_int_equal(date_age(leapling, (struct date){ 2026, 2, 28 }), 17);
	assert_int_equal(date_age(leapling, (struct date){ 2026, 3, 1 }), 18);
	struct date d;
	CHECK(date_of(STR("2026-11-23"), &d) && d.month == 11);
	CHECK(!date_of(STR("2026-02-30"), &d) && !date_of(STR("2026-1-23"), &d) &&
	      !date_of(STR("26-11-2333"), &d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_clock_changes_of_both_years_are_named),
		TEST(every_hour_of_two_years_comes_back),
		TEST(a_month_begins_at_local_midnight),
		TEST(dates_know_leap_years_weekdays_and_ages),
	};
	return RUN("domain/local_time", tests);
}
