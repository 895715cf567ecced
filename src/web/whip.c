#include "web/whip.h"

#include <string.h>

#include "domain/device.h"
#include "service/terminal.h"
#include "web/elsewhere.h"
#include "web/gunzip.h"
#include "web/live.h"
#include "web/offer.h"
#include "web/proof.h"
#include "web/web.h"

enum {
	ANSWER_MS = 2000, /* pvl-media's time to answer an offer */
	ICE_RESTART_MS = 1500,
	RELAY_AFTER_S = 3600, /* staff may add time */
	LINE_TESTED_MAX_BPS = 1000000000,
};

/* ---- join ---- */

/* The terminal that proves itself, else whoever is signed in. */
static bool find_actor(struct page *page, struct actor *actor)
{
	const json_t *body = page_body_json(page);
	if (body == NULL)
		return false;
	enum err err = proof_check(page, body, actor);
	if (err == OK)
		return true;
	if (err == ERR_NOT_FOUND && page->actor.role != ROLE_NOBODY) {
		*actor = page->actor;
		return true;
	}
	if (err == ERR_BAD)
		page_problem(page, 400, "bad-proof", "The terminal's proof is malformed.");
	else if (err == ERR_NOT_FOUND || err == ERR_DENIED)
		page_problem(page, 401, "sign-in", "Sign in, or prove the terminal, first.");
	else
		page_failed(page, err);
	return false;
}

static void refuse_joining(struct page *page, enum joining answer)
{
	page_problem(page, 409, joining_name(answer), joining_sentence(answer));
}

static const char *role_word(enum end_role role)
{
	switch (role) {
	case END_ROLE_PRISONER:
		return "prisoner";
	case END_ROLE_VISITOR:
		return "visitor";
	case END_ROLE_MONITOR:
		return "monitor";
	}
	return "";
}

static const char *state_of(enum visit_state state)
{
	if (visit_is_over(state))
		return "ended";
	if (state == VISIT_LIVE)
		return "live";
	return state == VISIT_LOBBY ? "lobby" : "booked";
}

static json_t *iso(struct page *page, struct wall at)
{
	json_t *time = page_time(page, at);
	json_t *text = json_incref(json_object_get(time, "iso"));
	json_decref(time);
	return text;
}

static const char *media_path(struct page *page, struct reference reference)
{
	return arena_printf(page->arena, "/api/v1/visits/%s/media%s", reference.text,
			    elsewhere_mark(page, '?'));
}

static const char *events_path(struct page *page, struct reference reference, const char *ticket)
{
	return arena_printf(page->arena, "/api/v1/visits/%s/events?ticket=%s%s", reference.text,
			    ticket, elsewhere_mark(page, '&'));
}

/* One receive pair for each other seat that may be seen: nothing is renegotiated when somebody comes late. */
static int slots_of(const struct join *join)
{
	int devices = (int)device_count(&join->visit);
	return join->role == END_ROLE_MONITOR ? devices + 1 : devices;
}

/* ---- who watches says why ---- */

static const struct {
	const char *type;
	const char *detail;
} NOT_SO[WATCH_ANSWER_COUNT] = {
	[WATCH_OK] = { "", "" },
	[WATCH_NO_WORDS] = { "watch-words", "Say in at least 10 characters why you watch." },
	[WATCH_BEGUN] = { "watch-begun", "The visit has begun: say why you watch." },
	[WATCH_NOT_DRAWN] = { "watch-not-drawn", "The service did not draw this visit." },
	[WATCH_NOT_ASSIGNED] = { "watch-not-assigned", "You are not assigned to this visit." },
	[WATCH_RECORDED_ONLY] = { "watch-recorded-only", "This prison watches by incident or "
							 "authorisation alone." },
	[WATCH_NO_INCIDENT] = { "watch-no-incident", "No incident of this visit is open." },
	[WATCH_NO_AUTHORISATION] = { "watch-no-authorisation",
				     "No authorisation holds for this prisoner." },
	[WATCH_TOO_MANY] = { "watch-too-many", "You watch as many visits as the prison allows." },
};

/* Without a purpose it is the look before admission. */
static bool read_wish(struct page *page, struct watch_wish *wish)
{
	const json_t *body = page_body_json(page);
	const char *purpose = json_string_value(json_object_get(body, "purpose"));
	const char *words = json_string_value(json_object_get(body, "words"));
	*wish = (struct watch_wish){ .purpose = PURPOSE_ADMISSION,
				     .words = str_from(words != NULL ? words : "") };
	if (purpose == NULL || purpose_of(str_from(purpose), &wish->purpose))
		return true;
	page_problem(page, 422, "watch-words", "The purpose is none that there is.");
	return false;
}

