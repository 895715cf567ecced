/*
 * whole.h - all of what is to go through a pipe, though the kernel takes and gives it in pieces.
 */
#ifndef PVL_SYS_WHOLE_H
#define PVL_SYS_WHOLE_H

#include "base/bytes.h"

/* Exactly so many bytes; false: they ended before, or could not be read. */
bool whole_read(int fd, void *at, size_t len);
/* All of them, or false: nobody reads any more. */
bool whole_write(int fd, struct bytes bytes);

#endif
