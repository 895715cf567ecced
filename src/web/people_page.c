#include "web/people_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "service/booking.h"
#include "service/custody.h"
#include "service/look.h"
#include "service/orders.h"
#include "service/safeguard.h"
#include "web/view.h"

enum {
	WHO_ENTERS = WHO_CONTACTS | WHO_GOVERNOR,
	WHO_DECIDES = WHO_CLERK | WHO_GOVERNOR,
	WHO_MOVES = WHO_CLERK | WHO_ADMIN | WHO_GOVERNOR,
	WHO_SETS = WHO_ADMIN | WHO_GOVERNOR,
};

enum {
	REASON_MAX_CHARACTERS = 400,
	AMOUNT_TEXT_MAX = 6,
	CODE_TEXT_MAX = 12,
	NUMBER_TEXT_MAX = 20,
};

/* ---- pieces ---- */

static json_t *word_of(const struct page *page, const char *format, const char *name)
{
	/* format is one of ours, with one hole: "people.codes.%s" */
	char path[80];
	const char *hole = strstr(format, "%s");
	snprintf(path, sizeof path, "%.*s%s", (int)(hole - format), format, name);
	return json_string(page_word(page, path));
}

/* Choices named by words; names ends with NULL. */
static void choices(struct page *page, struct form *form, const char *field, const char *format,
		    const char *const *names)
{
	json_t *items = json_array();
	for (size_t i = 0; names[i]; i++)
		json_array_append_new(items, view_choice(json_string(names[i]),
							 word_of(page, format, names[i]), NULL));
	form_options(form, field, items);
}

/* A date that may be left out; false with a mistake where it is half there. */
static struct str reason_of(struct form *form, const char *field)
{
	struct str reason = form_lines(form, field, 1, REASON_MAX_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, field, "too_long");
	return reason;
}

static bool find_number(struct page *page, struct prisoner_number *out)
{
	if (prisoner_number_of(page_param(page, 0), out))
		return true;
	page_not_found(page);
	return false;
}

static const char *prisoner_path(struct page *page, struct prisoner_number number)
{
	return arena_printf(page->arena, "/staff/people/%s", number.text);
}

/* One page for all forms: heading, who it is about, fields, a button. */
static void show_form_headed(struct page *page, struct form *form, json_t *heading,
			     const char *back)
{
	json_t *view =
	    json_pack("{s:O, s:o, s:s, s:s}", "heading", heading, "title", heading, "back", back,
		      "action", arena_text(page->arena, page->request->path));
	view_here(view, "people");
	page_render_form(page, form, "people/form", view);
}

static void show_form(struct page *page, struct form *form, const char *heading, const char *back)
{
	show_form_headed(page, form, json_string(page_word(page, heading)), back);
}

/* ---- one prisoner ---- */

static void find(struct page *page)
{
	show_form(page, page_form(page, "find_prisoner"), "people.find.heading", "/staff");
}

static void find_asked(struct page *page)
{
	struct form *form = page_form(page, "find_prisoner");
	struct prisoner_number number;
	struct safeguards found;
	struct str text = form_text(form, "number", NUMBER_TEXT_MAX);
	if (form_ok(form) && !prisoner_number_of(text, &number))
		form_mistake(form, "number", "bad");
	if (form_ok(form) &&
	    safeguards_find(page->service, &page->actor, page->arena, number, &found) != OK)
		form_mistake(form, "number", "unknown");
	if (!form_ok(form))
		return show_form(page, form, "people.find.heading", "/staff");
	page_redirect(page, "%s", prisoner_path(page, found.prisoner.number));
}

