#include "web/staff_recordings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "service/legal_hold.h"
#include "service/playback.h"
#include "service/privilege.h"
#include "web/confirm.h"
#include "web/exchange.h"
#include "web/keyring.h"
#include "web/live.h"
#include "web/objects_link.h"
#include "web/segment_file.h"
#include "web/staff_exports.h"
#include "web/staff_holds.h"
#include "web/vault_link.h"
#include "web/view.h"
#include "web/viewings.h"
#include "web/web.h"

enum {
	WHO_ASKS = WHO_MONITOR | WHO_GOVERNOR | WHO_CONTACTS,
	WHO_DECIDES = WHO_GOVERNOR | WHO_CONTACTS,
};

enum {
	WORDS_MAX_CHARACTERS = 400,
	WAIT_KEY_MS = 15000, /* the log's head is signed first */
	WAIT_OBJECT_MS = 30000,
	SEGMENT_MS_MAX = 90000, /* recording/recorder.h */
};

static const char *const DECISIONS[] = { "AGREED", "REFUSED", NULL };

static const char *word(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "recordings.%s.%s", area, name));
}

static void add_row(const struct page *page, json_t *rows, const char *key, json_t *line)
{
	view_row(page, rows, arena_printf(page->arena, "recordings.rows.%s", key), line);
}

static struct wall wall_of_ms(int64_t ms)
{
	return (struct wall){ ms / 1000 };
}

/* ---- the list ---- */

static const char *recording_state(const struct recording *r)
{
	if (r->locked_at.s != 0)
		return "LOCKED";
	return r->erased_at.s != 0 ? "ERASED" : "KEPT";
}

static json_t *recording_line(const struct page *page, const struct recording *r)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:s}", "reference", r->reference.text,
			 "reference_shown", view_reference(r->reference), "when",
			 page_time(page, wall_of_ms(r->began_ms)), "prisoner",
			 page_str(r->prisoner_name), "state",
			 word(page, "state", recording_state(r)), "colour",
			 r->locked_at.s != 0 ? "red" : "grey");
}

static bool may_export(const struct page *page, const struct access *a)
{
	struct decider exporter = { .account = page->actor.account,
				    .name = page->account.account.name,
				    .role = page->actor.role };
	return page_is_for(page, WHO_ASKS) &&
	       playback_may_export(a, &exporter, page->service->now) == PLAYBACK_OK;
}

static json_t *access_line(const struct page *page, const struct access *a)
{
	bool own = a->asked_by.n == page->actor.account.n;
	json_t *line = json_pack(
	    "{s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:b, s:b, s:b}", "id", page_id(a->id.n),
	    "reference", a->reference.text, "reference_shown", view_reference(a->reference), "when",
	    page_time(page, a->asked_at), "by", page_str(a->asked_name), "state",
	    word(page, "access", access_state_name(a->state)), "reason", page_str(a->reason),
	    "decided_by", page_str(a->decided_name), "may_decide",
	    (int)(a->state == ACCESS_ASKED && page_is_for(page, WHO_DECIDES) && !own), "may_open",
	    (int)(own &&
		  playback_may_open(a, page->actor.account, page->service->now) == PLAYBACK_OK),
	    "may_watch",
	    (int)(own && a->state == ACCESS_OPENED && page->service->now.s < playback_ends(a).s));
	json_object_set_new(line, "may_export", json_boolean(may_export(page, a)));
	return line;
}

static void recordings(struct page *page)
{
	struct recordings found = { 0 };
	struct store_legal_holds holds = { 0 };
	bool due = false;
	if (staff_asked_prison(page))
		return;
	struct actor there = staff_actor_there(page);
	enum err err = recordings_find(page->service, &there, page->arena, &found);
	if (err == OK)
		err = legal_holds_find(page->service, &there, page->arena, &holds);
	if (err != OK)
		return page_failed(page, err);
	for (size_t i = 0; i < holds.count; i++)
		due |= legal_hold_is_due(&holds.list[i], page->service->now);
	json_t *list = json_array(), *asked = json_array();
	for (size_t i = 0; i < found.list.count; i++)
		json_array_append_new(list, recording_line(page, &found.list.list[i]));
	for (size_t i = 0; i < found.asked.count; i++)
		json_array_append_new(asked, access_line(page, &found.asked.list[i]));
	json_t *view = json_pack("{s:s}", "query", staff_prison_query(page));
	json_object_set_new(view, "holds_due", json_boolean(due));
	json_object_set_new(view, "may_take",
			    json_boolean(page_is_for(page, WHO_GOVERNOR | WHO_INSPECTOR)));
	view_list(view, "recordings", list);
	view_list(view, "asked", asked);
	view_here(view, "recordings");
	page_render(page, 200, "staff/recordings", view);
}

