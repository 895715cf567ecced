#include "web/staff_hints.h"

#include "base/assert.h"
#include "service/hint.h"
#include "web/queue.h"
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

/* ---- the list ---- */

static void take(struct queue *queue, const struct hint *hint)
{
	const struct page *page = queue->page;
	json_t *line;
	struct queue_line asked = {
		.it = hint,
		.key = arena_printf(page->arena, "%lld", (long long)hint->id.n),
		.name = hint->prisoner_name,
		.when = hint->made_at,
		.cause_count = 1,
		.causes = { { hint->what, word(page, "what", hint->what) } },
	};
	if (queue_takes(queue, &asked, &line))
		json_object_update_new(line, line_of(page, hint));
}

static enum err load(struct queue *queue)
{
	struct page *page = queue->page;
	struct hints_view *found = arena_new(page->arena, 1, sizeof *found);
	enum err err = hints_find(page->service, &page->actor, page->arena, found);
	for (size_t i = 0; err == OK && i < found->open.count; i++)
		take(queue, &found->open.list[i]);
	queue->state = found;
	return err;
}

static void show_list(struct queue *queue, struct form *form)
{
	const struct page *page = queue->page;
	const struct hints_view *found = queue->state;
	bool settles = page_is_for(page, WHO_SETTLES);
	json_t *counts = json_array();
	for (size_t i = 0; i < found->counts.count; i++)
		json_array_append_new(counts, count_of(page, &found->counts.list[i]));
	json_t *view = json_pack("{s:b, s:b, s:s}", "on", (int)found->on, "may_settle",
				 (int)settles, "box_form", "chosen");
	view_list(view, "counts", counts);
	queue_render(queue, form, settles, "staff/hints", view);
}

/* Somebody was faster: it is answered. */
static enum err decide_one(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops)
{
	const struct hint *hint = it;
	struct page *page = queue->page;
	(void)reason;
	(void)stops;
	enum err err = hint_settle(page->service, &page->actor, hint->id, decision == 0);
	return err == ERR_CONFLICT ? OK : err;
}

static const struct queue_kind KIND = {
	.list = "/staff/hints",
	.here = "desk",
	.form = "queue_hints",
	.words = "queue.hints",
	.done = "hints_answered",
	.decisions = "queue.hints.decisions",
	.names = { "right", "wrong", NULL },
	.reason_from = QUEUE_REASON_NEVER,
	.load = load,
	.decide = decide_one,
	.show = show_list,
};

static void hints(struct page *page)
{
	queue_list(page, &KIND);
}

static void chosen(struct page *page)
{
	queue_chosen(page, &KIND);
}

/* ---- one of them ---- */

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
	{ METHOD_POST, "/staff/hints/chosen", WHO_SETTLES, BODY_FORM, .handler = chosen },
	{ METHOD_POST, "/staff/hints/{hint}", WHO_SETTLES, BODY_FORM, .handler = answer },
};

const struct route_group staff_hints_routes = { rows, ARRAY_LEN(rows) };
