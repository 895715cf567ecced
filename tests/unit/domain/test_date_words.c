#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/date_words.h"
#include "domain/likeness.h"

/* Wednesday. */
static const struct date TODAY = { 2026, 11, 25 };

static void dates_are_read_as_people_type_them(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct date date; /* year 0: none */
	} CASES[] = {
		{ "5/12", { 2026, 12, 5 } },
		{ " 5 / 12 ", { 2026, 12, 5 } },
		{ "5.12.26", { 2026, 12, 5 } },
		{ "05-12-2027", { 2027, 12, 5 } },
		{ "2026-12-05", { 2026, 12, 5 } },
		{ "5 dec", { 2026, 12, 5 } },
		{ "5th December 2026", { 2026, 12, 5 } },
		{ "Dec 5", { 2026, 12, 5 } },
		{ "Sat 5 Dec", { 2026, 12, 5 } },
		{ "5 rhagfyr", { 2026, 12, 5 } },
		{ "25/11", { 2026, 11, 25 } },
		{ "24/11", { 2027, 11, 24 } }, /* past: the next one */
		{ "29/2", { 2028, 2, 29 } },
		{ "today", { 2026, 11, 25 } },
		{ "Tomorrow", { 2026, 11, 26 } },
		{ "yfory", { 2026, 11, 26 } },
		{ "friday", { 2026, 11, 27 } },
		{ "wednesday", { 2026, 12, 2 } },
		{ "tue", { 2026, 12, 1 } },
		{ "next tuesday", { 2026, 12, 1 } },
		{ "next friday", { 2026, 12, 4 } },
		{ "dydd Gwener", { 2026, 11, 27 } },
		{ "dydd mawrth", { 2026, 12, 1 } },
		{ "5 mawrth", { 2027, 3, 5 } },
		{ "", { 0 } },
		{ "5", { 0 } },
		{ "31/2/2027", { 0 } },
		{ "32/1", { 0 } },
		{ "5/13", { 0 } },
		{ "5 foo", { 0 } },
		{ "next", { 0 } },
		{ "5/12/x", { 0 } },
		{ "99999999999999999999/1", { 0 } },
		{ "1 2 3 4 5 6 7", { 0 } },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct date date = { 0 };
		bool is = date_words_of(str_from(CASES[i].text), TODAY, &date);
		if (is != (CASES[i].date.year != 0) ||
		    (is && date_compare(date, CASES[i].date) != 0))
			fail_msg("\"%s\" is %d-%d-%d", CASES[i].text, date.year, date.month,
				 date.day);
	}
}

static void times_of_day_are_read_as_people_type_them(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int minute; /* -1: none */
	} CASES[] = {
		{ "9", 540 },      { "9am", 540 },    { "9:30", 570 }, { "14.30", 870 },
		{ "2.30pm", 870 }, { "2 pm", 840 },   { "12am", 0 },   { "12pm", 720 },
		{ "noon", 720 },   { "24:00", 1440 }, { "0:00", 0 },   { "25", -1 },
		{ "9:60", -1 },    { "13pm", -1 },    { "", -1 },      { "x", -1 },
		{ "24:01", -1 },   { "9:", -1 },      { "9:5", -1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		int minute = -1;
		if (!clock_words_of(str_from(CASES[i].text), &minute))
			minute = -1;
		if (minute != CASES[i].minute)
			fail_msg("\"%s\" is %d", CASES[i].text, minute);
	}
}

static void a_search_forgives_spelling_and_not_everything(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		const char *text;
		bool fits;
	} CASES[] = {
		{ "okoro", "Daniel Okoro A1234BC", true },
		{ "daniel okoro", "Daniel Okoro", true },
		{ "okoro daniel", "Daniel Okoro", true },
		{ "okro", "Daniel Okoro", true },   /* one missing */
		{ "danile", "Daniel Okoro", true }, /* swapped */
		{ "dani", "Daniel Okoro", true },
		{ "a1234bc", "Daniel Okoro A1234BC", true },
		{ "a1234bd", "Daniel Okoro A1234BC", true }, /* one wrong: shown, lower */
		{ "reed", "Daniel Okoro", false },
		{ "daniel reed", "Daniel Okoro", false },
		{ "dx", "Daniel Okoro", false },
		{ "", "Daniel Okoro", false },
		{ "-- ,", "Daniel Okoro", false },
		{ "siân", "Siân Morgan", true },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if ((likeness(str_from(CASES[i].typed), str_from(CASES[i].text)) > 0) !=
		    CASES[i].fits)
			fail_msg("\"%s\"", CASES[i].typed);
	CHECK(likeness(STR("okoro"), STR("Okoro")) > likeness(STR("okro"), STR("Okoro")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(dates_are_read_as_people_type_them),
		TEST(times_of_day_are_read_as_people_type_them),
		TEST(a_search_forgives_spelling_and_not_everything),
	};
	return RUN("domain/date_words", tests);
}