/* ---- one of them ---- */

static json_t *gap_lines(const struct page *page, const struct store_gaps *gaps)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < gaps->count; i++) {
		const struct recording_gap *gap = &gaps->list[i];
		bool ended = gap->until_ms != 0;
		json_array_append_new(
		    lines,
		    json_pack("{s:o, s:o, s:s}", "from", page_time(page, wall_of_ms(gap->at_ms)),
			      "until",
			      ended ? page_time(page, wall_of_ms(gap->until_ms)) : json_null(),
			      "cause", word(page, "cause", gap->cause)));
	}
	return lines;
}

static json_t *recording_rows(const struct page *page, const struct recording *r)
{
	json_t *rows = json_array();
	add_row(page, rows, "visit", view_reference(r->reference));
	add_row(page, rows, "prisoner", page_str(r->prisoner_name));
	add_row(page, rows, "began", view_when(page, wall_of_ms(r->began_ms)));
	add_row(page, rows, "ended", view_when(page, wall_of_ms(r->ended_ms)));
	add_row(page, rows, "state", json_string(word(page, "state", recording_state(r))));
	if (r->erased_at.s == 0)
		add_row(page, rows, "keep", view_when(page, r->keep_until));
	if (r->locked_at.s != 0)
		add_row(page, rows, "locked", view_when(page, r->locked_at));
	if (r->locked_at.s != 0)
		add_row(page, rows, "settled",
			r->lock_settled_at.s != 0
			    ? view_when(page, r->lock_settled_at)
			    : json_string(page_word(page, "recordings.not_settled")));
	return rows;
}

static void show(struct page *page, struct form *form)
{
	struct recording_view found = { 0 };
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = recording_find(page->service, &page->actor, page->arena, reference, &found);
	if (err != OK)
		return page_failed(page, err);
	struct store_legal_holds holds = { 0 };
	bool held = false;
	err = legal_holds_of(page->service, &page->actor, page->arena, reference, &holds);
	if (err != OK)
		return page_failed(page, err);
	json_t *accesses = json_array(), *hold_lines = json_array();
	for (size_t i = 0; i < holds.count; i++) {
		json_array_append_new(hold_lines, legal_hold_line(page, &holds.list[i]));
		held |= holds.list[i].state == LEGAL_HOLD_ASKED ||
			holds.list[i].state == LEGAL_HOLD_HELD;
	}
	for (size_t i = 0; i < found.accesses.count; i++)
		json_array_append_new(accesses, access_line(page, &found.accesses.list[i]));
	bool open = playback_recording_allows(&found.recording) == PLAYBACK_OK;
	json_t *view = json_pack(
	    "{s:s, s:o, s:o, s:b, s:b, s:s}", "reference", reference.text, "reference_shown",
	    view_reference(reference), "rows", recording_rows(page, &found.recording), "may_ask",
	    (int)(open && page_is_for(page, WHO_ASKS)), "may_lock",
	    (int)(found.recording.locked_at.s == 0 && page_is_for(page, WHO_ASKS)), "back",
	    "/staff/recordings");
	json_object_set_new(
	    view, "may_hold",
	    json_boolean(found.recording.erased_at.s == 0 && !held && page_is_for(page, WHO_ASKS)));
	/* What is closed or gone leads nowhere, whatever was agreed to. */
	json_object_set_new(view, "may_see", json_boolean(open));
	json_object_set_new(view, "may_settle",
			    json_boolean(privilege_waits_for(&page->actor, &found.recording)));
	view_list(view, "holds", hold_lines);
	view_list(view, "exports", export_lines(page, &found));
	view_list(view, "gaps", gap_lines(page, &found.gaps));
	view_list(view, "accesses", accesses);
	view_here(view, "recordings");
	if (form == NULL)
		form = page_form(page, open ? "recording_ask" : "recording_settle");
	page_render_form(page, form, "staff/recording", view);
}

