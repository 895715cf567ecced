/*
 * Booking and staff by the JSON API, against its own document: every operation is asked for.
 */
#include "tests/web/api.h"

#include "service/key.h"
#include "service/safeguard.h"
#include "store/query.h"

/* The first slot on offer for Amina and Daniel, and her id. */
struct choice {
	char visitor[24];
	char start[24];
	int minutes;
};

static struct choice choose(struct api *a, size_t nth)
{
	struct choice c = { 0 };
	char path[200];
	struct api_answer contacts = call(a, METHOD_GET, "/api/v1/contacts", NULL);
	for (size_t i = 0; i < json_array_size(contacts.body); i++) {
		const json_t *one = json_array_get(contacts.body, i);
		if (strcmp(text_of(one, "visitorName"), "Amina Okoro") == 0)
			snprintf(c.visitor, sizeof c.visitor, "%s", text_of(one, "visitorId"));
	}
	json_decref(contacts.body);
	CHECK(c.visitor[0]);
	snprintf(path, sizeof path,
		 "/api/v1/visit-sessions/available?prisonerId=A1234BC&visitors=%s&minutes=30"
		 "&fromDate=2026-11-26&toDate=2026-11-27",
		 c.visitor);
	struct api_answer slots = call(a, METHOD_GET, path, NULL);
	assert_int_equal(slots.status, 200);
	const json_t *slot = json_array_get(slots.body, nth);
	CHECK(slot != NULL);
	snprintf(c.start, sizeof c.start, "%s", text_of(slot, "startTimestamp"));
	c.minutes = (int)json_integer_value(json_object_get(slot, "minutes"));
	assert_int_equal(c.minutes, 30);
	json_decref(slots.body);
	return c;
}

static const char *slot_body(struct api *a, const struct choice *c)
{
	return arena_printf(&a->site.estate.arena,
			    "{\"prisonerId\":\"A1234BC\",\"startTimestamp\":\"%s\",\"minutes\":%d,"
			    "\"visitors\":[\"%s\"]}",
			    c->start, c->minutes, c->visitor);
}

/* Reserves and books; gives the reference. */
static const char *book_one(struct api *a, size_t nth)
{
	struct choice c = choose(a, nth);
	struct api_answer held =
	    call(a, METHOD_POST, "/api/v1/visits/application/slot/reserve", slot_body(a, &c));
	assert_int_equal(held.status, 201);
	const char *path =
	    path_of(a, "/api/v1/visits/", text_of(held.body, "applicationReference"), "/book");
	const char *body =
	    arena_printf(&a->site.estate.arena, "{\"visitors\":[\"%s\"]}", c.visitor);
	struct api_answer booked = call(a, METHOD_PUT, path, body);
	assert_int_equal(booked.status, 200);
	const char *reference =
	    arena_text(&a->site.estate.arena, str_from(text_of(booked.body, "reference")));
	json_decref(held.body);
	json_decref(booked.body);
	return reference;
}

/* ---- tests ---- */

/* What is typed to ask for Daniel. */
static const char *contact_body(struct api *a, const char *visitor, int year)
{
	struct prisoner daniel;
	struct prisoner_number number;
	struct estate *e = &a->site.estate;
	struct actor clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	CHECK(prisoner_number_of(STR("A1234BC"), &number));
	CHECK(prisoner_named(&e->service, &clerk, &e->arena, number, &daniel) == OK);
	return format_body(a,
			   "{\"visitorId\":\"%s\",\"prisonerId\":\"a1234bc \",\"prisonerName\":"
			   "\"%.*s\",\"prisonerDateOfBirth\":\"%04d-%02d-%02d\","
			   "\"relationshipCode\":\"MOT\"}",
			   visitor, STR_FMT(daniel.name), year ? year : daniel.born.year,
			   daniel.born.month, daniel.born.day);
}

static const char *status_of_contact(struct api *a, const char *contact)
{
	const char *status = NULL;
	struct api_answer answer = call(a, METHOD_GET, "/api/v1/contacts", NULL);
	for (size_t i = 0; i < json_array_size(answer.body); i++) {
		const json_t *one = json_array_get(answer.body, i);
		if (strcmp(text_of(one, "contactId"), contact) == 0)
			status =
			    arena_text(&a->site.estate.arena, str_from(text_of(one, "status")));
	}
	json_decref(answer.body);
	CHECK(status != NULL);
	return status;
}

/* A family registers a visitor and asks; staff approve; the prison's own list takes it back. */
static void register_and_decide(struct api *a)
{
	static const char RUTH[] =
	    "{\"visitorName\":\"Ruth Okoro\",\"visitorDateOfBirth\":\"1960-05-01\"}";
	static const char RUTH_AGAIN[] =
	    "{\"visitorName\":\" Ruth  Okoro\",\"visitorDateOfBirth\":\"1960-05-01\"}";
	static const char LIST[] = "/api/v1/prisoners/A1234BC/contacts";
	sign_in_as(a, "amina@family.example");
	const char *ruth =
	    field_of(a, call(a, METHOD_POST, "/api/v1/persons", RUTH), 201, "visitorId");
	assert_string_equal(
	    field_of(a, call(a, METHOD_POST, "/api/v1/persons", RUTH_AGAIN), 200, "visitorId"),
	    ruth);
	check_status(call(a, METHOD_GET, "/api/v1/persons", NULL), 200);
	const char *ask = contact_body(a, ruth, 0);
	assert_string_equal(
	    field_of(a, call(a, METHOD_POST, "/api/v1/contacts", contact_body(a, ruth, 1901)), 200,
		     "answer"),
	    "NO_MATCH");
	struct api_answer asked = call(a, METHOD_POST, "/api/v1/contacts", ask);
	const char *contact =
	    arena_text(&a->site.estate.arena,
		       str_from(text_of(json_object_get(asked.body, "contact"), "contactId")));
	assert_string_equal(field_of(a, asked, 201, "answer"), "ASKED");
	assert_string_equal(
	    field_of(a, call(a, METHOD_POST, "/api/v1/contacts", ask), 200, "answer"), "KNOWN");

	const char *approve = path_of(a, "/api/v1/contacts/", contact, "/approve");
	const char *reject = path_of(a, "/api/v1/contacts/", contact, "/reject");
	sign_in_as(a, "contacts@wandsworth.example");
	check_status(call(a, METHOD_GET, "/api/v1/contacts/requests/WWI", NULL), 200);
	check_status(call(a, METHOD_GET, "/api/v1/contacts/requests/LEI", NULL), 404);
	check_status(call(a, METHOD_PUT, approve, "{\"identitySeen\":false}"), 409);
	assert_string_equal(
	    field_of(a, call(a, METHOD_PUT, approve, "{\"identitySeen\":true}"), 200, "status"),
	    "APPROVED");
	check_status(call(a, METHOD_PUT, LIST,
			  "{\"visitorName\":\"Ruth Okoro\",\"visitorDateOfBirth\":\"1960-05-01\","
			  "\"relationship\":\"Mother\",\"approved\":true}"),
		     201);
	check_status(call(a, METHOD_PUT, LIST,
			  "{\"visitorName\":\"RUTH OKORO\",\"visitorDateOfBirth\":\"1960-05-01\","
			  "\"relationship\":\"Mother\",\"approved\":false}"),
		     200);
	sign_in_as(a, "amina@family.example");
	assert_string_equal(status_of_contact(a, contact), "REJECTED");
	assert_string_equal(
	    field_of(a, call(a, METHOD_POST, "/api/v1/contacts", ask), 201, "answer"), "ASKED");
	sign_in_as(a, "governor@wandsworth.example");
	check_status(call(a, METHOD_PUT, reject, "{\"why\":\"DETAILS\"}"), 400);
	assert_string_equal(
	    field_of(a,
		     call(a, METHOD_PUT, reject,
			  "{\"reason\":\"Not his mother\",\"why\":\"RELATIONSHIP\"}"),
		     200, "status"),
	    "REJECTED");
	check_status(call(a, METHOD_PUT, reject, "{\"reason\":\"Twice\"}"), 409);
}

