/*
 * running.h - a visit that runs, with both ends in it: real routes and pages on one side, on the other the
 * test in the place of pvl-media, which sees every message that pvl-web would send.
 */
#ifndef PVL_TESTS_RUNNING_H
#define PVL_TESTS_RUNNING_H

#include "tests/web/site.h"

#include <unistd.h>

#include "service/oversight.h"
#include "store/query.h"
#include "store/visit.h"
#include "sys/seqpacket.h"

enum {
	MESSAGES_MAX = 64,
	EVENTS_ROOM = 64 << 10,
	PRISONER = LIVE_END_PRISONER,
	VISITOR = LIVE_END_VISITOR,
};

struct end {
	struct live_seat seat;
	struct event_reader *reader;
	char events[EVENTS_ROOM]; /* everything so far */
	size_t len;
};

struct rig {
	struct site s;
	int media; /* pvl-media's side of the control pair */
	size_t messages_len;
	struct media_message messages[MESSAGES_MAX]; /* of pvl-web, since the last clear */
	struct media_routes routes;                  /* the last ones */
	struct reference reference;
	struct end prisoner, visitor;
};

/* ---- pvl-media ---- */

static inline void say(struct rig *r, const struct media_message *message)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	CHECK(media_message_encode(message, bytes, sizeof bytes, &len) == OK);
	CHECK(seqpacket_send(r->media, bytes_of(bytes, len), -1) == OK);
}

static inline void hello(struct rig *r)
{
	say(r,
	    &(struct media_message){ .type = MEDIA_HELLO, .hello = { .instance = 7, .port = 9 } });
}

static inline void read_media(struct rig *r)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	while (seqpacket_receive(r->media, bytes, sizeof bytes, &len, NULL) == OK) {
		CHECK(r->messages_len < MESSAGES_MAX);
		struct media_message *m = &r->messages[r->messages_len++];
		CHECK(media_message_decode(bytes_of(bytes, len), false, m) == OK);
		if (m->type == MEDIA_ROUTES)
			r->routes = m->routes;
	}
}

static inline void read_events(struct end *end)
{
	long got = 1;
	while (end->reader && got > 0) {
		size_t room = EVENTS_ROOM - 1 - end->len;
		got = event_reader_fill(end->reader, end->events + end->len, room);
		end->len += got > 0 ? (size_t)got : 0;
	}
	end->events[end->len] = '\0';
}

/* One turn of pvl-web's loop, so many milliseconds after the last. */
static inline void turn(struct rig *r, int64_t ms)
{
	struct web *web = &r->s.web;
	web->now = mono_add_ms(web->now, ms);
	live_collect(web->live, web->now);
	live_tick(web->live, web->now);
	live_release(web->live, true, web->now);
	read_media(r);
	read_events(&r->prisoner);
	read_events(&r->visitor);
}

static inline void forget(struct rig *r)
{
	r->messages_len = 0;
	r->prisoner.len = r->visitor.len = 0;
	r->prisoner.events[0] = r->visitor.events[0] = '\0';
}

static inline bool told(const struct end *end, const char *text)
{
	return strstr(end->events, text) != NULL;
}

/* Anything at all that a monitor could get. */
static inline bool monitor_gets_something(const struct rig *r)
{
	for (size_t i = LIVE_END_MONITOR; i < MEDIA_ENDS_MAX; i++)
		if (r->routes.hears[i] || r->routes.sees[i])
			return true;
	return false;
}

static inline bool both_hear(const struct rig *r)
{
	return (r->routes.hears[PRISONER] & 1 << VISITOR) &&
	       (r->routes.hears[VISITOR] & 1 << PRISONER) &&
	       (r->routes.sees[PRISONER] & 1 << VISITOR) &&
	       (r->routes.sees[VISITOR] & 1 << PRISONER);
}

/* ---- people ---- */

static inline struct visit visit_of(struct rig *r)
{
	struct visit visit;
	CHECK(visit_find(&r->s.estate.service, &SYSTEM_ACTOR, &r->s.estate.arena, r->reference,
			 &visit) == OK);
	return visit;
}

static inline void sit(struct rig *r, const struct actor *actor, struct end *end)
{
	struct service *service = &r->s.estate.service;
	struct join join;
	struct live_visit *visit;
	struct media_offer offer = { .ufrag = { .len = 4, .at = "abcd" } };
	uint8_t at;
	CHECK(join_authorise(service, actor, &r->s.estate.arena, r->reference, &join) == OK);
	struct live_sitter sitter = { .actor = actor, .welsh = actor->role == ROLE_TERMINAL };
	CHECK(live_sit(r->s.web.live, &join, &sitter, &end->seat) == OK);
	end->reader = live_events(r->s.web.live, r->reference, str_from(end->seat.ticket), STR(""));
	CHECK(end->reader);
	CHECK(live_token_check(r->s.web.live, r->reference, str_from(end->seat.token), &visit,
			       &at) == OK);
	CHECK(live_offer(r->s.web.live, visit, at, &offer) == OK);
	say(r, &(struct media_message){ .type = MEDIA_PEER_STATE,
					.state = { .visit = visit_of(r).id,
						   .peer = offer.peer,
						   .end = at,
						   .role = offer.role,
						   .state = MEDIA_PEER_CONNECTED } });
}