/* The page has one form at a time: what is closed cannot be asked for. */
static void recording(struct page *page)
{
	show(page, NULL);
}

static struct str reason_of(struct form *form)
{
	struct str words = form_lines(form, "reason", 1, WORDS_MAX_CHARACTERS);
	if (words.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	return words;
}

static void ask(struct page *page)
{
	struct form *form = page_form(page, "recording_ask");
	struct reference reference;
	enum playback_answer answer;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	struct str reason = reason_of(form);
	if (!form_ok(form))
		return show(page, form);
	enum err err = recording_ask(page->service, &page->actor, reference, reason, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK) {
		form_mistake(form, "reason", playback_answer_name(answer));
		return show(page, form);
	}
	page_redirect(page, "/staff/recordings/%s?done=recording_asked", reference.text);
}

static void lock_recording(struct page *page)
{
	struct form *form = page_form(page, "recording_lock");
	struct reference reference;
	struct recording_view found = { 0 };
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	struct str reason = reason_of(form);
	if (!form_ok(form))
		return show(page, form);
	enum err err = recording_lock(page->service, &page->actor, reference, reason);
	if (err == OK)
		err = recording_find(page->service, &page->actor, page->arena, reference, &found);
	if (err != OK)
		return page_failed(page, err);
	keyring_drop(page->web->keys, found.recording.visit);
	viewings_look_now(page->web->viewings);
	live_changed(page, reference);
	page_redirect(page, "/staff/recordings/%s?done=recording_locked", reference.text);
}

static void settle_lock(struct page *page)
{
	struct form *form = page_form(page, "recording_settle");
	struct reference reference;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	struct str words = reason_of(form);
	if (!form_ok(form))
		return show(page, form);
	enum err err = privilege_settle(page->service, &page->actor, reference, words);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/recordings/%s?done=recording_settled", reference.text);
}

/* ---- agreeing ---- */

static void show_decide(struct page *page, struct form *form)
{
	struct access_id id = { page_param_id(page, 0) };
	struct recordings found = { 0 };
	const struct access *access = NULL;
	enum err err = recordings_find(page->service, &page->actor, page->arena, &found);
	for (size_t i = 0; i < found.asked.count; i++)
		if (found.asked.list[i].id.n == id.n)
			access = &found.asked.list[i];
	if (err != OK || access == NULL)
		return page_failed(page, err != OK ? err : ERR_NOT_FOUND);
	json_t *items = json_array(), *rows = json_array();
	for (size_t i = 0; DECISIONS[i] != NULL; i++)
		json_array_append_new(
		    items, view_choice(json_string(DECISIONS[i]),
				       json_string(word(page, "decision", DECISIONS[i])), NULL));
	form_options(form, "decision", items);
	add_row(page, rows, "visit", view_reference(access->reference));
	add_row(page, rows, "asked_by", page_str(access->asked_name));
	add_row(page, rows, "asked_at", view_when(page, access->asked_at));
	add_row(page, rows, "reason", page_str(access->reason));
	json_t *view = json_pack("{s:o, s:o, s:s}", "id", page_id(id.n), "rows", rows, "back",
				 "/staff/recordings");
	view_here(view, "recordings");
	page_render_form(page, form, "staff/recording-decide", view);
}

static void decide_form(struct page *page)
{
	show_decide(page, page_form(page, "recording_decide"));
}

static void decide(struct page *page)
{
	struct form *form = page_form(page, "recording_decide");
	struct access_id id = { page_param_id(page, 0) };
	enum playback_answer answer;
	int decision = form_choice(form, "decision", DECISIONS);
	struct str reason = reason_of(form);
	if (!form_ok(form))
		return show_decide(page, form);
	enum err err =
	    recording_decide(page->service, &page->actor, id, decision == 0, reason, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK) {
		form_mistake(form, answer == PLAYBACK_NO_WORDS ? "reason" : "decision",
			     playback_answer_name(answer));
		return show_decide(page, form);
	}
	page_redirect(page, "/staff/recordings?done=recording_decided");
}

/* ---- looking ---- */

static void refused(struct page *page, enum playback_answer answer)
{
	json_t *view =
	    json_pack("{s:s, s:s}", "why", word(page, "answer", playback_answer_name(answer)),
		      "back", "/staff/recordings");
	view_here(view, "recordings");
	page_render(page, 403, "staff/playback-refused", view);
}

static void open_recording(struct page *page)
{
	struct access_id id = { page_param_id(page, 0) };
	enum playback_answer answer;
	enum err err = recording_open(page->service, &page->actor, id, page->token, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK)
		return refused(page, answer);
	page_redirect(page, "/staff/playback/%lld", (long long)id.n);
}

/* Of one that is still being written: up to now, as far as is known. */
static int64_t length_of(const struct page *page, const struct segment_row *s)
{
	int64_t ms = page->service->now.s * 1000 - s->at_ms;
	if (s->state != SEGMENT_OPEN)
		return s->ms;
	return ms < 0 ? 0 : ms > SEGMENT_MS_MAX ? SEGMENT_MS_MAX : ms;
}

/* From the first moment to the last. */
static int64_t whole_length(const struct page *page, const struct viewing *v)
{
	int64_t end = v->recording.ended_ms;
	for (size_t i = 0; i < v->segments.count; i++) {
		const struct segment_row *s = &v->segments.list[i];
		if (s->at_ms + length_of(page, s) > end)
			end = s->at_ms + length_of(page, s);
	}
	return end - v->recording.began_ms;
}

static json_t *segments_json(const struct page *page, const struct viewing *v)
{
	json_t *list = json_array();
	for (size_t i = 0; i < v->segments.count; i++) {
		const struct segment_row *s = &v->segments.list[i];
		bool sound = strcmp(s->codec, "opus") == 0;
		json_array_append_new(
		    list,
		    json_pack("{s:i, s:s, s:s, s:I, s:I, s:s, s:b, s:o}", "seat", s->seat, "kind",
			      sound ? "audio" : "video", "codec", s->codec, "at",
			      (json_int_t)(s->at_ms - v->recording.began_ms), "ms",
			      (json_int_t)length_of(page, s), "url",
			      arena_printf(page->arena, "/staff/playback/%lld/%lld",
					   (long long)v->access.id.n, (long long)s->id.n),
			      "sound", (int)sound, "when", page_time(page, wall_of_ms(s->at_ms))));
	}
	return list;
}

static void add_mark(const struct page *page, json_t *marks, const struct viewing *v, int64_t at_ms,
		     const char *text, struct str detail)
{
	int64_t at = at_ms - v->recording.began_ms;
	json_array_append_new(marks,
			      json_pack("{s:I, s:s, s:o, s:o}", "at", (json_int_t)(at < 0 ? 0 : at),
					"text", text, "detail", page_str(detail), "when",
					page_time(page, wall_of_ms(at_ms))));
}

static json_t *marks_json(const struct page *page, const struct viewing *v)
{
	json_t *marks = json_array();
	for (size_t i = 0; i < v->acts.count; i++)
		add_mark(page, marks, v, v->acts.list[i].at.s * 1000,
			 page_word(page, arena_printf(page->arena, "oversight.act.%s",
						      act_name(v->acts.list[i].act))),
			 v->acts.list[i].words);
	for (size_t i = 0; i < v->incidents.count; i++)
		add_mark(page, marks, v, v->incidents.list[i].seen_at.s * 1000,
			 page_word(page, "oversight.incidents.one"), v->incidents.list[i].evidence);
	for (size_t i = 0; i < v->gaps.count; i++)
		add_mark(page, marks, v, v->gaps.list[i].at_ms, word(page, "mark", "gap"),
			 str_from(word(page, "cause", v->gaps.list[i].cause)));
	return marks;
}

static void watch(struct page *page)
{
	struct access_id id = { page_param_id(page, 0) };
	struct viewing *v = arena_new(page->arena, 1, sizeof *v);
	enum playback_answer answer;
	enum err err =
	    viewing_find(page->service, &page->actor, page->arena, id, page->token, v, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK)
		return refused(page, answer);
	if (!viewings_begin(page, id, VIEWING_PLAYBACK))
		return page_problem(page, 503, "busy", "Too many recordings are being looked at.");
	json_t *segments = segments_json(page, v), *marks = marks_json(page, v);
	char *text = json_dumps(segments, JSON_COMPACT);
	json_t *view = json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:s, s:I, s:b}", "reference_shown",
	    view_reference(v->access.reference), "prisoner", page_str(v->recording.prisoner_name),
	    "began", view_when(page, wall_of_ms(v->recording.began_ms)), "ends",
	    page_time(page, playback_ends(&v->access)), "viewer",
	    page_str(page->account.account.name), "segments_json", text != NULL ? text : "[]",
	    "length", (json_int_t)whole_length(page, v), "wide", 1);
	free(text);
	json_object_set_new(view, "reference", json_string(v->access.reference.text));
	json_object_set_new(view, "id", page_id(id.n));
	view_list(view, "segments", segments);
	view_list(view, "marks", marks);
	view_here(view, "recordings");
	page_render(page, 200, "staff/playback", view);
}

