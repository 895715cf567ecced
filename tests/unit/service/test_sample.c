#include "tests/store/estate.h"

#include "base/assert.h"

/*
 * Whoever starts the demonstration finds a visit to join, at any time of any day.
 */

enum {
	STEP_S = 227 * 60,
	SLOT_S = 30 * 60,
	DAY_S = 24 * 60 * 60,
	CLOCKS_GO_BACK = 1, /* of the days below */
};

static void check_joinable(struct estate *e)
{
	struct join join;
	struct actor family = estate_family(e, "amina@family.example");
	CHECK(join_authorise(&e->service, &family, &e->arena, e->sample.joinable, &join) == OK);
	assert_int_equal(join.answer, JOINING_OK);
	assert_true(join.visit.start.s <= e->service.now.s + SLOT_S);
	assert_true(visit_slot_end(&join.visit).s > e->service.now.s + SLOT_S / 2);
	assert_int_equal(strlen(e->sample.enrol_code), 8);
}

static void a_visit_can_be_joined_at_any_time_of_day(void **state)
{
	static const struct wall mornings[] = {
		{ 1795392000 }, /* 23 November 2026, midnight */
		{ 1792882800 }, /* 25 October 2026: the clocks go back */
		{ 1806192000 }, /* 28 March 2027: the clocks go forward */
		{ 1798675200 }, /* 31 December 2026: the month ends */
	};
	(void)state;
	for (size_t day = 0; day < ARRAY_LEN(mornings); day++)
		for (int64_t s = 61 + (int64_t)day * 53 * 60; s < DAY_S; s += STEP_S) {
			struct estate e;
			if (day == CLOCKS_GO_BACK && s > 90 * 60 && s < 180 * 60)
				continue; /* the hour that comes twice holds one session */
			estate_open_at(&e, wall_add_s(mornings[day], s), 7);
			check_joinable(&e);
			estate_close(&e);
		}
}

static void each_later_start_finds_one_too(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	for (int start = 0; start < 20; start++) {
		e.service.now = wall_add_s(e.service.now, 47 * 60);
		CHECK(sample_fill(&e.service, &e.arena, STR("other"), &e.sample) == OK);
		check_joinable(&e);
	}
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_visit_can_be_joined_at_any_time_of_day),
		TEST(each_later_start_finds_one_too),
	};
	return RUN("service/sample", tests);
}
