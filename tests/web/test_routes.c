/*
 * Who may call what: every route is called as every role.
 *
 * The table below is written by hand and does not read the rows' own bits: a
 * route that it does not know fails, and so does a row that lets in anybody
 * whom the table does not name, or keeps out anybody whom it does.
 */
#include "tests/store/places.h"

#include <jansson.h>

#include "base/hex.h"
#include "service/account.h"
#include "service/staff.h"
#include "service/terminal.h"
#include "service/visit_link.h"
#include "web/embedded.h"
#include "web/live.h"
#include "web/web.h"
#include "web/words.h"

#define N      (1u << ROLE_NOBODY)
#define F      (1u << ROLE_FAMILY)
#define T      (1u << ROLE_TERMINAL)
#define C      (1u << ROLE_VISITS_CLERK)
#define M      (1u << ROLE_MONITOR)
#define A      (1u << ROLE_CONTACTS_AUTHORISER)
#define G      (1u << ROLE_DUTY_GOVERNOR)
#define P      (1u << ROLE_PRISON_ADMIN)
#define H      ((1u << ROLE_HQ_ANALYST) | (1u << ROLE_HQ_ADMIN))
#define O      (1u << ROLE_OPERATOR)
#define I      (1u << ROLE_INSPECTOR)
#define V      (1u << ROLE_GUEST) /* a visitor by a personal link */
#define PRISON (C | M | A | G | P)
#define STAFF  (PRISON | H | O | I)
#define ALL    (N | F | T | V | STAFF)
#define LAB    0x80000000u /* all, but only with --lab and from loopback */

struct expected {
	const char *method;
	const char *path;
	unsigned who;
};

static const struct expected table[] = {
#include "routes.inc"
};

/* ---- a server without sockets ---- */

struct rig {
	struct estate estate;
	struct web web;
	struct media_link *link;
};

static void rig_open(struct rig *r)
{
	*r = (struct rig){ 0 };
	estate_open(&r->estate);
	CHECK(media_link_open(NULL, -1, NULL, &r->link) == OK);
	r->web.service = &r->estate.service;
	r->web.templates = templates_compiled();
	r->web.words[LANGUAGE_EN] = words_load("en");
	r->web.limits = limits_new(&r->estate.random);
	r->web.live = live_new(&r->estate.service, r->link, NULL, NULL);
	r->web.config.lab = true;
	r->web.config.version = "test";
	r->web.now = (struct mono){ 1000000 };
}

static void rig_close(struct rig *r)
{
	live_free(r->web.live);
	media_link_close(r->link);
	limits_free(r->web.limits);
	json_decref(r->web.words[LANGUAGE_EN]);
	estate_close(&r->estate);
}

static struct exchange *ask(struct rig *r, const struct route *route, const char *path,
			    const char *cookie)
{
	struct exchange *x = calloc(1, sizeof(*x));
	arena_init(&x->arena);
	x->request = (struct request){ .method = route->method,
				       .path = str_from(path),
				       .arena = &x->arena,
				       .peer = address_ipv4((uint8_t[]){ 127, 0, 0, 1 }, 1) };
	x->match.route = route;
	x->match.params[0] = x->match.params[1] = x->match.params[2] = STR("1");
	if (cookie != NULL)
		x->request.headers[HEADER_COOKIE] =
		    str_from(arena_printf(&x->arena, "pvl=%s", cookie));
	(void)r;
	return x;
}

static void answered(struct exchange *x)
{
	response_clear(&x->response);
	arena_clear(&x->arena);
	free(x);
}

/* ---- sessions of every role ---- */

static int reached;

static void stub(struct page *page)
{
	reached++;
	page->response->status = 204;
}

struct someone {
	enum role role;
	char token[TOKEN_TEXT_LEN + 1];
	char csrf[TOKEN_TEXT_LEN + 1];
};

