#include "web/adjustment_page.h"

#include "base/assert.h"
#include "service/adjustment.h"
#include "web/view.h"

enum {
	WHO_DECIDES = WHO_CLERK | WHO_CONTACTS | WHO_GOVERNOR,
};

enum {
	WORDS_CHARACTERS = 300,
	REASON_CHARACTERS = 400,
};

/* ---- pieces ---- */

static const char *kind_word(const struct page *page, enum adjustment_kind kind)
{
	return page_word(page,
			 arena_printf(page->arena, "adjust.kinds.%s", adjustment_kind_name(kind)));
}

static json_t *state_tag(const struct page *page, enum adjustment_state state)
{
	static const char *const COLOURS[] = {
		[ADJUSTMENT_ASKED] = "yellow",
		[ADJUSTMENT_AGREED] = "green",
		[ADJUSTMENT_REFUSED] = "red",
		[ADJUSTMENT_WITHDRAWN] = "grey",
	};
	_Static_assert(ARRAY_LEN(COLOURS) == ADJUSTMENT_STATE_COUNT, "a colour for each");
	return view_tag(page,
			arena_printf(page->arena, "adjust.states.%s", adjustment_state_name(state)),
			COLOURS[state]);
}

static json_t *minutes_of(const struct page *page, int minutes)
{
	return minutes ? view_word(page, "adjust.longer_by", json_pack("{s:i}", "n", minutes))
		       : json_null();
}

static json_t *line_of(const struct page *page, const struct adjustment *a)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id",
			 page_id(a->id.n), "kind", kind_word(page, a->kind), "tag",
			 state_tag(page, a->state), "person", page_str(a->person_name), "prisoner",
			 page_str(a->prisoner_name), "asked", page_time(page, a->asked_at), "words",
			 page_str(a->words), "reason", page_str(a->reason), "minutes",
			 minutes_of(page, a->minutes), "may_withdraw",
			 (int)adjustment_may_become(a->state, ADJUSTMENT_WITHDRAWN));
}

static json_t *lines_of(const struct page *page, const struct adjustment_list *all)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < all->count; i++)
		json_array_append_new(lines, line_of(page, &all->list[i]));
	return lines;
}

/* ---- the family ---- */

static const char *const KINDS[] = { "SIGN", "LONGER", "OTHER", NULL };

static json_t *kind_choices(const struct page *page)
{
	json_t *items = json_array();
	for (size_t i = 0; KINDS[i]; i++) {
		const char *word =
		    page_word(page, arena_printf(page->arena, "adjust.kinds.%s", KINDS[i]));
		const char *hint =
		    page_word(page, arena_printf(page->arena, "adjust.hints.%s", KINDS[i]));
		json_array_append_new(items, view_choice(json_string(KINDS[i]), json_string(word),
							 json_string(hint)));
	}
	return items;
}