/* The first session of that day, found again by itself and by its time. */
static void look_at_sessions(struct api *a)
{
	sign_in_as(a, "clerk@wandsworth.example");
	struct api_answer day =
	    call(a, METHOD_GET, "/api/v1/visit-sessions/schedule?date=2026-11-26", NULL);
	const json_t *first = json_array_get(day.body, 0);
	const char *session = format_body(
	    a, "/api/v1/visit-sessions/session?sessionDate=2026-11-26&sessionTemplateReference=%s",
	    text_of(first, "sessionTemplateReference"));
	/* In winter London's clock is UTC's. */
	const char *capacity =
	    format_body(a,
			"/api/v1/visit-sessions/capacity?prisonId=WWI&sessionDate=2026-11-26"
			"&sessionStartTime=%.5s&sessionEndTime=%.5s",
			text_of(first, "startTimestamp") + 11, text_of(first, "endTimestamp") + 11);
	struct api_answer one = call(a, METHOD_GET, session, NULL);
	assert_int_equal(one.status, 200);
	CHECK(json_equal(one.body, first));
	struct api_answer places = call(a, METHOD_GET, capacity, NULL);
	if (places.status != 200)
		print_message("# %s %s\n", capacity, json_dumps(first, 0));
	assert_int_equal(places.status, 200);
	json_int_t sum = 0;
	for (size_t i = 0; i < json_array_size(day.body); i++) {
		const json_t *s = json_array_get(day.body, i);
		if (strcmp(text_of(s, "startTimestamp"), text_of(first, "startTimestamp")) == 0 &&
		    strcmp(text_of(s, "endTimestamp"), text_of(first, "endTimestamp")) == 0)
			sum += json_integer_value(json_object_get(s, "openBooked"));
	}
	assert_int_equal(json_integer_value(json_object_get(places.body, "openBooked")), sum);
	json_decref(one.body);
	json_decref(places.body);
	json_decref(day.body);
	check_status(call(a, METHOD_GET,
			  "/api/v1/visit-sessions/capacity?sessionDate=2026-11-26"
			  "&sessionStartTime=03:00",
			  NULL),
		     404);
}

/* Entered once, however often it is sent; shown; ended once. */
static void enter_and_end(struct api *a, const char *kind, const char *field, const char *body)
{
	const char *enter = path_of(a, "/api/v1/prisoners/A2345CD/", kind, "");
	const char *id = field_of(a, call(a, METHOD_POST, enter, body), 201, field);
	assert_string_equal(field_of(a, call(a, METHOD_POST, enter, body), 200, field), id);
	const char *end = format_body(a, "/api/v1/%s/%s/end", kind, id);
	check_status(call(a, METHOD_GET, "/api/v1/prisoners/A2345CD/safeguards", NULL), 200);
	check_status(call(a, METHOD_PUT, end, "{}"), 400);
	check_status(call(a, METHOD_PUT, end, "{\"reason\":\"Reviewed\"}"), 200);
	check_status(call(a, METHOD_PUT, end, "{\"reason\":\"Reviewed\"}"), 409);
}

/* Other systems tell what keeps people safe, where they are and what they are. */
static void tell_of_prisoners(struct api *a)
{
	static const char MOVE[] = "/api/v1/prisoners/A2345CD/movements";
	static const char STATUS[] = "/api/v1/prisoners/A2345CD/status";
	sign_in_as(a, "governor@wandsworth.example");
	enter_and_end(a, "restrictions", "restrictionId",
		      "{\"restrictionType\":\"BAN\",\"visitorName\":\"Ben Reed\","
		      "\"visitorDateOfBirth\":\"1966-03-19\",\"expiryDate\":\"2027-03-01\","
		      "\"comment\":\"Threats\",\"authorisedBy\":\"H Frost\"}");
	enter_and_end(a, "restrictions", "restrictionId",
		      "{\"restrictionType\":\"CLOSED\",\"comment\":\"Drugs\","
		      "\"authorisedBy\":\"H Frost\"}");
	enter_and_end(a, "alerts", "alertId", "{\"alertCode\":\"RDV\",\"comment\":\"File\"}");
	enter_and_end(a, "non-associations", "nonAssociationId",
		      "{\"otherPrisonerId\":\"A1234BC\",\"reason\":\"THREAT\","
		      "\"scope\":\"WING\",\"comment\":\"A fight\"}");
	check_status(call(a, METHOD_PUT, STATUS,
			  "{\"incentiveLevel\":\"STD\",\"category\":\"C\",\"convicted\":true,"
			  "\"reason\":\"Sentenced\"}"),
		     200);
	check_status(call(a, METHOD_PUT, STATUS,
			  "{\"incentiveLevel\":\"GOLD\",\"convicted\":true,\"reason\":\"x\"}"),
		     400);
	check_status(call(a, METHOD_POST, MOVE, "{\"movement\":\"TRANSFERRED\",\"reason\":\"x\"}"),
		     400);
	check_status(
	    call(a, METHOD_POST, MOVE, "{\"movement\":\"TO_COURT\",\"reason\":\"Listed\"}"), 200);
	check_status(
	    call(a, METHOD_POST, MOVE, "{\"movement\":\"TO_COURT\",\"reason\":\"Listed\"}"), 409);
	struct api_answer now = call(a, METHOD_GET, "/api/v1/prisoners/A2345CD/safeguards", NULL);
	assert_string_equal(text_of(now.body, "status"), "COURT");
	assert_string_equal(text_of(now.body, "category"), "C");
	CHECK(json_array_size(json_object_get(now.body, "restrictions")) == 0);
	CHECK(json_array_size(json_object_get(now.body, "nonAssociations")) == 0);
	json_decref(now.body);
	check_status(call(a, METHOD_POST, MOVE, "{\"movement\":\"RETURNED\",\"reason\":\"Back\"}"),
		     200);
}

