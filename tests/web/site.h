/*
 * site.h - the whole web server without sockets, on a database with the sample estate:
 * a path and a form in, a status and HTML out.
 */
#ifndef PVL_TESTS_SITE_H
#define PVL_TESTS_SITE_H

#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/identity.h"
#include "web/live.h"
#include "web/web.h"
#include "web/words.h"

enum {
	BODY_ROOM = 8 << 10
};

struct site {
	struct estate estate;
	struct web web;
	struct media_link *link;
	struct session_started session; /* of whoever is signed in */
	bool signed_in;
	const char *language_cookie; /* NULL: none */
	const char *accept_language; /* NULL: none */
};

static inline void site_open(struct site *s)
{
	*s = (struct site){ 0 };
	estate_open(&s->estate);
	s->web = (struct web){ .service = &s->estate.service, .templates = templates_compiled() };
	s->web.words[LANGUAGE_EN] = words_load("en");
	s->web.words[LANGUAGE_CY] = words_load("cy");
	CHECK(s->web.words[LANGUAGE_EN] != NULL && s->web.words[LANGUAGE_CY] != NULL);
	CHECK(media_link_open(NULL, -1, NULL, &s->link) == OK);
	s->web.limits = limits_new(&s->estate.random);
	s->web.live = live_new(&s->estate.service, s->link, NULL, NULL);
	s->web.config.version = "test";
	s->web.now = (struct mono){ 1000000 };
}

static inline void site_close(struct site *s)
{
	live_free(s->web.live);
	media_link_close(s->link);
	limits_free(s->web.limits);
	json_decref(s->web.words[LANGUAGE_EN]);
	json_decref(s->web.words[LANGUAGE_CY]);
	estate_close(&s->estate);
}

static inline void sign_in(struct site *s, const char *email)
{
	struct actor actor = estate_family(&s->estate, email);
	CHECK(account_session_start(&s->estate.service, actor.account, &s->session) == OK);
	s->signed_in = true;
}

/* The photos of whoever waits for approval in that account are with staff. */
static inline void send_photos(struct site *s, const char *email)
{
	static const uint8_t key[PICTURE_KEY_LEN] = { 1 };
	struct service *service = &s->estate.service;
	struct actor actor = estate_family(&s->estate, email);
	struct contact_list contacts;
	service->picture_key = key;
	CHECK(contacts_mine(service, &actor, &s->estate.arena, &contacts) == OK);
	struct identity_upload upload = { .person = contacts.list[0].person.id,
					  .jpeg = bytes_from_text("\xff\xd8 a photo") };
	CHECK(identity_put(service, &actor, &upload) == OK);
	upload.picture = IDENTITY_PORTRAIT;
	CHECK(identity_put(service, &actor, &upload) == OK);
	CHECK(identity_send(service, &actor, upload.person) == OK);
}

struct answer {
	int status;
	char location[512];
	char language[160]; /* the Set-Cookie of the language; empty: none */
	char *html;         /* of the estate's arena */
	bool wrote;         /* anything at all in the database */
};

/* form NULL: GET.  The CSRF token is added to a form. */
static inline struct answer ask(struct site *s, const char *path, const char *form)
{
	struct exchange x = { 0 };
	char body[BODY_ROOM], cookie[200];
	struct answer answer = { 0 };
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	struct str rest = str_from(path);
	arena_init(&x.arena);
	snprintf(cookie, sizeof(cookie), "pvl=%s; pvl-language=%s",
		 s->signed_in ? s->session.token : "",
		 s->language_cookie != NULL ? s->language_cookie : "");
	snprintf(body, sizeof(body), "csrf=%s&%s", s->session.csrf, form != NULL ? form : "");
	x.request = (struct request){ .method = form != NULL ? METHOD_POST : METHOD_GET,
				      .path = str_cut(&rest, '?'),
				      .peer = address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, 0),
				      .arena = &x.arena };
	x.request.query = rest;
	x.request.headers[HEADER_COOKIE] = str_from(cookie);
	if (s->accept_language != NULL)
		x.request.headers[HEADER_ACCEPT_LANGUAGE] = str_from(s->accept_language);
	if (form != NULL) {
		x.request.headers[HEADER_CONTENT_TYPE] = STR("application/x-www-form-urlencoded");
		x.request.body = bytes_from_text(body);
	}
	x.match = route_find(groups, len, x.request.method, x.request.path);
	/* The first request of a session notes that somebody is there: not what is asked here. */
	if (s->signed_in) {
		enum err err =
		    account_session_touch(&s->estate.service, str_from(s->session.token));
		CHECK(err == OK || err == ERR_NOT_FOUND); /* it has ended */
	}
	int64_t before = store_changes(s->estate.service.store);
	int64_t leaves = estate_leaves(&s->estate);
	web_handle(&s->web, &x);
	answer.wrote = store_changes(s->estate.service.store) != before;
	/* Nothing is written without a leaf: use_case_end() says exactly one a use-case. */
	if (answer.wrote)
		CHECK(estate_leaves(&s->estate) > leaves);
	answer.status = x.response.status;
	answer.html = arena_text(&s->estate.arena, buf_view(&x.response.body));
	for (size_t i = 0; i < x.response.headers_len; i++) {
		const struct response_header *header = &x.response.headers[i];
		if (strcmp(header->name, "Location") == 0)
			snprintf(answer.location, sizeof(answer.location), "%s", header->value);
		if (str_starts(str_from(header->value), "pvl-language="))
			snprintf(answer.language, sizeof(answer.language), "%s", header->value);
	}
	response_clear(&x.response);
	arena_clear(&x.arena);
	return answer;
}

static inline bool says(const struct answer *answer, const char *text)
{
	return strstr(answer->html, text) != NULL;
}

/* The first text between two marks. */
static inline const char *between(struct site *s, const struct answer *answer, const char *from,
				  const char *to)
{
	const char *at = strstr(answer->html, from);
	CHECK(at != NULL);
	at += strlen(from);
	const char *end = strstr(at, to);
	CHECK(end != NULL);
	return arena_text(&s->estate.arena, str_of(at, (size_t)(end - at)));
}

#endif