/* A fresh account with that one role. */
static void sign_in(struct rig *r, struct someone *who)
{
	struct session_started started;
	struct account_id account;
	char email[64];
	snprintf(email, sizeof(email), "%s@test.example", role_name(who->role));
	struct account_new new = { .email = str_from(email),
				   .name = STR("Somebody"),
				   .password_hash = STR("h") };
	if (role_is_staff(who->role)) {
		struct staff_role role = { .role = who->role };
		if (!role_is_national(who->role))
			CHECK(prison_code_of(STR("WWI"), &role.prison));
		CHECK(staff_account_create(&r->estate.service, &SYSTEM_ACTOR, &new, &account) ==
		      OK);
		CHECK(staff_role_grant(&r->estate.service, &SYSTEM_ACTOR, account, role) == OK);
	} else {
		CHECK(account_create(&r->estate.service, &new, &account) == OK);
	}
	CHECK(account_session_start(&r->estate.service, account, &started) == OK);
	memcpy(who->token, started.token, sizeof(who->token));
	memcpy(who->csrf, started.csrf, sizeof(who->csrf));
}

static void sign_in_terminal(struct rig *r, struct someone *who)
{
	struct session_started started;
	struct actor actor = { .role = ROLE_TERMINAL, .terminal = r->estate.sample.terminal };
	CHECK(prison_code_of(STR("WWI"), &actor.prison));
	CHECK(terminal_session_start(&r->estate.service, &actor, &started) == OK);
	memcpy(who->token, started.token, sizeof(who->token));
	memcpy(who->csrf, started.csrf, sizeof(who->csrf));
}

/* By a link to a second adult on the sample's visit. */
static void sign_in_guest(struct rig *r, struct someone *who)
{
	char code[LINK_CODE_LEN + 1];
	struct visit_link_bearer bearer;
	struct actor booker = estate_family(&r->estate, "amina@family.example");
	struct person_id grace = places_add(&r->estate, "Grace Example", GRACE_BORN);
	CHECK(visit_link_make(&r->estate.service, &booker, r->estate.sample.joinable, grace,
			      code) == OK);
	CHECK(visit_link_use(&r->estate.service, str_from(code), &bearer) == OK);
	memcpy(who->token, bearer.session.token, sizeof(who->token));
	memcpy(who->csrf, bearer.session.csrf, sizeof(who->csrf));
}

static size_t everybody(struct rig *r, struct someone *out)
{
	size_t n = 0;
	for (int role = ROLE_NOBODY; role < ROLE_SYSTEM; role++) {
		out[n].role = (enum role)role;
		out[n].token[0] = out[n].csrf[0] = '\0';
		if (role == ROLE_TERMINAL)
			sign_in_terminal(r, &out[n]);
		else if (role == ROLE_GUEST)
			sign_in_guest(r, &out[n]);
		else if (role != ROLE_NOBODY)
			sign_in(r, &out[n]);
		n++;
	}
	return n;
}

/* ---- the walk ---- */

static const char *method_name(enum method method)
{
	static const char *const names[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "OTHER" };
	return names[method];
}

static const struct expected *expected_of(const struct route *route)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].path, route->path) == 0 &&
		    strcmp(table[i].method, method_name(route->method)) == 0)
			return &table[i];
	return NULL;
}

static void make_well_formed(struct exchange *x, const struct someone *who)
{
	static const char *const types[] = { [BODY_NONE] = "",
					     [BODY_FORM] = "application/x-www-form-urlencoded",
					     [BODY_JSON] = "application/json",
					     [BODY_SDP] = "application/sdp" };
	x->request.headers[HEADER_CONTENT_TYPE] = str_from(types[x->match.route->body]);
	x->request.headers[HEADER_CSRF] = str_from(who->csrf);
}

