#include "web/web.h"

#include <string.h>

#include "base/mem.h"
#include "service/key.h"
#include "service/terminal.h"
#include "web/http.h"
#include "web/keyring.h"
#include "web/language.h"
#include "web/live.h"
#include "web/objects_link.h"
#include "web/post_link.h"
#include "web/record_link.h"
#include "web/urlencoded.h"
#include "web/vault_link.h"
#include "web/viewings.h"

/* ---- may they? ---- */

int web_refusal(const struct route *route, const struct actor *actor)
{
	unsigned who = WHO_BIT(actor->role);
	if ((route->who & (WHO_ANYONE | WHO_PROOF | WHO_LAB | who)) != 0)
		return 0;
	if (actor->role == ROLE_NOBODY)
		return 401;
	if (role_is_staff(actor->role) && (route->who & WHO_STAFF) != 0)
		return 403;
	return 404;
}

static bool is_loopback(const struct address *peer)
{
	static const uint8_t six[16] = { [15] = 1 };
	if (peer->family == ADDRESS_IPV4)
		return peer->ip[0] == 127;
	return peer->family == ADDRESS_IPV6 && memcmp(peer->ip, six, sizeof(six)) == 0;
}

static bool route_exists(const struct web *web, const struct exchange *x)
{
	if (x->match.route == NULL)
		return false;
	if ((x->match.route->who & WHO_LAB) == 0)
		return true;
	bool mailbox = web->config.mailbox && (x->match.route->flags & ROUTE_MAILBOX) != 0;
	return (web->config.lab || mailbox) && is_loopback(&x->request.peer) &&
	       !x->request.through_others;
}

/* Nobody is signed in: pages lead to the sign-in of their area. */
static void refuse_stranger(struct page *page)
{
	const struct route *route = page->route;
	bool staff = (route->who & WHO_STAFF) != 0 && (route->who & WHO_FAMILY) == 0;
	const char *sign_in = staff ? "/staff/sign-in" : "/sign-in";
	if ((route->flags & ROUTE_API) != 0)
		return page_problem(page, 401, "sign-in", "Sign in first.");
	if (route->method != METHOD_GET)
		return page_redirect(page, "%s?done=was_signed_out", sign_in);
	page_redirect(page, "%s?next=%s%s", sign_in,
		      urlencoded_encode(page->arena, page->request->path),
		      str_empty(session_cookie(page->request)) ? "" : "&done=was_signed_out");
}

/* A key has its own measure, and a stranger few guesses. */
static bool key_in_measure(struct page *page)
{
	struct limits *limits = page->web->limits;
	bool known = page->actor.role != ROLE_NOBODY;
	bool fine = !page->by_key;
	if (page->by_key && known)
		fine = limits_take_name(limits, LIMIT_KEY, request_bearer(page->request),
					page->request->now);
	else if (page->by_key)
		fine = limits_take_address(limits, LIMIT_KEY_PREFIX, &page->request->peer,
					   page->request->now);
	if (!fine)
		page_problem(page, 429, "too-many", "Wait a moment before the next try.");
	else if (page->by_key && !known)
		page_problem(page, 401, "key", "The key is unknown, revoked or too old.");
	return fine && (known || !page->by_key);
}

static bool may(struct page *page)
{
	if (!key_in_measure(page))
		return false;
	int status = web_refusal(page->route, &page->actor);
	if (status == 401)
		refuse_stranger(page);
	else if (status == 403)
		page_problem(page, 403, "role", "Your role does not include this page.");
	else if (status == 404)
		page_not_found(page);
	return status == 0;
}

/* ---- is it well formed? ---- */

static bool body_fits(const struct route *route, const struct request *request)
{
	struct str type = request->headers[HEADER_CONTENT_TYPE];
	switch (route->body) {
	case BODY_NONE:
		return request->body.len == 0;
	case BODY_FORM:
		return request->body.len == 0 ||
		       str_starts(type, "application/x-www-form-urlencoded") ||
		       str_starts(type, "multipart/form-data");
	case BODY_JSON:
		return str_starts(type, "application/json");
	case BODY_SDP:
		return str_starts(type, "application/sdp") ||
		       str_starts(type, "application/trickle-ice-sdpfrag");
	}
	return false;
}

