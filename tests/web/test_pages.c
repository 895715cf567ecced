/*
 * Pages as a browser meets them: a path and a form in, a status and HTML out,
 * on a database that holds the sample estate.  No socket, no loop.
 */
#include "tests/web/site.h"

static void a_form_with_mistakes_says_all_of_them_and_writes_nothing(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer empty = ask(&s, "/prisoners/new", "");
	CHECK(empty.status == 422 && !empty.wrote);
	CHECK(says(&empty, "<title>Error: "));
	CHECK(says(&empty, "<a href=\"#number\">") && says(&empty, "<a href=\"#name\">"));
	CHECK(says(&empty, "<a href=\"#born\">") && says(&empty, "<a href=\"#relationship\">"));

	struct answer bad = ask(&s, "/prisoners/new",
				"number=%3Cb%3E&name=A+B&born-day=31&born-month=2&born-year=1980&"
				"relationship=friend");
	CHECK(bad.status == 422 && !bad.wrote);
	CHECK(says(&bad, "href=\"#number\"") && says(&bad, "href=\"#born\""));
	CHECK(!says(&bad, "href=\"#name\""));
	CHECK(says(&bad, "value=\"&lt;b&gt;\"") && !says(&bad, "value=\"<b>"));
	CHECK(says(&bad, "value=\"31\""));
	site_close(&s);
}

static void a_field_longer_than_its_maximum_is_a_mistake(void **state)
{
	(void)state;
	struct site s;
	char form[BODY_ROOM - 200];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	size_t used =
	    (size_t)snprintf(form, sizeof(form), "number=A1234BC&relationship=friend&name=");
	memset(form + used, 'x', sizeof(form) - used - 1);
	form[sizeof(form) - 1] = '\0';
	struct answer answer = ask(&s, "/prisoners/new", form);
	CHECK(answer.status == 422 && !answer.wrote);
	CHECK(says(&answer, "Name must be 100 characters or fewer"));
	site_close(&s);
}

/* Three kinds of wrong details, one answer: it tells neither whether a number exists nor where. */
static void wrong_details_of_a_prisoner_all_read_the_same(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"number=Z9999ZZ&name=No+Body&born-day=1&born-month=1&born-year=1980&"
		"relationship=friend",
		"number=A1234BC&name=Wrong+Name&born-day=1&born-month=1&born-year=1980&"
		"relationship=friend",
		"number=A1234BC&name=Daniel+Okoro&born-day=2&born-month=2&born-year=1981&"
		"relationship=friend",
	};
	struct site s;
	site_open(&s);
	sign_in(&s, "ben@family.example");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct answer answer = ask(&s, "/prisoners/new", forms[i]);
		CHECK(answer.status == 422);
		CHECK(says(&answer, "We could not find one person with this number"));
		CHECK(!says(&answer, "Wandsworth"));
	}
	site_close(&s);
}

static void the_things_of_others_are_not_found_and_stay_as_they_are(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "ben@family.example");
	static const char *const pages[] = { "", "/booked", "/cancel", "/room", "/calendar.ics" };
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		snprintf(path, sizeof(path), "/visits/%s%s", s.estate.sample.joinable.text,
			 pages[i]);
		CHECK(ask(&s, path, NULL).status == 404);
	}
	snprintf(path, sizeof(path), "/visits/%s/cancel", s.estate.sample.joinable.text);
	struct answer answer = ask(&s, path, "why=");
	CHECK(answer.status == 404 && !answer.wrote);
	answer = ask(&s, "/people/new",
		     "prisoner=4711&name=A+B&born-day=1&born-month=1&born-year=2000&"
		     "relationship=friend");
	CHECK(answer.status == 404 && !answer.wrote);
	CHECK(ask(&s, "/book/4711", NULL).status == 404);
	CHECK(ask(&s, "/book/4711/12-13/1795456800-30", "").status == 404);
	CHECK(ask(&s, "/staff", NULL).status == 404);
	site_close(&s);
}

static void a_form_without_its_token_is_refused(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	s.session.csrf[0] = s.session.csrf[0] == 'A' ? 'B' : 'A';
	struct answer answer = ask(&s, "/book", "prisoner=1");
	CHECK(answer.status == 403 && !answer.wrote);
	site_close(&s);
}

