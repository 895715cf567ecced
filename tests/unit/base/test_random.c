#include "base/random.h"

#include "../check.h"

static void the_same_seed_repeats_and_another_does_not(void **state)
{
	(void)state;
	struct random a = random_seeded(7), b = random_seeded(7), c = random_seeded(8);
	uint64_t first = random_u64(&a);
	assert_true(first == random_u64(&b));
	assert_true(first != random_u64(&c));
}

static void below_stays_below_and_reaches_all(void **state)
{
	(void)state;
	struct random r = random_seeded(1);
	int seen[10] = { 0 };
	for (int i = 0; i < 10000; i++)
		seen[random_below(&r, 10)]++;
	for (int i = 0; i < 10; i++)
		assert_in_range(seen[i], 800, 1200);
}

static void ids_are_positive(void **state)
{
	(void)state;
	struct random r = random_seeded(2);
	for (int i = 0; i < 1000; i++)
		assert_true(random_id(&r) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_seed_repeats_and_another_does_not),
		TEST(below_stays_below_and_reaches_all),
		TEST(ids_are_positive),
	};
	return RUN("base/random", tests);
}
