#include "web/move_page.h"

#include "base/assert.h"
#include "domain/waiting/day.h"
#include "service/booking.h"
#include "service/legal.h"
#include "web/live.h"
#include "web/times.h"
#include "web/view.h"

enum {
	TIME_TEXT_MAX = 60,
	REASON_MAX_CHARACTERS = 400,
};

static bool is_staff(const struct page *page)
{
	return page->actor.role != ROLE_FAMILY;
}

/* Lawyers are offered times by what the visit is for, and check before they move it. */
static bool is_legal(const struct page *page, const struct visit *visit)
{
	return !is_staff(page) && visit->kind == VISIT_LEGAL;
}

static const char *visit_path(const struct page *page, const struct visit *visit)
{
	return arena_printf(page->arena, "%s/visits/%s", is_staff(page) ? "/staff" : "",
			    visit->reference.text);
}

/* The visit of the path, which can still be moved; false after answering. */
static bool find_visit(struct page *page, struct visit *out)
{
	if (!page_visit(page, out))
		return false;
	bool stands = out->state == VISIT_BOOKED || out->state == VISIT_REQUESTED;
	if (!stands)
		page_redirect(page, "%s", visit_path(page, out));
	return stands;
}

static enum err social_times(struct page *page, const struct visit *visit, struct form *form,
			     json_t *view)
{
	struct offer_query query = { .kind = visit->kind,
				     .prisoner = visit->prisoner,
				     .person_count = visit->visitor_count,
				     .moving = visit->reference };
	struct offer offer;
	for (size_t i = 0; i < visit->visitor_count; i++)
		query.persons[i] = visit->visitors[i].person;
	return times_show(page, form, &query, view, &offer);
}

static enum err legal_times(struct page *page, const struct visit *visit, struct form *form,
			    json_t *view)
{
	struct legal_times *found = arena_new(page->arena, 1, sizeof *found);
	enum err err = times_show_legal(page, form, visit, view, found);
	if (err != OK)
		return err;
	json_object_set_new(view, "legal", json_true());
	json_object_set_new(view, "asked", view_when(page, found->need.asked_at));
	json_object_set_new(view, "due", page_date(page, found->due));
	if (found->need.deadline.year)
		json_object_set_new(view, "deadline", page_date(page, found->need.deadline));
	return OK;
}

static void show_times(struct page *page, const struct visit *visit, struct form *form)
{
	json_t *view = json_object();
	enum err err = is_legal(page, visit) ? legal_times(page, visit, form, view)
					     : social_times(page, visit, form, view);
	if (err == ERR_CONFLICT) { /* too late */
		json_object_set_new(view, "none", json_string(page_word(page, "times.move.late")));
		view_list(view, "days", json_array());
	} else if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	json_object_set_new(view, "back", json_string(visit_path(page, visit)));
	json_object_set_new(view, "when", view_when(page, visit->start));
	json_object_set_new(view, "prisoner", page_str(visit->prisoner_name));
	view_here(view, is_staff(page) ? "day" : "home");
	page_render_form(page, form, is_staff(page) ? "staff/move" : "family/move", view);
}

/* What the move comes to, before it is one. */
static void show_check(struct page *page, const struct visit *visit, struct form *form,
		       struct wall start)
{
	json_t *rows = json_array();
	view_row(page, rows, "legal.move.was", view_when(page, visit->start));
	view_row(page, rows, "legal.move.new", view_when(page, start));
	view_row(
	    page, rows, "family.rows.length",
	    view_word(page, "family.rows.minutes", json_pack("{s:i}", "minutes", visit->minutes)));
	view_row(page, rows, "family.rows.prisoner", page_str(visit->prisoner_name));
	view_row(page, rows, "family.rows.prison",
		 page_prison_name(page, visit->prison, visit->prison_name));
	view_row_lines(page, rows, "family.rows.visitors", view_names(visit));
	view_row(page, rows, "family.rows.reference", view_reference(visit->reference));
	json_t *view =
	    json_pack("{s:o, s:o, s:s}", "rows", rows, "time", page_str(form_raw(form, "time")),
		      "visit", visit_path(page, visit));
	json_object_set_new(
	    view, "back",
	    json_string(arena_printf(page->arena, "%s/move", visit_path(page, visit))));
	view_here(view, "home");
	page_render(page, 200, "legal/move-check", view);
}

