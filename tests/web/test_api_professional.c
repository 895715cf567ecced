/*
 * Becoming a legal professional by the JSON API: asking, how it stands, and the end of it; no machine approves.
 */
#include "tests/web/api.h"

#include "service/key.h"

static const char MINE[] = "/api/v1/legal/professional";
static const char ALL[] = "/api/v1/legal/professionals";
static const char AMINA[] = "amina@family.example", GOVERNOR[] = "governor@wandsworth.example";
static const char ASKS[] = "{\"firm\":\"Marsh and Lowe\",\"profession\":\"SOLICITOR\","
			   "\"regulatorId\":\"SRA 123456\",\"dateOfBirth\":\"1980-05-02\"}";

static const char *status_now(struct api *a, const char *who)
{
	sign_in_as(a, who);
	return field_of(a, call(a, METHOD_GET, MINE, NULL), 200, "status");
}

/* What staff are shown of whoever has that address. */
static const char *staff_sees(struct api *a, const char *email, const char *field)
{
	const char *text = NULL;
	struct api_answer all = call(a, METHOD_GET, ALL, NULL);
	assert_int_equal(all.status, 200);
	for (size_t i = 0; i < json_array_size(all.body); i++) {
		const json_t *one = json_array_get(all.body, i);
		if (strcmp(text_of(one, "email"), email) == 0)
			text = arena_text(&a->site.estate.arena, str_from(text_of(one, field)));
	}
	json_decref(all.body);
	CHECK(text != NULL);
	return text;
}

static void who_asks_is_approved_by_two_people_and_ended_by_one(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	sign_in_as(&a, AMINA);
	check_status(call(&a, METHOD_GET, MINE, NULL), 404);
	assert_string_equal(field_of(&a, call(&a, METHOD_POST, MINE, ASKS), 201, "status"),
			    "ASKED");
	int64_t leaves = estate_leaves(&a.site.estate);
	assert_string_equal(field_of(&a, call(&a, METHOD_POST, MINE, ASKS), 200, "status"),
			    "ASKED");
	assert_int_equal(estate_leaves(&a.site.estate), leaves);
	verify(&a.site.estate, estate_family(&a.site.estate, AMINA));
	assert_string_equal(status_now(&a, AMINA), "VERIFIED");
	sign_in_as(&a, GOVERNOR);
	assert_string_equal(staff_sees(&a, AMINA, "status"), "VERIFIED");
	CHECK(*staff_sees(&a, AMINA, "firstApprovedAt") &&
	      *staff_sees(&a, AMINA, "secondApprovedAt"));
	const char *end =
	    path_of(&a, "/api/v1/legal/professionals/", staff_sees(&a, AMINA, "accountId"), "/end");
	check_status(call(&a, METHOD_PUT, end, "{}"), 400);
	assert_string_equal(
	    field_of(&a, call(&a, METHOD_PUT, end, "{\"reason\":\"Struck off\"}"), 200, "status"),
	    "REVOKED");
	check_status(call(&a, METHOD_PUT, end, "{\"reason\":\"Struck off\"}"), 409);
	assert_string_equal(status_now(&a, AMINA), "REVOKED");
	check_all_asked(&a, "professionals");
	api_close(&a);
}

static void the_end_of_one_calls_off_what_they_booked(void **state)
{
	(void)state;
	struct api a;
	struct visit visit = { 0 };
	api_open(&a);
	struct estate *e = &a.site.estate;
	struct actor lawyer = lawyer_of(e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(e, lawyer);
	struct legal_ask ask = asking();
	struct reference reference = booked(e, lawyer, &ask);
	sign_in_as(&a, GOVERNOR);
	const char *end =
	    format_body(&a, "/api/v1/legal/professionals/%lld/end", (long long)lawyer.account.n);
	check_status(call(&a, METHOD_PUT, end, "{\"reason\":\"Struck off\"}"), 200);
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, reference, &visit) == OK);
	assert_int_equal(visit.state, VISIT_CANCELLED);
	api_close(&a);
}

