#include "web/staff_sessions.h"

#include <string.h>

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/place.h"
#include "service/timetable.h"
#include "web/confirm.h"
#include "web/view.h"

enum {
	WHO_SEES = WHO_PRISON | WHO_HQ_ADMIN | WHO_INSPECTOR,
	WHO_SETS = WHO_ADMIN | WHO_HQ_ADMIN,
};

enum {
	NAME_MAX = SESSION_NAME_MAX,
	GROUPS_TEXT_MAX = 600,
	CLOCK_TEXT_MAX = 20,
	DAYS = 7,
	CAPACITY_MAX = 200,
	WEEKS_MAX = 52,
	SLOT_MAX = 240,
};

/* ---- words ---- */

/* A word of an area of ours, "kinds" or "clients". */
static const char *word(const struct page *page, const char *list, const char *part)
{
	return page_word(page, arena_printf(page->arena, "times.%s.%s", list, part));
}

static const char *weekday_word(const struct page *page, int day)
{
	return page_word(page, arena_printf(page->arena, "times.weekdays.%d", day));
}

static json_t *kinds_text(const struct page *page, unsigned kinds)
{
	const char *text = "";
	for (unsigned kind = 0; kind < VISIT_KIND_COUNT; kind++)
		if (kinds & 1U << kind)
			text = arena_printf(
			    page->arena, "%s%s%s", text, text[0] ? ", " : "",
			    word(page, "kinds", visit_kind_name((enum visit_kind)kind)));
	return json_string(text);
}

static json_t *capacity_text(const struct page *page, int capacity)
{
	if (capacity == SESSION_CAPACITY_NONE)
		return json_string(page_word(page, "times.session.no_limit"));
	return json_sprintf("%d", capacity);
}

/* "A, B-2": the groups of one kind. */
static const char *groups_text(const struct page *page, const struct session_template *t,
			       enum session_group_kind kind)
{
	const char *text = "";
	for (size_t i = 0; i < t->group_count; i++)
		if (t->groups[i].kind == kind)
			text = arena_printf(page->arena, "%s%s%.*s", text, text[0] ? ", " : "",
					    STR_FMT(t->groups[i].value));
	return text;
}

static json_t *name_of(const struct page *page, const struct session_template *t)
{
	if (!str_empty(t->name))
		return page_str(t->name);
	return json_sprintf("%s–%s", clock_text(page, t->start_minute),
			    clock_text(page, t->end_minute));
}

static const char *back_link(const struct page *page)
{
	return arena_printf(page->arena, "/staff/sessions%s", staff_prison_query(page));
}

/* ---- the list ---- */

static json_t *session_line(const struct page *page, const struct session_template *t)
{
	json_t *line =
	    json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:i, s:o, s:o, s:i}", "id", page_id(t->id.n),
		      "name", name_of(page, t), "days", view_weekdays(page, t->weekdays), "start",
		      clock_text(page, t->start_minute), "end", clock_text(page, t->end_minute),
		      "kinds", kinds_text(page, t->kinds), "slot", t->slot_minutes, "open",
		      capacity_text(page, t->open_capacity), "from", view_date(page, t->valid_from),
		      "weeks", t->every_weeks);
	json_object_set_new(line, "to",
			    t->valid_to.year ? view_date(page, t->valid_to) : json_null());
	json_object_set_new(
	    line, "later",
	    json_boolean(date_compare(t->valid_from, local_date(page->service->now)) > 0));
	json_object_set_new(line, "seldom", json_boolean(t->every_weeks > 1));
	json_object_set_new(line, "query", json_string(staff_prison_query(page)));
	return line;
}

static json_t *exclude_line(const struct page *page, const struct exclude_date *e)
{
	json_t *line = json_pack("{s:o, s:o, s:o, s:b}", "id", page_id(e->id.n), "day",
				 view_date(page, e->day), "reason", page_str(e->reason), "whole",
				 e->session.n == 0);
	json_object_set_new(line, "session", page_str(e->session_name));
	json_object_set_new(line, "may_change", json_boolean(page_is_for(page, WHO_SETS)));
	json_object_set_new(line, "query", json_string(staff_prison_query(page)));
	return line;
}

