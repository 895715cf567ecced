#include "web/staff_setup.h"

#include "base/assert.h"
#include "service/place.h"
#include "service/prison.h"
#include "service/staff.h"
#include "service/timetable.h"
#include "web/confirm.h"
#include "web/view.h"

enum {
	NAME_MAX_CHARACTERS = 60,
	REASON_CHARACTERS = 200,
	WHO_SETS = WHO_ADMIN | WHO_HQ_ADMIN,
};

static const char SETUP[] = "/staff/setup";
static const char *const USES[] = { "SHARED", "SOCIAL", "LEGAL", "OFFICIAL", "SCHEDULE", NULL };

/* ---- what there is ---- */

struct stock {
	struct prison prison;
	struct place_list places;
	size_t rooms, terminals, enrolled, sessions;
};

static enum err stock_find(struct page *page, struct stock *out)
{
	struct stock s = { 0 };
	struct session_list sessions = { 0 };
	struct prison_code code = staff_prison(page);
	enum err err = prison_find(page->service, page->arena, code, &s.prison);
	if (err == OK)
		err = places_find(page->service, &page->actor, page->arena, code, &s.places);
	if (err == OK)
		err = sessions_find(page->service, &page->actor, page->arena, code, &sessions);
	for (size_t i = 0; i < s.places.room_count; i++)
		s.rooms += s.places.rooms[i].active;
	for (size_t i = 0; i < s.places.terminal_count; i++) {
		s.terminals += s.places.terminals[i].active;
		s.enrolled += s.places.terminals[i].active && s.places.terminals[i].enrolled;
	}
	s.sessions = sessions.count;
	*out = s;
	return err;
}

/* False after answering with the prisons to choose from, or that it went wrong. */
static bool find_stock(struct page *page, struct stock *out)
{
	json_t *prisons;
	enum err err;
	if (!prison_code_empty(staff_prison(page))) {
		err = stock_find(page, out);
		if (err != OK)
			page_failed(page, err);
		return err == OK;
	}
	err = staff_prisons(page, &prisons);
	if (err != OK) {
		page_failed(page, err);
		return false;
	}
	json_t *view = json_object();
	view_list(view, "prisons", prisons);
	view_here(view, "setup");
	page_render(page, 200, "setup/prisons", view);
	return false;
}

/* ---- the list of what is missing ---- */

static void add_task(const struct page *page, json_t *tasks, const char *word, size_t n, bool done,
		     const char *path)
{
	const char *text = arena_printf(page->arena, "setup.tasks.%s", word);
	const char *count = arena_printf(page->arena, "setup.counts.%s", word);
	json_array_append_new(
	    tasks,
	    json_pack("{s:s, s:o, s:o, s:s}", "text", page_word(page, text), "count",
		      view_word(page, count, json_pack("{s:i}", "n", (int)n)), "tag",
		      view_tag(page, done ? "setup.done_tag" : "setup.missing_tag",
			       done ? "green" : "yellow"),
		      "href", arena_printf(page->arena, "%s%s", path, staff_prison_query(page))));
}

static json_t *tasks_of(const struct page *page, const struct stock *s)
{
	bool own = page_is_for(page, WHO_ADMIN); /* the page of terminals is their prison's */
	json_t *tasks = json_array();
	add_task(page, tasks, "rooms", s->rooms, s->rooms > 0, "/staff/rooms");
	add_task(page, tasks, "terminals", s->terminals, s->terminals > 0,
		 own ? "/staff/terminals" : "/staff/terminals/new");
	add_task(page, tasks, "enrolled", s->enrolled,
		 s->terminals > 0 && s->enrolled == s->terminals,
		 own ? "/staff/terminals" : "/staff/rooms");
	add_task(page, tasks, "sessions", s->sessions, s->sessions > 0, "/staff/sessions");
	return tasks;
}

static void show(struct page *page, struct form *form, const struct stock *s)
{
	json_t *items = json_array();
	json_array_append_new(items, view_choice(json_string("yes"),
						 json_string(page_word(page, "setup.yes")), NULL));
	json_array_append_new(
	    items, view_choice(json_string("no"), json_string(page_word(page, "setup.no")), NULL));
	form_options(form, "ready", items);
	form_default(form, "ready", s->prison.ready ? STR("yes") : STR("no"));
	form_default(form, "reason", s->prison.not_ready_reason);
	form_default(form, "reason_cy", s->prison.not_ready_reason_cy);
	json_t *view = json_pack(
	    "{s:o, s:o, s:s, s:o}", "name", page_prison_name(page, s->prison.code, s->prison.name),
	    "tasks", tasks_of(page, s), "query", staff_prison_query(page), "tag",
	    view_tag(page, s->prison.ready ? "setup.ready_tag" : "setup.not_ready_tag",
		     s->prison.ready ? "green" : "yellow"));
	view_here(view, "setup");
	page_render_form(page, form, "setup/prison", view);
}

