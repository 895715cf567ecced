#include "base/bytes.h"

#include "../check.h"

static void reads_numbers_big_endian(void **state)
{
	(void)state;
	const uint8_t in[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 };
	struct reader r = reader_of(bytes_of(in, sizeof in));
	assert_int_equal(reader_u8(&r), 1);
	assert_int_equal(reader_u16(&r), 0x0203);
	assert_int_equal(reader_u24(&r), 0x040506);
	assert_int_equal(reader_u32(&r), 0x0708090a);
	assert_true(reader_u64(&r) == 0x0b0c0d0e0f101112u);
	assert_true(reader_ok(&r));
	assert_int_equal(reader_left(&r), 0);
}

static void an_overrun_sticks_and_reads_nothing_more(void **state)
{
	(void)state;
	const uint8_t in[] = { 1, 2, 3 };
	struct reader r = reader_of(bytes_of(in, sizeof in));
	assert_int_equal(reader_u32(&r), 0);
	assert_false(reader_ok(&r));
	assert_int_equal(reader_u8(&r), 0);
	assert_int_equal(reader_take(&r, 1).len, 0);
}

static void a_slice_is_clipped(void **state)
{
	(void)state;
	struct bytes b = bytes_from_text("visit");
	assert_int_equal(bytes_slice(b, 3, 99).len, 2);
	assert_int_equal(bytes_slice(b, 99, 1).len, 0);
}

static void secrets_compare_by_content(void **state)
{
	(void)state;
	assert_true(bytes_equal_secret(bytes_from_text("abc"), bytes_from_text("abc")));
	assert_false(bytes_equal_secret(bytes_from_text("abc"), bytes_from_text("abd")));
	assert_false(bytes_equal_secret(bytes_from_text("abc"), bytes_from_text("ab")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_numbers_big_endian),
		TEST(an_overrun_sticks_and_reads_nothing_more),
		TEST(a_slice_is_clipped),
		TEST(secrets_compare_by_content),
	};
	return RUN("base/bytes", tests);
}
