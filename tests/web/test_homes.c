/*
 * Several services on one database: in which of them a visit lives, who is led there, and who takes
 * it over.  Time is passed in; the other service is another struct homes on the same store.
 */
#include "tests/web/site.h"

#include "service/live.h"
#include "web/homes.h"

static struct service_name named(const char *text)
{
	struct service_name name;
	CHECK(service_name_of(str_from(text), &name));
	return name;
}

struct pair {
	struct estate estate;
	struct store *store;
	struct visit_id visit;
	struct homes *a, *b;
};

static struct homes *open_homes(struct estate *e, const char *text)
{
	struct homes *homes;
	struct service_name name = named(text);
	CHECK(homes_open(e->service.store, &e->random, &name, NULL, &homes) == OK);
	return homes;
}

/* Milliseconds of both services' clocks. */
static struct mono at(int64_t ms)
{
	return (struct mono){ 5000000000 + ms * 1000 };
}

static bool turn(struct pair *p, struct homes *homes, int64_t ms)
{
	CHECK(store_enter(p->store) == OK);
	bool look = homes_turn(homes, at(ms));
	CHECK(store_leave(p->store, true) == OK);
	homes_settle(homes, true);
	return look;
}

static enum err take(struct pair *p, struct homes *homes)
{
	CHECK(store_enter(p->store) == OK);
	enum err err = homes_take(homes, p->visit);
	CHECK(store_leave(p->store, true) == OK);
	return err;
}

static struct visit_id joinable(struct estate *e)
{
	struct visit visit;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	return visit.id;
}

static void open_pair(struct pair *p)
{
	*p = (struct pair){ 0 };
	estate_open(&p->estate);
	p->store = p->estate.service.store;
	p->visit = joinable(&p->estate);
	p->a = open_homes(&p->estate, "a");
	p->b = open_homes(&p->estate, "b");
	(void)turn(p, p->a, 0);
	(void)turn(p, p->b, 0);
}

static void close_pair(struct pair *p)
{
	homes_close(p->a);
	homes_close(p->b);
	estate_close(&p->estate);
}

static bool b_leads_to(struct pair *p, const char *name)
{
	struct service_name home;
	return homes_elsewhere(p->b, p->estate.sample.joinable, &home) &&
	       strcmp(home.text, name) == 0;
}

static void a_visit_lives_where_it_was_taken_first(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	CHECK(!b_leads_to(&p, "a"));
	assert_int_equal(take(&p, p.a), OK);
	assert_int_equal(take(&p, p.a), OK);
	assert_int_equal(take(&p, p.b), ERR_CONFLICT);
	CHECK(b_leads_to(&p, "a"));
	CHECK(homes_is_ours(p.a, p.visit) && !homes_is_ours(p.b, p.visit));
	homes_leave(p.b, p.visit); /* not its own */
	CHECK(b_leads_to(&p, "a"));
	homes_leave(p.a, p.visit);
	CHECK(!b_leads_to(&p, "a"));
	assert_int_equal(take(&p, p.b), OK);
	close_pair(&p);
}

static void who_is_silent_for_six_seconds_loses_its_visits(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	assert_int_equal(take(&p, p.a), OK);
	for (int64_t ms = 1000; ms <= 20000; ms += 1000) {
		CHECK(!turn(&p, p.a, ms));
		(void)turn(&p, p.b, ms + 100);
		assert_int_equal(take(&p, p.b), ERR_CONFLICT);
	}
	/* Its last beat was heard at 20.1 s. */
	(void)turn(&p, p.b, 26100);
	assert_int_equal(take(&p, p.b), ERR_CONFLICT);
	CHECK(b_leads_to(&p, "a"));
	(void)turn(&p, p.b, 27101);
	CHECK(!b_leads_to(&p, "a"));
	assert_int_equal(take(&p, p.b), OK);
	CHECK(homes_is_ours(p.b, p.visit));
	close_pair(&p);
}

/* Whoever has just begun to look has not seen anybody silent yet. */
static void one_that_was_started_just_now_takes_nothing_over(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	assert_int_equal(take(&p, p.a), OK);
	struct homes *late = open_homes(&p.estate, "late");
	(void)turn(&p, late, 60000);
	assert_int_equal(take(&p, late), ERR_CONFLICT);
	(void)turn(&p, late, 67000);
	assert_int_equal(take(&p, late), OK);
	homes_close(late);
	close_pair(&p);
}