/* A visit to which nobody came, and what staff say of it. */
static void say_outcomes(struct api *a)
{
	struct service *service = &a->site.estate.service;
	struct reference reference = a->site.estate.sample.joinable;
	const char *path = path_of(a, "/api/v1/visits/", reference.text, "/outcome");
	static const char EQUIPMENT[] =
	    "{\"outcomeStatus\":\"EQUIPMENT\",\"text\":\"The terminal was dark\"}";
	sign_in_as(a, "clerk@wandsworth.example");
	check_status(call(a, METHOD_PUT, path, EQUIPMENT), 409); /* it is not over */
	service->now = wall_add_s(a->site.estate.sample.joinable_start, 2 * 60 * 60);
	CHECK(store_enter(service->store) == OK);
	live_tick(a->site.web.live, (struct mono){ 10000000 });
	CHECK(store_leave(service->store, true) == OK);
	sign_in_as(a, "clerk@wandsworth.example");
	check_status(call(a, METHOD_PUT, path, "{\"outcomeStatus\":\"COMPLETED_NORMALLY\"}"), 409);
	struct api_answer said = call(a, METHOD_PUT, path, EQUIPMENT);
	assert_int_equal(said.status, 200);
	const json_t *outcome = json_object_get(said.body, "outcome");
	assert_string_equal(text_of(outcome, "outcomeStatus"), "EQUIPMENT");
	assert_string_equal(text_of(outcome, "text"), "The terminal was dark");
	struct api_answer all = call(a, METHOD_GET, "/api/v1/visits/outcomes/WWI", NULL);
	assert_int_equal(all.status, 200);
	bool there = false;
	for (size_t i = 0; i < json_array_size(all.body); i++)
		there |= json_equal(json_array_get(all.body, i), said.body);
	CHECK(there);
	json_decref(said.body);
	json_decref(all.body);
	service->now = wall_add_s(service->now, 29 * 24 * 60 * 60);
	sign_in_as(a, "clerk@wandsworth.example");
	check_status(call(a, METHOD_PUT, path, EQUIPMENT), 409); /* too late */
}

