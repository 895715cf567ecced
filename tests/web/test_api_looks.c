/*
 * Who reads about people by the JSON API leaves one leaf for it: whose, how often, and who is told.
 */
#include "tests/web/api.h"

#include "service/key.h"
#include "service/safeguard.h"

static const char SAFEGUARDS[] = "/api/v1/prisoners/A1234BC/safeguards";

static void use_key(struct api *a, enum role role, const char *prison, char key[KEY_TEXT_LEN + 1])
{
	struct api_key_id id;
	struct key_new new = { .name = STR("Desk system"), .role = { .role = role } };
	if (prison != NULL)
		CHECK(prison_code_of(str_from(prison), &new.role.prison));
	CHECK(key_create(&a->site.estate.service, &SYSTEM_ACTOR, &new, key, &id) == OK);
	a->bearer = key;
}

static int64_t id_of(struct api *a, const char *sql)
{
	int64_t id = 0;
	struct query q = query_of(a->site.estate.service.store, sql);
	if (query_row(&q))
		id = query_column(&q, 0);
	CHECK(query_end(&q) == OK && id != 0);
	return id;
}

static struct audit_record newest(struct api *a)
{
	struct audit_list list;
	struct audit_query query = { .limit = 1 };
	struct actor inspector = estate_staff(&a->site.estate, ROLE_INSPECTOR, NULL);
	CHECK(audit_list_find(&a->site.estate.service, &inspector, &a->site.estate.arena, &query,
			      &list) == OK &&
	      list.count == 1);
	return list.list[0];
}

/* How many leaves that question leaves. */
static int64_t leaves_of(struct api *a, const char *path)
{
	int64_t before = estate_leaves(&a->site.estate);
	check_status(call(a, METHOD_GET, path, NULL), 200);
	return estate_leaves(&a->site.estate) - before;
}

/* Something of each kind: a flagged visit, and one that staff look at first. */
static void fill(struct api *a)
{
	static const char *const REQUESTED[] = {
		"UPDATE visit SET state = 'REQUESTED' WHERE id = (SELECT MIN(id) FROM visit WHERE "
		"prison = 'WWI' AND state = 'BOOKED' AND id <> ?1)",
		"INSERT INTO visit_request (visit, deadline, outcome, reason, decided_at) SELECT "
		"id, 9999999999, 'OPEN', '', 0 FROM visit WHERE state = 'REQUESTED' AND id <> ?1",
	};
	struct estate *e = &a->site.estate;
	struct service *service = &e->service;
	struct actor governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	struct visit visit;
	struct alert_id alert;
	CHECK(visit_find(service, &governor, &e->arena, e->sample.joinable, &visit) == OK);
	struct alert_new new = { .prisoner = visit.prisoner,
				 .code = { "RCS" },
				 .comment = STR("Test") };
	CHECK(alert_add(service, &governor, &new, &alert) == OK);
	for (size_t i = 0; i < ARRAY_LEN(REQUESTED); i++) {
		struct query q = query_of(service->store, REQUESTED[i]);
		query_int(&q, visit.id.n);
		CHECK(query_end(&q) == OK);
	}
}

/* The visit of the sample is over. */
static void pass(struct api *a)
{
	struct service *service = &a->site.estate.service;
	service->now = wall_add_s(a->site.estate.sample.joinable_start, 2 * 60 * 60);
	CHECK(store_enter(service->store) == OK);
	live_tick(a->site.web.live, (struct mono){ 10000000 });
	CHECK(store_leave(service->store, true) == OK);
}

