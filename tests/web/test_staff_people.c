/*
 * What staff do about people, through the pages: the right thing is named, the
 * wrong one is not found, and nothing is changed that a form did not show.
 */
#include "tests/web/site.h"

#include "base/assert.h"
#include "service/booking.h"
#include "service/custody.h"
#include "service/safeguard.h"
#include "service/timetable.h"

static struct prisoner_id prisoner_of(struct site *s, const char *email, struct person_id *person)
{
	struct contact_list contacts;
	struct actor family = estate_family(&s->estate, email);
	CHECK(contacts_mine(&s->estate.service, &family, &s->estate.arena, &contacts) == OK);
	CHECK(contacts.count > 0);
	*person = contacts.list[0].person.id;
	return contacts.list[0].prisoner.id;
}

static const char *path_of(struct site *s, const char *format, int64_t id)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%lld", format, (long long)id);
	return arena_text(&s->estate.arena, str_from(path));
}

static struct restriction_id restrict_daniel(struct site *s, enum restriction_code code)
{
	struct person_id amina;
	struct restriction_id id;
	struct actor governor = estate_staff(&s->estate, ROLE_DUTY_GOVERNOR, "WWI");
	struct restriction_new new = {
		.on = RESTRICTION_ON_PRISONER,
		.code = code,
		.prisoner = prisoner_of(s, "amina@family.example", &amina),
		.comment = STR("After a find"),
		.authorised_by = STR("Helen Frost"),
	};
	CHECK(restriction_add(&s->estate.service, &governor, &new, &id) == OK);
	return id;
}

static void ending_names_what_is_ended_and_finds_no_other(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct restriction_id id = restrict_daniel(&s, RESTRICTION_CLOSED);
	sign_in(&s, "governor@wandsworth.example");
	const char *own = path_of(&s, "/staff/people/A1234BC/end/restriction", id.n);
	struct answer page = ask(&s, own, NULL);
	CHECK(page.status == 200 && says(&page, "<h1 class=\"govuk-heading-l\">End: Closed"));
	page = ask(&s, own, "reason=");
	CHECK(page.status == 422 && says(&page, "End: Closed"));
	/* Of another prisoner, of another kind, of nobody. */
	const char *others[] = {
		path_of(&s, "/staff/people/A2345CD/end/restriction", id.n),
		path_of(&s, "/staff/people/A1234BC/end/alert", id.n),
		path_of(&s, "/staff/people/A1234BC/end/nothing", id.n),
		path_of(&s, "/staff/people/A1234BC/end/restriction", 1),
	};
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		CHECK(ask(&s, others[i], NULL).status == 404);
	CHECK(ask(&s, own, "reason=Reviewed").status == 303);
	CHECK(ask(&s, own, NULL).status == 404);
	site_close(&s);
}

static void a_decision_about_a_child_is_for_a_child_of_theirs(void **state)
{
	(void)state;
	struct site s;
	struct contact_list mine;
	struct person_id other;
	site_open(&s);
	struct actor amina = estate_family(&s.estate, "amina@family.example");
	CHECK(contacts_mine(&s.estate.service, &amina, &s.estate.arena, &mine) == OK);
	(void)prisoner_of(&s, "ben@family.example", &other);
	sign_in(&s, "governor@wandsworth.example");
	for (size_t i = 0; i < mine.count; i++) {
		bool child = str_is(mine.list[i].person.name, "Zara Okoro");
		const char *path =
		    path_of(&s, "/staff/people/A1234BC/child", mine.list[i].person.id.n);
		CHECK(ask(&s, path, NULL).status == (child ? 200 : 404));
	}
	const char *foreign[] = { path_of(&s, "/staff/people/A1234BC/child", other.n),
				  path_of(&s, "/staff/people/A1234BC/child", 1),
				  "/staff/people/A1234BC/child/x" };
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
		CHECK(ask(&s, foreign[i], NULL).status == 404);
		struct answer page =
		    ask(&s, foreign[i],
			"level=PERMITTED&review-day=1&review-month=1&review-year=2027&reason=x");
		CHECK(page.status == 404 && !page.wrote);
	}
	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, foreign[0], NULL).status == 403);
	site_close(&s);
}

