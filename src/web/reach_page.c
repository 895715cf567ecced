#include "web/reach_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/reach.h"
#include "web/limits.h"
#include "web/post_link.h"
#include "web/relationship.h"
#include "web/view.h"
#include "web/web.h"

enum {
	MOBILE_TYPED_MAX = 40,
	CODE_TYPED_MAX = 12,
	POSTCODE_TYPED_MAX = 12,
	NAME_MAX_CHARACTERS = 100,
	TOO_MANY_TRIES = 429,
};

/* Somebody takes text messages, or the page of the demo shows them. */
static bool may_text(const struct page *page)
{
	return page->web->config.mailbox ||
	       post_link_provider(page->web->post, NOTIFY_SMS) != NOTIFY_BY_NOBODY;
}

static const char *number_shown(const struct page *page, const char *mobile)
{
	char text[MOBILE_SHOWN_ROOM];
	mobile_shown(mobile, text);
	return arena_text(page->arena, str_from(text));
}

/* ---- at a glance ---- */

static void add_line(json_t *lines, struct str line)
{
	if (!str_empty(line))
		json_array_append_new(lines, page_str(line));
}

static json_t *address_lines(const struct page *page, const struct postal *p)
{
	json_t *lines = json_array();
	const struct str all[] = { p->line1, p->line2, p->town, p->county, p->postcode };
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		add_line(lines, all[i]);
	if (!json_array_size(lines))
		json_array_append_new(lines, json_string(page_word(page, "reach.own.none")));
	return lines;
}

static json_t *number_lines(const struct page *page, const struct reach_view *v)
{
	json_t *lines = json_array();
	json_array_append_new(lines,
			      json_string(v->reach.mobile[0] ? number_shown(page, v->reach.mobile)
							     : page_word(page, "reach.own.none")));
	if (v->asked[0])
		json_array_append_new(lines, json_string(page_word(page, "reach.own.asked")));
	return lines;
}

static json_t *own_rows(const struct page *page, const struct reach_view *v)
{
	json_t *rows = json_array();
	view_row(page, rows, "reach.own.email", page_str(v->account.email));
	view_row_lines(page, rows, "reach.own.mobile", number_lines(page, v));
	view_row_change(page, rows, "/account/mobile");
	if (v->reach.mobile[0]) {
		view_row(page, rows, "reach.own.texts",
			 json_string(
			     page_word(page, v->reach.texts ? "reach.own.yes" : "reach.own.no")));
		view_row_change(page, rows, "/account/texts");
	}
	view_row_lines(page, rows, "reach.own.address", address_lines(page, &v->reach.postal));
	view_row_change(page, rows, "/account/address");
	return rows;
}

