/*
 * Setting the rules of a prison, and of all, by the JSON API: as the pages of the rules do it.
 */
#include "tests/web/api.h"

#include "service/key.h"
#include "service/prison.h"
#include "service/review.h"

enum {
	DAY = 24 * 60 * 60,
};

static const char ADMIN[] = "admin@wandsworth.example", HQ[] = "admin@hq.example";
static const char SOCIAL[] = "/api/v1/prisons/WWI/rules/social_on";
static const char SOCIAL_PREVIEW[] = "/api/v1/prisons/WWI/rules/social_on/preview";
static const char OFF[] = "{\"value\":0,\"reason\":\"The hall is flooded\"}";

/* ---- what stands ---- */

static size_t reviews_open(struct api *a)
{
	struct estate *e = &a->site.estate;
	struct actor clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	struct review_list list = { 0 };
	CHECK(reviews_find(&e->service, &clerk, &e->arena, clerk.prison, REVIEW_OPEN, &list) == OK);
	return list.count;
}

static struct policy_history history(struct api *a, const char *prison)
{
	struct estate *e = &a->site.estate;
	struct actor admin = estate_staff(e, ROLE_HQ_ADMIN, NULL);
	struct policy_history rows = { 0 };
	struct prison_code code = { "" };
	CHECK(!*prison || prison_code_of(str_from(prison), &code));
	CHECK(policy_history_find(&e->service, &admin, &e->arena, code, &rows) == OK);
	return rows;
}

static int64_t in_force(struct api *a, const char *prison, enum policy_name name)
{
	struct policy_history rows = history(a, prison);
	const struct policy_row *row =
	    policy_row_in_force(rows.list, rows.count, name, a->site.estate.service.now.s);
	CHECK(row != NULL);
	return row->value;
}

static size_t count_of(const struct api_answer *answer)
{
	return json_array_size(json_object_get(answer->body, "visits"));
}

/* ---- tests ---- */

static void what_a_rule_would_touch_is_shown_before_and_goes_to_review_after(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	sign_in_as(&a, ADMIN);
	size_t open = reviews_open(&a), rows = history(&a, "WWI").count;
	int64_t leaves = estate_leaves(&a.site.estate);
	struct api_answer before = call(&a, METHOD_POST, SOCIAL_PREVIEW, OFF);
	assert_int_equal(before.status, 200);
	size_t touched = count_of(&before);
	CHECK(touched > 0);
	const json_t *first = json_array_get(json_object_get(before.body, "visits"), 0);
	assert_string_equal(text_of(first, "prisonId"), "WWI");
	const json_t *codes = json_object_get(first, "validationErrors");
	CHECK(json_array_size(codes) > 0);
	/* It was shown, which is a look at those visits, and no more. */
	assert_int_equal(reviews_open(&a), open);
	assert_int_equal(history(&a, "WWI").count, rows);
	assert_int_equal(estate_leaves(&a.site.estate), leaves + 1);
	assert_int_equal(in_force(&a, "WWI", POLICY_SOCIAL_ON), 1);

	struct api_answer set = call(&a, METHOD_PUT, SOCIAL, OFF);
	assert_int_equal(set.status, 201);
	CHECK(json_equal(json_object_get(set.body, "visits"),
			 json_object_get(before.body, "visits")));
	assert_int_equal(reviews_open(&a), open + touched);
	assert_int_equal(estate_leaves(&a.site.estate), leaves + 2);
	assert_int_equal(in_force(&a, "WWI", POLICY_SOCIAL_ON), 0);
	assert_int_equal(in_force(&a, "LEI", POLICY_SOCIAL_ON), 1);
	struct policy_history after = history(&a, "WWI");
	const struct policy_row *row = policy_row_in_force(
	    after.list, after.count, POLICY_SOCIAL_ON, a.site.estate.service.now.s);
	CHECK(str_is(row->reason, "The hall is flooded") && str_is(row->author, "Sam Ortiz"));
	json_decref(before.body);
	json_decref(set.body);
	check_status(call(&a, METHOD_GET, "/api/v1/prisons/WWI/rules/all", NULL), 200);
	api_close(&a);
}

