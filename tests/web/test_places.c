/*
 * Visitors at devices of their own: the booker's links, the page of a code, who sits where, and what
 * staff see of each device.
 */
#include "site.h"

#include "service/device.h"
#include "service/visit_link.h"
#include "tests/store/places.h"
#include "web/security.h"

struct scene {
	struct site s;
	struct person_id grace;
	const char *visit; /* "/visits/K7M2P9QX4" */
};

static void open_scene(struct scene *c)
{
	site_open(&c->s);
	c->grace = places_add(&c->s.estate, "Grace Example", GRACE_BORN);
	c->visit = arena_printf(&c->s.estate.arena, "/visits/%s", c->s.estate.sample.joinable.text);
}

static const char *under(struct scene *c, const char *rest)
{
	return arena_printf(&c->s.estate.arena, "%s%s", c->visit, rest);
}

static const char *person_field(struct scene *c, const char *name, struct person_id person)
{
	return arena_printf(&c->s.estate.arena, "%s=%lld", name, (long long)person.n);
}

/* A link made by the booker on the page; its code with hyphens. */
static const char *make_link(struct scene *c)
{
	sign_in(&c->s, "amina@family.example");
	struct answer made = ask(&c->s, under(c, "/links"), person_field(c, "person", c->grace));
	CHECK(made.status == 200 && says(&made, "/join?code="));
	return between(&c->s, &made, "/join?code=", "\"");
}

struct posted {
	const char *path;
	const char *cookie;
	const char *type;
	const char *body;
	const char *csrf; /* of the header; NULL: none */
};

/* As a browser posts it, from one address; a session's cookie in the answer becomes the scene's. */
static struct answer post(struct scene *c, const struct posted *what)
{
	struct exchange x = { 0 };
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	struct answer answer = { 0 };
	arena_init(&x.arena);
	x.request = (struct request){ .method = METHOD_POST,
				      .path = str_from(what->path),
				      .arena = &x.arena,
				      .peer = address_ipv4((uint8_t[]){ 192, 0, 2, 9 }, 1) };
	x.request.headers[HEADER_COOKIE] = str_from(what->cookie);
	x.request.headers[HEADER_CONTENT_TYPE] = str_from(what->type);
	x.request.headers[HEADER_CSRF] = str_from(what->csrf != NULL ? what->csrf : "");
	x.request.body = bytes_from_text(what->body);
	x.match = route_find(groups, len, METHOD_POST, x.request.path);
	web_handle(&c->s.web, &x);
	answer.status = x.response.status;
	answer.html = arena_text(&c->s.estate.arena, buf_view(&x.response.body));
	for (size_t i = 0; i < x.response.headers_len; i++) {
		const struct response_header *header = &x.response.headers[i];
		if (strcmp(header->name, "Location") == 0)
			snprintf(answer.location, sizeof(answer.location), "%s", header->value);
		if (str_starts(str_from(header->value), "pvl=") && answer.status == 303)
			snprintf(c->s.session.token, sizeof(c->s.session.token), "%.*s",
				 TOKEN_TEXT_LEN, header->value + 4);
	}
	response_clear(&x.response);
	arena_clear(&x.arena);
	return answer;
}

/* Nobody is signed in: the form's token is the guest's. */
static struct answer use_code(struct scene *c, const char *code)
{
	static const char COOKIE[] = "pvl-guest=0123456789012345678901";
	struct response response = { 0 };
	struct request request = { .arena = &c->s.estate.arena };
	struct page page = { .request = &request,
			     .response = &response,
			     .arena = &c->s.estate.arena,
			     .service = &c->s.estate.service };
	request.headers[HEADER_COOKIE] = str_from(COOKIE);
	const char *csrf = guest_csrf(&page, c->s.web.csrf_key);
	return post(c, &(struct posted){ .path = "/join",
					 .cookie = COOKIE,
					 .type = "application/x-www-form-urlencoded",
					 .body = arena_printf(&c->s.estate.arena, "csrf=%s&code=%s",
							      csrf, code) });
}

/* Whoever is signed in asks for a seat. */
static struct answer join_now(struct scene *c)
{
	struct arena *arena = &c->s.estate.arena;
	const char *reference = c->s.estate.sample.joinable.text;
	return post(
	    c, &(struct posted){ .path = arena_printf(arena, "/api/v1/visits/%s/join", reference),
				 .cookie = arena_printf(arena, "pvl=%s", c->s.session.token),
				 .type = "application/json",
				 .body = "{}",
				 .csrf = c->s.session.csrf });
}

