#include "base/map.h"
#include "base/random.h"

#include "../check.h"

static void agrees_with_a_plain_array_over_random_histories(void **state)
{
	(void)state;
	enum {
		KEYS = 64,
		MAX = 40,
		STEPS = 20000
	};
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct random random = random_seeded(seed);
		struct map m;
		bool there[KEYS] = { false };
		uint32_t values[KEYS] = { 0 };
		size_t count = 0;
		map_init(&m, MAX, random_u64(&random));
		for (int i = 0; i < STEPS; i++) {
			uint64_t key = random_below(&random, KEYS);
			uint32_t value = random_u32(&random);
			if (random_below(&random, 2)) {
				enum err err = map_set(&m, key, value);
				if (!there[key] && count == MAX) {
					assert_int_equal(err, ERR_LIMIT);
					continue;
				}
				assert_int_equal(err, OK);
				count += !there[key];
				there[key] = true;
				values[key] = value;
			} else {
				map_remove(&m, key);
				count -= there[key];
				there[key] = false;
			}
			assert_int_equal(m.count, count);
			for (uint64_t k = 0; k < KEYS; k++) {
				uint32_t got = 0;
				assert_int_equal(map_get(&m, k, &got), there[k]);
				if (there[k])
					assert_int_equal(got, values[k]);
			}
		}
		map_clear(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(agrees_with_a_plain_array_over_random_histories) };
	return RUN("base/map", tests);
}
