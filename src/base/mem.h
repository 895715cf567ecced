/*
 * mem.h - memory that is there or the program ends.
 *
 * Every size that an outsider can influence has a stated maximum before it
 * comes here, so running out means that the machine is too small: the program
 * ends and its supervisor says so.
 */
#ifndef PVL_BASE_MEM_H
#define PVL_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory; free() it. */
void *mem_new(size_t count, size_t size);
/* Grows or shrinks; what is new is not zeroed. */
void *mem_resize(void *old, size_t count, size_t size);
/* Overwrites in a way the compiler keeps. */
void mem_wipe(void *at, size_t len);

#endif
