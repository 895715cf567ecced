/*
 * Lawyers' times, the waiting list with its offers, a prison's rules and hours, and statistics by the
 * JSON API: the services of the pages, so what is asked here is that they are reached and described.
 */
#include "tests/web/api.h"

#include "service/prison.h"
#include "service/refill.h"
#include "service/standby.h"
#include "service/statistics.h"
#include "service/timetable.h"
#include "service/waiting.h"
#include "store/query.h"

enum {
	MINUTE = 60,
	RUNS_MAX = 100,
};

static const char CLIENT[] =
    "\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\",\"minutes\":45,"
    "\"cause\":\"BAIL\",\"deadline\":\"2026-11-30\"";

static void change_rows(struct api *a, const char *sql)
{
	struct query q = query_of(a->site.estate.service.store, sql);
	CHECK(query_end(&q) == OK);
}

/* One terminal at Wandsworth, open for an hour a day: one legal visit fills it. */
static void make_short(struct api *a)
{
	change_rows(a, "UPDATE session_template SET start_minute = 600, end_minute = 660 "
		       "WHERE prison = 'WWI'");
	change_rows(a,
		    "UPDATE terminal SET active = 0 WHERE prison = 'WWI' AND name = 'Terminal 2'");
}

static struct actor add_lawyer(struct api *a, const char *email)
{
	struct actor lawyer = lawyer_of(&a->site.estate, email, PROFESSION_SOLICITOR);
	verify(&a->site.estate, lawyer);
	a->site.estate.service.now.s += MINUTE; /* requests have an order */
	return lawyer;
}

static void run_refill(struct api *a)
{
	struct refill_cursor cursor = { 0 };
	bool more = true;
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(refill_run(&a->site.estate.service, &SYSTEM_ACTOR, &cursor, &more) == OK);
	CHECK(!more);
}

/* The earliest time of that list is booked; gives the reference. */
static const char *book_earliest(struct api *a, const char *client)
{
	struct api_answer found =
	    call(a, METHOD_POST, "/api/v1/legal/times", format_body(a, "{%s}", client));
	assert_int_equal(found.status, 200);
	assert_string_equal(text_of(found.body, "answer"), "FOUND");
	const json_t *time = json_array_get(json_object_get(found.body, "times"), 0);
	const char *body =
	    format_body(a, "{%s,\"startTimestamp\":\"%s\",\"terminalId\":\"%s\"}", client,
			text_of(time, "startTimestamp"), text_of(time, "terminalId"));
	struct api_answer booked = call(a, METHOD_POST, "/api/v1/legal/book", body);
	assert_int_equal(booked.status, 201);
	const json_t *visit = json_object_get(booked.body, "visit");
	assert_string_equal(text_of(visit, "startTimestamp"), text_of(time, "startTimestamp"));
	assert_string_equal(text_of(visit, "visitType"), "LEGAL");
	const char *reference =
	    arena_text(&a->site.estate.arena, str_from(text_of(visit, "reference")));
	json_decref(found.body);
	json_decref(booked.body);
	return reference;
}

static size_t length_of(struct api *a, const char *path)
{
	struct api_answer answer = call(a, METHOD_GET, path, NULL);
	assert_int_equal(answer.status, 200);
	size_t count = json_array_size(answer.body);
	json_decref(answer.body);
	return count;
}

/* Of Lena Marsh, among those whom the asker sees on the clock. */
static size_t hers_on_clock(struct api *a)
{
	size_t count = 0;
	struct api_answer answer = call(a, METHOD_GET, "/api/v1/waits", NULL);
	assert_int_equal(answer.status, 200);
	const json_t *list = json_object_get(answer.body, "waits");
	for (size_t i = 0; i < json_array_size(list); i++)
		count += strcmp(text_of(json_array_get(list, i), "bookerName"), "Lena Marsh") == 0;
	json_decref(answer.body);
	return count;
}

/* ---- lawyers ---- */

