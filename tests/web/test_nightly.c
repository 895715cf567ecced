#include "tests/store/estate.h"

#include "base/assert.h"
#include "web/nightly.h"

enum {
	YIELDS_MS = 1000, /* nightly.c */
};

static struct mono at_ms(int64_t ms)
{
	return (struct mono){ ms * 1000 };
}

/* Whether it did something: then it says when next. */
static bool works(struct nightly *nightly, struct estate *e, int64_t ms, bool people)
{
	struct mono before = nightly->next;
	nightly_tick(nightly, &e->service, at_ms(ms), people);
	return nightly->next.us != before.us;
}

static void people_go_first_for_a_second_and_not_for_longer(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct nightly nightly = { .next = at_ms(5000) };
	assert_false(works(&nightly, &e, 4999, false));
	assert_false(works(&nightly, &e, 5000, true));
	assert_false(works(&nightly, &e, 5000 + YIELDS_MS - 1, true));
	assert_true(works(&nightly, &e, 5000 + YIELDS_MS, true));
	nightly.next = at_ms(9000);
	assert_false(works(&nightly, &e, 9000, true));
	assert_true(works(&nightly, &e, 9001, false)); /* nobody is there: at once */
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(people_go_first_for_a_second_and_not_for_longer),
	};
	return RUN("web/nightly", tests);
}
