/*
 * What goes on by a session ends with it: signing out, a new password, a role or a link taken away, its time over.
 */
#include "tests/web/running.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "service/password.h"
#include "service/terminal.h"

static const char MONITOR[] = "monitor@wandsworth.example";
static const char FAMILY[] = "amina@family.example";

/* The stream at a path, for whoever is signed in; NULL: refused. */
static struct event_reader *stream(struct rig *r, const char *path)
{
	struct exchange x = { 0 };
	struct site *s = &r->s;
	char cookie[120];
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	struct str rest = str_from(path);
	arena_init(&x.arena);
	snprintf(cookie, sizeof cookie, "pvl=%s", s->session.token);
	x.request = (struct request){ .method = METHOD_GET,
				      .path = str_cut(&rest, '?'),
				      .peer = address_ipv4((uint8_t[]){ 127, 0, 0, 1 }, 1),
				      .at = s->estate.service.now,
				      .now = s->web.now,
				      .arena = &x.arena };
	x.request.query = rest;
	x.request.headers[HEADER_COOKIE] = str_from(cookie);
	x.match = route_find(groups, len, METHOD_GET, x.request.path);
	CHECK(x.match.route);
	web_handle(&s->web, &x);
	struct event_reader *reader = x.response.kind == RESPONSE_EVENTS ? x.response.events : NULL;
	response_clear(&x.response);
	arena_clear(&x.arena);
	return reader;
}

/* A seat in the visit as its page takes it: join, stream. */
struct guest {
	struct end end; /* its stream */
	const char *token;
	const char *events;
};

static void take_seat(struct rig *r, struct guest *g, const char *body)
{
	json_t *seat;
	memset(g, 0, sizeof *g);
	assert_int_equal(post_json(r, path_of(r, "/api/v1", "join"), body, NULL, &seat), 200);
	struct arena *arena = &r->s.estate.arena;
	g->token = arena_text(arena, str_from(json_string_value(json_object_get(seat, "token"))));
	g->events = arena_text(arena, str_from(json_string_value(json_object_get(seat, "events"))));
	json_decref(seat);
	g->end.reader = stream(r, g->events);
	CHECK(g->end.reader);
	turn(r, 10);
	read_events(&g->end);
	CHECK(told(&g->end, "event: snapshot"));
}

static bool is_over(struct end *end)
{
	char byte;
	read_events(end);
	return event_reader_fill(end->reader, &byte, 1) < 0;
}

/* Its stream says why and ends, and neither token nor ticket is worth anything. */
static void is_out(struct rig *r, struct guest *g)
{
	CHECK(is_over(&g->end) && told(&g->end, "event: signed_out\n"));
	assert_int_equal(post_json(r, path_of(r, "/api/v1", "say"), "{\"seen\":0}", g->token, NULL),
			 401);
	CHECK(stream(r, g->events) == NULL);
	event_reader_free(g->end.reader);
	g->end.reader = NULL;
}

static void is_in(struct rig *r, struct guest *g)
{
	CHECK(!is_over(&g->end) && !told(&g->end, "event: signed_out"));
	assert_int_equal(post_json(r, path_of(r, "/api/v1", "say"), "{\"seen\":0}", g->token, NULL),
			 204);
}

static void an_officer_who_signs_out_loses_the_desk_and_what_they_watch_in_that_turn(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct guest seat;
	struct end *list = calloc(2, sizeof *list);
	open_rig(r, social);
	sign_in(&r->s, "clerk@wandsworth.example");
	list[1].reader = stream(r, "/staff/events");
	sign_in(&r->s, MONITOR);
	list[0].reader = stream(r, "/staff/events");
	CHECK(list[0].reader && list[1].reader);
	take_seat(r, &seat, WATCH);
	turn(r, 1000);
	CHECK(monitor_gets_something(r) && !is_over(&list[0]));
	assert_int_equal(ask(&r->s, "/sign-out", "").status, 303);
	turn(r, 1);
	CHECK(is_over(&list[0]) && told(&list[0], "event: signed_out\ndata: {}\n"));
	CHECK(!is_over(&list[1])); /* somebody else's goes on */
	is_out(r, &seat);
	CHECK(!monitor_gets_something(r) && both_hear(r));
	CHECK(told(&r->visitor, "{\"present\":false,") && watched(r).list[0].left_at.s != 0);
	CHECK(stream(r, "/staff/events") == NULL);
	event_reader_free(list[0].reader);
	event_reader_free(list[1].reader);
	free(list);
	close_rig(r);
	free(r);
}