/* Tells the page when it must let go of what it holds. */
static void watch_events(struct page *page)
{
	struct access_id id = { page_param_id(page, 0) };
	enum playback_answer answer;
	enum err err =
	    viewing_may(page->service, &page->actor, page->arena, id, page->token, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK)
		return page_problem(page, 403, "playback", "This recording may not be seen now.");
	if (!viewings_begin(page, id, VIEWING_PLAYBACK))
		return page_problem(page, 503, "busy", "Too many recordings are being looked at.");
	page_events(page, viewings_events(page->web->viewings, id,
					  page->request->headers[HEADER_LAST_EVENT_ID]));
}

/* ---- one segment ---- */

/* Closes fd; it was open before anything was asked, so that the segment may go to the store meanwhile. */
static enum err read_segment(struct page *page, const struct segment_row *segment,
			     const uint8_t key[VAULT_KEY_LEN], int fd)
{
	buf_reset(&page->response->body);
	return segment_file_read(fd, segment, key, &page->response->body);
}

/* Closes fd; -1: it is nowhere. */
static void show_segment(struct page *page, const uint8_t key[VAULT_KEY_LEN], int fd)
{
	struct access_id access = { page_param_id(page, 0) };
	struct segment_id id = { page_param_id(page, 1) };
	struct segment_row segment;
	enum playback_answer answer = PLAYBACK_OK;
	enum err err = viewing_look(page->service, &page->actor, page->arena, access, id,
				    page->token, &segment, &answer);
	if (err == OK && answer == PLAYBACK_OK)
		err = read_segment(page, &segment, key, fd);
	else if (fd >= 0)
		close(fd);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK)
		return page_problem(page, 403, "playback", "This recording may not be seen now.");
	page->exchange->viewing = access.n;
	page->response->status = 200;
	page->response->content_type =
	    strcmp(segment.codec, "opus") == 0 ? "audio/webm" : "video/webm";
}