/* Times found, one taken, others to move to, one moved to, and a wait where nothing is taken. */
static void look_and_book(struct api *a)
{
	static const char BEN[] =
	    "\"prisonerId\":\"A2345CD\",\"prisonerDateOfBirth\":\"1992-09-03\",\"minutes\":30";
	(void)add_lawyer(a, "lena@law.example");
	sign_in_as(a, "lena@law.example");
	const char *reference = book_earliest(a, CLIENT);
	struct api_answer others =
	    call(a, METHOD_GET, path_of(a, "/api/v1/visits/", reference, "/legal-times"), NULL);
	assert_int_equal(others.status, 200);
	const json_t *times = json_object_get(others.body, "times");
	CHECK(json_array_size(times) > 0);
	for (size_t i = 0; i < json_array_size(times); i++)
		CHECK(strcmp(text_of(json_array_get(times, i), "startTimestamp"),
			     "2026-12-01T00:00:00Z") <
		      0); /* nothing after the day of the hearing */
	const char *to = format_body(a, "{\"startTimestamp\":\"%s\"}",
				     text_of(json_array_get(times, 0), "startTimestamp"));
	json_decref(others.body);
	check_status(call(a, METHOD_PUT, path_of(a, "/api/v1/visits/", reference, "/move"), to),
		     200);
	assert_string_equal(
	    field_of(a, call(a, METHOD_POST, "/api/v1/legal/wait", format_body(a, "{%s}", BEN)),
		     201, "answer"),
	    "WAITS");
	/* Again: it waits already, since it was first asked for. */
	check_status(call(a, METHOD_POST, "/api/v1/legal/wait", format_body(a, "{%s}", BEN)), 201);
	assert_int_equal(hers_on_clock(a), 2);
	assert_int_equal(length_of(a, "/api/v1/waiting"), 1);
	/* The wrong date of birth is counted, and says nothing else. */
	assert_string_equal(field_of(a,
				     call(a, METHOD_POST, "/api/v1/legal/times",
					  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":"
					  "\"1988-04-13\",\"minutes\":45}"),
				     200, "answer"),
			    "NO_CLIENT");
	sign_in_as(a, "clerk@wandsworth.example");
	assert_int_equal(hers_on_clock(a), 2);
	sign_in_as(a, "analyst@hq.example");
	assert_int_equal(hers_on_clock(a), 2);
	sign_in_as(a, "clerk@cardiff.example");
	assert_int_equal(hers_on_clock(a), 0);
}

/* ---- the list ---- */

static const char *visitor_named(struct api *a, const char *name)
{
	const char *id = NULL;
	struct api_answer answer = call(a, METHOD_GET, "/api/v1/contacts", NULL);
	for (size_t i = 0; i < json_array_size(answer.body); i++) {
		const json_t *one = json_array_get(answer.body, i);
		if (strcmp(text_of(one, "visitorName"), name) == 0)
			id = arena_text(&a->site.estate.arena, str_from(text_of(one, "visitorId")));
	}
	json_decref(answer.body);
	CHECK(id != NULL);
	return id;
}

/* On the list once, with another wish, and off it. */
static void join_and_leave(struct api *a)
{
	sign_in_as(a, "amina@family.example");
	const char *ask = format_body(a,
				      "{\"prisonerId\":\"A1234BC\",\"visitors\":[\"%s\"],"
				      "\"minutes\":30,\"hours\":\"MORNING\",\"automatic\":true}",
				      visitor_named(a, "Amina Okoro"));
	struct api_answer joined = call(a, METHOD_POST, "/api/v1/waiting", ask);
	assert_int_equal(joined.status, 201);
	assert_string_equal(text_of(joined.body, "hours"), "MORNING");
	CHECK(json_is_true(json_object_get(joined.body, "automatic")));
	CHECK(json_is_false(json_object_get(joined.body, "booked")));
	const char *id = field_of(a, joined, 201, "waitingId");
	check_status(call(a, METHOD_POST, "/api/v1/waiting", ask), 409);
	const char *path = path_of(a, "/api/v1/waiting/", id, "");
	const char *leave = path_of(a, "/api/v1/waiting/", id, "/leave");
	struct api_answer now =
	    call(a, METHOD_PUT, path, "{\"hours\":\"EVENING\",\"shortNotice\":true}");
	CHECK(json_is_false(json_object_get(now.body, "automatic")));
	CHECK(json_is_true(json_object_get(now.body, "shortNotice")));
	assert_string_equal(field_of(a, now, 200, "hours"), "EVENING");
	/* Nobody else's. */
	sign_in_as(a, "farah@family.example");
	assert_int_equal(length_of(a, "/api/v1/waiting"), 0);
	check_status(call(a, METHOD_PUT, path, "{}"), 404);
	check_status(call(a, METHOD_PUT, leave, NULL), 404);
	sign_in_as(a, "amina@family.example");
	assert_int_equal(length_of(a, "/api/v1/waiting"), 1);
	check_status(call(a, METHOD_PUT, leave, NULL), 204);
	check_status(call(a, METHOD_PUT, leave, NULL), 409);
	assert_int_equal(length_of(a, "/api/v1/waiting"), 0);
}