static json_t *restriction_lines(struct page *page, const struct safeguards *s)
{
	json_t *out = json_array();
	for (size_t i = 0; i < s->restriction_count; i++) {
		const struct store_restriction *r = &s->restrictions[i];
		json_t *to = r->restriction.to.year
				 ? view_date(page, r->restriction.to)
				 : json_string(page_word(page, "people.open_end"));
		json_array_append_new(
		    out, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
				   page_id(r->restriction.id.n), "code",
				   word_of(page, "people.codes.%s",
					   restriction_code_name(r->restriction.code)),
				   "visitor", page_str(r->restriction.visitor_name), "from",
				   view_date(page, r->restriction.from), "to", to, "comment",
				   page_str(r->restriction.comment), "authorised",
				   page_str(r->restriction.authorised_by)));
	}
	return out;
}

static json_t *alert_lines(struct page *page, const struct safeguards *s)
{
	json_t *out = json_array();
	for (size_t i = 0; i < s->alerts.count; i++) {
		const struct alert *a = &s->alerts.list[i];
		json_array_append_new(
		    out, json_pack("{s:o, s:s, s:o, s:o, s:o, s:b}", "id", page_id(a->id.n), "code",
				   a->code.text, "description", page_str(a->description), "from",
				   view_date(page, a->from), "comment", page_str(a->comment),
				   "review", a->forces_review || !a->known));
	}
	return out;
}

static json_t *pair_lines(struct page *page, const struct safeguards *s)
{
	json_t *out = json_array();
	for (size_t i = 0; i < s->pair_count; i++) {
		const struct store_non_association *p = &s->pairs[i];
		const struct prisoner *other = p->pair.a.n == s->prisoner.id.n ? &p->b : &p->a;
		json_array_append_new(
		    out, json_pack("{s:o, s:s, s:o, s:s, s:o, s:o}", "id", page_id(p->pair.id.n),
				   "number", other->number.text, "name", page_str(other->name),
				   "prison", other->prison.text, "why",
				   word_of(page, "people.apart.%s",
					   non_association_reason_name(p->pair.reason)),
				   "comment", page_str(p->pair.comment)));
	}
	return out;
}

static json_t *visitor_lines(struct page *page, const struct safeguards *s)
{
	json_t *out = json_array();
	for (size_t i = 0; i < s->visitor_count; i++) {
		const struct known_visitor *v = &s->visitors[i];
		json_t *line = json_pack("{s:o, s:o, s:o, s:b}", "id", page_id(v->person.id.n),
					 "name", page_str(v->person.name), "born",
					 view_date(page, v->person.born), "child", v->is_child);
		if (v->decided) {
			json_object_set_new(
			    line, "level",
			    word_of(page, "people.levels.%s", child_level_name(v->decision.level)));
			json_object_set_new(line, "review_on",
					    view_date(page, v->decision.review_on));
		}
		json_array_append_new(out, line);
	}
	return out;
}

static json_t *prisoner_rows(struct page *page, const struct safeguards *s,
			     const struct orders_view *orders)
{
	json_t *rows = json_array();
	view_row(page, rows, "people.rows.number", json_string(s->prisoner.number.text));
	view_row(page, rows, "people.rows.where",
		 word_of(page, "people.custody.%s", custody_name(s->custody.status)));
	view_row(page, rows, "people.rows.level", page_str(s->prisoner.incentive));
	view_row(
	    page, rows, "people.rows.conviction",
	    word_of(page, "people.conviction.%s", s->prisoner.convicted ? "CONVICTED" : "REMAND"));
	view_row(page, rows, "people.rows.vo", json_sprintf("%d", orders->vo));
	view_row(page, rows, "people.rows.pvo", json_sprintf("%d", orders->pvo));
	view_row(page, rows, "people.rows.minutes",
		 json_sprintf("%lld", (long long)orders->minutes_left));
	return rows;
}

static json_t *ledger_lines(struct page *page, const struct orders_view *orders)
{
	json_t *out = json_array();
	for (size_t i = 0; i < orders->lines.count; i++) {
		const struct store_order_line *l = &orders->lines.list[i];
		json_array_append_new(
		    out,
		    json_pack("{s:o, s:o, s:o, s:o, s:o}", "at", page_time(page, l->at), "kind",
			      word_of(page, "people.kinds.%s", order_kind_name(l->kind)), "amount",
			      json_sprintf("%+d", l->amount), "type",
			      word_of(page, "people.ledger.%s", order_type_name(l->type)), "actor",
			      page_str(l->actor_name)));
	}
	return out;
}