static void store_is_away(struct page *page)
{
	page_problem(page, 503, "store",
		     "This recording cannot be had now from where it is kept. Try again.");
}

static void want_object(struct page *page, void (*came)(struct page *page))
{
	struct segment_id id = { page_param_id(page, 1) };
	if (page->web->objects == NULL || !objects_link_want(page->web->objects, id))
		return store_is_away(page);
	page_later(page, WAIT_OBJECT, (uint64_t)id.n, WAIT_OBJECT_MS, came, NULL);
}

/* What the store does not have either is not found. */
static void show_what_came(struct page *page, void (*gone_again)(struct page *page))
{
	struct access_id access = { page_param_id(page, 0) };
	struct segment_id id = { page_param_id(page, 1) };
	uint8_t key[VAULT_KEY_LEN];
	if (!keyring_find(page->web->keys, access, id, page->service->now, key))
		return store_is_away(page);
	int fd = segment_file_open(page->web->config.recordings, id);
	if (fd >= 0 || page->object_absent)
		show_segment(page, key, fd);
	else
		gone_again(page);
	mem_wipe(key, sizeof key);
}

static void object_came_again(struct page *page)
{
	show_what_came(page, store_is_away);
}

/* Room was made for others before we came to read it. */
static void ask_again(struct page *page)
{
	want_object(page, object_came_again);
}

