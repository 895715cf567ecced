#include "store/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "store/kept_priv.h"
#include "store/prison.h"
#include "store/store_priv.h"

enum {
	LAYOUTS_MAX = 128, /* read in one transaction; more than there are prisons */
};

/* What a layout and the rules are read from. */
static const char *const TABLES[] = { "prison",        "prison_policy",    "room",   "room_usage",
				      "session_group", "session_template", "source", "terminal" };

struct kept {
	struct arena arena; /* emptied when the transaction ends, not before: lists are lent */
	size_t count;
	size_t read; /* in this transaction, those that were forgotten too */
	bool written;
	bool rules_stand;
	bool sources_stand;
	struct source_state sources[SOURCE_COUNT];
	bool counted[KEPT_NUMBERS];
	int64_t numbers[KEPT_NUMBERS];
	struct layout layouts[LAYOUTS_MAX];
};

struct kept *kept_new(void)
{
	struct kept *kept = mem_new(1, sizeof *kept);
	arena_init(&kept->arena);
	return kept;
}

void kept_free(struct kept *kept)
{
	if (!kept)
		return;
	arena_clear(&kept->arena);
	free(kept);
}

/* ---- when it stands ---- */

static struct str next_word(const char **sql)
{
	static const char ENDS[] = " \n\t(";
	*sql += strspn(*sql, ENDS);
	struct str word = str_of(*sql, strcspn(*sql, ENDS));
	*sql += word.len;
	return word;
}

struct str kept_table_of(const char *sql)
{
	struct str verb = next_word(&sql);
	bool second = str_is(verb, "INSERT") || str_is(verb, "DELETE");
	struct str before = second ? next_word(&sql) : verb;
	if (str_is(before, "INTO") || str_is(before, "FROM") || str_is(before, "UPDATE"))
		return next_word(&sql);
	return str_of("", 0);
}

bool kept_is_written_by(const char *sql)
{
	if (str_starts(str_from(sql), "SELECT"))
		return false;
	struct str table = kept_table_of(sql);
	for (size_t i = 0; i < ARRAY_LEN(TABLES); i++)
		if (str_is(table, TABLES[i]))
			return true;
	return str_empty(table);
}

static void forget(struct kept *kept)
{
	kept->count = 0;
	kept->rules_stand = false;
	kept->sources_stand = false;
}

void kept_written(struct store *store)
{
	store->kept->written = true;
	forget(store->kept);
}

static void forget_numbers(struct kept *kept)
{
	memset(kept->counted, 0, sizeof kept->counted);
}

void kept_undone(struct store *store)
{
	forget_numbers(store->kept);
	if (store->kept->written || !store_is_alone(store))
		forget(store->kept);
}

void kept_end(struct store *store)
{
	struct kept *kept = store->kept;
	forget(kept);
	forget_numbers(kept);
	kept->written = false;
	kept->read = 0;
	arena_clear(&kept->arena);
}

bool kept_rules_stand(const struct store *store)
{
	return store->kept->rules_stand;
}

void kept_rules_asked(struct store *store)
{
	store->kept->rules_stand = store_is_alone(store);
}

/* ---- numbers ---- */

bool kept_number(const struct store *store, enum kept_number which, int64_t *out)
{
	*out = store->kept->numbers[which];
	return store->kept->counted[which];
}

void kept_number_is(struct store *store, enum kept_number which, int64_t number)
{
	store->kept->counted[which] = store_is_alone(store);
	store->kept->numbers[which] = number;
}

/* ---- sources ---- */

const struct source_state *kept_sources(const struct store *store)
{
	return store->kept->sources_stand ? store->kept->sources : NULL;
}

void kept_sources_are(struct store *store, const struct source_state list[SOURCE_COUNT])
{
	struct kept *kept = store->kept;
	kept->sources_stand = store_is_alone(store);
	for (unsigned i = 0; i < SOURCE_COUNT && kept->sources_stand; i++) {
		kept->sources[i] = list[i];
		kept->sources[i].note = arena_str(&kept->arena, list[i].note);
	}
}

/* ---- layouts ---- */

static const struct layout *find(const struct kept *kept, struct prison_code code)
{
	for (size_t i = 0; i < kept->count; i++)
		if (prison_code_equal(kept->layouts[i].prison.code, code))
			return &kept->layouts[i];
	return NULL;
}

static enum err read_layout(struct store *store, struct arena *arena, struct prison_code code,
			    struct layout *out)
{
	enum err err = store_prison_find(store, arena, code, &out->prison);
	if (err == OK)
		err = store_session_template_list(store, arena, code, &out->templates);
	if (err == OK)
		err = store_terminal_list(store, arena, code, &out->terminals);
	if (err == OK)
		err = store_room_list(store, arena, code, &out->rooms);
	if (err == OK)
		err = store_room_usage_list(store, arena, code, &out->usages);
	return err;
}

static struct layout lend(const struct layout *layout, struct arena *arena)
{
	struct layout lent = *layout;
	lent.prison.name = arena_str(arena, layout->prison.name);
	lent.prison.name_cy = arena_str(arena, layout->prison.name_cy);
	lent.prison.not_ready_reason = arena_str(arena, layout->prison.not_ready_reason);
	lent.prison.not_ready_reason_cy = arena_str(arena, layout->prison.not_ready_reason_cy);
	return lent;
}

enum err store_layout_find(struct store *store, struct arena *arena, struct prison_code code,
			   struct layout *out)
{
	struct kept *kept = store->kept;
	ASSERT(!store->ahead);
	const struct layout *layout = find(kept, code);
	if (!layout) {
		struct layout read = { 0 };
		bool keep = store_is_alone(store) && kept->read < LAYOUTS_MAX;
		enum err err = read_layout(store, keep ? &kept->arena : arena, code, &read);
		if (err != OK)
			return err;
		if (!keep) {
			*out = read;
			return OK;
		}
		kept->read++;
		kept->layouts[kept->count] = read;
		layout = &kept->layouts[kept->count++];
	}
	*out = lend(layout, arena);
	return OK;
}
