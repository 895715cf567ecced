#include "../check.h"
#include "rtc/outbox.h"

static const struct address to = { .family = 4, .ip = { 192, 0, 2, 1 }, .port = 9 };

static bool put(struct outbox *outbox, uint8_t byte, uint32_t tag, bool spare)
{
	uint8_t *room = outbox_room(outbox, spare);
	if (!room)
		return false;
	room[0] = byte;
	outbox_add(outbox, &to, 1, tag);
	return true;
}

static void first_in_is_first_out(void **state)
{
	(void)state;
	struct outbox outbox;
	struct address got;
	struct bytes bytes;
	outbox_init(&outbox);
	CHECK(!outbox_take(&outbox, &got, &bytes));
	for (uint8_t i = 0; i < 3; i++)
		CHECK(put(&outbox, i, OUTBOX_NO_TAG, false));
	for (uint8_t i = 0; i < 3; i++) {
		CHECK(outbox_take(&outbox, &got, &bytes));
		assert_int_equal(bytes.at[0], i);
		CHECK(address_equal(&got, &to));
	}
	CHECK(!outbox_take(&outbox, &got, &bytes));
	outbox_clear(&outbox);
}

static void what_is_cut_is_not_sent(void **state)
{
	(void)state;
	struct outbox outbox;
	struct address got;
	struct bytes bytes;
	outbox_init(&outbox);
	for (uint8_t i = 0; i < 10; i++)
		CHECK(put(&outbox, i, 1 + i % 2, false));
	CHECK(outbox_take(&outbox, &got, &bytes));
	outbox_cut(&outbox, 2);
	for (uint8_t i = 2; i < 10; i += 2) {
		CHECK(outbox_take(&outbox, &got, &bytes));
		assert_int_equal(bytes.at[0], i);
	}
	CHECK(!outbox_take(&outbox, &got, &bytes));
	outbox_clear(&outbox);
}

static void when_it_is_nearly_full_the_rest_is_for_sound(void **state)
{
	(void)state;
	struct outbox outbox;
	struct address got;
	struct bytes bytes;
	outbox_init(&outbox);
	size_t video = 0;
	size_t audio = 0;
	while (put(&outbox, 0, 1, true))
		video++;
	while (put(&outbox, 0, 1, false))
		audio++;
	assert_int_equal(video, OUTBOX_DATAGRAMS - OUTBOX_RESERVE);
	assert_int_equal(audio, OUTBOX_RESERVE);
	while (outbox_take(&outbox, &got, &bytes))
		;
	CHECK(put(&outbox, 0, 1, true));
	outbox_clear(&outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_in_is_first_out),
		TEST(what_is_cut_is_not_sent),
		TEST(when_it_is_nearly_full_the_rest_is_for_sound),
	};
	return RUN("rtc/outbox", tests);
}