/* The bearer's browser from now on. */
static void become_guest(struct scene *c, const char *code)
{
	struct account_session session;
	struct answer answer = use_code(c, code);
	CHECK(answer.status == 303 && strcmp(answer.location, under(c, "/room")) == 0);
	CHECK(account_session_find(&c->s.estate.service, &c->s.estate.arena,
				   str_from(c->s.session.token), &session) == OK);
	snprintf(c->s.session.csrf, sizeof(c->s.session.csrf), "%.*s", STR_FMT(session.csrf));
	c->s.signed_in = true;
}

static void the_booker_sends_a_link_and_its_bearer_comes_into_the_room(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	sign_in(&c.s, "amina@family.example");
	struct answer visit = ask(&c.s, c.visit, NULL);
	CHECK(visit.status == 200 && says(&visit, under(&c, "/links")));
	struct answer links = ask(&c.s, under(&c, "/links"), NULL);
	CHECK(links.status == 200 && says(&links, "Grace Example") && !says(&links, "Link made"));
	const char *code = make_link(&c);
	links = ask(&c.s, under(&c, "/links"), NULL);
	CHECK(says(&links, "Link made") && !says(&links, code));
	/* Opening the address uses nothing up: it fills the form. */
	struct answer form =
	    ask(&c.s, arena_printf(&c.s.estate.arena, "/join?code=%s", code), NULL);
	CHECK(form.status == 200 && says(&form, code) && !form.wrote);
	become_guest(&c, code);
	struct answer room = ask(&c.s, under(&c, "/room"), NULL);
	CHECK(room.status == 303 && strcmp(room.location, under(&c, "/room/people")) == 0);
	struct answer people = ask(&c.s, under(&c, "/room/people"), NULL);
	CHECK(people.status == 200 && says(&people, "Grace Example"));
	CHECK(ask(&c.s, under(&c, "/room/people"), "").status == 303);
	room = ask(&c.s, under(&c, "/room"), NULL);
	CHECK(room.status == 200 && says(&room, "data-module=\"pvl-visit\""));
	CHECK(!says(&room, under(&c, "\""))); /* no way to the booker's page */
	site_close(&c.s);
}

static void a_bearer_reaches_nothing_but_the_room(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	become_guest(&c, make_link(&c));
	CHECK(ask(&c.s, c.visit, NULL).status == 404);
	CHECK(ask(&c.s, under(&c, "/links"), NULL).status == 404);
	CHECK(ask(&c.s, under(&c, "/cancel"), NULL).status == 404);
	CHECK(ask(&c.s, under(&c, "/cancel"), "why=x").status == 404);
	CHECK(ask(&c.s, "/home", NULL).status == 404);
	CHECK(ask(&c.s, "/book", NULL).status == 404);
	CHECK(ask(&c.s, "/staff", NULL).status == 404);
	CHECK(ask(&c.s, "/device-check", NULL).status == 200);
	CHECK(ask(&c.s, "/visits/K7M2P9QX4/room", NULL).status == 404);
	site_close(&c.s);
}

static void codes_that_do_not_work_get_one_answer_and_not_many_tries(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	const char *code = make_link(&c);
	CHECK(ask(&c.s, under(&c, "/links/revoke"), person_field(&c, "person", c.grace)).status ==
	      303);
	struct answer old = use_code(&c, code);
	struct answer wrong = use_code(&c, "0000-0000-0000-0000");
	CHECK(old.status == 422 && wrong.status == 422);
	CHECK(says(&old, "This code does not work") && says(&wrong, "This code does not work"));
	int tries = 0;
	while (tries < 100 && use_code(&c, "0000-0000-0000-0001").status == 422)
		tries++;
	CHECK(tries > 0 && tries < 30);
	CHECK(use_code(&c, "0000-0000-0000-0001").status == 429);
	site_close(&c.s);
}

