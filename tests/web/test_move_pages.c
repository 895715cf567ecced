/*
 * A lawyer moves a visit on its pages: from the visit to other times, to a check, to the visit;
 * mistakes are said beside the times, and the visit keeps the one that it has.
 */
#include "tests/store/lawyers.h"
#include "tests/web/site.h"

#include "store/query.h"

struct scene {
	struct site s;
	struct actor lawyer;
	struct reference reference;
	char visit[60], move[80];
};

static void scene_open(struct scene *c, const struct legal_ask *ask)
{
	*c = (struct scene){ 0 };
	site_open(&c->s);
	c->lawyer = lawyer_of(&c->s.estate, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&c->s.estate, c->lawyer);
	c->reference = booked(&c->s.estate, c->lawyer, ask);
	snprintf(c->visit, sizeof c->visit, "/visits/%s", c->reference.text);
	snprintf(c->move, sizeof c->move, "/visits/%s/move", c->reference.text);
	sign_in(&c->s, "lena@law.example");
}

static struct visit see(struct scene *c)
{
	struct visit visit = { 0 };
	CHECK(visit_find(&c->s.estate.service, &c->lawyer, &c->s.estate.arena, c->reference,
			 &visit) == OK);
	return visit;
}

/* A form that chooses the n-th time of the page; take: and says that it was checked. */
static void choose(const struct answer *page, size_t n, bool take, char form[100])
{
	const char *at = page->html;
	for (size_t i = 0; i <= n; i++) {
		at = strstr(at, "name=\"time\" type=\"radio\" value=\"");
		CHECK(at != NULL);
		at += strlen("name=\"time\" type=\"radio\" value=\"");
	}
	snprintf(form, 100, "time=%.*s%s", (int)strcspn(at, "\""), at, take ? "&take=1" : "");
}

static void a_lawyer_moves_a_visit_after_a_check(void **state)
{
	struct scene c;
	struct answer page;
	char form[100];
	const struct legal_ask asked = asking();
	(void)state;
	scene_open(&c, &asked);
	struct visit before = see(&c);
	page = ask(&c.s, c.visit, NULL);
	CHECK(says(&page, c.move));
	page = ask(&c.s, c.move, NULL);
	CHECK(page.status == 200 && !page.wrote);
	CHECK(says(&page, "Your wait still counts from Monday 23 November 2026"));
	CHECK(says(&page, "Times after 30 November 2026 are not shown"));
	choose(&page, 1, false, form);
	page = ask(&c.s, c.move, form);
	CHECK(page.status == 200 && !page.wrote);
	CHECK(says(&page, "Check before you move the visit") && says(&page, "Time now"));
	CHECK(see(&c).start.s == before.start.s);
	strcat(form, "&take=1");
	page = ask(&c.s, c.move, form);
	CHECK(page.status == 303 && strstr(page.location, "?done=moved") != NULL);
	CHECK(see(&c).start.s > before.start.s && see(&c).minutes == before.minutes);
	page = ask(&c.s, page.location, NULL);
	CHECK(says(&page, "The visit has been moved."));
	/* Staff read what happened to it, at the time that it had before too. */
	char path[60];
	snprintf(path, sizeof path, "/staff/visits/%s", c.reference.text);
	sign_in(&c.s, "clerk@wandsworth.example");
	page = ask(&c.s, path, NULL);
	CHECK(page.status == 200 && says(&page, "What has happened"));
	const char *first = strstr(page.html,
				   "<th scope=\"row\" class=\"govuk-table__header\">Booked</th>"),
		   *then = strstr(page.html, "Moved to another time");
	CHECK(first != NULL && then > first);
	site_close(&c.s);
}

