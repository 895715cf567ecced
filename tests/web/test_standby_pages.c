/*
 * Standing by on its pages: the link of the message says what it means, two buttons answer, one takes
 * it back, and the page says what came of it; the wing's list names who is to be brought.
 */
#include "tests/store/lawyers.h"
#include "tests/web/site.h"

#include "service/standby.h"
#include "service/waiting.h"
#include "store/query.h"
#include "web/message_text.h"
#include "web/standby_page.h"

enum {
	MINUTE = 60,
};

struct scene {
	struct site s;
	struct actor lawyer, other;
	struct reference visit; /* of the group; the other lawyer's */
	struct wall start;
	struct standby_row row;
	const char *path;
};

static void change(struct scene *c, const char *sql)
{
	struct query q = query_of(c->s.estate.service.store, sql);
	CHECK(query_end(&q) == OK);
}

/* One visit is enough for one to stand by, by the rules of this scene. */
static void scene_open(struct scene *c)
{
	struct legal_ask first = asking(), waits = asking();
	struct waiting_lines lines;
	struct standby_cursor cursor = { 0 };
	struct visit visit;
	enum legal_answer said;
	struct verdict verdict;
	struct reference none;
	bool more = true;
	*c = (struct scene){ 0 };
	site_open(&c->s);
	struct estate *e = &c->s.estate;
	change(c, "UPDATE session_template SET start_minute = 600, end_minute = 660 "
		  "WHERE prison = 'WWI'");
	change(c,
	       "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	       "SELECT MAX(seq) + 1, '', 'standby_booths', 1, 0, NULL, 'Test' FROM prison_policy");
	change(c, "INSERT INTO visit_count (prison, kind, month, measure, value) "
		  "VALUES ('WWI', 'LEGAL', 24322, 'PLANNED', 30)");
	change(c, "INSERT INTO visit_count (prison, kind, month, measure, value) "
		  "VALUES ('WWI', 'LEGAL', 24322, 'VISITOR_ABSENT', 9)");
	assert_int_equal(local_month(e->service.now), 24322);
	c->other = lawyer_of(e, "other@law.example", PROFESSION_SOLICITOR);
	c->lawyer = lawyer_of(e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(e, c->other);
	verify(e, c->lawyer);
	first.minutes = 60;
	c->visit = booked(e, c->other, &first);
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, c->visit, &visit) == OK);
	c->start = visit.start;
	waits.prisoner_number = STR("A3456DE");
	waits.prisoner_born = (struct date){ 1979, 1, 27 };
	CHECK(legal_book(&e->service, &c->lawyer, &waits, (struct legal_time){ 0 }, &said, &verdict,
			 &none) == OK);
	for (int i = 0; i < 100 && more; i++)
		CHECK(standby_run(&e->service, &SYSTEM_ACTOR, &cursor, &more) == OK);
	CHECK(waiting_mine(&e->service, &c->lawyer, &e->arena, &lines) == OK);
	CHECK(lines.count == 1 && lines.list[0].has_standby);
	c->row = lines.list[0].standby;
	struct page page = { .arena = &e->arena, .web = &c->s.web };
	struct message m = { .object = c->row.id.n, .account = c->lawyer.account };
	c->path = standby_link_path(&page, &m);
}

static struct answer look(struct scene *c)
{
	struct answer page = ask(&c->s, c->path, NULL);
	CHECK(page.status == 200 && !page.wrote);
	return page;
}

static struct answer press(struct scene *c, const char *form)
{
	struct answer page = ask(&c->s, c->path, form);
	CHECK(page.status == 303);
	assert_string_equal(page.location, c->path);
	return look(c);
}

static void the_link_says_what_it_means_and_two_buttons_answer(void **state)
{
	struct scene c;
	(void)state;
	scene_open(&c);
	struct answer page = look(&c); /* without signing in */
	CHECK(says(&page, "Can you stand by?") && says(&page, "Yes, I stand by"));
	CHECK(says(&page, "Visits begin") && says(&page, "Tuesday 24 November 2026, 10am"));
	CHECK(says(&page, "You know by") && says(&page, "10:10am") && says(&page, "45 minutes"));
	CHECK(says(&page, "Answer by") && says(&page, "Nothing is lost"));
	CHECK(!says(&page, "pvl-standby") &&
	      !says(&page, "Reed"));       /* no name: it may be passed on */
	sign_in(&c.s, "lena@law.example"); /* the forms of a test bear a session's token */
	/* Neither another proof, nor another number, nor a form that says nothing. */
	char wrong[200];
	snprintf(wrong, sizeof wrong, "%s", c.path);
	wrong[strlen(wrong) - 1] = wrong[strlen(wrong) - 1] == '0' ? '1' : '0';
	assert_int_equal(ask(&c.s, wrong, NULL).status, 404);
	assert_int_equal(ask(&c.s, wrong, "answer=accept").status, 404);
	assert_int_equal(ask(&c.s, c.path, "answer=perhaps").status, 200);
	page = look(&c);
	CHECK(says(&page, "Can you stand by?"));
	page = press(&c, "answer=accept");
	CHECK(says(&page, "You are standing by") && says(&page, "I cannot stand by after all"));
	CHECK(says(&page, "data-module=\"pvl-standby\"")); /* it asks again by itself */
	page = press(&c, "answer=accept");                 /* twice is once */
	CHECK(says(&page, "You are standing by"));
	page = press(&c, "answer=decline");
	CHECK(says(&page, "You no longer stand by") && !says(&page, "pvl-standby"));
	site_close(&c.s);
}

