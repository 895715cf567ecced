#include "web/staff_holds.h"

#include "base/assert.h"
#include "domain/local_time.h"
#include "service/legal_hold.h"
#include "web/confirm.h"
#include "web/view.h"

enum {
	WHO_ASKS = WHO_MONITOR | WHO_GOVERNOR | WHO_CONTACTS,
	WHO_DECIDES = WHO_GOVERNOR | WHO_CONTACTS,
};

enum {
	MATTER_MAX_CHARACTERS = 80,
	WORDS_MAX_CHARACTERS = 400,
};

static const char *const DECISIONS[] = { "AGREED", "REFUSED", NULL };
static const char *const REVIEWS[] = { "GOES_ON", "ENDS", NULL };

static const char *word(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "recordings.holds.%s.%s", area, name));
}

static void add_row(const struct page *page, json_t *rows, const char *key, json_t *line)
{
	view_row(page, rows, arena_printf(page->arena, "recordings.holds.rows.%s", key), line);
}

/* The day by which it is looked at: a hold lasts to its end. */
static struct wall review_by(const struct legal_hold *hold)
{
	return wall_add_s(hold->review_at, -1);
}

/* ---- as lists show one ---- */

static const char *state_of(const struct legal_hold *hold, struct wall now)
{
	if (!legal_hold_is_due(hold, now))
		return legal_hold_state_name(hold->state);
	return now.s >= hold->review_at.s ? "OVERDUE" : "DUE";
}

static const char *colour_of(const struct legal_hold *hold, struct wall now)
{
	if (!legal_hold_is_due(hold, now))
		return hold->state == LEGAL_HOLD_HELD ? "blue" : "grey";
	return now.s >= hold->review_at.s ? "red" : "yellow";
}

json_t *legal_hold_line(const struct page *page, const struct legal_hold *hold)
{
	struct wall now = page->service->now;
	bool own = hold->asked_by.n == page->actor.account.n;
	json_t *line = json_pack(
	    "{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:b, s:b}", "id", page_id(hold->id.n),
	    "reference", hold->reference.text, "reference_shown", view_reference(hold->reference),
	    "matter", page_str(hold->matter), "reason", page_str(hold->reason), "by",
	    page_str(hold->asked_name), "review", page_time(page, review_by(hold)), "state",
	    word(page, "state", state_of(hold, now)), "colour", colour_of(hold, now), "may_decide",
	    (int)(hold->state == LEGAL_HOLD_ASKED && page_is_for(page, WHO_DECIDES) && !own),
	    "may_review",
	    (int)(hold->state == LEGAL_HOLD_HELD && page_is_for(page, WHO_DECIDES) && !own));
	json_object_set_new(line, "decided_by", page_str(hold->decided_name));
	json_object_set_new(line, "reviewed_by", page_str(hold->reviewed_name));
	json_object_set_new(
	    line, "stands",
	    json_boolean(hold->state == LEGAL_HOLD_HELD || hold->state == LEGAL_HOLD_ASKED));
	return line;
}

static void holds(struct page *page)
{
	struct store_legal_holds found = { 0 };
	if (staff_asked_prison(page))
		return;
	struct actor there = staff_actor_there(page);
	enum err err = legal_holds_find(page->service, &there, page->arena, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array(),
	       *view = json_pack(
		   "{s:s}", "back",
		   arena_printf(page->arena, "/staff/recordings%s", staff_prison_query(page)));
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, legal_hold_line(page, &found.list[i]));
	view_list(view, "holds", list);
	view_here(view, "recordings");
	page_render(page, 200, "staff/holds", view);
}

/* ---- one form for all three steps ---- */

static void show_form(struct page *page, struct form *form, const char *what, const char *back,
		      json_t *rows)
{
	json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "heading",
				 word(page, what, "heading"), "title", word(page, what, "heading"),
				 "lead", word(page, what, "lead"), "go", word(page, what, "go"),
				 "action", arena_text(page->arena, page->request->path), "back",
				 back, "rows", rows != NULL ? rows : json_array());
	view_here(view, "recordings");
	page_render_form(page, form, "staff/hold-form", view);
}

static void choices(const struct page *page, struct form *form, const char *field,
		    const char *const *names)
{
	json_t *items = json_array();
	for (size_t i = 0; names[i] != NULL; i++)
		json_array_append_new(
		    items, view_choice(json_string(names[i]),
				       json_string(word(page, "decision", names[i])), NULL));
	form_options(form, field, items);
}