static void what_cannot_be_is_said_beside_the_times(void **state)
{
	struct scene c;
	struct answer page;
	char form[100];
	const struct legal_ask asked = asking();
	(void)state;
	scene_open(&c, &asked);
	struct visit before = see(&c);
	static const char *const NONE[] = { "", "time=&take=1", "time=tomorrow&take=1",
					    "time=1795600000-45-&take=1", "time=99-x-99999999999" };
	for (size_t i = 0; i < ARRAY_LEN(NONE); i++) {
		page = ask(&c.s, c.move, NONE[i]);
		CHECK(page.status == 422 && !page.wrote);
	}
	page = ask(&c.s, c.move, "take=1");
	CHECK(says(&page, "Choose a time") && says(&page, "id=\"time\""));
	/* A day after the bail hearing, at eleven. */
	long long late = local_midnight((struct date){ 2026, 12, 1 }).s + 11 * 3600;
	snprintf(form, sizeof form, "time=%lld-45-1&take=1", late);
	page = ask(&c.s, c.move, form);
	CHECK(page.status == 422 && !page.wrote);
	CHECK(says(&page, "That day is after the one that the visit is for."));
	/* Nearer than the notice. */
	snprintf(form, sizeof form, "time=%lld-45-1&take=1",
		 (long long)(c.s.estate.service.now.s / 300 + 2) * 300);
	page = ask(&c.s, c.move, form);
	CHECK(page.status == 422 && !page.wrote && says(&page, "cannot be booked any more"));
	CHECK(see(&c).start.s == before.start.s && see(&c).id.n == before.id.n);
	site_close(&c.s);
}

/* One terminal for two hours on Fridays; two routine visits have what is not kept of the next one. */
static void fill_friday(struct scene *c)
{
	struct estate *e = &c->s.estate;
	static const char *const SQL[] = {
		"UPDATE session_template SET start_minute = 600, end_minute = 720, weekdays = 32 "
		"WHERE prison = 'WWI'",
		"UPDATE terminal SET active = 0 WHERE prison = 'WWI' AND name = 'Terminal 2'"
	};
	struct legal_ask ask = asking();
	ask.cause = WAITING_FOR_NOTHING;
	ask.deadline = (struct date){ 0 };
	ask.minutes = 30;
	for (size_t i = 0; i < ARRAY_LEN(SQL); i++) {
		struct query q = query_of(e->service.store, SQL[i]);
		CHECK(query_end(&q) == OK);
	}
	struct actor other = lawyer_of(e, "other@law.example", PROFESSION_SOLICITOR);
	verify(e, other);
	for (int i = 0; i < 2; i++) {
		struct legal_time time = { .start = {
					       local_midnight((struct date){ 2026, 11, 27 }).s +
					       (600 + i * 35) * 60 } };
		enum legal_answer answer;
		struct verdict verdict;
		struct reference reference;
		CHECK(legal_book(&e->service, &other, &ask, time, &answer, &verdict, &reference) ==
		      OK);
		CHECK(answer == LEGAL_FINE && verdict_clean(verdict));
	}
}