static void object_came(struct page *page)
{
	show_what_came(page, ask_again);
}

/* From the folder, or as soon as the object store has given it back. */
static void show_when_here(struct page *page, const uint8_t key[VAULT_KEY_LEN])
{
	struct segment_id id = { page_param_id(page, 1) };
	int fd = segment_file_open(page->web->config.recordings, id);
	if (fd >= 0 || page->web->objects == NULL)
		return show_segment(page, key, fd);
	want_object(page, object_came);
}

static void key_came(struct page *page)
{
	struct access_id access = { page_param_id(page, 0) };
	struct segment_id id = { page_param_id(page, 1) };
	uint8_t key[VAULT_KEY_LEN];
	if (!keyring_find(page->web->keys, access, id, page->service->now, key))
		return page_problem(page, 503, "vault",
				    "The key of this recording cannot be had now. Try again.");
	show_when_here(page, key);
	mem_wipe(key, sizeof key);
}

static void segment(struct page *page)
{
	struct access_id access = { page_param_id(page, 0) };
	struct segment_id id = { page_param_id(page, 1) };
	struct access *found = arena_new(page->arena, 1, sizeof *found);
	struct segment_row row;
	uint8_t key[VAULT_KEY_LEN];
	enum playback_answer answer;
	enum err err = viewing_segment_find(page->service, &page->actor, page->arena, access, id,
					    page->token, found, &row, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK || !row.has_key)
		return page_problem(page, 403, "playback", "This recording may not be seen now.");
	if (!viewings_begin(page, access, VIEWING_PLAYBACK))
		return page_problem(page, 503, "busy", "Too many recordings are being looked at.");
	if (keyring_find(page->web->keys, access, id, page->service->now, key))
		return show_when_here(page, key);
	if (page->web->vault == NULL || !vault_link_want_key(page->web->vault, found, &row))
		return page_problem(page, 503, "vault",
				    "The key of this recording cannot be had now. Try again.");
	page_later(page, WAIT_VAULT, (uint64_t)id.n, WAIT_KEY_MS, key_came, NULL);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/recordings", WHO_PRISON | WHO_INSPECTOR, .handler = recordings },
	{ METHOD_GET, "/staff/recordings/{reference}", WHO_PRISON | WHO_INSPECTOR,
	  .handler = recording },
	{ METHOD_POST, "/staff/recordings/{reference}/ask", WHO_ASKS, BODY_FORM, .handler = ask },
	{ METHOD_POST, "/staff/recordings/{reference}/lock", WHO_ASKS, BODY_FORM,
	  .handler = lock_recording },
	{ METHOD_POST, "/staff/recordings/{reference}/settle", WHO_DECIDES, BODY_FORM,
	  .handler = settle_lock },
	{ METHOD_GET, "/staff/playback/{access}/decide", WHO_DECIDES, .handler = decide_form },
	{ METHOD_POST, "/staff/playback/{access}/decide", WHO_DECIDES, BODY_FORM,
	  .handler = decide },
	{ METHOD_POST, "/staff/playback/{access}/open", WHO_ASKS, BODY_FORM,
	  .handler = open_recording },
	{ METHOD_GET, "/staff/playback/{access}", WHO_ASKS, .handler = watch },
	{ METHOD_GET, "/staff/playback/{access}/events", WHO_ASKS, .handler = watch_events },
	{ METHOD_GET, "/staff/playback/{access}/{segment}", WHO_ASKS, .handler = segment },
};

const struct route_group staff_recordings_routes = { rows, ARRAY_LEN(rows) };