static void a_family_books_in_four_steps_and_never_twice(void **state)
{
	(void)state;
	struct site s;
	char form[200], path[512];
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer page = ask(&s, "/book", NULL);
	snprintf(form, sizeof(form), "prisoner=%s",
		 between(&s, &page, "name=\"prisoner\" type=\"radio\" value=\"", "\""));
	page = ask(&s, "/book", form);
	CHECK(page.status == 303);

	snprintf(path, sizeof(path), "%s", page.location);
	page = ask(&s, path, "who=999");
	CHECK(page.status == 422 && says(&page, "Choose people from this list"));
	snprintf(form, sizeof(form), "who=%s",
		 between(&s, &page, "name=\"who\" type=\"checkbox\" value=\"", "\""));
	page = ask(&s, path, form);
	CHECK(page.status == 303);

	snprintf(path, sizeof(path), "%s", page.location);
	page = ask(&s, path, "time=yesterday");
	CHECK(page.status == 422 && !page.wrote && says(&page, "Choose a time"));
	snprintf(form, sizeof(form), "time=%s",
		 between(&s, &page, "name=\"time\" type=\"radio\" value=\"", "\""));
	page = ask(&s, path, form);
	CHECK(page.status == 303);

	snprintf(path, sizeof(path), "%s", page.location);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "Amina Okoro") && !page.wrote);
	page = ask(&s, path, "");
	CHECK(page.status == 303 && page.wrote);
	struct answer again = ask(&s, path, "");
	CHECK(again.status == 409 && says(&again, "Choose another time"));
	page = ask(&s, page.location, NULL);
	CHECK(page.status == 200 && says(&page, "Visit booked"));
	site_close(&s);
}

static void staff_refuse_a_visitor_only_with_a_reason(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "contacts@wandsworth.example");
	struct answer page = ask(&s, "/staff/approvals", NULL);
	CHECK(page.status == 200 && says(&page, "Ben Reed"));
	snprintf(path, sizeof(path), "/staff/approvals/%s",
		 between(&s, &page, "href=\"/staff/approvals/", "\""));
	page = ask(&s, path, "decision=reject&reason=+");
	CHECK(page.status == 422 && !page.wrote);
	CHECK(says(&page, "Enter a reason for not approving"));
	page = ask(&s, path, "decision=perhaps&reason=x");
	CHECK(page.status == 422 && !page.wrote);
	page = ask(&s, path, "decision=reject&reason=Not+known");
	CHECK(page.status == 303 && page.wrote);
	/* The reason is the prison's: the family's page says only that it was not approved. */
	sign_in(&s, "ben@family.example");
	page = ask(&s, "/home", NULL);
	CHECK(page.status == 200 && says(&page, "Not approved") && !says(&page, "Not known"));
	site_close(&s);
}

static void staff_of_another_prison_find_nothing(void **state)
{
	(void)state;
	struct site s;
	char path[200];
	site_open(&s);
	sign_in(&s, "clerk@cardiff.example");
	snprintf(path, sizeof(path), "/staff/visits/%s", s.estate.sample.joinable.text);
	CHECK(ask(&s, path, NULL).status == 404);
	snprintf(path, sizeof(path), "/staff/visits/%s/end", s.estate.sample.joinable.text);
	struct answer answer = ask(&s, path, "why=OTHER&reason=x");
	CHECK(answer.status == 404 && !answer.wrote);
	CHECK(!says(&answer, "Okoro"));
	CHECK(ask(&s, "/staff/audit", NULL).status == 403);
	site_close(&s);
}

static void the_door_leads_only_to_pages_of_ours(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer own = ask(&s, "/sign-in?next=%2Fvisits%2FK7M2P9QX4", NULL);
	CHECK(says(&own, "name=\"next\" value=\"/visits/K7M2P9QX4\""));
	struct answer other = ask(&s, "/sign-in?next=%2F%2Fevil.example", NULL);
	CHECK(other.status == 200 && !says(&other, "name=\"next\""));
	site_close(&s);
}

static void who_signs_out_is_out(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	struct answer answer = ask(&s, "/sign-out", "");
	CHECK(answer.status == 303 && strcmp(answer.location, "/?done=signed_out") == 0);
	struct arena arena;
	struct account_session session;
	arena_init(&arena);
	CHECK(account_session_find(&s.estate.service, &arena, str_from(s.session.token),
				   &session) == ERR_NOT_FOUND);
	arena_clear(&arena);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_form_with_mistakes_says_all_of_them_and_writes_nothing),
		TEST(a_field_longer_than_its_maximum_is_a_mistake),
		TEST(wrong_details_of_a_prisoner_all_read_the_same),
		TEST(the_things_of_others_are_not_found_and_stay_as_they_are),
		TEST(a_form_without_its_token_is_refused),
		TEST(a_family_books_in_four_steps_and_never_twice),
		TEST(staff_refuse_a_visitor_only_with_a_reason),
		TEST(staff_of_another_prison_find_nothing),
		TEST(the_door_leads_only_to_pages_of_ours),
		TEST(who_signs_out_is_out),
	};
	return RUN("web/pages", tests);
}
