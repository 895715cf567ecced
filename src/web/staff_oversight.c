#include "web/staff_oversight.h"

#include <string.h>

#include "base/assert.h"
#include "service/oversight.h"
#include "web/confirm.h"
#include "web/live.h"
#include "web/view.h"
#include "web/web.h"

enum {
	WHO_WORDS = WHO_ADMIN | WHO_GOVERNOR,
};

enum {
	DETAILS_MAX_CHARACTERS = 200,
	WARNING_MAX_CHARACTERS = 150,
	REASON_MAX_CHARACTERS = 400,
};

/* ---- the panel of acts ---- */

/* Each button of the panel, by the value it sends; its words stand in oversight.acts. */
static const struct button {
	const char *value;
	enum act act;
	enum side side;
	int minutes;
} BUTTONS[] = {
	{ "PAUSE", ACT_PAUSE, SIDE_NONE, 0 },
	{ "RESUME", ACT_RESUME, SIDE_NONE, 0 },
	{ "MUTE_PRISONER", ACT_MUTE, SIDE_PRISONER, 0 },
	{ "UNMUTE_PRISONER", ACT_UNMUTE, SIDE_PRISONER, 0 },
	{ "MUTE_VISITOR", ACT_MUTE, SIDE_VISITOR, 0 },
	{ "UNMUTE_VISITOR", ACT_UNMUTE, SIDE_VISITOR, 0 },
	{ "BLANK_PRISONER", ACT_BLANK, SIDE_PRISONER, 0 },
	{ "UNBLANK_PRISONER", ACT_UNBLANK, SIDE_PRISONER, 0 },
	{ "BLANK_VISITOR", ACT_BLANK, SIDE_VISITOR, 0 },
	{ "UNBLANK_VISITOR", ACT_UNBLANK, SIDE_VISITOR, 0 },
	{ "EXTEND_5", ACT_EXTEND, SIDE_NONE, 5 },
	{ "EXTEND_10", ACT_EXTEND, SIDE_NONE, 10 },
};

/* Why, in a word; the words stand in oversight.why. */
static const char *const WHYS[] = { "LOOK",      "THIRD_PERSON", "CONDUCT", "DRESS",
				    "RECORDING", "TECHNICAL",    "OTHER",   NULL };

static const char *why_text(const struct page *page, const char *why)
{
	return page_word(page, arena_printf(page->arena, "oversight.why.%s", why));
}

static json_t *whys_view(const struct page *page)
{
	json_t *whys = json_array();
	for (size_t i = 0; WHYS[i] != NULL; i++)
		json_array_append_new(whys, json_pack("{s:s, s:s}", "value", WHYS[i], "text",
						      why_text(page, WHYS[i])));
	return whys;
}

/* Whether the act of a button would change anything now. */
static bool is_open(const struct visit *visit, const struct oversight *sum,
		    const struct button *button)
{
	struct visit_act act = { .act = button->act,
				 .side = button->side,
				 .amount = button->minutes,
				 .words = STR("-") };
	return act_allowed(visit, sum, &act) == ACT_OK;
}

static json_t *buttons_view(const struct page *page, const struct visit *visit,
			    const struct oversight *sum)
{
	json_t *buttons = json_array();
	for (size_t i = 0; i < ARRAY_LEN(BUTTONS); i++) {
		const struct button *button = &BUTTONS[i];
		const char *word = arena_printf(page->arena, "oversight.acts.%s", button->value);
		json_array_append_new(buttons, json_pack("{s:s, s:s, s:b}", "value", button->value,
							 "text", page_word(page, word), "hidden",
							 (int)!is_open(visit, sum, button)));
	}
	return buttons;
}

static json_t *warnings_view(struct page *page)
{
	struct store_warnings warnings = { 0 };
	json_t *list = json_array();
	bool welsh = strcmp(page->lang, "cy") == 0;
	if (warnings_find(page->service, &page->actor, page->arena, &warnings) != OK)
		return list;
	for (size_t i = 0; i < warnings.count; i++) {
		const struct warning *w = &warnings.list[i];
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "value", page_id(w->id.n), "text",
						page_str(welsh ? w->words_cy : w->words)));
	}
	return list;
}

void oversight_add_panel(struct page *page, const struct visit *visit, json_t *view)
{
	struct oversight_record *record = arena_new(page->arena, 1, sizeof(*record));
	if (oversight_find(page->service, &page->actor, page->arena, visit->reference, record) !=
	    OK)
		return;
	json_object_set_new(view, "panel",
			    json_pack("{s:s, s:o, s:o, s:o, s:b}", "reference",
				      visit->reference.text, "whys", whys_view(page), "buttons",
				      buttons_view(page, visit, &record->sum), "warnings",
				      warnings_view(page), "social",
				      (int)(visit->kind == VISIT_SOCIAL)));
}