static bool begin_watching(struct page *page, struct reference reference,
			   struct live_sitter *sitter)
{
	struct watch_wish wish;
	enum watch_answer answer;
	if (!read_wish(page, &wish))
		return false;
	enum err err = monitoring_begin(page->service, sitter->actor, reference, &wish, &answer,
					&sitter->monitoring);
	sitter->admission = wish.purpose == PURPOSE_ADMISSION;
	if (err != OK)
		page_failed(page, err);
	else if (answer != WATCH_OK)
		page_problem(page, 409, NOT_SO[answer].type, NOT_SO[answer].detail);
	return err == OK && answer == WATCH_OK;
}

/* Where a browser may get a relay from that reaches nobody else, until well after the slot. */
static json_t *ice_servers_json(struct page *page, const struct join *join, uint8_t end)
{
	const struct relay *relay = &page->web->config.relay;
	struct wall now = page->service->now;
	struct wall slot_end = join->window.slot_end;
	struct wall until = wall_add_s(now.s > slot_end.s ? now : slot_end, RELAY_AFTER_S);
	json_t *urls = json_array();
	if (relay->urls_len == 0)
		return urls;
	struct relay_pass pass = relay_pass_for(
	    relay, str_from(arena_printf(page->arena, "%s %u", join->visit.reference.text, end)),
	    until);
	for (size_t i = 0; i < relay->urls_len; i++)
		json_array_append_new(urls, json_string(relay->urls[i]));
	return json_pack("[{s:o, s:s, s:s}]", "urls", urls, "username", pass.name, "credential",
			 pass.password);
}

static json_t *seat_json(struct page *page, const struct join *join, const struct live_seat *seat)
{
	struct reference reference = join->visit.reference;
	char shown[REFERENCE_SHOWN_LEN + 1];
	int slots = slots_of(join);
	json_t *telephone =
	    join->role == END_ROLE_MONITOR ? json_null() : page_telephone(&join->telephone);
	reference_show(reference, shown);
	return json_pack(
	    "{s:s, s:s, s:i, s:s, s:i, s:s, s:s, s:{s:i, s:i}, s:{s:i, s:o}, s:s, s:o, s:o, "
	    "s:i, s:s, s:b, s:o}",
	    "visit", shown, "role", role_word(join->role), "end", (int)seat->end, "token",
	    seat->token, "expires_in", LIVE_TOKEN_S, "media", media_path(page, reference), "events",
	    events_path(page, reference, seat->ticket), "slots", "audio", slots, "video", slots,
	    "ice", "restart_after_ms", ICE_RESTART_MS, "servers",
	    ice_servers_json(page, join, seat->end), "state", state_of(join->visit.state),
	    "starts_at", iso(page, join->window.start), "ends_at", iso(page, join->window.slot_end),
	    "minutes", join->visit.minutes, "language", page->lang, "in_lobby", (int)join->in_lobby,
	    "telephone", telephone);
}

/* BOOKED becomes LOBBY when the first end is there; who watches changes nothing. */
static enum err enter(struct page *page, const struct actor *actor, struct reference reference,
		      struct join *join)
{
	enum err err = join_authorise(page->service, actor, page->arena, reference, join);
	if (err != OK || join->answer != JOINING_OK || join->role == END_ROLE_MONITOR ||
	    join->entered)
		return err;
	enum joining answer;
	err = lobby_enter(page->service, actor, reference, &answer);
	if (err != OK)
		return err;
	join->answer = answer;
	if (answer != JOINING_OK)
		return OK;
	return join_authorise(page->service, actor, page->arena, reference, join);
}

/* Whatever else it says is no number of a line: then nothing is known. */
static uint32_t tested_line_bps(struct page *page)
{
	json_int_t bps = json_integer_value(json_object_get(page_body_json(page), "line_bps"));
	return bps > 0 && bps <= LINE_TESTED_MAX_BPS ? (uint32_t)bps : 0;
}

