/*
 * objects_link.h - pvl-objects as pvl-web sees it: recordings that are kept in an object store.
 *
 * A segment that is not in the folder is wanted back; the exchange waits for it
 * (WAIT_OBJECT) and then reads the folder as ever.  Without an object store there
 * is no link, and what is not in the folder is not there.
 */
#ifndef PVL_WEB_OBJECTS_LINK_H
#define PVL_WEB_OBJECTS_LINK_H

#include "base/log.h"
#include "ipc/objects.h"
#include "sys/loop.h"

struct objects_link;

struct objects_link *objects_link_new(struct loop *loop, struct log *log);
/* NULL is fine. */
void objects_link_free(struct objects_link *link);
/* The control socket of a pvl-objects, now the link's; replaces an earlier one. */
void objects_link_take(struct objects_link *link, int fd);

/* False: there is no pvl-objects now, or it does not listen. */
bool objects_link_want(struct objects_link *link, struct segment_id segment);
/* The next that came, or did not; false: no more. */
bool objects_link_next(struct objects_link *link, struct segment_id *segment,
		       enum objects_outcome *outcome);

/* Of pvl-objects as it told last; false: there is none. */
bool objects_link_state(const struct objects_link *link, struct objects_state *out);

#endif
