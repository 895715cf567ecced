#include "web/legal_page.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "service/legal.h"
#include "service/prison.h"
#include "web/live.h"
#include "web/times.h"
#include "web/view.h"
#include "web/web.h"

enum {
	NUMBER_TEXT_MAX = 20,
	OTHERS_TEXT_MAX = 400,
	TIME_TEXT_MAX = 60,
	REASON_MAX_CHARACTERS = 400,
};

/* ---- pieces ---- */

static const char *const PROFESSIONS[] = { "SOLICITOR", "BARRISTER",   "LEGAL_EXECUTIVE",
					   "CLERK",     "INTERPRETER", NULL };
static const char *const CAUSES[] = { "NONE",   "CUSTODY_LIMIT", "BAIL",   "HEARING",
				      "PAROLE", "ADJUDICATION",  "APPEAL", NULL };
static const char *const LENGTHS[] = { "15", "30", "45", "60", "90", "120", NULL };

static json_t *named(const struct page *page, const char *group, const char *name)
{
	return json_string(page_word(page, arena_printf(page->arena, "legal.%s.%s", group, name)));
}

static void choices(struct page *page, struct form *form, const char *field, const char *group,
		    const char *const *names)
{
	json_t *items = json_array();
	for (size_t i = 0; names[i]; i++)
		json_array_append_new(
		    items, view_choice(json_string(names[i]), named(page, group, names[i]), NULL));
	form_options(form, field, items);
}

/* ---- asking to be one ---- */

static void show_join(struct page *page, struct form *form)
{
	struct professional mine = { 0 };
	json_t *view = json_object();
	enum err err = professional_mine(page->service, &page->actor, page->arena, &mine);
	if (err != OK && err != ERR_NOT_FOUND) {
		json_decref(view);
		return page_failed(page, err);
	}
	if (err == OK)
		json_object_set_new(view, "asked",
				    named(page, "states", professional_state_name(mine.state)));
	choices(page, form, "profession", "professions", PROFESSIONS);
	view_here(view, "legal");
	page_render_form(page, form, "legal/join", view);
}

static void join_form(struct page *page)
{
	show_join(page, page_form(page, "legal_join"));
}

static void join(struct page *page)
{
	struct form *form = page_form(page, "legal_join");
	struct professional_new new = { .firm = form_text(form, "firm", FIRM_NAME_MAX) };
	int profession = form_choice(form, "profession", PROFESSIONS);
	new.regulator_id = form_text(form, "regulator", REGULATOR_ID_MAX);
	bool dated = form_date(form, "born", &new.born);
	if (dated && date_compare(new.born, local_date(page->service->now)) >= 0)
		form_mistake(form, "born", "bad");
	if (!form_ok(form))
		return show_join(page, form);
	new.profession = (enum profession)profession;
	enum err err = professional_ask(page->service, &page->actor, &new);
	if (err != OK && err != ERR_CONFLICT)
		return page_failed(page, err);
	page_redirect(page, "/legal/join?done=legal_asked");
}

/* ---- booking ---- */

static json_t *clock_view(struct page *page, const struct wait_clock *c)
{
	const struct waiting *w = &c->waiting;
	return json_pack(
	    "{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:s, s:b}", "prisoner",
	    page_str(w->prisoner_name), "number", w->prisoner_number.text, "booker",
	    page_str(w->booker_name), "class",
	    named(page, "classes", waiting_class_name(c->rank.class)), "asked",
	    view_when(page, w->need.asked_at), "due", page_date(page, c->due), "waited",
	    view_word(page, "legal.waited", json_pack("{s:I}", "n", (json_int_t)c->waited_days)),
	    "late", c->late, "reference", w->reference.text, "booked", w->start.s != 0);
}

static void add_when(struct page *page, const struct wait_clock *c, json_t *line)
{
	bool staff = role_is_staff(page->actor.role);
	bool of_prison = staff && !prison_code_empty(page->actor.prison);
	if (c->waiting.start.s)
		json_object_set_new(line, "when", view_when(page, c->waiting.start));
	json_object_set_new(line, "may_open", json_boolean(of_prison));
}

/* Whose, for those who see those of all prisons. */
static enum err add_prison(struct page *page, const struct wait_clock *c, json_t *line)
{
	struct prison prison = { 0 };
	if (page->actor.role == ROLE_FAMILY || !prison_code_empty(page->actor.prison))
		return OK;
	enum err err = prison_find(page->service, page->arena, c->waiting.prison, &prison);
	if (err == OK)
		json_object_set_new(line, "prison",
				    page_prison_name(page, prison.code, prison.name));
	return err;
}

