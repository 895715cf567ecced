/*
 * list_priv.h - rows into an array that grows in the arena.
 */
#ifndef PVL_STORE_LIST_PRIV_H
#define PVL_STORE_LIST_PRIV_H

#include "base/arena.h"

enum {
	STORE_LIST_MAX = 5000, /* rows of one answer; the pages' own limits lie far below */
};

/*
 * The next free element of *list, which has count elements and doubles at each
 * power of two; NULL at STORE_LIST_MAX.
 */
void *list_next(struct arena *arena, void *list_pointer, size_t *count, size_t size);

#endif
