/*
 * checkpoint.h - the signed heads of the audit log (tlog/checkpoint.h).
 *
 * They say something about the log and are not in it: keeping one writes no leaf.
 */
#ifndef PVL_STORE_CHECKPOINT_H
#define PVL_STORE_CHECKPOINT_H

#include "base/arena.h"
#include "base/clock.h"
#include "store/store.h"
#include "tlog/note.h"

struct store_checkpoint {
	struct str key; /* name+id of who signed; filled in by what reads */
	uint64_t size;
	struct wall at; /* when it was kept */
	struct str note;
};

struct store_checkpoints {
	size_t count;
	struct store_checkpoint *list;
};

/* One of the same size and key is there already: nothing changes. */
MUST_USE enum err store_checkpoint_keep(struct store *, const struct note_key *,
					const struct store_checkpoint *);
/* Of that key, smallest first, above after. */
MUST_USE enum err store_checkpoint_walk(struct store *, struct arena *, const struct note_key *,
					uint64_t after, int limit, struct store_checkpoints *out);
/* The first with at least that size; ERR_NOT_FOUND. */
MUST_USE enum err store_checkpoint_over(struct store *, struct arena *, uint64_t size,
					struct store_checkpoint *out);
/* The first with at least that size which witnesses of two places or more have signed (store/witness.h);
 * ERR_NOT_FOUND. */
MUST_USE enum err store_checkpoint_witnessed_over(struct store *, struct arena *, uint64_t size,
						  struct store_checkpoint *out);
/* The first that was kept at or after that time; ERR_NOT_FOUND. */
MUST_USE enum err store_checkpoint_since(struct store *, struct arena *, struct wall then,
					 struct store_checkpoint *out);
/* The one of that size whose text is this (of several keys); ERR_NOT_FOUND. */
MUST_USE enum err store_checkpoint_of_text(struct store *, struct arena *, uint64_t size,
					   struct str text, struct store_checkpoint *out);
/* The newest; ERR_NOT_FOUND. */
MUST_USE enum err store_checkpoint_newest(struct store *, struct arena *,
					  struct store_checkpoint *out);

#endif
