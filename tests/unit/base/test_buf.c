#include "base/buf.h"

#include "../check.h"

static void grows_up_to_its_maximum_and_no_further(void **state)
{
	(void)state;
	struct buf b = buf_of(1000);
	for (int i = 0; i < 100; i++)
		buf_text(&b, "0123456789");
	assert_true(buf_ok(&b));
	assert_int_equal(b.len, 1000);
	buf_char(&b, 'x');
	assert_false(buf_ok(&b));
	assert_int_equal(b.len, 1000);
	buf_clear(&b);
}

static void prints_and_is_empty_text_at_birth(void **state)
{
	(void)state;
	struct buf b = buf_of(100);
	assert_string_equal(buf_cstr(&b), "");
	buf_printf(&b, "%s %d", "visit", 3);
	assert_string_equal(buf_cstr(&b), "visit 3");
	buf_reset(&b);
	assert_int_equal(buf_view(&b).len, 0);
	buf_clear(&b);
}

static void writes_numbers_of_every_size(void **state)
{
	(void)state;
	static const struct {
		int64_t value;
		const char *text;
	} cases[] = { { 0, "0" },
		      { 7, "7" },
		      { -1, "-1" },
		      { 1795428420, "1795428420" },
		      { INT64_MAX, "9223372036854775807" },
		      { INT64_MIN, "-9223372036854775808" } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf b = buf_of(20);
		buf_int(&b, cases[i].value);
		assert_string_equal(buf_cstr(&b), cases[i].text);
		buf_clear(&b);
	}
}

static void escapes_what_is_markup_and_nothing_else(void **state)
{
	(void)state;
	struct buf b = buf_of(100);
	buf_escaped(&b, STR("<a href=\"x\">Tŷ & 'n</a>"));
	assert_string_equal(buf_cstr(&b), "&lt;a href=&quot;x&quot;&gt;Tŷ &amp; &#39;n&lt;/a&gt;");
	buf_clear(&b);
}

static void room_is_given_to_be_filled_and_none_beyond_the_maximum(void **state)
{
	(void)state;
	struct buf b = buf_of(300);
	buf_text(&b, "ab");
	uint8_t *at = buf_extend(&b, 2);
	assert_non_null(at);
	memcpy(at, "cd", 2);
	buf_text(&b, "ef");
	assert_string_equal(buf_cstr(&b), "abcdef");
	assert_null(buf_extend(&b, 295));
	assert_false(buf_ok(&b));
	assert_int_equal(b.len, 6);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(grows_up_to_its_maximum_and_no_further),
		TEST(room_is_given_to_be_filled_and_none_beyond_the_maximum),
		TEST(escapes_what_is_markup_and_nothing_else),
		TEST(writes_numbers_of_every_size),
		TEST(prints_and_is_empty_text_at_birth),
	};
	return RUN("base/buf", tests);
}