static void the_same_again_sets_nothing_twice(void **state)
{
	(void)state;
	struct api a;
	static const char PARTY[] = "/api/v1/prisons/WWI/rules/party_max";
	static const char LATER[] =
	    "{\"value\":2,\"validFrom\":\"2026-12-24T00:00:00Z\",\"reason\":\"Small rooms\"}";
	api_open(&a);
	struct service *service = &a.site.estate.service;
	sign_in_as(&a, ADMIN);
	int64_t was = in_force(&a, "WWI", POLICY_PARTY_MAX);
	const char *from = field_of(&a, call(&a, METHOD_PUT, PARTY, LATER), 201, "validFrom");
	assert_string_equal(from, "2026-12-24T00:00:00Z");
	check_status(call(&a, METHOD_PUT, SOCIAL, OFF), 201);
	size_t rows = history(&a, "WWI").count;
	int64_t leaves = estate_leaves(&a.site.estate);
	/* Later that day, too: what it said is so. */
	service->now = wall_add_s(service->now, 60);
	assert_string_equal(field_of(&a, call(&a, METHOD_PUT, PARTY, LATER), 200, "validFrom"),
			    from);
	struct api_answer again = call(&a, METHOD_PUT, SOCIAL, OFF);
	assert_int_equal(again.status, 200);
	assert_int_equal(count_of(&again), 0);
	json_decref(again.body);
	assert_int_equal(history(&a, "WWI").count, rows);
	assert_int_equal(estate_leaves(&a.site.estate), leaves);
	assert_int_equal(in_force(&a, "WWI", POLICY_PARTY_MAX), was);
	/* Another value from that moment on is another decision. */
	check_status(call(&a, METHOD_PUT, PARTY,
			  "{\"value\":3,\"validFrom\":\"2026-12-24T00:00:00Z\","
			  "\"reason\":\"Larger rooms\"}"),
		     201);
	assert_int_equal(history(&a, "WWI").count, rows + 1);
	/* When it holds already the first is still answered, another one is too late. */
	service->now = wall_add_s(service->now, 60 * DAY);
	sign_in_as(&a, ADMIN);
	assert_int_equal(in_force(&a, "WWI", POLICY_PARTY_MAX), 3);
	check_status(call(&a, METHOD_PUT, PARTY, LATER), 400);
	check_status(call(&a, METHOD_PUT, PARTY,
			  "{\"value\":3,\"validFrom\":\"2026-12-24T00:00:00Z\","
			  "\"reason\":\"Larger rooms\"}"),
		     200);
	api_close(&a);
}

static void headquarters_set_what_holds_where_a_prison_has_no_row(void **state)
{
	(void)state;
	struct api a;
	static const char ALL[] = "/api/v1/rules/adults_max";
	static const char TWO[] = "{\"value\":2,\"reason\":\"National order\"}";
	api_open(&a);
	sign_in_as(&a, HQ);
	check_status(call(&a, METHOD_PUT, "/api/v1/prisons/WWI/rules/adults_max",
			  "{\"value\":4,\"reason\":\"Large rooms\"}"),
		     201);
	check_status(call(&a, METHOD_POST, "/api/v1/rules/adults_max/preview", TWO), 200);
	CHECK(in_force(&a, "LEI", POLICY_ADULTS_MAX) != 2);
	struct api_answer set = call(&a, METHOD_PUT, ALL, TWO);
	assert_int_equal(set.status, 201);
	CHECK(json_is_null(json_object_get(set.body, "prisonId")));
	json_decref(set.body);
	check_status(call(&a, METHOD_PUT, ALL, TWO), 200);
	assert_int_equal(in_force(&a, "LEI", POLICY_ADULTS_MAX), 2);
	assert_int_equal(in_force(&a, "WWI", POLICY_ADULTS_MAX), 4);
	struct api_answer rows = call(&a, METHOD_GET, "/api/v1/rules", NULL);
	assert_int_equal(rows.status, 200);
	CHECK(json_array_size(rows.body) >= POLICY_COUNT);
	for (size_t i = 0; i < json_array_size(rows.body); i++)
		CHECK(json_is_true(json_object_get(json_array_get(rows.body, i), "national")));
	json_decref(rows.body);
	/* Orders so seldom are warned of, as on the page. */
	const char *levels =
	    field_of(&a,
		     call(&a, METHOD_POST, "/api/v1/prisons/WWI/rules/order_vo_days/preview",
			  "{\"value\":200,\"reason\":\"x\"}"),
		     200, "levelsBelowFloor");
	CHECK(strstr(levels, "STD") != NULL);
	check_all_asked(&a, "rules");
	api_close(&a);
}