/* A person who is not signed in has no token of a session; the form's own is made with the cookie. */
static void give_guest_token(struct rig *r, struct exchange *x)
{
	struct page page = { .request = &x->request,
			     .response = &x->response,
			     .arena = &x->arena,
			     .service = &r->estate.service };
	x->request.headers[HEADER_COOKIE] = STR("pvl-guest=0123456789012345678901");
	x->request.headers[HEADER_CSRF] = str_from(guest_csrf(&page, r->web.csrf_key));
}

static void walk_one(struct rig *r, const struct route *real, const struct someone *who)
{
	const struct expected *want = expected_of(real);
	struct route route = *real;
	if (want == NULL) {
		fail_msg("%s %s is not in the table of this test", method_name(real->method),
			 real->path);
		return;
	}
	route.handler = stub;
	bool may = want->who == LAB || (want->who & (1u << who->role)) != 0;
	struct exchange *x = ask(r, &route, "/x", who->token[0] != '\0' ? who->token : NULL);
	make_well_formed(x, who);
	if (who->role == ROLE_NOBODY)
		give_guest_token(r, x);
	reached = 0;
	web_handle(&r->web, x);
	int status = x->response.status;
	if (may != (reached == 1))
		fail_msg("%s %s as %s: %s (status %d)", want->method, want->path,
			 role_name(who->role), reached ? "reached" : "refused", status);
	if (!may && who->role == ROLE_NOBODY && status != 303 && status != 401)
		fail_msg("%s %s as nobody: %d", want->method, want->path, status);
	if (!may && who->role != ROLE_NOBODY && status != 404 && status != 403)
		fail_msg("%s %s as %s: %d", want->method, want->path, role_name(who->role), status);
	answered(x);
}

static void every_route_as_every_role(void **state)
{
	(void)state;
	struct rig r;
	struct someone all[ROLE_COUNT];
	size_t groups_len, people;
	const struct route_group *const *groups = web_routes(&groups_len);
	rig_open(&r);
	people = everybody(&r, all);
	for (size_t g = 0; g < groups_len; g++)
		for (size_t i = 0; i < groups[g]->len; i++)
			for (size_t p = 0; p < people; p++)
				walk_one(&r, &groups[g]->rows[i], &all[p]);
	rig_close(&r);
}

static void the_table_of_this_test_names_no_route_that_is_gone(void **state)
{
	(void)state;
	size_t groups_len, rows = 0;
	const struct route_group *const *groups = web_routes(&groups_len);
	for (size_t g = 0; g < groups_len; g++)
		rows += groups[g]->len;
	assert_int_equal(rows, sizeof(table) / sizeof(table[0]));
}

static void nothing_changes_without_the_csrf_token(void **state)
{
	(void)state;
	struct rig r;
	struct someone who = { .role = ROLE_FAMILY };
	size_t groups_len, asked = 0;
	const struct route_group *const *groups = web_routes(&groups_len);
	rig_open(&r);
	sign_in(&r, &who);
	for (size_t g = 0; g < groups_len; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			struct route route = groups[g]->rows[i];
			if (route.method == METHOD_GET ||
			    (route.who & (WHO_FAMILY | WHO_ANYONE)) == 0)
				continue;
			route.handler = stub;
			struct exchange *x = ask(&r, &route, "/x", who.token);
			make_well_formed(x, &who);
			x->request.headers[HEADER_CSRF] = STR("");
			reached = 0;
			web_handle(&r.web, x);
			if (reached != 0 || x->response.status != 403)
				fail_msg("%s without a token", route.path);
			answered(x);
			asked++;
		}
	CHECK(asked >= 8);
	rig_close(&r);
}