/* False after answering that it failed. */
static bool find_own(struct page *page, struct reach_view *out)
{
	enum err err = reach_find(page->service, &page->actor, page->arena, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void own(struct page *page)
{
	struct reach_view v;
	if (!find_own(page, &v))
		return;
	json_t *view =
	    json_pack("{s:s, s:o, s:b, s:b}", "back", "/home", "rows", own_rows(page, &v),
		      "bounced", (int)v.bounced, "asked", (int)(v.asked[0] != '\0'));
	page_render(page, 200, "reach/own", view);
}

/* ---- a number ---- */

static void mobile_form(struct page *page)
{
	struct form *form = page_form(page, "reach_mobile");
	struct reach_view v;
	if (!find_own(page, &v))
		return;
	form_default(form, "mobile", str_from(number_shown(page, v.reach.mobile)));
	page_render_form(page, form, "reach/mobile",
			 json_pack("{s:s, s:b, s:b}", "back", "/account", "may_text",
				   (int)may_text(page), "has_number",
				   (int)(v.reach.mobile[0] != '\0')));
}

/* However many accounts somebody has: text messages cost money. */
static bool may_send(struct page *page)
{
	struct limits *limits = page->web->limits;
	struct mono now = page->request->now;
	return limits_take_address(limits, LIMIT_MOBILE_PREFIX, &page->request->peer, now) &&
	       limits_take_name(limits, LIMIT_MOBILE_ALL, STR("all"), now);
}

static void mobile_asked_for(struct page *page)
{
	struct form *form = page_form(page, "reach_mobile");
	struct str typed = form_text(form, "mobile", MOBILE_TYPED_MAX);
	enum mobile_asked asked = MOBILE_ASKED_BAD;
	char number[MOBILE_MAX + 1];
	if (!form_ok(form) || !may_text(page))
		return mobile_form(page);
	bool sends = mobile_of(typed, number) == MOBILE_OK;
	if (sends && !may_send(page)) {
		form_mistake(form, "mobile", "too_many");
		mobile_form(page);
		page->response->status = TOO_MANY_TRIES;
		return;
	}
	enum err err = mobile_ask(page->service, &page->actor, typed, &asked);
	if (err != OK)
		return page_failed(page, err);
	if (asked != MOBILE_ASKED_SENT) {
		form_mistake(form, "mobile", mobile_asked_name(asked));
		return mobile_form(page);
	}
	page_redirect(page, "/account/mobile/code");
}

static void code_form(struct page *page)
{
	struct form *form = page_form(page, "reach_code");
	struct reach_view v;
	if (!find_own(page, &v))
		return;
	if (!v.asked[0] && form_ok(form))
		return page_redirect(page, "/account/mobile");
	page_render_form(
	    page, form, "reach/code",
	    json_pack("{s:s, s:s}", "back", "/account", "number", number_shown(page, v.asked)));
}

static void code_typed(struct page *page)
{
	struct form *form = page_form(page, "reach_code");
	struct str typed = form_text(form, "code", CODE_TYPED_MAX);
	enum mobile_confirmed answer = MOBILE_OVER;
	if (!form_ok(form))
		return code_form(page);
	enum err err = mobile_confirm(page->service, &page->actor, typed, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer == MOBILE_CONFIRMED)
		return page_redirect(page, "/account?done=mobile_added");
	form_mistake(form, "code", answer == MOBILE_WRONG ? "wrong" : "over");
	code_form(page);
}

static void mobile_removed(struct page *page)
{
	enum err err = mobile_remove(page->service, &page->actor);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/account?done=mobile_removed");
}

/* ---- text messages, or none ---- */

static const char *const TEXTS[] = { "yes", "no", NULL };

static void texts_form(struct page *page)
{
	struct form *form = page_form(page, "reach_texts");
	struct reach_view v;
	json_t *items = json_array();
	if (!find_own(page, &v)) {
		json_decref(items);
		return;
	}
	for (size_t i = 0; TEXTS[i]; i++)
		json_array_append_new(
		    items,
		    view_choice(json_string(TEXTS[i]),
				json_string(page_word(
				    page, arena_printf(page->arena, "reach.texts.%s", TEXTS[i]))),
				NULL));
	form_options(form, "texts", items);
	form_default(form, "texts", str_from(TEXTS[v.reach.texts ? 0 : 1]));
	page_render_form(page, form, "reach/texts", json_pack("{s:s}", "back", "/account"));
}

static void texts_chosen(struct page *page)
{
	struct form *form = page_form(page, "reach_texts");
	int choice = form_choice(form, "texts", TEXTS);
	if (!form_ok(form))
		return texts_form(page);
	enum err err = texts_choose(page->service, &page->actor, choice == 0);
	if (err == ERR_CONFLICT) /* the number was removed in another window */
		return page_redirect(page, "/account");
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/account?done=texts_set");
}

/* ---- an address ---- */

static struct str address_line(struct form *form, const char *field, bool needed)
{
	struct str line = needed ? form_text(form, field, ADDRESS_LINE_MAX)
				 : form_text_optional(form, field, ADDRESS_LINE_MAX);
	if (!address_line_acceptable(line))
		form_mistake(form, field, "bad");
	return line;
}

/* needed: it may not be left out. */
static struct postal read_postal(struct page *page, struct form *form, bool needed)
{
	char code[POSTCODE_MAX + 1];
	struct postal p = { .line1 = address_line(form, "line1", needed) };
	needed = needed || !str_empty(p.line1);
	p.line2 = address_line(form, "line2", false);
	p.town = address_line(form, "town", needed);
	p.county = address_line(form, "county", false);
	struct str postcode = needed ? form_text(form, "postcode", POSTCODE_TYPED_MAX)
				     : form_text_optional(form, "postcode", POSTCODE_TYPED_MAX);
	if (!str_empty(postcode) && !postcode_of(postcode, code))
		form_mistake(form, "postcode", "bad");
	else if (!str_empty(postcode))
		p.postcode = str_from(arena_text(page->arena, str_from(code)));
	if (!needed && (!str_empty(postcode) || !str_empty(p.town) || !str_empty(p.line2)))
		form_mistake(form, "line1", "missing");
	return p;
}

static void default_postal(struct form *form, const struct postal *p)
{
	form_default(form, "line1", p->line1);
	form_default(form, "line2", p->line2);
	form_default(form, "town", p->town);
	form_default(form, "county", p->county);
	form_default(form, "postcode", p->postcode);
}

static void address_form(struct page *page)
{
	struct form *form = page_form(page, "reach_address");
	struct reach_view v;
	if (!find_own(page, &v))
		return;
	default_postal(form, &v.reach.postal);
	page_render_form(page, form, "reach/address",
			 json_pack("{s:s, s:b}", "back", "/account", "has_address",
				   (int)!postal_empty(&v.reach.postal)));
}

static void address_given(struct page *page)
{
	struct form *form = page_form(page, "reach_address");
	struct postal postal = read_postal(page, form, true);
	if (!form_ok(form))
		return address_form(page);
	enum err err = address_set(page->service, &page->actor, &postal);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/account?done=address_set");
}

static void address_removed(struct page *page)
{
	enum err err = address_set(page->service, &page->actor, NULL);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/account?done=address_removed");
}

/* ---- whoever has no e-mail ---- */

/* Either will do; one must be there. */
static struct postal read_ways(struct page *page, struct form *form, char mobile[MOBILE_MAX + 1])
{
	struct str typed = form_text_optional(form, "mobile", MOBILE_TYPED_MAX);
	struct postal postal = read_postal(page, form, false);
	mobile[0] = '\0';
	if (!str_empty(typed)) {
		enum mobile_verdict verdict = mobile_of(typed, mobile);
		if (verdict != MOBILE_OK)
			form_mistake(form, "mobile",
				     verdict == MOBILE_LANDLINE ? "landline" : "bad");
	} else if (form_ok(form) && postal_empty(&postal)) {
		form_mistake(form, "mobile", "missing");
	}
	return postal;
}

static void language_choices(struct page *page, struct form *form)
{
	json_t *items = json_array();
	for (unsigned i = LANGUAGE_EN; i <= LANGUAGE_CY; i++) {
		const char *code = language_code((enum language)i);
		const char *path = arena_printf(page->arena, "reach.languages.%s", code);
		json_array_append_new(items, view_choice(json_string(code),
							 json_string(page_word(page, path)), NULL));
	}
	form_options(form, "language", items);
	form_default(form, "language", STR("en"));
}

static void visitor_form(struct page *page)
{
	struct form *form = page_form(page, "visitor_entry");
	long long id = (long long)page_param_id(page, 0);
	enum err err = relationship_options(page, form, "relationship");
	if (err != OK)
		return page_failed(page, err);
	language_choices(page, form);
	json_t *view = json_pack("{s:o, s:o}", "back", json_sprintf("/staff/prisoners/%lld", id),
				 "action", json_sprintf("/staff/prisoners/%lld/visitors/new", id));
	view_here(view, "find");
	page_render_form(page, form, "reach/visitor-new", view);
}

static void visitor_entered(struct page *page)
{
	static const char *const LANGUAGES[] = { "en", "cy", NULL };
	struct form *form = page_form(page, "visitor_entry");
	struct contact_id contact = { 0 };
	struct visitor_entry entry = { .name = form_text(form, "name", NAME_MAX_CHARACTERS) };
	bool dated = form_date(form, "born", &entry.born);
	enum err err = relationship_read(page, form, &entry.relationship_code, &entry.relationship);
	if (err != OK)
		return page_failed(page, err);
	entry.language = form_choice(form, "language", LANGUAGES) == 1 ? LANGUAGE_CY : LANGUAGE_EN;
	if (dated && date_compare(entry.born, local_date(page->service->now)) > 0)
		form_mistake(form, "born", "future");
	entry.postal = read_ways(page, form, entry.mobile);
	if (!form_ok(form))
		return visitor_form(page);
	err = visitor_enter(page->service, &page->actor,
			    (struct prisoner_id){ page_param_id(page, 0) }, &entry, &contact);
	if (err == ERR_CONFLICT || err == ERR_BAD) {
		form_mistake(form, err == ERR_BAD ? "born" : "name",
			     err == ERR_BAD ? "bad" : "known");
		return visitor_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/approvals/%lld?done=visitor_entered", (long long)contact.n);
}

static void ways_form(struct page *page)
{
	struct form *form = page_form(page, "visitor_reach");
	struct contact_id id = { page_param_id(page, 0) };
	struct reach_view v;
	enum err err = visitor_reach_find(page->service, &page->actor, page->arena, id, &v);
	if (err != OK)
		return page_failed(page, err);
	form_default(form, "mobile", str_from(number_shown(page, v.reach.mobile)));
	default_postal(form, &v.reach.postal);
	json_t *view = json_pack("{s:o, s:o, s:o, s:b}", "back",
				 json_sprintf("/staff/approvals/%lld", (long long)id.n), "action",
				 json_sprintf("/staff/approvals/%lld/reach", (long long)id.n),
				 "name", page_str(v.account.name), "bounced", (int)v.bounced);
	view_here(view, "approvals");
	page_render_form(page, form, "reach/visitor", view);
}

static void ways_given(struct page *page)
{
	struct form *form = page_form(page, "visitor_reach");
	struct contact_id id = { page_param_id(page, 0) };
	char mobile[MOBILE_MAX + 1];
	struct postal postal = read_ways(page, form, mobile);
	if (!form_ok(form))
		return ways_form(page);
	enum err err = visitor_reach_set(page->service, &page->actor, id, mobile, &postal);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/approvals/%lld?done=visitor_reach", (long long)id.n);
}

static void no_email_form(struct page *page)
{
	struct form *form = page_form(page, "visitor_reach");
	struct contact_id id = { page_param_id(page, 0) };
	struct account account;
	enum err err = visitor_email_find(page->service, &page->actor, page->arena, id, &account);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack("{s:o, s:o, s:o}", "back",
				 json_sprintf("/staff/approvals/%lld", (long long)id.n), "action",
				 json_sprintf("/staff/approvals/%lld/no-email", (long long)id.n),
				 "name", page_str(account.name));
	view_here(view, "approvals");
	page_render_form(page, form, "reach/no-email", view);
}

static void email_ended(struct page *page)
{
	struct form *form = page_form(page, "visitor_reach");
	struct contact_id id = { page_param_id(page, 0) };
	char mobile[MOBILE_MAX + 1];
	struct postal postal = read_ways(page, form, mobile);
	if (!form_ok(form))
		return no_email_form(page);
	enum err err = visitor_email_end(page->service, &page->actor, id, mobile, &postal);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/approvals/%lld?done=email_ended", (long long)id.n);
}

static const struct route rows[] = {
	{ METHOD_GET, "/account", WHO_FAMILY, .handler = own },
	{ METHOD_GET, "/account/mobile", WHO_FAMILY, .handler = mobile_form },
	{ METHOD_POST, "/account/mobile", WHO_FAMILY, BODY_FORM, .handler = mobile_asked_for },
	{ METHOD_GET, "/account/mobile/code", WHO_FAMILY, .handler = code_form },
	{ METHOD_POST, "/account/mobile/code", WHO_FAMILY, BODY_FORM, .handler = code_typed },
	{ METHOD_POST, "/account/mobile/remove", WHO_FAMILY, BODY_FORM, .handler = mobile_removed },
	{ METHOD_GET, "/account/texts", WHO_FAMILY, .handler = texts_form },
	{ METHOD_POST, "/account/texts", WHO_FAMILY, BODY_FORM, .handler = texts_chosen },
	{ METHOD_GET, "/account/address", WHO_FAMILY, .handler = address_form },
	{ METHOD_POST, "/account/address", WHO_FAMILY, BODY_FORM, .handler = address_given },
	{ METHOD_POST, "/account/address/remove", WHO_FAMILY, BODY_FORM,
	  .handler = address_removed },
	{ METHOD_GET, "/staff/prisoners/{prisoner}/visitors/new", WHO_WAYS,
	  .handler = visitor_form },
	{ METHOD_POST, "/staff/prisoners/{prisoner}/visitors/new", WHO_WAYS, BODY_FORM,
	  .handler = visitor_entered },
	{ METHOD_GET, "/staff/approvals/{contact}/reach", WHO_WAYS, .handler = ways_form },
	{ METHOD_POST, "/staff/approvals/{contact}/reach", WHO_WAYS, BODY_FORM,
	  .handler = ways_given },
	{ METHOD_GET, "/staff/approvals/{contact}/no-email", WHO_WAYS, .handler = no_email_form },
	{ METHOD_POST, "/staff/approvals/{contact}/no-email", WHO_WAYS, BODY_FORM,
	  .handler = email_ended },
};

const struct route_group reach_routes = { rows, ARRAY_LEN(rows) };