/* A terminal comes by its key, anybody else by their session. */
static bool mark_sitter(struct page *page, struct live_sitter *sitter)
{
	sitter->by_key = json_object_get(page_body_json(page), "terminal") != NULL;
	sitter->mark = account_session_mark(page->token);
	enum err err = sitter->by_key
			   ? terminal_mark(page->service, sitter->actor->terminal, &sitter->mark)
			   : OK;
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void visit_join(struct page *page)
{
	struct reference reference;
	struct actor actor;
	struct join join;
	struct live_seat seat;
	if (!limits_take_address(page->web->limits, LIMIT_JOIN_PREFIX, &page->request->peer,
				 page->request->now))
		return page_problem(page, 429, "too-many", "Wait a moment before the next try.");
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (elsewhere_led(page, reference)) /* before a terminal's proof is used up */
		return;
	if (!find_actor(page, &actor))
		return;
	enum err err = enter(page, &actor, reference, &join);
	if (err != OK)
		return page_failed(page, err);
	if (join.answer != JOINING_OK)
		return refuse_joining(page, join.answer);
	struct live_sitter sitter = { .actor = &actor,
				      .welsh = strcmp(page->lang, "cy") == 0,
				      .line_bps = tested_line_bps(page) };
	if (!mark_sitter(page, &sitter))
		return;
	if (join.role == END_ROLE_MONITOR && !begin_watching(page, reference, &sitter))
		return;
	err = live_sit(page->web->live, &join, &sitter, &seat);
	if (err == ERR_CONFLICT)
		return page_problem(page, 503, "elsewhere", "The visit lives in another service.");
	if (err != OK)
		return page_problem(page, 503, "full", "No seat is free. Try again in a moment.");
	page_json(page, 200, seat_json(page, &join, &seat));
}

/* ---- media ---- */

struct offering {
	struct live_visit *visit;
	struct reference reference;
	uint8_t end;
	struct peer_id peer;
	struct sdp_offer *offer;
	struct offer_plan *plan;
};

bool whip_find_seat(struct page *page, struct whip_seat *o)
{
	struct str token = request_bearer(page->request);
	if (!page_param_reference(page, 0, &o->reference)) {
		page_not_found(page);
		return false;
	}
	enum err err = live_token_check(page->web->live, o->reference, token, &o->visit, &o->end);
	if (err == OK)
		return true;
	if (err == ERR_CLOSED) {
		page_problem(page, 410, "ended", "The visit is over.");
		return false;
	}
	if (elsewhere_led(page, o->reference))
		return false;
	response_header(page->response, "WWW-Authenticate", "Bearer");
	page_problem(page, 401, "token",
		     "The bearer token is missing, wrong or expired: join again.");
	return false;
}

static bool find_seat(struct page *page, struct offering *o)
{
	struct whip_seat seat = { 0 };
	bool found = whip_find_seat(page, &seat);
	o->visit = seat.visit;
	o->reference = seat.reference;
	o->end = seat.end;
	return found;
}

/* The body as text, unpacked; false after an answer. */
static bool take_text(struct page *page, struct str *text)
{
	struct bytes body = page->request->body;
	struct str encoding = page->request->headers[HEADER_CONTENT_ENCODING];
	if (str_empty(encoding) || str_is(encoding, "identity")) {
		*text = str_of((const char *)body.at, body.len);
		return true;
	}
	if (!str_equal_nocase(encoding, STR("gzip"))) {
		page_problem(page, 415, "encoding", "Content-Encoding may be gzip or left out.");
		return false;
	}
	struct buf out = buf_of(SDP_OFFER_MAX);
	enum err err = gunzip(body, &out);
	*text = arena_str(page->arena, buf_view(&out));
	buf_clear(&out);
	if (err != OK)
		page_problem(page, 400, "gzip", "The gzip body is broken or too large.");
	return err == OK;
}

static bool take_offer(struct page *page, struct offering *o)
{
	struct str text;
	struct sdp_fault fault = { .what = "It is not SDP." };
	bool own_page = str_is(page->request->headers[HEADER_PVL_CLIENT], "page");
	if (!take_text(page, &text))
		return false;
	o->offer = arena_new(page->arena, 1, sizeof(*o->offer));
	o->plan = arena_new(page->arena, 1, sizeof(*o->plan));
	if (sdp_parse(text, o->offer, &fault) != OK) {
		page_problem(
		    page, 400, "bad-sdp",
		    arena_printf(page->arena, "Line %zu of the offer: %s", fault.line, fault.what));
		return false;
	}
	const char *wrong = offer_plan(o->offer, own_page, o->plan);
	if (wrong != NULL)
		page_problem(page, 422, "offer", wrong);
	return wrong == NULL;
}

static void refused_by_media(struct page *page, enum media_reason reason)
{
	if (reason == MEDIA_REASON_FULL)
		return page_problem(page, 503, "full", "The media server is full. Try again soon.");
	if (reason == MEDIA_REASON_NONE)
		return page_problem(page, 503, "media", "The media server restarts. Try again.");
	if (reason == MEDIA_REASON_NO_VISIT)
		return page_problem(page, 410, "ended", "The visit is over.");
	page_problem(page, 422, "refused",
		     arena_printf(page->arena, "The media server refused the offer: %s.",
				  media_reason_name(reason)));
}

static const char *etag_of(struct page *page, const struct offering *o)
{
	return arena_printf(page->arena, "\"%u\"", live_generation(o->visit, o->end));
}

static void answered(struct page *page, const struct offering *o, const struct media_answer *answer)
{
	const struct media_worker *worker = live_worker(page->web->live, o->visit);
	struct offer_ours ours = {
		.session = (uint64_t)o->peer.n,
		.fingerprint = worker != NULL ? worker->fingerprint : NULL,
		.addresses = page->web->config.addresses,
		.addresses_len = page->web->config.addresses_len,
		.port = worker != NULL ? worker->port : 0,
		.tcp_ports = worker != NULL ? worker->tcp_ports : NULL,
	};
	if (worker == NULL)
		return page_problem(page, 503, "media", "The media server restarts. Try again.");
	buf_reset(&page->response->body);
	offer_answer(&page->response->body, o->offer, o->plan, answer, &ours);
	page->response->status = 201;
	page->response->content_type = "application/sdp";
	response_header(page->response, "Location",
			arena_printf(page->arena, "/api/v1/visits/%s/media/%lld%s",
				     o->reference.text, (long long)o->peer.n,
				     elsewhere_mark(page, '?')));
	response_header(page->response, "ETag", etag_of(page, o));
}

/* A visit may have ended while the answer was under way: look it up anew. */
static bool still_seated(struct page *page, const struct offering *o)
{
	struct offering again = *o;
	return find_seat(page, &again) && again.visit == o->visit;
}

static void media_answered(struct page *page)
{
	const struct offering *o = page->state;
	struct media_message message;
	if (!live_answer_find(page->web->live, o->peer, &message))
		return page_problem(page, 503, "media", "The media server did not answer.");
	if (message.type == MEDIA_PEER_REFUSED)
		return refused_by_media(page, message.refusal.reason);
	if (still_seated(page, o))
		answered(page, o, &message.answer);
}

static void media_post(struct page *page)
{
	struct offering *o = arena_new(page->arena, 1, sizeof(*o));
	if (!find_seat(page, o) || !take_offer(page, o))
		return;
	if (live_offer(page->web->live, o->visit, o->end, &o->plan->media) != OK)
		return page_problem(page, 503, "media", "No media server is up. Try again.");
	o->peer = o->plan->media.peer;
	page_later(page, WAIT_MEDIA, (uint64_t)o->peer.n, ANSWER_MS, media_answered, o);
}

/* ---- restart and leave ---- */

static bool find_peer(struct page *page, struct offering *o)
{
	if (!find_seat(page, o))
		return false;
	o->peer = (struct peer_id){ page_param_id(page, 1) };
	if (live_has_peer(o->visit, o->end, o->peer))
		return true;
	page_not_found(page);
	return false;
}

static struct str fragment_value(struct str text, const char *start)
{
	while (!str_empty(text)) {
		struct str line = str_line(&text);
		if (str_starts(line, start))
			return str_trim(str_of(line.at + strlen(start), line.len - strlen(start)));
	}
	return STR("");
}

static bool credential(struct str value, size_t min, size_t max, struct media_text *out)
{
	if (value.len < min || value.len > max || str_has_control(value))
		return false;
	out->len = (uint8_t)value.len;
	memcpy(out->at, value.at, value.len);
	return true;
}

static void restart_answered(struct page *page)
{
	const struct offering *o = page->state;
	struct media_message message;
	if (!live_answer_find(page->web->live, o->peer, &message) ||
	    message.type != MEDIA_PEER_ANSWER)
		return page_problem(page, 409, "restart", "The connection is gone: send an offer.");
	const struct media_answer *answer = &message.answer;
	buf_reset(&page->response->body);
	buf_printf(&page->response->body, "a=ice-lite\r\na=ice-ufrag:%.*s\r\na=ice-pwd:%.*s\r\n",
		   (int)answer->ufrag.len, answer->ufrag.at, (int)answer->pwd.len, answer->pwd.at);
	page->response->status = 200;
	page->response->content_type = "application/trickle-ice-sdpfrag";
	if (still_seated(page, o))
		response_header(page->response, "ETag", etag_of(page, o));
}

/* RFC 9725 section 4.4: "*" restarts whatever stands; a wrong tag is 412. */
static bool etag_matches(struct page *page, const struct offering *o)
{
	struct str sent = page->request->headers[HEADER_IF_MATCH];
	if (str_empty(sent) || str_is(sent, "*") || str_is(sent, "\"*\"") ||
	    str_is(sent, etag_of(page, o)))
		return true;
	page_problem(page, 412, "etag", "The connection was restarted meanwhile.");
	return false;
}

static void media_patch(struct page *page)
{
	struct offering *o = arena_new(page->arena, 1, sizeof(*o));
	struct media_restart restart = { 0 };
	struct str text;
	if (!find_peer(page, o) || !take_text(page, &text))
		return;
	struct str ufrag = fragment_value(text, "a=ice-ufrag:");
	/* Trickled candidates alone: an ICE-lite side learns them from checks. */
	if (str_empty(ufrag))
		return page_no_content(page);
	if (!etag_matches(page, o))
		return;
	if (!credential(ufrag, SDP_UFRAG_MIN, MEDIA_UFRAG_MAX, &restart.ufrag) ||
	    !credential(fragment_value(text, "a=ice-pwd:"), SDP_PWD_MIN, MEDIA_PWD_MAX,
			&restart.pwd))
		return page_problem(
		    page, 400, "bad-fragment",
		    "a=ice-ufrag and a=ice-pwd must both be there and well formed.");
	restart.peer = o->peer;
	if (live_restart(page->web->live, o->visit, o->end, &restart) != OK)
		return page_problem(page, 503, "media", "No media server is up. Send an offer.");
	page_later(page, WAIT_MEDIA, (uint64_t)o->peer.n, ANSWER_MS, restart_answered, o);
}

static void media_delete(struct page *page)
{
	struct offering o = { 0 };
	if (!find_peer(page, &o))
		return;
	live_leave(page->web->live, o.visit, o.end, o.peer);
	page_no_content(page);
}

/* ---- events ---- */

static void visit_events(struct page *page)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	struct event_reader *reader =
	    live_events(page->web->live, reference, request_query(page->request, "ticket"),
			page->request->headers[HEADER_LAST_EVENT_ID]);
	if (reader == NULL && elsewhere_led(page, reference))
		return;
	page_events(page, reader);
}

