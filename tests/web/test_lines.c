/*
 * Where a connection begins: what the page found, what this household's line carried the last time, or
 * nothing is known.
 */
#include "site.h"

#include "web/live_priv.h"

static struct answer join(struct site *s, const char *body)
{
	struct exchange x = { 0 };
	struct answer answer = { 0 };
	char cookie[200];
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	arena_init(&x.arena);
	snprintf(cookie, sizeof(cookie), "pvl=%s", s->session.token);
	x.request = (struct request){
		.method = METHOD_POST,
		.path = str_from(arena_printf(&x.arena, "/api/v1/visits/%s/join",
					      s->estate.sample.joinable.text)),
		.arena = &x.arena,
		.peer = address_ipv4((uint8_t[]){ 192, 0, 2, 9 }, 1),
	};
	x.request.headers[HEADER_COOKIE] = str_from(cookie);
	x.request.headers[HEADER_CONTENT_TYPE] = STR("application/json");
	x.request.headers[HEADER_CSRF] = str_from(s->session.csrf);
	x.request.body = bytes_from_text(body);
	x.match = route_find(groups, len, METHOD_POST, x.request.path);
	web_handle(&s->web, &x);
	answer.status = x.response.status;
	response_clear(&x.response);
	arena_clear(&x.arena);
	return answer;
}

static struct live_visit *visit_of(struct site *s)
{
	struct live_visit *visit = live_visit_of(s->web.live, s->estate.sample.joinable);
	CHECK(visit != NULL);
	return visit;
}

static uint32_t begins_at(struct site *s, uint8_t end)
{
	return live_line_start_bps(s->web.live, visit_of(s), end);
}

/* So many seconds in which everybody's line carried so much. */
static void seconds_pass(struct site *s, int seconds, uint32_t bps)
{
	struct media_second second = { .ends_len = MEDIA_ENDS_MAX };
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++)
		second.ends[end] =
		    (struct media_second_end){ .state = MEDIA_PEER_CONNECTED, .line_bps = bps };
	for (int i = 0; i < seconds; i++)
		live_line_second(s->web.live, visit_of(s), &second);
}

/* As if this process had begun the visit anew; what it remembers of lines stays. */
static void forget_visit(struct site *s)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		visit_of(s)->seats[end].line = (struct line_usual){ 0 };
		visit_of(s)->seats[end].tested_bps = 0;
	}
}

static void what_a_page_found_of_its_line_counts_and_nonsense_does_not(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		uint32_t bps;
	} CASES[] = {
		{ "{}", 0 },
		{ "{\"line_bps\":180000}", 180000 },
		{ "{\"line_bps\":1000000000}", 1000000000 },
		{ "{\"line_bps\":1000000001}", 0 },
		{ "{\"line_bps\":-5}", 0 },
		{ "{\"line_bps\":0}", 0 },
		{ "{\"line_bps\":\"180000\"}", 0 },
		{ "{\"line_bps\":1e5}", 0 },
		{ "{\"line_bps\":[1]}", 0 },
	};
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(join(&s, CASES[i].body).status, 200);
		assert_int_equal(begins_at(&s, LIVE_END_VISITOR), CASES[i].bps);
	}
	site_close(&s);
}

static void a_household_begins_where_its_line_was_and_a_test_says_it_newer(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	assert_int_equal(join(&s, "{}").status, 200);
	seconds_pass(&s, 19, 240000); /* not yet settled */
	forget_visit(&s);
	assert_int_equal(begins_at(&s, LIVE_END_VISITOR), 0);
	seconds_pass(&s, 20, 240000);
	assert_int_equal(begins_at(&s, LIVE_END_VISITOR),
			 240000); /* it comes back within the visit */
	forget_visit(&s);
	assert_int_equal(begins_at(&s, LIVE_END_VISITOR), 240000);
	assert_int_equal(join(&s, "{\"line_bps\":90000}").status, 200);
	assert_int_equal(begins_at(&s, LIVE_END_VISITOR), 90000);
	s.estate.service.now = wall_add_s(s.estate.service.now, LINE_MEMORY_DAYS * 86400);
	forget_visit(&s);
	assert_int_equal(begins_at(&s, LIVE_END_VISITOR), 0);
	site_close(&s);
}

static void who_watches_is_not_remembered_and_labs_are_not(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "monitor@wandsworth.example");
	assert_int_equal(join(&s, "{}").status, 200);
	seconds_pass(&s, 40, 240000);
	forget_visit(&s);
	for (uint8_t end = 0; end < MEDIA_ENDS_MAX; end++)
		assert_int_equal(begins_at(&s, end), 0);
	sign_in(&s, "amina@family.example");
	assert_int_equal(join(&s, "{}").status, 200);
	visit_of(&s)->lab = true;
	seconds_pass(&s, 40, 240000);
	forget_visit(&s);
	visit_of(&s)->lab = false;
	assert_int_equal(begins_at(&s, LIVE_END_VISITOR), 0);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_page_found_of_its_line_counts_and_nonsense_does_not),
		TEST(a_household_begins_where_its_line_was_and_a_test_says_it_newer),
		TEST(who_watches_is_not_remembered_and_labs_are_not),
	};
	return RUN("web/lines", tests);
}