/* ---- acts ---- */

static void show_panel(struct page *page, struct form *form, const struct visit *visit)
{
	json_t *view = json_pack("{s:s, s:o, s:o}", "reference", visit->reference.text, "prisoner",
				 page_str(visit->prisoner_name), "back",
				 json_sprintf("/staff/visits/%s", visit->reference.text));
	oversight_add_panel(page, visit, view);
	view_here(view, "live");
	page_render_form(page, form, "staff/act", view);
}

static void finish(struct page *page, struct form *form, const struct visit *visit,
		   const struct visit_act *wish)
{
	enum act_answer answer;
	enum err err = visit_do(page->service, &page->actor, visit->reference, wish, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != ACT_OK && answer != ACT_SO_ALREADY) {
		form_mistake(form, "act", act_answer_name(answer));
		return show_panel(page, form, visit);
	}
	live_changed(page, visit->reference);
	bool social = visit->kind == VISIT_SOCIAL;
	page_redirect(page, "/staff/visits/%s%s?done=acted", visit->reference.text,
		      social ? "/watch" : "");
}

static const struct button *button_of(struct form *form)
{
	struct str value = form_raw(form, "act");
	for (size_t i = 0; i < ARRAY_LEN(BUTTONS); i++)
		if (str_is(value, BUTTONS[i].value))
			return &BUTTONS[i];
	form_mistake(form, "act", "missing");
	return NULL;
}

/* "Somebody else is in the picture: at the door". */
static struct str reason_of(struct page *page, struct form *form)
{
	int why = form_choice(form, "why", WHYS);
	struct str details = form_text_optional(form, "details", DETAILS_MAX_CHARACTERS);
	if (why < 0)
		return STR("");
	const char *text = why_text(page, WHYS[why]);
	if (str_empty(details))
		return str_from(text);
	return str_from(arena_printf(page->arena, "%s: %.*s", text, STR_FMT(details)));
}

static void act(struct page *page)
{
	struct form *form = page_form(page, "act");
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	const struct button *button = button_of(form);
	struct str reason = reason_of(page, form);
	if (!form_ok(form))
		return show_panel(page, form, &visit);
	finish(page, form, &visit,
	       &(struct visit_act){ .act = button->act,
				    .side = button->side,
				    .amount = button->minutes,
				    .words = reason });
}

/* The prepared words in both languages, or the officer's own. */
static void words_of(struct page *page, struct form *form, struct visit_act *wish)
{
	uint64_t id = 0;
	struct warning warning = { 0 };
	struct str chosen = form_raw(form, "warning");
	if (str_is(chosen, "own")) {
		wish->words = form_text(form, "words", WARNING_MAX_CHARACTERS);
		return;
	}
	bool known = str_u64(chosen, INT64_MAX, &id) &&
		     warning_find(page->service, &page->actor, page->arena,
				  (struct warning_id){ (int64_t)id }, &warning) == OK;
	if (!known)
		form_mistake(form, "warning", "missing");
	wish->words = warning.words;
	wish->words_cy = warning.words_cy;
}

static void warn(struct page *page)
{
	static const char *const sides[] = { "BOTH", "PRISONER", "VISITOR", NULL };
	static const enum side values[] = { SIDE_BOTH, SIDE_PRISONER, SIDE_VISITOR };
	struct form *form = page_form(page, "act");
	struct visit_act wish = { .act = ACT_WARN };
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	int side = form_choice(form, "side", sides);
	words_of(page, form, &wish);
	if (!form_ok(form))
		return show_panel(page, form, &visit);
	wish.side = values[side];
	finish(page, form, &visit, &wish);
}

/* ---- the record ---- */

static json_t *optional_word(const struct page *page, const char *area, const char *name)
{
	if (name[0] == '\0')
		return json_string("");
	return json_string(
	    page_word(page, arena_printf(page->arena, "oversight.%s.%s", area, name)));
}

static json_t *act_line(const struct page *page, const struct visit_act *act)
{
	json_t *amount = json_null();
	if (act->act == ACT_EXTEND)
		amount = view_word(page, "oversight.record.minutes",
				   json_pack("{s:i}", "minutes", (int)act->amount));
	if (act->act == ACT_RESUME)
		amount = view_word(page, "oversight.record.seconds",
				   json_pack("{s:i}", "seconds", (int)act->amount));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "when", page_time(page, act->at), "act",
			 optional_word(page, "act", act_name(act->act)), "side",
			 optional_word(page, "side", side_name(act->side)), "amount", amount,
			 "words", page_str(act->words), "by", page_str(act->by_name));
}

