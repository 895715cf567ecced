/*
 * checkpoint.h - having the heads of the audit log signed (ipc/vault.h).
 *
 * Not for people: pvl-web calls it within its turn.  It changes nothing that
 * the log records, so it writes no leaf.
 */
#ifndef PVL_SERVICE_CHECKPOINT_H
#define PVL_SERVICE_CHECKPOINT_H

#include "service/service.h"
#include "tlog/note.h"

/* How many leaves there are. */
MUST_USE enum err checkpoint_size(struct service *, uint64_t *out);
/* The hashes of the leaves after that many, one after the other, at most max of them. */
MUST_USE enum err checkpoint_leaves(struct service *, uint64_t after, int max, struct buf *out);
/* Keeps what was signed, and what makes proofs under it quick.  ERR_CRYPTO, ERR_BAD: it is no head that this key signed. */
MUST_USE enum err checkpoint_keep(struct service *, const struct note_key *, struct str note);

struct checkpoint_newest {
	uint64_t size; /* leaves under the newest signed head; 0: none was signed */
	struct wall at;
};

/* Of all keys. */
MUST_USE enum err checkpoint_newest_find(struct service *, struct checkpoint_newest *out);

#endif
