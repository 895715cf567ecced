#include "web/terminal_api.h"

#include "base/assert.h"
#include "base/hex.h"
#include "service/recording.h"
#include "service/terminal.h"
#include "web/live.h"
#include "web/proof.h"
#include "web/web.h"

enum {
	CODE_TEXT_MAX = 32, /* as typed, with hyphens */
};

static bool may_ask(struct page *page, enum limit limit)
{
	bool may =
	    limits_take_address(page->web->limits, limit, &page->request->peer, page->request->now);
	if (!may)
		page_problem(page, 429, "too-many", "Wait a moment before the next try.");
	return may;
}

/* ---- enrol ---- */

static bool take_key(const json_t *body, uint8_t key[TERMINAL_KEY_LEN])
{
	size_t len;
	return base64url_decode(proof_member(body, "key"), key, TERMINAL_KEY_LEN, &len) &&
	       len == TERMINAL_KEY_LEN;
}

static void enrolled(struct page *page, struct terminal_id terminal)
{
	struct actor actor = { .role = ROLE_TERMINAL, .terminal = terminal };
	struct terminal_view view;
	enum err err = terminal_due_visit(page->service, &actor, page->arena, &view);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 201,
		  json_pack("{s:o, s:o}", "terminal", page_id(terminal.n), "name",
			    page_str(view.terminal.name)));
}

static void enrol(struct page *page)
{
	const json_t *body = page_body_json(page);
	uint8_t key[TERMINAL_KEY_LEN];
	struct terminal_id terminal;
	if (body == NULL || !may_ask(page, LIMIT_ENROL_PREFIX))
		return;
	struct str code = proof_member(body, "code");
	if (str_empty(code) || code.len > CODE_TEXT_MAX || !take_key(body, key))
		return page_problem(page, 400, "bad-enrolment",
				    "code and key are needed; key is a point of 65 bytes.");
	enum err err = terminal_enrol(page->service, code, bytes_of(key, sizeof(key)), &terminal);
	if (err == ERR_NOT_FOUND)
		return page_problem(page, 404, "code",
				    "The code is wrong, was used, or is too old.");
	if (err != OK)
		return page_failed(page, err);
	enrolled(page, terminal);
}

/* ---- challenge ---- */

static void challenge(struct page *page)
{
	const json_t *body = page_body_json(page);
	uint8_t fresh[TERMINAL_CHALLENGE_LEN];
	uint64_t id;
	if (body == NULL || !may_ask(page, LIMIT_CHALLENGE_PREFIX))
		return;
	if (!str_u64(proof_member(body, "terminal"), INT64_MAX, &id) || id == 0)
		return page_problem(page, 400, "bad-terminal", "terminal is its number, as text.");
	enum err err =
	    terminal_challenge(page->service, (struct terminal_id){ (int64_t)id }, fresh);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, json_pack("{s:o}", "challenge", proof_challenge(fresh)));
}

/* ---- what is due ---- */

static json_t *visitors_json(const struct visit *visit)
{
	json_t *names = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (str_empty(visit->visitors[i].refused_reason))
			json_array_append_new(names, page_str(visit->visitors[i].name));
	return names;
}

static json_t *visit_json(struct page *page, const struct terminal_view *view)
{
	const struct visit *visit = &view->visit;
	struct str rest = visit->prisoner_name;
	struct str first = str_cut(&rest, ' ');
	bool recorded = false;
	(void)!recording_is_wanted(page->service, visit->kind, visit->prison, &recorded);
	json_t *start = page_time(page, visit->start);
	json_t *out = json_pack(
	    "{s:s, s:O, s:O, s:o, s:o, s:s, s:s, s:b}", "reference", visit->reference.text,
	    "starts_at", json_object_get(start, "iso"), "time", json_object_get(start, "time"),
	    "greeting", page_str(first), "visitors", visitors_json(visit), "language",
	    language_code(view->language), "join",
	    arena_printf(page->arena, "/api/v1/visits/%s/join", visit->reference.text), "started",
	    (int)live_is_seated(page->web->live, visit->reference, LIVE_END_PRISONER));
	json_object_set_new(out, "recorded", json_boolean(recorded));
	json_object_set_new(out, "telephone", page_telephone(&view->telephone));
	json_decref(start);
	return out;
}

static void due(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct actor actor;
	struct terminal_view view;
	if (body == NULL || !proof_taken(page, body, &actor))
		return;
	enum err err = terminal_due_visit(page->service, &actor, page->arena, &view);
	if (err != OK)
		return page_failed(page, err);
	json_t *visit = view.has_visit ? visit_json(page, &view) : json_null();
	proof_answer(page, &actor,
		     json_pack("{s:o, s:o}", "name", page_str(view.terminal.name), "visit", visit));
}

/* ---- the prisoner's language ---- */

static void language(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct actor actor;
	if (body == NULL)
		return;
	struct str code = proof_member(body, "language");
	if (!str_is(code, "en") && !str_is(code, "cy"))
		return page_problem(page, 400, "language", "language is \"en\" or \"cy\".");
	if (!proof_taken(page, body, &actor))
		return;
	enum err err = terminal_choose_language(page->service, &actor, language_of(code));
	if (err != OK)
		return page_failed(page, err);
	proof_answer(page, &actor, json_object());
}

static const struct route rows[] = {
	{ METHOD_POST, "/api/v1/terminal/enrol", WHO_PROOF, BODY_JSON, 4096, ROUTE_API, enrol },
	{ METHOD_POST, "/api/v1/terminal/challenge", WHO_PROOF, BODY_JSON, 4096, ROUTE_API,
	  challenge },
	{ METHOD_POST, "/api/v1/terminal/due", WHO_PROOF, BODY_JSON, 4096, ROUTE_API, due },
	{ METHOD_POST, "/api/v1/terminal/language", WHO_PROOF, BODY_JSON, 4096, ROUTE_API,
	  language },
};
const struct route_group terminal_api_routes = { rows, ARRAY_LEN(rows) };