/* Where a cookie counts for nothing there is nothing to forge; where it may count, it needs the token. */
static bool csrf_needed(const struct page *page)
{
	if (page->request->method == METHOD_GET || page->by_key)
		return false;
	if ((page->route->who & ~(WHO_PROOF | WHO_LAB)) == 0)
		return false;
	return (page->route->who & WHO_PROOF) == 0 || page->actor.role != ROLE_NOBODY;
}

static struct str csrf_sent(struct page *page)
{
	struct str header = page->request->headers[HEADER_CSRF];
	if (!str_empty(header) || page->route->body != BODY_FORM)
		return header;
	return form_raw(form_new(page->request, "csrf"), "csrf");
}

/* ---- one request ---- */

/*
 * Where no proof of the route's own is meant, a key of a machine counts.  One
 * that is none is as bad as a wrong password: it never falls back to a cookie.
 */
static bool sends_key(const struct page *page)
{
	return page->route != NULL && (page->route->flags & ROUTE_API) != 0 &&
	       (page->route->who & (WHO_PROOF | WHO_LAB)) == 0 &&
	       str_starts(request_bearer(page->request), KEY_PREFIX);
}

static void load_key(struct page *page)
{
	struct api_key key;
	page->by_key = true;
	if (key_actor(page->service, page->arena, request_bearer(page->request), &key,
		      &page->actor) != OK)
		return;
	page->account.account =
	    (struct account){ .id = key.account, .staff = true, .name = key.name };
	page->account.actor = page->actor;
}

static void load_session(struct page *page)
{
	struct str token = session_cookie(page->request);
	struct account_session session;
	page->actor = (struct actor){ .role = ROLE_NOBODY };
	bool api = page->route != NULL && (page->route->flags & ROUTE_API) != 0;
	page->lang = language_code(language_of_guest(page->request, api));
	if (sends_key(page))
		return load_key(page);
	if (str_empty(token) || (page->route != NULL && (page->route->flags & ROUTE_CACHE) != 0))
		return;
	if (account_session_find(page->service, page->arena, token, &session) != OK)
		return;
	page->account = session;
	page->actor = session.actor;
	page->token = token;
	page->csrf = arena_text(page->arena, session.csrf);
	page->lang = language_code(session.account.language);
	if (session.touch_at.s <= page->service->now.s &&
	    account_session_touch(page->service, token) != OK)
		log_event(page->web->log, LOG_WARN, "session_touch");
}

static bool shows_forms(const struct route *route)
{
	return route != NULL && (route->flags & (ROUTE_CACHE | ROUTE_API)) == 0;
}

static void page_prepare(struct web *web, struct exchange *x)
{
	struct page *page = &x->page;
	*page = (struct page){ .request = &x->request,
			       .response = &x->response,
			       .arena = &x->arena,
			       .service = web->service,
			       .web = web,
			       .route = x->match.route,
			       .exchange = x };
	memcpy(page->params, x->match.params, sizeof(page->params));
	response_init(&x->response);
	security_headers(&x->request, x->match.route, &x->response);
	load_session(page);
	page->csrf = page->csrf != NULL ? page->csrf : "";
	if (page->actor.role == ROLE_NOBODY && shows_forms(page->route))
		page->csrf = guest_csrf(page, web->csrf_key);
}

