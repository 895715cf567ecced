#include "web/staff_rooms.h"

#include "base/assert.h"
#include "domain/date_words.h"
#include "notify/calendar.h"
#include "service/place.h"
#include "service/room_feed.h"
#include "web/confirm.h"
#include "web/view.h"
#include "web/web.h"

enum {
	WHO_SEES = WHO_PRISON | WHO_HQ_ADMIN | WHO_INSPECTOR,
	WHO_SETS = WHO_ADMIN | WHO_GOVERNOR | WHO_HQ_ADMIN,
};

enum {
	CLOCK_TEXT_MAX = 20,
	DAYS = 7,
	FEED_BYTES_MAX = 2 << 20,
};

static const char *const USES[] = { "SHARED", "SOCIAL", "LEGAL", "OFFICIAL", "SCHEDULE", NULL };
static const char *const HOURS_USES[] = { "SOCIAL", "LEGAL", "OFFICIAL", "BLOCKED", NULL };
static const char *const DAY_VALUES[] = { "1", "2", "3", "4", "5", "6", "7", NULL };

static const char *use_word(const struct page *page, const char *use)
{
	return page_word(page, arena_printf(page->arena, "times.uses.%s", use));
}

static const char *back_link(const struct page *page)
{
	return arena_printf(page->arena, "/staff/rooms%s", staff_prison_query(page));
}

static json_t *action_of(const struct page *page)
{
	return json_sprintf("%s%s", arena_text(page->arena, page->request->path),
			    staff_prison_query(page));
}

/* ---- the list ---- */

static json_t *hours_of(const struct page *page, const struct place_list *places,
			struct room_id room)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < places->usage_count; i++) {
		const struct room_usage *row = &places->usages[i];
		if (row->room.n != room.n)
			continue;
		json_array_append_new(lines, json_pack("{s:o, s:o, s:s, s:s, s:s}", "row",
						       page_id(row->id.n), "days",
						       view_weekdays(page, row->weekdays), "start",
						       clock_text(page, row->start_minute), "end",
						       clock_text(page, row->end_minute), "use",
						       use_word(page, room_use_name(row->use))));
	}
	return lines;
}

static json_t *terminals_of(const struct place_list *places, struct room_id room)
{
	json_t *names = json_array();
	for (size_t i = 0; i < places->terminal_count; i++)
		if (places->terminals[i].room.n == room.n)
			json_array_append_new(names, page_str(places->terminals[i].name));
	return names;
}

static json_t *room_view(const struct page *page, const struct place_list *places,
			 const struct room *room)
{
	json_t *view =
	    json_pack("{s:o, s:o, s:s, s:b, s:o, s:b}", "id", page_id(room->id.n), "name",
		      page_str(room->name), "use", use_word(page, room_use_name(room->use)),
		      "closed", !room->active, "terminals", terminals_of(places, room->id),
		      "by_hours", room->use == ROOM_USE_SCHEDULE);
	view_list(view, "hours", hours_of(page, places, room->id));
	return view;
}

static json_t *block_view(const struct page *page, const struct place_block *block)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", page_id(block->id.n), "room",
			 page_str(block->room_name), "terminal", page_str(block->terminal_name),
			 "from", page_time(page, block->from), "to", page_time(page, block->to),
			 "reason", page_str(block->reason));
}

static void list(struct page *page)
{
	struct place_list places;
	enum err err =
	    places_find(page->service, &page->actor, page->arena, staff_prison(page), &places);
	if (err != OK)
		return page_failed(page, err);
	json_t *rooms = json_array(), *blocks = json_array();
	for (size_t i = 0; i < places.room_count; i++)
		json_array_append_new(rooms, room_view(page, &places, &places.rooms[i]));
	for (size_t i = 0; i < places.block_count; i++)
		json_array_append_new(blocks, block_view(page, &places.blocks[i]));
	json_t *view = json_pack("{s:b, s:s}", "may_change", page_is_for(page, WHO_SETS), "query",
				 staff_prison_query(page));
	view_list(view, "rooms", rooms);
	view_list(view, "blocks", blocks);
	view_here(view, "rooms");
	page_render(page, 200, "staff/rooms", view);
}

/* ---- what a room is for ---- */

static void add_choices(const struct page *page, struct form *form, const char *field,
			const char *const *uses)
{
	json_t *items = json_array();
	for (size_t i = 0; uses[i] != NULL; i++)
		json_array_append_new(
		    items,
		    view_choice(json_string(uses[i]), json_string(use_word(page, uses[i])), NULL));
	form_options(form, field, items);
}