static void list(struct page *page)
{
	struct prison_code prison = staff_prison(page);
	struct session_list sessions;
	struct exclude_date_list dates;
	enum err err = sessions_find(page->service, &page->actor, page->arena, prison, &sessions);
	if (err == OK)
		err = exclude_dates_find(page->service, &page->actor, page->arena, prison, &dates);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array(), *excludes = json_array();
	for (size_t i = 0; i < sessions.count; i++)
		json_array_append_new(lines, session_line(page, &sessions.list[i]));
	for (size_t i = 0; i < dates.count; i++)
		json_array_append_new(excludes, exclude_line(page, &dates.list[i]));
	json_t *view = json_pack("{s:b, s:s}", "may_change", page_is_for(page, WHO_SETS), "query",
				 staff_prison_query(page));
	view_list(view, "sessions", lines);
	view_list(view, "excludes", excludes);
	view_here(view, "sessions");
	page_render(page, 200, "staff/sessions", view);
}

/* ---- one session: the form ---- */

static void day_choices(const struct page *page, struct form *form)
{
	json_t *items = json_array();
	for (int day = 1; day <= DAYS; day++)
		json_array_append_new(items,
				      view_choice(json_sprintf("%d", day),
						  json_string(weekday_word(page, day)), NULL));
	form_options(form, "days", items);
}

static void named_choices(const struct page *page, struct form *form, const char *field,
			  const char *words, const char *const *values)
{
	json_t *items = json_array();
	for (size_t i = 0; values[i] != NULL; i++)
		json_array_append_new(items,
				      view_choice(json_string(values[i]),
						  json_string(word(page, words, values[i])), NULL));
	form_options(form, field, items);
}

/* What a visit in it costs, where the prison's rules take visiting orders. */
static const char *const ORDERS[] = { "VO_PVO", "VO", "PVO", "NONE", NULL };
static const char *const KINDS[] = { "SOCIAL", "LEGAL", "OFFICIAL", NULL };
static const char *const CLIENTS[] = { "both", "family", "staff", NULL };
static const unsigned CLIENT_BITS[] = { SESSION_FAMILY | SESSION_STAFF, SESSION_FAMILY,
					SESSION_STAFF };
static const char *const INCLUDES[] = { "only", "not", NULL };
/* The fields of the three kinds of groups, and whether their list admits or keeps out. */
static const char *const GROUP_FIELDS[GROUP_KIND_COUNT][2] = {
	[GROUP_LOCATION] = { "locations", "locations_how" },
	[GROUP_CATEGORY] = { "categories", "categories_how" },
	[GROUP_INCENTIVE] = { "incentives", "incentives_how" },
};

static enum err add_rooms(struct page *page, struct form *form)
{
	struct place_list places;
	enum err err =
	    places_find(page->service, &page->actor, page->arena, staff_prison(page), &places);
	if (err != OK)
		return err;
	json_t *items = json_array();
	json_array_append_new(
	    items, view_choice(json_string("0"),
			       json_string(page_word(page, "times.session.any_room")), NULL));
	for (size_t i = 0; i < places.room_count; i++)
		json_array_append_new(items, view_choice(page_id(places.rooms[i].id.n),
							 page_str(places.rooms[i].name), NULL));
	form_options(form, "room", items);
	return OK;
}

static const char *number_text(const struct page *page, int n)
{
	return n == SESSION_CAPACITY_NONE ? "" : arena_printf(page->arena, "%d", n);
}

static void set_default(struct form *form, const char *field, const char *text)
{
	form_default(form, field, str_from(text));
}