static void the_day_sheet_says_what_is_closed_or_watched(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, "/staff", NULL);
	CHECK(page.status == 200 && !says(&page, "govuk-tag--red\">Closed"));
	s.estate.service.now.s -= 60 * 60; /* before the lobby of today's visit */
	(void)restrict_daniel(&s, RESTRICTION_NONCON);
	page = ask(&s, "/staff", NULL);
	CHECK(says(&page, "govuk-tag--orange\">Watched"));
	(void)restrict_daniel(&s, RESTRICTION_CLOSED);
	page = ask(&s, "/staff", NULL);
	CHECK(says(&page, "govuk-tag--red\">Closed") && !says(&page, "Watched</strong>"));
	site_close(&s);
}

/* Rule 35: whoever sets less is told, on the page and before a rule is saved; nothing is refused. */
static void orders_below_the_floor_are_pointed_out(void **state)
{
	(void)state;
	static const char LESS[] = "Fewer than two visits in every four weeks at level ";
	struct site s;
	site_open(&s);
	sign_in(&s, "admin@wandsworth.example");
	struct answer page = ask(&s, "/staff/incentives", NULL);
	CHECK(page.status == 200 && !says(&page, LESS));
	CHECK(ask(&s, "/staff/incentives", "level_text=BAS&vo=0&pvo=2&reason=A+test").status ==
	      303);
	page = ask(&s, "/staff/incentives", NULL);
	CHECK(says(&page, LESS) && says(&page, "at level BAS."));
	sign_in(&s, "clerk@cardiff.example"); /* it is not theirs */
	page = ask(&s, "/staff/incentives", NULL);
	CHECK(!says(&page, LESS));
	sign_in(&s, "admin@wandsworth.example");
	CHECK(ask(&s, "/staff/incentives", "level_text=BAS&vo=1&pvo=0&reason=A+test").status ==
	      303);
	page = ask(&s, "/staff/incentives", NULL);
	CHECK(!says(&page, LESS));
	/* Every 28 days one is too few, two are enough. */
	page = ask(&s, "/staff/rules/order_vo_days", "value=28&from=&reason=A+test");
	CHECK(page.status == 200 && !page.wrote && says(&page, LESS) &&
	      says(&page, "at level BAS."));
	page = ask(&s, "/staff/rules/order_vo_days", "value=14&from=&reason=A+test");
	CHECK(page.status == 200 && !says(&page, LESS));
	page = ask(&s, "/staff/rules/order_pvo_days", "value=90&from=&reason=A+test");
	CHECK(page.status == 200 && !says(&page, LESS));
	site_close(&s);
}

static void two_numbers_are_merged_after_a_look(void **state)
{
	(void)state;
	struct site s;
	const char *path = "/staff/people/A1234BC/merge";
	site_open(&s);
	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, path, NULL).status == 403);
	sign_in(&s, "admin@wandsworth.example");
	CHECK(ask(&s, path, NULL).status == 200);
	static const struct {
		const char *form;
		const char *says;
	} bad[] = {
		{ "number=&reason=x", "Enter the other number" },
		{ "number=12&reason=x", "in the form A1234BC" },
		{ "number=A2345CD&reason=", "Enter a reason" },
		{ "number=Z9999ZZ&reason=x", "No prisoner of a prison that you work for" },
		{ "number=A1234BC&reason=x", "one prisoner already" },
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct answer page = ask(&s, path, bad[i].form);
		if (page.status != 422 || page.wrote || !says(&page, bad[i].says))
			fail_msg("%s: %d", bad[i].form, page.status);
	}
	/* The look changes nothing; the second form does it. */
	struct answer look = ask(&s, path, "number=A2345CD&reason=One+person");
	CHECK(look.status == 200 && !look.wrote && says(&look, "A2345CD, Thomas Reed"));
	CHECK(says(&look, "name=\"confirm\" value=\"yes\""));
	struct answer done = ask(&s, path, "number=A2345CD&reason=One+person&confirm=yes");
	CHECK(done.status == 303 && done.wrote);
	CHECK(strcmp(done.location, "/staff/people/A1234BC?done=prisoner_merged") == 0);
	struct answer old = ask(&s, "/staff/people/A2345CD", NULL);
	CHECK(old.status == 200 && says(&old, "Daniel Okoro"));
	site_close(&s);
}