/* The room of the path; false after answering that there is none. */
static bool find_room(struct page *page, struct room *out)
{
	struct place_list places;
	int64_t id = page_param_id(page, 0);
	enum err err =
	    places_find(page->service, &page->actor, page->arena, staff_prison(page), &places);
	for (size_t i = 0; err == OK && i < places.room_count; i++)
		if (places.rooms[i].id.n == id) {
			*out = places.rooms[i];
			return true;
		}
	page_failed(page, err == OK ? ERR_NOT_FOUND : err);
	return false;
}

/* The address of its feed stands on the page that made it, and nowhere else. */
static enum err add_feed(struct page *page, const struct room *room, const char *token,
			 json_t *view)
{
	bool has = false;
	const char *base = page->web->config.public_url;
	enum err err = room_feed_has(page->service, &page->actor, room->prison, room->id, &has);
	json_object_set_new(view, "id", page_id(room->id.n));
	json_object_set_new(view, "query", json_string(staff_prison_query(page)));
	json_object_set_new(view, "has_feed", json_boolean(has));
	if (token)
		json_object_set_new(view, "feed",
				    json_sprintf("%s/feeds/%s", base ? base : "", token));
	return err;
}

/* token: of the feed just made; NULL: none. */
static void show_room_with(struct page *page, struct form *form, const struct room *room,
			   const char *token)
{
	json_t *open = json_array();
	json_array_append_new(
	    open,
	    view_choice(json_string("yes"), json_string(page_word(page, "times.room.open")), NULL));
	json_array_append_new(open,
			      view_choice(json_string("no"),
					  json_string(page_word(page, "times.room.closed")), NULL));
	form_options(form, "active", open);
	form_default(form, "active", room->active ? STR("yes") : STR("no"));
	add_choices(page, form, "use", USES);
	form_default(form, "use", str_from(room_use_name(room->use)));
	json_t *view = json_pack("{s:s, s:o, s:o}", "back", back_link(page), "name",
				 page_str(room->name), "action", action_of(page));
	view_here(view, "rooms");
	enum err err = add_feed(page, room, token, view);
	if (err == OK)
		return page_render_form(page, form, "staff/room", view);
	json_decref(view);
	page_failed(page, err);
}

static void show_room(struct page *page, struct form *form, const struct room *room)
{
	show_room_with(page, form, room, NULL);
}

static void room_form(struct page *page)
{
	struct room room;
	if (find_room(page, &room))
		show_room(page, page_form(page, "room_use"), &room);
}

static void room_set(struct page *page)
{
	static const char *const FIELDS[] = { "active", "use", "reason", NULL };
	static const char *const YES_NO[] = { "yes", "no", NULL };
	struct form *form = page_form(page, "room_use");
	struct room room;
	struct effect_list effects;
	if (!find_room(page, &room))
		return;
	int active = form_choice(form, "active", YES_NO);
	int use = form_choice(form, "use", USES);
	struct str reason = staff_reason(form);
	if (!form_ok(form))
		return show_room(page, form, &room);
	bool save = confirm_given(form);
	enum err err = room_set_use(page->service, &page->actor, page->arena, room.prison, room.id,
				    active == 0, (enum room_use)use, reason,
				    save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err != OK)
		return page_failed(page, err);
	if (save)
		return staff_done(page, "/staff/rooms", "room_saved");
	json_t *rows = json_array();
	view_row(page, rows, "times.room.name", page_str(room.name));
	view_row(page, rows, "times.room.use", json_string(use_word(page, USES[use])));
	view_row(page, rows, "times.rule.reason", page_str(reason));
	confirm_show(page, form,
		     &(struct confirm){ .rows = rows,
					.fields = FIELDS,
					.effects = &effects,
					.back = back_link(page),
					.here = "rooms" });
}

/* ---- its feed for calendars ---- */

static void feed_made(struct page *page)
{
	struct room room;
	char token[TOKEN_TEXT_LEN + 1];
	struct form *form = page_form(page, "room_use");
	if (!find_room(page, &room))
		return;
	enum err err = room_feed_make(page->service, &page->actor, room.prison, room.id, token);
	if (err != OK)
		return page_failed(page, err);
	show_room_with(page, form, &room, token);
}

static void feed_revoked(struct page *page)
{
	struct room room;
	if (!find_room(page, &room))
		return;
	enum err err = room_feed_revoke(page->service, &page->actor, room.prison, room.id);
	if (err != OK && err != ERR_NOT_FOUND)
		return page_failed(page, err);
	staff_done(page, "/staff/rooms", "feed_revoked");
}

