/*
 * segment_file.h - a segment of a recording from the disk, opened with its key.
 *
 * It lies in the folder of recordings, or came back from an object store into
 * the folder of copies in it (ipc/objects.h).
 */
#ifndef PVL_WEB_SEGMENT_FILE_H
#define PVL_WEB_SEGMENT_FILE_H

#include "base/buf.h"
#include "domain/recording.h"
#include "ipc/objects.h"
#include "ipc/vault.h"

enum {
	SEGMENT_FILE_MAX = OBJECTS_FILE_MAX,
};

bool segment_file_is_here(const char *folder, struct segment_id segment);
/* A descriptor for reading, which stays good when pvl-objects takes the file away; -1: it is not here. */
int segment_file_open(const char *folder, struct segment_id segment);
/* Appends it in the clear to out, and closes fd; -1 is ERR_NOT_FOUND.  What was cut off at its end is given
 * as far as it goes; ERR_DENIED: another key, or it was changed, be it by somebody with the key. */
MUST_USE enum err segment_file_read(int fd, const struct segment_row *segment,
				    const uint8_t key[VAULT_KEY_LEN], struct buf *out);
/* Its keys are gone, so it is of no use to anybody.  stored: an object store may have it, too. */
void segment_file_erase(const char *folder, struct segment_id segment, bool stored);

#endif