/* ---- a time that became free ---- */

/* What the account is offered; its id. */
static const char *offered(struct api *a)
{
	const char *id = NULL;
	struct api_answer list = call(a, METHOD_GET, "/api/v1/waiting", NULL);
	for (size_t i = 0; i < json_array_size(list.body); i++) {
		const json_t *offer = json_object_get(json_array_get(list.body, i), "offer");
		if (offer != NULL)
			id = arena_text(&a->site.estate.arena, str_from(text_of(offer, "offerId")));
	}
	json_decref(list.body);
	CHECK(id != NULL);
	return id;
}

/*
 * Three lawyers have a day each, one after the other; the first gives theirs up.
 * The second accepts it, and so frees the day that the third leaves to others.
 */
static void offer_on(struct api *a)
{
	static const struct {
		const char *email;
		const char *client;
	} WHO[] = {
		{ "a@law.example", "\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":"
				   "\"1988-04-12\",\"minutes\":45,\"cause\":\"BAIL\","
				   "\"deadline\":\"2026-11-30\"" },
		{ "b@law.example", "\"prisonerId\":\"A2345CD\",\"prisonerDateOfBirth\":"
				   "\"1992-09-03\",\"minutes\":45,\"cause\":\"BAIL\","
				   "\"deadline\":\"2026-11-30\"" },
		{ "c@law.example", "\"prisonerId\":\"A3456DE\",\"prisonerDateOfBirth\":"
				   "\"1979-01-27\",\"minutes\":45,\"cause\":\"BAIL\","
				   "\"deadline\":\"2026-11-30\"" },
	};
	const char *visit[ARRAY_LEN(WHO)];
	make_short(a);
	for (size_t i = 0; i < ARRAY_LEN(WHO); i++) {
		(void)add_lawyer(a, WHO[i].email);
		sign_in_as(a, WHO[i].email);
		visit[i] = book_earliest(a, WHO[i].client);
		if (i > 0)
			check_status(call(a, METHOD_PUT,
					  path_of(a, "/api/v1/visits/", visit[i], "/earlier"),
					  "{\"hours\":\"ANY\"}"),
				     200);
	}
	sign_in_as(a, WHO[0].email);
	check_status(call(a, METHOD_PUT, path_of(a, "/api/v1/visits/", visit[0], "/cancel"),
			  "{\"cancelOutcome\":{\"outcomeStatus\":\"BOOKER_CANCELLED\"}}"),
		     200);
	run_refill(a);
	sign_in_as(a, WHO[1].email);
	const char *offer = offered(a);
	const char *path = path_of(a, "/api/v1/waiting/offers/", offer, "");
	const char *accept = path_of(a, path, "/accept", ""),
		   *decline = path_of(a, path, "/decline", "");
	assert_string_equal(field_of(a, call(a, METHOD_GET, path, NULL), 200, "status"), "OPEN");
	/* Somebody else's offer is as unknown as none. */
	sign_in_as(a, WHO[2].email);
	check_status(call(a, METHOD_GET, path, NULL), 404);
	check_status(call(a, METHOD_PUT, accept, NULL), 404);
	check_status(call(a, METHOD_PUT, decline, NULL), 404);
	sign_in_as(a, WHO[1].email);
	struct api_answer taken = call(a, METHOD_PUT, accept, NULL);
	assert_int_equal(taken.status, 200);
	assert_string_equal(text_of(taken.body, "status"), "ACCEPTED");
	const json_t *waiting = json_object_get(taken.body, "waiting");
	assert_string_equal(text_of(waiting, "visitReference"), visit[1]);
	assert_string_equal(text_of(waiting, "startTimestamp"),
			    text_of(taken.body, "startTimestamp"));
	json_decref(taken.body);
	/* Twice is once, and who accepted does not decline. */
	assert_string_equal(field_of(a, call(a, METHOD_PUT, decline, NULL), 200, "status"),
			    "ACCEPTED");
	run_refill(a);
	sign_in_as(a, WHO[2].email);
	const char *next = path_of(a, "/api/v1/waiting/offers/", offered(a), "/decline");
	assert_string_equal(field_of(a, call(a, METHOD_PUT, next, NULL), 200, "status"),
			    "DECLINED");
}

