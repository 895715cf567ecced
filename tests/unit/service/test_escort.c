/*
 * Movement lists: who may see and acknowledge them, and a prisoner who was not produced.
 */
#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/escort.h"
#include "store/query.h"
#include "store/visit.h"

static struct escort_sheet sheet_of(struct estate *e, const struct actor *actor)
{
	struct escort_sheet sheet;
	struct prison_code prison;
	CHECK(prison_code_of(STR("WWI"), &prison));
	CHECK(escort_sheet_find(&e->service, actor, &e->arena, prison,
				local_date(e->sample.joinable_start), STR(""), &sheet) == OK);
	return sheet;
}

static struct escort_row row_of(const struct escort_sheet *sheet, struct reference reference)
{
	for (size_t i = 0; i < sheet->count; i++)
		if (strcmp(sheet->rows[i].escort.visit.reference.text, reference.text) == 0)
			return sheet->rows[i];
	fail_msg("no row for that visit");
	return (struct escort_row){ 0 };
}

static void the_list_of_a_day_goes_by_wing_and_time(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct escort_sheet sheet = sheet_of(&e, &clerk);
	struct escort_row row = row_of(&sheet, e.sample.joinable);
	CHECK(row.pick_up.s == e.sample.joinable_start.s - 30 * 60);
	CHECK(str_is(row.escort.wing, "A") && str_starts(row.escort.location, "A"));
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	struct actor family = estate_family(&e, "amina@family.example");
	struct escort_sheet other;
	CHECK(escort_sheet_find(&e.service, &leeds, &e.arena, clerk.prison,
				local_date(e.service.now), STR(""), &other) == ERR_NOT_FOUND);
	CHECK(escort_sheet_find(&e.service, &family, &e.arena, clerk.prison,
				local_date(e.service.now), STR(""), &other) == ERR_DENIED);
	CHECK(escort_sheet_find(&e.service, &clerk, &e.arena, clerk.prison,
				local_date(e.sample.joinable_start), STR("Z"), &other) == OK);
	CHECK(other.count == 0);
	estate_close(&e);
}

static void a_wing_acknowledges_its_list_once_with_one_leaf(void **state)
{
	(void)state;
	struct estate e;
	size_t count = 0;
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct date day = local_date(e.sample.joinable_start);
	int64_t leaves = estate_leaves(&e);
	CHECK(escort_acknowledge(&e.service, &clerk, day, STR("A"), &count) == OK && count > 0);
	CHECK(estate_leaves(&e) == leaves + 1);
	struct escort_sheet sheet = sheet_of(&e, &clerk);
	struct escort_row row = row_of(&sheet, e.sample.joinable);
	CHECK(row.escort.acknowledged_at.s == e.service.now.s);
	CHECK(escort_acknowledge(&e.service, &clerk, day, STR("A"), &count) == OK && count == 0);
	CHECK(estate_leaves(&e) == leaves + 1);
	CHECK(escort_acknowledge(&e.service, &clerk, day, STR(""), &count) == ERR_BAD);
	CHECK(escort_acknowledge(&e.service, &clerk, date_add_days(day, -30), STR("A"), &count) ==
	      ERR_BAD);
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	CHECK(escort_acknowledge(&e.service, &leeds, day, STR("A"), &count) == OK && count == 0);
	struct actor analyst = estate_staff(&e, ROLE_HQ_ANALYST, NULL);
	CHECK(escort_acknowledge(&e.service, &analyst, day, STR("A"), &count) == ERR_DENIED);
	estate_close(&e);
}

static void a_prisoner_who_was_not_produced_ends_the_visit_with_its_cause(void **state)
{
	(void)state;
	struct estate e;
	struct visit visit = { 0 };
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct reference reference = e.sample.joinable;
	e.service.now = wall_add_s(e.sample.joinable_start, -60);
	CHECK(escort_not_produced(&e.service, &clerk, reference, NOT_PRODUCED_COURT, STR("")) ==
	      ERR_CONFLICT);
	e.service.now = wall_add_s(e.sample.joinable_start, 11 * 60);
	struct escort_sheet before = sheet_of(&e, &clerk);
	CHECK(row_of(&before, reference).state == ESCORT_OVERDUE);
	CHECK(escort_not_produced(&e.service, &clerk, reference, NOT_PRODUCED_OTHER, STR("")) ==
	      ERR_BAD);
	int64_t leaves = estate_leaves(&e);
	CHECK(escort_not_produced(&e.service, &clerk, reference, NOT_PRODUCED_NO_ESCORT,
				  STR("Two officers short")) == OK);
	CHECK(estate_leaves(&e) == leaves + 1);
	CHECK(store_visit_find(e.service.store, &e.arena, reference, &visit) == OK);
	CHECK(visit.state == VISIT_NO_SHOW && visit.end == END_PRISONER_ABSENT);
	CHECK(visit.counted_minutes == 0);
	struct escort_sheet after = sheet_of(&e, &clerk);
	struct escort_row row = row_of(&after, reference);
	CHECK(row.state == ESCORT_NOT_PRODUCED && row.escort.noted);
	CHECK(row.escort.cause == NOT_PRODUCED_NO_ESCORT);
	/* The cause can be put right; the end stays. */
	CHECK(escort_not_produced(&e.service, &clerk, reference, NOT_PRODUCED_NOT_TOLD, STR("")) ==
	      OK);
	after = sheet_of(&e, &clerk);
	CHECK(row_of(&after, reference).escort.cause == NOT_PRODUCED_NOT_TOLD);
	struct actor contacts = estate_staff(&e, ROLE_CONTACTS_AUTHORISER, "WWI");
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	CHECK(escort_not_produced(&e.service, &contacts, reference, NOT_PRODUCED_COURT, STR("")) ==
	      ERR_DENIED);
	CHECK(escort_not_produced(&e.service, &leeds, reference, NOT_PRODUCED_COURT, STR("")) ==
	      ERR_NOT_FOUND);
	estate_close(&e);
}

static void who_is_at_the_terminal_cannot_be_noted_as_not_produced(void **state)
{
	(void)state;
	struct estate e;
	enum joining joining;
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor terminal = estate_terminal(&e);
	e.service.now = e.sample.joinable_start;
	CHECK(lobby_enter(&e.service, &terminal, e.sample.joinable, &joining) == OK);
	CHECK(joining == JOINING_OK);
	CHECK(escort_not_produced(&e.service, &clerk, e.sample.joinable, NOT_PRODUCED_COURT,
				  STR("")) == ERR_CONFLICT);
	struct escort_sheet sheet = sheet_of(&e, &clerk);
	CHECK(row_of(&sheet, e.sample.joinable).state == ESCORT_THERE);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_list_of_a_day_goes_by_wing_and_time),
		TEST(a_wing_acknowledges_its_list_once_with_one_leaf),
		TEST(a_prisoner_who_was_not_produced_ends_the_visit_with_its_cause),
		TEST(who_is_at_the_terminal_cannot_be_noted_as_not_produced),
	};
	return RUN("service/escort", tests);
}