static void page_dispatch(struct web *web, struct page *page)
{
	struct exchange *x = page->exchange;
	if (x->ambiguous)
		return page_problem(
		    page, 400, "ambiguous",
		    "The request names its host or its length twice: send each once.");
	if (!route_exists(web, x)) {
		if (x->match.route != NULL || !x->match.path_known)
			return page_not_found(page);
		return page_problem(page, 405, "method", "This address takes another method.");
	}
	if (x->body_too_long)
		return page_problem(page, 413, "too-large", "What was sent is too large.");
	if (!may(page))
		return;
	if (x->upload_refused)
		return page_problem(page, 503, "busy", "Too many photos are being sent.");
	if (!body_fits(page->route, page->request))
		return page_problem(page, 415, "media-type",
				    "This address takes another kind of content.");
	if (csrf_needed(page) && !csrf_good(page, csrf_sent(page)))
		return page_problem(page, 403, "csrf",
				    "The page was open for too long. Go back, load it again and "
				    "send it once more.");
	page->route->handler(page);
}

static void page_finish(struct page *page)
{
	form_clear(page->form);
	json_decref(page->body);
	page->form = NULL;
	page->body = NULL;
}

/* One savepoint; an answer of 500 and more leaves nothing behind. */
static void in_savepoint(struct web *web, struct page *page,
			 void (*run)(struct web *, struct page *))
{
	if (page->route != NULL && (page->route->flags & ROUTE_CACHE) != 0)
		return run(web, page); /* style sheets need no database */
	if (web->no_database || store_enter(web->service->store) != OK)
		return page_problem(page, 503, "database", "Try again in a moment.");
	run(web, page);
	bool keep = page->response->kind == RESPONSE_LATER || page->response->status < 500;
	if (store_leave(web->service->store, keep) != OK)
		page_problem(page, 503, "database", "Try again in a moment.");
}

static void settle(struct web *web, struct exchange *x)
{
	if (x->response.kind == RESPONSE_LATER) {
		x->state = EXCHANGE_WAITING;
		return;
	}
	x->state = EXCHANGE_HANDLED;
	page_finish(&x->page);
	web->counts.requests++;
	web->counts.by_class[x->response.status / 100 % 6]++;
}

void web_handle(struct web *web, struct exchange *x)
{
	x->request.at = web->service->now;
	x->request.now = web->now;
	page_prepare(web, x);
	in_savepoint(web, &x->page, page_dispatch);
	settle(web, x);
}

static void run_then(struct web *web, struct page *page)
{
	(void)web;
	page->exchange->then(page);
}

/* Whoever waited in vain reads for what. */
static void run_gave_up(struct web *web, struct page *page)
{
	(void)web;
	if (page->exchange->wait == WAIT_OBJECT)
		return page_problem(page, 503, "store", "The object store does not answer.");
	if (page->exchange->wait == WAIT_VAULT)
		return page_problem(page, 503, "vault", "pvl-vault does not answer.");
	page_problem(page, 503, "busy", "The service is busy. Try again in a moment.");
}

static void web_continue(struct web *web, struct exchange *x, bool done)
{
	x->response.kind = RESPONSE_BODY;
	x->request.at = web->service->now;
	x->request.now = web->now;
	in_savepoint(web, &x->page, done ? run_then : run_gave_up);
	settle(web, x);
}

/* Any other end than its own is one that it was brought to. */
static enum picture_verdict picture_verdict_of(const struct decoder_result *result)
{
	if (result->err == OK && result->code == PICTURE_OK)
		return result->picture.len > 0 ? PICTURE_OK : PICTURE_GAVE_UP;
	if (result->err == OK && result->code >= PICTURE_OTHER_KIND &&
	    result->code < PICTURE_GAVE_UP)
		return (enum picture_verdict)result->code;
	return PICTURE_GAVE_UP;
}

int64_t web_uploader(void *owner, struct exchange *x)
{
	struct web *web = owner;
	struct account_session session;
	struct str token = session_cookie(&x->request);
	if (str_empty(token) || store_enter(web->service->store) != OK)
		return 0;
	bool may = account_session_find(web->service, &x->arena, token, &session) == OK &&
		   web_refusal(x->match.route, &session.actor) == 0;
	if (store_leave(web->service->store, false) != OK)
		return 0;
	return may ? session.actor.account.n : 0;
}

/* ---- the waiting ones ---- */

