#include "web/staff_exports.h"

#include <string.h>

#include "base/assert.h"
#include "base/hex.h"
#include "web/export_stream.h"
#include "web/keyring.h"
#include "web/objects_link.h"
#include "web/segment_file.h"
#include "web/vault_link.h"
#include "web/view.h"
#include "web/viewings.h"
#include "web/web.h"

enum {
	WORDS_MAX_CHARACTERS = 400,
	RECIPIENT_MAX_CHARACTERS = 100,
	WAIT_KEY_MS = 15000,
	WAIT_OBJECT_MS = 60000, /* for a file, while so many are on their way: */
	FILES_AT_ONCE = 16,
	GONE_AGAIN_MAX = 8, /* times that one went to the store when it had just been here */
	KEYS_AT_ONCE = 32,
	SEATS = 8,
};

static const char *word(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "recordings.%s.%s", area, name));
}

static void add_row(const struct page *page, json_t *rows, const char *key, json_t *line)
{
	view_row(page, rows, arena_printf(page->arena, "recordings.exports.rows.%s", key), line);
}

static const char *side_word(const struct page *page, int seat)
{
	static const char *const SIDES[] = { "prisoner", "visitor", "visitor_2", "visitor_3",
					     "visitor_4" };
	size_t i = seat < (int)ARRAY_LEN(SIDES) ? (size_t)seat : ARRAY_LEN(SIDES) - 1;
	return word(page, "side", SIDES[i]);
}

static json_t *file_line(const struct page *page, const struct recording_export_file *file)
{
	char hash[2 * PLAYBACK_HASH_LEN + 1];
	hex_encode(bytes_of(file->hash, sizeof file->hash), hash);
	return json_pack("{s:s, s:o, s:I, s:s, s:i}", "side", side_word(page, file->seat), "sent",
			 page_time(page, file->sent_at), "bytes", (json_int_t)file->bytes, "hash",
			 hash, "missing", (int)file->missing);
}

static json_t *file_lines(const struct page *page, const struct store_export_files *files,
			  struct export_id id)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < files->count; i++)
		if (files->list[i].export.n == id.n)
			json_array_append_new(lines, file_line(page, &files->list[i]));
	return lines;
}

json_t *export_lines(const struct page *page, const struct recording_view *recording)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < recording->exports.count; i++) {
		const struct recording_export *e = &recording->exports.list[i];
		json_array_append_new(
		    lines,
		    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", page_id(e->id.n), "when",
			      page_time(page, e->at), "by", page_str(e->by_name), "recipient",
			      page_str(e->recipient), "reason", page_str(e->reason), "files",
			      file_lines(page, &recording->files, e->id)));
	}
	return lines;
}

/* ---- the third step ---- */

static void show_new(struct page *page, struct form *form)
{
	json_t *view = json_pack("{s:o, s:s}", "id", page_id(page_param_id(page, 0)), "back",
				 "/staff/recordings");
	view_here(view, "recordings");
	page_render_form(page, form, "staff/export-new", view);
}

static void new_export(struct page *page)
{
	show_new(page, page_form(page, "recording_export"));
}