static void set_rights(const struct page *page, json_t *view)
{
	static const struct {
		const char *name;
		uint32_t who;
	} RIGHTS[] = {
		{ "may_enter", WHO_ENTERS },   { "may_decide_child", WHO_GOVERNOR },
		{ "may_move", WHO_MOVES },     { "may_pin", WHO_MOVES },
		{ "may_adjust", WHO_DECIDES }, { "may_set", WHO_SETS },
		{ "may_merge", WHO_ADMIN },
	};
	for (size_t i = 0; i < sizeof RIGHTS / sizeof RIGHTS[0]; i++)
		json_object_set_new(view, RIGHTS[i].name,
				    json_boolean(page_is_for(page, RIGHTS[i].who)));
}

/* The prisoner, and what stands there of visitors: a look, in the log before it is shown. */
static enum err looked_at(struct page *page, const struct safeguards *s)
{
	size_t rows = 1 + s->restriction_count + s->alerts.count + s->pair_count + s->visitor_count;
	return prisoner_looked_at(page->service, &page->actor, s->prisoner.id, (int64_t)rows);
}

static void prisoner(struct page *page)
{
	struct prisoner_number number;
	struct safeguards s;
	struct orders_view orders;
	if (!find_number(page, &number))
		return;
	enum err err = safeguards_find(page->service, &page->actor, page->arena, number, &s);
	if (err == OK)
		err = looked_at(page, &s);
	if (err == OK)
		err = orders_find(page->service, &page->actor, page->arena, number, &orders);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack("{s:o, s:s, s:s, s:o}", "name", page_str(s.prisoner.name),
				 "number", s.prisoner.number.text, "back", "/staff/people", "rows",
				 prisoner_rows(page, &s, &orders));
	view_list(view, "restrictions", restriction_lines(page, &s));
	view_list(view, "alerts", alert_lines(page, &s));
	view_list(view, "pairs", pair_lines(page, &s));
	view_list(view, "visitors", visitor_lines(page, &s));
	view_list(view, "ledger", ledger_lines(page, &orders));
	set_rights(page, view);
	view_here(view, "people");
	page_render(page, 200, "people/prisoner", view);
}

