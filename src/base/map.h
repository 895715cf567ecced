/*
 * map.h - a number of 64 bits to a small number, in memory of a fixed size.
 *
 * Open addressing with a secret start, so that outsiders who choose keys
 * cannot choose collisions.  The capacity is stated at birth and never grows:
 * map_set() says ERR_LIMIT when it is reached.
 */
#ifndef PVL_BASE_MAP_H
#define PVL_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct map_cell {
	uint64_t key;
	uint32_t value;
	uint32_t used;
};

struct map {
	struct map_cell *cells;
	size_t size;  /* a power of two, at least twice max */
	size_t max;   /* entries at most */
	size_t count; /* entries now */
	uint64_t secret;
};

/* Room for max entries; map_clear() frees. */
void map_init(struct map *m, size_t max, uint64_t secret);
void map_clear(struct map *m);
/* Sets or replaces. */
MUST_USE enum err map_set(struct map *m, uint64_t key, uint32_t value);
bool map_get(const struct map *m, uint64_t key, uint32_t *value);
void map_remove(struct map *m, uint64_t key);

#endif
