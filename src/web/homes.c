#include "web/homes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct known {
	struct service_name name;
	int64_t beat;
	struct mono since; /* it has had that beat */
};

struct homes {
	struct store *store;
	struct log *log;
	struct service_name name;
	int64_t run;
	int64_t taken;
	bool usurped; /* another process bears our name */
	struct mono now;
	struct mono beat_at; /* the last one; 0: due */
	size_t known_len;
	struct known known[HOMES_SERVICES_MAX];
	struct store_alive rows[HOMES_SERVICES_MAX];
};

static enum err begin(struct homes *h)
{
	enum err err = store_enter(h->store);
	if (err != OK)
		return err;
	err = store_alive_begin(h->store, &h->name, h->run);
	enum err left = store_leave(h->store, err == OK);
	return err != OK ? err : left;
}

enum err homes_open(struct store *store, struct random *random, const struct service_name *name,
		    struct log *log, struct homes **out)
{
	struct homes *h = mem_new(1, sizeof(*h));
	*h = (struct homes){ .store = store, .log = log, .name = *name, .run = random_id(random) };
	enum err err = begin(h);
	if (err == OK)
		*out = h;
	else
		free(h);
	return err;
}

void homes_close(struct homes *h)
{
	free(h);
}

/* ---- who is alive ---- */

static struct known *known_find(struct homes *h, const struct service_name *name)
{
	for (size_t i = 0; i < h->known_len; i++)
		if (service_name_equal(&h->known[i].name, name))
			return &h->known[i];
	return NULL;
}

static bool is_silent(const struct homes *h, const struct known *k, int64_t ms)
{
	return mono_diff_us(h->now, k->since) > ms * 1000;
}

static bool is_alive(struct homes *h, const struct service_name *name)
{
	const struct known *k = known_find(h, name);
	return k == NULL || !is_silent(h, k, HOMES_SILENCE_MS);
}

/* Those that are gone from the table go here as well. */
static void learn(struct homes *h, size_t len)
{
	static const struct known NONE = { 0 };
	struct known *next = mem_new(HOMES_SERVICES_MAX, sizeof(*next));
	for (size_t i = 0; i < len; i++) {
		const struct store_alive *row = &h->rows[i];
		const struct known *before = known_find(h, &row->name);
		bool moved = before == NULL || before->beat != row->beat;
		next[i] = moved ? NONE : *before;
		if (moved)
			next[i] = (struct known){ row->name, row->beat, h->now };
	}
	memcpy(h->known, next, len * sizeof(*next));
	h->known_len = len;
	free(next);
}

static void forget_the_dead(struct homes *h)
{
	for (size_t i = 0; i < h->known_len; i++) {
		const struct known *k = &h->known[i];
		if (is_silent(h, k, HOMES_FORGET_MS) && !service_name_equal(&k->name, &h->name) &&
		    store_alive_forget(h->store, &k->name) != OK)
			return;
	}
}

/* ---- our own life ---- */

/* Frozen for an hour, we were forgotten. */
static bool was_forgotten(const struct homes *h, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (service_name_equal(&h->rows[i].name, &h->name))
			return false;
	return true;
}

static enum err beat(struct homes *h, size_t *len)
{
	enum err err = store_alive_beat(h->store, &h->name, h->run);
	bool missed = err == ERR_NOT_FOUND;
	if (err == OK || missed)
		err = store_alive_list(h->store, h->rows, HOMES_SERVICES_MAX, len);
	if (err != OK || !missed)
		return err;
	if (was_forgotten(h, *len)) {
		err = store_alive_begin(h->store, &h->name, h->run);
		return err == OK ? store_alive_list(h->store, h->rows, HOMES_SERVICES_MAX, len)
				 : err;
	}
	h->usurped = true;
	log_event(h->log, LOG_ERROR, "service_name_in_use");
	return OK;
}

/* Whether others took something since we looked last. */
static bool were_taken(struct homes *h, size_t len)
{
	int64_t before = h->taken;
	for (size_t i = 0; i < len; i++)
		if (service_name_equal(&h->rows[i].name, &h->name))
			h->taken = h->rows[i].taken;
	return h->taken != before;
}

bool homes_turn(struct homes *h, struct mono now)
{
	size_t len = 0;
	if (h == NULL || mono_before(now, homes_next(h)))
		return false;
	h->now = now;
	h->usurped = false;
	if (beat(h, &len) != OK)
		return false;
	h->beat_at = now;
	learn(h, len);
	forget_the_dead(h);
	return were_taken(h, len) || h->usurped;
}

void homes_settle(struct homes *h, bool committed)
{
	if (h == NULL || committed)
		return;
	h->beat_at = (struct mono){ 0 };
	h->taken = -1; /* looked at again: it may have been undone */
}

struct mono homes_next(const struct homes *h)
{
	if (h == NULL)
		return MONO_NEVER;
	return h->beat_at.us == 0 ? h->beat_at : mono_add_ms(h->beat_at, HOMES_BEAT_MS);
}

/* ---- visits ---- */

bool homes_is_ours(struct homes *h, struct visit_id visit)
{
	struct service_name name;
	if (h == NULL)
		return true;
	if (h->usurped)
		return false;
	return store_home_find(h->store, visit, &name) != OK || service_name_equal(&name, &h->name);
}

enum err homes_take(struct homes *h, struct visit_id visit)
{
	struct service_name name;
	if (h == NULL)
		return OK;
	if (h->usurped)
		return ERR_CONFLICT;
	enum err err = store_will_write(h->store);
	if (err != OK)
		return err;
	err = store_home_find(h->store, visit, &name);
	if (err == ERR_NOT_FOUND)
		return store_home_take(h->store, visit, &h->name, NULL);
	if (err != OK || service_name_equal(&name, &h->name))
		return err;
	if (is_alive(h, &name))
		return ERR_CONFLICT;
	return store_home_take(h->store, visit, &h->name, &name);
}

/* What fails stays ours: whoever is asked for it next leads people to us. */
void homes_leave(struct homes *h, struct visit_id visit)
{
	if (h != NULL && store_home_leave(h->store, visit, &h->name) != OK)
		log_event(h->log, LOG_WARN, "home_not_left");
}

bool homes_elsewhere(struct homes *h, struct reference reference, struct service_name *out)
{
	struct service_name name;
	if (h == NULL || store_home_find_by_reference(h->store, reference, &name) != OK ||
	    service_name_equal(&name, &h->name) || !is_alive(h, &name))
		return false;
	*out = name;
	return true;
}

const struct service_name *homes_name(const struct homes *h)
{
	return h != NULL ? &h->name : NULL;
}
