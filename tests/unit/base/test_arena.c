#include "base/arena.h"

#include "../check.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	char *last = NULL;
	for (int i = 0; i < 1000; i++) {
		char *at = arena_new(&a, 1, 37);
		assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
		for (int k = 0; k < 37; k++)
			assert_int_equal(at[k], 0);
		memset(at, 0xff, 37);
		assert_ptr_not_equal(at, last);
		last = at;
	}
	arena_clear(&a);
}

static void larger_than_a_block_is_fine(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	char *at = arena_new(&a, 1, 1 << 20);
	at[(1 << 20) - 1] = 1;
	assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(memory_is_zeroed_aligned_and_apart),
		TEST(larger_than_a_block_is_fine),
	};
	return RUN("base/arena", tests);
}