/* Both ends of the visit are there and hear each other; the family speaks English, the terminal Welsh. */
static inline void gather(struct rig *r)
{
	struct service *service = &r->s.estate.service;
	struct actor family = estate_family(&r->s.estate, "amina@family.example");
	struct actor terminal = estate_terminal(&r->s.estate);
	struct actor clerk = estate_staff(&r->s.estate, ROLE_VISITS_CLERK, "WWI");
	enum joining answer;
	CHECK(lobby_enter(service, &family, r->reference, &answer) == OK);
	CHECK(lobby_enter(service, &terminal, r->reference, &answer) == OK);
	struct visit visit = visit_of(r);
	CHECK(visitor_admit(service, &clerk, r->reference, visit.visitors[0].person) == OK);
	sit(r, &terminal, &r->prisoner);
	sit(r, &family, &r->visitor);
	turn(r, 10);
	CHECK(visit_hearing(service, &SYSTEM_ACTOR, visit.id, 1) == OK);
	live_reread(r->s.web.live, r->reference);
	turn(r, 10);
	CHECK(both_hear(r) && !monitor_gets_something(r));
	forget(r);
}

static inline void open_rig(struct rig *r, struct reference (*choose)(struct rig *))
{
	int ends[2];
	memset(r, 0, sizeof *r);
	site_open(&r->s);
	CHECK(seqpacket_pair(ends) == OK);
	media_link_worker(r->s.link, 0, ends[0]);
	r->media = ends[1];
	hello(r);
	turn(r, 1000);
	r->reference = choose(r);
	gather(r);
}

static inline void close_rig(struct rig *r)
{
	event_reader_free(r->prisoner.reader);
	event_reader_free(r->visitor.reader);
	site_close(&r->s);
	close(r->media);
}

static inline struct reference social(struct rig *r)
{
	return r->s.estate.sample.joinable;
}

static inline struct reference confidential(struct rig *r, enum visit_kind kind)
{
	struct store *store = r->s.estate.service.store;
	struct visit legal;
	CHECK(visit_find(&r->s.estate.service, &SYSTEM_ACTOR, &r->s.estate.arena,
			 r->s.estate.sample.joinable, &legal) == OK);
	legal.id.n ^= 6;
	legal.reference = reference_new(&r->s.estate.random);
	legal.kind = kind;
	CHECK(store_enter(store) == OK);
	CHECK(store_visit_insert(store, &legal) == OK);
	CHECK(store_leave(store, true) == OK);
	return legal.reference;
}

static inline struct reference legal(struct rig *r)
{
	return confidential(r, VISIT_LEGAL);
}

static inline struct reference official(struct rig *r)
{
	return confidential(r, VISIT_OFFICIAL);
}

/* ---- requests ---- */

/* A JSON body by whoever is signed in, or by the bearer of a seat's token; the answer's status. */
static inline int post_json(struct rig *r, const char *path, const char *body, const char *token,
			    json_t **answer)
{
	struct exchange x = { 0 };
	struct site *s = &r->s;
	char cookie[120], bearer[120];
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	arena_init(&x.arena);
	snprintf(cookie, sizeof cookie, "pvl=%s", s->session.token);
	snprintf(bearer, sizeof bearer, "Bearer %s", token ? token : "");
	x.request = (struct request){ .method = METHOD_POST,
				      .path = str_from(path),
				      .peer = address_ipv4((uint8_t[]){ 127, 0, 0, 1 }, 1),
				      .at = s->estate.service.now,
				      .now = s->web.now,
				      .body = bytes_from_text(body),
				      .arena = &x.arena };
	x.request.headers[HEADER_CONTENT_TYPE] = STR("application/json");
	if (token)
		x.request.headers[HEADER_AUTHORIZATION] = str_from(bearer);
	else
		x.request.headers[HEADER_COOKIE] = str_from(cookie);
	x.request.headers[HEADER_CSRF] = str_from(s->session.csrf);
	x.match = route_find(groups, len, METHOD_POST, x.request.path);
	CHECK(x.match.route);
	web_handle(&s->web, &x);
	int status = x.response.status;
	if (answer)
		*answer = json_loadb(x.response.body.at, x.response.body.len, 0, NULL);
	response_clear(&x.response);
	arena_clear(&x.arena);
	return status;
}

static inline const char *path_of(struct rig *r, const char *start, const char *end)
{
	return arena_printf(&r->s.estate.arena, "%s/visits/%s/%s", start, r->reference.text, end);
}

static inline int tell(struct rig *r, const struct end *end, const char *body)
{
	return post_json(r, path_of(r, "/api/v1", "say"), body, end->seat.token, NULL);
}

static const char WATCH[] = "{\"purpose\":\"ASSIGNMENT\",\"words\":\"My visits this afternoon\"}";

static inline int join(struct rig *r, const char *body)
{
	return post_json(r, path_of(r, "/api/v1", "join"), body, NULL, NULL);
}

static inline struct store_monitorings watched(struct rig *r)
{
	struct store_monitorings list;
	CHECK(store_monitoring_list(r->s.estate.service.store, &r->s.estate.arena, visit_of(r).id,
				    &list) == OK);
	return list;
}

#endif