static struct exchange *waiting_take(struct web *web, enum exchange_wait wait, uint64_t job)
{
	for (struct exchange **at = &web->waiting; *at != NULL; at = &(*at)->next) {
		struct exchange *x = *at;
		if (x->wait != wait || x->job != job)
			continue;
		*at = x->next;
		x->next = NULL;
		return x;
	}
	return NULL;
}

static void push(struct exchange **list, struct exchange *x)
{
	x->next = *list;
	*list = x;
}

static void sort_out(struct web *web, struct exchange *x, struct exchange **handled)
{
	push(x->state == EXCHANGE_WAITING ? &web->waiting : handled, x);
}

static void take_hashes(struct web *web, struct exchange **handled)
{
	struct hasher_result result;
	while (hasher_next_result(web->hasher, web->now, &result)) {
		struct exchange *x = waiting_take(web, WAIT_HASH, result.job);
		if (x == NULL)
			continue;
		x->page.hash_matches = result.err == OK && result.matches;
		x->page.hash = arena_text(&x->arena, str_from(result.hash));
		web_continue(web, x, result.err == OK);
		sort_out(web, x, handled);
	}
}

/* The picture stands while then() runs, and is forgotten. */
static void take_pictures(struct web *web, struct exchange **handled)
{
	struct decoder_result result;
	while (web->decoder != NULL && decoder_next_result(web->decoder, web->now, &result)) {
		struct exchange *x = waiting_take(web, WAIT_PICTURE, result.job);
		if (x != NULL) {
			x->page.verdict = picture_verdict_of(&result);
			x->page.picture = result.picture;
			web_continue(web, x, true);
			sort_out(web, x, handled);
		}
		decoder_done(web->decoder, result.job);
	}
}

/* The same for a PDF. */
static void take_papers(struct web *web, struct exchange **handled)
{
	struct decoder_result result;
	while (web->paper != NULL && decoder_next_result(web->paper, web->now, &result)) {
		struct exchange *x = waiting_take(web, WAIT_PAPER, result.job);
		if (x != NULL) {
			bool fine = result.err == OK && result.code == 0;
			x->page.paper = fine ? result.picture : (struct bytes){ 0 };
			web_continue(web, x, true);
			sort_out(web, x, handled);
		}
		decoder_done(web->paper, result.job);
	}
}

static void take_media_answers(struct web *web, struct exchange **handled)
{
	uint64_t peer;
	while (live_next_answer(web->live, &peer)) {
		struct exchange *x = waiting_take(web, WAIT_MEDIA, peer);
		if (x == NULL)
			continue;
		web_continue(web, x, true);
		sort_out(web, x, handled);
	}
}

static void take_key(struct web *web, const struct vault_key *key, struct exchange **handled)
{
	struct exchange *x;
	if (key->ok)
		keyring_put(web->keys, key->access, key->segment, key->visit, key->key, key->until);
	while ((x = waiting_take(web, WAIT_VAULT, (uint64_t)key->segment.n)) != NULL) {
		web_continue(web, x, key->ok);
		sort_out(web, x, handled);
	}
}

static void take_keys(struct web *web, struct exchange **handled)
{
	struct vault_key key;
	while (web->vault != NULL && vault_link_next_key(web->vault, &key)) {
		take_key(web, &key, handled);
		mem_wipe(&key, sizeof(key));
	}
}

/* What the store does not have is not found by whoever looks for it in the folder. */
static void take_objects(struct web *web, struct exchange **handled)
{
	struct segment_id segment;
	enum objects_outcome outcome;
	struct exchange *x;
	while (objects_link_next(web->objects, &segment, &outcome)) {
		bool told = outcome == OBJECTS_DONE || outcome == OBJECTS_ABSENT;
		while ((x = waiting_take(web, WAIT_OBJECT, (uint64_t)segment.n)) != NULL) {
			x->page.object_absent = outcome == OBJECTS_ABSENT;
			web_continue(web, x, told);
			sort_out(web, x, handled);
		}
	}
}

