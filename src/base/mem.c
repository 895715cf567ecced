#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

void *mem_new(size_t count, size_t size)
{
	void *at = calloc(count ? count : 1, size ? size : 1);
	ASSERT(at);
	return at;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	ASSERT(size == 0 || count <= SIZE_MAX / size);
	size_t need = count * size;
	void *at = realloc(old, need ? need : 1);
	ASSERT(at);
	return at;
}

void mem_wipe(void *at, size_t len)
{
	explicit_bzero(at, len);
}