/* What a session is now, in the fields. */
static void add_defaults(const struct page *page, struct form *form,
			 const struct session_template *t)
{
	char day[DATE_TEXT_ROOM];
	const char *days = "", *kinds = "";
	for (int d = 1; d <= DAYS; d++)
		if (t->weekdays & 1U << d)
			days = arena_printf(page->arena, "%s%s%d", days, days[0] ? "," : "", d);
	for (unsigned k = 0; k < VISIT_KIND_COUNT; k++)
		if (session_is_for(t, (enum visit_kind)k))
			kinds = arena_printf(page->arena, "%s%s%s", kinds, kinds[0] ? "," : "",
					     visit_kind_name((enum visit_kind)k));
	form_default(form, "name", t->name);
	set_default(form, "days", days);
	set_default(form, "kinds", kinds);
	set_default(form, "start", clock_text(page, t->start_minute));
	set_default(form, "end", clock_text(page, t->end_minute));
	set_default(form, "slot", number_text(page, t->slot_minutes));
	set_default(form, "weeks", number_text(page, t->every_weeks));
	for (size_t c = 0; c < ARRAY_LEN(CLIENT_BITS); c++)
		if (t->clients == CLIENT_BITS[c])
			set_default(form, "clients", CLIENTS[c]);
	set_default(form, "room", arena_printf(page->arena, "%lld", (long long)t->room.n));
	set_default(form, "open", number_text(page, t->open_capacity));
	set_default(form, "closed", number_text(page, t->closed_capacity));
	set_default(form, "order", order_need_name(t->order_need));
	for (int kind = 0; kind < GROUP_KIND_COUNT; kind++) {
		set_default(form, GROUP_FIELDS[kind][0],
			    groups_text(page, t, (enum session_group_kind)kind));
		set_default(form, GROUP_FIELDS[kind][1],
			    INCLUDES[(t->includes >> kind & 1) ? 0 : 1]);
	}
	if (t->valid_to.year) {
		date_write(t->valid_to, day);
		set_default(form, "last", arena_printf(page->arena, "%s", day));
	}
}

/* A new session begins as most are. */
static struct session_template usual(struct prison_code prison)
{
	return (struct session_template){
		.prison = prison,
		.weekdays = 0x3e,
		.start_minute = 14 * 60,
		.end_minute = 16 * 60,
		.slot_minutes = 30,
		.every_weeks = 1,
		.kinds = 1,
		.clients = SESSION_FAMILY | SESSION_STAFF,
		.open_capacity = SESSION_CAPACITY_NONE,
		.closed_capacity = SESSION_CAPACITY_NONE,
		.includes = (1U << GROUP_KIND_COUNT) - 1,
	};
}

static void show_form(struct page *page, struct form *form, const struct session_template *t)
{
	enum err err = add_rooms(page, form);
	if (err != OK)
		return page_failed(page, err);
	add_defaults(page, form, t);
	day_choices(page, form);
	named_choices(page, form, "kinds", "kinds", KINDS);
	named_choices(page, form, "clients", "clients", CLIENTS);
	named_choices(page, form, "order", "orders", ORDERS);
	for (int kind = 0; kind < GROUP_KIND_COUNT; kind++)
		named_choices(page, form, GROUP_FIELDS[kind][1], "includes", INCLUDES);
	json_t *view = json_pack("{s:s, s:o, s:b}", "back", back_link(page), "action",
				 json_sprintf("%s%s", arena_text(page->arena, page->request->path),
					      staff_prison_query(page)),
				 "is_new", t->id.n == 0);
	if (t->id.n)
		json_object_set_new(view, "end",
				    json_sprintf("/staff/sessions/%lld/end%s", (long long)t->id.n,
						 staff_prison_query(page)));
	view_here(view, "sessions");
	page_render_form(page, form, "staff/session", view);
}

/* ---- reading it ---- */

static int read_clock(struct form *form, const char *field)
{
	struct str text = form_text(form, field, CLOCK_TEXT_MAX);
	int minute = 0;
	if (!str_empty(text) && !clock_words_of(text, &minute))
		form_mistake(form, field, "bad");
	return minute;
}

static int read_capacity(struct form *form, const char *field)
{
	if (str_empty(str_trim(form_raw(form, field))))
		return SESSION_CAPACITY_NONE;
	return (int)form_number(form, field, 0, CAPACITY_MAX);
}

static unsigned read_bits(struct form *form, const char *field, const char *const *words,
			  unsigned first)
{
	unsigned bits = 0;
	for (unsigned i = 0; words[i] != NULL; i++)
		if (form_ticked(form, field, words[i]))
			bits |= 1U << (i + first);
	if (!bits)
		form_mistake(form, field, "missing");
	return bits;
}