static void a_session_keeps_the_visiting_order_that_it_takes(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "admin@wandsworth.example");
	struct answer list = ask(&s, "/staff/sessions", NULL);
	const char *id = between(&s, &list, "href=\"/staff/sessions/", "\"");
	const char *path = path_of(&s, "/staff/sessions", strtoll(id, NULL, 10));
	struct answer form = ask(&s, path, NULL);
	CHECK(form.status == 200 && says(&form, "name=\"order\""));
	struct answer saved =
	    ask(&s, path,
		"name=&days=1&days=3&start=2pm&end=4pm&slot=30&weeks=1&kinds=SOCIAL&clients=both&"
		"order=PVO&room=0&open=&closed=&locations=&locations_how=only&categories=&"
		"categories_how=only&incentives=&incentives_how=only&from=&last=&reason=x&"
		"confirm=yes");
	if (saved.status != 303)
		fail_msg("%d: %.3000s", saved.status, strstr(saved.html, "error-summary"));
	list = ask(&s, "/staff/sessions", NULL);
	bool kept = false;
	for (const char *at = list.html; (at = strstr(at, "href=\"/staff/sessions/")) != NULL;) {
		at += strlen("href=\"/staff/sessions/");
		struct answer one =
		    ask(&s, path_of(&s, "/staff/sessions", strtoll(at, NULL, 10)), NULL);
		kept |= says(&one, "value=\"PVO\" checked");
	}
	CHECK(kept);
	site_close(&s);
}

static int64_t leaves_of(struct site *s, const char *path)
{
	int64_t before = estate_leaves(&s->estate);
	CHECK(ask(s, path, NULL).status == 200);
	return estate_leaves(&s->estate) - before;
}

/* Loading a page again is no second look; another person, role or minute is. */
static void a_look_at_a_persons_page_is_a_leaf(void **state)
{
	(void)state;
	struct site s;
	struct person_id amina;
	site_open(&s);
	struct prisoner_id daniel = prisoner_of(&s, "amina@family.example", &amina);
	sign_in(&s, "clerk@wandsworth.example");
	assert_int_equal(leaves_of(&s, "/staff/people/A1234BC"), 1);
	assert_int_equal(leaves_of(&s, "/staff/people/A1234BC"), 0);
	assert_int_equal(leaves_of(&s, path_of(&s, "/staff/prisoners", daniel.n)), 0);
	assert_int_equal(leaves_of(&s, "/staff/people/A2345CD"), 1);
	s.estate.service.now.s += 59;
	assert_int_equal(leaves_of(&s, "/staff/people/A1234BC"), 0);
	s.estate.service.now.s += 2;
	assert_int_equal(leaves_of(&s, "/staff/people/A1234BC"), 1);
	int64_t before = estate_leaves(&s.estate);
	CHECK(ask(&s, "/staff/people/Z9999ZZ", NULL).status == 404);
	assert_int_equal(estate_leaves(&s.estate), before);
	sign_in(&s, "governor@wandsworth.example");
	assert_int_equal(leaves_of(&s, "/staff/people/A1234BC/restriction"), 1);
	assert_int_equal(leaves_of(&s, "/staff/people/A1234BC"), 0);
	sign_in(&s, "contacts@wandsworth.example");
	struct answer list = ask(&s, "/staff/approvals", NULL);
	const char *contact = arena_printf(&s.estate.arena, "/staff/approvals/%s",
					   between(&s, &list, "href=\"/staff/approvals/", "\""));
	assert_int_equal(leaves_of(&s, contact), 1);
	assert_int_equal(leaves_of(&s, contact), 0);
	site_close(&s);
}

/* ---- what stands before a decision, and whose it is ---- */