static void whose_rule_it_is_not_and_what_is_no_value_is_refused(void **state)
{
	(void)state;
	static const char CLERK[] = "clerk@wandsworth.example", AMINA[] = "amina@family.example",
			  INSPECTOR[] = "inspector@hq.example";
	static const struct {
		const char *who;
		const char *path;
		const char *body;
		int status;
	} cases[] = {
		{ ADMIN, SOCIAL, "{}", 400 },
		{ ADMIN, SOCIAL, "[]", 400 },
		{ ADMIN, SOCIAL, "{\"value\":0}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":0,\"reason\":\"  \"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":0,\"reason\":\"a\\u0000b\"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":2,\"reason\":\"x\"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":-1,\"reason\":\"x\"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":\"0\",\"reason\":\"x\"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":false,\"reason\":\"x\"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":0.5,\"reason\":\"x\"}", 400 },
		{ ADMIN, SOCIAL, "{\"value\":0,\"reason\":\"x\",\"validFrom\":\"tomorrow\"}", 400 },
		{ ADMIN, SOCIAL,
		  "{\"value\":0,\"reason\":\"x\",\"validFrom\":\"2020-01-01T00:00:00Z\"}", 400 },
		{ ADMIN, "/api/v1/prisons/WWI/rules/no_such_rule", OFF, 404 },
		{ ADMIN, "/api/v1/prisons/LEI/rules/social_on", OFF, 404 },
		{ ADMIN, "/api/v1/prisons/nonsense/rules/social_on", OFF, 404 },
		{ ADMIN, "/api/v1/rules/social_on", OFF, 403 },
		{ HQ, "/api/v1/rules/no_such_rule", OFF, 404 },
		{ HQ, "/api/v1/prisons/ZZZ/rules/social_on", OFF, 404 },
		{ CLERK, SOCIAL, OFF, 403 },
		{ INSPECTOR, SOCIAL, OFF, 403 },
		{ AMINA, SOCIAL, OFF, 404 },
	};
	struct api a;
	api_open(&a);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *preview = path_of(&a, cases[i].path, "/preview", "");
		sign_in_as(&a, cases[i].who);
		struct api_answer set = call(&a, METHOD_PUT, cases[i].path, cases[i].body);
		struct api_answer shown = call(&a, METHOD_POST, preview, cases[i].body);
		if (set.status != cases[i].status || shown.status != cases[i].status)
			print_message("# case %zu: %s\n", i, cases[i].path);
		check_status(set, cases[i].status);
		check_status(shown, cases[i].status);
	}
	a.site.signed_in = false;
	check_status(call(&a, METHOD_PUT, SOCIAL, OFF), 401);
	check_status(call(&a, METHOD_GET, "/api/v1/rules", NULL), 401);
	api_close(&a);
}

static void a_machine_sets_the_rules_of_its_prison_under_its_own_name(void **state)
{
	(void)state;
	struct api a;
	char key[KEY_TEXT_LEN + 1];
	struct api_key_id id;
	struct key_new new = { .name = STR("Rules of the region"),
			       .role = { .role = ROLE_PRISON_ADMIN, .prison = { "WWI" } } };
	api_open(&a);
	CHECK(key_create(&a.site.estate.service, &SYSTEM_ACTOR, &new, key, &id) == OK);
	a.bearer = key;
	check_status(call(&a, METHOD_PUT, "/api/v1/prisons/LEI/rules/social_on", OFF), 404);
	check_status(call(&a, METHOD_PUT, SOCIAL, OFF), 201);
	struct policy_history rows = history(&a, "WWI");
	const struct policy_row *row = policy_row_in_force(rows.list, rows.count, POLICY_SOCIAL_ON,
							   a.site.estate.service.now.s);
	CHECK(str_is(row->author, "Rules of the region"));
	api_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_rule_would_touch_is_shown_before_and_goes_to_review_after),
		TEST(the_same_again_sets_nothing_twice),
		TEST(headquarters_set_what_holds_where_a_prison_has_no_row),
		TEST(whose_rule_it_is_not_and_what_is_no_value_is_refused),
		TEST(a_machine_sets_the_rules_of_its_prison_under_its_own_name),
	};
	return RUN("web/api_rules", tests);
}
