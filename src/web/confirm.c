#include "web/confirm.h"

#include "domain/date_words.h"
#include "service/prison.h"
#include "web/view.h"

enum {
	VALUES_MAX = 64, /* of one field that repeats */
	REASON_CHARACTERS = 400,
	DAY_TEXT_MAX = 40,
};

bool confirm_given(const struct form *form)
{
	return form_ticked(form, "confirm", "yes");
}

static json_t *hidden_of(struct form *form, const char *const *fields)
{
	json_t *hidden = json_array();
	struct str values[VALUES_MAX];
	for (size_t f = 0; fields[f] != NULL; f++) {
		size_t count = form_all(form, fields[f], values, VALUES_MAX);
		for (size_t i = 0; i < count; i++)
			json_array_append_new(hidden, json_pack("{s:s, s:o}", "name", fields[f],
								"value", page_str(values[i])));
	}
	return hidden;
}

const char *rule_text(const struct page *page, enum booking booking)
{
	return page_word(page, arena_printf(page->arena, "times.rules.%s", booking_name(booking)));
}

static json_t *reasons_of(const struct page *page, struct verdict verdict)
{
	json_t *reasons = json_array();
	for (unsigned i = 0; i < BOOKING_COUNT; i++)
		if (verdict_has(verdict, (enum booking)i))
			json_array_append_new(reasons,
					      json_string(rule_text(page, (enum booking)i)));
	return reasons;
}

static json_t *effects_of(const struct page *page, const struct effect_list *effects)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		json_array_append_new(lines, json_pack("{s:s, s:o, s:o, s:o}", "reference",
						       e->reference.text, "when",
						       page_time(page, e->start), "prisoner",
						       page_str(e->prisoner_name), "reasons",
						       reasons_of(page, e->broken)));
	}
	return lines;
}

void confirm_show(struct page *page, struct form *form, const struct confirm *c)
{
	json_t *view = json_pack("{s:s, s:o, s:o, s:o, s:i}", "back", c->back, "rows", c->rows,
				 "hidden", hidden_of(form, c->fields), "action",
				 json_sprintf("%s%s", arena_text(page->arena, page->request->path),
					      staff_prison_query(page)),
				 "touched", (int)c->effects->count);
	view_list(view, "effects", effects_of(page, c->effects));
	view_here(view, c->here);
	page_render(page, 200, "staff/confirm", view);
}

struct prison_code staff_prison(const struct page *page)
{
	struct prison_code prison = page->actor.prison;
	if (prison_code_empty(prison))
		(void)prison_code_of(request_query(page->request, "prison"), &prison);
	return prison;
}

enum err staff_prisons(struct page *page, json_t **out)
{
	struct prison_list all;
	enum err err = prisons_all(page->service, page->arena, &all);
	if (err != OK)
		return err;
	*out = json_array();
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(
		    *out, json_pack("{s:s, s:o}", "code", all.list[i].code.text, "name",
				    page_prison_name(page, all.list[i].code, all.list[i].name)));
	return OK;
}

const char *staff_prison_query(const struct page *page)
{
	struct prison_code prison = staff_prison(page);
	if (prison_code_empty(prison) || !prison_code_empty(page->actor.prison))
		return "";
	return arena_printf(page->arena, "?prison=%s", prison.text);
}

bool staff_asked_prison(struct page *page)
{
	json_t *list;
	if (!prison_code_empty(staff_prison(page)))
		return false;
	enum err err = staff_prisons(page, &list);
	if (err != OK) {
		page_failed(page, err);
		return true;
	}
	json_t *view = json_pack("{s:s}", "path", arena_text(page->arena, page->request->path));
	view_list(view, "prisons", list);
	page_render(page, 200, "staff/prisons", view);
	return true;
}

struct actor staff_actor_there(const struct page *page)
{
	struct actor there = page->actor;
	there.prison = staff_prison(page);
	return there;
}

void staff_done(struct page *page, const char *path, const char *word)
{
	const char *query = staff_prison_query(page);
	page_redirect(page, "%s%s%sdone=%s", path, query, query[0] ? "&" : "?", word);
}

struct str staff_reason(struct form *form)
{
	struct str reason = form_lines(form, "reason", 1, REASON_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	return reason;
}

struct date staff_day(struct page *page, struct form *form, const char *field, struct date fallback)
{
	struct date today = local_date(page->service->now), date = fallback;
	struct str text = form_text_optional(form, field, DAY_TEXT_MAX);
	if (str_empty(text))
		return fallback;
	if (!date_words_of(text, today, &date))
		form_mistake(form, field, "bad");
	else if (date_compare(date, today) < 0)
		form_mistake(form, field, "past");
	return date;
}

struct wall staff_from(struct page *page, struct form *form, const char *field)
{
	struct date today = local_date(page->service->now);
	struct date day = staff_day(page, form, field, today);
	return date_compare(day, today) <= 0 ? page->service->now : local_midnight(day);
}

const char *clock_text(const struct page *page, int minute)
{
	return arena_printf(page->arena, "%02d:%02d", minute / 60, minute % 60);
}