static void one_that_was_frozen_notices_in_its_next_turn(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	(void)turn(&p, p.a, 1000);
	assert_int_equal(take(&p, p.a), OK);
	(void)turn(&p, p.b, 1000);
	(void)turn(&p, p.b, 9000);
	assert_int_equal(take(&p, p.b), OK);
	CHECK(turn(&p, p.a, 9500));
	CHECK(!homes_is_ours(p.a, p.visit));
	assert_int_equal(take(&p, p.a), ERR_CONFLICT);
	CHECK(!turn(&p, p.a, 10500)); /* it has looked */
	close_pair(&p);
}

/* What a turn that was not committed has seen or written counts for nothing. */
static void a_beat_that_was_not_committed_is_made_again(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	(void)turn(&p, p.a, 1000);
	assert_int_equal(take(&p, p.a), OK);
	(void)turn(&p, p.b, 1000);
	(void)turn(&p, p.b, 9000);
	assert_int_equal(take(&p, p.b), OK);
	CHECK(store_enter(p.store) == OK);
	CHECK(homes_turn(p.a, at(9500)));
	CHECK(store_leave(p.store, false) == OK);
	homes_settle(p.a, false);
	assert_int_equal(homes_next(p.a).us, 0);
	CHECK(turn(&p, p.a, 9501));
	close_pair(&p);
}

/* pvl starts a pvl-web that died: the same name, another run. */
static void a_service_that_is_started_again_keeps_its_visits(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	assert_int_equal(take(&p, p.a), OK);
	homes_close(p.a);
	p.a = open_homes(&p.estate, "a");
	(void)turn(&p, p.a, 3000);
	(void)turn(&p, p.b, 3000);
	CHECK(homes_is_ours(p.a, p.visit));
	assert_int_equal(take(&p, p.b), ERR_CONFLICT);
	close_pair(&p);
}

/* Set up wrongly, the older of two has nothing any more, and says so. */
static void of_two_with_one_name_only_the_later_has_visits(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	assert_int_equal(take(&p, p.a), OK);
	struct homes *twin = open_homes(&p.estate, "a");
	CHECK(turn(&p, p.a, 2000));
	CHECK(!homes_is_ours(p.a, p.visit));
	assert_int_equal(take(&p, p.a), ERR_CONFLICT);
	(void)turn(&p, twin, 2000);
	assert_int_equal(take(&p, twin), OK);
	homes_close(twin);
	close_pair(&p);
}

static void a_name_that_nobody_bears_for_an_hour_is_forgotten(void **state)
{
	(void)state;
	struct pair p;
	struct store_alive rows[8];
	size_t len = 0;
	open_pair(&p);
	assert_int_equal(take(&p, p.a), OK);
	(void)turn(&p, p.b, HOMES_FORGET_MS);
	CHECK(store_alive_list(p.store, rows, 8, &len) == OK);
	assert_int_equal(len, 2);
	(void)turn(&p, p.b, HOMES_FORGET_MS + 1000);
	CHECK(store_alive_list(p.store, rows, 8, &len) == OK);
	assert_int_equal(len, 1);
	assert_string_equal(rows[0].name.text, "b");
	assert_int_equal(take(&p, p.b), OK);
	(void)turn(&p, p.a, HOMES_FORGET_MS + 2000); /* it was frozen all the time */
	CHECK(!homes_is_ours(p.a, p.visit));
	CHECK(store_alive_list(p.store, rows, 8, &len) == OK);
	assert_int_equal(len, 2);
	close_pair(&p);
}

static void a_name_is_small_letters_digits_and_hyphens(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
	} CASES[] = {
		{ "a", true },
		{ "visits-2", true },
		{ "abcdefghijklmnopqrstuvwxyz012345", true },
		{ "abcdefghijklmnopqrstuvwxyz0123456", false },
		{ "", false },
		{ "A", false },
		{ "a.example", false },
		{ "a&b", false },
		{ "a b", false },
		{ "caf\xc3\xa9", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct service_name name;
		assert_int_equal(service_name_of(str_from(CASES[i].text), &name), CASES[i].good);
	}
}

/* ---- through the routes ---- */

struct reply {
	int status;
	char location[300];
	char retry[20];
};