/* Where a visit could go, itself left out of what is taken; moved there under its reference. */
static void move_and_back(struct api *a, const char *reference)
{
	const char *path = path_of(a, "/api/v1/visits/", reference, "/move");
	struct api_answer was =
	    call(a, METHOD_GET, path_of(a, "/api/v1/visits/", reference, ""), NULL);
	const char *first =
	    arena_text(&a->site.estate.arena, str_from(text_of(was.body, "startTimestamp")));
	json_decref(was.body);
	struct choice to = choose(a, 6);
	assert_string_not_equal(first, to.start);
	const char *where =
	    format_body(a,
			"/api/v1/visit-sessions/available?prisonerId=A1234BC&visitors=%s&minutes=%d"
			"&fromDate=2026-11-26&toDate=2026-11-27&visitReference=%s",
			to.visitor, to.minutes, reference);
	struct api_answer free = call(a, METHOD_GET, where, NULL);
	bool own = false;
	for (size_t i = 0; i < json_array_size(free.body); i++)
		own |= strcmp(text_of(json_array_get(free.body, i), "startTimestamp"), first) == 0;
	CHECK(own);
	json_decref(free.body);
	struct api_answer moved =
	    call(a, METHOD_PUT, path, format_body(a, "{\"startTimestamp\":\"%s\"}", to.start));
	assert_int_equal(moved.status, 200);
	assert_string_equal(text_of(moved.body, "startTimestamp"), to.start);
	assert_string_equal(text_of(moved.body, "reference"), reference);
	json_decref(moved.body);
	/* Not yet open for booking, over already, no time at all: it stays where it is. */
	static const struct {
		const char *body;
		int status;
	} cases[] = {
		{ "{\"startTimestamp\":\"2027-03-01T10:00:00Z\"}", 422 },
		{ "{\"startTimestamp\":\"2026-11-20T10:00:00Z\"}", 400 },
		{ "{\"startTimestamp\":\"2026-11-27T10:01:00Z\"}", 400 },
		{ "{\"startTimestamp\":\"soon\"}", 400 },
		{ "{\"startTimestamp\":\"2026-11-27T10:00:00Z\",\"minutes\":0}", 400 },
		{ "{}", 400 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_status(call(a, METHOD_PUT, path, cases[i].body), cases[i].status);
	struct api_answer still =
	    call(a, METHOD_GET, path_of(a, "/api/v1/visits/", reference, ""), NULL);
	assert_string_equal(text_of(still.body, "startTimestamp"), to.start);
	json_decref(still.body);
	check_status(
	    call(a, METHOD_PUT, path, format_body(a, "{\"startTimestamp\":\"%s\"}", first)), 200);
}

static void every_operation_answers_as_described(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	sign_in_as(&a, "amina@family.example");
	check_status(call(&a, METHOD_GET, "/api/v1/prisons", NULL), 200);
	check_status(call(&a, METHOD_GET, "/api/v1/visits", NULL), 200);

	/* A time is held, changed, booked. */
	struct choice first = choose(&a, 0), second = choose(&a, 3);
	struct api_answer held =
	    call(&a, METHOD_POST, "/api/v1/visits/application/slot/reserve", slot_body(&a, &first));
	assert_int_equal(held.status, 201);
	const char *change = path_of(&a, "/api/v1/visits/application/",
				     text_of(held.body, "applicationReference"), "/slot/change");
	struct api_answer moved = call(&a, METHOD_PUT, change, slot_body(&a, &second));
	assert_int_equal(moved.status, 200);
	assert_string_equal(text_of(moved.body, "startTimestamp"), second.start);
	check_status(call(&a, METHOD_PUT, change, slot_body(&a, &first)), 404); /* let go */
	json_decref(held.body);
	json_decref(moved.body);
	const char *reference = book_one(&a, 1);
	check_status(call(&a, METHOD_GET, path_of(&a, "/api/v1/visits/", reference, ""), NULL),
		     200);
	move_and_back(&a, reference);
	check_status(
	    call(&a, METHOD_GET, "/api/v1/visits/allocation/prisoner/A1234BC/balance", NULL), 200);

	/* Staff look at all of it. */
	sign_in_as(&a, "clerk@wandsworth.example");
	static const char *const reads[] = {
		"/api/v1/visits/allocation/prisoner/A1234BC/balance",
		"/api/v1/visits/allocation/prisoner/A1234BC/balance/detailed",
		"/api/v1/visits/requests/WWI",
		"/api/v1/visits/notification/WWI/visits",
		"/api/v1/visits/notification/WWI/count",
		"/api/v1/visit-sessions/schedule?date=2026-11-26",
	};
	for (size_t i = 0; i < ARRAY_LEN(reads); i++)
		check_status(call(&a, METHOD_GET, reads[i], NULL), 200);
	struct api_answer history =
	    call(&a, METHOD_GET, path_of(&a, "/api/v1/visits/", reference, "/history"), NULL);
	assert_int_equal(history.status, 200);
	assert_int_equal(json_array_size(history.body), 3);
	assert_string_equal(text_of(json_array_get(history.body, 0), "type"), "visit.book");
	assert_string_equal(text_of(json_array_get(history.body, 1), "type"), "visit.move");
	json_decref(history.body);
	struct api_answer gone =
	    call(&a, METHOD_PUT, path_of(&a, "/api/v1/visits/", reference, "/cancel"),
		 "{\"cancelOutcome\":{\"outcomeStatus\":\"ESTABLISHMENT_CANCELLED\","
		 "\"text\":\"Burst pipe\"},\"applicationMethodType\":\"PHONE\"}");
	assert_int_equal(gone.status, 200);
	const json_t *how = json_object_get(gone.body, "cancellation");
	assert_string_equal(text_of(how, "outcomeStatus"), "ESTABLISHMENT_CANCELLED");
	assert_string_equal(text_of(how, "applicationMethodType"), "PHONE");
	assert_string_equal(text_of(gone.body, "endText"), "Burst pipe");
	json_decref(gone.body);
	check_status(
	    call(&a, METHOD_PUT, path_of(&a, "/api/v1/visits/", reference, "/cancel"),
		 "{\"cancelOutcome\":{\"outcomeStatus\":\"CANCELLATION\",\"text\":\"x\"}}"),
	    400);

	/* An alert makes staff look: one request is approved, one rejected; a booked visit is flagged. */
	sign_in_as(&a, "amina@family.example");
	const char *booked = book_one(&a, 0);
	struct actor governor = estate_staff(&a.site.estate, ROLE_DUTY_GOVERNOR, "WWI");
	struct alert_id alert;
	struct visit visit;
	struct reference of_booked;
	CHECK(reference_of(str_from(booked), &of_booked));
	CHECK(visit_find(&a.site.estate.service, &governor, &a.site.estate.arena, of_booked,
			 &visit) == OK);
	struct alert_new new = { .prisoner = visit.prisoner,
				 .code = { "RCS" },
				 .comment = STR("Test") };
	CHECK(alert_add(&a.site.estate.service, &governor, &new, &alert) == OK);
	const char *asked = book_one(&a, 40), *asked_too = book_one(&a, 44);
	sign_in_as(&a, "clerk@wandsworth.example");
	check_status(call(&a, METHOD_PUT,
			  path_of(&a, "/api/v1/visits/requests/", asked, "/approve"),
			  "{\"reason\":\"Looked at\"}"),
		     200);
	check_status(call(&a, METHOD_PUT,
			  path_of(&a, "/api/v1/visits/requests/", asked_too, "/reject"),
			  "{\"reason\":\"Not that day\"}"),
		     200);
	check_status(call(&a, METHOD_PUT,
			  path_of(&a, "/api/v1/visits/requests/", asked_too, "/approve"),
			  "{\"reason\":\"Too late\"}"),
		     409);
	struct api_answer flags =
	    call(&a, METHOD_GET, "/api/v1/visits/notification/WWI/visits", NULL);
	CHECK(json_array_size(flags.body) > 0);
	check_status(call(&a, METHOD_PUT,
			  path_of(&a, "/api/v1/visits/notification/",
				  text_of(json_array_get(flags.body, 0), "id"), "/ignore"),
			  "{\"reason\":\"It stays\"}"),
		     204);
	json_decref(flags.body);

	register_and_decide(&a);
	look_at_sessions(&a);
	say_outcomes(&a);
	tell_of_prisoners(&a);

	check_all_asked(&a, "booking");
	check_all_asked(&a, "staff");
	api_close(&a);
}

static void bad_input_gets_a_clear_answer_and_writes_nothing(void **state)
{
	(void)state;
	static const char RESERVE[] = "/api/v1/visits/application/slot/reserve";
	static const struct {
		enum method method;
		const char *path;
		const char *body;
		int status;
	} cases[] = {
		{ METHOD_POST, RESERVE, "[]", 400 },
		{ METHOD_POST, RESERVE, "{", 400 },
		{ METHOD_POST, RESERVE, "{}", 400 },
		{ METHOD_POST, RESERVE, "{\"a\":1,\"a\":2}", 400 },
		{ METHOD_POST, RESERVE,
		  "{\"prisonerId\":7,\"startTimestamp\":7,\"minutes\":\"7\",\"visitors\":7}", 400 },
		{ METHOD_POST, RESERVE,
		  "{\"prisonerId\":\"A1234BC\",\"startTimestamp\":\"2026-11-26T14:00:00+01:00\","
		  "\"minutes\":30,\"visitors\":[\"1\"]}",
		  400 },
		{ METHOD_POST, RESERVE,
		  "{\"prisonerId\":\"A1234BC\",\"startTimestamp\":\"2026-11-26T14:00:00Z\","
		  "\"minutes\":30,\"visitors\":[\"1\",\"1\"]}",
		  400 },
		/* Another family's prisoner is as unknown as nobody. */
		{ METHOD_POST, RESERVE,
		  "{\"prisonerId\":\"A2345CD\",\"startTimestamp\":\"2026-11-26T14:00:00Z\","
		  "\"minutes\":30,\"visitors\":[\"1\"]}",
		  404 },
		{ METHOD_POST, RESERVE,
		  "{\"prisonerId\":\"Z9999ZZ\",\"startTimestamp\":\"2026-11-26T14:00:00Z\","
		  "\"minutes\":30,\"visitors\":[\"1\"]}",
		  404 },
		{ METHOD_PUT, "/api/v1/visits/1/book", "{\"visitors\":[\"1\"]}", 404 },
		{ METHOD_PUT, "/api/v1/visits/nonsense/book", "{\"visitors\":[\"1\"]}", 404 },
		{ METHOD_PUT, "/api/v1/visits/nonsense/cancel",
		  "{\"cancelOutcome\":{\"outcomeStatus\":\"BOOKER_CANCELLED\"}}", 404 },
		{ METHOD_PUT, "/api/v1/visits/nonsense/move",
		  "{\"startTimestamp\":\"2026-11-26T14:00:00Z\"}", 404 },
		{ METHOD_GET, "/api/v1/visits/nonsense", NULL, 404 },
		{ METHOD_GET, "/api/v1/visit-sessions/available", NULL, 400 },
		{ METHOD_GET,
		  "/api/v1/visit-sessions/available?prisonerId=A1234BC&visitors=1,2,3,4,5", NULL,
		  400 },
		{ METHOD_GET,
		  "/api/v1/visit-sessions/"
		  "available?prisonerId=A1234BC&visitors=1&toDate=2027-01-01",
		  NULL, 400 },
		{ METHOD_GET, "/api/v1/visits/allocation/prisoner/A2345CD/balance", NULL, 404 },
		{ METHOD_GET, "/api/v1/visits/requests/WWI", NULL, 404 },
	};
	struct api a;
	api_open(&a);
	sign_in_as(&a, "amina@family.example");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct api_answer answer = call(&a, cases[i].method, cases[i].path, cases[i].body);
		if (answer.status != cases[i].status)
			print_message("# case %zu: %s\n", i, cases[i].path);
		check_status(answer, cases[i].status);
	}
	/* All that is wrong is told at once. */
	struct api_answer answer = call(&a, METHOD_POST, RESERVE, "{}");
	assert_int_equal(json_array_size(json_object_get(answer.body, "errors")), 4);
	json_decref(answer.body);
	a.without_csrf = true;
	check_status(call(&a, METHOD_POST, RESERVE, "{}"), 403);
	a.site.signed_in = false;
	check_status(call(&a, METHOD_POST, RESERVE, "{}"), 401);
	/* Another family's visit. */
	sign_in_as(&a, "farah@family.example");
	a.without_csrf = false;
	const char *others = path_of(&a, "/api/v1/visits/", a.site.estate.sample.joinable.text, "");
	check_status(call(&a, METHOD_GET, others, NULL), 404);
	check_status(call(&a, METHOD_PUT, path_of(&a, others, "/move", ""),
			  "{\"startTimestamp\":\"2026-11-26T14:00:00Z\"}"),
		     404);
	check_status(call(&a, METHOD_PUT, path_of(&a, others, "/cancel", ""),
			  "{\"cancelOutcome\":{\"outcomeStatus\":\"BOOKER_CANCELLED\"}}"),
		     404);
	api_close(&a);
}

static void bad_people_sessions_and_outcomes_are_refused(void **state)
{
	(void)state;
	static const char FAMILY[] = "amina@family.example", CLERK[] = "clerk@wandsworth.example",
			  CONTACTS[] = "contacts@wandsworth.example";
	static const char LIST[] = "/api/v1/prisoners/A1234BC/contacts";
	static const struct {
		const char *who;
		enum method method;
		const char *path;
		const char *body;
		int status;
	} cases[] = {
		{ FAMILY, METHOD_POST, "/api/v1/persons", "{}", 400 },
		{ FAMILY, METHOD_POST, "/api/v1/persons",
		  "{\"visitorName\":7,\"visitorDateOfBirth\":7}", 400 },
		{ FAMILY, METHOD_POST, "/api/v1/persons",
		  "{\"visitorName\":\"Ruth Okoro\",\"visitorDateOfBirth\":\"2026-02-30\"}", 400 },
		{ FAMILY, METHOD_POST, "/api/v1/persons",
		  "{\"visitorName\":\"Ruth Okoro\",\"visitorDateOfBirth\":\"2030-01-01\"}", 400 },
		{ FAMILY, METHOD_POST, "/api/v1/contacts", "{}", 400 },
		{ FAMILY, METHOD_POST, "/api/v1/contacts",
		  "{\"visitorId\":\"1\",\"prisonerId\":\"A1234BC\",\"prisonerName\":\"X\","
		  "\"prisonerDateOfBirth\":\"1985-01-01\",\"relationship\":\"friend\","
		  "\"part\":\"OWNER\"}",
		  400 },
		/* Nobody else's visitors can be asked for. */
		{ FAMILY, METHOD_POST, "/api/v1/contacts",
		  "{\"visitorId\":\"1\",\"prisonerId\":\"A1234BC\",\"prisonerName\":\"X\","
		  "\"prisonerDateOfBirth\":\"1985-01-01\",\"relationship\":\"friend\"}",
		  404 },
		{ FAMILY, METHOD_PUT, LIST, "{}", 404 },
		{ CLERK, METHOD_POST, "/api/v1/persons", "{}", 404 },
		{ CLERK, METHOD_PUT, LIST, "{}", 403 },
		{ CLERK, METHOD_PUT, "/api/v1/contacts/1/approve", "{\"identitySeen\":true}", 403 },
		{ CONTACTS, METHOD_PUT, "/api/v1/contacts/1/approve", "{\"identitySeen\":true}",
		  404 },
		{ CONTACTS, METHOD_PUT, "/api/v1/contacts/1/approve", "{\"identitySeen\":1}", 400 },
		{ CONTACTS, METHOD_PUT, "/api/v1/contacts/x/reject", "{\"reason\":\"No\"}", 404 },
		{ CONTACTS, METHOD_PUT, LIST, "{}", 400 },
		{ CONTACTS, METHOD_PUT, LIST,
		  "{\"visitorName\":\"Ruth Okoro\",\"visitorDateOfBirth\":\"1960-05-01\","
		  "\"relationship\":\"Mother\",\"approved\":\"yes\"}",
		  400 },
		{ CONTACTS, METHOD_PUT, LIST,
		  "{\"visitorName\":\"Ruth Okoro\",\"visitorDateOfBirth\":\"1960-05-01\","
		  "\"relationship\":\"The mother of somebody whom he knew at school\","
		  "\"approved\":true}",
		  400 },
		{ CONTACTS, METHOD_PUT, "/api/v1/prisoners/Z9999ZZ/contacts", "{}", 404 },
		{ CONTACTS, METHOD_PUT, "/api/v1/prisoners/nobody/contacts", "{}", 404 },
		{ CONTACTS, METHOD_GET, "/api/v1/prisoners/A5678FG/safeguards", NULL, 404 },
		{ FAMILY, METHOD_GET, "/api/v1/prisoners/A1234BC/safeguards", NULL, 404 },
		{ CLERK, METHOD_POST, "/api/v1/prisoners/A1234BC/restrictions", "{}", 403 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/restrictions", "{}", 400 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A5678FG/restrictions", "{}", 404 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/restrictions",
		  "{\"restrictionType\":\"MADE_UP\",\"comment\":\"x\",\"authorisedBy\":\"x\"}",
		  400 },
		/* An order that two people never meet names both. */
		{ "governor@wandsworth.example", METHOD_POST,
		  "/api/v1/prisoners/A1234BC/restrictions",
		  "{\"restrictionType\":\"NO_CONTACT\",\"comment\":\"x\","
		  "\"authorisedBy\":\"x\"}",
		  400 },
		/* … and is the governor's. */
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/restrictions",
		  "{\"restrictionType\":\"BAN\",\"comment\":\"x\",\"authorisedBy\":\"x\"}", 403 },
		{ CONTACTS, METHOD_PUT, "/api/v1/restrictions/1/end", "{\"reason\":\"x\"}", 404 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/alerts",
		  "{\"alertCode\":\"no code\",\"comment\":\"x\"}", 400 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/alerts",
		  "{\"alertCode\":\"RDV\",\"startDate\":\"2026-02-30\",\"comment\":\"x\"}", 400 },
		{ CONTACTS, METHOD_PUT, "/api/v1/alerts/1/end", "{\"reason\":\"x\"}", 404 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/non-associations",
		  "{\"otherPrisonerId\":\"A1234BC\",\"reason\":\"THREAT\","
		  "\"scope\":\"WING\",\"comment\":\"x\"}",
		  400 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/non-associations",
		  "{\"otherPrisonerId\":\"Z9999ZZ\",\"reason\":\"THREAT\","
		  "\"scope\":\"WING\",\"comment\":\"x\"}",
		  404 },
		{ CLERK, METHOD_POST, "/api/v1/prisoners/A5678FG/movements",
		  "{\"movement\":\"TO_COURT\",\"reason\":\"x\"}", 404 },
		{ CLERK, METHOD_POST, "/api/v1/prisoners/A1234BC/movements",
		  "{\"movement\":\"AWAY\",\"reason\":\"x\"}", 400 },
		{ CONTACTS, METHOD_POST, "/api/v1/prisoners/A1234BC/movements", "{}", 403 },
		{ CLERK, METHOD_PUT, "/api/v1/prisoners/A1234BC/status", "{}", 403 },
		{ CLERK, METHOD_GET, "/api/v1/visit-sessions/session", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/visit-sessions/session?sessionTemplateReference=1",
		  NULL, 404 },
		{ CLERK, METHOD_GET, "/api/v1/visit-sessions/capacity?sessionDate=tomorrow", NULL,
		  400 },
		{ CLERK, METHOD_GET, "/api/v1/visit-sessions/capacity?sessionStartTime=24:30", NULL,
		  400 },
		{ CLERK, METHOD_GET, "/api/v1/visit-sessions/capacity?sessionEndTime=2pm", NULL,
		  400 },
		{ CLERK, METHOD_GET, "/api/v1/visit-sessions/capacity?prisonId=LEI", NULL, 404 },
		{ CLERK, METHOD_GET, "/api/v1/visits/outcomes/LEI", NULL, 404 },
		{ CLERK, METHOD_GET, "/api/v1/visits/outcomes/WWI?date=2026-01-01", NULL, 400 },
		{ CLERK, METHOD_GET, "/api/v1/visits/outcomes/WWI?date=2027-01-01", NULL, 400 },
		{ CLERK, METHOD_PUT, "/api/v1/visits/nonsense/outcome",
		  "{\"outcomeStatus\":\"EQUIPMENT\"}", 404 },
		{ CONTACTS, METHOD_PUT, "/api/v1/visits/nonsense/outcome",
		  "{\"outcomeStatus\":\"EQUIPMENT\"}", 403 },
	};
	struct api a;
	api_open(&a);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sign_in_as(&a, cases[i].who);
		struct api_answer answer = call(&a, cases[i].method, cases[i].path, cases[i].body);
		if (answer.status != cases[i].status)
			print_message("# case %zu: %s %s\n", i, cases[i].who, cases[i].path);
		check_status(answer, cases[i].status);
	}
	const char *outcome =
	    path_of(&a, "/api/v1/visits/", a.site.estate.sample.joinable.text, "/outcome");
	sign_in_as(&a, CLERK);
	check_status(call(&a, METHOD_PUT, outcome, "{}"), 400);
	check_status(call(&a, METHOD_PUT, outcome, "{\"outcomeStatus\":\"FINE\"}"), 400);
	sign_in_as(&a, "clerk@cardiff.example");
	check_status(call(&a, METHOD_PUT, outcome, "{\"outcomeStatus\":\"EQUIPMENT\"}"), 404);
	api_close(&a);
}