/* Of one of "REFERENCE:TICKET,…"; whether it stands. */
static bool add_seat(struct page *page, struct event_reader *bundle, struct str seat)
{
	struct reference reference;
	struct str name = str_cut(&seat, ':');
	if (!reference_of(name, &reference))
		return false;
	struct event_reader *part = live_events(page->web->live, reference, seat, STR(""));
	event_bundle_add(bundle, part, str_from(reference.text));
	return part != NULL;
}

static void seats_events(struct page *page)
{
	struct str rest = request_query(page->request, "seats");
	struct event_reader *bundle = event_bundle_new();
	bool stands = false;
	for (size_t i = 0; i < EVENTS_BUNDLE_MAX && rest.len > 0; i++)
		stands |= add_seat(page, bundle, str_cut(&rest, ','));
	if (!stands) {
		event_reader_free(bundle);
		bundle = NULL;
	}
	page_events(page, bundle);
}

static void staff_events(struct page *page)
{
	struct session_mark session = account_session_mark(page->token);
	struct event_reader *reader = live_staff_events(
	    page->web->live, &page->actor, &session, page->request->headers[HEADER_LAST_EVENT_ID]);
	if (reader == NULL)
		return page_problem(page, 503, "busy",
				    "Too many pages of this prison are open. Close some.");
	page_events(page, reader);
}