/* For whoever has the address: a calendar program cannot sign in. */
static void feed(struct page *page)
{
	struct room_feed found;
	struct buf file = buf_of(FEED_BYTES_MAX);
	enum err err = room_feed_read(page->service, page->arena, page_param(page, 0), &found);
	if (err != OK)
		return page_failed(page, err);
	struct calendar_use *uses = arena_new(page->arena, found.count, sizeof *uses);
	for (size_t i = 0; i < found.count; i++) {
		const struct store_room_time *t = &found.times[i];
		uses[i] =
		    (struct calendar_use){ .reference = t->reference,
					   .revision = t->revision,
					   .start = t->start,
					   .end = wall_add_s(t->start, (int64_t)t->minutes * 60) };
	}
	err = calendar_feed_write(arena_text(page->arena, found.room),
				  page_word(page, "times.feed.taken"), page->service->now, uses,
				  found.count, &file);
	if (err == OK)
		page_file(page, "text/calendar; charset=utf-8", "room.ics", buf_view(&file));
	else
		page_failed(page, err);
	buf_clear(&file);
}

/* ---- its timetable ---- */

static void show_hours(struct page *page, struct form *form, const struct room *room)
{
	json_t *days = json_array();
	for (int day = 1; day <= DAYS; day++)
		json_array_append_new(
		    days,
		    view_choice(json_sprintf("%d", day),
				json_string(page_word(
				    page, arena_printf(page->arena, "times.weekdays.%d", day))),
				NULL));
	form_options(form, "days", days);
	add_choices(page, form, "use", HOURS_USES);
	json_t *view = json_pack("{s:s, s:o, s:o}", "back", back_link(page), "name",
				 page_str(room->name), "action", action_of(page));
	view_here(view, "rooms");
	page_render_form(page, form, "staff/room-hours", view);
}

static void hours_form(struct page *page)
{
	struct room room;
	if (find_room(page, &room))
		show_hours(page, page_form(page, "room_hours"), &room);
}

static int read_clock(struct form *form, const char *field)
{
	struct str text = form_text(form, field, CLOCK_TEXT_MAX);
	int minute = 0;
	if (!str_empty(text) && !clock_words_of(text, &minute))
		form_mistake(form, field, "bad");
	return minute;
}

static void hours_add(struct page *page)
{
	static const char *const FIELDS[] = { "days", "start", "end", "use", "reason", NULL };
	struct form *form = page_form(page, "room_hours");
	struct room room;
	struct effect_list effects;
	struct room_usage row = { 0 };
	if (!find_room(page, &room))
		return;
	row.room = room.id;
	for (int day = 1; day <= DAYS; day++)
		if (form_ticked(form, "days", DAY_VALUES[day - 1]))
			row.weekdays |= 1U << day;
	if (!row.weekdays)
		form_mistake(form, "days", "missing");
	row.start_minute = read_clock(form, "start");
	row.end_minute = read_clock(form, "end");
	int use = form_choice(form, "use", HOURS_USES);
	struct str reason = staff_reason(form);
	if (form_ok(form) && row.start_minute >= row.end_minute)
		form_mistake(form, "end", "order");
	if (!form_ok(form))
		return show_hours(page, form, &room);
	(void)room_use_of(str_from(HOURS_USES[use]), &row.use);
	bool save = confirm_given(form);
	enum err err = room_hours_set(page->service, &page->actor, page->arena, room.prison, &row,
				      reason, save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err != OK)
		return page_failed(page, err);
	if (save)
		return staff_done(page, "/staff/rooms", "room_saved");
	json_t *rows = json_array();
	view_row(page, rows, "times.room.name", page_str(room.name));
	view_row(page, rows, "times.session.days", view_weekdays(page, row.weekdays));
	view_row(page, rows, "times.session.times",
		 json_sprintf("%s–%s", clock_text(page, row.start_minute),
			      clock_text(page, row.end_minute)));
	view_row(page, rows, "times.room.use", json_string(use_word(page, HOURS_USES[use])));
	confirm_show(page, form,
		     &(struct confirm){ .rows = rows,
					.fields = FIELDS,
					.effects = &effects,
					.back = back_link(page),
					.here = "rooms" });
}

static void hours_remove(struct page *page)
{
	struct room room;
	struct effect_list effects;
	if (!find_room(page, &room))
		return;
	struct room_usage row = { .id = { page_param_id(page, 1) }, .room = room.id };
	enum err err = room_hours_set(page->service, &page->actor, page->arena, room.prison, &row,
				      STR(""), CHANGE_SAVE, &effects);
	if (err != OK)
		return page_failed(page, err);
	staff_done(page, "/staff/rooms", "room_saved");
}

/* ---- closed for a time ---- */

static void show_block(struct page *page, struct form *form)
{
	struct place_list places;
	enum err err =
	    places_find(page->service, &page->actor, page->arena, staff_prison(page), &places);
	if (err != OK)
		return page_failed(page, err);
	json_t *items = json_array();
	for (size_t i = 0; i < places.room_count; i++)
		json_array_append_new(
		    items, view_choice(json_sprintf("%lld-0", (long long)places.rooms[i].id.n),
				       page_str(places.rooms[i].name), NULL));
	for (size_t i = 0; i < places.terminal_count; i++) {
		const struct terminal *t = &places.terminals[i];
		json_array_append_new(
		    items,
		    view_choice(json_sprintf("%lld-%lld", (long long)t->room.n, (long long)t->id.n),
				page_str(t->name), page_str(t->room_name)));
	}
	form_options(form, "place", items);
	json_t *view = json_pack("{s:s, s:o}", "back", back_link(page), "action", action_of(page));
	view_here(view, "rooms");
	page_render_form(page, form, "staff/block", view);
}

