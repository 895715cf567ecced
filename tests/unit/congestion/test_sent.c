#include "../check.h"
#include "congestion/sent.h"

static void add(struct sent *sent, uint16_t number, uint16_t bytes)
{
	sent_add(sent, &(struct sent_packet){
			   .at = { number * 1000 }, .number = number, .bytes = bytes });
}

static void each_packet_is_told_once(void **state)
{
	(void)state;
	static struct sent sent;
	add(&sent, 5, 100);
	add(&sent, 6, 200);
	assert_int_equal(sent.waiting_bytes, 300);
	const struct sent_packet *p = sent_told(&sent, 5, true);
	CHECK(p && p->bytes == 100 && !p->lost);
	CHECK(!sent_told(&sent, 5, true));
	CHECK(!sent_told(&sent, 5, false));
	CHECK(!sent_told(&sent, 7, true));
	assert_int_equal(sent.waiting_bytes, 200);
}

static void what_was_told_as_lost_may_arrive_late(void **state)
{
	(void)state;
	static struct sent sent;
	add(&sent, 9, 100);
	const struct sent_packet *p = sent_told(&sent, 9, false);
	CHECK(p && p->lost && !p->late);
	CHECK(!sent_told(&sent, 9, false));
	p = sent_told(&sent, 9, true);
	CHECK(p && !p->lost && p->late);
	CHECK(!sent_told(&sent, 9, true));
	assert_int_equal(sent.waiting_bytes, 0);
}

static void numbers_wrap_and_old_ones_are_forgotten(void **state)
{
	(void)state;
	static struct sent sent;
	for (unsigned n = 65000; n < 65000 + SENT_MAX + 10; n++)
		add(&sent, (uint16_t)n, 10);
	CHECK(!sent_told(&sent, 65000, true));
	CHECK(!sent_told(&sent, 65009, true));
	CHECK(sent_told(&sent, 65010, true));
	CHECK(sent_told(&sent, (uint16_t)(65000 + SENT_MAX + 9), true));
	assert_int_equal(sent.waiting_bytes, 10 * (SENT_MAX - 2));
}

static void what_a_lost_report_would_have_told_is_counted_once(void **state)
{
	(void)state;
	static struct sent sent;
	for (uint16_t n = 65530; n != 10; n++)
		add(&sent, n, 10);
	(void)sent_told(&sent, 65530, true);
	/* Told of 65530 alone; the next report begins with 4. */
	assert_int_equal(sent_untold(&sent, 65531, 4), 90);
	assert_int_equal(sent_untold(&sent, 65531, 4), 0);
	const struct sent_packet *p = sent_told(&sent, 2, true); /* it comes late after all */
	CHECK(p && p->untold);
	p = sent_told(&sent, 4, true);
	CHECK(p && !p->untold);
	assert_int_equal(sent_untold(&sent, 4, 4), 0);
	assert_int_equal(sent_untold(&sent, 9, 4), 0);     /* a report of before */
	assert_int_equal(sent_untold(&sent, 100, 200), 0); /* never sent */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_packet_is_told_once),
		TEST(what_was_told_as_lost_may_arrive_late),
		TEST(what_a_lost_report_would_have_told_is_counted_once),
		TEST(numbers_wrap_and_old_ones_are_forgotten),
	};
	return RUN("congestion/sent", tests);
}
