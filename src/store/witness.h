/*
 * witness.h - who witnesses the heads of the audit log, and what they signed.
 *
 * A cosignature says something about the log and is not in it, as a head is
 * not: keeping one writes no leaf.
 */
#ifndef PVL_STORE_WITNESS_H
#define PVL_STORE_WITNESS_H

#include "base/arena.h"
#include "base/buf.h"
#include "domain/prison.h"
#include "store/checkpoint.h"

struct witness_id {
	int64_t n;
};

struct witness {
	struct witness_id id;
	struct str name; /* of its key */
	struct str vkey;
	struct terminal_id terminal; /* 0: somebody outside */
	struct prison_code prison;   /* the terminal's; empty: outside */
	struct wall added_at;
	int64_t size; /* of the newest head that it signed; 0: none yet */
	struct wall signed_at;
};

struct store_witnesses {
	size_t count;
	struct witness *list;
};

/* ERR_CONFLICT: there is one of that name, or was. */
MUST_USE enum err store_witness_insert(struct store *, const struct witness *);
/* ERR_NOT_FOUND: no such, or it has ended.  Its cosignatures count no more. */
MUST_USE enum err store_witness_end(struct store *, struct witness_id, struct wall now);

/* The one of that terminal, if it has one. */
MUST_USE enum err store_witness_end_of(struct store *, struct terminal_id, struct wall now);

/* Of those that have not ended; without what they signed. */
MUST_USE enum err store_witness_find(struct store *, struct arena *, struct witness_id,
				     struct witness *out);
MUST_USE enum err store_witness_by_name(struct store *, struct arena *, struct str name,
					struct witness *out);
MUST_USE enum err store_witness_of_terminal(struct store *, struct arena *, struct terminal_id,
					    struct witness *out);
/* Those outside, by name. */
MUST_USE enum err store_witness_outside(struct store *, struct arena *,
					struct store_witnesses *out);

/* The terminals of one prison that are witnesses. */
struct prison_witnesses {
	struct prison_code prison;
	int terminals;
	int64_t size; /* of the newest head that one of them signed; 0: none yet */
	struct wall signed_at;
};

struct store_prison_witnesses {
	size_t count;
	struct prison_witnesses *list;
};

MUST_USE enum err store_witness_prisons(struct store *, struct arena *,
					struct store_prison_witnesses *out);

struct cosignature {
	struct witness_id witness;
	int64_t period;
	struct str key; /* of the head: name+id, as a checkpoint that was read has it */
	uint64_t size;
	struct wall at;  /* as the witness says */
	struct str line; /* as it stands in a note, with its newline */
};

/* One of an older head gives way, one of a newer head stays. */
MUST_USE enum err store_cosignature_keep(struct store *, const struct cosignature *);
/* Those of that witness from before the period. */
MUST_USE enum err store_cosignature_forget(struct store *, struct witness_id, int64_t period);
/* Appends the lines under that head, by name of who signed. */
MUST_USE enum err store_cosignature_lines(struct store *, struct str key, uint64_t size,
					  struct buf *out);

#endif