static void nobody_is_chosen_for_two_devices(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	const char *code = make_link(&c);
	struct answer form = ask(&c.s, under(&c, "/room/people"), NULL);
	CHECK(form.status == 200 && says(&form, "Grace Example"));
	CHECK(ask(&c.s, under(&c, "/room/people"), person_field(&c, "who", c.grace)).status == 303);
	become_guest(&c, code);
	/* Grace's own device takes her back, and then Amina cannot name her. */
	CHECK(ask(&c.s, under(&c, "/room/people"), "").status == 303);
	sign_in(&c.s, "amina@family.example");
	struct answer taken =
	    ask(&c.s, under(&c, "/room/people"), person_field(&c, "who", c.grace));
	CHECK(taken.status == 422 && says(&taken, "at another device"));
	CHECK(ask(&c.s, under(&c, "/room/people"), "who=12345").status == 422);
	CHECK(ask(&c.s, under(&c, "/room/people"), "who=x").status == 422);
	site_close(&c.s);
}

static void staff_see_each_device_and_admit_for_itself(void **state)
{
	(void)state;
	struct scene c;
	enum joining answer;
	open_scene(&c);
	struct service *service = &c.s.estate.service;
	struct reference reference = c.s.estate.sample.joinable;
	const char *watch =
	    arena_printf(&c.s.estate.arena, "/staff/visits/%s/watch", reference.text);
	const char *admit =
	    arena_printf(&c.s.estate.arena, "/staff/visits/%s/admit", reference.text);
	struct actor amina = estate_family(&c.s.estate, "amina@family.example");
	CHECK(lobby_enter(service, &amina, reference, &answer) == OK);
	sign_in(&c.s, "clerk@wandsworth.example");
	struct answer page = ask(&c.s, watch, NULL);
	CHECK(page.status == 200 && says(&page, "data-place=\"1\"") &&
	      !says(&page, "data-place=\"2\"") && says(&page, "Not at any device"));
	struct answer early = ask(&c.s, admit, person_field(&c, "person", c.grace));
	CHECK(early.status == 303 && strstr(early.location, "done=not_here") != NULL);
	struct actor grace = { .role = ROLE_GUEST,
			       .visit = places_visit(&c.s.estate).id,
			       .person = c.grace };
	CHECK(lobby_enter(service, &grace, reference, &answer) == OK);
	page = ask(&c.s, watch, NULL);
	CHECK(says(&page, "data-place=\"2\"") && says(&page, "Device of Grace Example"));
	CHECK(ask(&c.s, admit, person_field(&c, "person", c.grace)).status == 303);
	page = ask(&c.s, watch, NULL);
	CHECK(!says(&page, "data-place=\"2\"") && says(&page, "data-place=\"1\""));
	site_close(&c.s);
}

static void an_own_account_shows_the_visit_and_the_way_in(void **state)
{
	(void)state;
	struct scene c;
	struct account_id account;
	open_scene(&c);
	struct account_new new = { .email = STR("grace@x.example"),
				   .name = STR("Grace Example"),
				   .password_hash = STR("h") };
	CHECK(account_create(&c.s.estate.service, &new, &account) == OK);
	sign_in(&c.s, "grace@x.example");
	struct answer home = ask(&c.s, "/home", NULL);
	CHECK(home.status == 200 && !says(&home, under(&c, "/room")));
	(void)places_person(&c.s.estate, account, "Grace Example", GRACE_BORN);
	home = ask(&c.s, "/home", NULL);
	CHECK(says(&home, under(&c, "/room")) && says(&home, "You are a visitor on this booking"));
	CHECK(ask(&c.s, under(&c, "/room"), NULL).status == 303);
	CHECK(ask(&c.s, c.visit, NULL).status == 404);
	CHECK(ask(&c.s, under(&c, "/links"), NULL).status == 404);
	site_close(&c.s);
}

static void set_rule(struct scene *c, const char *name, const char *value)
{
	struct arena *arena = &c->s.estate.arena;
	sign_in(&c->s, "admin@wandsworth.example");
	struct answer answer =
	    ask(&c->s, arena_printf(arena, "/staff/rules/%s", name),
		arena_printf(arena, "value=%s&from=&reason=A+test&confirm=yes", value));
	CHECK(answer.status == 303);
}

