/*
 * witness.h - who keeps heads of the audit log elsewhere and signs that it
 * only grew (C2SP tlog-cosignature): terminals in prisons by themselves, and
 * people outside whom HQ has named.
 *
 * All are asked to sign the same head, the first of each period, so that a
 * record can be proved under a head that several have seen.
 */
#ifndef PVL_SERVICE_WITNESS_H
#define PVL_SERVICE_WITNESS_H

#include "service/service.h"
#include "store/witness.h"

enum {
	WITNESS_PERIOD_S = 6 * 3600,
	WITNESS_PERIODS_KEPT = 28, /* a week of what each has signed */
	WITNESSES_OUTSIDE_MAX = 50,
	WITNESS_CLOCK_WRONG_S = 3600, /* a witness whose clock differs by more is told so */
};

/* HQ admin: the key that somebody outside has made.  ERR_BAD: it is no key of cosignatures;
 * ERR_CONFLICT: one of that name is or was there; ERR_LIMIT. */
MUST_USE enum err witness_add(struct service *, const struct actor *, struct str vkey,
			      struct witness_id *out);
/* HQ admin.  Its cosignatures count no more.  ERR_NOT_FOUND. */
MUST_USE enum err witness_end(struct service *, const struct actor *, struct witness_id,
			      struct str reason);

struct witness_view {
	struct store_witnesses outside;
	struct store_prison_witnesses prisons;
};

/* HQ admin, inspector, operator, duty governor. */
MUST_USE enum err witness_list_find(struct service *, const struct actor *, struct arena *,
				    struct witness_view *out);

/* A terminal that has just proven itself, with the public key that it will sign with; a key of its own
 * from before gives way.  *name: what its cosignatures must bear, in the arena. */
MUST_USE enum err witness_of_terminal(struct service *, const struct actor *, struct arena *,
				      const uint8_t public[NOTE_PUBLIC_LEN], struct str *name);

/* The head that witnesses are asked to sign now, with what was signed of it.  ERR_NOT_FOUND: none. */
MUST_USE enum err witness_head_find(struct service *, struct buf *out);

/*
 * Anybody: a head of this log with the cosignatures of witnesses beneath it; *taken: how many.
 * ERR_BAD: no note, or nothing in it that was signed now; ERR_NOT_FOUND: no such head was signed
 * here, or nobody has signed whose key is known; ERR_CRYPTO: a signature is none.
 */
MUST_USE enum err witness_cosigned(struct service *, struct str note, int *taken);

#endif
