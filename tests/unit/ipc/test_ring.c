#include "ipc/ring.h"

#include "../check.h"
#include "base/random.h"

enum {
	SMALL = 1000,
	TURNS = 60000,
	BLOWS = 20000,
};

static struct ring ring;
static struct ring_writer writer;
static struct ring_reader reader;
static uint8_t out[RING_MESSAGE_MAX], in[RING_MESSAGE_MAX];
static size_t len;

static int begin(void **state)
{
	(void)state;
	memset(&ring, 0, sizeof ring);
	writer = ring_writer_of(&ring);
	reader = ring_reader_of(&ring);
	return 0;
}

/* Of that length, its bytes by its number. */
static struct bytes message(uint64_t number, size_t length)
{
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t)(number * 31 + i);
	return bytes_of(out, length);
}

static bool put(uint64_t number, size_t length)
{
	return ring_put(&writer, message(number, length));
}

static enum err take(void)
{
	return ring_take(&reader, in, sizeof in, &len);
}

static bool got(uint64_t number, size_t length)
{
	return take() == OK && bytes_equal(bytes_of(in, len), message(number, length));
}

static void messages_come_as_they_went_and_in_order(void **state)
{
	(void)state;
	CHECK(take() == ERR_AGAIN);
	CHECK(put(1, 5) && put(2, 1) && put(3, RING_MESSAGE_MAX));
	CHECK(got(1, 5) && got(2, 1) && got(3, RING_MESSAGE_MAX));
	CHECK(take() == ERR_AGAIN);
}

/* Many times around, with some that wait: none is cut in two, lost or changed. */
static void around_the_end_and_on(void **state)
{
	(void)state;
	struct random random = random_seeded(1);
	static size_t lengths[TURNS];
	uint64_t sent = 0, taken = 0;
	size_t wrapped = 0, before = 0;
	while (taken < TURNS) {
		if (sent < TURNS && sent - taken < random_below(&random, 300)) {
			lengths[sent] = 1 + random_below(&random, 17000);
			if (put(sent, lengths[sent]))
				sent++;
		} else if (sent > taken) {
			size_t at = (reader.read - ring.base) % RING_BYTES;
			CHECK(got(taken, lengths[taken]));
			wrapped += at < before;
			before = at;
			taken++;
		}
	}
	CHECK(wrapped > 20 && writer.written > 20ULL * RING_BYTES);
}

static void who_keeps_up_makes_little_of_the_memory_be_used(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < TURNS; i++)
		CHECK(put(i, SMALL) && put(i, SMALL) && got(i, SMALL) && got(i, SMALL));
	CHECK(put(1, SMALL) && put(2, SMALL));
	for (size_t i = 2 * (SMALL + RING_UNIT) / RING_UNIT; i < RING_BYTES / RING_UNIT - 1; i++)
		CHECK(ring.units[i] == 0);
}

static void what_was_taken_is_there_no_more(void **state)
{
	(void)state;
	CHECK(put(1, RING_MESSAGE_MAX) && put(2, 13) && put(3, SMALL) && got(1, RING_MESSAGE_MAX));
	CHECK(got(2, 13) && got(3, SMALL));
	for (size_t i = 0; i < RING_BYTES / RING_UNIT; i++)
		CHECK(ring.units[i] == 0);
}

static void when_it_is_full_the_newest_finds_no_room_and_what_waits_stays(void **state)
{
	(void)state;
	uint64_t sent = 0;
	while (put(sent, SMALL))
		sent++;
	CHECK(sent == RING_BYTES / (SMALL + RING_UNIT));
	CHECK(!put(sent, SMALL) && writer.written <= RING_BYTES);
	for (uint64_t i = 0; i < sent; i++)
		CHECK(got(i, SMALL));
	CHECK(take() == ERR_AGAIN && put(7, SMALL) && got(7, SMALL));
}

/* Wherever the writer stands when it comes about. */
static void all_of_it_can_wait_at_any_time(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 50; i++) {
		uint64_t sent = 0;
		CHECK(put(i, 1 + (size_t)i * 1111) && got(i, 1 + (size_t)i * 1111));
		while (put(sent, RING_MESSAGE_MAX / 2))
			sent++;
		CHECK(sent == RING_BYTES / (RING_MESSAGE_MAX / 2 + RING_UNIT));
		for (uint64_t k = 0; k < sent; k++)
			CHECK(got(k, RING_MESSAGE_MAX / 2));
	}
}

static void what_is_longer_than_the_reader_has_room_for_is_lost(void **state)
{
	(void)state;
	uint8_t small[8];
	CHECK(put(1, 9) && ring_take(&reader, small, sizeof small, &len) == ERR_BAD);
	CHECK(take() == ERR_AGAIN && put(2, 9) && got(2, 9));
}

static void without_a_ring_there_is_no_room(void **state)
{
	(void)state;
	struct ring_writer none = ring_writer_of(NULL);
	CHECK(!ring_put(&none, message(1, 5)));
}

/* ---- one of them dies ---- */

static void what_waits_is_there_for_the_next_reader(void **state)
{
	(void)state;
	CHECK(put(1, 5) && put(2, 6) && put(3, 7) && got(1, 5));
	reader = ring_reader_of(&ring);
	CHECK(got(2, 6));
	writer = ring_writer_of(&ring);
	CHECK(put(4, 8) && got(3, 7) && got(4, 8) && take() == ERR_AGAIN);
}

