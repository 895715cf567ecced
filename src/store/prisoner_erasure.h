/*
 * prisoner_erasure.h - whoever was released long ago, and forgetting who it was.
 *
 * The record stays, as visits, the ledger and the log hang on it; its number becomes one that no
 * prison gives ("-00001K").  Who comes back to prison afterwards begins anew.
 */
#ifndef PVL_STORE_PRISONER_ERASURE_H
#define PVL_STORE_PRISONER_ERASURE_H

#include "domain/subject.h"
#include "store/store.h"

/* The next who was released by then and is not forgotten, in order of id above after; ERR_NOT_FOUND:
 * there is none. */
MUST_USE enum err store_prisoner_released(struct store *, struct prisoner_id after,
					  struct wall before, struct prisoner_id *out);
MUST_USE enum err store_prisoner_erasure_facts(struct store *, struct prisoner_id, struct wall now,
					       struct prisoner_erasure_facts *out);
/* Names, numbers, words and whom they knew are gone, also of records that were merged into this one;
 * *rows: how many were changed. */
MUST_USE enum err store_prisoner_erase(struct store *, struct prisoner_id, struct wall now,
				       int64_t *rows);

#endif
