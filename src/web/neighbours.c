#include "web/neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ipc/media.h"

struct elsewhere {
	struct reference reference; /* empty: a free place */
	struct prison_code prison;
	struct mono heard;
	json_t *row;
};

struct neighbours {
	struct store *store;
	struct log *log;
	struct buf heard;
	json_t *said; /* the last announcement */
	size_t used;  /* places of list ever used */
	struct elsewhere list[NEIGHBOUR_VISITS_MAX];
};

enum err neighbours_open(struct store *store, struct log *log, struct neighbours **out)
{
	enum err err = store_listen(store);
	if (err != OK)
		return err;
	struct neighbours *n = mem_new(1, sizeof(*n));
	n->store = store;
	n->log = log;
	n->heard = buf_of(2 * STORE_ANNOUNCEMENT_MAX);
	*out = n;
	return OK;
}

static void clear(struct elsewhere *e)
{
	json_decref(e->row);
	*e = (struct elsewhere){ 0 };
}

void neighbours_close(struct neighbours *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->used; i++)
		clear(&n->list[i]);
	json_decref(n->said);
	buf_clear(&n->heard);
	free(n);
}

/* ---- telling ---- */

/* What is not told now is told again, or found out by whoever reads the database next. */
static void announce(struct neighbours *n, json_t *what)
{
	char *text = json_dumps(what, JSON_COMPACT);
	json_decref(what);
	if (text != NULL && store_announce(n->store, text) != OK)
		log_event(n->log, LOG_WARN, "not_announced");
	free(text);
}

void neighbours_tell_changed(struct neighbours *n, struct reference reference)
{
	if (n != NULL && store_fd(n->store) >= 0)
		announce(n, json_pack("{s:s}", "changed", reference.text));
}

void neighbours_tell_unseated(struct neighbours *n, struct reference reference, uint8_t end)
{
	if (n != NULL && store_fd(n->store) >= 0)
		announce(n, json_pack("{s:s, s:i}", "unseated", reference.text, "end", (int)end));
}

void neighbours_tell_visit(struct neighbours *n, struct prison_code prison,
			   struct reference reference, json_t *row)
{
	if (n == NULL || store_fd(n->store) < 0)
		return json_decref(row);
	announce(n, json_pack("{s:s, s:s, s:o}", "visit", reference.text, "prison", prison.text,
			      "row", row));
}

/* ---- hearing ---- */

static struct elsewhere *place_of(struct neighbours *n, struct reference reference)
{
	struct elsewhere *place = NULL;
	for (size_t i = 0; i < n->used; i++) {
		struct elsewhere *e = &n->list[i];
		if (strcmp(e->reference.text, reference.text) == 0)
			return e;
		if (e->row == NULL)
			place = e;
	}
	if (place == NULL && n->used < NEIGHBOUR_VISITS_MAX)
		place = &n->list[n->used++];
	return place;
}

static bool is_over(const json_t *row)
{
	const char *state = json_string_value(json_object_get(row, "state"));
	return state == NULL || strcmp(state, "ended") == 0;
}

static void remember(struct neighbours *n, const struct neighbour_said *said, struct mono now)
{
	struct elsewhere *e = place_of(n, said->reference);
	if (e == NULL)
		return;
	clear(e);
	if (!is_over(said->row))
		*e = (struct elsewhere){ .reference = said->reference,
					 .prison = said->prison,
					 .heard = now,
					 .row = json_deep_copy(said->row) };
}

static bool read_reference(const json_t *said, const char *key, struct reference *out)
{
	const char *text = json_string_value(json_object_get(said, key));
	return text != NULL && reference_of(str_from(text), out);
}

static bool read_end(const json_t *said, uint8_t *out)
{
	json_int_t end = json_integer_value(json_object_get(said, "end"));
	if (end <= 0 || end >= MEDIA_ENDS_MAX)
		return false;
	*out = (uint8_t)end;
	return true;
}

static enum neighbour_news sort(struct neighbours *n, struct mono now, struct neighbour_said *out)
{
	const char *prison = json_string_value(json_object_get(n->said, "prison"));
	*out = (struct neighbour_said){ .row = json_object_get(n->said, "row") };
	if (read_reference(n->said, "changed", &out->reference))
		return NEIGHBOUR_CHANGED;
	if (read_reference(n->said, "unseated", &out->reference) && read_end(n->said, &out->end))
		return NEIGHBOUR_UNSEATED;
	if (!read_reference(n->said, "visit", &out->reference) || !json_is_object(out->row) ||
	    prison == NULL || !prison_code_of(str_from(prison), &out->prison))
		return NEIGHBOUR_NOTHING;
	remember(n, out, now);
	return NEIGHBOUR_VISIT;
}

enum neighbour_news neighbours_next(struct neighbours *n, struct mono now,
				    struct neighbour_said *out)
{
	while (n != NULL && store_heard(n->store, &n->heard)) {
		json_decref(n->said);
		n->said =
		    json_loadb(buf_cstr(&n->heard), n->heard.len, JSON_REJECT_DUPLICATES, NULL);
		enum neighbour_news news = n->said != NULL ? sort(n, now, out) : NEIGHBOUR_NOTHING;
		if (news != NEIGHBOUR_NOTHING)
			return news;
	}
	return NEIGHBOUR_NOTHING;
}

void neighbours_add_rows(const struct neighbours *n, struct prison_code prison, json_t *rows)
{
	for (size_t i = 0; n != NULL && i < n->used; i++)
		if (n->list[i].row != NULL && prison_code_equal(n->list[i].prison, prison))
			json_array_append(rows, n->list[i].row);
}

bool neighbours_has_seated(const struct neighbours *n, struct reference reference, uint8_t end)
{
	const json_t *people = NULL;
	const json_t *person;
	size_t at;
	for (size_t i = 0; n != NULL && i < n->used; i++)
		if (strcmp(n->list[i].reference.text, reference.text) == 0)
			people = json_object_get(n->list[i].row, "people");
	json_array_foreach(people, at,
			   person) if (json_integer_value(json_object_get(person, "end")) ==
				       end) return json_is_true(json_object_get(person, "present"));
	return false;
}

void neighbours_forget(struct neighbours *n, struct reference reference)
{
	for (size_t i = 0; n != NULL && i < n->used; i++)
		if (strcmp(n->list[i].reference.text, reference.text) == 0)
			clear(&n->list[i]);
}

void neighbours_tick(struct neighbours *n, struct mono now)
{
	for (size_t i = 0; n != NULL && i < n->used; i++)
		if (n->list[i].row != NULL &&
		    mono_diff_us(now, n->list[i].heard) > NEIGHBOUR_SILENCE_S * 1000000LL)
			clear(&n->list[i]);
}