static void list(struct page *page)
{
	struct stock s;
	if (find_stock(page, &s))
		show(page, page_form(page, "prison_ready"), &s);
}

static void say_ready(struct page *page)
{
	static const char *const YES_NO[] = { "yes", "no", NULL };
	struct form *form = page_form(page, "prison_ready");
	struct stock s;
	if (!find_stock(page, &s))
		return;
	bool ready = form_choice(form, "ready", YES_NO) == 0;
	struct str reason = form_text_optional(form, "reason", REASON_CHARACTERS);
	struct str reason_cy = form_text_optional(form, "reason_cy", REASON_CHARACTERS);
	if (form_ok(form) && ready && (!s.rooms || !s.enrolled || !s.sessions))
		form_mistake(form, "ready", "too_early");
	if (form_ok(form) && !ready && str_empty(reason))
		form_mistake(form, "reason", "missing");
	if (!form_ok(form))
		return show(page, form, &s);
	enum err err =
	    prison_set_ready(page->service, &page->actor, s.prison.code, ready, reason, reason_cy);
	if (err != OK)
		return page_failed(page, err);
	staff_done(page, SETUP, ready ? "prison_ready" : "prison_not_ready");
}

/* ---- a room ---- */

static void room_form(struct page *page)
{
	struct form *form = page_form(page, "room_new");
	json_t *items = json_array();
	for (size_t i = 0; USES[i] != NULL; i++) {
		const char *word = arena_printf(page->arena, "times.uses.%s", USES[i]);
		json_array_append_new(items, view_choice(json_string(USES[i]),
							 json_string(page_word(page, word)), NULL));
	}
	form_options(form, "use", items);
	form_default(form, "use", STR("SHARED"));
	json_t *view =
	    json_pack("{s:s, s:s}", "query", staff_prison_query(page), "back",
		      arena_printf(page->arena, "/staff/rooms%s", staff_prison_query(page)));
	view_here(view, "rooms");
	page_render_form(page, form, "setup/room", view);
}

static void make_room(struct page *page)
{
	struct form *form = page_form(page, "room_new");
	struct room_new new = { .name = form_text(form, "name", NAME_MAX_CHARACTERS) };
	struct room_id room;
	int use = form_choice(form, "use", USES);
	if (!form_ok(form))
		return room_form(page);
	new.use = (enum room_use)use;
	enum err err = room_add(page->service, &page->actor, staff_prison(page), &new, &room);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "name", "taken");
		return room_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/terminals/new?%s%sroom=%lld&done=room_new",
		      staff_prison_query(page)[0] ? staff_prison_query(page) + 1 : "",
		      staff_prison_query(page)[0] ? "&" : "", (long long)room.n);
}

/* ---- a terminal ---- */

static void terminal_form(struct page *page)
{
	struct form *form = page_form(page, "terminal_new");
	struct stock s;
	if (!find_stock(page, &s))
		return;
	json_t *items = json_array();
	for (size_t i = 0; i < s.places.room_count; i++)
		if (s.places.rooms[i].active)
			json_array_append_new(items,
					      view_choice(page_id(s.places.rooms[i].id.n),
							  page_str(s.places.rooms[i].name), NULL));
	form_options(form, "room", items);
	form_default(form, "room", request_query(page->request, "room"));
	bool own = page_is_for(page, WHO_ADMIN);
	json_t *view =
	    json_pack("{s:s, s:s, s:b}", "query", staff_prison_query(page), "back",
		      arena_printf(page->arena, "%s%s", own ? "/staff/terminals" : "/staff/rooms",
				   staff_prison_query(page)),
		      "no_room", (int)(s.rooms == 0));
	view_here(view, "terminals");
	page_render_form(page, form, "setup/terminal", view);
}

static void make_terminal(struct page *page)
{
	struct form *form = page_form(page, "terminal_new");
	struct str name = form_text(form, "name", NAME_MAX_CHARACTERS);
	struct room_id room = { form_id(form, "room") };
	struct terminal_id terminal;
	if (!form_ok(form))
		return terminal_form(page);
	enum err err =
	    terminal_add(page->service, &page->actor, staff_prison(page), room, name, &terminal);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "name", "taken");
		return terminal_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	bool own = page_is_for(page, WHO_ADMIN);
	staff_done(page, own ? "/staff/terminals" : "/staff/rooms", "terminal_new");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/setup", WHO_SETS, .handler = list },
	{ METHOD_POST, "/staff/setup", WHO_SETS, BODY_FORM, .handler = say_ready },
	{ METHOD_GET, "/staff/rooms/new", WHO_SETS, .handler = room_form },
	{ METHOD_POST, "/staff/rooms/new", WHO_SETS, BODY_FORM, .handler = make_room },
	{ METHOD_GET, "/staff/terminals/new", WHO_SETS, .handler = terminal_form },
	{ METHOD_POST, "/staff/terminals/new", WHO_SETS, BODY_FORM, .handler = make_terminal },
};

const struct route_group staff_setup_routes = { rows, ARRAY_LEN(rows) };