static void what_was_being_written_when_its_writer_died_was_never_there(void **state)
{
	(void)state;
	CHECK(put(1, 5));
	uint64_t before = writer.written;
	CHECK(put(2, 600));
	ring.written = before; /* not yet told */
	CHECK(got(1, 5) && take() == ERR_AGAIN);
	writer = ring_writer_of(&ring);
	CHECK(put(3, 70) && got(3, 70) && take() == ERR_AGAIN);
}

/* ---- the other side is hostile ---- */

/* Both are honest again, one of them being a new one: what waited is lost, and soon no more than that. */
static void recover(void)
{
	for (int i = 0; i < 4; i++) {
		(void)put(1, 5);
		while (take() != ERR_AGAIN && ring.written == writer.written)
			;
	}
	CHECK(put(2, SMALL) && got(2, SMALL) && take() == ERR_AGAIN);
	CHECK(put(3, RING_MESSAGE_MAX) && got(3, RING_MESSAGE_MAX) && take() == ERR_AGAIN);
}

/* Near to what is true, or anything. */
static uint64_t nonsense(struct random *random)
{
	const uint64_t near[] = { writer.written, reader.read, ring.base, writer.base };
	uint64_t off = random_below(random, 3) * 4 * RING_UNIT + random_below(random, 2);
	switch (random_below(random, 4)) {
	case 0:
		return random_u64(random);
	case 1:
		return near[random_below(random, 4)] - RING_BYTES + off;
	default:
		return near[random_below(random, 4)] + off - RING_UNIT;
	}
}

static void whatever_a_hostile_one_has_left_the_next_one_is_understood(void **state)
{
	(void)state;
	struct random random = random_seeded(4);
	for (int i = 0; i < BLOWS; i++) {
		for (uint64_t k = random_below(&random, 4); k > 0; k--)
			(void)put(k, 1 + random_below(&random, SMALL));
		ring.written = nonsense(&random);
		ring.base = nonsense(&random);
		ring.read = nonsense(&random);
		if (random_below(&random, 2))
			writer = ring_writer_of(&ring);
		else
			reader = ring_reader_of(&ring);
		recover();
	}
}

static void whatever_the_writer_says_nothing_is_read_beyond(void **state)
{
	(void)state;
	const uint64_t counts[] = { 8,
				    1,
				    RING_BYTES,
				    RING_BYTES + 8,
				    (uint64_t)RING_BYTES * 2,
				    UINT64_MAX,
				    UINT64_MAX - 7,
				    INT64_MAX };
	const uint64_t lengths[] = {
		0,          1,          RING_MESSAGE_MAX, RING_MESSAGE_MAX + 1, RING_BYTES - 8,
		RING_BYTES, UINT32_MAX, UINT64_MAX,       UINT64_MAX - 1,       UINT64_MAX - 7
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
			for (uint64_t from = 0; from < RING_BYTES; from += RING_BYTES - 8) {
				ring.read = from;
				reader = ring_reader_of(&ring);
				ring.units[from / RING_UNIT] = ring.units[0] = lengths[k];
				ring.base = i % 2 == 0 ? 0 : from + lengths[i];
				ring.written = from + counts[i];
				enum err err = take();
				CHECK(err == ERR_BAD || (err == OK && len > 0 && len <= sizeof in));
				CHECK(err == ERR_BAD || counts[i] % RING_UNIT == 0);
				CHECK(ring.read % RING_UNIT == 0);
				CHECK(err != ERR_BAD || take() == ERR_AGAIN || counts[i] % 8);
			}
	writer = ring_writer_of(&ring);
	recover();
}

static void whatever_the_reader_says_the_writer_goes_on_or_drops(void **state)
{
	(void)state;
	struct random random = random_seeded(3);
	for (int i = 0; i < BLOWS; i++) {
		bool near = random_below(&random, 2);
		ring.read =
		    near ? writer.written - random_below(&random, RING_BYTES) : random_u64(&random);
		ring.written = ring.base = random_u64(&random); /* it can write there, too */
		uint64_t before = writer.written;
		bool fits = put((uint64_t)i, 1 + random_below(&random, RING_MESSAGE_MAX));
		CHECK(fits ? writer.written > before : writer.written == before);
		CHECK(writer.written % RING_UNIT == 0);
	}
	reader = ring_reader_of(&ring);
	recover();
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, begin)
	const struct CMUnitTest tests[] = {
		T(messages_come_as_they_went_and_in_order),
		T(around_the_end_and_on),
		T(who_keeps_up_makes_little_of_the_memory_be_used),
		T(what_was_taken_is_there_no_more),
		T(when_it_is_full_the_newest_finds_no_room_and_what_waits_stays),
		T(all_of_it_can_wait_at_any_time),
		T(what_is_longer_than_the_reader_has_room_for_is_lost),
		T(without_a_ring_there_is_no_room),
		T(what_waits_is_there_for_the_next_reader),
		T(what_was_being_written_when_its_writer_died_was_never_there),
		T(whatever_a_hostile_one_has_left_the_next_one_is_understood),
		T(whatever_the_writer_says_nothing_is_read_beyond),
		T(whatever_the_reader_says_the_writer_goes_on_or_drops),
	};
	return RUN("ipc/ring", tests);
}