/* A closed page keeps its place for seconds: one officer's do not take those of the others. */
static void whoever_opens_the_list_again_and_again_ends_their_own_oldest(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct end *lists = calloc(LIVE_STAFF_READERS_MAX + 2, sizeof *lists);
	struct end *other = &lists[LIVE_STAFF_READERS_MAX + 1];
	open_rig(r, social);
	sign_in(&r->s, "clerk@wandsworth.example");
	other->reader = stream(r, "/staff/events");
	sign_in(&r->s, MONITOR);
	for (size_t i = 0; i <= LIVE_STAFF_READERS_MAX; i++) {
		lists[i].reader = stream(r, "/staff/events");
		CHECK(lists[i].reader);
	}
	turn(r, 10);
	for (size_t i = 0; i <= LIVE_STAFF_READERS_MAX; i++) {
		bool among_newest = i + LIVE_STAFF_READERS_EACH_MAX > LIVE_STAFF_READERS_MAX;
		CHECK(is_over(&lists[i]) == !among_newest);
		CHECK(told(&lists[i], "event: replaced\ndata: {}\n") == !among_newest);
		event_reader_free(lists[i].reader);
	}
	CHECK(!is_over(other));
	event_reader_free(other->reader);
	free(lists);
	close_rig(r);
	free(r);
}

/* The same seat's events by the one stream of a desk. */
static void one_stream_of_several_seats_tells_whose_events_they_are_and_ends_with_them(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct guest seat;
	struct end *both = calloc(1, sizeof *both);
	open_rig(r, social);
	sign_in(&r->s, MONITOR);
	take_seat(r, &seat, WATCH);
	struct arena *arena = &r->s.estate.arena;
	const char *reference = strstr(seat.events, "/visits/") + strlen("/visits/");
	const char *ticket = strstr(seat.events, "ticket=") + strlen("ticket=");
	int name_len = (int)(strchr(reference, '/') - reference);
	const char *name = arena_printf(arena, "%.*s", name_len, reference);
	both->reader = stream(r, arena_printf(arena, "/api/v1/streams?seats=%s:%s,%s:no,nonsense",
					      name, ticket, name));
	CHECK(both->reader);
	turn(r, 1000);
	read_events(both);
	CHECK(told(both, arena_printf(arena, "event: %s/snapshot\ndata: {", name)));
	CHECK(told(both, arena_printf(arena, "event: %s/over\ndata: {}", name))); /* of "no" */
	CHECK(!told(both, "nonsense"));
	CHECK(stream(r, "/api/v1/streams") == NULL);
	CHECK(stream(r, arena_printf(arena, "/api/v1/streams?seats=%s:no", name)) == NULL);
	assert_int_equal(ask(&r->s, "/sign-out", "").status, 303);
	turn(r, 1);
	CHECK(is_over(both) && told(both, arena_printf(arena, "event: %s/signed_out\n", name)));
	is_out(r, &seat);
	event_reader_free(both->reader);
	free(both);
	close_rig(r);
	free(r);
}

/* The same human in another browser is not signed out by it, unless the password changes. */
static void a_family_that_signs_out_is_out_of_the_visit_in_that_turn(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct guest seat;
	open_rig(r, social);
	sign_in(&r->s, FAMILY);
	take_seat(r, &seat, "{}");
	sign_in(&r->s, FAMILY); /* another browser */
	assert_int_equal(ask(&r->s, "/sign-out", "").status, 303);
	turn(r, 5000);
	is_in(r, &seat);
	sign_in(&r->s, FAMILY);
	struct account_id amina = estate_family(&r->s.estate, FAMILY).account;
	struct account whose;
	struct password_link link = { .account = amina,
				      .until = wall_add_s(r->s.estate.service.now, 600) };
	CHECK(password_link_prove(&r->s.estate.service, &link) == OK);
	CHECK(password_set(&r->s.estate.service, &r->s.estate.arena, &link, STR("$new"), &whose) ==
	      OK);
	turn(r, 1);
	is_out(r, &seat);
	CHECK(!told(&r->prisoner, "event: ended")); /* the visit waits for them */
	sign_in(&r->s, FAMILY);
	take_seat(r, &seat, "{}");
	assert_int_equal(ask(&r->s, "/sign-out", "").status, 303);
	turn(r, 1);
	is_out(r, &seat);
	close_rig(r);
	free(r);
}

/* Another pvl-web took the row away, or nobody did and its time is over. */
static void what_another_process_ends_ends_here_within_five_seconds(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct guest seat;
	open_rig(r, social);
	sign_in(&r->s, FAMILY);
	take_seat(r, &seat, "{}");
	struct query q = query_of(r->s.estate.service.store, "DELETE FROM web_session");
	CHECK(query_end(&q) == OK);
	for (int i = 0; i < 5; i++)
		turn(r, 1000);
	is_out(r, &seat);
	close_rig(r);
	free(r);
}

static void minutes_pass(struct rig *r, int minutes)
{
	for (int i = 0; i < minutes * 6; i++) {
		r->s.estate.service.now.s += 10;
		turn(r, 10000);
	}
}

