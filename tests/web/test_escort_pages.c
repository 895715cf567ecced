/*
 * Movement lists and the page of a prisoner who was not produced, as a browser meets them.
 */
#include "tests/web/site.h"

#include "service/escort.h"

static void a_wing_reads_its_list_and_says_that_it_knows(void **state)
{
	(void)state;
	struct site s;
	char path[200], day[DATE_TEXT_ROOM], form[100];
	site_open(&s);
	date_write(local_date(s.estate.sample.joinable_start), day);
	snprintf(path, sizeof path, "/staff/movements?date=%s", day);
	s.estate.service.now = wall_add_s(s.estate.sample.joinable_start, -45 * 60);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "Wing: A") && says(&page, "Daniel Okoro"));
	CHECK(says(&page, "Not acknowledged: ring the wing"));
	CHECK(says(&page, "data-module=\"pvl-countdown\""));
	snprintf(form, sizeof form, "wing=A&day=%s", day);
	page = ask(&s, "/staff/movements/acknowledge", form);
	CHECK(page.status == 303 && page.wrote && strstr(page.location, "done=acknowledged"));
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "Acknowledged: "));
	CHECK(!says(&page, "ring the wing"));
	snprintf(path, sizeof path, "/staff/movements?date=%s&wing=B%%22%%3E", day);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "No visits on this day") && !says(&page, "B\">"));
	snprintf(form, sizeof form, "wing=A&day=2026-99-01");
	CHECK(ask(&s, "/staff/movements/acknowledge", form).status == 404);
	snprintf(path, sizeof path, "/staff?date=%s", day);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "/staff/day-sheet.pdf?date="));
	site_close(&s);
}

static void the_list_is_of_the_own_prison_and_not_for_families(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	CHECK(ask(&s, "/staff/movements", NULL).status == 404);
	sign_in(&s, "clerk@cardiff.example");
	struct answer page = ask(&s, "/staff/movements?prison=WWI", NULL);
	CHECK(page.status == 200 && !says(&page, "Daniel Okoro"));
	sign_in(&s, "analyst@hq.example");
	CHECK(ask(&s, "/staff/movements?prison=WWI", NULL).status == 403);
	sign_in(&s, "inspector@hq.example");
	CHECK(ask(&s, "/staff/movements?prison=WWI", NULL).status == 200);
	CHECK(ask(&s, "/staff/movements", NULL).status == 404);
	site_close(&s);
}

static void staff_say_why_a_prisoner_was_not_produced(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	snprintf(path, sizeof path, "/staff/visits/%s/not-produced", s.estate.sample.joinable.text);
	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, path, NULL).status == 303); /* not begun: there is nothing to say */
	s.estate.service.now = wall_add_s(s.estate.sample.joinable_start, 660);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "No escort") && says(&page, "The visit ends"));
	page = ask(&s, path, "");
	CHECK(page.status == 422 && says(&page, "Choose why the prisoner was not produced"));
	page = ask(&s, path, "cause=OTHER&words=");
	CHECK(page.status == 422 && says(&page, "Enter what the cause was"));
	page = ask(&s, path, "cause=NO_ESCORT&words=");
	CHECK(page.status == 303 && page.wrote);
	snprintf(path, sizeof path, "/staff/visits/%s", s.estate.sample.joinable.text);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "letter.pdf?lang=cy"));
	CHECK(says(&page, "The prisoner"));
	site_close(&s);
}

/* Without the program that makes them there is an answer in words, and no file. */
static void without_its_program_a_document_is_refused_in_words(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "clerk@wandsworth.example");
	snprintf(path, sizeof path, "/staff/visits/%s/slip.pdf", s.estate.sample.joinable.text);
	CHECK(ask(&s, path, NULL).status == 503);
	CHECK(ask(&s, "/staff/day-sheet.pdf", NULL).status == 503);
	CHECK(ask(&s, "/staff/movements/list.pdf", NULL).status == 503);
	CHECK(ask(&s, "/staff/visits/AAAAAAAAA/slip.pdf", NULL).status == 404);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wing_reads_its_list_and_says_that_it_knows),
		TEST(the_list_is_of_the_own_prison_and_not_for_families),
		TEST(staff_say_why_a_prisoner_was_not_produced),
		TEST(without_its_program_a_document_is_refused_in_words),
	};
	return RUN("web/escort_pages", tests);
}
