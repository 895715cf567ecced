/*
 * segment_file.h - a segment of a recording from the disk, opened with its key.
 */
#ifndef PVL_WEB_SEGMENT_FILE_H
#define PVL_WEB_SEGMENT_FILE_H

#include "base/buf.h"
#include "domain/recording.h"
#include "ipc/vault.h"

enum {
	SEGMENT_FILE_MAX = 12 << 20, /* bytes (recording/recorder.h) */
};

/* Appends it in the clear to out.  What was cut off at its end is given as far as it goes; ERR_DENIED:
 * another key, or it was changed. */
MUST_USE enum err segment_file_read(const char *folder, const struct segment_row *segment,
				    const uint8_t key[VAULT_KEY_LEN], struct buf *out);

#endif
