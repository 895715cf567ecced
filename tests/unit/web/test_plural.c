#include "web/plural.h"

#include "../check.h"

static void english_has_two_forms_and_welsh_six(void **state)
{
	(void)state;
	static const struct {
		int64_t count;
		const char *en;
		const char *cy;
	} cases[] = {
		{ 0, "other", "zero" },          { 1, "one", "one" },
		{ 2, "other", "two" },           { 3, "other", "few" },
		{ 4, "other", "other" },         { 5, "other", "other" },
		{ 6, "other", "many" },          { 7, "other", "other" },
		{ 10, "other", "other" },        { 11, "other", "other" },
		{ 16, "other", "other" },        { 21, "other", "other" },
		{ 100, "other", "other" },       { -1, "one", "one" },
		{ -6, "other", "many" },         { INT64_MAX, "other", "other" },
		{ INT64_MIN, "other", "other" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(plural_name(plural_of(LANGUAGE_EN, cases[i].count)),
				    cases[i].en);
		assert_string_equal(plural_name(plural_of(LANGUAGE_CY, cases[i].count)),
				    cases[i].cy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(english_has_two_forms_and_welsh_six) };
	return RUN("web/plural", tests);
}
