/*
 * hint.h - what a machine found odd in pictures of social visits, in the database.
 */
#ifndef PVL_STORE_HINT_H
#define PVL_STORE_HINT_H

#include "base/arena.h"
#include "domain/hint.h"
#include "store/store.h"

struct store_hints {
	size_t count;
	struct hint *list;
};

struct store_hint_counts {
	size_t count;
	struct hint_count *list;
};

/* kind: the visit's; the database refuses any but a social one. */
MUST_USE enum err store_hint_insert(struct store *, const struct hint *, enum visit_kind kind);
MUST_USE enum err store_hint_find(struct store *, struct arena *, struct hint_id, struct hint *out);
/* How many of that picture and sort were made since. */
MUST_USE enum err store_hint_recent(struct store *, const struct hint *, struct wall since,
				    int64_t *out);
/* Of a prison, made since then and not answered, newest first, at most limit. */
MUST_USE enum err store_hint_list_open(struct store *, struct arena *, struct prison_code,
				       struct wall since, int limit, struct store_hints *out);
/* Of a prison, by sort. */
MUST_USE enum err store_hint_counts(struct store *, struct arena *, struct prison_code,
				    struct wall since, struct store_hint_counts *out);
MUST_USE enum err store_hint_answer(struct store *, const struct hint *);
/* Those made before then go; count: how many. */
MUST_USE enum err store_hint_erase(struct store *, struct wall before, int64_t *count);

#endif