/* The prisoner of the path; false after answering. */
static bool find_prisoner(struct page *page, struct safeguards *out)
{
	struct prisoner_number number;
	if (!find_number(page, &number))
		return false;
	enum err err = safeguards_find(page->service, &page->actor, page->arena, number, out);
	if (err == OK && page->request->method == METHOD_GET)
		err = looked_at(page, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

/* After a form: back to the prisoner, or the form again, or an error. */
static void finish(struct page *page, struct form *form, enum err err, const char *field,
		   void (*again)(struct page *, struct form *, const struct safeguards *),
		   const struct safeguards *s, const char *done)
{
	if (err == ERR_CONFLICT)
		form_mistake(form, field, "conflict");
	else if (err == ERR_NOT_FOUND)
		form_mistake(form, field, "unknown");
	else if (err == ERR_BAD)
		form_mistake(form, field, "bad");
	else if (err == ERR_DENIED)
		form_mistake(form, field, "denied");
	else if (err != OK)
		return page_failed(page, err);
	if (!form_ok(form))
		return again(page, form, s);
	page_redirect(page, "%s?done=%s", prisoner_path(page, s->prisoner.number), done);
}

/* ---- restrictions and alerts ---- */

static const char *const CODES[] = { "BAN",  "NO_CONTACT", "CLOSED", "NONCON",     "CHILD", "ACC",
				     "CCTV", "DIHCON",     "PREINF", "RESTRICTED", NULL };

static void restriction_show(struct page *page, struct form *form, const struct safeguards *s)
{
	json_t *items = json_array();
	choices(page, form, "code", "people.codes.%s", CODES);
	json_array_append_new(
	    items,
	    view_choice(json_string("0"), json_string(page_word(page, "people.everybody")), NULL));
	for (size_t i = 0; i < s->visitor_count; i++)
		json_array_append_new(items,
				      view_choice(page_id(s->visitors[i].person.id.n),
						  page_str(s->visitors[i].person.name), NULL));
	form_options(form, "visitor", items);
	show_form(page, form, "people.restriction.heading",
		  prisoner_path(page, s->prisoner.number));
}

static void restriction(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "restriction");
	if (find_prisoner(page, &s))
		restriction_show(page, form, &s);
}

static void restriction_entered(struct page *page)
{
	struct safeguards s;
	struct restriction_id id;
	struct form *form = page_form(page, "restriction");
	uint64_t visitor = 0;
	int code = form_choice(form, "code", CODES);
	struct restriction_new new = { 0 };
	if (!str_u64(form_raw(form, "visitor"), INT64_MAX, &visitor))
		form_mistake(form, "visitor", "missing");
	(void)form_date_optional(form, "to", &new.to);
	new.comment = reason_of(form, "comment");
	new.authorised_by = form_text(form, "authorised", 100);
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return restriction_show(page, form, &s);
	(void)restriction_code_of(str_from(CODES[code]), &new.code);
	new.prisoner = s.prisoner.id;
	new.person = (struct person_id){ (int64_t)visitor };
	new.on = visitor ? RESTRICTION_ON_PAIR : RESTRICTION_ON_PRISONER;
	enum err err = restriction_add(page->service, &page->actor, &new, &id);
	finish(page, form, err, "code", restriction_show, &s, "restriction_added");
}

static void alert_show(struct page *page, struct form *form, const struct safeguards *s)
{
	show_form(page, form, "people.alert.heading", prisoner_path(page, s->prisoner.number));
}

static void alert(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "alert");
	if (find_prisoner(page, &s))
		alert_show(page, form, &s);
}

static void alert_entered(struct page *page)
{
	struct safeguards s;
	struct alert_id id;
	struct form *form = page_form(page, "alert");
	struct alert_new new = { 0 };
	struct str code = form_text(form, "code_text", CODE_TEXT_MAX);
	(void)form_date_optional(form, "to", &new.to);
	new.comment = reason_of(form, "comment");
	if (form_ok(form) && !alert_code_of(code, &new.code))
		form_mistake(form, "code_text", "bad");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return alert_show(page, form, &s);
	new.prisoner = s.prisoner.id;
	enum err err = alert_add(page->service, &page->actor, &new, &id);
	finish(page, form, err, "code_text", alert_show, &s, "alert_added");
}

/* ---- kept apart, children ---- */

static const char *const APART[] = { "BULLYING", "GANG_RELATED", "ORGANISED_CRIME", "LEGAL_REQUEST",
				     "THREAT",   "VIOLENCE",     "OTHER",           NULL };
static const char *const SCOPES[] = { "CELL", "LANDING", "WING", NULL };

static void apart_show(struct page *page, struct form *form, const struct safeguards *s)
{
	choices(page, form, "why", "people.apart.%s", APART);
	choices(page, form, "scope", "people.scopes.%s", SCOPES);
	show_form(page, form, "people.apart_heading", prisoner_path(page, s->prisoner.number));
}

static void apart(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "apart");
	if (find_prisoner(page, &s))
		apart_show(page, form, &s);
}

static void apart_entered(struct page *page)
{
	struct safeguards s;
	struct non_association_id id;
	struct form *form = page_form(page, "apart");
	struct non_association_new new = { 0 };
	struct str number = form_text(form, "number", NUMBER_TEXT_MAX);
	int why = form_choice(form, "why", APART);
	int scope = form_choice(form, "scope", SCOPES);
	new.comment = reason_of(form, "comment");
	if (form_ok(form) && !prisoner_number_of(number, &new.other))
		form_mistake(form, "number", "bad");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return apart_show(page, form, &s);
	(void)non_association_reason_of(str_from(APART[why]), &new.reason);
	(void)non_association_scope_of(str_from(SCOPES[scope]), &new.scope);
	new.one = s.prisoner.id;
	enum err err = non_association_add(page->service, &page->actor, &new, &id);
	finish(page, form, err, "number", apart_show, &s, "apart_added");
}

