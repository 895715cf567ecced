/*
 * The days and hours of visits on the page of a prison, as anybody may read them.
 */
#include "site.h"

#include "service/prison.h"
#include "service/timetable.h"

enum {
	WEDNESDAY = 1 << 3,
	STAFF_ONLY_HOUR = 7,
};

static struct prison_code cardiff(void)
{
	struct prison_code code;
	CHECK(prison_code_of(STR("CFI"), &code));
	return code;
}

/* A session of an hour on Wednesdays; whose it is, a test says. */
static struct session_template wednesdays(const struct site *s, int hour)
{
	return (struct session_template){
		.prison = cardiff(),
		.name = STR("Not for the public"),
		.weekdays = WEDNESDAY,
		.start_minute = hour * 60,
		.end_minute = (hour + 1) * 60,
		.slot_minutes = 30,
		.every_weeks = 1,
		.valid_from = local_date(s->estate.service.now),
		.kinds = 1U << VISIT_SOCIAL,
		.clients = SESSION_FAMILY | SESSION_STAFF,
		.open_capacity = SESSION_CAPACITY_NONE,
		.closed_capacity = SESSION_CAPACITY_NONE,
	};
}

static void save(struct site *s, struct session_template session)
{
	struct session_edit edit = { .session = session, .reason = STR("A test") };
	struct effect_list effects;
	CHECK(session_save(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, &edit, CHANGE_SAVE,
			   &effects) == OK);
}

/* The session of Cardiff that begins then. */
static struct session_template_id beginning(struct site *s, int minute)
{
	struct session_list all;
	CHECK(sessions_find(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, cardiff(), &all) ==
	      OK);
	for (size_t i = 0; i < all.count; i++)
		if (all.list[i].start_minute == minute)
			return all.list[i].id;
	fail_msg("no session begins %d minutes after midnight", minute);
	return (struct session_template_id){ 0 };
}

static void close_day(struct site *s, struct date day, struct session_template_id session)
{
	struct exclude_date date = { .prison = cardiff(),
				     .day = day,
				     .session = session,
				     .reason = STR("A search of the wing") };
	struct effect_list effects;
	CHECK(exclude_date_add(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, &date,
			       CHANGE_SAVE, &effects) == OK);
}

static void switch_off(struct site *s, enum policy_name name)
{
	struct policy_setting setting = { .prison = cardiff(),
					  .name = name,
					  .valid_from = s->estate.service.now,
					  .reason = STR("A test") };
	struct effect_list effects;
	CHECK(policy_set(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, &setting, &effects) ==
	      OK);
}

static void the_page_says_when_visits_are_held(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer page = ask(&s, "/prisons/CFI", NULL);
	CHECK(says(&page, ">Monday to Friday<") && says(&page, ">9am to midday<"));
	CHECK(says(&page, ">Monday to Sunday<") && says(&page, ">1:30pm to 4:30pm<"));
	CHECK(says(&page, ">Saturday, Sunday<") && says(&page, ">6pm to 8pm<"));
	CHECK(says(&page, "Families and lawyers") && !says(&page, "Closed days"));
	s.language_cookie = "cy";
	page = ask(&s, "/prisons/CFI", NULL);
	CHECK(says(&page, ">Dydd Llun i Ddydd Gwener<"));
	site_close(&s);
}

static void a_day_without_end_is_all_day(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer page = ask(&s, "/prisons/WWI", NULL);
	CHECK(says(&page, ">All day<") && !says(&page, "midnight"));
	site_close(&s);
}

static void what_only_staff_book_is_not_public(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct session_template staff = wednesdays(&s, STAFF_ONLY_HOUR), official = staff;
	staff.clients = SESSION_STAFF;
	save(&s, staff);
	official.kinds = 1U << VISIT_OFFICIAL;
	official.start_minute += 60, official.end_minute += 60;
	save(&s, official);
	close_day(&s, (struct date){ 2026, 12, 2 }, beginning(&s, STAFF_ONLY_HOUR * 60));
	struct answer page = ask(&s, "/prisons/CFI", NULL);
	CHECK(!says(&page, "7am") && !says(&page, "8am") && !says(&page, "2 December 2026"));
	site_close(&s);
}

static void a_session_for_some_is_told_without_who_they_are(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct session_group wing = { GROUP_LOCATION, STR("B-2") };
	struct session_template some = wednesdays(&s, STAFF_ONLY_HOUR);
	some.every_weeks = 2;
	some.valid_from = (struct date){ 2026, 12, 1 };
	some.valid_to = (struct date){ 2027, 1, 31 };
	some.group_count = 1;
	some.groups = &wing;
	save(&s, some);
	struct answer page = ask(&s, "/prisons/CFI", NULL);
	CHECK(says(&page, ">7am to 8am<") && says(&page, ">Families<"));
	CHECK(says(&page, "Every 2 weeks") && says(&page, "Not for everyone in this prison"));
	CHECK(says(&page, "From 1 December 2026") && says(&page, "Until 31 January 2027"));
	CHECK(!says(&page, "B-2") && !says(&page, "Not for the public"));
	site_close(&s);
}

static void a_closed_day_is_told_without_its_reason(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	close_day(&s, (struct date){ 2026, 12, 25 }, (struct session_template_id){ 0 });
	close_day(&s, (struct date){ 2026, 12, 26 }, beginning(&s, 18 * 60));
	struct answer page = ask(&s, "/prisons/CFI", NULL);
	CHECK(says(&page, ">25 December 2026<") && says(&page, ">No video visits<"));
	CHECK(says(&page, ">26 December 2026<") && says(&page, ">No visits from 6pm to 8pm<"));
	CHECK(!says(&page, "A search of the wing"));
	site_close(&s);
}

static void a_kind_that_is_switched_off_has_no_hours(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	close_day(&s, (struct date){ 2026, 12, 26 }, beginning(&s, 18 * 60));
	switch_off(&s, POLICY_SOCIAL_ON);
	struct answer page = ask(&s, "/prisons/CFI", NULL);
	CHECK(says(&page, ">Lawyers<") && !says(&page, "Families and lawyers"));
	switch_off(&s, POLICY_LEGAL_ON);
	page = ask(&s, "/prisons/CFI", NULL);
	CHECK(says(&page, "No times for video visits are set.") && !says(&page, "6pm"));
	site_close(&s);
}

static void a_prison_that_cannot_hold_visits_has_no_hours(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer page = ask(&s, "/prisons/HBI", NULL);
	CHECK(page.status == 200 && !says(&page, "When visits are held"));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_page_says_when_visits_are_held),
		TEST(a_day_without_end_is_all_day),
		TEST(what_only_staff_book_is_not_public),
		TEST(a_session_for_some_is_told_without_who_they_are),
		TEST(a_closed_day_is_told_without_its_reason),
		TEST(a_kind_that_is_switched_off_has_no_hours),
		TEST(a_prison_that_cannot_hold_visits_has_no_hours),
	};
	return RUN("web/held", tests);
}
