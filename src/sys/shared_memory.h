/*
 * shared_memory.h - memory that several of our programs have at the same time, of a length that stays.
 *
 * Nobody can shorten it, so nobody who has it can make another one fall over.
 */
#ifndef PVL_SYS_SHARED_MEMORY_H
#define PVL_SYS_SHARED_MEMORY_H

#include <stddef.h>

#include "base/err.h"

/* Zeros, to be handed on as a descriptor (child.h); pages that nobody has touched cost nothing. */
MUST_USE enum err shared_memory_new(size_t len, int *fd);
/* NULL: it is none such, of that length, or is not there.  It stays mapped until the program ends. */
void *shared_memory_map(int fd, size_t len);

#endif