static const char *const LEVELS[] = { "PERMITTED", "PERMITTED_SUPERVISED", "REFUSED", NULL };

static void child_show(struct page *page, struct form *form, const struct safeguards *s)
{
	choices(page, form, "level", "people.levels.%s", LEVELS);
	show_form(page, form, "people.child.heading", prisoner_path(page, s->prisoner.number));
}

/* Of the prisoner's visitors, and a child; else nothing is said of them. */
static bool is_their_child(const struct page *page, const struct safeguards *s)
{
	int64_t id = page_param_id(page, 1);
	for (size_t i = 0; i < s->visitor_count; i++)
		if (s->visitors[i].person.id.n == id)
			return s->visitors[i].is_child;
	return false;
}

static void child(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "child");
	if (!find_prisoner(page, &s))
		return;
	if (!is_their_child(page, &s))
		return page_not_found(page);
	child_show(page, form, &s);
}

static void child_decided(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "child");
	struct child_new new = { .child = { page_param_id(page, 1) } };
	int level = form_choice(form, "level", LEVELS);
	(void)form_date(form, "review", &new.review_on);
	new.reason = reason_of(form, "reason");
	if (!find_prisoner(page, &s))
		return;
	if (!is_their_child(page, &s))
		return page_not_found(page);
	if (!form_ok(form))
		return child_show(page, form, &s);
	(void)child_level_of(str_from(LEVELS[level]), &new.level);
	new.prisoner = s.prisoner.id;
	enum err err = child_decide(page->service, &page->actor, &new);
	if (err == ERR_NOT_FOUND)
		return page_not_found(page);
	finish(page, form, err, "review", child_show, &s, "child_decided");
}

/* ---- ending ---- */

/* What it is, in words, of those that stand for the prisoner; NULL: none of them. */
static json_t *ending(struct page *page, const struct safeguards *s, struct str kind, int64_t id)
{
	for (size_t i = 0; str_is(kind, "restriction") && i < s->restriction_count; i++)
		if (s->restrictions[i].restriction.id.n == id)
			return word_of(page, "people.codes.%s",
				       restriction_code_name(s->restrictions[i].restriction.code));
	for (size_t i = 0; str_is(kind, "alert") && i < s->alerts.count; i++)
		if (s->alerts.list[i].id.n == id)
			return json_string(s->alerts.list[i].code.text);
	for (size_t i = 0; str_is(kind, "apart") && i < s->pair_count; i++) {
		const struct store_non_association *p = &s->pairs[i];
		const struct prisoner *other = p->pair.a.n == s->prisoner.id.n ? &p->b : &p->a;
		if (p->pair.id.n == id)
			return page_str(other->name);
	}
	return NULL;
}

static void end_show(struct page *page, struct form *form, const struct safeguards *s)
{
	json_t *what = ending(page, s, page_param(page, 1), page_param_id(page, 2));
	if (what == NULL)
		return page_not_found(page);
	json_t *heading = view_word(page, "people.end.heading", json_pack("{s:o}", "what", what));
	show_form_headed(page, form, heading, prisoner_path(page, s->prisoner.number));
}

static void end(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "end_safeguard");
	if (find_prisoner(page, &s))
		end_show(page, form, &s);
}

static enum err end_one(struct page *page, struct str kind, int64_t id, struct str reason)
{
	if (str_is(kind, "restriction"))
		return restriction_end(page->service, &page->actor, (struct restriction_id){ id },
				       reason);
	if (str_is(kind, "alert"))
		return alert_end(page->service, &page->actor, (struct alert_id){ id }, reason);
	if (str_is(kind, "apart"))
		return non_association_end(page->service, &page->actor,
					   (struct non_association_id){ id }, reason);
	return ERR_NOT_FOUND;
}