static const char *request_of_ben(struct site *s)
{
	struct contact_list contacts;
	struct actor ben = estate_family(&s->estate, "ben@family.example");
	CHECK(contacts_mine(&s->estate.service, &ben, &s->estate.arena, &contacts) == OK);
	return path_of(s, "/staff/approvals", contacts.list[0].id.n);
}

#define DECIDERS "Contacts authoriser, Duty governor. One of them is enough."

static void a_request_says_what_is_missing_and_who_decides(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	const char *path = request_of_ben(&s);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, path, NULL);
	CHECK(says(&page, "Before this can be decided") && says(&page, "are needed, and were not"));
	CHECK(says(&page, "Who can see to it: Contacts authoriser, Duty governor<"));
	CHECK(says(&page, DECIDERS " In your role you can read this"));
	CHECK(!says(&page, "Before these two can have a visit"));
	sign_in(&s, "contacts@wandsworth.example");
	page = ask(&s, path, NULL);
	CHECK(says(&page, "Before you can decide") && says(&page, DECIDERS " You may decide"));
	/* It stays where the form is shown again with its mistakes. */
	page = ask(&s, path, "decision=approve");
	CHECK(page.status == 422 && says(&page, "are needed, and were not"));
	send_photos(&s, "ben@family.example");
	sign_in(&s, "clerk@wandsworth.example");
	page = ask(&s, path, NULL);
	CHECK(says(&page, "Photos were sent.") && !says(&page, "are needed, and were not"));
	site_close(&s);
}

static void what_is_laid_down_stands_on_the_request(void **state)
{
	(void)state;
	struct site s;
	struct person_id ben;
	struct restriction_id id;
	site_open(&s);
	struct actor governor = estate_staff(&s.estate, ROLE_DUTY_GOVERNOR, "WWI");
	struct restriction_new new = { .on = RESTRICTION_ON_PAIR,
				       .code = RESTRICTION_BAN,
				       .prisoner = prisoner_of(&s, "ben@family.example", &ben),
				       .comment = STR("After a find"),
				       .authorised_by = STR("Helen Frost") };
	new.person = ben;
	CHECK(restriction_add(&s.estate.service, &governor, &new, &id) == OK);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, request_of_ben(&s), NULL);
	CHECK(says(&page, "Before these two can have a visit") &&
	      says(&page, "banned from visits"));
	CHECK(says(&page, "Who can see to it: Duty governor<"));
	new.code = RESTRICTION_NO_CONTACT;
	CHECK(restriction_add(&s.estate.service, &governor, &new, &id) == OK);
	page = ask(&s, request_of_ben(&s), NULL);
	CHECK(says(&page, "Nobody can approve them while it stands"));
	s.language_cookie = "cy";
	CHECK(ask(&s, "/language", "language=cy&next=%2F").status == 303);
	page = ask(&s, request_of_ben(&s), NULL);
	CHECK(says(&page, "Cyn y gellir penderfynu ar hyn") && says(&page, "Pwy sy’n penderfynu"));
	site_close(&s);
}

/* Nothing is to be decided on what was said no to: it is asked again first. */
static void of_a_rejection_it_says_whose_it_was(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	const char *path = request_of_ben(&s);
	sign_in(&s, "contacts@wandsworth.example");
	CHECK(ask(&s, path, "decision=reject&why=DECISION&reason=Not+known").status == 303);
	struct answer page = ask(&s, path, NULL);
	CHECK(says(&page, DECIDERS "<") && !says(&page, "Before you can decide"));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_look_at_a_persons_page_is_a_leaf),
		TEST(ending_names_what_is_ended_and_finds_no_other),
		TEST(a_decision_about_a_child_is_for_a_child_of_theirs),
		TEST(the_day_sheet_says_what_is_closed_or_watched),
		TEST(orders_below_the_floor_are_pointed_out),
		TEST(two_numbers_are_merged_after_a_look),
		TEST(a_request_says_what_is_missing_and_who_decides),
		TEST(what_is_laid_down_stands_on_the_request),
		TEST(of_a_rejection_it_says_whose_it_was),
		TEST(a_session_keeps_the_visiting_order_that_it_takes),
	};
	return RUN("web/staff_people", tests);
}
