#include "base/str.h"

#include "../check.h"

static void cuts_lines_and_fields(void **state)
{
	(void)state;
	struct str rest = STR("v=0\r\no=- 1\nlast");
	assert_true(str_is(str_line(&rest), "v=0"));
	struct str line = str_line(&rest);
	assert_true(str_is(str_cut(&line, '='), "o"));
	assert_true(str_is(line, "- 1"));
	assert_true(str_is(str_line(&rest), "last"));
	assert_true(str_empty(rest));
}

static void reads_plain_decimal_numbers_only(void **state)
{
	(void)state;
	uint64_t v = 0;
	assert_true(str_u64(STR("65535"), 65535, &v));
	assert_int_equal(v, 65535);
	assert_true(str_u64(STR("18446744073709551615"), UINT64_MAX, &v));
	assert_true(v == UINT64_MAX);
	static const char *const refused[] = { "",   "-1",  "+1",    " 1",
					       "1 ", "0x1", "65536", "18446744073709551616" };
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		assert_false(str_u64(str_from(refused[i]), 65535, &v));
	assert_false(str_u64(STR("18446744073709551616"), UINT64_MAX, &v));
}

static void knows_well_formed_utf8(void **state)
{
	(void)state;
	static const char *const good[] = { "", "plain", "\xc5\xb5 \xc5\xb7", "\xe2\x82\xac",
					    "\xf0\x9f\x98\x80" };
	static const char *const bad[] = { "\x80",
					   "\xc0\x80",
					   "\xc1\xbf",
					   "\xe0\x80\x80",
					   "\xed\xa0\x80",
					   "\xf4\x90\x80\x80",
					   "\xf8\x88\x80\x80\x80",
					   "\xe2\x82" };
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(str_is_utf8(str_from(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(str_is_utf8(str_from(bad[i])));
}

static void trims_and_compares(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(STR(" \t a b\n")), "a b"));
	assert_true(str_equal_nocase(STR("A1234bc"), STR("a1234BC")));
	assert_true(str_starts(STR("candidate:1"), "candidate:"));
	assert_true(str_has_control(STR("a\nb")));
	assert_false(str_has_control(STR("a b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cuts_lines_and_fields),
		TEST(reads_plain_decimal_numbers_only),
		TEST(knows_well_formed_utf8),
		TEST(trims_and_compares),
	};
	return RUN("base/str", tests);
}