/* The page was shown before others took the rest: it says until when the time is kept, and what is next. */
static void a_time_that_is_kept_since_the_page_was_shown_is_said_with_the_next(void **state)
{
	struct scene c;
	struct answer page;
	char form[300];
	struct legal_ask asked = asking();
	(void)state;
	asked.cause = WAITING_FOR_NOTHING;
	asked.deadline = (struct date){ 0 };
	asked.prisoner_number = STR("A2345CD");
	asked.prisoner_born = (struct date){ 1992, 9, 3 };
	scene_open(&c, &asked);
	struct visit before = see(&c);
	fill_friday(&c);
	long long kept = local_midnight((struct date){ 2026, 11, 27 }).s + 670 * 60;
	static const char LEGAL[] =
	    "number=A2345CD&born-day=3&born-month=9&born-year=1992&cause=%s&"
	    "minutes=30&take=1&time=%lld-30-1";
	snprintf(form, sizeof form, LEGAL, "NONE", kept);
	page = ask(&c.s, "/legal", form);
	CHECK(page.status == 422 && says(&page, "That time is kept for urgent requests"));
	CHECK(says(&page, "kept for urgent requests until 25 November 2026"));
	CHECK(says(&page, "4 December 2026") && strstr(page.html, "name=\"take\"") != NULL);
	snprintf(form, sizeof form, LEGAL, "NONE", kept - 35 * 60);
	page = ask(&c.s, "/legal", form);
	CHECK(page.status == 422 && says(&page, "Somebody has just taken that time"));
	/* The same where one is moved to it; the visit keeps its time. */
	snprintf(form, sizeof form, "time=%lld-45-1&take=1", kept);
	page = ask(&c.s, c.move, form);
	CHECK(page.status == 422 && says(&page, "That time is kept for urgent requests"));
	CHECK(says(&page, "until 26 November 2026")); /* longer, and so a day later */
	CHECK(see(&c).start.s == before.start.s && see(&c).id.n == before.id.n);
	/* Too near to the one before it, for somebody in a hurry. */
	snprintf(form, sizeof form, LEGAL,
		 "BAIL&deadline-day=7&deadline-month=12&deadline-year=2026", kept - 5 * 60);
	page = ask(&c.s, "/legal", form);
	CHECK(page.status == 422 && says(&page, "The room needs a few minutes between two visits"));
	snprintf(form, sizeof form, LEGAL,
		 "BAIL&deadline-day=7&deadline-month=12&deadline-year=2026", kept);
	page = ask(&c.s, "/legal", form);
	CHECK(page.status == 303 && strstr(page.location, "?done=legal_booked") != NULL);
	site_close(&c.s);
}

static void days_are_shown_a_week_at_a_time(void **state)
{
	struct scene c;
	struct answer page;
	char path[140];
	struct legal_ask asked = asking();
	(void)state;
	asked.cause = WAITING_FOR_NOTHING;
	asked.deadline = (struct date){ 0 };
	scene_open(&c, &asked);
	page = ask(&c.s, c.move, NULL);
	CHECK(says(&page, "rel=\"next\"") && !says(&page, "rel=\"prev\""));
	snprintf(path, sizeof path, "%s?from=2026-11-30", c.move);
	page = ask(&c.s, path, NULL);
	CHECK(page.status == 200 && says(&page, "rel=\"prev\""));
	CHECK(says(&page, "30 November") && !says(&page, "24 November 2026</"));
	static const char *const ODD[] = { "?from=9999-12-31", "?from=2020-01-01", "?from=x",
					   "?from=2026-12-20" };
	for (size_t i = 0; i < ARRAY_LEN(ODD); i++) {
		snprintf(path, sizeof path, "%s%s", c.move, ODD[i]);
		CHECK(ask(&c.s, path, NULL).status == 200);
	}
	site_close(&c.s);
}

static void a_visit_that_is_over_or_begun_is_not_moved(void **state)
{
	struct scene c;
	const struct legal_ask asked = asking();
	(void)state;
	scene_open(&c, &asked);
	struct visit visit = see(&c);
	c.s.estate.service.now = wall_add_s(visit.start, 60);
	sign_in(&c.s, "lena@law.example");
	struct answer page = ask(&c.s, c.move, NULL);
	CHECK(page.status == 200 && says(&page, "It is too late to move this visit."));
	c.s.estate.service.now = wall_add_s(visit.start, -3600);
	CHECK(visit_cancel(&c.s.estate.service, &c.lawyer, c.reference, STR("")) == OK);
	page = ask(&c.s, c.move, NULL);
	CHECK(page.status == 303);
	page = ask(&c.s, c.visit, NULL);
	CHECK(!says(&page, c.move));
	site_close(&c.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lawyer_moves_a_visit_after_a_check),
		TEST(what_cannot_be_is_said_beside_the_times),
		TEST(a_time_that_is_kept_since_the_page_was_shown_is_said_with_the_next),
		TEST(days_are_shown_a_week_at_a_time),
		TEST(a_visit_that_is_over_or_begun_is_not_moved),
	};
	return RUN("web/move_pages", tests);
}
