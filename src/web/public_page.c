#include "web/public_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/prison.h"
#include "web/staff_rules.h"
#include "web/view.h"

static void start(struct page *page)
{
	if (page->actor.role == ROLE_FAMILY)
		return page_redirect(page, "/home");
	page_render(page, 200, "public/start", NULL);
}

/* why_lang: where the sentence is there in English only, on a Welsh page. */
static json_t *prison_view(const struct page *page, const struct prison *prison)
{
	bool welsh = strcmp(page->lang, "cy") == 0;
	bool translated = !str_empty(prison->not_ready_reason_cy);
	struct str name = welsh && !str_empty(prison->name_cy) ? prison->name_cy : prison->name;
	struct str why =
	    welsh && translated ? prison->not_ready_reason_cy : prison->not_ready_reason;
	return json_pack("{s:s, s:o, s:b, s:o, s:s}", "code", prison->code.text, "name",
			 page_str(name), "ready", prison->ready, "why", page_str(why), "why_lang",
			 welsh && !translated ? "en" : "");
}

static void prisons(struct page *page)
{
	struct prison_list all;
	enum err err = prisons_all(page->service, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(list, prison_view(page, &all.list[i]));
	json_t *view = json_pack("{s:s}", "back", "/");
	view_list(view, "prisons", list);
	page_render(page, 200, "public/prisons", view);
}

static void add_rules(json_t *view, const struct policy *policy)
{
	static const struct {
		const char *hole;
		enum policy_name name;
	} holes[] = {
		{ "allowance", POLICY_ALLOWANCE_MINUTES_MONTH },
		{ "party", POLICY_PARTY_MAX },
		{ "adult", POLICY_ADULT_AGE },
		{ "notice", POLICY_NOTICE_HOURS },
		{ "window", POLICY_WINDOW_DAYS },
		{ "lobby", POLICY_LOBBY_MINUTES },
		{ "join", POLICY_JOIN_MINUTES },
		{ "grace", POLICY_GRACE_MINUTES },
		{ "cancel", POLICY_CANCEL_REFUND_MINUTES },
	};
	for (size_t i = 0; i < ARRAY_LEN(holes); i++)
		json_object_set_new(view, holes[i].hole,
				    json_integer(policy->values[holes[i].name]));
}

/* The parameters that families are told, each by a sentence of its own. */
static const enum policy_name TOLD[] = {
	POLICY_SOCIAL_ON,      POLICY_OPEN_FROM_DAY,        POLICY_NOTICE_DAYS,
	POLICY_ADULTS_MAX,     POLICY_CHILDREN_MAX,         POLICY_SUPPORTERS_MAX,
	POLICY_SEAT_ADULT_AGE, POLICY_SOCIAL_MINUTES_MIN,   POLICY_SOCIAL_MINUTES_MAX,
	POLICY_HOLD_MINUTES,   POLICY_CANCEL_UNTIL_MINUTES,
};

static json_t *sentence_of(const struct page *page, enum policy_name name, int64_t value)
{
	const char *word = arena_printf(page->arena, "times.says.%s", policy_name_text(name));
	return view_word(page, word,
			 json_pack("{s:o}", "value", policy_value_text(page, name, value)));
}

/* A rule that asks for nothing is not told; that social visits are held is told only when they are not. */
static bool is_told(enum policy_name name, int64_t value)
{
	return name == POLICY_SOCIAL_ON ? value == 0 : value != 0 || name == POLICY_CHILDREN_MAX;
}

static json_t *sentences_of(const struct page *page, const struct policy *policy)
{
	json_t *sentences = json_array();
	for (size_t i = 0; i < ARRAY_LEN(TOLD); i++)
		if (is_told(TOLD[i], policy->values[TOLD[i]]))
			json_array_append_new(sentences,
					      sentence_of(page, TOLD[i], policy->values[TOLD[i]]));
	return sentences;
}

/* What is decided for later, with its day. */
static json_t *changes_of(const struct page *page, const struct policy_history *rows)
{
	json_t *changes = json_array();
	for (size_t i = 0; i < rows->count; i++) {
		const struct policy_row *row = &rows->list[i];
		struct wall from = { row->valid_from_s };
		bool told = false;
		for (size_t t = 0; t < ARRAY_LEN(TOLD); t++)
			told |= TOLD[t] == row->name;
		/* Before it begins: in force then only if nothing else stands before it. */
		if (!told || from.s <= page->service->now.s ||
		    policy_row_in_force(rows->list, rows->count, row->name, from.s) != row)
			continue;
		json_array_append_new(changes,
				      json_pack("{s:o, s:o}", "from", view_when(page, from), "says",
						sentence_of(page, row->name, row->value)));
	}
	return changes;
}

/* The rules of a prison, as the rows in force say them. */
static void rules(struct page *page)
{
	struct prison_code code;
	struct prison prison;
	struct policy policy;
	struct policy_history rows;
	if (!prison_code_of(page_param(page, 0), &code))
		return page_not_found(page);
	enum err err = prison_find(page->service, page->arena, code, &prison);
	if (err == OK)
		err = policy_find(page->service, code, &policy);
	if (err == OK)
		err = policy_rows_find(page->service, page->arena, code, &rows);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = prison_view(page, &prison);
	json_object_set_new(view, "back", json_string("/prisons"));
	json_object_set_new(view, "title",
			    view_word(page, "public.rules.heading", json_incref(view)));
	add_rules(view, &policy);
	view_list(view, "sentences", sentences_of(page, &policy));
	view_list(view, "changes", changes_of(page, &rows));
	page_render(page, 200, "public/rules", view);
}

static void device_check(struct page *page)
{
	json_t *view = json_object();
	view_here(view, "device");
	page_render(page, 200, "public/device-check", view);
}

static void help(struct page *page)
{
	page_render(page, 200, "public/help", NULL);
}

static void accessibility(struct page *page)
{
	page_render(page, 200, "public/accessibility", NULL);
}

static void privacy(struct page *page)
{
	page_render(page, 200, "public/privacy", NULL);
}

static const struct route rows[] = {
	{ METHOD_GET, "/", WHO_ANYONE, .handler = start },
	{ METHOD_GET, "/prisons", WHO_ANYONE, .handler = prisons },
	{ METHOD_GET, "/prisons/{code}", WHO_ANYONE, .handler = rules },
	{ METHOD_GET, "/device-check", WHO_ANYONE, .handler = device_check },
	{ METHOD_GET, "/help", WHO_ANYONE, .handler = help },
	{ METHOD_GET, "/accessibility", WHO_ANYONE, .handler = accessibility },
	{ METHOD_GET, "/privacy", WHO_ANYONE, .handler = privacy },
};

const struct route_group public_routes = { rows, ARRAY_LEN(rows) };
