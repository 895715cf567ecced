#include "web/queue.h"

#include <string.h>

#include "domain/likeness.h"
#include "web/confirm.h"
#include "web/view.h"

enum {
	FIND_MAX = 100,
	REASON_CHARACTERS = 400,
};

static const char *word(const struct queue *queue, const char *name)
{
	const struct page *page = queue->page;
	return page_word(page, arena_printf(page->arena, "%s.%s", queue->kind->words, name));
}

static struct str typed(struct str text)
{
	struct str find = str_trim(text);
	return find.len <= FIND_MAX && str_is_utf8(find) ? find : STR("");
}

void queue_open(struct page *page, const struct queue_kind *kind, struct queue *out)
{
	*out = (struct queue){ .page = page,
			       .kind = kind,
			       .find = typed(request_query(page->request, "find")),
			       .cause = request_query(page->request, "cause"),
			       .lines = json_array(),
			       .causes = json_array() };
}

void queue_close(struct queue *queue)
{
	json_decref(queue->lines);
	json_decref(queue->causes);
}

/* ---- which lines ---- */

static bool is_chosen(const struct queue *queue, const char *key)
{
	for (size_t i = 0; i < queue->chosen_count; i++)
		if (str_is(queue->chosen[i], key))
			return true;
	return false;
}

static bool has_cause(const struct queue_line *line, struct str name)
{
	for (size_t i = 0; i < line->cause_count; i++)
		if (str_is(name, line->causes[i].name))
			return true;
	return false;
}

static bool fits(const struct queue *queue, const struct queue_line *line)
{
	if (!str_empty(queue->cause) && !has_cause(line, queue->cause))
		return false;
	return str_empty(queue->find) || likeness(queue->find, line->name) ||
	       likeness(queue->find, str_from(line->number.text)) ||
	       (!str_empty(line->visitor) && likeness(queue->find, line->visitor));
}

static void note_cause(struct queue *queue, const struct queue_cause *cause)
{
	size_t i;
	json_t *known;
	json_array_foreach(queue->causes, i, known)
	{
		if (!strcmp(cause->name, json_string_value(json_object_get(known, "value"))))
			return;
	}
	json_array_append_new(queue->causes, json_pack("{s:s, s:s, s:b}", "value", cause->name,
						       "text", cause->text, "checked",
						       (int)str_is(queue->cause, cause->name)));
}

static json_t *view_of(const struct queue *queue, const struct queue_line *line)
{
	json_t *causes = json_array();
	for (size_t i = 0; i < line->cause_count; i++)
		json_array_append_new(causes, json_string(line->causes[i].text));
	json_t *view =
	    json_pack("{s:s, s:o, s:s, s:o, s:o, s:b}", "key", line->key, "prisoner",
		      page_str(line->name), "number", line->number.text, "why", causes, "at",
		      view_when(queue->page, line->when), "settled", (int)line->settled);
	if (!str_empty(line->visitor))
		json_object_set_new(view, "visitor", page_str(line->visitor));
	return view;
}

bool queue_takes(struct queue *queue, const struct queue_line *line, json_t **line_view)
{
	size_t at = json_array_size(queue->lines);
	if (queue->deciding && line->settled)
		return false;
	for (size_t i = 0; i < line->cause_count; i++)
		note_cause(queue, &line->causes[i]);
	if (queue->choosing ? !is_chosen(queue, line->key) : !fits(queue, line))
		return false;
	if (at == QUEUE_SHOWN_MAX) {
		queue->more++;
		return false;
	}
	queue->them[at] = line->it;
	queue->open += !line->settled;
	*line_view = view_of(queue, line);
	json_array_append_new(queue->lines, *line_view);
	return true;
}

/* ---- pages ---- */

static json_t *more_text(const struct queue *queue)
{
	if (!queue->more)
		return json_null();
	return view_word(queue->page, "queue.more",
			 json_pack("{s:I}", "more", (json_int_t)queue->more));
}

/* Why there is nothing to press; "": there is, or no list. */
static const char *no_choice(const struct queue *queue, bool may_decide)
{
	if (json_array_size(queue->lines) == 0)
		return "";
	if (!may_decide)
		return page_word(queue->page, "queue.reads");
	return queue->open == 0 ? page_word(queue->page, "queue.settled") : "";
}

void queue_render(struct queue *queue, struct form *form, bool may_decide, const char *template,
		  json_t *view)
{
	bool filtered = !str_empty(queue->find) || !str_empty(queue->cause);
	json_object_set_new(view, "list", json_string(queue->kind->list));
	json_object_set_new(view, "there", json_string(staff_prison_query(queue->page)));
	if (prison_code_empty(queue->page->actor.prison))
		json_object_set_new(view, "of", json_string(staff_prison(queue->page).text));
	json_object_set_new(view, "find_label", json_string(word(queue, "find")));
	json_object_set_new(view, "cause_label", json_string(word(queue, "cause")));
	json_object_set_new(view, "any_label", json_string(word(queue, "any")));
	json_object_set_new(view, "find", page_str(queue->find));
	json_object_set_new(view, "picked", page_str(queue->cause));
	json_object_set_new(view, "filtered", json_boolean(filtered));
	json_object_set_new(view, "has_any",
			    json_boolean(filtered || json_array_size(queue->causes) > 0));
	json_object_set_new(view, "more", more_text(queue));
	json_object_set_new(view, "may_choose", json_boolean(may_decide && queue->open > 0));
	json_object_set_new(view, "no_choice", json_string(no_choice(queue, may_decide)));
	view_list(view, "lines", json_incref(queue->lines));
	view_list(view, "causes", json_incref(queue->causes));
	view_here(view, queue->kind->here);
	page_render_form(queue->page, form, template, view);
}

