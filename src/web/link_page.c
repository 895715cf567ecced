#include "web/link_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/device.h"
#include "service/visit_link.h"
#include "web/live.h"
#include "web/security.h"
#include "web/view.h"
#include "web/web.h"

enum {
	CODE_CHARACTERS_MAX = 40,
	CODE_GROUP = 4,
	CODE_SHOWN_LEN = LINK_CODE_LEN + LINK_CODE_LEN / CODE_GROUP,
};

/* ---- the booker's page ---- */

static json_t *place_tag(const struct page *page, const struct visit *visit,
			 const struct visit_link_place *place)
{
	switch (device_state_of(visit, place->visitor)) {
	case DEVICE_ADMITTED:
		return view_tag(page, "places.links.admitted", "green");
	case DEVICE_WAITING:
		return view_tag(page, "places.links.waiting", "yellow");
	case DEVICE_REFUSED:
		return view_tag(page, "places.links.refused", "red");
	case DEVICE_NONE:
		return view_tag(page, "places.links.together", "blue");
	case DEVICE_EXPECTED:
		break;
	}
	return place->linked ? view_tag(page, "places.links.sent", "grey") : json_null();
}

static json_t *place_view(const struct page *page, const struct visit *visit,
			  const struct visit_link_place *place)
{
	const struct visit_visitor *visitor = &visit->visitors[place->visitor];
	return json_pack("{s:o, s:o, s:o, s:b}", "id", page_id(visitor->person.n), "name",
			 page_str(visitor->name), "tag", place_tag(page, visit, place), "linked",
			 (int)place->linked);
}

static void show(struct page *page)
{
	struct visit visit;
	struct visit_link_places places;
	if (!page_visit(page, &visit))
		return;
	enum err err =
	    visit_link_places_find(page->service, &page->actor, page->arena, &visit, &places);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < places.count; i++)
		json_array_append_new(list, place_view(page, &visit, &places.list[i]));
	json_t *view = json_pack("{s:s, s:b, s:o}", "reference", visit.reference.text, "open",
				 (int)!visit_is_over(visit.state), "back",
				 json_sprintf("/visits/%s", visit.reference.text));
	view_list(view, "places", list);
	page_render(page, 200, "places/links", view);
}

static const char *code_shown(struct page *page, const char code[LINK_CODE_LEN + 1])
{
	char *out = arena_new(page->arena, CODE_SHOWN_LEN + 1, 1);
	size_t len = 0;
	for (size_t i = 0; i < LINK_CODE_LEN; i++) {
		if (i > 0 && i % CODE_GROUP == 0)
			out[len++] = '-';
		out[len++] = code[i];
	}
	return out;
}

/* Shown this once: what is kept is its hash. */
static void show_code(struct page *page, const struct visit *visit, struct str name,
		      const char code[LINK_CODE_LEN + 1])
{
	const char *shown = code_shown(page, code);
	const char *link = arena_printf(page->arena, "%s://%.*s/join?code=%s",
					page->request->tls ? "https" : "http",
					STR_FMT(page->request->headers[HEADER_HOST]), shown);
	page_render(page, 200, "places/link",
		    json_pack("{s:s, s:s, s:s, s:o, s:o}", "reference", visit->reference.text,
			      "code", shown, "link", link, "name", page_str(name), "back",
			      json_sprintf("/visits/%s/links", visit->reference.text)));
}

/* The end that this visitor's device has. */
static uint8_t end_of(const struct visit *visit, struct person_id person)
{
	return (uint8_t)(LIVE_END_VISITOR + visit_visitor_find(visit, person));
}

/* Somebody may sit there by the link that stands now. */
static bool is_used(struct page *page, const struct visit *visit, struct person_id person)
{
	struct visit_link_places places;
	if (visit_link_places_find(page->service, &page->actor, page->arena, visit, &places) != OK)
		return false;
	for (size_t i = 0; i < places.count; i++)
		if (visit->visitors[places.list[i].visitor].person.n == person.n)
			return places.list[i].used;
	return false;
}

static void make(struct page *page)
{
	struct person_id person = { form_id(page_form(page, "link"), "person") };
	struct visit visit;
	char code[LINK_CODE_LEN + 1];
	if (!page_visit(page, &visit))
		return;
	bool used = is_used(page, &visit, person);
	enum err err = visit_link_make(page->service, &page->actor, visit.reference, person, code);
	if (err == ERR_BAD)
		return page_not_found(page);
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, visit.reference);
	if (used)
		live_unseat(page, visit.reference, end_of(&visit, person));
	show_code(page, &visit, visit.visitors[visit_visitor_find(&visit, person)].name, code);
}

static void take_back(struct page *page)
{
	struct person_id person = { form_id(page_form(page, "link"), "person") };
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	bool used = is_used(page, &visit, person);
	enum err err = visit_link_revoke(page->service, &page->actor, visit.reference, person);
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, visit.reference);
	if (used)
		live_unseat(page, visit.reference, end_of(&visit, person));
	page_redirect(page, "/visits/%s/links?done=revoked", visit.reference.text);
}

/* ---- the bearer's page ---- */

static void code_form(struct page *page)
{
	struct form *form = page_form(page, "code");
	struct str given = request_query(page->request, "code");
	if (!str_empty(given) && given.len <= CODE_CHARACTERS_MAX)
		form_default(form, "code", given);
	page_render_form(page, form, "places/code", json_object());
}

/* Who used the code before is put out; whoever was signed in here no longer is. */
static void begin(struct page *page, const struct visit_link_bearer *bearer)
{
	enum err err =
	    str_empty(page->token) ? OK : account_session_end(page->service, page->token);
	if (err != OK && err != ERR_NOT_FOUND)
		return page_failed(page, err);
	session_cookie_set(page, arena_text(page->arena, str_from(bearer->session.token)), false);
	live_changed(page, bearer->reference);
	live_unseat(page, bearer->reference, (uint8_t)(LIVE_END_VISITOR + bearer->visitor));
	page_redirect(page, "/visits/%s/room", bearer->reference.text);
}

static void try_code(struct page *page)
{
	struct form *form = page_form(page, "code");
	struct str typed = form_text(form, "code", CODE_CHARACTERS_MAX);
	struct visit_link_bearer bearer;
	if (!form_ok(form))
		return code_form(page);
	if (!limits_take_address(page->web->limits, LIMIT_LINK_PREFIX, &page->request->peer,
				 page->request->now)) {
		form_mistake(form, "code", "too_many");
		code_form(page);
		page->response->status = 429;
		return;
	}
	enum err err = visit_link_use(page->service, typed, &bearer);
	if (err == ERR_NOT_FOUND) {
		form_mistake(form, "code", "wrong");
		return code_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	begin(page, &bearer);
}

static const struct route rows[] = {
	{ METHOD_GET, "/visits/{reference}/links", WHO_FAMILY, .handler = show },
	{ METHOD_POST, "/visits/{reference}/links", WHO_FAMILY, BODY_FORM, .handler = make },
	{ METHOD_POST, "/visits/{reference}/links/revoke", WHO_FAMILY, BODY_FORM,
	  .handler = take_back },
	{ METHOD_GET, "/join", WHO_ANYONE, .handler = code_form },
	{ METHOD_POST, "/join", WHO_ANYONE, BODY_FORM, .handler = try_code },
};

const struct route_group link_routes = { rows, ARRAY_LEN(rows) };