/* "A, B-2": each a group of the kind. */
static void read_groups(struct page *page, struct form *form, enum session_group_kind kind,
			struct session_template *t)
{
	struct str rest = form_text_optional(form, GROUP_FIELDS[kind][0], GROUPS_TEXT_MAX);
	(void)page;
	while (!str_empty(rest)) {
		struct str value = str_trim(str_cut(&rest, ','));
		if (str_empty(value))
			continue;
		if (t->group_count == SESSION_GROUPS_MAX || value.len > SESSION_NAME_MAX) {
			form_mistake(form, GROUP_FIELDS[kind][0], "bad");
			return;
		}
		t->groups[t->group_count++] =
		    (struct session_group){ .kind = kind, .value = value };
	}
	if (!str_is(form_raw(form, GROUP_FIELDS[kind][1]), "not"))
		t->includes |= 1U << kind;
}

/* What session_fault() found, at the field that it is about. */
static void add_fault(struct form *form, enum session_fault fault)
{
	static const char *const FIELDS[] = {
		[SESSION_BAD_DAYS] = "days",     [SESSION_BAD_TIMES] = "end",
		[SESSION_BAD_LENGTH] = "slot",   [SESSION_BAD_WEEKS] = "weeks",
		[SESSION_BAD_DATES] = "last",    [SESSION_BAD_KINDS] = "kinds",
		[SESSION_BAD_CAPACITY] = "open", [SESSION_BAD_GROUPS] = "locations",
	};
	if (fault != SESSION_FINE)
		form_mistake(form, FIELDS[fault], "bad");
}

static struct session_edit read_session(struct page *page, struct form *form,
					const struct session_template *old)
{
	static const char *const DAY_VALUES[] = { "1", "2", "3", "4", "5", "6", "7", NULL };
	struct session_edit edit = { .session = { .id = old->id, .prison = old->prison } };
	struct session_template *t = &edit.session;
	uint64_t room = 0;
	t->groups = arena_new(page->arena, SESSION_GROUPS_MAX, sizeof *t->groups);
	t->name = form_text_optional(form, "name", NAME_MAX);
	t->weekdays = read_bits(form, "days", DAY_VALUES, 1);
	t->start_minute = read_clock(form, "start");
	t->end_minute = read_clock(form, "end");
	t->slot_minutes = (int)form_number(form, "slot", 5, SLOT_MAX);
	t->every_weeks = (int)form_number(form, "weeks", 1, WEEKS_MAX);
	t->kinds = read_bits(form, "kinds", KINDS, 0);
	int clients = form_choice(form, "clients", CLIENTS);
	t->clients = clients < 0 ? 0 : CLIENT_BITS[clients];
	int order = form_choice(form, "order", ORDERS);
	if (order >= 0)
		(void)order_need_of(str_from(ORDERS[order]), &t->order_need);
	if (!str_u64(form_raw(form, "room"), INT64_MAX, &room))
		form_mistake(form, "room", "missing");
	t->room.n = (int64_t)room;
	t->open_capacity = read_capacity(form, "open");
	t->closed_capacity = read_capacity(form, "closed");
	for (int kind = 0; kind < GROUP_KIND_COUNT; kind++)
		read_groups(page, form, (enum session_group_kind)kind, t);
	t->valid_from = staff_day(page, form, "from", local_date(page->service->now));
	t->valid_to = staff_day(page, form, "last", (struct date){ 0 });
	edit.reason = staff_reason(form);
	if (form_ok(form))
		add_fault(form, session_fault(t));
	return edit;
}

static json_t *edit_rows(struct page *page, const struct session_edit *edit)
{
	const struct session_template *t = &edit->session;
	json_t *rows = json_array();
	view_row(page, rows, "times.session.name", name_of(page, t));
	view_row(page, rows, "times.session.days", view_weekdays(page, t->weekdays));
	view_row(page, rows, "times.session.times",
		 json_sprintf("%s–%s", clock_text(page, t->start_minute),
			      clock_text(page, t->end_minute)));
	view_row(page, rows, "times.session.slot",
		 view_word(page, "times.units.minutes", json_pack("{s:i}", "n", t->slot_minutes)));
	view_row(page, rows, "times.session.kinds", kinds_text(page, t->kinds));
	view_row(page, rows, "times.session.order",
		 json_string(word(page, "orders", order_need_name(t->order_need))));
	view_row(page, rows, "times.session.open", capacity_text(page, t->open_capacity));
	view_row(page, rows, "times.rule.from", view_date(page, t->valid_from));
	view_row(page, rows, "times.rule.reason", page_str(edit->reason));
	return rows;
}