/* On the page, and with each seat: what is left when no line carries anything. */
static void the_telephone_is_named_as_the_prison_has_it(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	sign_in(&c.s, "amina@family.example");
	struct answer seat = join_now(&c);
	CHECK(seat.status == 200 && says(&seat, "\"telephone\":null"));
	struct answer room = ask(&c.s, under(&c, "/room"), NULL);
	CHECK(room.status == 200 && !says(&room, "tel:+"));
	set_rule(&c, "telephone_number", "443301234567");
	set_rule(&c, "telephone_code", "471188");
	sign_in(&c.s, "amina@family.example");
	seat = join_now(&c);
	CHECK(says(&seat, "\"number\":\"0330 123 4567\"") &&
	      says(&seat, "\"link\":\"+443301234567\"") && says(&seat, "\"code\":\"471188\""));
	room = ask(&c.s, under(&c, "/room"), NULL);
	CHECK(says(&room, "tel:+443301234567") && says(&room, "0330 123 4567") &&
	      says(&room, "471188"));
	sign_in(&c.s, "monitor@wandsworth.example");
	seat = join_now(&c);
	CHECK(says(&seat, "\"telephone\":null"));
	site_close(&c.s);
}

/* Only where there is one; its pass names nobody, and lasts until after the slot. */
static void a_relay_is_told_with_the_seat_where_there_is_one(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	sign_in(&c.s, "amina@family.example");
	struct answer seat = join_now(&c);
	CHECK(seat.status == 200 && says(&seat, "\"servers\":[]"));
	struct relay *relay = &c.s.web.config.relay;
	relay->urls[relay->urls_len++] = "turns:turn.visits.example:443?transport=tcp";
	CHECK(relay_set_secret(relay, STR("north-star-of-the-prison")));
	seat = join_now(&c);
	CHECK(seat.status == 200 &&
	      says(&seat, "\"urls\":[\"turns:turn.visits.example:443?transport=tcp\"]"));
	struct str name = str_from(between(&c.s, &seat, "\"username\":\"", "\""));
	struct str until = str_cut(&name, ':');
	uint64_t s = 0;
	CHECK(str_u64(until, INT64_MAX, &s));
	struct visit visit;
	CHECK(visit_find(&c.s.estate.service, &SYSTEM_ACTOR, &c.s.estate.arena,
			 c.s.estate.sample.joinable, &visit) == OK);
	CHECK((int64_t)s == visit_slot_end(&visit).s + 3600);
	CHECK(name.len == 16 && !says(&seat, relay->secret));
	site_close(&c.s);
}

static void each_has_the_seat_of_their_device_and_a_slot_for_each_other(void **state)
{
	(void)state;
	struct scene c;
	open_scene(&c);
	struct answer seat;
	const char *code = make_link(&c);
	seat = join_now(&c);
	CHECK(seat.status == 200 && says(&seat, "\"role\":\"visitor\"") &&
	      says(&seat, "\"end\":1,") && says(&seat, "{\"audio\":2,\"video\":2}"));
	become_guest(&c, code);
	for (int i = 0; i < 2; i++) { /* again: the same one */
		seat = join_now(&c);
		CHECK(seat.status == 200 && says(&seat, "\"end\":2,") &&
		      says(&seat, "\"in_lobby\":true") && says(&seat, "{\"audio\":2,\"video\":2}"));
	}
	CHECK(live_is_seated(c.s.web.live, c.s.estate.sample.joinable, 1));
	CHECK(live_is_seated(c.s.web.live, c.s.estate.sample.joinable, 2));
	sign_in(&c.s, "monitor@wandsworth.example");
	seat = join_now(&c);
	CHECK(seat.status == 200 && says(&seat, "\"role\":\"monitor\"") &&
	      says(&seat, "{\"audio\":3,\"video\":3}"));
	sign_in(&c.s, "ben@family.example");
	CHECK(join_now(&c).status == 404);
	site_close(&c.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_booker_sends_a_link_and_its_bearer_comes_into_the_room),
		TEST(a_bearer_reaches_nothing_but_the_room),
		TEST(codes_that_do_not_work_get_one_answer_and_not_many_tries),
		TEST(nobody_is_chosen_for_two_devices),
		TEST(staff_see_each_device_and_admit_for_itself),
		TEST(an_own_account_shows_the_visit_and_the_way_in),
		TEST(the_telephone_is_named_as_the_prison_has_it),
		TEST(a_relay_is_told_with_the_seat_where_there_is_one),
		TEST(each_has_the_seat_of_their_device_and_a_slot_for_each_other),
	};
	return RUN("web/places", tests);
}
