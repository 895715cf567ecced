#include "base/writer.h"

#include "../check.h"

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	uint8_t out[32];
	struct writer w = writer_of(out, sizeof out);
	writer_u8(&w, 1);
	writer_u16(&w, 2);
	writer_u24(&w, 3);
	writer_u32(&w, 4);
	writer_u64(&w, 5);
	writer_put(&w, bytes_from_text("end"));
	writer_zeros(&w, 2);
	assert_true(writer_ok(&w));
	struct reader r = reader_of(writer_bytes(&w));
	assert_int_equal(reader_u8(&r), 1);
	assert_int_equal(reader_u16(&r), 2);
	assert_int_equal(reader_u24(&r), 3);
	assert_int_equal(reader_u32(&r), 4);
	assert_true(reader_u64(&r) == 5);
	assert_true(bytes_equal(reader_take(&r, 3), bytes_from_text("end")));
	assert_int_equal(reader_u16(&r), 0);
	assert_int_equal(reader_left(&r), 0);
}

static void an_overrun_sticks_and_gives_no_bytes(void **state)
{
	(void)state;
	uint8_t out[3];
	struct writer w = writer_of(out, sizeof out);
	writer_u16(&w, 1);
	writer_u16(&w, 2);
	writer_u8(&w, 3);
	assert_false(writer_ok(&w));
	assert_int_equal(writer_bytes(&w).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_back),
		TEST(an_overrun_sticks_and_gives_no_bytes),
	};
	return RUN("base/writer", tests);
}