static const char *const FIELDS[] = {
	"name",           "days",       "start",          "end",           "slot",
	"weeks",          "kinds",      "clients",        "room",          "open",
	"order",          "closed",     "locations",      "locations_how", "categories",
	"categories_how", "incentives", "incentives_how", "from",          "last",
	"reason",         NULL,
};

static void save_session(struct page *page, const struct session_template *old)
{
	struct form *form = page_form(page, "session");
	struct session_edit edit = read_session(page, form, old);
	struct effect_list effects;
	if (!form_ok(form))
		return show_form(page, form, old);
	bool save = confirm_given(form);
	enum err err = session_save(page->service, &page->actor, page->arena, &edit,
				    save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err != OK)
		return page_failed(page, err);
	if (save)
		return staff_done(page, "/staff/sessions", "session_saved");
	confirm_show(page, form,
		     &(struct confirm){ .rows = edit_rows(page, &edit),
					.fields = FIELDS,
					.effects = &effects,
					.back = back_link(page),
					.here = "sessions" });
}

static void new_form(struct page *page)
{
	struct session_template t = usual(staff_prison(page));
	show_form(page, page_form(page, "session"), &t);
}

static void add(struct page *page)
{
	struct session_template t = usual(staff_prison(page));
	save_session(page, &t);
}