static void end_confirmed(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "end_safeguard");
	struct str reason = reason_of(form, "reason");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return end_show(page, form, &s);
	enum err err = end_one(page, page_param(page, 1), page_param_id(page, 2), reason);
	if (err == ERR_NOT_FOUND)
		return page_not_found(page);
	finish(page, form, err, "reason", end_show, &s, "safeguard_ended");
}

/* ---- movements, level and conviction ---- */

static const char *const MOVEMENTS[] = { "TRANSFERRED",       "TO_COURT", "TO_HOSPITAL",
					 "TEMPORARY_ABSENCE", "RETURNED", "RELEASED",
					 "ADMITTED",          NULL };

static void move_show(struct page *page, struct form *form, const struct safeguards *s)
{
	choices(page, form, "movement", "people.movements.%s", MOVEMENTS);
	show_form(page, form, "people.move.heading", prisoner_path(page, s->prisoner.number));
}

static void move(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "move_prisoner");
	if (find_prisoner(page, &s))
		move_show(page, form, &s);
}

static void moved(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "move_prisoner");
	struct prisoner_movement m = { 0 };
	int movement = form_choice(form, "movement", MOVEMENTS);
	struct str to = form_text_optional(form, "prison", PRISON_CODE_MAX);
	m.reason = reason_of(form, "reason");
	if (form_ok(form))
		(void)movement_of(str_from(MOVEMENTS[movement]), &m.movement);
	bool needs_prison = form_ok(form) &&
			    (m.movement == MOVEMENT_TRANSFERRED || m.movement == MOVEMENT_ADMITTED);
	if (needs_prison && !prison_code_of(to, &m.to))
		form_mistake(form, "prison", "missing");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return move_show(page, form, &s);
	m.number = s.prisoner.number;
	enum err err = prisoner_move(page->service, &page->actor, &m);
	if (err == OK && !actor_works_at(&page->actor, needs_prison ? m.to : s.prisoner.prison))
		return page_redirect(page, "/staff/people?done=prisoner_moved");
	if (err == ERR_NOT_FOUND)
		form_mistake(form, "prison", "unknown");
	finish(page, form, form_ok(form) ? err : OK, "movement", move_show, &s, "prisoner_moved");
}

static const char *const CONVICTIONS[] = { "CONVICTED", "REMAND", NULL };

static void status_show(struct page *page, struct form *form, const struct safeguards *s)
{
	form_default(form, "level_text", s->prisoner.incentive);
	form_default(form, "category", s->prisoner.category);
	form_default(form, "conviction", str_from(CONVICTIONS[s->prisoner.convicted ? 0 : 1]));
	choices(page, form, "conviction", "people.conviction.%s", CONVICTIONS);
	show_form(page, form, "people.status.heading", prisoner_path(page, s->prisoner.number));
}

static void status(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "prisoner_status");
	if (find_prisoner(page, &s))
		status_show(page, form, &s);
}

static void status_set(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "prisoner_status");
	struct prisoner_status new = { 0 };
	new.incentive = form_text(form, "level_text", 3);
	new.category = form_text_optional(form, "category", 3);
	new.convicted = form_choice(form, "conviction", CONVICTIONS) == 0;
	new.reason = reason_of(form, "reason");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return status_show(page, form, &s);
	new.number = s.prisoner.number;
	enum err err = prisoner_set_status(page->service, &page->actor, &new);
	finish(page, form, err, "level_text", status_show, &s, "prisoner_set");
}

/* ---- two numbers of one person ---- */

static void merge_show(struct page *page, struct form *form, const struct safeguards *s)
{
	show_form(page, form, "people.merge.heading", prisoner_path(page, s->prisoner.number));
}

static void merge(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "merge");
	if (find_prisoner(page, &s))
		merge_show(page, form, &s);
}