static enum err add_waits(struct page *page, json_t *view)
{
	struct wait_list list = { 0 };
	json_t *lines = json_array();
	enum err err = waits_find(page->service, &page->actor, page->arena, &list);
	for (size_t i = 0; err == OK && i < list.count; i++) {
		json_t *line = clock_view(page, &list.list[i]);
		add_when(page, &list.list[i], line);
		err = add_prison(page, &list.list[i], line);
		json_array_append_new(lines, line);
	}
	view_list(view, "waits", lines);
	if (list.more)
		json_object_set_new(view, "more",
				    view_word(page, "legal.waits.more",
					      json_pack("{s:I}", "n", (json_int_t)list.count)));
	return err;
}

static void add_times(struct page *page, const struct legal_times *found, json_t *view)
{
	view_list(view, "days", times_legal_days(page, found, found->count, STR("")));
	times_say_kept(page, found, view);
	json_object_set_new(view, "found", json_true());
	json_object_set_new(view, "client", page_str(found->prisoner.name));
	json_object_set_new(view, "prison",
			    page_prison_name(page, found->prisoner.prison, found->prison_name));
	json_object_set_new(view, "class",
			    named(page, "classes", waiting_class_name(found->class)));
	json_object_set_new(view, "due", page_date(page, found->due));
}

/* What the times were found for, as hidden fields: they are booked for that, whatever is typed below. */
static json_t *asked_of(struct form *form)
{
	static const char *const FIELDS[] = { "number",         "born-day",      "born-month",
					      "born-year",      "cause",         "deadline-day",
					      "deadline-month", "deadline-year", "minutes",
					      "others" };
	json_t *asked = json_array();
	for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++)
		json_array_append_new(asked, json_pack("{s:s, s:o}", "name", FIELDS[i], "value",
						       page_str(form_raw(form, FIELDS[i]))));
	return asked;
}

static void show(struct page *page, struct form *form, const struct legal_times *found)
{
	json_t *view = json_object();
	struct professional mine = { 0 };
	enum err err = professional_mine(page->service, &page->actor, page->arena, &mine);
	if (err == ERR_NOT_FOUND || (err == OK && mine.state != PROFESSIONAL_VERIFIED)) {
		json_decref(view);
		return page_redirect(page, "/legal/join");
	}
	if (err == OK)
		err = add_waits(page, view);
	if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	choices(page, form, "cause", "causes", CAUSES);
	choices(page, form, "minutes", "lengths", LENGTHS);
	if (found) {
		add_times(page, found, view);
		json_object_set_new(view, "asked", asked_of(form));
	}
	view_here(view, "legal");
	page_render_form(page, form, "legal/book", view);
}

static void book_form(struct page *page)
{
	struct form *form = page_form(page, "legal_book");
	form_default(form, "cause", STR("NONE"));
	form_default(form, "minutes", STR("30"));
	show(page, form, NULL);
}

/* A date that may be left out. */
static void read_deadline(struct form *form, struct date *out)
{
	bool any = form_raw(form, "deadline-day").len || form_raw(form, "deadline-month").len ||
		   form_raw(form, "deadline-year").len;
	*out = (struct date){ 0 };
	if (any)
		(void)form_date(form, "deadline", out);
}

/* One address a line. */
static void read_others(struct form *form, struct legal_ask *asked)
{
	struct str lines = form_lines(form, "others", 0, OTHERS_TEXT_MAX);
	while (lines.len) {
		struct str line = str_trim(str_cut(&lines, '\n'));
		if (str_empty(line))
			continue;
		if (asked->other_count == PARTY_MAX - 1) {
			form_mistake(form, "others", "too_many");
			return;
		}
		asked->others[asked->other_count++] = line;
	}
}

