/*
 * POST /lab/clock: the clock of a lab goes forward, and everything with it; nowhere else.
 */
#include "tests/web/site.h"

#include "web/http.h"
#include "web/post_link.h"

enum {
	DAY_S = 24 * 60 * 60,
};

struct lab {
	struct site s;
	struct loop *loop;
};

static void open_lab(struct lab *lab)
{
	const struct loop_hooks none = { 0 };
	const struct http_config silent = { .plain = { .fd = -1 }, .tls = { .fd = -1 } };
	site_open(&lab->s);
	CHECK(loop_open(&none, &lab->loop) == OK);
	CHECK(http_open(&silent, lab->loop, &lab->s.web.http) == OK);
	lab->s.web.post = post_link_new(lab->loop, true, NULL);
	CHECK(hasher_open(1, &lab->s.web.hasher) == OK);
	lab->s.web.config.lab = true;
}

static void close_lab(struct lab *lab)
{
	http_close(lab->s.web.http);
	hasher_close(lab->s.web.hasher);
	post_link_free(lab->s.web.post);
	site_close(&lab->s);
	loop_close(lab->loop);
}

/* The status; now: what the answer says the time is, empty where it says nothing. */
static int put(struct lab *lab, const char *body, struct address from, char now[32])
{
	struct exchange x = { 0 };
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	arena_init(&x.arena);
	x.request = (struct request){ .method = METHOD_POST,
				      .path = STR("/lab/clock"),
				      .peer = from,
				      .body = bytes_from_text(body),
				      .arena = &x.arena };
	x.request.headers[HEADER_CONTENT_TYPE] = STR("application/json");
	x.match = route_find(groups, len, METHOD_POST, x.request.path);
	CHECK(x.match.route != NULL);
	web_handle(&lab->s.web, &x);
	json_t *answer = json_loadb(x.response.body.at, x.response.body.len, 0, NULL);
	const char *said = json_string_value(json_object_get(answer, "now"));
	snprintf(now, 32, "%s", said != NULL ? said : "");
	json_decref(answer);
	int status = x.response.status;
	response_clear(&x.response);
	arena_clear(&x.arena);
	return status;
}

static struct address own_machine(void)
{
	return address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, 1);
}

static struct wall turn(struct lab *lab, struct wall wall)
{
	lab->s.web.now = mono_add_ms(lab->s.web.now, 1000);
	web_turn(&lab->s.web, lab->s.web.now, wall);
	return lab->s.estate.service.now;
}

static void the_time_of_every_turn_is_ahead_from_the_next_one_on(void **state)
{
	(void)state;
	struct lab lab;
	char now[32];
	open_lab(&lab);
	assert_int_equal(turn(&lab, ESTATE_NOW).s, ESTATE_NOW.s);
	assert_int_equal(put(&lab, "{\"ahead_s\":86400}", own_machine(), now), 200);
	assert_string_equal(now, "2026-11-24T10:07:00Z");
	assert_int_equal(turn(&lab, ESTATE_NOW).s, ESTATE_NOW.s + DAY_S);
	/* So far in all, not so far again; and time goes on. */
	assert_int_equal(put(&lab, "{\"ahead_s\":86460}", own_machine(), now), 200);
	assert_string_equal(now, "2026-11-24T10:08:00Z");
	assert_int_equal(turn(&lab, wall_add_s(ESTATE_NOW, 5)).s, ESTATE_NOW.s + DAY_S + 65);
	/* Left where it is, it answers what time it is. */
	assert_int_equal(put(&lab, "{\"ahead_s\":86460}", own_machine(), now), 200);
	assert_string_equal(now, "2026-11-24T10:08:05Z");
	close_lab(&lab);
}

static void it_never_goes_back_and_not_beyond_a_year_or_so(void **state)
{
	(void)state;
	static const char *const BAD[] = {
		"{\"ahead_s\":59}",       "{\"ahead_s\":-1}",  "{\"ahead_s\":34560001}",
		"{\"ahead_s\":\"3600\"}", "{\"ahead_s\":1.5}", "{}",
		"{\"ahead_s\":null}",
	};
	struct lab lab;
	char now[32];
	open_lab(&lab);
	assert_int_equal(put(&lab, "{\"ahead_s\":60}", own_machine(), now), 200);
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
		int status = put(&lab, BAD[i], own_machine(), now);
		if (status != 422 && status != 400)
			fail_msg("%s: %d", BAD[i], status);
	}
	assert_int_equal(put(&lab, "[]", own_machine(), now), 400);
	assert_int_equal(turn(&lab, ESTATE_NOW).s, ESTATE_NOW.s + 60);
	assert_int_equal(put(&lab, "{\"ahead_s\":34560000}", own_machine(), now), 200);
	close_lab(&lab);
}

static void it_is_there_in_a_lab_and_for_the_own_machine_alone(void **state)
{
	(void)state;
	struct lab lab;
	char now[32];
	open_lab(&lab);
	struct address other = address_ipv4((const uint8_t[]){ 192, 0, 2, 1 }, 1);
	assert_int_equal(put(&lab, "{\"ahead_s\":60}", other, now), 404);
	lab.s.web.config.lab = false;
	lab.s.web.config.mailbox = true;
	assert_int_equal(put(&lab, "{\"ahead_s\":60}", own_machine(), now), 404);
	assert_int_equal(turn(&lab, ESTATE_NOW).s, ESTATE_NOW.s);
	close_lab(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_time_of_every_turn_is_ahead_from_the_next_one_on),
		TEST(it_never_goes_back_and_not_beyond_a_year_or_so),
		TEST(it_is_there_in_a_lab_and_for_the_own_machine_alone),
	};
	return RUN("web/lab_clock", tests);
}
