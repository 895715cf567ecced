/*
 * arena.h - memory of one request, freed all at once.
 *
 * One arena per HTTP request, use-case or command; nothing taken from it is
 * freed singly.  What an outsider sends is bounded before it is copied here, so
 * running out of memory ends the program (base/mem.h).  Memory is zeroed.
 */
#ifndef PVL_BASE_ARENA_H
#define PVL_BASE_ARENA_H

#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out, all blocks */
};

void arena_init(struct arena *a);
void arena_clear(struct arena *a);
/* Zeroed, aligned for any type; never NULL. */
void *arena_new(struct arena *a, size_t count, size_t size);
/* A NUL-terminated copy. */
char *arena_text(struct arena *a, struct str s);
struct str arena_str(struct arena *a, struct str s);
__attribute__((format(printf, 2, 3), nonnull(2))) char *arena_printf(struct arena *a,
								     const char *format, ...);

#endif