static struct legal_ask read_ask(struct form *form)
{
	struct legal_ask asked = { .prisoner_number = form_text(form, "number", NUMBER_TEXT_MAX) };
	(void)form_date(form, "born", &asked.prisoner_born);
	int cause = form_choice(form, "cause", CAUSES);
	read_deadline(form, &asked.deadline);
	int length = form_choice(form, "minutes", LENGTHS);
	read_others(form, &asked);
	asked.cause = cause >= 0 ? (enum waiting_cause)cause : WAITING_FOR_NOTHING;
	asked.minutes = length >= 0 ? WAITING_LENGTHS[length] : 0;
	if (cause > 0 && !asked.deadline.year && form_ok(form))
		form_mistake(form, "deadline", "needed");
	if (cause == 0 && asked.deadline.year)
		form_mistake(form, "deadline", "not_needed");
	return asked;
}

/* A mistake beside the field, for every answer that is not a list of times. */
static bool understood(struct form *form, enum legal_answer answer)
{
	static const char *const FIELDS[LEGAL_ANSWER_COUNT][2] = {
		[LEGAL_NOT_VERIFIED] = { "number", "not_verified" },
		[LEGAL_NO_CLIENT] = { "number", "no_match" },
		[LEGAL_NEED] = { "deadline", "past" },
		[LEGAL_OTHER] = { "others", "unknown" },
		[LEGAL_BLOCK_BOOKED] = { "cause", "too_many" },
		[LEGAL_NO_RULES] = { "number", "closed" },
		[LEGAL_LIST_FULL] = { "number", "list_full" },
		[LEGAL_PAST_DATE] = { "deadline", "past" }, /* of moves alone */
	};
	if (answer == LEGAL_FINE)
		return true;
	form_mistake(form, FIELDS[answer][0], FIELDS[answer][1]);
	return false;
}

static void find(struct page *page, struct form *form, const struct legal_ask *asked)
{
	struct legal_times *found = arena_new(page->arena, 1, sizeof *found);
	enum err err = legal_times_find(page->service, &page->actor, page->arena, asked, found);
	if (err != OK)
		return page_failed(page, err);
	show(page, form, understood(form, found->answer) ? found : NULL);
}

/* The first press finds times, the second takes the chosen one. */
static void book(struct page *page)
{
	struct form *form = page_form(page, "legal_book");
	struct legal_ask asked = read_ask(form);
	struct str chosen = form_text_optional(form, "time", TIME_TEXT_MAX);
	struct legal_time time = { 0 };
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	bool waits = str_is(chosen, "wait"), takes = form_ticked(form, "take", "1");
	if (!form_ok(form))
		return show(page, form, NULL);
	if (!takes || str_empty(chosen) || (!waits && !times_read_legal(chosen, &time)))
		return find(page, form, &asked);
	enum err err =
	    legal_book(page->service, &page->actor, &asked, time, &answer, &verdict, &reference);
	if (err != OK)
		return page_failed(page, err);
	if (!understood(form, answer))
		return show(page, form, NULL);
	if (waits)
		return page_redirect(page, "/waiting?done=legal_waits");
	if (!verdict_clean(verdict)) {
		form_mistake(form, "time", times_legal_no(verdict));
		asked.wanted = time.start;
		return find(page, form, &asked);
	}
	page_redirect(page, "/visits/%s?done=legal_booked", reference.text);
}

/* ---- staff ---- */

static json_t *professional_view(struct page *page, const struct professional *p)
{
	bool mine = p->first_by.n == page->actor.account.n;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b}", "id",
			 page_id(p->account.n), "name", page_str(p->name), "email",
			 page_str(p->email), "firm", page_str(p->firm_name), "profession",
			 named(page, "professions", profession_name(p->profession)), "regulator",
			 page_str(p->regulator_id), "state",
			 named(page, "states", professional_state_name(p->state)), "seen_by_me",
			 p->state == PROFESSIONAL_SEEN && mine, "may_approve",
			 p->state == PROFESSIONAL_ASKED || (p->state == PROFESSIONAL_SEEN && !mine),
			 "verified", p->state == PROFESSIONAL_VERIFIED);
}

static void professionals(struct page *page)
{
	struct professional_list list = { 0 };
	enum err err = professionals_find(page->service, &page->actor, page->arena, &list);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array(), *view = json_object();
	for (size_t i = 0; i < list.count; i++)
		json_array_append_new(lines, professional_view(page, &list.list[i]));
	view_list(view, "professionals", lines);
	view_here(view, "professionals");
	page_render(page, 200, "legal/professionals", view);
}

