/*
 * Where a connection begins: what the page found, what this household's line carried the last time, or
 * nothing is known.
 */
#include "site.h"

#include "service/adjustment.h"
#include "store/query.h"
#include "web/live_priv.h"
#include "web/tier_event.h"

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

static int64_t noted(struct site *s, const char *sql)
{
	struct query q = query_of(s->estate.service.store, sql);
	int64_t sum = query_row(&q) ? query_column(&q, 0) : 0;
	CHECK(query_end(&q) == OK);
	return sum;
}

static void a_prisons_line_is_told_for_a_minute(struct site *s, bool full)
{
	for (int i = 0; i < 60; i++)
		live_line_told(
		    s->web.live, visit_of(s),
		    &(struct media_line){ .up_bps = 640000, .down_bps = 250000, .up_full = full });
}

static void what_came_over_a_prisons_line_is_written_each_minute_and_kept_until_it_is(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct live *live = s.web.live;
	sign_in(&s, "amina@family.example");
	assert_int_equal(join(&s, "{}").status, 200);
	a_prisons_line_is_told_for_a_minute(&s, false);
	a_prisons_line_is_told_for_a_minute(&s, true);
	visit_of(&s)->lab = true;
	a_prisons_line_is_told_for_a_minute(&s, true); /* of a lab: never */
	visit_of(&s)->lab = false;
	live_line_tick(live, (struct mono){ 59000000 });
	live_line_settle(live, true);
	assert_int_equal(noted(&s, "SELECT up_s FROM line_day"), 0);
	CHECK(store_enter(s.estate.service.store) == OK);
	live_line_tick(live, (struct mono){ 61000000 });
	CHECK(store_leave(s.estate.service.store, false) == OK);
	live_line_settle(live, false); /* it was undone, and is still known */
	assert_int_equal(noted(&s, "SELECT up_s FROM line_day"), 0);
	for (int i = 2; i < 5; i++) {
		live_line_tick(live, (struct mono){ i * 61000000LL });
		live_line_settle(live, true);
		assert_int_equal(noted(&s, "SELECT up_s FROM line_day"), 120); /* and once */
	}
	assert_int_equal(noted(&s, "SELECT up_most_kbit FROM line_day"), 640);
	assert_int_equal(noted(&s, "SELECT up_full_s FROM line_day"), 60);
	assert_int_equal(noted(&s, "SELECT up_full_kbit FROM line_day"), 60 * 640);
	assert_int_equal(noted(&s, "SELECT down_s FROM line_day"), 120);
	assert_int_equal(noted(&s, "SELECT down_full_s FROM line_day"), 0);
	site_close(&s);
}

static void agree_on_signing(struct site *s)
{
	struct service *service = &s->estate.service;
	struct actor amina = estate_family(&s->estate, "amina@family.example");
	struct actor clerk = estate_staff(&s->estate, ROLE_VISITS_CLERK, "WWI");
	struct contact_list contacts;
	struct adjustment_list all;
	CHECK(contacts_mine(service, &amina, &s->estate.arena, &contacts) == OK);
	CHECK(adjustment_ask(service, &amina, contacts.list[0].id, ADJUSTMENT_SIGN, STR("")) == OK);
	CHECK(adjustments_waiting(service, &clerk, &s->estate.arena, &all) == OK);
	CHECK(adjustment_decide(service, &clerk, all.list[0].id,
				&(struct adjustment_decision){ true, 0, STR("") }) == OK);
}

static bool staff_see_that_it_signs(struct site *s)
{
	json_t *row = live_staff_row(visit_of(s));
	bool signs = json_is_true(json_object_get(row, "signs"));
	json_decref(row);
	return signs;
}

static void a_visit_in_a_signed_language_is_one_for_its_lines_and_for_staff(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	assert_int_equal(join(&s, "{}").status, 200);
	CHECK(!visit_of(&s)->signs && !staff_see_that_it_signs(&s));
	agree_on_signing(&s);
	assert_int_equal(join(&s, "{}").status, 200);
	CHECK(visit_of(&s)->signs && staff_see_that_it_signs(&s));
	json_t *tier = tier_json(&(struct media_tier){ .send = 'B', .signs = true });
	CHECK(json_is_true(json_object_get(tier, "signs")));
	json_decref(tier);
	site_close(&s);
}

static void staff_are_shown_the_worse_of_the_lines(void **state)
{
	(void)state;
	static const struct {
		uint8_t prisoner, visitor;
		const char *said;
	} CASES[] = {
		{ 0, 0, "" },      { 'F', 0, "F" },   { 'F', 'A', "A" }, { 'D', 'F', "D" },
		{ 'F', 'G', "G" }, { 'E', 'D', "E" }, { 'B', 'C', "C" }, { 'F', 'F', "F" },
	};
	struct site s;
	site_open(&s);
	sign_in(&s, "amina@family.example");
	assert_int_equal(join(&s, "{}").status, 200);
	struct live_visit *visit = visit_of(&s);
	visit->seats[LIVE_END_PRISONER].used = true;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		visit->seats[LIVE_END_PRISONER].tier.line = CASES[i].prisoner;
		visit->seats[LIVE_END_VISITOR].tier.line = CASES[i].visitor;
		json_t *row = live_staff_row(visit);
		assert_string_equal(json_string_value(json_object_get(row, "line")), CASES[i].said);
		json_decref(row);
	}
	visit->seats[LIVE_END_PRISONER].used = false;
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_came_over_a_prisons_line_is_written_each_minute_and_kept_until_it_is),
		TEST(what_a_page_found_of_its_line_counts_and_nonsense_does_not),
		TEST(a_household_begins_where_its_line_was_and_a_test_says_it_newer),
		TEST(who_watches_is_not_remembered_and_labs_are_not),
		TEST(a_visit_in_a_signed_language_is_one_for_its_lines_and_for_staff),
		TEST(staff_are_shown_the_worse_of_the_lines),
	};
	return RUN("web/lines", tests);
}