/* ---- standing by ---- */

/* One visit is enough for one to stand by, by the rules of this scene. */
static void stand_by(struct api *a)
{
	struct estate *e = &a->site.estate;
	struct standby_cursor cursor = { 0 };
	bool more = true;
	change_rows(a, "UPDATE session_template SET start_minute = 600, end_minute = 660 "
		       "WHERE prison = 'WWI'");
	change_rows(a, "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, "
		       "reason) SELECT MAX(seq) + 1, '', 'standby_booths', 1, 0, NULL, 'Test' FROM "
		       "prison_policy");
	assert_int_equal(local_month(e->service.now), 24322);
	change_rows(a, "INSERT INTO visit_count (prison, kind, month, measure, value) "
		       "VALUES ('WWI', 'LEGAL', 24322, 'PLANNED', 30)");
	change_rows(a, "INSERT INTO visit_count (prison, kind, month, measure, value) "
		       "VALUES ('WWI', 'LEGAL', 24322, 'VISITOR_ABSENT', 9)");
	struct legal_ask hour = asking();
	hour.minutes = 60;
	(void)booked(e, add_lawyer(a, "other@law.example"), &hour);
	(void)add_lawyer(a, "lena@law.example");
	sign_in_as(a, "lena@law.example");
	check_status(call(a, METHOD_POST, "/api/v1/legal/wait",
			  "{\"prisonerId\":\"A3456DE\",\"prisonerDateOfBirth\":\"1979-01-27\","
			  "\"minutes\":45,\"cause\":\"BAIL\",\"deadline\":\"2026-11-30\"}"),
		     201);
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(standby_run(&e->service, &SYSTEM_ACTOR, &cursor, &more) == OK);
	struct api_answer list = call(a, METHOD_GET, "/api/v1/waiting", NULL);
	const json_t *asked = json_object_get(json_array_get(list.body, 0), "standby");
	CHECK(asked != NULL);
	const char *path = path_of(a, "/api/v1/waiting/standby/", text_of(asked, "standbyId"), "");
	json_decref(list.body);
	const char *accept = path_of(a, path, "/accept", ""),
		   *decline = path_of(a, path, "/decline", "");
	assert_string_equal(field_of(a, call(a, METHOD_GET, path, NULL), 200, "status"), "ASKED");
	sign_in_as(a, "other@law.example");
	check_status(call(a, METHOD_GET, path, NULL), 404);
	check_status(call(a, METHOD_PUT, accept, NULL), 404);
	sign_in_as(a, "lena@law.example");
	assert_string_equal(field_of(a, call(a, METHOD_PUT, accept, NULL), 200, "status"),
			    "AGREED");
	assert_string_equal(field_of(a, call(a, METHOD_PUT, accept, NULL), 200, "status"),
			    "AGREED");
	assert_string_equal(field_of(a, call(a, METHOD_PUT, decline, NULL), 200, "status"),
			    "WITHDRAWN");
}

static void who_waits_sees_answers_and_leaves(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	look_and_book(&a);
	join_and_leave(&a);
	api_reopen(&a);
	offer_on(&a);
	api_reopen(&a);
	stand_by(&a);
	check_all_asked(&a, "waiting");
	api_close(&a);
}

/* ---- prisons ---- */

static const json_t *named(const json_t *list, const char *field, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(text_of(json_array_get(list, i), field), name) == 0)
			return json_array_get(list, i);
	return NULL;
}