static void approve(struct page *page)
{
	enum approval_answer answer;
	struct account_id account = { page_param_id(page, 0) };
	enum err err = professional_say_yes(page->service, &page->actor, account, &answer);
	if (err != OK)
		return page_failed(page, err);
	static const char *const DONE[] = {
		[APPROVAL_GIVEN] = "professional_seen",
		[APPROVAL_COMPLETE] = "professional_verified",
		[APPROVAL_SAME] = "professional_same",
		[APPROVAL_NOT_OPEN] = "professional_over",
	};
	page_redirect(page, "/staff/professionals?done=%s", DONE[answer]);
}

static void show_end(struct page *page, struct form *form, const struct professional *p)
{
	json_t *rows = json_array();
	view_row(page, rows, "legal.professionals.name", page_str(p->name));
	view_row(page, rows, "legal.professionals.firm", page_str(p->firm_name));
	view_row(page, rows, "legal.professionals.state",
		 named(page, "states", professional_state_name(p->state)));
	json_t *view = json_pack("{s:s, s:o, s:o, s:o, s:b}", "back", "/staff/professionals", "id",
				 page_id(p->account.n), "name", page_str(p->name), "rows", rows,
				 "verified", p->state == PROFESSIONAL_VERIFIED);
	view_here(view, "professionals");
	page_render_form(page, form, "legal/end", view);
}

/* False after answering. */
static bool find_professional(struct page *page, struct professional *out)
{
	struct account_id account = { page_param_id(page, 0) };
	enum err err = professional_find(page->service, &page->actor, page->arena, account, out);
	if (err == ERR_CONFLICT)
		page_redirect(page, "/staff/professionals?done=professional_over");
	else if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void end_form(struct page *page)
{
	struct professional p = { 0 };
	if (find_professional(page, &p))
		show_end(page, page_form(page, "professional"), &p);
}

/* Their devices go with this turn; the minutes that were heard are kept. */
enum err legal_put_out(struct page *page, const struct professional *p, struct str reason)
{
	struct visit_list now = { 0 };
	struct live *live = page->web->live;
	enum err err =
	    professional_visits_now(page->service, &page->actor, page->arena, p->account, &now);
	for (size_t i = 0; i < now.count && err == OK; i++)
		live_write_heard(live, now.list[i].reference);
	if (err == OK)
		err = professional_say_no(page->service, &page->actor, p->account, reason);
	for (size_t i = 0; i < now.count && err == OK; i++)
		live_reread(live, now.list[i].reference);
	return err;
}

static void end(struct page *page)
{
	struct form *form = page_form(page, "professional");
	struct str reason = form_lines(form, "reason", 1, REASON_MAX_CHARACTERS);
	struct professional p = { 0 };
	if (!find_professional(page, &p))
		return;
	if (!form_ok(form))
		return show_end(page, form, &p);
	enum err err = legal_put_out(page, &p, reason);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/professionals?done=professional_ended");
}

static void waits(struct page *page)
{
	json_t *view = json_object();
	enum err err = add_waits(page, view);
	if (err != OK) {
		json_decref(view);
		return page_failed(page, err);
	}
	view_here(view, "waits");
	page_render(page, 200, "legal/waits", view);
}

enum {
	WHO_APPROVES = WHO_CONTACTS | WHO_GOVERNOR | WHO_HQ_ADMIN,
	WHO_SEES_WAITS = WHO_PRISON | WHO_HQ | WHO_INSPECTOR,
};

static const struct route rows[] = {
	{ METHOD_GET, "/legal", WHO_FAMILY, .handler = book_form },
	{ METHOD_POST, "/legal", WHO_FAMILY, BODY_FORM, .handler = book },
	{ METHOD_GET, "/legal/join", WHO_FAMILY, .handler = join_form },
	{ METHOD_POST, "/legal/join", WHO_FAMILY, BODY_FORM, .handler = join },
	{ METHOD_GET, "/staff/waits", WHO_SEES_WAITS, .handler = waits },
	{ METHOD_GET, "/staff/professionals", WHO_APPROVES, .handler = professionals },
	{ METHOD_POST, "/staff/professionals/{account}/approve", WHO_APPROVES, BODY_FORM,
	  .handler = approve },
	{ METHOD_GET, "/staff/professionals/{account}/end", WHO_APPROVES, .handler = end_form },
	{ METHOD_POST, "/staff/professionals/{account}/end", WHO_APPROVES, BODY_FORM,
	  .handler = end },
};

const struct route_group legal_routes = { rows, ARRAY_LEN(rows) };