static const char *merge_fault(enum merge_answer answer)
{
	static const char *const WORDS[] = {
		[MERGE_DONE] = NULL,
		[MERGE_SAME] = "same",
		[MERGE_CLASH] = "clash",
		[MERGE_APART] = "apart",
	};
	return WORDS[answer];
}

static void count_row(const struct page *page, json_t *rows, const char *key, size_t count)
{
	view_row(page, rows, key, json_sprintf("%zu", count));
}

static void merge_confirm(struct page *page, const struct merge_preview *p, struct str reason)
{
	json_t *rows = json_array();
	view_row(page, rows, "people.merge.born", view_date(page, p->from.born));
	view_row(page, rows, "people.merge.where", json_string(p->from.prison.text));
	count_row(page, rows, "people.merge.visits", p->visits);
	count_row(page, rows, "people.merge.contacts", p->contacts);
	count_row(page, rows, "people.merge.restrictions", p->restrictions);
	count_row(page, rows, "people.merge.alerts", p->alerts);
	view_row(page, rows, "people.merge.vo", json_sprintf("%d", p->vo));
	view_row(page, rows, "people.merge.pvo", json_sprintf("%d", p->pvo));
	json_t *view = json_pack(
	    "{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:s}", "back", prisoner_path(page, p->to.number),
	    "number", p->to.number.text, "name", page_str(p->to.name), "from_number",
	    p->from.number.text, "from_name", page_str(p->from.name), "rows", rows, "reason",
	    page_str(reason), "action", arena_text(page->arena, page->request->path));
	view_here(view, "people");
	page_render(page, 200, "people/merge", view);
}

static void merge_asked(struct page *page)
{
	struct safeguards s;
	struct prisoner_number from;
	struct merge_preview preview = { 0 };
	struct form *form = page_form(page, "merge");
	struct str number = form_text(form, "number", NUMBER_TEXT_MAX);
	struct str reason = reason_of(form, "reason");
	if (form_ok(form) && !prisoner_number_of(number, &from))
		form_mistake(form, "number", "bad");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return merge_show(page, form, &s);
	enum err err = prisoner_merge_preview(page->service, &page->actor, page->arena, from,
					      s.prisoner.number, &preview);
	if (err == OK && preview.answer == MERGE_DONE && !form_ticked(form, "confirm", "yes"))
		return merge_confirm(page, &preview, reason);
	if (err == OK && preview.answer == MERGE_DONE)
		err = prisoner_merge(page->service, &page->actor, from, s.prisoner.number, reason,
				     &preview.answer);
	const char *fault = merge_fault(preview.answer);
	if (err == OK && fault != NULL)
		form_mistake(form, "number", fault);
	finish(page, form, err, "number", merge_show, &s, "prisoner_merged");
}

/* ---- allowances ---- */

static const char *const KINDS[] = { "VO", "PVO", "MINUTES", NULL };
static const char *const ADJUST[] = { "EXTRA_VISIT_RULE_35_3",
				      "GOVERNOR_ADJUSTMENT",
				      "BALANCE_TRANSFER_FROM_PREVIOUS_PRISON",
				      "CORRECTIVE_ACTION",
				      "EXCHANGE_FOR_PIN_PHONE_CREDIT",
				      "OTHER",
				      NULL };

static void adjust_show(struct page *page, struct form *form, const struct safeguards *s)
{
	choices(page, form, "kind", "people.kinds.%s", KINDS);
	choices(page, form, "why", "people.adjust.%s", ADJUST);
	show_form(page, form, "people.adjust_heading", prisoner_path(page, s->prisoner.number));
}

static void adjust(struct page *page)
{
	struct safeguards s;
	struct form *form = page_form(page, "adjust");
	if (find_prisoner(page, &s))
		adjust_show(page, form, &s);
}