static struct str reason_of(struct form *form)
{
	struct str words = form_lines(form, "reason", 1, WORDS_MAX_CHARACTERS);
	if (words.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	return words;
}

/* The end of that day. */
static struct wall review_day(struct form *form)
{
	struct date date = { 0 };
	return form_date(form, "review", &date) ? local_midnight(date_add_days(date, 1))
						: (struct wall){ 0 };
}

static void no(struct form *form, enum legal_hold_answer answer, const char *field)
{
	bool day = answer == LEGAL_HOLD_PAST || answer == LEGAL_HOLD_FAR;
	form_mistake(form,
		     day                             ? "review"
		     : answer == LEGAL_HOLD_NO_WORDS ? "reason"
						     : field,
		     legal_hold_answer_name(answer));
}

/* ---- asking ---- */

static const char *recording_path(const struct page *page, struct reference reference)
{
	return arena_printf(page->arena, "/staff/recordings/%s", reference.text);
}

static void ask_form(struct page *page)
{
	struct store_legal_holds found = { 0 };
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = legal_holds_of(page->service, &page->actor, page->arena, reference, &found);
	if (err != OK)
		return page_failed(page, err);
	show_form(page, page_form(page, "hold_ask"), "ask", recording_path(page, reference), NULL);
}

static void ask(struct page *page)
{
	struct form *form = page_form(page, "hold_ask");
	struct legal_hold_new new = { 0 };
	struct reference reference;
	enum legal_hold_answer answer = LEGAL_HOLD_OK;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	new.matter = form_text(form, "matter", MATTER_MAX_CHARACTERS);
	new.review_at = review_day(form);
	new.reason = reason_of(form);
	if (new.matter.len > LEGAL_HOLD_MATTER_MAX)
		form_mistake(form, "matter", "too_long");
	if (form_ok(form)) {
		enum err err =
		    legal_hold_ask(page->service, &page->actor, reference, &new, &answer);
		if (err != OK)
			return page_failed(page, err);
		if (answer != LEGAL_HOLD_OK)
			no(form, answer, "matter");
	}
	if (!form_ok(form))
		return show_form(page, form, "ask", recording_path(page, reference), NULL);
	page_redirect(page, "%s?done=hold_asked", recording_path(page, reference));
}

/* ---- agreeing, and looking again ---- */

static json_t *rows_of(const struct page *page, const struct legal_hold *hold)
{
	json_t *rows = json_array();
	add_row(page, rows, "visit", view_reference(hold->reference));
	add_row(page, rows, "matter", page_str(hold->matter));
	add_row(page, rows, "asked_by", page_str(hold->asked_name));
	add_row(page, rows, "asked_at", view_when(page, hold->asked_at));
	add_row(page, rows, "reason", page_str(hold->reason));
	add_row(page, rows, "review", view_date(page, local_date(review_by(hold))));
	if (hold->decided_by.n != 0)
		add_row(page, rows, "decided_by", page_str(hold->decided_name));
	if (hold->reviewed_by.n == 0)
		return rows;
	add_row(page, rows, "reviewed_by", page_str(hold->reviewed_name));
	add_row(page, rows, "reviewed_reason", page_str(hold->reviewed_reason));
	return rows;
}

static void show_step(struct page *page, struct form *form, const char *what,
		      const char *const *names)
{
	struct legal_hold_id id = { page_param_id(page, 0) };
	struct legal_hold hold = { 0 };
	enum err err = legal_hold_find(page->service, &page->actor, page->arena, id, &hold);
	if (err != OK)
		return page_failed(page, err);
	choices(page, form, "decision", names);
	show_form(page, form, what, "/staff/holds", rows_of(page, &hold));
}

static void decide_form(struct page *page)
{
	show_step(page, page_form(page, "hold_decide"), "decide", DECISIONS);
}

static void decide(struct page *page)
{
	struct form *form = page_form(page, "hold_decide");
	struct legal_hold_id id = { page_param_id(page, 0) };
	enum legal_hold_answer answer = LEGAL_HOLD_OK;
	int decision = form_choice(form, "decision", DECISIONS);
	struct str reason = reason_of(form);
	if (form_ok(form)) {
		enum err err = legal_hold_decide(page->service, &page->actor, id, decision == 0,
						 reason, &answer);
		if (err != OK)
			return page_failed(page, err);
		if (answer != LEGAL_HOLD_OK)
			no(form, answer, "decision");
	}
	if (!form_ok(form))
		return show_step(page, form, "decide", DECISIONS);
	page_redirect(page, "/staff/holds?done=hold_decided");
}

static void review_form(struct page *page)
{
	show_step(page, page_form(page, "hold_review"), "review", REVIEWS);
}

static void review(struct page *page)
{
	struct form *form = page_form(page, "hold_review");
	struct legal_hold_id id = { page_param_id(page, 0) };
	enum legal_hold_answer answer = LEGAL_HOLD_OK;
	struct wall until = { 0 };
	int decision = form_choice(form, "decision", REVIEWS);
	if (decision == 0)
		until = review_day(form);
	struct str reason = reason_of(form);
	if (form_ok(form)) {
		enum err err =
		    legal_hold_review(page->service, &page->actor, id, until, reason, &answer);
		if (err != OK)
			return page_failed(page, err);
		if (answer != LEGAL_HOLD_OK)
			no(form, answer, "decision");
	}
	if (!form_ok(form))
		return show_step(page, form, "review", REVIEWS);
	page_redirect(page, "/staff/holds?done=hold_reviewed");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/holds", WHO_PRISON | WHO_INSPECTOR, .handler = holds },
	{ METHOD_GET, "/staff/recordings/{reference}/hold", WHO_ASKS, .handler = ask_form },
	{ METHOD_POST, "/staff/recordings/{reference}/hold", WHO_ASKS, BODY_FORM, .handler = ask },
	{ METHOD_GET, "/staff/holds/{hold}/decide", WHO_DECIDES, .handler = decide_form },
	{ METHOD_POST, "/staff/holds/{hold}/decide", WHO_DECIDES, BODY_FORM, .handler = decide },
	{ METHOD_GET, "/staff/holds/{hold}/review", WHO_DECIDES, .handler = review_form },
	{ METHOD_POST, "/staff/holds/{hold}/review", WHO_DECIDES, BODY_FORM, .handler = review },
};

const struct route_group staff_holds_routes = { rows, ARRAY_LEN(rows) };