static json_t *watch_line(const struct page *page, const struct monitoring *m)
{
	const char *told = !m->told ? "not_yet" : m->acknowledged ? "acknowledged" : "no_answer";
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "when", page_time(page, m->at), "who",
			 page_str(m->officer_name), "purpose",
			 optional_word(page, "purpose", purpose_name(m->purpose)), "words",
			 page_str(m->words), "told", optional_word(page, "told", told), "left",
			 m->left_at.s != 0 ? page_time(page, m->left_at) : json_null());
}

static json_t *assignment_line(const struct page *page, const struct assignment *a)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "who", page_str(a->officer_name), "by",
			 page_str(a->by_name), "reason", page_str(a->reason), "when",
			 page_time(page, a->at), "id",
			 a->ended_at.s == 0 ? page_id(a->id.n) : json_null());
}

static void record(struct page *page)
{
	struct oversight_record *found = arena_new(page->arena, 1, sizeof(*found));
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = oversight_find(page->service, &page->actor, page->arena, reference, found);
	if (err != OK)
		return page_failed(page, err);
	json_t *acts = json_array(), *watched = json_array(), *assigned = json_array();
	for (size_t i = 0; i < found->acts.count; i++)
		json_array_append_new(acts, act_line(page, &found->acts.list[i]));
	for (size_t i = 0; i < found->watched.count; i++)
		json_array_append_new(watched, watch_line(page, &found->watched.list[i]));
	for (size_t i = 0; i < found->assigned.count; i++)
		json_array_append_new(assigned, assignment_line(page, &found->assigned.list[i]));
	json_t *view =
	    json_pack("{s:s, s:o, s:o, s:o}", "reference", reference.text, "reference_shown",
		      view_reference(reference), "prisoner", page_str(found->visit.prisoner_name),
		      "back", json_sprintf("/staff/visits/%s", reference.text));
	view_list(view, "acts", acts);
	view_list(view, "watched", watched);
	view_list(view, "assigned", assigned);
	view_here(view, "day");
	page_render(page, 200, "staff/oversight", view);
}

/* ---- who is assigned to watch ---- */

static json_t *officer_choices(const struct store_staff *officers)
{
	json_t *items = json_array();
	for (size_t i = 0; i < officers->count; i++) {
		const struct account *account = &officers->list[i].account;
		json_array_append_new(
		    items, view_choice(page_id(account->id.n), page_str(account->name), NULL));
	}
	return items;
}

static void show_assign(struct page *page, struct form *form, struct reference reference)
{
	struct oversight_record *found = arena_new(page->arena, 1, sizeof(*found));
	struct store_staff officers = { 0 };
	enum err err = oversight_find(page->service, &page->actor, page->arena, reference, found);
	if (err == OK && found->visit.kind != VISIT_SOCIAL)
		err = ERR_DENIED;
	if (err == OK)
		err = watch_officers_find(page->service, &page->actor, page->arena, &officers);
	if (err != OK)
		return page_failed(page, err);
	json_t *assigned = json_array();
	for (size_t i = 0; i < found->assigned.count; i++)
		json_array_append_new(assigned, assignment_line(page, &found->assigned.list[i]));
	form_options(form, "officer", officer_choices(&officers));
	json_t *view =
	    json_pack("{s:s, s:o, s:o, s:o}", "reference", reference.text, "reference_shown",
		      view_reference(reference), "prisoner", page_str(found->visit.prisoner_name),
		      "back", json_sprintf("/staff/visits/%s", reference.text));
	view_list(view, "assigned", assigned);
	view_here(view, "day");
	page_render_form(page, form, "staff/assign", view);
}

static void assign_form(struct page *page)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	show_assign(page, page_form(page, "assign"), reference);
}

