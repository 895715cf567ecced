/*
 * audit.h - the log of all changes: one leaf each, in the same transaction.
 *
 * leaf = SHA-256(0x00 ‖ canonical record), as RFC 9162 section 2.1.1 hashes
 * leaves; what was said is in it only as HMAC-SHA-256 under a salt of its own.
 */
#ifndef PVL_STORE_AUDIT_H
#define PVL_STORE_AUDIT_H

#include "base/arena.h"
#include "base/random.h"
#include "domain/audit.h"
#include "store/store.h"

struct store_leaves {
	size_t count;
	struct audit_record *list;
};

/* Fills in seq, commitment (of words, unless empty) and leaf. */
MUST_USE enum err store_audit_append(struct store *, struct random *, struct audit_record *record,
				     struct str words);
struct store_audit_filter {
	struct prison_code prison; /* empty: all */
	int64_t after, before;     /* seq between these; before 0: to the newest */
	const char *verbs;         /* the first word of their names; NULL or "": all */
	int64_t object_id;         /* 0: all, here and below */
	int64_t account;
	int limit;
};

/* Newest first. */
MUST_USE enum err store_audit_list(struct store *, struct arena *,
				   const struct store_audit_filter *, struct store_leaves *out);
/* The last leaf written before then; 0: none.  Leaves are in the order of time. */
MUST_USE enum err store_audit_before(struct store *, struct wall then, int64_t *seq);
/* Whether a leaf like this (account, role, verb, object; of a list its prison too) was written after its .at. */
MUST_USE enum err store_audit_since(struct store *, const struct audit_record *like, bool *out);
/* What happened to a visit, at the times that it had before it was moved too, oldest first; not who looked. */
MUST_USE enum err store_audit_list_of(struct store *, struct arena *, struct visit_id, int limit,
				      struct store_leaves *out);
/* Oldest first, seq above after. */
MUST_USE enum err store_audit_walk(struct store *, struct arena *, int64_t after, int limit,
				   struct store_leaves *out);
/* The leaf hashes alone, one after the other, as they stand there. */
MUST_USE enum err store_audit_hashes(struct store *, int64_t after, int limit, struct buf *out);
/* How many leaves there are. */
MUST_USE enum err store_audit_size(struct store *, int64_t *out);
/* What the record's leaf must be. */
void store_audit_leaf(const struct audit_record *record, uint8_t out[AUDIT_HASH_LEN]);
/* Whether these words were given with that record; ERR_NOT_FOUND: the salt was erased. */
MUST_USE enum err store_audit_words_match(struct store *, const struct audit_record *, struct str,
					  bool *out);

#endif
