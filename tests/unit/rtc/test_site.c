#include "rtc/site.h"

#include "../check.h"

/* One visit, or two, behind a line; the first has a member at this end, of whose line so much is known. */
static int64_t start_bps(uint32_t visits, uint32_t down_bps, enum media_role role,
			 int64_t known_bps)
{
	static struct visit all[2];
	static struct member member;
	struct core core = { .visits = all, .visits_end = visits };
	for (size_t i = 0; i < 2; i++)
		all[i] = (struct visit){ .used = true,
					 .open = { .site = 7, .site_down_bps = down_bps } };
	member = (struct member){ .end = 0, .known_bps = known_bps };
	all[0].seats[0].role = role;
	return site_start_bps(&core, &member);
}

static void a_line_begins_at_what_is_known_and_at_its_share_of_the_prisons(void **state)
{
	(void)state;
	static const struct {
		uint32_t visits;
		uint32_t down_bps;
		enum media_role role;
		int64_t known_bps;
		int64_t starts_bps;
	} CASES[] = {
		{ 1, 0, MEDIA_VISITOR, 0, 0 },
		{ 1, 0, MEDIA_VISITOR, 240000, 240000 },
		{ 1, 0, MEDIA_VISITOR, 1, 20000 },
		{ 1, 0, MEDIA_VISITOR, UINT32_MAX, 300000 },
		{ 2, 400000, MEDIA_VISITOR, 240000, 240000 }, /* the line is not theirs */
		{ 2, 400000, MEDIA_PRISONER, 0, 200000 },
		{ 2, 400000, MEDIA_PRISONER, 240000, 200000 },
		{ 2, 400000, MEDIA_PRISONER, 90000, 90000 },
		{ 2, 40000, MEDIA_PRISONER, 0, 70000 },
		{ 2, 40000, MEDIA_PRISONER, 30000, 30000 },
		{ 1, 9000000, MEDIA_PRISONER, 0, 300000 },
		{ 1, 0, MEDIA_PRISONER, 240000, 240000 },
		{ 1, 0, MEDIA_PRISONER, 0, 0 },
	};
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int64_t bps = start_bps(CASES[i].visits, CASES[i].down_bps, CASES[i].role,
					CASES[i].known_bps);
		if (bps != CASES[i].starts_bps)
			fail_msg("case %zu: %lld", i, (long long)bps);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_begins_at_what_is_known_and_at_its_share_of_the_prisons),
	};
	return RUN("rtc/site", tests);
}