/* token NULL: whoever is signed in. */
static struct reply send(struct site *s, enum method method, const char *path, const char *token)
{
	struct exchange x = { 0 };
	struct reply reply = { 0 };
	char cookie[200], bearer[120];
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	struct str rest = str_from(path);
	arena_init(&x.arena);
	snprintf(cookie, sizeof cookie, "pvl=%s", s->session.token);
	snprintf(bearer, sizeof bearer, "Bearer %s", token ? token : "");
	x.request = (struct request){ .method = method,
				      .path = str_cut(&rest, '?'),
				      .peer = address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, 1),
				      .arena = &x.arena };
	x.request.query = rest;
	if (method == METHOD_POST)
		x.request.body = bytes_from_text("{}");
	x.request.headers[HEADER_CONTENT_TYPE] = STR("application/json");
	if (token)
		x.request.headers[HEADER_AUTHORIZATION] = str_from(bearer);
	else
		x.request.headers[HEADER_COOKIE] = str_from(cookie);
	x.request.headers[HEADER_CSRF] = str_from(s->session.csrf);
	x.match = route_find(groups, len, method, x.request.path);
	CHECK(x.match.route);
	web_handle(&s->web, &x);
	reply.status = x.response.status;
	for (size_t i = 0; i < x.response.headers_len; i++) {
		const struct response_header *header = &x.response.headers[i];
		if (strcmp(header->name, "Location") == 0)
			snprintf(reply.location, sizeof reply.location, "%s", header->value);
		if (strcmp(header->name, "Retry-After") == 0)
			snprintf(reply.retry, sizeof reply.retry, "%s", header->value);
	}
	response_clear(&x.response);
	arena_clear(&x.arena);
	return reply;
}

/* One of two services; the visit lives in the other. */
static void open_site(struct pair *p, struct site *s)
{
	*p = (struct pair){ 0 };
	site_open(s);
	sign_in(s, "amina@family.example");
	p->store = s->estate.service.store;
	p->visit = joinable(&s->estate);
	p->a = open_homes(&s->estate, "a");
	p->b = open_homes(&s->estate, "b");
	(void)turn(p, p->a, 0);
	(void)turn(p, p->b, 0);
	live_set_homes(s->web.live, p->b);
}

static void close_site(struct pair *p, struct site *s)
{
	site_close(s);
	homes_close(p->a);
	homes_close(p->b);
}

static const char *path_of(struct site *s, const char *what)
{
	return arena_printf(&s->estate.arena, "/api/v1/visits/%s/%s",
			    s->estate.sample.joinable.text, what);
}

static void whoever_comes_to_another_service_is_led_to_the_visits_home(void **state)
{
	(void)state;
	static const struct {
		enum method method;
		const char *path, *to;
		const char *token;
	} CASES[] = {
		{ METHOD_POST, "join", "join?service=a", NULL },
		{ METHOD_POST, "join?service=b", "join?service=a", NULL },
		{ METHOD_POST, "say?service=b", "say?service=a", "x" },
		{ METHOD_GET, "events?ticket=t&service=b", "events?ticket=t&service=a", "x" },
		{ METHOD_GET, "events?service=b&ticket=t", "events?ticket=t&service=a", "x" },
		{ METHOD_DELETE, "media/7", "media/7?service=a", "x" },
	};
	struct pair p;
	struct site s;
	open_site(&p, &s);
	assert_int_equal(take(&p, p.a), OK);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct reply reply =
		    send(&s, CASES[i].method, path_of(&s, CASES[i].path), CASES[i].token);
		assert_int_equal(reply.status, 307);
		assert_string_equal(reply.location, path_of(&s, CASES[i].to));
	}
	close_site(&p, &s);
}

/* It was sent to its home and came here: that one is away, or the proxy knows no names. */
static void who_was_led_there_in_vain_is_told_to_try_again(void **state)
{
	(void)state;
	struct pair p;
	struct site s;
	open_site(&p, &s);
	assert_int_equal(take(&p, p.a), OK);
	struct reply reply = send(&s, METHOD_POST, path_of(&s, "join?service=a"), NULL);
	assert_int_equal(reply.status, 503);
	assert_string_equal(reply.retry, "2");
	reply = send(&s, METHOD_GET, path_of(&s, "events?ticket=t&service=a"), "x");
	assert_int_equal(reply.status, 503);
	(void)turn(&p, p.b, 7000);
	reply = send(&s, METHOD_GET, path_of(&s, "events?ticket=t&service=a"), "x");
	assert_int_equal(reply.status, 404); /* an old ticket: the page joins again */
	reply = send(&s, METHOD_POST, path_of(&s, "join?service=a"), NULL);
	assert_int_equal(reply.status, 200);
	CHECK(homes_is_ours(p.b, p.visit) && !homes_is_ours(p.a, p.visit));
	close_site(&p, &s);
}

