/*
 * What staff say became of a visit: when, of which, by whom, and what comes back.
 */
#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/outcome.h"
#include "store/visit.h"

enum {
	DAY_S = 24 * 60 * 60,
	HOUR_S = 60 * 60,
};

static int64_t left(struct estate *e, struct prisoner_id prisoner)
{
	struct allowance_view view;
	CHECK(allowance_find(&e->service, &SYSTEM_ACTOR, &e->arena, prisoner, &view) == OK);
	return view.left;
}

static struct visit find(struct estate *e)
{
	struct visit visit = { 0 };
	CHECK(store_visit_find(e->service.store, &e->arena, e->sample.joinable, &visit) == OK);
	return visit;
}

static enum outcome_answer say(struct estate *e, const struct actor *actor,
			       enum visit_outcome outcome, const char *words)
{
	enum outcome_answer answer = OUTCOME_MAY;
	CHECK(visit_outcome_set(&e->service, actor, e->sample.joinable, outcome, str_from(words),
				&answer) == OK);
	return answer;
}

/* The prisoner waited at the terminal, the visitors did not come: it counts as used. */
static void visitors_stay_away(struct estate *e)
{
	enum joining joining;
	struct actor terminal = estate_terminal(e);
	e->service.now = e->sample.joinable_start;
	CHECK(lobby_enter(&e->service, &terminal, e->sample.joinable, &joining) == OK);
	e->service.now = wall_add_s(e->service.now, 2 * HOUR_S);
	CHECK(visit_end(&e->service, &SYSTEM_ACTOR, e->sample.joinable, END_TIME, STR("")) == OK);
	struct visit visit = find(e);
	CHECK(visit.state == VISIT_NO_SHOW && visit.end == END_VISITOR_ABSENT);
	CHECK(visit.counted_minutes > 0);
}

static void what_was_paid_for_a_visit_that_could_not_be_comes_back_once(void **state)
{
	(void)state;
	struct estate e;
	struct outcome_said said = { 0 };
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	visitors_stay_away(&e);
	struct visit visit = find(&e);
	int64_t before = left(&e, visit.prisoner), leaves = estate_leaves(&e);
	CHECK(say(&e, &clerk, OUTCOME_VISITOR_ABSENT, "") == OUTCOME_MAY);
	CHECK(left(&e, visit.prisoner) == before);
	CHECK(say(&e, &clerk, OUTCOME_EQUIPMENT, "Their page showed no picture") == OUTCOME_MAY);
	CHECK(left(&e, visit.prisoner) == before + visit.counted_minutes);
	CHECK(find(&e).counted_minutes == 0 && find(&e).end == END_VISITOR_ABSENT);
	CHECK(estate_leaves(&e) == leaves + 2);

	int64_t changes = store_changes(e.service.store);
	CHECK(say(&e, &clerk, OUTCOME_EQUIPMENT, "Their page showed no picture") == OUTCOME_MAY);
	CHECK(store_changes(e.service.store) == changes);
	CHECK(say(&e, &clerk, OUTCOME_PRISON_NETWORK, "") == OUTCOME_MAY);
	CHECK(left(&e, visit.prisoner) == before + visit.counted_minutes);
	CHECK(visit_outcome_find(&e.service, &e.arena, &visit, &said) == OK);
	CHECK(said.outcome == OUTCOME_PRISON_NETWORK && str_empty(said.words));
	CHECK(said.at.s == e.service.now.s && said.by.n == clerk.account.n);
	estate_close(&e);
}

static void it_is_said_of_what_was_and_for_as_long_as_the_rule_says(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor monitor = estate_staff(&e, ROLE_MONITOR, "WWI");
	CHECK(say(&e, &monitor, OUTCOME_EQUIPMENT, "") == OUTCOME_NOT_OVER);
	visitors_stay_away(&e);
	int64_t changes = store_changes(e.service.store);
	CHECK(say(&e, &monitor, OUTCOME_COMPLETED, "") == OUTCOME_NOT_SO);
	struct wall last = wall_add_s(e.sample.joinable_start, 28 * DAY_S);
	e.service.now = wall_add_s(last, 1);
	CHECK(say(&e, &monitor, OUTCOME_EQUIPMENT, "") == OUTCOME_TOO_LATE);
	CHECK(store_changes(e.service.store) == changes);
	e.service.now = last;
	CHECK(say(&e, &monitor, OUTCOME_EQUIPMENT, "") == OUTCOME_MAY);
	estate_close(&e);
}

static void a_visit_that_was_called_off_has_its_cancellation(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(visit_cancel(&e.service, &clerk, e.sample.joinable, STR("Burst pipe")) == OK);
	CHECK(say(&e, &clerk, OUTCOME_ESTABLISHMENT, "") == OUTCOME_CALLED_OFF);
	estate_close(&e);
}

static void others_say_nothing_of_a_visit(void **state)
{
	(void)state;
	struct estate e;
	enum outcome_answer answer;
	estate_open(&e);
	visitors_stay_away(&e);
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	struct actor family = estate_family(&e, "amina@family.example");
	struct actor inspector = estate_staff(&e, ROLE_INSPECTOR, NULL);
	CHECK(visit_outcome_set(&e.service, &leeds, e.sample.joinable, OUTCOME_EQUIPMENT, STR(""),
				&answer) == ERR_NOT_FOUND);
	CHECK(visit_outcome_set(&e.service, &family, e.sample.joinable, OUTCOME_EQUIPMENT, STR(""),
				&answer) == ERR_DENIED);
	CHECK(visit_outcome_set(&e.service, &inspector, e.sample.joinable, OUTCOME_EQUIPMENT,
				STR(""), &answer) == ERR_DENIED);
	estate_close(&e);
}

static bool lists(const struct visit_list *list, struct reference reference)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->list[i].reference.text, reference.text) == 0)
			return true;
	return false;
}

static void the_visits_of_a_day_that_are_over_are_listed_as_far_back(void **state)
{
	(void)state;
	struct estate e;
	struct visit_list found = { 0 };
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	struct date day = local_date(e.sample.joinable_start);
	CHECK(visits_over_find(&e.service, &clerk, &e.arena, clerk.prison, day, &found) == OK);
	CHECK(!lists(&found, e.sample.joinable));
	visitors_stay_away(&e);
	CHECK(visits_over_find(&e.service, &clerk, &e.arena, clerk.prison, day, &found) == OK);
	CHECK(lists(&found, e.sample.joinable));
	CHECK(visits_over_find(&e.service, &leeds, &e.arena, clerk.prison, day, &found) ==
	      ERR_NOT_FOUND);
	CHECK(visits_over_find(&e.service, &clerk, &e.arena, clerk.prison, date_add_days(day, 1),
			       &found) == ERR_BAD);
	e.service.now = wall_add_s(e.service.now, 28 * DAY_S);
	CHECK(visits_over_find(&e.service, &clerk, &e.arena, clerk.prison, day, &found) == OK);
	CHECK(lists(&found, e.sample.joinable));
	e.service.now = wall_add_s(e.service.now, DAY_S);
	CHECK(visits_over_find(&e.service, &clerk, &e.arena, clerk.prison, day, &found) == ERR_BAD);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_paid_for_a_visit_that_could_not_be_comes_back_once),
		TEST(it_is_said_of_what_was_and_for_as_long_as_the_rule_says),
		TEST(a_visit_that_was_called_off_has_its_cancellation),
		TEST(others_say_nothing_of_a_visit),
		TEST(the_visits_of_a_day_that_are_over_are_listed_as_far_back),
	};
	return RUN("service/outcome", tests);
}
