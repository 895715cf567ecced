#include "tests/unit/check.h"

#include "domain/readiness.h"

enum {
	NOW_S = 1795428000,
	DAY_S = 86400,
};

static const struct wall NOW = { NOW_S };

static struct readiness_facts all_well(void)
{
	return (struct readiness_facts){ .declared = true,
					 .terminals = 3,
					 .enrolled = 2,
					 .last_seen = { NOW_S - 60 },
					 .line_known = true,
					 .calls = 4,
					 .social_session = true,
					 .legal_on = true,
					 .legal_session = true };
}

static void a_prison_where_all_is_well_can_hold_visits(void **state)
{
	(void)state;
	struct readiness_facts facts = all_well();
	struct readiness r = readiness_of(&facts, NOW);
	CHECK(r.can_hold && r.can_hold_legal);
	for (int l = 0; l < LAMP_COUNT; l++)
		CHECK(r.lamps[l].state == LAMP_FINE);
}

static void each_thing_that_is_missing_is_told_by_its_own_lamp(void **state)
{
	(void)state;
	for (int l = 0; l < LAMP_COUNT; l++) {
		struct readiness_facts facts = all_well();
		facts.declared &= l != LAMP_DECLARED;
		facts.enrolled = l == LAMP_EQUIPMENT ? 0 : facts.enrolled;
		facts.calls = l == LAMP_LINE ? 0 : facts.calls;
		facts.social_session &= l != LAMP_TIMETABLE;
		facts.legal_session &= l != LAMP_LEGAL;
		struct readiness r = readiness_of(&facts, NOW);
		for (int other = 0; other < LAMP_COUNT; other++)
			CHECK(r.lamps[other].state == (other == l ? LAMP_MISSING : LAMP_FINE));
		CHECK(r.can_hold == (l == LAMP_LEGAL));
		CHECK(r.can_hold_legal == (l == LAMP_TIMETABLE));
	}
}

static void a_silent_terminal_is_missing_since_it_was_heard_of(void **state)
{
	(void)state;
	struct readiness_facts facts = all_well();
	facts.last_seen.s = NOW_S - DAY_S;
	struct readiness r = readiness_of(&facts, NOW);
	CHECK(r.lamps[LAMP_EQUIPMENT].state == LAMP_MISSING && !r.can_hold);
	CHECK(r.lamps[LAMP_EQUIPMENT].since.s == facts.last_seen.s);
}

static void a_line_that_nobody_measured_is_unknown_and_stops_nothing(void **state)
{
	(void)state;
	struct readiness_facts facts = all_well();
	facts.line_known = false;
	facts.calls = 0;
	struct readiness r = readiness_of(&facts, NOW);
	CHECK(r.lamps[LAMP_LINE].state == LAMP_UNKNOWN && r.can_hold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_prison_where_all_is_well_can_hold_visits),
		TEST(each_thing_that_is_missing_is_told_by_its_own_lamp),
		TEST(a_silent_terminal_is_missing_since_it_was_heard_of),
		TEST(a_line_that_nobody_measured_is_unknown_and_stops_nothing),
	};
	return RUN("domain/readiness", tests);
}