static int64_t rule_in_force(struct api *a, const char *name)
{
	struct api_answer answer = call(a, METHOD_GET, "/api/v1/prisons/WWI/rules", NULL);
	assert_int_equal(answer.status, 200);
	const json_t *rule = named(json_object_get(answer.body, "rules"), "name", name);
	int64_t value = rule ? json_integer_value(json_object_get(rule, "value")) : -1;
	json_decref(answer.body);
	return value;
}

/* What everybody is told; what is decided for later; and to staff all of it, with who and why. */
static void read_rules(struct api *a)
{
	struct estate *e = &a->site.estate;
	struct actor admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	struct effect_list effects;
	struct policy_setting set = { .prison = { "WWI" },
				      .name = POLICY_PARTY_MAX,
				      .value = 2,
				      .valid_from = wall_add_s(e->service.now, 86400),
				      .reason = STR("Small rooms") };
	a->site.signed_in = false;
	int64_t before = rule_in_force(a, "party_max");
	CHECK(before > 2);
	CHECK(policy_set(&e->service, &admin, &e->arena, &set, &effects) == OK);
	assert_int_equal(rule_in_force(a, "party_max"), before);
	assert_int_equal(rule_in_force(a, "pin_tries"), -1); /* not for everybody */
	struct api_answer told = call(a, METHOD_GET, "/api/v1/prisons/WWI/rules", NULL);
	const json_t *change = json_array_get(json_object_get(told.body, "changes"), 0);
	assert_string_equal(text_of(change, "name"), "party_max");
	assert_int_equal(json_integer_value(json_object_get(change, "value")), 2);
	json_decref(told.body);
	sign_in_as(a, "clerk@wandsworth.example");
	struct api_answer all = call(a, METHOD_GET, "/api/v1/prisons/WWI/rules/all", NULL);
	assert_int_equal(all.status, 200);
	assert_string_equal(text_of(json_array_get(all.body, 0), "reason"), "Small rooms");
	CHECK(json_is_false(json_object_get(json_array_get(all.body, 0), "inForce")));
	CHECK(named(all.body, "name", "pin_tries") != NULL);
	json_decref(all.body);
	e->service.now = wall_add_s(e->service.now, 86400);
	a->site.signed_in = false;
	assert_int_equal(rule_in_force(a, "party_max"), 2);
	check_status(call(a, METHOD_GET, "/api/v1/prisons/ZZZ/rules", NULL), 404);
	check_status(call(a, METHOD_GET, "/api/v1/prisons/ZZZ/times", NULL), 404);
}

static size_t sessions_for(struct api *a, const char *whom)
{
	size_t count = 0;
	struct api_answer held = call(a, METHOD_GET, "/api/v1/prisons/WWI/times", NULL);
	assert_int_equal(held.status, 200);
	const json_t *sessions = json_object_get(held.body, "sessions");
	for (size_t i = 0; i < json_array_size(sessions); i++)
		count += json_is_true(json_object_get(json_array_get(sessions, i), whom));
	json_decref(held.body);
	return count;
}

/* A kind that the rules switch off has no hours; a day that is closed stands there. */
static void read_times(struct api *a)
{
	a->site.signed_in = false;
	CHECK(sessions_for(a, "forFamilies") > 0);
	change_rows(a, "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, "
		       "reason) SELECT MAX(seq) + 1, '', 'social_on', 0, 0, NULL, 'Test' FROM "
		       "prison_policy");
	assert_int_equal(sessions_for(a, "forFamilies"), 0);
	CHECK(sessions_for(a, "forLawyers") > 0);
	struct estate *e = &a->site.estate;
	struct actor admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	struct exclude_date day = { .prison = { "WWI" },
				    .day = date_add_days(local_date(e->service.now), 10),
				    .reason = STR("Training") };
	struct effect_list effects;
	CHECK(exclude_date_add(&e->service, &admin, &e->arena, &day, CHANGE_SAVE, &effects) == OK);
	struct api_answer held = call(a, METHOD_GET, "/api/v1/prisons/WWI/times", NULL);
	assert_int_equal(json_array_size(json_object_get(held.body, "closed")), 1);
	json_decref(held.body);
}

