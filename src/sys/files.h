/*
 * files.h - whole files: read with a bound, written so that a power cut leaves
 * the old or the new one.
 */
#ifndef PVL_SYS_FILES_H
#define PVL_SYS_FILES_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the file to out; ERR_LIMIT beyond out's maximum, ERR_NOT_FOUND, ERR_DENIED, ERR_SYS. */
MUST_USE enum err file_read(const char *path, struct buf *out);
/* The same for a file that a parent has opened, from its beginning whatever its position; closes it. */
MUST_USE enum err file_read_inherited(int fd, struct buf *out);
/* The one line in such a file (a secret), without what is around it.  ERR_BAD: there is none, or no room. */
MUST_USE enum err file_read_inherited_line(int fd, char *out, size_t room);
/* A new file beside it, fsync, rename, fsync of the directory. */
MUST_USE enum err file_write(const char *path, struct bytes bytes, mode_t mode);
/* The same, where there is none yet: ERR_CONFLICT if there is, whoever made it. */
MUST_USE enum err file_create(const char *path, struct bytes bytes, mode_t mode);
/* The directory and those above it that lack, mode 0700; fine if it is there. */
MUST_USE enum err directory_make(const char *path);

#endif