static void seat_somebody(struct site *s, struct live_seat *seat)
{
	struct estate *e = &s->estate;
	struct actor family = estate_family(e, "amina@family.example");
	struct live_sitter sitter = { .actor = &family };
	struct join join;
	CHECK(join_authorise(&e->service, &family, &e->arena, e->sample.joinable, &join) == OK);
	CHECK(store_enter(e->service.store) == OK);
	CHECK(live_sit(s->web.live, &join, &sitter, seat) == OK);
	CHECK(store_leave(e->service.store, true) == OK);
}

static void live_turn(struct site *s, int64_t ms)
{
	struct live *live = s->web.live;
	CHECK(store_enter(s->estate.service.store) == OK);
	live_collect(live, at(ms));
	live_tick(live, at(ms));
	CHECK(store_leave(s->estate.service.store, true) == OK);
	live_release(live, true, at(ms));
}

static void a_visit_that_was_taken_over_is_dropped_and_its_people_are_led_after_it(void **state)
{
	(void)state;
	struct pair p;
	struct site s;
	struct live_seat seat;
	char some[64];
	open_site(&p, &s);
	live_turn(&s, 1000);
	seat_somebody(&s, &seat);
	live_turn(&s, 2000);
	assert_int_equal(live_counts(s.web.live).visits, 1);
	struct event_reader *reader =
	    live_events(s.web.live, s.estate.sample.joinable, str_from(seat.ticket), STR(""));
	CHECK(reader != NULL);
	(void)turn(&p, p.a, 2500);
	(void)turn(&p, p.a, 9000);
	assert_int_equal(take(&p, p.a), OK);
	live_turn(&s, 9500);
	assert_int_equal(live_counts(s.web.live).visits, 0);
	while (event_reader_fill(reader, some, sizeof some) > 0)
		;
	assert_int_equal(event_reader_fill(reader, some, sizeof some), -1);
	event_reader_free(reader);
	struct reply reply = send(&s, METHOD_DELETE, path_of(&s, "media/7?service=b"), seat.token);
	assert_int_equal(reply.status, 307);
	assert_string_equal(reply.location, path_of(&s, "media/7?service=a"));
	close_site(&p, &s);
}

/* Nobody of it is here any more: it has no home, and whoever is asked next becomes it. */
static void a_visit_that_everybody_has_left_has_no_home(void **state)
{
	(void)state;
	struct pair p;
	struct site s;
	struct live_seat seat;
	open_site(&p, &s);
	live_turn(&s, 1000);
	seat_somebody(&s, &seat);
	live_turn(&s, 2000);
	live_turn(&s, 2000 + (LIVE_TOKEN_S + 1) * 1000);
	live_turn(&s, 2000 + (LIVE_TOKEN_S + 3) * 1000);
	assert_int_equal(live_counts(s.web.live).visits, 0);
	assert_int_equal(take(&p, p.a), OK);
	close_site(&p, &s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_visit_lives_where_it_was_taken_first),
		TEST(who_is_silent_for_six_seconds_loses_its_visits),
		TEST(one_that_was_started_just_now_takes_nothing_over),
		TEST(one_that_was_frozen_notices_in_its_next_turn),
		TEST(a_beat_that_was_not_committed_is_made_again),
		TEST(a_service_that_is_started_again_keeps_its_visits),
		TEST(of_two_with_one_name_only_the_later_has_visits),
		TEST(a_name_that_nobody_bears_for_an_hour_is_forgotten),
		TEST(a_name_is_small_letters_digits_and_hyphens),
		TEST(whoever_comes_to_another_service_is_led_to_the_visits_home),
		TEST(who_was_led_there_in_vain_is_told_to_try_again),
		TEST(a_visit_that_was_taken_over_is_dropped_and_its_people_are_led_after_it),
		TEST(a_visit_that_everybody_has_left_has_no_home),
	};
	return RUN("web/homes", tests);
}