static void taking_part_is_use_and_only_looking_at_a_list_is_not(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct guest seat;
	struct end *list = calloc(1, sizeof *list);
	open_rig(r, social);
	sign_in(&r->s, "clerk@wandsworth.example");
	list->reader = stream(r, "/staff/events");
	sign_in(&r->s, MONITOR);
	take_seat(r, &seat, WATCH);
	turn(r, 1000);
	struct query q = query_of(r->s.estate.service.store, "UPDATE web_session SET idle_s = 180");
	CHECK(query_change(&q) == OK);
	minutes_pass(r, 2);
	CHECK(!is_over(list) && !is_over(&seat.end));
	minutes_pass(r, 2);
	CHECK(is_over(list) && told(list, "event: signed_out"));
	CHECK(!is_over(&seat.end));
	struct account_session session;
	CHECK(account_session_find(&r->s.estate.service, &r->s.estate.arena,
				   str_from(r->s.session.token), &session) == OK);
	event_reader_free(list->reader);
	event_reader_free(seat.end.reader);
	free(list);
	close_rig(r);
	free(r);
}

static void a_session_whose_whole_time_is_over_ends_in_the_middle(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct guest seat;
	open_rig(r, social);
	sign_in(&r->s, MONITOR);
	struct query q = query_of(r->s.estate.service.store,
				  "UPDATE web_session SET expires = ?1 WHERE role = 'monitor'");
	query_int(&q, r->s.estate.service.now.s + 60);
	CHECK(query_change(&q) == OK);
	take_seat(r, &seat, WATCH);
	turn(r, 1000);
	CHECK(monitor_gets_something(r));
	r->s.estate.service.now.s += 61;
	for (int i = 0; i < 5; i++)
		turn(r, 1000);
	is_out(r, &seat);
	CHECK(!monitor_gets_something(r));
	close_rig(r);
	free(r);
}

/* ---- terminals ---- */

static void enrol(struct rig *r, struct str code)
{
	uint8_t point[TERMINAL_KEY_LEN];
	struct terminal_id id;
	size_t len;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	CHECK(key && EVP_PKEY_get_octet_string_param(key, "pub", point, sizeof point, &len) == 1);
	EVP_PKEY_free(key);
	CHECK(terminal_enrol(&r->s.estate.service, code, bytes_of(point, sizeof point), &id) == OK);
}

static void a_device_that_is_no_longer_the_terminal_is_out_of_the_visit(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct service *service;
	char code[ENROL_CODE_LEN + 1];
	struct wall until;
	open_rig(r, social);
	service = &r->s.estate.service;
	enrol(r, str_from(r->s.estate.sample.enrol_code));
	struct actor terminal = estate_terminal(&r->s.estate);
	struct join join;
	CHECK(join_authorise(service, &terminal, &r->s.estate.arena, r->reference, &join) == OK);
	struct live_sitter sitter = { .actor = &terminal, .by_key = true };
	CHECK(terminal_mark(service, terminal.terminal, &sitter.mark) == OK);
	event_reader_free(r->prisoner.reader);
	CHECK(live_sit(r->s.web.live, &join, &sitter, &r->prisoner.seat) == OK);
	r->prisoner.reader =
	    live_events(r->s.web.live, r->reference, str_from(r->prisoner.seat.ticket), STR(""));
	CHECK(r->prisoner.reader);
	turn(r, 6000);
	CHECK(!told(&r->prisoner, "event: signed_out"));
	struct actor admin = estate_staff(&r->s.estate, ROLE_PRISON_ADMIN, "WWI");
	CHECK(terminal_enrol_code_create(service, &admin, terminal.terminal, code, &until) == OK);
	turn(r, 6000);
	CHECK(!told(&r->prisoner,
		    "event: signed_out")); /* the old key is good until the code is used */
	enrol(r, str_from(code));
	turn(r, 1);
	CHECK(told(&r->prisoner, "event: signed_out") && is_over(&r->prisoner));
	CHECK(live_events(r->s.web.live, r->reference, str_from(r->prisoner.seat.ticket),
			  STR("")) == NULL);
	close_rig(r);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_officer_who_signs_out_loses_the_desk_and_what_they_watch_in_that_turn),
		TEST(whoever_opens_the_list_again_and_again_ends_their_own_oldest),
		TEST(one_stream_of_several_seats_tells_whose_events_they_are_and_ends_with_them),
		TEST(a_family_that_signs_out_is_out_of_the_visit_in_that_turn),
		TEST(what_another_process_ends_ends_here_within_five_seconds),
		TEST(taking_part_is_use_and_only_looking_at_a_list_is_not),
		TEST(a_session_whose_whole_time_is_over_ends_in_the_middle),
		TEST(a_device_that_is_no_longer_the_terminal_is_out_of_the_visit),
	};
	return RUN("web/signed_out", tests);
}
