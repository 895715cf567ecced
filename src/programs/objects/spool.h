/*
 * spool.h - the folder of recordings as pvl-objects sees it: what waits, what may go (ipc/objects.h).
 *
 * The folder is all there is: whoever is killed finds it again as it was.  A
 * segment goes out when nobody holds its lock any more; pvl-record holds it while
 * it writes, and the kernel lets go of it when pvl-record dies.
 */
#ifndef PVL_PROGRAMS_OBJECTS_SPOOL_H
#define PVL_PROGRAMS_OBJECTS_SPOOL_H

#include "base/buf.h"
#include "base/clock.h"
#include "ipc/objects.h"

enum {
	SPOOL_LIST_MAX = 64, /* of each kind, in one look */
};

struct spool_list {
	size_t count;
	struct segment_id list[SPOOL_LIST_MAX];
};

struct spool_seen {
	struct spool_list waiting; /* the oldest, those first */
	struct spool_list erase;   /* in no order */
	uint32_t files;            /* that wait, all of them */
	uint64_t bytes;
};

struct spool;

/* The folder must be there.  Makes what lacks in it. */
MUST_USE enum err spool_open(const char *folder, struct spool **out);
void spool_close(struct spool *spool);

MUST_USE enum err spool_look(const struct spool *spool, struct spool_seen *out);
/* Appends it to out.  ERR_AGAIN: it is being written; ERR_NOT_FOUND. */
MUST_USE enum err spool_read(const struct spool *spool, struct segment_id segment, struct buf *out);
/* It stands in the store. */
void spool_sent(const struct spool *spool, struct segment_id segment);
/* It is to be erased, so nothing of it stays here. */
void spool_forget(const struct spool *spool, struct segment_id segment);
/* It is erased there: nor does the wish. */
void spool_erased(const struct spool *spool, struct segment_id segment);
/* Whether pvl-record is to write no further ones. */
void spool_set_full(const struct spool *spool, bool full);

/* A copy of one that came back; whole, or not there. */
MUST_USE enum err spool_keep(const struct spool *spool, struct segment_id segment,
			     struct bytes bytes);
bool spool_has(const struct spool *spool, struct segment_id segment);
/* Takes away the copies that came before that time, and the oldest ones beyond so many bytes. */
void spool_sweep(const struct spool *spool, struct wall before, uint64_t bytes_max);

#endif
