#include "../check.h"
#include "congestion/random_loss.h"

enum {
	EACH_US = 50000,
	BYTES = 200,
	USUAL_US = 7000000, /* the clocks of the two ends differ */
};

struct told {
	struct random_loss loss;
	struct mono now;
};

static void begin(struct told *t)
{
	t->now = (struct mono){ 1000000 };
	random_loss_init(&t->loss, t->now);
}

/* Feedback on five packets of which so many came, each so much later than usual. */
static void hear(struct told *t, int came, int64_t late_us)
{
	for (int i = 0; i < 5; i++) {
		random_loss_packet(&t->loss, BYTES, i >= came);
		if (i < came)
			random_loss_delay(&t->loss, t->now.us, USUAL_US + late_us);
	}
	t->now = mono_add_us(t->now, EACH_US);
	random_loss_read(&t->loss, t->now);
}

static void hear_for(struct told *t, double seconds, int came, int64_t late_us)
{
	for (int i = 0; i < (int)(seconds * 1000000 / EACH_US); i++)
		hear(t, came, late_us);
}

static void nothing_is_known_at_first(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	CHECK(random_loss_share(&t.loss) == 0);
	hear(&t, 4, 0);
	CHECK(random_loss_share(&t.loss) == 0); /* one packet: chance */
}

static void what_is_lost_without_a_queue_is_the_lines_own(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	hear_for(&t, 10, 4, 20000);
	assert_in_range((int)(1000 * random_loss_share(&t.loss)), 190, 210);
}

static void what_a_full_queue_loses_does_not_count(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	hear_for(&t, 3, 5, 0);
	hear_for(&t, 10, 3, 300000);
	CHECK(random_loss_share(&t.loss) == 0);
}

static void what_was_known_stands_through_a_full_queue(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	hear_for(&t, 10, 4, 0);
	hear_for(&t, 5, 2, 300000);
	assert_in_range((int)(1000 * random_loss_share(&t.loss)), 190, 210);
}

static void it_fades_when_no_more_is_lost(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	hear_for(&t, 10, 4, 0);
	hear_for(&t, 10, 5, 0);
	assert_in_range((int)(1000 * random_loss_share(&t.loss)), 0, 8);
}

static void losses_of_which_nothing_arrived_count_with_the_next(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	hear_for(&t, 3, 5, 0);
	hear(&t, 0, 0);
	CHECK(random_loss_share(&t.loss) == 0);
	hear(&t, 5, 300000); /* the line came back with a queue */
	CHECK(random_loss_share(&t.loss) == 0);
	hear(&t, 0, 0);
	hear(&t, 5, 0);
	CHECK(random_loss_share(&t.loss) > 0);
}

static void a_longer_way_is_usual_after_a_minute(void **state)
{
	(void)state;
	struct told t;
	begin(&t);
	hear_for(&t, 3, 5, 0);
	hear_for(&t, 61, 5, 200000);
	hear_for(&t, 5, 4, 200000);
	CHECK(random_loss_share(&t.loss) > 0.1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_at_first),
		cmocka_unit_test(what_is_lost_without_a_queue_is_the_lines_own),
		cmocka_unit_test(what_a_full_queue_loses_does_not_count),
		cmocka_unit_test(what_was_known_stands_through_a_full_queue),
		cmocka_unit_test(it_fades_when_no_more_is_lost),
		cmocka_unit_test(losses_of_which_nothing_arrived_count_with_the_next),
		cmocka_unit_test(a_longer_way_is_usual_after_a_minute),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
