#include "../check.h"
#include "base/random.h"
#include "rtc/history.h"

static struct packet packet(uint64_t seq, uint8_t *payload, size_t len)
{
	memset(payload, (int)(seq & 0xff), len);
	return (struct packet){
		.seq = seq,
		.timestamp = (uint32_t)seq * 10,
		.marker = seq % 3 == 0,
		.frame = { .codec = CODEC_VP9 },
		.payload = payload,
		.len = len,
		.dependency = bytes_of("dep", 3),
		.orientation = bytes_of("o", 1),
	};
}

static void a_packet_comes_back_with_its_extensions(void **state)
{
	(void)state;
	struct history history = { 0 };
	uint8_t payload[100];
	struct packet put = packet(77, payload, sizeof payload);
	struct packet got;
	CHECK(!history_get(&history, 77, &got));
	history_put(&history, &put);
	CHECK(history_get(&history, 77, &got));
	assert_int_equal(got.len, 100);
	assert_memory_equal(got.payload, payload, 100);
	assert_int_equal(got.timestamp, 770);
	assert_int_equal(got.frame.codec, CODEC_VP9);
	CHECK(bytes_equal(got.dependency, bytes_of("dep", 3)));
	CHECK(bytes_equal(got.orientation, bytes_of("o", 1)));
	CHECK(!got.marker);
	CHECK(!history_get(&history, 78, &got));
	CHECK(!history_get(&history, 77 + HISTORY_PACKETS, &got));
	history_clear(&history);
	CHECK(!history_get(&history, 77, &got));
}

/* Whatever is found is what was put; the newest hundred kilobytes are always found. */
static void the_oldest_is_overwritten_and_never_given_out(void **state)
{
	(void)state;
	struct history history = { 0 };
	struct random random = random_seeded(1);
	uint8_t payload[1500];
	static size_t len_of[20000];
	for (uint64_t seq = 1; seq < 20000; seq++) {
		len_of[seq] = (size_t)random_below(&random, 1300);
		struct packet put = packet(seq, payload, len_of[seq]);
		history_put(&history, &put);
		if (seq % 37 != 0)
			continue;
		size_t kept = 0;
		for (uint64_t old = seq; old > 0 && old + 1200 > seq; old--) {
			struct packet got;
			bool found = history_get(&history, old, &got);
			kept += len_of[old];
			if (kept < 100000)
				CHECK(found);
			if (!found)
				continue;
			assert_int_equal(got.len, len_of[old]);
			for (size_t i = 0; i < got.len; i++)
				assert_int_equal(got.payload[i], old & 0xff);
			/* The two bytes before belong to the caller. */
			put_u16(got.payload - HISTORY_HEADROOM, 0xffff);
		}
	}
	history_clear(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_packet_comes_back_with_its_extensions),
		TEST(the_oldest_is_overwritten_and_never_given_out),
	};
	return RUN("rtc/history", tests);
}