static void block_form(struct page *page)
{
	show_block(page, page_form(page, "block"));
}

/* A day and a time of day; the time may be left out: fallback_minute. */
static struct wall read_moment(struct page *page, struct form *form, const char *day_field,
			       const char *time_field, int fallback_minute)
{
	struct date day = staff_day(page, form, day_field, (struct date){ 0 });
	struct str text = form_text_optional(form, time_field, CLOCK_TEXT_MAX);
	struct wall at = { 0 };
	int minute = fallback_minute;
	if (!day.year)
		form_mistake(form, day_field, "missing");
	if (!str_empty(text) && !clock_words_of(text, &minute))
		form_mistake(form, time_field, "bad");
	if (form_ok(form))
		(void)local_to_wall(day, minute, &at);
	return at;
}

static void block_add(struct page *page)
{
	static const char *const FIELDS[] = { "place",   "from_day", "from_time", "to_day",
					      "to_time", "reason",   NULL };
	struct form *form = page_form(page, "block");
	struct place_block block = { 0 };
	struct effect_list effects;
	struct str rest = form_raw(form, "place");
	uint64_t room = 0, terminal = 0;
	if (!str_u64(str_cut(&rest, '-'), INT64_MAX, &room) || !str_u64(rest, INT64_MAX, &terminal))
		form_mistake(form, "place", "missing");
	block.room.n = (int64_t)room;
	block.terminal.n = (int64_t)terminal;
	block.from = read_moment(page, form, "from_day", "from_time", 0);
	block.to = read_moment(page, form, "to_day", "to_time", 24 * 60);
	block.reason = staff_reason(form);
	if (form_ok(form) && (block.from.s >= block.to.s || block.to.s <= page->service->now.s))
		form_mistake(form, "to_day", "order");
	if (!form_ok(form))
		return show_block(page, form);
	bool save = confirm_given(form);
	enum err err = place_block_add(page->service, &page->actor, page->arena, staff_prison(page),
				       &block, save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err != OK)
		return page_failed(page, err);
	if (save)
		return staff_done(page, "/staff/rooms", "place_closed");
	json_t *rows = json_array();
	view_row(page, rows, "times.appointment.from", view_when(page, block.from));
	view_row(page, rows, "times.appointment.to", view_when(page, block.to));
	view_row(page, rows, "times.rule.reason", page_str(block.reason));
	confirm_show(page, form,
		     &(struct confirm){ .rows = rows,
					.fields = FIELDS,
					.effects = &effects,
					.back = back_link(page),
					.here = "rooms" });
}

static void block_remove(struct page *page)
{
	struct place_block_id id = { page_param_id(page, 0) };
	enum err err =
	    place_block_remove(page->service, &page->actor, page->arena, staff_prison(page), id);
	if (err != OK)
		return page_failed(page, err);
	staff_done(page, "/staff/rooms", "place_opened");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/rooms", WHO_SEES, .handler = list },
	{ METHOD_GET, "/staff/rooms/close", WHO_SETS, .handler = block_form },
	{ METHOD_POST, "/staff/rooms/close", WHO_SETS, BODY_FORM, .handler = block_add },
	{ METHOD_POST, "/staff/rooms/close/{block}/remove", WHO_SETS, BODY_FORM,
	  .handler = block_remove },
	{ METHOD_GET, "/staff/rooms/{room}", WHO_SETS, .handler = room_form },
	{ METHOD_POST, "/staff/rooms/{room}", WHO_SETS, BODY_FORM, .handler = room_set },
	{ METHOD_POST, "/staff/rooms/{room}/feed", WHO_SETS, BODY_FORM, .handler = feed_made },
	{ METHOD_POST, "/staff/rooms/{room}/feed/revoke", WHO_SETS, BODY_FORM,
	  .handler = feed_revoked },
	{ METHOD_GET, "/feeds/{token}", WHO_ANYONE, .handler = feed },
	{ METHOD_GET, "/staff/rooms/{room}/hours", WHO_SETS, .handler = hours_form },
	{ METHOD_POST, "/staff/rooms/{room}/hours", WHO_SETS, BODY_FORM, .handler = hours_add },
	{ METHOD_POST, "/staff/rooms/{room}/hours/{row}/remove", WHO_SETS, BODY_FORM,
	  .handler = hours_remove },
};

const struct route_group staff_rooms_routes = { rows, ARRAY_LEN(rows) };