/* Keys of both officers see who asks; nothing lets them say yes, neither here nor on the page. */
static void no_machine_approves(void **state)
{
	(void)state;
	struct api a;
	char key[KEY_TEXT_LEN + 1];
	struct api_key_id id;
	struct key_new new = { .name = STR("Register"),
			       .role = { .role = ROLE_DUTY_GOVERNOR, .prison = { "WWI" } } };
	api_open(&a);
	CHECK(key_create(&a.site.estate.service, &SYSTEM_ACTOR, &new, key, &id) == OK);
	sign_in_as(&a, AMINA);
	check_status(call(&a, METHOD_POST, MINE, ASKS), 201);
	a.bearer = key;
	assert_string_equal(staff_sees(&a, AMINA, "status"), "ASKED");
	const json_t *paths = json_object_get(a.document, "paths");
	CHECK(json_object_get(paths, "/api/v1/legal/professionals/{account}/end") != NULL);
	CHECK(json_object_get(paths, "/api/v1/legal/professionals/{account}/approve") == NULL);
	a.site.signed_in = false;
	struct str page = str_from(
	    path_of(&a, "/staff/professionals/", staff_sees(&a, AMINA, "accountId"), "/approve"));
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	struct route_match match = route_find(groups, len, METHOD_POST, page);
	CHECK(match.route != NULL && !(match.route->flags & ROUTE_API));
	assert_string_equal(status_now(&a, AMINA), "ASKED");
	api_close(&a);
}

static void bad_input_and_other_roles_are_refused(void **state)
{
	(void)state;
	static const char CLERK[] = "clerk@wandsworth.example";
	static const char END[] = "/api/v1/legal/professionals/1/end";
	static const struct {
		const char *who;
		enum method method;
		const char *path;
		const char *body;
		int status;
	} cases[] = {
		{ AMINA, METHOD_POST, MINE, "{}", 400 },
		{ AMINA, METHOD_POST, MINE, "[]", 400 },
		{ AMINA, METHOD_POST, MINE,
		  "{\"firm\":\"M\",\"profession\":\"JUDGE\",\"regulatorId\":\"1\","
		  "\"dateOfBirth\":\"1980-05-02\"}",
		  400 },
		{ AMINA, METHOD_POST, MINE,
		  "{\"firm\":\"M\",\"profession\":\"CLERK\",\"regulatorId\":\"1\","
		  "\"dateOfBirth\":\"2040-05-02\"}",
		  400 },
		{ AMINA, METHOD_POST, MINE,
		  "{\"firm\":\"M\",\"profession\":\"CLERK\",\"regulatorId\":"
		  "\"12345678901234567890123456789012345678901\",\"dateOfBirth\":\"1980-05-02\"}",
		  400 },
		{ AMINA, METHOD_GET, ALL, NULL, 404 },
		{ AMINA, METHOD_PUT, END, "{\"reason\":\"x\"}", 404 },
		{ CLERK, METHOD_GET, ALL, NULL, 403 },
		{ CLERK, METHOD_PUT, END, "{\"reason\":\"x\"}", 403 },
		{ CLERK, METHOD_POST, MINE, ASKS, 404 },
		{ GOVERNOR, METHOD_PUT, END, "{\"reason\":\"x\"}", 404 },
		{ GOVERNOR, METHOD_PUT, END, "{\"reason\":7}", 400 },
	};
	struct api a;
	api_open(&a);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sign_in_as(&a, cases[i].who);
		struct api_answer answer = call(&a, cases[i].method, cases[i].path, cases[i].body);
		if (answer.status != cases[i].status)
			print_message("# case %zu: %s\n", i, cases[i].path);
		check_status(answer, cases[i].status);
	}
	api_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_asks_is_approved_by_two_people_and_ended_by_one),
		TEST(the_end_of_one_calls_off_what_they_booked),
		TEST(no_machine_approves),
		TEST(bad_input_and_other_roles_are_refused),
	};
	return RUN("web/api_professional", tests);
}