void queue_decisions(const struct page *page, const struct queue_kind *kind, struct form *form)
{
	json_t *items = json_array();
	for (size_t i = 0; kind->names[i] != NULL; i++) {
		const char *name = kind->names[i];
		const char *path = arena_printf(page->arena, "%s.%s", kind->decisions, name);
		json_array_append_new(items, view_choice(json_string(name),
							 json_string(page_word(page, path)), NULL));
	}
	form_options(form, "decision", items);
}

static void show_look(struct queue *queue, struct form *form)
{
	struct page *page = queue->page;
	json_int_t count = (json_int_t)json_array_size(queue->lines);
	json_t *view =
	    json_pack("{s:s, s:s, s:s, s:s, s:o}", "back", queue->kind->list, "heading",
		      word(queue, "heading"), "when_label", word(queue, "when"), "cause_label",
		      word(queue, "cause"), "count",
		      view_word(page, "queue.count", json_pack("{s:I}", "count", count)));
	queue_decisions(page, queue->kind, form);
	view_list(view, "lines", json_incref(queue->lines));
	view_here(view, queue->kind->here);
	page_render_form(page, form, "staff/chosen", view);
}

/* ---- deciding ---- */

/* Leaves the lines that could not be decided, each with its "stops". */
static enum err decide_each(struct queue *queue, int decision, struct str reason)
{
	json_t *left = json_array();
	enum err err = OK;
	for (size_t i = 0; i < json_array_size(queue->lines) && err == OK; i++) {
		json_t *line = json_array_get(queue->lines, i), *stops = json_array();
		err = queue->kind->decide(queue, queue->them[i], decision, reason, stops);
		if (json_array_size(stops) > 0) {
			json_object_set(line, "stops", stops);
			json_array_append(left, line);
		}
		json_decref(stops);
	}
	json_decref(queue->lines);
	queue->lines = left;
	return err;
}

/* Empty where the decision has none. */
static struct str read_reason(const struct queue *queue, struct form *form, int decision)
{
	if (queue->kind->reason_from == QUEUE_REASON_NEVER)
		return STR("");
	size_t least = decision >= queue->kind->reason_from ? 1 : 0;
	struct str reason = form_lines(form, "reason", least, REASON_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	return reason;
}

static void decide(struct queue *queue, struct form *form)
{
	int decision = form_choice(form, "decision", queue->kind->names);
	struct str reason = read_reason(queue, form, decision);
	if (!form_ok(form))
		return show_look(queue, form);
	enum err err = decide_each(queue, decision, reason);
	if (err != OK)
		return page_failed(queue->page, err);
	if (json_array_size(queue->lines) > 0) {
		form_mistake(form, "decision", "some");
		return show_look(queue, form);
	}
	page_redirect(queue->page, "%s?done=%s", queue->kind->list, queue->kind->done);
}

/* The boxes, or all that the list showed. */
static void read_choice(struct queue *queue, struct form *form)
{
	queue->find = typed(form_raw(form, "find"));
	queue->cause = form_raw(form, "cause");
	queue->deciding = true;
	queue->choosing = !form_ticked(form, "all", "yes");
	if (queue->choosing)
		queue->chosen_count = form_all(form, "item", queue->chosen, QUEUE_SHOWN_MAX);
}

static void answer(struct queue *queue, struct form *form)
{
	read_choice(queue, form);
	enum err err = queue->kind->load(queue);
	if (err != OK)
		return page_failed(queue->page, err);
	if (json_array_size(queue->lines) > 0)
		return confirm_given(form) ? decide(queue, form) : show_look(queue, form);
	if (queue->chosen_count > 0) /* others were faster, or it was sent twice */
		return page_redirect(queue->page, "%s?done=%s", queue->kind->list,
				     queue->kind->done);
	form_mistake(form, "item", "missing");
	queue->deciding = queue->choosing = false;
	err = queue->kind->load(queue);
	if (err != OK)
		return page_failed(queue->page, err);
	queue->kind->show(queue, form);
}

void queue_list(struct page *page, const struct queue_kind *kind)
{
	struct queue queue;
	queue_open(page, kind, &queue);
	enum err err = kind->load(&queue);
	if (err == OK)
		kind->show(&queue, page_form(page, kind->form));
	else
		page_failed(page, err);
	queue_close(&queue);
}

void queue_chosen(struct page *page, const struct queue_kind *kind)
{
	struct queue queue;
	queue_open(page, kind, &queue);
	answer(&queue, page_form(page, kind->form));
	queue_close(&queue);
}