static void ask_show(struct page *page, struct form *form)
{
	struct contact_id id = { page_param_id(page, 0) };
	struct contact contact;
	struct adjustment_list all;
	enum err err =
	    adjustments_mine(page->service, &page->actor, page->arena, id, &contact, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *view =
	    json_pack("{s:s, s:o, s:o, s:o}", "back", "/home", "contact", page_id(id.n), "person",
		      page_str(contact.person.name), "prisoner", page_str(contact.prisoner.name));
	view_list(view, "needs", lines_of(page, &all));
	form_options(form, "kind", kind_choices(page));
	view_here(view, "home");
	page_render_form(page, form, "adjust/ask", view);
}

static void ask(struct page *page)
{
	ask_show(page, page_form(page, "adjust_ask"));
}

static void asked(struct page *page)
{
	struct form *form = page_form(page, "adjust_ask");
	struct contact_id id = { page_param_id(page, 0) };
	int kind = form_choice(form, "kind", KINDS);
	bool needs_words = kind >= 0 && str_is(str_from(KINDS[kind]), "OTHER");
	struct str words = form_lines(form, "words", needs_words ? 1 : 0, WORDS_CHARACTERS);
	if (words.len > ADJUSTMENT_WORDS_MAX)
		form_mistake(form, "words", "too_long");
	if (!form_ok(form))
		return ask_show(page, form);
	enum err err =
	    adjustment_ask(page->service, &page->actor, id, (enum adjustment_kind)kind, words);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "kind", "conflict");
		return ask_show(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/contacts/%lld/adjustments?done=adjustment_asked", (long long)id.n);
}

static void withdrawn(struct page *page)
{
	struct adjustment_id id = { page_param_id(page, 1) };
	enum err err = adjustment_withdraw(page->service, &page->actor, id);
	if (err != OK && err != ERR_CONFLICT)
		return page_failed(page, err);
	page_redirect(page, "/contacts/%lld/adjustments?done=adjustment_withdrawn",
		      (long long)page_param_id(page, 0));
}

/* ---- staff ---- */

enum err adjustments_add_of(struct page *page, struct contact_id contact, json_t *view)
{
	struct adjustment_list all = { 0 };
	enum err err = adjustments_of(page->service, &page->actor, page->arena, contact, &all);
	view_list(view, "needs", lines_of(page, &all));
	return err;
}

enum err adjustments_add_waiting(struct page *page, json_t *view)
{
	struct adjustment_list all = { 0 };
	enum err err = adjustments_waiting(page->service, &page->actor, page->arena, &all);
	view_list(view, "needs", lines_of(page, &all));
	return err;
}

static json_t *visit_line(const struct page *page, const struct adjustment *a)
{
	json_t *minutes = minutes_of(page, a->minutes);
	const char *more = json_is_string(minutes) ? json_string_value(minutes)
						   : arena_text(page->arena, a->words);
	json_t *line = json_sprintf("%.*s: %s%s%s", STR_FMT(a->person_name),
				    kind_word(page, a->kind), more[0] ? ", " : "", more);
	json_decref(minutes);
	return line;
}

void adjustments_add_row(struct page *page, const struct visit *visit, json_t *rows)
{
	struct adjustment_list all = { 0 };
	json_t *lines = json_array();
	if (adjustments_in(page->service, &page->actor, page->arena, visit->reference, &all) != OK)
		all.count = 0;
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(lines, visit_line(page, &all.list[i]));
	for (size_t i = 0; i < visit->visitor_count; i++) {
		const struct visit_visitor *v = &visit->visitors[i];
		if (v->part == PART_VISITOR)
			continue;
		const char *part =
		    page_word(page, arena_printf(page->arena, "relationships.parts.%s",
						 contact_part_name(v->part)));
		json_array_append_new(lines, json_sprintf("%.*s: %s", STR_FMT(v->name), part));
	}
	if (json_array_size(lines) > 0)
		view_row_lines(page, rows, "adjust.row", lines);
	else
		json_decref(lines);
}

static json_t *rows_of(struct page *page, const struct adjustment *a)
{
	json_t *rows = json_array(), *prisoner = json_array();
	json_array_append_new(prisoner, page_str(a->prisoner_name));
	json_array_append_new(prisoner, json_string(a->prisoner_number.text));
	view_row(page, rows, "adjust.rows.kind", json_string(kind_word(page, a->kind)));
	view_row(page, rows, "adjust.rows.person", page_str(a->person_name));
	view_row_lines(page, rows, "adjust.rows.prisoner", prisoner);
	if (!str_empty(a->words))
		view_row(page, rows, "adjust.rows.words", page_str(a->words));
	view_row(page, rows, "adjust.rows.asked", view_when(page, a->asked_at));
	if (a->minutes)
		view_row(page, rows, "adjust.rows.minutes", minutes_of(page, a->minutes));
	if (!str_empty(a->reason))
		view_row(page, rows, "adjust.rows.reason", page_str(a->reason));
	return rows;
}

static const char *const DECISIONS[] = { "agree", "refuse", NULL };

static json_t *decisions(const struct page *page, enum adjustment_state from)
{
	static const enum adjustment_state TO[] = { ADJUSTMENT_AGREED, ADJUSTMENT_REFUSED };
	json_t *items = json_array();
	for (size_t i = 0; DECISIONS[i]; i++) {
		const char *word = arena_printf(page->arena,
						from == ADJUSTMENT_AGREED ? "adjust.ending.%s"
									  : "adjust.deciding.%s",
						DECISIONS[i]);
		if (adjustment_may_become(from, TO[i]))
			json_array_append_new(items, view_choice(json_string(DECISIONS[i]),
								 json_string(page_word(page, word)),
								 NULL));
	}
	return items;
}

static bool find_one(struct page *page, struct adjustment *out)
{
	struct adjustment_id id = { page_param_id(page, 0) };
	enum err err = adjustment_find(page->service, &page->actor, page->arena, id, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void one_show(struct page *page, struct form *form)
{
	struct adjustment a;
	if (!find_one(page, &a))
		return;
	json_t *items = decisions(page, a.state);
	bool open = page_is_for(page, WHO_DECIDES) && json_array_size(items) > 0;
	json_t *view = json_pack(
	    "{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "back", "/staff/approvals", "id",
	    page_id(a.id.n), "contact", page_id(a.contact.n), "person", page_str(a.person_name),
	    "tag", state_tag(page, a.state), "rows", rows_of(page, &a), "may_decide", (int)open,
	    "asks_minutes", (int)(a.kind == ADJUSTMENT_LONGER && a.state == ADJUSTMENT_ASKED));
	form_options(form, "decision", items);
	view_here(view, "approvals");
	page_render_form(page, form, "adjust/one", view);
}

static void one(struct page *page)
{
	one_show(page, page_form(page, "adjust_decide"));
}

static void decided(struct page *page)
{
	struct adjustment a;
	struct form *form = page_form(page, "adjust_decide");
	struct adjustment_decision d = { 0 };
	if (!find_one(page, &a))
		return;
	d.agree = form_choice(form, "decision", DECISIONS) == 0;
	d.reason = form_lines(form, "reason", d.agree ? 0 : 1, REASON_CHARACTERS);
	if (d.agree && a.kind == ADJUSTMENT_LONGER)
		d.minutes = (int)form_number(form, "minutes", 1, ADJUSTMENT_MINUTES_MAX);
	if (form_ok(form) && d.minutes && !adjustment_minutes_acceptable(d.minutes))
		form_mistake(form, "minutes", "bad");
	if (d.reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return one_show(page, form);
	enum err err = adjustment_decide(page->service, &page->actor, a.id, &d);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "decision", "conflict");
		return one_show(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/approvals?done=%s",
		      d.agree ? "adjustment_agreed" : "adjustment_refused");
}

static const struct route rows[] = {
	{ METHOD_GET, "/contacts/{contact}/adjustments", WHO_FAMILY, .handler = ask },
	{ METHOD_POST, "/contacts/{contact}/adjustments", WHO_FAMILY, BODY_FORM, .handler = asked },
	{ METHOD_POST, "/contacts/{contact}/adjustments/{adjustment}/withdraw", WHO_FAMILY,
	  BODY_FORM, .handler = withdrawn },
	{ METHOD_GET, "/staff/adjustments/{adjustment}", WHO_PRISON, .handler = one },
	{ METHOD_POST, "/staff/adjustments/{adjustment}", WHO_DECIDES, BODY_FORM,
	  .handler = decided },
};

const struct route_group adjustment_routes = { rows, ARRAY_LEN(rows) };
