#include "web/staff_witnesses.h"

#include "base/assert.h"
#include "service/witness.h"
#include "web/view.h"
#include "web/web.h"

enum {
	WHO_SEES = WHO_GOVERNOR | WHO_HQ_ADMIN | WHO_OPERATOR | WHO_INSPECTOR,
	WHO_SETS = WHO_HQ_ADMIN,
};

enum {
	VKEY_MAX = 300,
	REASON_CHARACTERS = 400,
	LATE_S = 2 * WITNESS_PERIOD_S,
};

/* What was signed last: size and time, or that nothing was; late: not in this period or the last. */
static void add_signed(const struct page *page, json_t *line, int64_t size, struct wall at)
{
	if (size == 0) {
		json_object_set_new(line, "never", json_true());
		return;
	}
	json_object_set_new(line, "signed",
			    json_pack("{s:I, s:o, s:b}", "size", (json_int_t)size, "at",
				      page_time(page, at), "late",
				      (int)(at.s + LATE_S < page->service->now.s)));
}

static json_t *outside_line(const struct page *page, const struct witness *w, bool may_end)
{
	json_t *line = json_pack("{s:o, s:o, s:b}", "id", page_id(w->id.n), "name",
				 page_str(w->name), "may_end", (int)may_end);
	add_signed(page, line, w->size, w->signed_at);
	return line;
}

static json_t *prison_line(const struct page *page, const struct prison_witnesses *p)
{
	json_t *line = json_pack("{s:s, s:i}", "prison", p->prison.text, "terminals", p->terminals);
	add_signed(page, line, p->size, p->signed_at);
	return line;
}

static void list_show(struct page *page, struct form *form)
{
	bool may_set = page_is_for(page, WHO_SETS);
	struct witness_view all;
	enum err err = witness_list_find(page->service, &page->actor, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *outside = json_array(), *prisons = json_array();
	for (size_t i = 0; i < all.outside.count; i++)
		json_array_append_new(outside, outside_line(page, &all.outside.list[i], may_set));
	for (size_t i = 0; i < all.prisons.count; i++)
		json_array_append_new(prisons, prison_line(page, &all.prisons.list[i]));
	json_t *view = json_pack("{s:s, s:b}", "back", "/staff/audit", "may_set", (int)may_set);
	view_list(view, "outside", outside);
	view_list(view, "prisons", prisons);
	view_here(view, "audit");
	page_render_form(page, form, "witnesses/all", view);
}

static void list(struct page *page)
{
	list_show(page, page_form(page, "witness"));
}

static void added(struct page *page)
{
	struct form *form = page_form(page, "witness");
	struct str vkey = form_text(form, "vkey", VKEY_MAX);
	struct witness_id id;
	if (!form_ok(form))
		return list_show(page, form);
	enum err err = witness_add(page->service, &page->actor, vkey, &id);
	if (err == ERR_BAD)
		form_mistake(form, "vkey", "bad");
	else if (err == ERR_CONFLICT)
		form_mistake(form, "vkey", "taken");
	else if (err == ERR_LIMIT)
		form_mistake(form, "vkey", "limit");
	else if (err != OK)
		return page_failed(page, err);
	if (!form_ok(form))
		return list_show(page, form);
	page_redirect(page, "/staff/audit/witnesses?done=witness_added");
}

static void end_show(struct page *page, struct form *form)
{
	struct witness_id id = { page_param_id(page, 0) };
	struct witness_view all;
	enum err err = witness_list_find(page->service, &page->actor, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	for (size_t i = 0; i < all.outside.count; i++) {
		if (all.outside.list[i].id.n != id.n)
			continue;
		json_t *view = json_pack("{s:s, s:o, s:o}", "back", "/staff/audit/witnesses", "id",
					 page_id(id.n), "name", page_str(all.outside.list[i].name));
		view_here(view, "audit");
		return page_render_form(page, form, "witnesses/end", view);
	}
	page_not_found(page);
}

static void end(struct page *page)
{
	end_show(page, page_form(page, "witness_end"));
}

static void ended(struct page *page)
{
	struct form *form = page_form(page, "witness_end");
	struct str reason = form_lines(form, "reason", 1, REASON_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return end_show(page, form);
	enum err err = witness_end(page->service, &page->actor,
				   (struct witness_id){ page_param_id(page, 0) }, reason);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/audit/witnesses?done=witness_ended");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/audit/witnesses", WHO_SEES, .handler = list },
	{ METHOD_POST, "/staff/audit/witnesses", WHO_SETS, BODY_FORM, .handler = added },
	{ METHOD_GET, "/staff/audit/witnesses/{witness}/end", WHO_SETS, .handler = end },
	{ METHOD_POST, "/staff/audit/witnesses/{witness}/end", WHO_SETS, BODY_FORM,
	  .handler = ended },
};

const struct route_group staff_witnesses_routes = { rows, ARRAY_LEN(rows) };