/* ---- labs ---- */

/* How many of "ends" are visitors; one where it is left out. */
static size_t lab_visitors(const json_t *body)
{
	const json_t *ends = json_object_get(body, "ends");
	size_t count = 0;
	for (size_t i = 0; i < json_array_size(ends); i++) {
		const char *role = json_string_value(json_array_get(ends, i));
		count += role != NULL && strcmp(role, "visitor") == 0;
	}
	return ends == NULL ? 1 : count;
}

static bool lab_wishes(struct page *page, const json_t *body, struct live_lab *lab)
{
	const char *word = json_string_value(json_object_get(body, "kind"));
	json_int_t monitors = json_integer_value(json_object_get(body, "monitors"));
	bool social = word == NULL || strcmp(word, "social") == 0;
	*lab = (struct live_lab){ .kind = social ? MEDIA_SOCIAL : MEDIA_LEGAL,
				  .visitors = lab_visitors(body),
				  .monitors = (size_t)monitors,
				  .signs = json_is_true(json_object_get(body, "signs")) };
	if (!social && strcmp(word, "legal") != 0)
		return page_problem(page, 422, "kind", "kind is social or legal."), false;
	if (lab->visitors < 1 || lab->visitors > PARTY_MAX)
		return page_problem(page, 422, "ends", "ends has 1 to 4 visitors."), false;
	if (monitors < 0 || monitors > MEDIA_ENDS_MAX - LIVE_END_MONITOR)
		return page_problem(page, 422, "monitors", "monitors is 0 to 3."), false;
	return true;
}

