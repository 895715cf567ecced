#include "wire/framing.h"

#include "../check.h"

static struct framing_in in;
static struct framing_out out;

static void setup(void)
{
	memset(&in, 0, sizeof in);
	memset(&out, 0, sizeof out);
}

static void feed(const void *bytes, size_t len)
{
	size_t cap;
	uint8_t *at = framing_in_room(&in, &cap);
	CHECK(cap >= len);
	memcpy(at, bytes, len);
	framing_in_came(&in, len);
}

static bool next_is(const char *text)
{
	uint8_t *at;
	size_t len;
	return framing_in_take(&in, &at, &len) == OK && len == strlen(text) &&
	       memcmp(at, text, len) == 0;
}

static bool nothing_whole(void)
{
	uint8_t *at;
	size_t len;
	return framing_in_take(&in, &at, &len) == ERR_AGAIN;
}

static void datagrams_are_whole_however_the_stream_is_cut(void **state)
{
	static const uint8_t stream[] = "\0\5hello\0\0\0\0\0\1x\0\3end";
	size_t all = sizeof stream - 1;
	(void)state;
	for (size_t first = 0; first <= all; first++)
		for (size_t second = first; second <= all; second++) {
			size_t ends[] = { first, second, all };
			const char *const want[] = { "hello", "x", "end" };
			size_t from = 0, got = 0;
			setup();
			for (size_t i = 0; i < 3; i++) {
				uint8_t *at;
				size_t len;
				feed(stream + from, ends[i] - from);
				from = ends[i];
				while (framing_in_take(&in, &at, &len) == OK) {
					CHECK(got < 3 && len == strlen(want[got]));
					CHECK(memcmp(at, want[got++], len) == 0);
				}
			}
			CHECK(got == 3 && nothing_whole());
		}
}

static void a_stream_of_the_longest_datagrams_never_lacks_room(void **state)
{
	static uint8_t big[FRAMING_HEAD + FRAMING_DATAGRAM_MAX];
	size_t sent = 0, got = 0;
	(void)state;
	setup();
	put_u16(big, FRAMING_DATAGRAM_MAX);
	while (sent < 20 * sizeof big) {
		size_t cap, len;
		uint8_t *at = framing_in_room(&in, &cap);
		CHECK(cap > 0);
		for (size_t i = 0; i < cap; i++)
			at[i] = big[sent++ % sizeof big];
		framing_in_came(&in, cap);
		while (framing_in_take(&in, &at, &len) == OK)
			got += len == FRAMING_DATAGRAM_MAX;
	}
	CHECK(got >= 19);
}

static void a_length_beyond_any_datagram_ends_the_stream(void **state)
{
	uint8_t *at;
	size_t len;
	(void)state;
	setup();
	feed("\0\2ok\x08\x01", 6);
	CHECK(next_is("ok"));
	CHECK(framing_in_take(&in, &at, &len) == ERR_LIMIT);
	CHECK(framing_in_take(&in, &at, &len) == ERR_LIMIT);
	setup();
	feed("GET / HTTP/1.1\r\n", 16);
	CHECK(framing_in_take(&in, &at, &len) == ERR_LIMIT);
}

static struct mono at_ms(int64_t ms)
{
	return (struct mono){ .us = ms * 1000 };
}

static bool put(const char *text, int64_t ms)
{
	return framing_out_put(&out, bytes_from_text(text), at_ms(ms));
}

/* Through the other half: what leaves is what was put. */
static void leave(size_t len)
{
	struct bytes b = framing_out_waiting(&out);
	CHECK(len <= b.len);
	feed(b.at, len);
	framing_out_left(&out, len);
}

static void what_leaves_in_pieces_is_what_was_put(void **state)
{
	(void)state;
	setup();
	CHECK(put("one", 0) && put("two", 1));
	for (size_t i = 0; i < 7; i++)
		leave(1);
	CHECK(put("three", 2));
	leave(framing_out_waiting(&out).len);
	CHECK(next_is("one") && next_is("two") && next_is("three") && nothing_whole());
	CHECK(framing_out_waiting(&out).len == 0);
}

static void the_old_is_left_out_but_never_half_a_datagram(void **state)
{
	(void)state;
	setup();
	CHECK(put("begun", 0) && put("old", 1) && put("older than it looks", 2) && put("new", 9));
	leave(4);
	CHECK(framing_out_forget(&out, at_ms(5)) == 2);
	leave(framing_out_waiting(&out).len);
	CHECK(next_is("begun") && next_is("new") && nothing_whole());
	CHECK(put("all", 0) && put("of it", 0));
	CHECK(framing_out_forget(&out, at_ms(0)) == 0);
	CHECK(framing_out_forget(&out, at_ms(1)) == 2);
	CHECK(framing_out_waiting(&out).len == 0 && put("next", 2));
	leave(framing_out_waiting(&out).len);
	CHECK(next_is("next"));
}

static void it_is_bounded_in_bytes_and_datagrams(void **state)
{
	static uint8_t big[FRAMING_DATAGRAM_MAX + 1];
	size_t n = 0;
	(void)state;
	setup();
	CHECK(!framing_out_put(&out, bytes_of(big, 0), at_ms(0)));
	CHECK(!framing_out_put(&out, bytes_of(big, sizeof big), at_ms(0)));
	while (framing_out_put(&out, bytes_of(big, 1200), at_ms(0)))
		n++;
	CHECK(n == FRAMING_OUT_BYTES / (1200 + FRAMING_HEAD));
	framing_out_left(&out, 3000);
	CHECK(framing_out_put(&out, bytes_of(big, 1200), at_ms(0)));
	setup();
	for (n = 0; framing_out_put(&out, bytes_of(big, 1), at_ms(0)); n++)
		continue;
	CHECK(n == FRAMING_OUT_DATAGRAMS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(datagrams_are_whole_however_the_stream_is_cut),
		TEST(a_stream_of_the_longest_datagrams_never_lacks_room),
		TEST(a_length_beyond_any_datagram_ends_the_stream),
		TEST(what_leaves_in_pieces_is_what_was_put),
		TEST(the_old_is_left_out_but_never_half_a_datagram),
		TEST(it_is_bounded_in_bytes_and_datagrams),
	};
	return RUN("wire/framing", tests);
}