static void another_site_is_refused_even_with_the_token(void **state)
{
	(void)state;
	struct rig r;
	struct someone who = { .role = ROLE_FAMILY };
	struct route route = { METHOD_POST, "/x", WHO_FAMILY, BODY_FORM, .handler = stub };
	static const struct {
		enum header header;
		const char *value;
		bool fine;
	} cases[] = {
		{ HEADER_ORIGIN, "https://evil.example", false },
		{ HEADER_ORIGIN, "http://localhost:8080.evil.example", false },
		{ HEADER_ORIGIN, "null", false },
		{ HEADER_ORIGIN, "http://localhost:8080", true },
		{ HEADER_SEC_FETCH_SITE, "cross-site", false },
		{ HEADER_SEC_FETCH_SITE, "same-site", false },
		{ HEADER_SEC_FETCH_SITE, "same-origin", true },
	};
	rig_open(&r);
	sign_in(&r, &who);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct exchange *x = ask(&r, &route, "/x", who.token);
		make_well_formed(x, &who);
		x->request.headers[HEADER_HOST] = STR("localhost:8080");
		x->request.headers[cases[i].header] = str_from(cases[i].value);
		reached = 0;
		web_handle(&r.web, x);
		if ((reached == 1) != cases[i].fine)
			fail_msg("%s", cases[i].value);
		answered(x);
	}
	rig_close(&r);
}

static void the_lab_is_for_loopback_and_for_the_option_alone(void **state)
{
	(void)state;
	struct rig r;
	struct route route = { METHOD_POST, "/lab/rooms", WHO_LAB, BODY_JSON, .handler = stub };
	struct someone nobody = { .role = ROLE_NOBODY };
	rig_open(&r);
	for (int i = 0; i < 3; i++) {
		struct exchange *x = ask(&r, &route, "/lab/rooms", NULL);
		make_well_formed(x, &nobody);
		r.web.config.lab = i != 1;
		if (i == 2)
			x->request.peer = address_ipv4((uint8_t[]){ 192, 0, 2, 1 }, 1);
		reached = 0;
		web_handle(&r.web, x);
		assert_int_equal(reached, i == 0);
		if (i > 0)
			assert_int_equal(x->response.status, 404);
		answered(x);
	}
	rig_close(&r);
}

static bool has_header(const struct response *response, const char *name, const char *part)
{
	for (size_t i = 0; i < response->headers_len; i++)
		if (strcmp(response->headers[i].name, name) == 0)
			return strstr(response->headers[i].value, part) != NULL;
	return false;
}

static void every_answer_carries_the_security_headers(void **state)
{
	(void)state;
	struct rig r;
	struct route route = { METHOD_GET, "/x", WHO_ANYONE, .handler = stub };
	rig_open(&r);
	for (int tls = 0; tls < 2; tls++) {
		struct exchange *x = ask(&r, &route, "/x", NULL);
		x->request.tls = tls;
		web_handle(&r.web, x);
		CHECK(has_header(&x->response, "Content-Security-Policy", "default-src 'none'"));
		CHECK(!has_header(&x->response, "Content-Security-Policy", "unsafe"));
		CHECK(
		    has_header(&x->response, "Content-Security-Policy", "frame-ancestors 'none'"));
		CHECK(has_header(&x->response, "X-Content-Type-Options", "nosniff"));
		CHECK(has_header(&x->response, "Referrer-Policy", "same-origin"));
		CHECK(has_header(&x->response, "Cross-Origin-Opener-Policy", "same-origin"));
		CHECK(has_header(&x->response, "Cache-Control", "no-store"));
		CHECK(has_header(&x->response, "Strict-Transport-Security", "max-age") == tls);
		CHECK(has_header(&x->response, "Set-Cookie", tls ? "__Host-" : "pvl-guest="));
		CHECK(has_header(&x->response, "Set-Cookie", "; Secure") == tls);
		answered(x);
	}
	rig_close(&r);
}

static void fails(struct page *page)
{
	struct person_new new = { .name = STR("Lost"), .born = { 1990, 1, 1 } };
	struct person_id id;
	CHECK(person_add(page->service, &page->actor, &new, &id) == OK);
	page_problem(page, page->params[0].len > 0 ? 500 : 409, "x", "x");
}