static void give_up_late(struct web *web, struct exchange **handled)
{
	struct exchange **at = &web->waiting;
	while (*at != NULL) {
		struct exchange *x = *at;
		if (mono_before(web->now, x->deadline)) {
			at = &x->next;
			continue;
		}
		*at = x->next;
		web_continue(web, x, false);
		sort_out(web, x, handled);
	}
}

/* ---- the turn ---- */

static void handle_ready(struct web *web, struct exchange **handled)
{
	struct exchange *x;
	while ((x = http_next(web->http)) != NULL) {
		web_handle(web, x);
		sort_out(web, x, handled);
	}
}

/* Nothing of this turn stands: nobody is told that it did. */
static void take_back(struct exchange *x)
{
	size_t kept = 0;
	if (x->response.kind == RESPONSE_EVENTS)
		event_reader_free(x->response.events);
	if (x->response.stream != NULL)
		x->response.stream->free(x->response.stream);
	x->response.stream = NULL;
	buf_reset(&x->response.body);
	buf_text(&x->response.body, page_word(&x->page, "problem.plain.not_stored"));
	for (size_t i = 0; i < x->response.headers_len; i++)
		if (strcmp(x->response.headers[i].name, "Set-Cookie") != 0 &&
		    strcmp(x->response.headers[i].name, "Location") != 0)
			x->response.headers[kept++] = x->response.headers[i];
	x->response.headers_len = kept;
	x->response.kind = RESPONSE_BODY;
	x->response.status = 503;
	x->response.content_type = "text/plain; charset=utf-8";
}

static void release(struct web *web, struct exchange *handled, bool committed)
{
	while (handled != NULL) {
		struct exchange *x = handled;
		handled = x->next;
		if (!committed && x->response.kind != RESPONSE_STATIC && x->response.status < 500)
			take_back(x);
		http_answer(web->http, x);
	}
}

enum {
	COMMIT_FAILED_TOLD_MS = 1000,
};

/* A turn that wrote nothing proves nothing: a full disk can still be read. */
static void note_commit(struct web *web, bool committed, bool wrote)
{
	if (committed && wrote)
		web->commit_failed_at = (struct mono){ 0 };
	if (committed)
		return;
	web->commit_failed_at = web->now;
	web->counts.commits_failed++;
	if (mono_diff_us(web->now, web->commit_failed_told) < COMMIT_FAILED_TOLD_MS * 1000)
		return;
	web->commit_failed_told = web->now;
	log_event(web->log, LOG_ERROR, "commit_failed",
		  LOG_INT("so_far", (int64_t)web->counts.commits_failed));
}

void web_turn(struct web *web, struct mono now, struct wall wall)
{
	struct exchange *handled = NULL;
	struct store *store = web->service->store;
	web->now = now;
	wall = wall_add_s(wall, web->lab_ahead_s);
	web->service->now = wall;
	int64_t changes = store_changes(store);
	bool open = store_enter(store) == OK;
	web->no_database = !open;
	if (open && web->vault != NULL)
		vault_link_turn(web->vault, web->service, now);
	if (open)
		record_link_turn(web->recorder, web->service, now);
	size_t noted = open ? exports_note(web) : 0;
	live_collect(web->live, now);
	take_hashes(web, &handled);
	take_pictures(web, &handled);
	take_papers(web, &handled);
	take_media_answers(web, &handled);
	take_keys(web, &handled);
	take_objects(web, &handled);
	give_up_late(web, &handled);
	handle_ready(web, &handled);
	live_tick(web->live, now);
	if (open) {
		web->nightly.recordings = web->config.recordings;
		web->nightly.recordings_apart = web->config.recordings_apart;
		keyring_tick(web->keys, wall);
		viewings_tick(web);
		nightly_tick(&web->nightly, web->service, now, handled != NULL);
		post_link_turn(web, now);
	}
	bool committed = open && store_leave(store, true) == OK;
	note_commit(web, committed, store_changes(store) != changes);
	release(web, handled, committed);
	record_link_settle(web->recorder, committed);
	if (committed)
		exports_noted(web, noted);
	live_release(web->live, committed, now);
	post_link_release(web, committed);
}