static void the_list_and_the_first_page_lead_there(void **state)
{
	struct scene c;
	(void)state;
	scene_open(&c);
	sign_in(&c.s, "lena@law.example");
	static const char *const PAGES[] = { "/waiting", "/home" };
	for (size_t i = 0; i < 2; i++) {
		struct answer page = ask(&c.s, PAGES[i], NULL);
		CHECK(says(&page, c.path) && says(&page, "Can you stand by?"));
	}
	(void)press(&c, "answer=accept");
	for (size_t i = 0; i < 2; i++) {
		struct answer page = ask(&c.s, PAGES[i], NULL);
		CHECK(says(&page, c.path) && says(&page, "You are standing by:"));
	}
	site_close(&c.s);
}

static void the_page_says_at_once_that_they_are_called(void **state)
{
	struct scene c;
	struct reference called;
	(void)state;
	scene_open(&c);
	sign_in(&c.s, "lena@law.example");
	(void)press(&c, "answer=accept");
	c.s.estate.service.now = wall_add_s(c.start, 10 * MINUTE);
	CHECK(standby_hand_over(&c.s.estate.service, &SYSTEM_ACTOR, c.visit, &called) == OK);
	struct answer page = look(&c);
	CHECK(says(&page, "You are called: the visit is yours") && !says(&page, "pvl-standby"));
	CHECK(says(&page, called.text) && says(&page, "Go to your visit"));
	sign_in(&c.s, "lena@law.example");
	char path[60];
	snprintf(path, sizeof path, "/visits/%s", called.text);
	page = ask(&c.s, path, NULL);
	CHECK(page.status == 200);
	site_close(&c.s);
}

static void every_end_is_told_in_both_languages(void **state)
{
	static const struct {
		enum standby_state state;
		const char *en, *cy;
	} CASES[] = {
		{ STANDBY_ASKED, "Can you stand by?", "Allwch chi fod wrth gefn?" },
		{ STANDBY_AGREED, "You are standing by", "Rydych wrth gefn" },
		{ STANDBY_DECLINED, "You do not stand by", "Nid ydych wrth gefn" },
		{ STANDBY_EXPIRED, "The time to answer is over", "ateb ar ben" },
		{ STANDBY_NOT_NEEDED, "You need not stand by", "Nid oes angen" },
		{ STANDBY_WITHDRAWN, "You no longer stand by", "wrth gefn mwyach" },
		{ STANDBY_GONE, "You can no longer stand by", "Ni allwch fod wrth gefn" },
	};
	struct scene c;
	(void)state;
	scene_open(&c);
	enum standby_state is = STANDBY_ASKED;
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		if (i)
			CHECK(store_standby_set(c.s.estate.service.store, c.row.id, is,
						CASES[i].state, c.s.estate.service.now) == OK);
		is = CASES[i].state;
		struct answer page = look(&c);
		CHECK(says(&page, CASES[i].en));
		c.s.language_cookie = "cy";
		page = look(&c);
		CHECK(says(&page, CASES[i].cy));
		c.s.language_cookie = NULL;
	}
	site_close(&c.s);
}

static void the_wing_reads_who_stands_by(void **state)
{
	struct scene c;
	(void)state;
	scene_open(&c);
	sign_in(&c.s, "clerk@wandsworth.example");
	struct answer page = ask(&c.s, "/staff/movements?date=2026-11-24", NULL);
	CHECK(page.status == 200 && !says(&page, "Stands by"));
	(void)press(&c, "answer=accept");
	sign_in(&c.s, "clerk@wandsworth.example");
	page = ask(&c.s, "/staff/movements?date=2026-11-24", NULL);
	CHECK(says(&page, "Stands by") && says(&page, "A3456DE"));
	CHECK(!says(&page, "/staff/visits/\"")); /* no link to a visit that is not there */
	site_close(&c.s);
}

/* The message says what standing by is, and its link is the page. */
static void the_message_leads_to_the_page(void **state)
{
	struct scene c;
	struct message_text text;
	struct post_item item = { .account = { .language = LANGUAGE_EN, .name = STR("Lena") } };
	(void)state;
	scene_open(&c);
	c.s.web.config.public_url = "https://visits.example";
	item.message = (struct message){ .kind = MESSAGE_STANDBY,
					 .account = c.lawyer.account,
					 .prison = c.row.prison,
					 .object = c.row.id.n,
					 .start = c.start,
					 .minutes = 45,
					 .number = 10,
					 .answer_by = c.row.standby.answer_until };
	CHECK(message_text_make(&c.s.web, &c.s.estate.arena, &item, &text) == OK);
	CHECK(strstr(text.subject, "Can you stand by") && strstr(text.text, c.path));
	CHECK(strstr(text.text, "45 minutes") && strstr(text.text, "by 10 minutes later"));
	CHECK(strstr(text.text, "your wait stay as they are"));
	item.message.channel = MESSAGE_SMS;
	CHECK(message_text_make(&c.s.web, &c.s.estate.arena, &item, &text) == OK);
	CHECK(strstr(text.text, c.path));
	item.message.channel = MESSAGE_EMAIL;
	item.message.kind = MESSAGE_STANDBY_ENDED;
	snprintf(item.message.why, sizeof item.message.why, "NOT_NEEDED");
	CHECK(message_text_make(&c.s.web, &c.s.estate.arena, &item, &text) == OK);
	CHECK(strstr(text.text, "All the visits have begun."));
	site_close(&c.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_link_says_what_it_means_and_two_buttons_answer),
		TEST(the_list_and_the_first_page_lead_there),
		TEST(the_page_says_at_once_that_they_are_called),
		TEST(every_end_is_told_in_both_languages),
		TEST(the_wing_reads_who_stands_by),
		TEST(the_message_leads_to_the_page),
	};
	return RUN("web/standby_pages", tests);
}
