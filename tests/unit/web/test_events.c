#include "web/events.h"

#include "../check.h"

static int woken;

static void wake(struct event_reader *reader)
{
	(void)reader;
	woken++;
}

static void snapshot(struct event_ring *ring, const struct event_reader *reader, struct buf *out)
{
	(void)ring;
	(void)reader;
	buf_text(out, "snapshot\ndata: {}\n");
}

static struct event_ring *ring_of(struct event_ring *ring)
{
	event_ring_init(ring, 0xab, 2);
	ring->snapshot = snapshot;
	return ring;
}

/* All that the reader has now. */
static const char *drain(struct event_reader *reader)
{
	static char out[64 << 10];
	size_t len = 0;
	long n;
	while ((n = event_reader_fill(reader, out + len, 7)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	return n < 0 && len == 0 ? "over" : out;
}

static void begins_with_a_snapshot_and_goes_on(void **state)
{
	(void)state;
	struct event_ring ring;
	struct event_reader *reader = event_reader_new(ring_of(&ring), STR(""));
	reader->wake = wake;
	woken = 0;
	assert_string_equal(drain(reader), "event: snapshot\ndata: {}\nretry: 1000\nid: ab-0\n\n");
	event_publish(&ring, "people", "[1]");
	assert_int_equal(woken, 1);
	assert_string_equal(drain(reader), "event: people\nid: ab-1\ndata: [1]\n\n");
	assert_string_equal(drain(reader), "");
	event_reader_free(reader);
	event_ring_clear(&ring);
}

static void comes_back_to_where_it_was(void **state)
{
	(void)state;
	struct event_ring ring;
	ring_of(&ring);
	event_publish(&ring, "a", "1");
	event_publish(&ring, "b", "2");
	event_publish(&ring, "c", "3");
	struct event_reader *reader = event_reader_new(&ring, STR("ab-2"));
	assert_string_equal(drain(reader), "event: c\nid: ab-3\ndata: 3\n\n");
	event_reader_free(reader);
	event_ring_clear(&ring);
}

static void strange_or_old_ids_get_a_snapshot(void **state)
{
	(void)state;
	static const char *const ids[] = { "ac-1", "ab-99", "ab",   "ab-",
					   "-1",   "ab-zz", "ab-1", "fffffffffffffffffff-1" };
	struct event_ring ring;
	ring_of(&ring);
	for (int i = 0; i < EVENTS_KEPT + 10; i++)
		event_publish(&ring, "x", "1");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct event_reader *reader = event_reader_new(&ring, str_from(ids[i]));
		if (strncmp(drain(reader), "event: snapshot", 15) != 0)
			fail_msg("%s", ids[i]);
		event_reader_free(reader);
	}
	event_ring_clear(&ring);
}

static void who_falls_behind_starts_again(void **state)
{
	(void)state;
	struct event_ring ring;
	struct event_reader *reader = event_reader_new(ring_of(&ring), STR(""));
	drain(reader);
	for (int i = 0; i < EVENTS_KEPT + 1; i++)
		event_publish(&ring, "x", "1");
	CHECK(strncmp(drain(reader), "event: snapshot", 15) == 0);
	event_reader_free(reader);
	event_ring_clear(&ring);
}

static void readers_are_bounded(void **state)
{
	(void)state;
	struct event_ring ring;
	struct event_reader *a = event_reader_new(ring_of(&ring), STR(""));
	struct event_reader *b = event_reader_new(&ring, STR(""));
	CHECK(event_reader_new(&ring, STR("")) == NULL);
	event_reader_free(a);
	struct event_reader *c = event_reader_new(&ring, STR(""));
	CHECK(c != NULL);
	event_reader_free(b);
	event_reader_free(c);
	event_ring_clear(&ring);
}

static void an_ended_ring_ends_its_readers_after_the_last_event(void **state)
{
	(void)state;
	struct event_ring ring;
	struct event_reader *reader = event_reader_new(ring_of(&ring), STR(""));
	drain(reader);
	event_publish(&ring, "ended", "{}");
	ring.ended = true;
	assert_string_equal(drain(reader), "event: ended\nid: ab-1\ndata: {}\n\n");
	assert_string_equal(drain(reader), "over");
	event_ring_clear(&ring);
	assert_string_equal(drain(reader), "over");
	event_reader_free(reader);
}

static void a_cleared_ring_still_tells_what_was_published(void **state)
{
	(void)state;
	struct event_ring ring;
	struct event_reader *reader = event_reader_new(ring_of(&ring), STR(""));
	reader->wake = wake;
	drain(reader);
	event_publish(&ring, "people", "[1]");
	event_publish(&ring, "replaced", "{}");
	woken = 0;
	event_ring_clear(&ring);
	assert_int_equal(woken, 1);
	assert_string_equal(drain(reader), "event: people\nid: ab-1\ndata: [1]\n\n"
					   "event: replaced\nid: ab-2\ndata: {}\n\n");
	assert_string_equal(drain(reader), "over");
	event_reader_free(reader);
}

static void silence_is_broken_by_a_comment(void **state)
{
	(void)state;
	struct event_ring ring;
	struct event_reader *reader = event_reader_new(ring_of(&ring), STR(""));
	drain(reader);
	reader->last = (struct mono){ 1 };
	event_ring_tick(&ring, (struct mono){ 14000000 });
	assert_string_equal(drain(reader), "");
	event_ring_tick(&ring, (struct mono){ 16000000 });
	CHECK(drain(reader)[0] == ':');
	event_reader_free(reader);
	event_ring_clear(&ring);
}

static struct event_ring *ring_at(struct event_ring *ring, uint64_t instance)
{
	ring_of(ring);
	ring->instance = instance;
	return ring;
}

static void a_bundle_tells_whose_each_event_is(void **state)
{
	(void)state;
	struct event_ring a, b;
	struct event_reader *both = event_bundle_new();
	event_bundle_add(both, event_reader_new(ring_at(&a, 0xa), STR("")), STR("A1"));
	event_bundle_add(both, event_reader_new(ring_at(&b, 0xb), STR("")), STR("B2"));
	both->wake = wake;
	assert_string_equal(drain(both), "event: B2/snapshot\ndata: {}\nretry: 1000\nid: b-0\n\n"
					 "event: A1/snapshot\ndata: {}\nretry: 1000\nid: a-0\n\n");
	woken = 0;
	event_publish(&a, "people", "[1]");
	event_publish(&b, "people", "[2]");
	event_publish(&a, "people", "[3]");
	assert_int_equal(woken, 3);
	assert_string_equal(drain(both), "event: B2/people\nid: b-1\ndata: [2]\n\n"
					 "event: A1/people\nid: a-1\ndata: [1]\n\n"
					 "event: A1/people\nid: a-2\ndata: [3]\n\n");
	assert_string_equal(drain(both), "");
	event_reader_free(both);
	CHECK(a.readers == NULL && b.readers == NULL && a.readers_len == 0);
	event_ring_clear(&a);
	event_ring_clear(&b);
}

static void a_part_that_ends_is_told_and_the_others_go_on(void **state)
{
	(void)state;
	struct event_ring a, b;
	struct event_reader *both = event_bundle_new();
	struct event_reader *part = event_reader_new(ring_at(&a, 0xa), STR(""));
	event_bundle_add(both, part, STR("A1"));
	event_bundle_add(both, event_reader_new(ring_at(&b, 0xb), STR("")), STR("B2"));
	event_bundle_add(both, NULL, STR("C3"));
	CHECK(strstr(drain(both), "event: C3/over\ndata: {}\n\n") != NULL);
	event_reader_end(part, "signed_out");
	assert_string_equal(drain(both),
			    "event: A1/signed_out\ndata: {}\n\nevent: A1/over\ndata: {}\n\n");
	assert_string_equal(drain(both), "");
	event_publish(&b, "ended", "{}");
	b.ended = true;
	assert_string_equal(drain(both),
			    "event: B2/ended\nid: b-1\ndata: {}\n\nevent: B2/over\ndata: {}\n\n");
	assert_string_equal(drain(both), "over");
	event_reader_free(both);
	event_ring_clear(&a);
	event_ring_clear(&b);
}

static void a_ring_that_is_cleared_leaves_its_bundle(void **state)
{
	(void)state;
	struct event_ring a;
	struct event_reader *one = event_bundle_new();
	event_bundle_add(one, event_reader_new(ring_of(&a), STR("")), STR("A1"));
	drain(one);
	event_ring_clear(&a);
	assert_string_equal(drain(one), "event: A1/over\ndata: {}\n\n");
	assert_string_equal(drain(one), "over");
	event_reader_free(one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(begins_with_a_snapshot_and_goes_on),
		TEST(comes_back_to_where_it_was),
		TEST(strange_or_old_ids_get_a_snapshot),
		TEST(who_falls_behind_starts_again),
		TEST(readers_are_bounded),
		TEST(an_ended_ring_ends_its_readers_after_the_last_event),
		TEST(a_cleared_ring_still_tells_what_was_published),
		TEST(silence_is_broken_by_a_comment),
		TEST(a_bundle_tells_whose_each_event_is),
		TEST(a_part_that_ends_is_told_and_the_others_go_on),
		TEST(a_ring_that_is_cleared_leaves_its_bundle),
	};
	return RUN("web/events", tests);
}
