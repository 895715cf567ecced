/*
 * What people were told of a visit, as staff read it: what went, what can go no way to whom it is
 * for, and the page of a visit on which it cannot be read.  On both databases: in PostgreSQL one
 * query that fails takes the rest of its transaction with it.
 */
#include "tests/web/site.h"

#include "store/query.h"

static void change(struct site *s, const char *sql)
{
	struct query q = query_of(s->estate.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static void visit_path(struct site *s, char path[60])
{
	snprintf(path, 60, "/staff/visits/%s", s->estate.sample.joinable.text);
}

static void staff_read_what_nobody_could_be_told(void **state)
{
	struct site s;
	char path[60];
	(void)state;
	site_open(&s);
	visit_path(&s, path);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, path, NULL);
	CHECK(page.status == 200 && !says(&page, "can go no"));
	change(&s, "UPDATE message SET state = 'FAILED', problem = 'NO_WAY' WHERE kind = 'BOOKED'");
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && !says(&page, "We could not read now"));
	const char *no_way = json_string_value(json_object_get(
	    json_object_get(json_object_get(s.web.words[LANGUAGE_EN], "messages"), "staff"),
	    "no_way"));
	CHECK(no_way != NULL && says(&page, no_way));
	page = ask(&s, "/staff/messages?state=FAILED", NULL);
	CHECK(page.status == 200 && says(&page, no_way));
	CHECK(says(&page, s.estate.sample.joinable.text));
	sign_in(&s, "staff@leeds.example"); /* another prison's */
	page = ask(&s, "/staff/messages?state=FAILED", NULL);
	CHECK(page.status == 200 && !says(&page, s.estate.sample.joinable.text));
	CHECK(ask(&s, path, NULL).status == 404);
	site_close(&s);
}

static void a_visit_is_shown_where_what_was_told_cannot_be_read(void **state)
{
	struct site s;
	char path[60];
	(void)state;
	site_open(&s);
	visit_path(&s, path);
	sign_in(&s, "clerk@wandsworth.example");
	change(&s, "ALTER TABLE message RENAME TO message_away");
	struct answer page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "We could not read now what people were told"));
	CHECK(!says(&page, "pvl-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What people"));
	change(&s, "ALTER TABLE message_away RENAME TO message");
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && !says(&page, "We could not read now"));
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(staff_read_what_nobody_could_be_told),
		TEST(a_visit_is_shown_where_what_was_told_cannot_be_read),
	};
	return RUN("web/told_pages", tests);
}