static void each_read_of_people_is_one_leaf(void **state)
{
	(void)state;
	static const char DANIEL[] = "SELECT id FROM prisoner WHERE number = 'A1234BC'";
	static const struct {
		enum role role;
		const char *path; /* a % is the reference of the sample's visit */
		const char *verb;
		enum audit_object object;
	} cases[] = {
		{ ROLE_VISITS_CLERK, "/api/v1/prisoners/A1234BC/safeguards", "data.look",
		  AUDIT_ON_PRISONER },
		{ ROLE_MONITOR, "/api/v1/visits/allocation/prisoner/A1234BC/balance", "data.look",
		  AUDIT_ON_PRISONER },
		{ ROLE_PRISON_ADMIN, "/api/v1/visits/allocation/prisoner/A1234BC/balance/detailed",
		  "data.look", AUDIT_ON_PRISONER },
		{ ROLE_DUTY_GOVERNOR,
		  "/api/v1/visit-sessions/available?prisonerId=A1234BC&minutes=30", "data.look",
		  AUDIT_ON_PRISONER },
		{ ROLE_VISITS_CLERK, "/api/v1/visits/%", "data.look", AUDIT_ON_VISIT },
		{ ROLE_INSPECTOR, "/api/v1/visits/%/history", "data.look", AUDIT_ON_VISIT },
		{ ROLE_CONTACTS_AUTHORISER, "/api/v1/contacts/requests/WWI",
		  "list.contact_requests", AUDIT_ON_LIST },
		{ ROLE_VISITS_CLERK, "/api/v1/visits/requests/WWI", "list.visit_requests",
		  AUDIT_ON_LIST },
		{ ROLE_VISITS_CLERK, "/api/v1/visits/notification/WWI/visits", "list.notifications",
		  AUDIT_ON_LIST },
		{ ROLE_VISITS_CLERK, "/api/v1/visits/outcomes/WWI", "list.outcomes",
		  AUDIT_ON_LIST },
		{ ROLE_VISITS_CLERK, "/api/v1/waits", "list.waits", AUDIT_ON_LIST },
		{ ROLE_DUTY_GOVERNOR, "/api/v1/legal/professionals", "list.professionals",
		  AUDIT_ON_LIST },
	};
	struct api a;
	char key[KEY_TEXT_LEN + 1];
	api_open(&a);
	fill(&a);
	pass(&a);
	const char *reference = a.site.estate.sample.joinable.text;
	struct actor governor = estate_staff(&a.site.estate, ROLE_DUTY_GOVERNOR, "WWI");
	struct visit visit;
	CHECK(visit_find(&a.site.estate.service, &governor, &a.site.estate.arena,
			 a.site.estate.sample.joinable, &visit) == OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *path = cases[i].path, *at = strchr(path, '%');
		if (at != NULL)
			path = arena_printf(&a.site.estate.arena, "%.*s%s%s", (int)(at - path),
					    path, reference, at + 1);
		use_key(&a, cases[i].role, cases[i].role == ROLE_INSPECTOR ? NULL : "WWI", key);
		if (leaves_of(&a, path) != 1)
			fail_msg("%s leaves no leaf, or more than one", path);
		struct audit_record leaf = newest(&a);
		assert_string_equal(audit_verb_name(leaf.verb), cases[i].verb);
		assert_int_equal(leaf.object, cases[i].object);
		assert_int_equal(leaf.role, cases[i].role);
		CHECK(leaf.amount > 0);
		if (leaf.object == AUDIT_ON_PRISONER)
			CHECK(leaf.object_id == id_of(&a, DANIEL));
		if (leaf.object == AUDIT_ON_VISIT)
			CHECK(leaf.object_id == visit.id.n);
		if (leaf.object == AUDIT_ON_LIST)
			assert_string_equal(leaf.prison.text, "WWI");
		/* It polls. */
		assert_int_equal(leaves_of(&a, path), 0);
	}
	api_close(&a);
}