static const char *lab_role(uint8_t end)
{
	if (end == LIVE_END_PRISONER)
		return "prisoner";
	return end < LIVE_END_MONITOR ? "visitor" : "monitor";
}

static json_t *lab_end_json(struct page *page, struct reference reference,
			    const struct live_seat *seat)
{
	const char *host =
	    arena_printf(page->arena, "%s://%.*s", page->request->tls ? "https" : "http",
			 STR_FMT(page->request->headers[HEADER_HOST]));
	return json_pack("{s:i, s:s, s:s, s:s+, s:s+}", "end", (int)seat->end, "role",
			 lab_role(seat->end), "token", seat->token, "media", host,
			 media_path(page, reference), "events", host,
			 events_path(page, reference, seat->ticket));
}

static void lab_open(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct live_lab lab;
	struct reference reference;
	struct live_seat seats[MEDIA_ENDS_MAX];
	size_t len;
	if (body == NULL || !lab_wishes(page, body, &lab))
		return;
	if (live_lab_open(page->web->live, &lab, &reference, seats, &len) != OK)
		return page_problem(page, 503, "full", "No room for another visit.");
	json_t *ends = json_array();
	for (size_t i = 0; i < len; i++)
		json_array_append_new(ends, lab_end_json(page, reference, &seats[i]));
	page_json(page, 201, json_pack("{s:s, s:o}", "visit", reference.text, "ends", ends));
}

static void lab_close(struct page *page)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference) ||
	    !live_lab_close(page->web->live, reference))
		return page_not_found(page);
	page_no_content(page);
}

#define WHO_JOINS (WHO_PROOF | WHO_FAMILY | WHO_GUEST | WHO_CLERK | WHO_MONITOR | WHO_GOVERNOR)

static const struct route rows[] = {
	{ METHOD_POST, "/api/v1/visits/{reference}/join", WHO_JOINS, BODY_JSON, 4096, ROUTE_API,
	  visit_join },
	{ METHOD_POST, "/api/v1/visits/{reference}/media", WHO_PROOF, BODY_SDP, SDP_OFFER_MAX,
	  ROUTE_API, media_post },
	{ METHOD_PATCH, "/api/v1/visits/{reference}/media/{peer}", WHO_PROOF, BODY_SDP, 8192,
	  ROUTE_API, media_patch },
	{ METHOD_DELETE, "/api/v1/visits/{reference}/media/{peer}", WHO_PROOF, BODY_NONE, 0,
	  ROUTE_API, media_delete },
	{ METHOD_GET, "/api/v1/visits/{reference}/events", WHO_PROOF, BODY_NONE, 0, ROUTE_API,
	  visit_events },
	{ METHOD_GET, "/api/v1/streams", WHO_PROOF, BODY_NONE, 0, ROUTE_API, seats_events },
	{ METHOD_GET, "/staff/events", WHO_PRISON, BODY_NONE, 0, 0, staff_events },
	{ METHOD_POST, "/lab/rooms", WHO_LAB, BODY_JSON, 4096, ROUTE_API, lab_open },
	{ METHOD_DELETE, "/lab/rooms/{visit}", WHO_LAB, BODY_NONE, 0, ROUTE_API, lab_close },
};
const struct route_group whip_routes = { rows, sizeof(rows) / sizeof(rows[0]) };