static void count_everything(struct api *a)
{
	bool counted = true;
	for (int i = 0; counted && i < RUNS_MAX; i++)
		CHECK(statistics_count(&a->site.estate.service, &SYSTEM_ACTOR, &counted) == OK);
	CHECK(!counted);
}

/* As many requests as the service's answer has, at a prison, in the country, and by month. */
static void read_statistics(struct api *a)
{
	static const char FIGURES[] = "/api/v1/statistics/figures";
	count_everything(a);
	sign_in_as(a, "clerk@wandsworth.example");
	struct api_answer own = call(a, METHOD_GET, FIGURES, NULL);
	assert_int_equal(own.status, 200);
	CHECK(json_is_false(json_object_get(own.body, "rounded")));
	CHECK(json_is_string(json_object_get(own.body, "countedAt")));
	json_decref(own.body);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/figures?prisonId=LEI", NULL), 404);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/figures?by=MONTH", NULL), 200);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/waste/WWI", NULL), 200);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/waste/LEI", NULL), 404);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/waste/WWI?date=2030-01-01", NULL),
		     400);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/fairness", NULL), 403);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/readiness", NULL), 403);
	sign_in_as(a, "analyst@hq.example");
	struct api_answer country = call(a, METHOD_GET, FIGURES, NULL);
	CHECK(json_is_true(json_object_get(country.body, "rounded")));
	json_decref(country.body);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/figures?prisonId=ZZZ", NULL), 404);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/fairness", NULL), 200);
	struct api_answer ready = call(a, METHOD_GET, "/api/v1/statistics/readiness", NULL);
	assert_int_equal(ready.status, 200);
	CHECK(named(ready.body, "prisonId", "WWI") != NULL);
	json_decref(ready.body);
}

/* The months that are published, and no other. */
static void read_published(struct api *a)
{
	static const char PUBLISHED[] = "/api/v1/statistics/published";
	a->site.signed_in = false;
	change_rows(a, "INSERT INTO published_figure (month, prison, part, measure, value) "
		       "VALUES (24320, 'WWI', 'URGENT', 'REQUESTS', 20)");
	change_rows(a, "INSERT INTO published_figure (month, prison, part, measure, value) "
		       "VALUES (24320, 'WWI', 'VISITS_LEGAL', 'VISITS_HELD', -1)");
	struct api_answer latest = call(a, METHOD_GET, PUBLISHED, NULL);
	assert_int_equal(latest.status, 200);
	assert_string_equal(text_of(latest.body, "month"), "2026-09");
	const json_t *figures = json_object_get(latest.body, "figures");
	const json_t *waits = named(figures, "part", "URGENT");
	const json_t *visits = named(figures, "part", "VISITS_LEGAL");
	assert_int_equal(json_integer_value(json_object_get(waits, "value")), 20);
	CHECK(json_is_null(json_object_get(visits, "value")));
	json_decref(latest.body);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/published?month=2026-09", NULL), 200);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/published?month=2026-08", NULL), 404);
	check_status(call(a, METHOD_GET, "/api/v1/statistics/published?month=9", NULL), 400);
}

static void prisons_tell_their_rules_hours_and_figures(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	read_rules(&a);
	read_statistics(&a);
	read_published(&a);
	read_times(&a);
	check_all_asked(&a, "prisons");
	api_close(&a);
}

/* ---- bad input ---- */