static void a_machine_leaves_one_leaf_a_day_and_a_person_one_a_minute(void **state)
{
	(void)state;
	static const char LAWYERS[] = "/api/v1/legal/professionals";
	struct api a;
	char key[KEY_TEXT_LEN + 1], other[KEY_TEXT_LEN + 1];
	api_open(&a);
	struct service *service = &a.site.estate.service;
	use_key(&a, ROLE_DUTY_GOVERNOR, "WWI", key);
	int64_t first = leaves_of(&a, SAFEGUARDS) + leaves_of(&a, LAWYERS);
	assert_int_equal(first, 2);
	service->now = wall_add_s(service->now, 24 * 60 * 60 - 1);
	assert_int_equal(leaves_of(&a, SAFEGUARDS), 0);
	assert_int_equal(leaves_of(&a, LAWYERS), 0);
	/* Another machine, another person and another list are looks of their own. */
	use_key(&a, ROLE_DUTY_GOVERNOR, "WWI", other);
	assert_int_equal(leaves_of(&a, SAFEGUARDS), 1);
	assert_int_equal(leaves_of(&a, LAWYERS), 1);
	assert_int_equal(leaves_of(&a, "/api/v1/prisoners/A2345CD/safeguards"), 1);
	a.bearer = key;
	service->now = wall_add_s(service->now, 1);
	assert_int_equal(leaves_of(&a, SAFEGUARDS), 1);
	assert_int_equal(leaves_of(&a, LAWYERS), 1);
	/* By a session it is a person who asks. */
	sign_in_as(&a, "clerk@wandsworth.example");
	assert_int_equal(leaves_of(&a, SAFEGUARDS), 1);
	service->now = wall_add_s(service->now, 59);
	assert_int_equal(leaves_of(&a, SAFEGUARDS), 0);
	service->now = wall_add_s(service->now, 1);
	assert_int_equal(leaves_of(&a, SAFEGUARDS), 1);
	api_close(&a);
}

/* One account's list of all prisons is not that of one of them, nor is another's prison's. */
static void lists_are_told_apart_by_their_prison(void **state)
{
	(void)state;
	static const char BY_PRISON[] = "/api/v1/contacts/requests/";
	struct api a;
	char key[KEY_TEXT_LEN + 1];
	api_open(&a);
	use_key(&a, ROLE_INSPECTOR, NULL, key);
	assert_int_equal(leaves_of(&a, path_of(&a, BY_PRISON, "WWI", "")), 1);
	assert_string_equal(newest(&a).prison.text, "WWI");
	assert_int_equal(leaves_of(&a, "/api/v1/waits"), 1);
	assert_string_equal(newest(&a).prison.text, "");
	/* Nobody stands in it: nothing is written, and who comes to stand in it later is not missed. */
	struct api_answer leeds = call(&a, METHOD_GET, path_of(&a, BY_PRISON, "LEI", ""), NULL);
	assert_int_equal(json_array_size(leeds.body), 0);
	CHECK(newest(&a).verb == AUDIT_LIST_WAITS);
	json_decref(leeds.body);
	api_close(&a);
}

static void who_was_read_about_is_told(void **state)
{
	(void)state;
	struct api a;
	char key[KEY_TEXT_LEN + 1];
	api_open(&a);
	struct site *s = &a.site;
	const char *reference = s->estate.sample.joinable.text;
	use_key(&a, ROLE_VISITS_CLERK, "WWI", key);
	assert_int_equal(leaves_of(&a, path_of(&a, "/api/v1/visits/", reference, "")), 1);
	a.bearer = NULL;
	sign_in(s, "amina@family.example");
	struct answer own = ask(s, "/account/data", NULL);
	CHECK(says(&own, "Read the details of a visit"));
	/* He whom she visits, too; not somebody else. */
	sign_in(s, "admin@wandsworth.example");
	struct answer found = ask(s, "/staff/data?q=A1234BC", NULL);
	struct answer his = ask(s, arena_text(&s->estate.arena, str_from(found.location)), NULL);
	CHECK(says(&his, "Read the details of a visit"));
	sign_in(s, "farah@family.example");
	struct answer hers = ask(s, "/account/data", NULL);
	CHECK(hers.status == 200 && !says(&hers, "Read the details of a visit"));
	/* What happened to the visit does not grow by who looks. */
	sign_in_as(&a, "clerk@wandsworth.example");
	struct api_answer history =
	    call(&a, METHOD_GET, path_of(&a, "/api/v1/visits/", reference, "/history"), NULL);
	for (size_t i = 0; i < json_array_size(history.body); i++)
		assert_string_not_equal(text_of(json_array_get(history.body, i), "type"),
					"data.look");
	json_decref(history.body);
	api_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_read_of_people_is_one_leaf),
		TEST(a_machine_leaves_one_leaf_a_day_and_a_person_one_a_minute),
		TEST(lists_are_told_apart_by_their_prison),
		TEST(who_was_read_about_is_told),
	};
	return RUN("web/api_looks", tests);
}
