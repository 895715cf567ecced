/*
 * gunzip.h - a gzip body unpacked, with a bound (no bombs).
 */
#ifndef PVL_WEB_GUNZIP_H
#define PVL_WEB_GUNZIP_H

#include "base/buf.h"
#include "base/err.h"

/* Appends; ERR_LIMIT beyond out's maximum, ERR_BAD if it is not whole gzip. */
MUST_USE enum err gunzip(struct bytes in, struct buf *out);

#endif
