#include "web/move_page.h"

#include "base/assert.h"
#include "service/booking.h"
#include "web/live.h"
#include "web/times.h"
#include "web/view.h"

enum {
	TIME_TEXT_MAX = 40,
	REASON_MAX_CHARACTERS = 400,
};

static bool is_staff(const struct page *page)
{
	return page->actor.role != ROLE_FAMILY;
}

static const char *visit_path(const struct page *page, const struct visit *visit)
{
	return arena_printf(page->arena, "%s/visits/%s", is_staff(page) ? "/staff" : "",
			    visit->reference.text);
}

/* The visit of the path, which can still be moved; false after answering. */
static bool find_visit(struct page *page, struct visit *out)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference)) {
		page_not_found(page);
		return false;
	}
	enum err err = visit_find(page->service, &page->actor, page->arena, reference, out);
	if (err != OK)
		page_failed(page, err);
	else if (out->state != VISIT_BOOKED && out->state != VISIT_REQUESTED)
		page_redirect(page, "%s", visit_path(page, out));
	return err == OK && (out->state == VISIT_BOOKED || out->state == VISIT_REQUESTED);
}

static void show_times(struct page *page, const struct visit *visit, struct form *form)
{
	struct offer_query query = { .kind = visit->kind,
				     .prisoner = visit->prisoner,
				     .person_count = visit->visitor_count,
				     .moving = visit->reference };
	struct offer offer;
	for (size_t i = 0; i < visit->visitor_count; i++)
		query.persons[i] = visit->visitors[i].person;
	json_t *view = json_object();
	enum err err = times_show(page, form, &query, view, &offer);
	if (err == ERR_CONFLICT) { /* too late */
		json_decref(view);
		return page_redirect(page, "%s", visit_path(page, visit));
	}
	if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	json_object_set_new(view, "back", json_string(visit_path(page, visit)));
	json_object_set_new(view, "when", view_when(page, visit->start));
	json_object_set_new(view, "prisoner", page_str(visit->prisoner_name));
	view_here(view, is_staff(page) ? "day" : "home");
	page_render_form(page, form, is_staff(page) ? "staff/move" : "family/move", view);
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

static void move(struct page *page)
{
	struct form *form = page_form(page, "move");
	struct str time = form_text(form, "time", TIME_TEXT_MAX);
	struct visit_move asked = { 0 };
	struct verdict verdict;
	struct visit visit;
	if (is_staff(page))
		asked.waiver = form_lines(form, "reason", 0, REASON_MAX_CHARACTERS);
	if (!find_visit(page, &visit))
		return;
	asked.reference = visit.reference;
	if (form_ok(form) && !times_read(time, &asked.start, &asked.minutes))
		form_mistake(form, "time", "missing");
	if (!form_ok(form))
		return show_times(page, &visit, form);
	enum err err = visit_move(page->service, &page->actor, &asked, &verdict);
	if (err == ERR_CONFLICT)
		return page_redirect(page, "%s", visit_path(page, &visit));
	if (err == OK && !verdict_ok(verdict))
		say_no(page, form, verdict);
	else if (err == OK && !verdict_clean(verdict) && str_empty(asked.waiver))
		say_no(page, form, verdict);
	if (!form_ok(form))
		return show_times(page, &visit, form);
	if (err != OK)
		return page_failed(page, err);
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
