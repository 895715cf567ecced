#include "web/staff_hints.h"

#include "base/assert.h"
#include "service/hint.h"
#include "web/view.h"

enum {
	WHO_SETTLES = WHO_MONITOR | WHO_GOVERNOR
};

static const char *const ANSWERS[] = { "RIGHT", "WRONG", NULL };

static const char *word(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "hints.%s.%s", area, name));
}

static json_t *line_of(const struct page *page, const struct hint *hint)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:s, s:s}", "id", page_id(hint->id.n), "reference",
			 hint->reference.text, "when", page_time(page, hint->made_at), "prisoner",
			 page_str(hint->prisoner_name), "what", word(page, "what", hint->what),
			 "side", word(page, "side", hint->seat == 0 ? "prisoner" : "visitor"));
}

static json_t *count_of(const struct page *page, const struct hint_count *count)
{
	int percent = hint_wrong_percent(count);
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "what", word(page, "what", count->what),
			 "made", (json_int_t)count->made, "right", (json_int_t)count->right,
			 "wrong", (json_int_t)count->wrong, "unanswered",
			 (json_int_t)(count->made - count->right - count->wrong), "percent",
			 percent < 0 ? json_string("–") : json_sprintf("%d %%", percent));
}

static void hints(struct page *page)
{
	struct hints_view found = { 0 };
	enum err err = hints_find(page->service, &page->actor, page->arena, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array(), *counts = json_array();
	for (size_t i = 0; i < found.open.count; i++)
		json_array_append_new(lines, line_of(page, &found.open.list[i]));
	for (size_t i = 0; i < found.counts.count; i++)
		json_array_append_new(counts, count_of(page, &found.counts.list[i]));
	json_t *view = json_pack("{s:b, s:b}", "on", (int)found.on, "may_settle",
				 (int)page_is_for(page, WHO_SETTLES));
	view_list(view, "lines", lines);
	view_list(view, "counts", counts);
	view_here(view, "desk");
	page_render(page, 200, "staff/hints", view);
}

static void answer(struct page *page)
{
	struct form *form = page_form(page, "hint_answer");
	struct hint_id id = { page_param_id(page, 0) };
	int choice = form_choice(form, "answer", ANSWERS);
	if (!form_ok(form))
		return page_failed(page, ERR_BAD);
	enum err err = hint_settle(page->service, &page->actor, id, choice == 0);
	if (err != OK && err != ERR_CONFLICT)
		return page_failed(page, err);
	page_redirect(page, "/staff/hints?done=%s",
		      err == OK ? "hint_answered" : "hint_answered_before");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/hints", WHO_PRISON, .handler = hints },
	{ METHOD_POST, "/staff/hints/{hint}", WHO_SETTLES, BODY_FORM, .handler = answer },
};

const struct route_group staff_hints_routes = { rows, ARRAY_LEN(rows) };