static void make_export(struct page *page)
{
	struct form *form = page_form(page, "recording_export");
	struct export_new new = { .access = { page_param_id(page, 0) } };
	struct export_id id;
	enum playback_answer answer = PLAYBACK_OK;
	new.recipient = form_text(form, "recipient", RECIPIENT_MAX_CHARACTERS);
	new.reason = form_lines(form, "reason", 1, WORDS_MAX_CHARACTERS);
	if (new.reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (new.recipient.len > PLAYBACK_RECIPIENT_MAX)
		form_mistake(form, "recipient", "too_long");
	if (form_ok(form)) {
		enum err err =
		    export_make(page->service, &page->actor, &new, page->token, &id, &answer);
		if (err != OK)
			return page_failed(page, err);
		if (answer != PLAYBACK_OK)
			form_mistake(form, answer == PLAYBACK_NO_WORDS ? "reason" : "recipient",
				     playback_answer_name(answer));
	}
	if (!form_ok(form))
		return show_new(page, form);
	page_redirect(page, "/staff/exports/%lld", (long long)id.n);
}

/* ---- its page ---- */

static void refused(struct page *page, enum playback_answer answer)
{
	json_t *view =
	    json_pack("{s:s, s:s}", "why", word(page, "answer", playback_answer_name(answer)),
		      "back", "/staff/recordings");
	view_here(view, "recordings");
	page_render(page, 403, "staff/playback-refused", view);
}

/* False: it was answered. */
static bool load(struct page *page, struct export_view *out)
{
	struct export_id id = { page_param_id(page, 0) };
	enum playback_answer answer = PLAYBACK_OK;
	enum err err =
	    export_find(page->service, &page->actor, page->arena, id, page->token, out, &answer);
	if (err != OK)
		page_failed(page, err);
	else if (answer != PLAYBACK_OK)
		refused(page, answer);
	return err == OK && answer == PLAYBACK_OK;
}

static json_t *sides(const struct page *page, const struct export_view *v)
{
	bool any[SEATS] = { 0 };
	json_t *lines = json_array();
	for (size_t i = 0; i < v->segments.count; i++)
		any[v->segments.list[i].seat % SEATS] = true;
	for (int seat = 0; seat < SEATS; seat++)
		if (any[seat])
			json_array_append_new(lines, json_pack("{s:i, s:s}", "seat", seat, "side",
							       side_word(page, seat)));
	return lines;
}

static void show(struct page *page)
{
	struct export_view *v = arena_new(page->arena, 1, sizeof *v);
	if (!load(page, v))
		return;
	json_t *rows = json_array();
	add_row(page, rows, "visit", view_reference(v->export.reference));
	add_row(page, rows, "recipient", page_str(v->export.recipient));
	add_row(page, rows, "reason", page_str(v->export.reason));
	add_row(page, rows, "until", view_when(page, wall_add_s(v->export.at, PLAYBACK_VIEWING_S)));
	json_t *view =
	    json_pack("{s:o, s:o, s:o, s:s}", "id", page_id(v->export.id.n), "rows", rows,
		      "reference_shown", view_reference(v->export.reference), "back",
		      arena_printf(page->arena, "/staff/recordings/%s", v->export.reference.text));
	view_list(view, "sides", sides(page, v));
	view_list(view, "files", file_lines(page, &v->files, v->export.id));
	view_here(view, "recordings");
	page_render(page, 200, "staff/export", view);
}

/* ---- one side of it ---- */

struct fetching {
	struct export_view view;
	struct access access; /* as pvl-vault is shown it */
	int seat;
	size_t count;
	struct export_piece *pieces;
	size_t asked;   /* so many of them, in order, were looked at for the object store */
	size_t awaited; /* the piece that is waited for */
	int gone_again;
};

static void store_is_away(struct page *page)
{
	page_problem(page, 503, "store",
		     "This recording cannot be had now from where it is kept. Try again.");
}

/* ERR_AGAIN: a file went to the store meanwhile; else it was answered. */
static enum err begin(struct page *page, struct fetching *f)
{
	struct recording_export_file file = { .export = f->view.export.id, .seat = f->seat };
	struct body_stream *stream = NULL;
	if (!viewings_begin(page, f->access.id, VIEWING_EXPORT)) {
		page_problem(page, 503, "busy", "Too many recordings are being looked at.");
		return OK;
	}
	enum err err = export_stream_new(page->web, &file, f->view.recording.began_ms, f->pieces,
					 f->count, &stream);
	if (err == ERR_AGAIN)
		return err;
	if (err != OK) {
		page_problem(page, 503, "busy",
			     "Too many copies are being made, or this one cannot be read.");
		return OK;
	}
	page->exchange->viewing = f->access.id.n;
	page->response->kind = RESPONSE_STREAM;
	page->response->stream = stream;
	page->response->status = 200;
	page->response->content_type = "video/webm";
	response_header(page->response, "Content-Disposition",
			arena_printf(page->arena, "attachment; filename=\"%s-side-%d.webm\"",
				     f->view.export.reference.text, f->seat));
	return OK;
}

static bool is_lacking(const struct page *page, const struct export_piece *piece)
{
	return !piece->lost &&
	       !segment_file_is_here(page->web->config.recordings, piece->segment.id);
}

/* The first piece that is neither here nor lost; f->count: none. */
static size_t first_lacking(const struct page *page, struct fetching *f)
{
	size_t i = 0;
	for (; i < f->count && !is_lacking(page, &f->pieces[i]); i++)
		;
	return i;
}

/* They come back in any order, so it is the first that is waited for, and whatever was told of it before is
 * told again.  False: pvl-objects cannot be asked. */
static bool ask_for_files(const struct page *page, struct fetching *f, size_t first)
{
	size_t until = f->count < first + FILES_AT_ONCE ? f->count : first + FILES_AT_ONCE;
	f->awaited = first;
	if (!objects_link_want(page->web->objects, f->pieces[first].segment.id))
		return false;
	for (size_t i = f->asked > first ? f->asked : first + 1; i < until; i++)
		if (is_lacking(page, &f->pieces[i]))
			(void)objects_link_want(page->web->objects, f->pieces[i].segment.id);
	if (f->asked < until)
		f->asked = until;
	return true;
}

/* Without an object store, what is not in the folder is nowhere. */
static void give_up_lacking(const struct page *page, struct fetching *f)
{
	for (size_t i = 0; i < f->count; i++)
		f->pieces[i].lost = is_lacking(page, &f->pieces[i]);
}

static void file_came(struct page *page);

static void begin_when_here(struct page *page, struct fetching *f)
{
	enum err err = ERR_AGAIN;
	if (page->web->objects == NULL)
		give_up_lacking(page, f);
	while (err == ERR_AGAIN && f->gone_again < GONE_AGAIN_MAX) {
		size_t first = first_lacking(page, f);
		if (first < f->count && !ask_for_files(page, f, first))
			return store_is_away(page);
		if (first < f->count)
			return page_later(page, WAIT_OBJECT,
					  (uint64_t)f->pieces[first].segment.id.n, WAIT_OBJECT_MS,
					  file_came, f);
		err = begin(page, f);
		f->gone_again += err == ERR_AGAIN;
	}
	if (err != OK)
		store_is_away(page);
}

/* The last of those that pvl-vault is asked for now; 0: none is lacking; -1: it cannot be asked. */
static int64_t ask_for_keys(struct page *page, struct fetching *f)
{
	int64_t last = 0;
	size_t asked = 0;
	for (size_t i = 0; i < f->count && asked < KEYS_AT_ONCE; i++) {
		struct export_piece *p = &f->pieces[i];
		if (p->has_key)
			continue;
		p->has_key = keyring_find(page->web->keys, f->access.id, p->segment.id,
					  page->service->now, p->key);
		if (p->has_key)
			continue;
		if (page->web->vault == NULL ||
		    !vault_link_want_key(page->web->vault, &f->access, &p->segment))
			return asked > 0 ? last : -1;
		last = p->segment.id.n;
		asked++;
	}
	return last;
}

static void fetch_more(struct page *page)
{
	struct fetching *f = page->state;
	enum playback_answer answer = PLAYBACK_OK;
	enum err err = export_may(page->service, &page->actor, page->arena, f->view.export.id,
				  page->token, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != PLAYBACK_OK)
		return refused(page, answer);
	int64_t last = ask_for_keys(page, f);
	if (last < 0)
		return page_problem(page, 503, "vault",
				    "The key of this recording cannot be had now. Try again.");
	if (last > 0)
		return page_later(page, WAIT_VAULT, (uint64_t)last, WAIT_KEY_MS, fetch_more, f);
	begin_when_here(page, f);
}

/* The store has answered for the piece that is waited for. */
static void file_came(struct page *page)
{
	struct fetching *f = page->state;
	if (page->object_absent)
		f->pieces[f->awaited].lost = true;
	else if (is_lacking(page, &f->pieces[f->awaited]) && f->gone_again++ == GONE_AGAIN_MAX)
		return store_is_away(page);
	fetch_more(page);
}

/* Of that side, what is whole or was cut; not what is being written now. */
static void choose_pieces(struct page *page, struct fetching *f)
{
	f->pieces = arena_new(page->arena, f->view.segments.count + 1, sizeof *f->pieces);
	for (size_t i = 0; i < f->view.segments.count; i++) {
		const struct segment_row *s = &f->view.segments.list[i];
		if (s->seat == f->seat && s->state != SEGMENT_OPEN && s->has_key)
			f->pieces[f->count++] = (struct export_piece){ .segment = *s };
	}
}

static void fetch(struct page *page)
{
	struct fetching *f = arena_new(page->arena, 1, sizeof *f);
	uint64_t seat;
	if (!str_u64(page_param(page, 1), SEATS - 1, &seat))
		return page_not_found(page);
	if (!load(page, &f->view))
		return;
	f->seat = (int)seat;
	f->access = export_access(&f->view.export);
	choose_pieces(page, f);
	if (f->count == 0)
		return page_not_found(page);
	page->state = f;
	fetch_more(page);
}

enum {
	WHO_EXPORTS = WHO_MONITOR | WHO_GOVERNOR | WHO_CONTACTS,
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/playback/{access}/export", WHO_EXPORTS, .handler = new_export },
	{ METHOD_POST, "/staff/playback/{access}/export", WHO_EXPORTS, BODY_FORM,
	  .handler = make_export },
	{ METHOD_GET, "/staff/exports/{export}", WHO_EXPORTS, .handler = show },
	{ METHOD_GET, "/staff/exports/{export}/{seat}", WHO_EXPORTS, .handler = fetch },
};

const struct route_group staff_exports_routes = { rows, ARRAY_LEN(rows) };