static void move_form(struct page *page)
{
	struct visit visit;
	if (find_visit(page, &visit))
		show_times(page, &visit, page_form(page, "move"));
}

/* What a rule says, as a mistake of the field; families learn nothing protected. */
static void say_no(struct page *page, struct form *form, struct verdict verdict)
{
	if (is_staff(page) && verdict_ok(verdict))
		form_mistake(form, "reason", "missing");
	else
		form_mistake(form, "time", "taken");
}

/* Whether the visit moved; else the form has a mistake, or the page its answer (ERR_*). */
static enum err move_social(struct page *page, struct form *form, const struct visit *visit,
			    struct str waiver)
{
	struct visit_move asked = { .reference = visit->reference, .waiver = waiver };
	struct verdict verdict;
	if (!times_read(form_raw(form, "time"), &asked.start, &asked.minutes)) {
		form_mistake(form, "time", "missing");
		return OK;
	}
	enum err err = visit_move(page->service, &page->actor, &asked, &verdict);
	if (err != OK)
		return err;
	if (!verdict_passes(verdict, !str_empty(waiver)))
		say_no(page, form, verdict);
	return OK;
}

static enum err move_legal(struct page *page, struct form *form, const struct visit *visit)
{
	struct legal_time time;
	enum legal_answer answer;
	struct verdict verdict;
	if (!times_read_legal(form_raw(form, "time"), &time)) {
		form_mistake(form, "time", "missing");
		return OK;
	}
	if (time.start.s <= page->service->now.s || time.start.s % (DAY_STEP_MINUTES * 60)) {
		form_mistake(form, "time", "taken");
		return OK;
	}
	if (!form_ticked(form, "take", "1")) {
		show_check(page, visit, form, time.start);
		return ERR_AGAIN;
	}
	enum err err =
	    legal_move(page->service, &page->actor, visit->reference, time, &answer, &verdict);
	if (err == OK && answer == LEGAL_PAST_DATE)
		form_mistake(form, "time", "past_date");
	else if (err == OK && answer == LEGAL_BLOCK_BOOKED)
		form_mistake(form, "time", "too_many");
	else if (err == OK && !verdict_clean(verdict))
		form_mistake(form, "time", times_legal_no(verdict));
	return err;
}

static void move(struct page *page)
{
	struct form *form = page_form(page, "move");
	struct str waiver = STR("");
	struct visit visit;
	(void)form_text(form, "time", TIME_TEXT_MAX);
	if (is_staff(page))
		waiver = form_lines(form, "reason", 0, REASON_MAX_CHARACTERS);
	if (!find_visit(page, &visit))
		return;
	if (!form_ok(form))
		return show_times(page, &visit, form);
	enum err err = is_legal(page, &visit) ? move_legal(page, form, &visit)
					      : move_social(page, form, &visit, waiver);
	if (err == ERR_AGAIN) /* to be checked first */
		return;
	if (err != OK && err != ERR_CONFLICT)
		return page_failed(page, err);
	if (err == ERR_CONFLICT || !form_ok(form))
		return show_times(page, &visit, form);
	live_changed(page, visit.reference);
	page_redirect(page, "%s?done=moved", visit_path(page, &visit));
}

static const struct route rows[] = {
	{ METHOD_GET, "/visits/{reference}/move", WHO_FAMILY, .handler = move_form },
	{ METHOD_POST, "/visits/{reference}/move", WHO_FAMILY, BODY_FORM, .handler = move },
	{ METHOD_GET, "/staff/visits/{reference}/move", WHO_REBOOKS, .handler = move_form },
	{ METHOD_POST, "/staff/visits/{reference}/move", WHO_REBOOKS, BODY_FORM, .handler = move },
};

const struct route_group move_routes = { rows, ARRAY_LEN(rows) };