/* By the words of what it is for: not past its date, and as long as it is. */
static void a_lawyer_moves_a_legal_visit(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	const struct legal_ask need = asking();
	struct actor lawyer = lawyer_of(&a.site.estate, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&a.site.estate, lawyer);
	struct reference reference = booked(&a.site.estate, lawyer, &need);
	sign_in_as(&a, "lena@law.example");
	const char *path = path_of(&a, "/api/v1/visits/", reference.text, "/move");
	static const struct {
		const char *body;
		int status;
	} cases[] = {
		{ "{\"startTimestamp\":\"2026-12-01T10:00:00Z\"}", 409 },
		{ "{\"startTimestamp\":\"2026-11-27T10:00:00Z\",\"minutes\":60}", 400 },
		{ "{\"startTimestamp\":\"2026-11-20T10:00:00Z\"}", 400 },
		{ "{\"startTimestamp\":\"2026-11-27T10:00:00Z\"}", 200 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_status(call(&a, METHOD_PUT, path, cases[i].body), cases[i].status);
	sign_in_as(&a, "amina@family.example");
	check_status(call(&a, METHOD_PUT, path, cases[3].body), 404);
	api_close(&a);
}

static void check_refused(struct api_answer answer, const char *code)
{
	const json_t *codes = json_object_get(answer.body, "validationErrors");
	assert_int_equal(answer.status, 422);
	assert_int_equal(json_array_size(codes), 1);
	assert_string_equal(json_string_value(json_array_get(codes, 0)), code);
	json_decref(answer.body);
}

/* What the urgent are kept is not reserved, moved to or booked by a machine, which says what a visit is for. */
static void a_machine_says_what_a_legal_visit_is_for(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	struct estate *e = &a.site.estate;
	struct legal_ask need = asking();
	struct legal_times *found = arena_new(&e->arena, 1, sizeof *found);
	struct actor lawyer = lawyer_of(e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(e, lawyer);
	struct query q = query_of(
	    e->service.store,
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, '', 'fence_routine_far', 80, 0, NULL, 'Test' FROM prison_policy");
	CHECK(query_change(&q) == OK);
	q = query_of(e->service.store, "UPDATE session_template SET start_minute = 600, "
				       "end_minute = 660 WHERE prison = 'WWI'");
	CHECK(query_end(&q) == OK);
	CHECK(legal_times_find(&e->service, &lawyer, &e->arena, &need, found) == OK);
	sign_in_as(&a, "lena@law.example");
	static const char SLOT[] = "{\"visitType\":\"LEGAL\",\"prisonerId\":\"A1234BC\","
				   "\"startTimestamp\":\"2026-11-27T10:00:00Z\",\"minutes\":45,"
				   "\"visitors\":[\"%lld\"]%s}";
	static const char *const RESERVE = "/api/v1/visits/application/slot/reserve";
	static const char BAIL[] = ",\"cause\":\"BAIL\",\"deadline\":\"2026-11-30\"";
	long long person = (long long)found->persons[0].n;
	static const char *const BAD[] = { ",\"cause\":\"BAIL\"", ",\"cause\":\"WHIM\"",
					   ",\"deadline\":\"2026-11-30\"",
					   ",\"cause\":\"BAIL\",\"deadline\":\"soon\"",
					   ",\"cause\":\"BAIL\",\"deadline\":\"2026-11-20\"" };
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		check_status(call(&a, METHOD_POST, RESERVE, format_body(&a, SLOT, person, BAD[i])),
			     400);
	check_refused(call(&a, METHOD_POST, RESERVE, format_body(&a, SLOT, person, "")),
		      "APPLICATION_INVALID_KEPT_FOR_URGENT");
	struct api_answer held =
	    call(&a, METHOD_POST, RESERVE, format_body(&a, SLOT, person, BAIL));
	assert_int_equal(held.status, 201);
	const char *path =
	    path_of(&a, "/api/v1/visits/", text_of(held.body, "applicationReference"), "/book");
	static const char BOOK[] = "{\"visitors\":[\"%lld\"]%s}";
	check_refused(call(&a, METHOD_PUT, path, format_body(&a, BOOK, person, "")),
		      "APPLICATION_INVALID_KEPT_FOR_URGENT");
	struct api_answer booked = call(&a, METHOD_PUT, path, format_body(&a, BOOK, person, BAIL));
	assert_int_equal(booked.status, 200);
	struct waiting w = { 0 };
	struct reference reference;
	CHECK(reference_of(str_from(text_of(booked.body, "reference")), &reference));
	CHECK(store_waiting_find(e->service.store, &e->arena, reference, &w) == OK);
	assert_int_equal(w.need.cause, WAITING_FOR_BAIL);
	assert_int_equal(w.need.asked_at.s, e->service.now.s);
	json_decref(held.body);
	json_decref(booked.body);
	api_close(&a);
}

static void the_rules_that_say_no_are_named_and_a_ban_is_not(void **state)
{
	(void)state;
	struct api a;
	api_open(&a);
	sign_in_as(&a, "amina@family.example");
	struct choice c = choose(&a, 0);
	struct actor governor = estate_staff(&a.site.estate, ROLE_DUTY_GOVERNOR, "WWI");
	struct visit visit;
	CHECK(visit_find(&a.site.estate.service, &governor, &a.site.estate.arena,
			 a.site.estate.sample.joinable, &visit) == OK);
	struct restriction_new ban = { .on = RESTRICTION_ON_PAIR,
				       .code = RESTRICTION_BAN,
				       .prisoner = visit.prisoner,
				       .visitor_name = STR("Amina Okoro"),
				       .visitor_born = { 1990, 5, 2 },
				       .comment = STR("Threats"),
				       .authorised_by = STR("Governor") };
	struct restriction_id id;
	CHECK(restriction_add(&a.site.estate.service, &governor, &ban, &id) == OK);
	struct api_answer family =
	    call(&a, METHOD_POST, "/api/v1/visits/application/slot/reserve", slot_body(&a, &c));
	assert_int_equal(family.status, 422);
	const json_t *codes = json_object_get(family.body, "validationErrors");
	assert_int_equal(json_array_size(codes), 1);
	assert_string_equal(json_string_value(json_array_get(codes, 0)),
			    "APPLICATION_INVALID_SESSION_NOT_AVAILABLE");
	json_decref(family.body);
	sign_in_as(&a, "clerk@wandsworth.example");
	struct api_answer staff =
	    call(&a, METHOD_POST, "/api/v1/visits/application/slot/reserve", slot_body(&a, &c));
	assert_int_equal(staff.status, 422);
	codes = json_object_get(staff.body, "validationErrors");
	assert_string_equal(json_string_value(json_array_get(codes, 0)),
			    "APPLICATION_INVALID_BANNED");
	json_decref(staff.body);
	api_close(&a);
}

static void a_machine_acts_by_its_key_until_it_is_revoked(void **state)
{
	(void)state;
	struct api a;
	char key[KEY_TEXT_LEN + 1], other[KEY_TEXT_LEN + 1];
	struct api_key_id id, other_id;
	struct key_new new = { .name = STR("Desk system"),
			       .role = { .role = ROLE_VISITS_CLERK, .prison = { "WWI" } } };
	api_open(&a);
	struct service *service = &a.site.estate.service;
	CHECK(key_create(service, &SYSTEM_ACTOR, &new, key, &id) == OK);
	new.role.prison = (struct prison_code){ "LEI" };
	new.expires = wall_add_s(service->now, 60);
	CHECK(key_create(service, &SYSTEM_ACTOR, &new, other, &other_id) == OK);
	a.bearer = key;
	check_status(call(&a, METHOD_GET, "/api/v1/visits/requests/WWI", NULL), 200);
	const char *cancel =
	    path_of(&a, "/api/v1/visits/", a.site.estate.sample.joinable.text, "/cancel");
	static const char BODY[] = "{\"cancelOutcome\":{\"outcomeStatus\":\"PRISONER_CANCELLED\","
				   "\"text\":\"He is ill\"}}";
	/* Another prison's machine sees nothing of it; no cookie and no token is needed. */
	a.bearer = other;
	check_status(call(&a, METHOD_GET, "/api/v1/visits/requests/WWI", NULL), 404);
	check_status(call(&a, METHOD_PUT, cancel, BODY), 404);
	a.bearer = key;
	check_status(call(&a, METHOD_PUT, cancel, BODY), 200);
	/* Its role is one of staff, and no more. */
	check_status(call(&a, METHOD_GET, "/api/v1/visits", NULL), 404);
	/* The log names the machine's own account. */
	struct audit_list list;
	struct audit_query query = { .limit = 1 };
	struct actor inspector = estate_staff(&a.site.estate, ROLE_INSPECTOR, NULL);
	struct api_key found;
	struct actor machine;
	CHECK(key_actor(service, &a.site.estate.arena, str_from(key), &found, &machine) == OK);
	CHECK(audit_list_find(service, &inspector, &a.site.estate.arena, &query, &list) == OK);
	CHECK(list.list[0].account.n == machine.account.n && machine.account.n != 0);
	/* Nobody signs in as a machine. */
	struct sign_in_candidate candidate;
	const char *email = arena_printf(&a.site.estate.arena, "key-%lld@machine.invalid",
					 (long long)machine.account.n);
	CHECK(account_find_for_sign_in(service, str_from(email), &candidate) == OK);
	CHECK(candidate.account.n == 0 || candidate.password_hash[0] == '\0');
	/* A cookie does not help a bad key, and the end of a key is its end. */
	sign_in(&a.site, "clerk@wandsworth.example");
	a.bearer = "pvlk_0000000000000000000000000000000000000000000";
	check_status(call(&a, METHOD_GET, "/api/v1/visits/requests/WWI", NULL), 401);
	service->now = wall_add_s(service->now, 61);
	a.bearer = other;
	check_status(call(&a, METHOD_GET, "/api/v1/visits/requests/LEI", NULL), 401);
	CHECK(key_revoke(service, &SYSTEM_ACTOR, id, STR("Replaced")) == OK);
	CHECK(key_revoke(service, &SYSTEM_ACTOR, id, STR("Again")) == ERR_NOT_FOUND);
	a.bearer = key;
	check_status(call(&a, METHOD_GET, "/api/v1/visits/requests/WWI", NULL), 401);
	/* Guessing has a measure. */
	int status = 401;
	for (int i = 0; i < 40 && status == 401; i++) {
		struct api_answer answer =
		    call(&a, METHOD_GET, "/api/v1/visits/requests/WWI", NULL);
		status = answer.status;
		json_decref(answer.body);
	}
	assert_int_equal(status, 429);
	api_close(&a);
}

static void keys_are_made_by_few_and_for_roles_of_staff(void **state)
{
	(void)state;
	struct estate e;
	char key[KEY_TEXT_LEN + 1];
	struct api_key_id id;
	struct key_new new = { .name = STR("Desk system"),
			       .role = { .role = ROLE_VISITS_CLERK, .prison = { "WWI" } } };
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(key_create(&e.service, &clerk, &new, key, &id) == ERR_DENIED);
	CHECK(key_revoke(&e.service, &clerk, id, STR("x")) == ERR_DENIED);
	new.role.prison = (struct prison_code){ "" };
	CHECK(key_create(&e.service, &SYSTEM_ACTOR, &new, key, &id) == ERR_BAD);
	new.role = (struct staff_role){ .role = ROLE_FAMILY };
	CHECK(key_create(&e.service, &SYSTEM_ACTOR, &new, key, &id) == ERR_BAD);
	new.role = (struct staff_role){ .role = ROLE_VISITS_CLERK, .prison = { "ZZZ" } };
	CHECK(key_create(&e.service, &SYSTEM_ACTOR, &new, key, &id) == ERR_NOT_FOUND);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_operation_answers_as_described),
		TEST(bad_input_gets_a_clear_answer_and_writes_nothing),
		TEST(bad_people_sessions_and_outcomes_are_refused),
		TEST(a_lawyer_moves_a_legal_visit),
		TEST(a_machine_says_what_a_legal_visit_is_for),
		TEST(the_rules_that_say_no_are_named_and_a_ban_is_not),
		TEST(a_machine_acts_by_its_key_until_it_is_revoked),
		TEST(keys_are_made_by_few_and_for_roles_of_staff),
	};
	return RUN("web/api", tests);
}