static void assign(struct page *page)
{
	struct form *form = page_form(page, "assign");
	struct reference reference;
	enum assign_answer answer = ASSIGN_OK;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	struct account_id officer = { form_id(form, "officer") };
	struct str reason = form_lines(form, "reason", 1, REASON_MAX_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return show_assign(page, form, reference);
	enum err err =
	    watch_assign(page->service, &page->actor, reference, officer, reason, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != ASSIGN_OK) {
		form_mistake(form, "officer", assign_answer_name(answer));
		return show_assign(page, form, reference);
	}
	page_redirect(page, "/staff/visits/%s/assign?done=assigned", reference.text);
}

static void end_assignment(struct page *page)
{
	struct reference reference;
	struct assignment_id id = { page_param_id(page, 1) };
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = watch_assignment_end(page->service, &page->actor, reference, id);
	if (err != OK && err != ERR_NOT_FOUND) /* ended already: so it stands on the page */
		return page_failed(page, err);
	page_redirect(page, "/staff/visits/%s/assign?done=assignment_ended", reference.text);
}

/* ---- the watch desk ---- */

/* Who may watch for what; an admission has its own page. */
static const enum purpose PURPOSES[] = { PURPOSE_ASSIGNMENT, PURPOSE_SAMPLE, PURPOSE_INCIDENT,
					 PURPOSE_AUTHORISATION };

static json_t *purposes_view(const struct page *page)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_LEN(PURPOSES); i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:o, s:b}", "value", purpose_name(PURPOSES[i]), "text",
				    optional_word(page, "purpose", purpose_name(PURPOSES[i])),
				    "checked", (int)(i == 0)));
	return list;
}

static void desk(struct page *page)
{
	json_t *view = json_pack("{s:o, s:o, s:o}", "purposes", purposes_view(page), "whys",
				 whys_view(page), "warnings", warnings_view(page));
	struct oversight none = { 0 };
	struct visit live = { .kind = VISIT_SOCIAL, .state = VISIT_LIVE };
	json_object_set_new(view, "buttons", buttons_view(page, &live, &none));
	json_object_set_new(view, "social", json_true());
	json_object_set_new(view, "wide", json_true());
	view_here(view, "desk");
	page_render(page, 200, "staff/desk", view);
}

/* ---- the prison's warnings ---- */

static void show_warnings(struct page *page, struct form *form)
{
	struct store_warnings warnings;
	enum err err = warnings_find(page->service, &page->actor, page->arena, &warnings);
	if (err != OK)
		return page_failed(page, err);
	bool may = page_is_for(page, WHO_WORDS);
	json_t *list = json_array();
	for (size_t i = 0; i < warnings.count; i++) {
		const struct warning *w = &warnings.list[i];
		bool own = !prison_code_empty(w->prison);
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:b}", "id",
						      page_id(w->id.n), "words", page_str(w->words),
						      "words_cy", page_str(w->words_cy),
						      "may_retire", (int)(own && may)));
	}
	json_t *view = json_pack("{s:b, s:s}", "may_add", (int)may, "back", "/staff/desk");
	view_list(view, "warnings", list);
	view_here(view, "desk");
	page_render_form(page, form, "staff/warnings", view);
}

static void warnings(struct page *page)
{
	show_warnings(page, page_form(page, "warning"));
}

static void add_warning(struct page *page)
{
	struct form *form = page_form(page, "warning");
	struct str words = form_text(form, "words", WARNING_MAX_CHARACTERS);
	struct str words_cy = form_text(form, "words_cy", WARNING_MAX_CHARACTERS);
	if (!form_ok(form))
		return show_warnings(page, form);
	enum err err = warning_add(page->service, &page->actor, words, words_cy);
	if (err == ERR_LIMIT) {
		form_mistake(form, "words", "full");
		return show_warnings(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/warnings?done=warning_added");
}

static void retire_warning(struct page *page)
{
	struct warning_id id = { page_param_id(page, 0) };
	enum err err = warning_retire(page->service, &page->actor, id);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/warnings?done=warning_retired");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/desk", WHO_WATCH, .handler = desk },
	{ METHOD_POST, "/staff/visits/{reference}/act", WHO_WATCH, BODY_FORM, .handler = act },
	{ METHOD_POST, "/staff/visits/{reference}/warn", WHO_WATCH, BODY_FORM, .handler = warn },
	{ METHOD_GET, "/staff/visits/{reference}/oversight", WHO_PRISON | WHO_INSPECTOR,
	  .handler = record },
	{ METHOD_GET, "/staff/visits/{reference}/assign", WHO_GOVERNOR, .handler = assign_form },
	{ METHOD_POST, "/staff/visits/{reference}/assign", WHO_GOVERNOR, BODY_FORM,
	  .handler = assign },
	{ METHOD_POST, "/staff/visits/{reference}/assign/{assignment}/end", WHO_GOVERNOR, BODY_FORM,
	  .handler = end_assignment },
	{ METHOD_GET, "/staff/warnings", WHO_PRISON, .handler = warnings },
	{ METHOD_POST, "/staff/warnings", WHO_WORDS, BODY_FORM, .handler = add_warning },
	{ METHOD_POST, "/staff/warnings/{warning}/retire", WHO_WORDS, BODY_FORM,
	  .handler = retire_warning },
};

const struct route_group staff_oversight_routes = { rows, ARRAY_LEN(rows) };