/* "2", "+2", "-2"; false where it is none of these. */
static bool signed_number(struct str text, int *out)
{
	uint64_t n = 0;
	bool minus = text.len && text.at[0] == '-';
	if (text.len && (minus || text.at[0] == '+'))
		text = str_of(text.at + 1, text.len - 1);
	if (!str_u64(text, 10000, &n) || !n)
		return false;
	*out = minus ? -(int)n : (int)n;
	return true;
}

static void adjusted(struct page *page)
{
	struct safeguards s;
	bool done = false;
	struct form *form = page_form(page, "adjust");
	struct allowance_adjustment a = { 0 };
	int kind = form_choice(form, "kind", KINDS);
	struct str amount = form_text(form, "amount", AMOUNT_TEXT_MAX);
	int why = form_choice(form, "why", ADJUST);
	a.words = reason_of(form, "reason");
	if (form_ok(form) && !signed_number(amount, &a.amount))
		form_mistake(form, "amount", "bad");
	if (!find_prisoner(page, &s))
		return;
	if (!form_ok(form))
		return adjust_show(page, form, &s);
	a.number = s.prisoner.number;
	a.kind = (enum adjust_kind)kind;
	(void)adjust_reason_of(str_from(ADJUST[why]), &a.reason);
	enum err err = allowance_adjust(page->service, &page->actor, &a, &done);
	if (err == OK && !done)
		form_mistake(form, "amount", "range");
	finish(page, form, err, "why", adjust_show, &s, "allowance_adjusted");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/people", WHO_PRISON, .handler = find },
	{ METHOD_POST, "/staff/people", WHO_PRISON, BODY_FORM, .handler = find_asked },
	{ METHOD_GET, "/staff/people/{number}", WHO_PRISON, .handler = prisoner },
	{ METHOD_GET, "/staff/people/{number}/restriction", WHO_ENTERS, .handler = restriction },
	{ METHOD_POST, "/staff/people/{number}/restriction", WHO_ENTERS, BODY_FORM,
	  .handler = restriction_entered },
	{ METHOD_GET, "/staff/people/{number}/alert", WHO_ENTERS, .handler = alert },
	{ METHOD_POST, "/staff/people/{number}/alert", WHO_ENTERS, BODY_FORM,
	  .handler = alert_entered },
	{ METHOD_GET, "/staff/people/{number}/apart", WHO_ENTERS, .handler = apart },
	{ METHOD_POST, "/staff/people/{number}/apart", WHO_ENTERS, BODY_FORM,
	  .handler = apart_entered },
	{ METHOD_GET, "/staff/people/{number}/child/{person}", WHO_GOVERNOR, .handler = child },
	{ METHOD_POST, "/staff/people/{number}/child/{person}", WHO_GOVERNOR, BODY_FORM,
	  .handler = child_decided },
	{ METHOD_GET, "/staff/people/{number}/end/{kind}/{id}", WHO_ENTERS, .handler = end },
	{ METHOD_POST, "/staff/people/{number}/end/{kind}/{id}", WHO_ENTERS, BODY_FORM,
	  .handler = end_confirmed },
	{ METHOD_GET, "/staff/people/{number}/move", WHO_MOVES, .handler = move },
	{ METHOD_POST, "/staff/people/{number}/move", WHO_MOVES, BODY_FORM, .handler = moved },
	{ METHOD_GET, "/staff/people/{number}/status", WHO_SETS, .handler = status },
	{ METHOD_POST, "/staff/people/{number}/status", WHO_SETS, BODY_FORM,
	  .handler = status_set },
	{ METHOD_GET, "/staff/people/{number}/merge", WHO_ADMIN, .handler = merge },
	{ METHOD_POST, "/staff/people/{number}/merge", WHO_ADMIN, BODY_FORM,
	  .handler = merge_asked },
	{ METHOD_GET, "/staff/people/{number}/adjust", WHO_DECIDES, .handler = adjust },
	{ METHOD_POST, "/staff/people/{number}/adjust", WHO_DECIDES, BODY_FORM,
	  .handler = adjusted },
};

const struct route_group people_routes = { rows, ARRAY_LEN(rows) };