static bool find_session(struct page *page, struct session_template *out)
{
	struct session_template_id id = { page_param_id(page, 0) };
	enum err err = session_find(page->service, &page->actor, page->arena, id, out);
	if (err == OK && !prison_code_equal(out->prison, staff_prison(page)))
		err = ERR_NOT_FOUND;
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void edit_form(struct page *page)
{
	struct session_template t;
	if (find_session(page, &t))
		show_form(page, page_form(page, "session"), &t);
}

static void edit(struct page *page)
{
	struct session_template t;
	if (find_session(page, &t))
		save_session(page, &t);
}

/* ---- ending one ---- */

static void show_end(struct page *page, struct form *form, const struct session_template *t)
{
	json_t *view = json_pack("{s:s, s:o, s:o}", "back", back_link(page), "name",
				 name_of(page, t), "action",
				 json_sprintf("%s%s", arena_text(page->arena, page->request->path),
					      staff_prison_query(page)));
	view_here(view, "sessions");
	page_render_form(page, form, "staff/session-end", view);
}

static void end_form(struct page *page)
{
	struct session_template t;
	if (find_session(page, &t))
		show_end(page, page_form(page, "session_end"), &t);
}

static void end(struct page *page)
{
	static const char *const END_FIELDS[] = { "last", "reason", NULL };
	struct form *form = page_form(page, "session_end");
	struct session_template t;
	struct effect_list effects;
	if (!find_session(page, &t))
		return;
	struct date last = staff_day(page, form, "last", (struct date){ 0 });
	struct str reason = staff_reason(form);
	if (!last.year)
		form_mistake(form, "last", "missing");
	if (!form_ok(form))
		return show_end(page, form, &t);
	bool save = confirm_given(form);
	enum err err = session_end(page->service, &page->actor, page->arena, t.id, last, reason,
				   save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err != OK)
		return page_failed(page, err);
	if (save)
		return staff_done(page, "/staff/sessions", "session_ended");
	json_t *rows = json_array();
	view_row(page, rows, "times.session.name", name_of(page, &t));
	view_row(page, rows, "times.session.last", view_date(page, last));
	view_row(page, rows, "times.rule.reason", page_str(reason));
	confirm_show(page, form,
		     &(struct confirm){ .rows = rows,
					.fields = END_FIELDS,
					.effects = &effects,
					.back = back_link(page),
					.here = "sessions" });
}

/* ---- days without visits ---- */

static void show_exclude(struct page *page, struct form *form)
{
	struct session_list sessions;
	enum err err =
	    sessions_find(page->service, &page->actor, page->arena, staff_prison(page), &sessions);
	if (err != OK)
		return page_failed(page, err);
	json_t *items = json_array();
	json_array_append_new(
	    items, view_choice(json_string("0"),
			       json_string(page_word(page, "times.exclude.whole")), NULL));
	for (size_t i = 0; i < sessions.count; i++)
		json_array_append_new(items,
				      view_choice(page_id(sessions.list[i].id.n),
						  name_of(page, &sessions.list[i]),
						  view_weekdays(page, sessions.list[i].weekdays)));
	form_options(form, "session", items);
	form_default(form, "session", STR("0"));
	json_t *view =
	    json_pack("{s:s, s:o}", "back", back_link(page), "action",
		      json_sprintf("/staff/sessions/exclude%s", staff_prison_query(page)));
	view_here(view, "sessions");
	page_render_form(page, form, "staff/exclude", view);
}

static void exclude_form(struct page *page)
{
	show_exclude(page, page_form(page, "exclude"));
}

static void exclude(struct page *page)
{
	static const char *const EXCLUDE_FIELDS[] = { "day", "session", "reason", NULL };
	struct form *form = page_form(page, "exclude");
	struct exclude_date date = { .prison = staff_prison(page) };
	struct effect_list effects;
	uint64_t session = 0;
	date.day = staff_day(page, form, "day", (struct date){ 0 });
	date.reason = staff_reason(form);
	if (!date.day.year)
		form_mistake(form, "day", "missing");
	if (!str_u64(form_raw(form, "session"), INT64_MAX, &session))
		form_mistake(form, "session", "missing");
	date.session.n = (int64_t)session;
	if (!form_ok(form))
		return show_exclude(page, form);
	bool save = confirm_given(form);
	enum err err = exclude_date_add(page->service, &page->actor, page->arena, &date,
					save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "day", "conflict");
		return show_exclude(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	if (save)
		return staff_done(page, "/staff/sessions", "day_excluded");
	json_t *rows = json_array();
	view_row(page, rows, "times.exclude.day", view_when(page, local_midnight(date.day)));
	view_row(page, rows, "times.rule.reason", page_str(date.reason));
	confirm_show(
	    page, form,
	    &(struct confirm){ .rows = rows,
			       .fields = EXCLUDE_FIELDS,
			       .effects = &effects,
			       .back = arena_printf(page->arena, "/staff/sessions/exclude%s",
						    staff_prison_query(page)),
			       .here = "sessions" });
}

static void include(struct page *page)
{
	struct exclude_date_id id = { page_param_id(page, 0) };
	enum err err =
	    exclude_date_remove(page->service, &page->actor, page->arena, staff_prison(page), id);
	if (err != OK)
		return page_failed(page, err);
	staff_done(page, "/staff/sessions", "day_included");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/sessions", WHO_SEES, .handler = list },
	{ METHOD_GET, "/staff/sessions/new", WHO_SETS, .handler = new_form },
	{ METHOD_POST, "/staff/sessions/new", WHO_SETS, BODY_FORM, .handler = add },
	{ METHOD_GET, "/staff/sessions/exclude", WHO_SETS, .handler = exclude_form },
	{ METHOD_POST, "/staff/sessions/exclude", WHO_SETS, BODY_FORM, .handler = exclude },
	{ METHOD_POST, "/staff/sessions/exclude/{day}/remove", WHO_SETS, BODY_FORM,
	  .handler = include },
	{ METHOD_GET, "/staff/sessions/{session}", WHO_SETS, .handler = edit_form },
	{ METHOD_POST, "/staff/sessions/{session}", WHO_SETS, BODY_FORM, .handler = edit },
	{ METHOD_GET, "/staff/sessions/{session}/end", WHO_SETS, .handler = end_form },
	{ METHOD_POST, "/staff/sessions/{session}/end", WHO_SETS, BODY_FORM, .handler = end },
};

const struct route_group staff_sessions_routes = { rows, ARRAY_LEN(rows) };
