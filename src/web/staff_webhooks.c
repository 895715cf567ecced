#include "web/staff_webhooks.h"

#include "base/assert.h"
#include "service/webhook.h"
#include "web/post_link.h"
#include "web/view.h"
#include "web/web.h"

enum {
	REASON_CHARACTERS = 400,
};

static const char *const COLOURS[] = {
	[EVENT_WAITING] = "yellow",
	[EVENT_SENDING] = "yellow",
	[EVENT_DELIVERED] = "green",
	[EVENT_FAILED] = "red",
};
_Static_assert(ARRAY_LEN(COLOURS) == EVENT_STATE_COUNT, "a colour for each");

static json_t *state_tag(const struct page *page, enum event_state state)
{
	return view_tag(page,
			arena_printf(page->arena, "webhooks.states.%s", event_state_name(state)),
			COLOURS[state]);
}

static json_t *scope_of(const struct page *page, struct prison_code prison)
{
	return prison_code_empty(prison) ? json_string(page_word(page, "webhooks.everywhere"))
					 : json_string(prison.text);
}

/* ---- all of them ---- */

static json_t *hook_line(const struct page *page, const struct webhook *hook)
{
	return json_pack("{s:o, s:o, s:o, s:I, s:I, s:I}", "id", page_id(hook->id.n), "url",
			 page_str(hook->url), "scope", scope_of(page, hook->prison), "waiting",
			 (json_int_t)(hook->counts[EVENT_WAITING] + hook->counts[EVENT_SENDING]),
			 "delivered", (json_int_t)hook->counts[EVENT_DELIVERED], "failed",
			 (json_int_t)hook->counts[EVENT_FAILED]);
}

/* secret: of the one just made, which is shown this once; NULL: none. */
static void list_show(struct page *page, struct form *form, const char *secret)
{
	struct webhook_list all;
	enum err err = webhooks_find(page->service, &page->actor, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array();
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(lines, hook_line(page, &all.list[i]));
	json_t *view =
	    json_pack("{s:b, s:b}", "national", (int)prison_code_empty(page->actor.prison),
		      "nobody", (int)!post_link_up(page->web->post));
	view_list(view, "hooks", lines);
	if (secret)
		json_object_set_new(view, "secret", json_string(secret));
	view_here(view, "webhooks");
	page_render_form(page, form, "webhooks/all", view);
}

static void list(struct page *page)
{
	list_show(page, page_form(page, "webhook"), NULL);
}

static void added(struct page *page)
{
	struct form *form = page_form(page, "webhook");
	struct webhook_new new = { .plain_too = page->web->config.webhooks_private };
	char secret[WEBHOOK_SECRET_TEXT_LEN + 1];
	struct webhook_id id;
	new.url = form_text(form, "url", WEBHOOK_URL_MAX);
	struct str prison = form_text_optional(form, "prison", PRISON_CODE_MAX);
	if (!str_empty(prison) && !prison_code_of(prison, &new.prison))
		form_mistake(form, "prison", "unknown");
	if (form_ok(form) && !webhook_url_acceptable(new.url, new.plain_too))
		form_mistake(form, "url", "bad");
	if (!form_ok(form))
		return list_show(page, form, NULL);
	enum err err = webhook_add(page->service, &page->actor, &new, secret, &id);
	if (err == ERR_NOT_FOUND)
		form_mistake(form, "prison", "unknown");
	else if (err == ERR_LIMIT)
		form_mistake(form, "url", "limit");
	else if (err != OK)
		return page_failed(page, err);
	list_show(page, form, form_ok(form) ? secret : NULL);
}

/* ---- one of them ---- */

static json_t *event_line(const struct page *page, const struct webhook_event *e)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:i, s:o}", "type", event_type_name(e->type),
			 "reference", e->reference.text, "reference_shown",
			 e->reference.text[0] ? view_reference(e->reference) : json_string(""),
			 "when", page_time(page, e->at), "tag", state_tag(page, e->state),
			 "attempts", e->attempts, "problem", page_str(e->problem));
}

static void one_show(struct page *page, struct form *form)
{
	struct webhook_id id = { page_param_id(page, 0) };
	struct webhook_view hook;
	enum err err = webhook_find(page->service, &page->actor, page->arena, id, &hook);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array();
	for (size_t i = 0; i < hook.count; i++)
		json_array_append_new(lines, event_line(page, &hook.events[i]));
	json_t *view =
	    json_pack("{s:s, s:o, s:o, s:o, s:b}", "back", "/staff/webhooks", "id", page_id(id.n),
		      "url", page_str(hook.hook.url), "scope", scope_of(page, hook.hook.prison),
		      "has_failed", (int)(hook.hook.counts[EVENT_FAILED] > 0));
	view_list(view, "events", lines);
	view_here(view, "webhooks");
	page_render_form(page, form, "webhooks/one", view);
}

static void one(struct page *page)
{
	one_show(page, page_form(page, "webhook_end"));
}

static void again(struct page *page)
{
	struct webhook_id id = { page_param_id(page, 0) };
	enum err err = webhook_again(page->service, &page->actor, id);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/webhooks/%lld?done=webhook_again", (long long)id.n);
}

static void ended(struct page *page)
{
	struct form *form = page_form(page, "webhook_end");
	struct webhook_id id = { page_param_id(page, 0) };
	struct str reason = form_lines(form, "reason", 1, REASON_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return one_show(page, form);
	enum err err = webhook_end(page->service, &page->actor, id, reason);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/webhooks?done=webhook_ended");
}

enum {
	WHO_SETS = WHO_ADMIN | WHO_OPERATOR | WHO_HQ_ADMIN,
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/webhooks", WHO_SETS, .handler = list },
	{ METHOD_POST, "/staff/webhooks", WHO_SETS, BODY_FORM, .handler = added },
	{ METHOD_GET, "/staff/webhooks/{webhook}", WHO_SETS, .handler = one },
	{ METHOD_POST, "/staff/webhooks/{webhook}/again", WHO_SETS, BODY_FORM, .handler = again },
	{ METHOD_POST, "/staff/webhooks/{webhook}/end", WHO_SETS, BODY_FORM, .handler = ended },
};

const struct route_group staff_webhooks_routes = { rows, ARRAY_LEN(rows) };
