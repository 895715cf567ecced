#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

enum {
	BLOCK_SIZE = 16 * 1024
};

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	_Alignas(max_align_t) char memory[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

void arena_clear(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;
		free(a->blocks);
		a->blocks = next;
	}
	a->used = 0;
}

static struct arena_block *block_new(size_t need)
{
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	struct arena_block *block = mem_resize(NULL, 1, sizeof *block + size);
	*block = (struct arena_block){ .size = size };
	return block;
}

void *arena_new(struct arena *a, size_t count, size_t size)
{
	ASSERT(size == 0 || count <= SIZE_MAX / 2 / size);
	size_t need = (count * size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	if (!a->blocks || a->blocks->size - a->blocks->used < need) {
		struct arena_block *block = block_new(need);
		block->next = a->blocks;
		a->blocks = block;
	}
	void *at = a->blocks->memory + a->blocks->used;
	a->blocks->used += need;
	a->used += need;
	return memset(at, 0, need); /* what is given, not whole blocks */
}

char *arena_text(struct arena *a, struct str s)
{
	char *at = arena_new(a, s.len + 1, 1);
	if (s.len)
		memcpy(at, s.at, s.len);
	return at;
}

struct str arena_str(struct arena *a, struct str s)
{
	return str_of(arena_text(a, s), s.len);
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	ASSERT(len >= 0);
	char *at = arena_new(a, (size_t)len + 1, 1);
	va_start(args, format);
	(void)vsnprintf(at, (size_t)len + 1, format, args);
	va_end(args);
	return at;
}
