#include "web/form.h"

#include "../check.h"

static struct arena arena;

static struct form *form_of(const char *body)
{
	static struct request request;
	request = (struct request){ .method = METHOD_POST,
				    .arena = &arena,
				    .body = bytes_from_text(body) };
	request.headers[HEADER_CONTENT_TYPE] = STR("application/x-www-form-urlencoded");
	return form_new(&request, "test");
}

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void reads_good_fields(void **state)
{
	(void)state;
	struct date date;
	struct form *f = form_of("name=+Sam+Carter+&mail=Sam%40Example.ORG&born-day=29&born-month=2"
				 "&born-year=2024&kind=b&n=42&id=9000000000000000001&who=1&who=2");
	static const char *const kinds[] = { "a", "b", NULL };
	struct str all[3];
	CHECK(str_is(form_text(f, "name", 20), "Sam Carter"));
	CHECK(str_is(form_email(f, "mail"), "sam@example.org"));
	CHECK(form_date(f, "born", &date) && date.day == 29 && date.month == 2 &&
	      date.year == 2024);
	CHECK(form_choice(f, "kind", kinds) == 1);
	CHECK(form_number(f, "n", 1, 42) == 42);
	CHECK(form_id(f, "id") == 9000000000000000001);
	CHECK(form_all(f, "who", all, 3) == 2 && str_is(all[1], "2"));
	CHECK(form_ticked(f, "who", "2") && !form_ticked(f, "who", "3"));
	CHECK(form_ok(f));
}

static void collects_all_mistakes_at_once(void **state)
{
	(void)state;
	struct date date;
	struct form *f =
	    form_of("name=&mail=sam%40nowhere&long=abcdef&ctl=a%01b&utf=%ff&born-day=30"
		    "&born-month=2&born-year=2024&n=43&neg=-1");
	form_text(f, "name", 20);
	form_email(f, "mail");
	form_text(f, "long", 5);
	form_text(f, "ctl", 20);
	form_text(f, "utf", 20);
	CHECK(!form_date(f, "born", &date));
	form_number(f, "n", 1, 42);
	form_number(f, "neg", 0, 42);
	form_id(f, "id");
	form_secret(f, "password", 8, 100);
	json_t *view = form_view(f, NULL);
	CHECK(!form_ok(f));
	assert_int_equal(json_array_size(json_object_get(view, "errors")), 10);
	json_decref(view);
}

static void a_view_has_words_and_never_shows_a_secret(void **state)
{
	(void)state;
	struct form *f = form_of("name=%3Cb%3E&password=secret");
	json_t *words = json_pack("{s:{s:s}, s:{s:s,s:s}}", "name", "label", "Your name",
				  "password", "label", "Password", "too_short", "Too short");
	form_text(f, "name", 10);
	form_secret(f, "password", 8, 100);
	json_t *view = form_view(f, words);
	const json_t *name = json_object_get(view, "name");
	const json_t *password = json_object_get(view, "password");
	assert_string_equal(json_string_value(json_object_get(name, "value")), "<b>");
	CHECK(json_is_false(json_object_get(name, "error")) &&
	      json_is_false(json_object_get(name, "hint")));
	assert_string_equal(json_string_value(json_object_get(password, "value")), "");
	assert_string_equal(json_string_value(json_object_get(password, "error")), "Too short");
	json_decref(view);
	json_decref(words);
}

static void a_choice_that_was_sent_stays_checked(void **state)
{
	(void)state;
	struct form *f = form_of("kind=b");
	json_t *words = json_pack("{s:{}}", "kind");
	form_options(f, "kind", json_pack("[{s:s},{s:s}]", "value", "a", "value", "b"));
	json_t *view = form_view(f, words);
	const json_t *items = json_object_get(json_object_get(view, "kind"), "items");
	CHECK(json_is_false(json_object_get(json_array_get(items, 0), "checked")));
	CHECK(json_is_true(json_object_get(json_array_get(items, 1), "checked")));
	json_decref(view);
	json_decref(words);
	form_clear(f);
}

static void more_fields_than_fit_are_left_out(void **state)
{
	(void)state;
	char body[4096] = "";
	for (int i = 0; i < 200; i++)
		snprintf(body + strlen(body), sizeof(body) - strlen(body), "f%d=%d&", i, i);
	struct form *f = form_of(body);
	CHECK(str_is(form_raw(f, "f63"), "63") && str_empty(form_raw(f, "f64")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_good_fields, begin, end),
		cmocka_unit_test_setup_teardown(collects_all_mistakes_at_once, begin, end),
		cmocka_unit_test_setup_teardown(a_view_has_words_and_never_shows_a_secret, begin,
						end),
		cmocka_unit_test_setup_teardown(a_choice_that_was_sent_stays_checked, begin, end),
		cmocka_unit_test_setup_teardown(more_fields_than_fit_are_left_out, begin, end),
	};
	return RUN("web/form", tests);
}