static void bad_input_is_refused_and_writes_nothing(void **state)
{
	(void)state;
	static const char LENA[] = "lena@law.example", AMINA[] = "amina@family.example",
			  CLERK[] = "clerk@wandsworth.example";
	static const struct {
		const char *who;
		enum method method;
		const char *path;
		const char *body;
		int status;
	} cases[] = {
		{ LENA, METHOD_POST, "/api/v1/legal/times", "{}", 400 },
		{ LENA, METHOD_POST, "/api/v1/legal/times", "[]", 400 },
		{ LENA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":7,\"prisonerDateOfBirth\":\"soon\",\"minutes\":\"7\"}", 400 },
		/* No length of a legal visit; a cause without its day; four others. */
		{ LENA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":50}",
		  400 },
		{ LENA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45,\"cause\":\"BAIL\"}",
		  400 },
		{ LENA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45,\"others\":[\"a\",\"b\",\"c\",\"d\"]}",
		  400 },
		{ LENA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45,\"others\":[7]}",
		  400 },
		{ LENA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45,\"others\":[\"nobody@law.example\"]}",
		  409 },
		{ LENA, METHOD_POST, "/api/v1/legal/book",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45}",
		  400 },
		{ LENA, METHOD_POST, "/api/v1/legal/book",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45,\"startTimestamp\":\"2026-11-27T10:00:00Z\","
		  "\"terminalId\":\"one\"}",
		  400 },
		/* A family is no lawyer; staff do not book so. */
		{ AMINA, METHOD_POST, "/api/v1/legal/times",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45}",
		  403 },
		{ AMINA, METHOD_POST, "/api/v1/legal/wait",
		  "{\"prisonerId\":\"A1234BC\",\"prisonerDateOfBirth\":\"1988-04-12\","
		  "\"minutes\":45}",
		  403 },
		{ CLERK, METHOD_POST, "/api/v1/legal/times", "{}", 404 },
		{ AMINA, METHOD_GET, "/api/v1/visits/nonsense/legal-times", NULL, 404 },
		{ AMINA, METHOD_POST, "/api/v1/waiting", "{}", 400 },
		{ AMINA, METHOD_POST, "/api/v1/waiting",
		  "{\"prisonerId\":\"A1234BC\",\"visitors\":[\"1\"],\"minutes\":30,"
		  "\"hours\":\"NIGHT\",\"automatic\":1}",
		  400 },
		{ AMINA, METHOD_POST, "/api/v1/waiting",
		  "{\"prisonerId\":\"A2345CD\",\"visitors\":[\"1\"],\"minutes\":30}", 404 },
		{ AMINA, METHOD_PUT, "/api/v1/waiting/1", "{}", 404 },
		{ AMINA, METHOD_PUT, "/api/v1/waiting/nonsense/leave", NULL, 404 },
		{ AMINA, METHOD_PUT, "/api/v1/visits/nonsense/earlier", "{}", 404 },
		{ AMINA, METHOD_GET, "/api/v1/waiting/offers/1", NULL, 404 },
		{ AMINA, METHOD_PUT, "/api/v1/waiting/offers/nonsense/accept", NULL, 404 },
		{ AMINA, METHOD_GET, "/api/v1/waiting/standby/1", NULL, 404 },
		{ AMINA, METHOD_PUT, "/api/v1/waiting/standby/1/decline", NULL, 404 },
		{ CLERK, METHOD_GET, "/api/v1/waiting", NULL, 404 },
		{ CLERK, METHOD_GET, "/api/v1/prisons/LEI/rules/all", NULL, 404 },
		{ AMINA, METHOD_GET, "/api/v1/prisons/WWI/rules/all", NULL, 404 },
		{ CLERK, METHOD_GET, "/api/v1/statistics/figures?month=2026-13", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/statistics/figures?month=2020-01", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/statistics/figures?urgency=SOON", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/statistics/figures?by=PERSON", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/statistics/figures?prisonId=wandsworth", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/statistics/waste/WWI?date=monday", NULL, 400 },
	};
	struct api a;
	api_open(&a);
	(void)add_lawyer(&a, LENA);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sign_in_as(&a, cases[i].who);
		struct api_answer answer = call(&a, cases[i].method, cases[i].path, cases[i].body);
		if (answer.status != cases[i].status)
			print_message("# case %zu: %s %s\n", i, cases[i].who, cases[i].path);
		check_status(answer, cases[i].status);
	}
	/* Another family's visit. */
	sign_in_as(&a, "farah@family.example");
	check_status(
	    call(&a, METHOD_PUT,
		 path_of(&a, "/api/v1/visits/", a.site.estate.sample.joinable.text, "/earlier"),
		 "{}"),
	    404);
	api_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_waits_sees_answers_and_leaves),
		TEST(prisons_tell_their_rules_hours_and_figures),
		TEST(bad_input_is_refused_and_writes_nothing),
	};
	return RUN("web/api_waiting", tests);
}