static void an_answer_of_500_leaves_nothing_behind(void **state)
{
	(void)state;
	struct rig r;
	struct someone who = { .role = ROLE_FAMILY };
	struct route route = { METHOD_POST, "/x", WHO_FAMILY, BODY_FORM, .handler = fails };
	rig_open(&r);
	sign_in(&r, &who);
	for (int keep = 0; keep < 2; keep++) {
		struct person_list persons;
		struct exchange *x = ask(&r, &route, "/x", who.token);
		make_well_formed(x, &who);
		x->match.params[0] = keep ? STR("") : STR("1");
		web_handle(&r.web, x);
		CHECK(persons_mine(&r.estate.service, &x->page.actor, &x->arena, &persons) == OK);
		assert_int_equal(persons.count, keep);
		answered(x);
	}
	rig_close(&r);
}

/* Who reads about people is known: each way by which staff and machines read says whose data it shows, or why nobody's. */
static void every_api_read_by_staff_says_whose_data_it_shows(void **state)
{
	(void)state;
	const unsigned looks = ROUTE_LOOK_PRISONER | ROUTE_LOOK_VISIT | ROUTE_LOOK_LIST;
	const unsigned all = looks | ROUTE_NO_LOOK_NUMBERS | ROUTE_NO_LOOK_RULES;
	size_t groups_len, said = 0;
	const struct route_group *const *groups = web_routes(&groups_len);
	for (size_t g = 0; g < groups_len; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			const struct route *route = &groups[g]->rows[i];
			bool api = (route->flags & ROUTE_API) != 0;
			bool read = route->method == METHOD_GET && (route->who & WHO_STAFF) != 0;
			unsigned one = route->flags & all;
			if (one != 0 && (!api || (one & (one - 1)) != 0))
				fail_msg("%s %s says too much", method_name(route->method),
					 route->path);
			if (api && read && one == 0)
				fail_msg("%s says nothing", route->path);
			said += one != 0;
		}
	assert_int_equal(said, 24);
}

static bool described(const json_t *paths, const struct route *route)
{
	const json_t *path = json_object_get(paths, route->path);
	char method[8];
	snprintf(method, sizeof(method), "%s", method_name(route->method));
	for (char *c = method; *c != '\0'; c++)
		*c = (char)(*c | 0x20);
	return json_object_get(path, method) != NULL;
}

static size_t operations(const json_t *paths)
{
	size_t n = 0;
	const char *path, *key;
	json_t *item, *value;
	json_object_foreach((json_t *)(uintptr_t)paths, path, item)
	    json_object_foreach(item, key, value) n += strcmp(key, "parameters") != 0;
	return n;
}

static void the_openapi_document_describes_every_api_route_and_no_other(void **state)
{
	(void)state;
	size_t groups_len, api = 0;
	const struct route_group *const *groups = web_routes(&groups_len);
	json_t *document =
	    json_loadb(embedded_openapi.text, embedded_openapi.len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *paths = json_object_get(document, "paths");
	CHECK(paths != NULL);
	for (size_t g = 0; g < groups_len; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			const struct route *route = &groups[g]->rows[i];
			if ((route->flags & ROUTE_API) == 0 || (route->who & WHO_LAB) != 0)
				continue;
			api++;
			if (!described(paths, route))
				fail_msg("%s %s", method_name(route->method), route->path);
		}
	assert_int_equal(operations(paths), api);
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_route_as_every_role),
		TEST(the_table_of_this_test_names_no_route_that_is_gone),
		TEST(nothing_changes_without_the_csrf_token),
		TEST(another_site_is_refused_even_with_the_token),
		TEST(the_lab_is_for_loopback_and_for_the_option_alone),
		TEST(every_answer_carries_the_security_headers),
		TEST(an_answer_of_500_leaves_nothing_behind),
		TEST(every_api_read_by_staff_says_whose_data_it_shows),
		TEST(the_openapi_document_describes_every_api_route_and_no_other),
	};
	return RUN("web/routes", tests);
}
