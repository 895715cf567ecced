/*
 * secret.h - random keys that all programs on one database share; made by whoever comes first.
 */
#ifndef PVL_STORE_SECRET_H
#define PVL_STORE_SECRET_H

#include "base/random.h"
#include "store/store.h"

enum {
	STORE_SECRET_LEN = 32,
};

/* A transaction of its own where the caller has none. */
MUST_USE enum err store_secret_share(struct store *, struct random *, const char *name,
				     uint8_t out[STORE_SECRET_LEN]);

#endif
