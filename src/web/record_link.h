/*
 * record_link.h - pvl-record as pvl-web sees it: notes of segments and gaps in, "stored" out.
 *
 * Notes are written down in groups, each group in one transaction with one leaf,
 * and acknowledged after its commit; what was not is told again.  While no
 * pvl-record is there, visits go on, and staff see that they are not recorded.
 */
#ifndef PVL_WEB_RECORD_LINK_H
#define PVL_WEB_RECORD_LINK_H

#include "base/log.h"
#include "service/service.h"
#include "sys/loop.h"

enum {
	RECORD_LINK_GROUP_MS = 2000, /* notes wait so long for others, ... */
	RECORD_LINK_GROUP = 256,     /* ... or until there are so many */
	RECORD_LINK_CHANGED_MAX = 64,
};

struct record_link;

struct record_link *record_link_new(struct loop *loop, struct log *log);
void record_link_free(struct record_link *link);
/* The control socket of a pvl-record, now the link's; replaces an earlier one. */
void record_link_take(struct record_link *link, int fd);

/* Reads notes, and writes down those that have waited; within the turn's transaction. */
void record_link_turn(struct record_link *link, struct service *service, struct mono now);
/* After the commit: what was written down is acknowledged, or stays. */
void record_link_settle(struct record_link *link, bool committed);
struct mono record_link_next(const struct record_link *link);

bool record_link_is_up(const struct record_link *link);
/* Rises each time a pvl-record comes or goes: its visits begin with a key frame, and are routed anew. */
unsigned record_link_generation(const struct record_link *link);
/* A visit of which notes were written down in this turn; false: no more. */
bool record_link_next_changed(struct record_link *link, struct visit_id *out);

#endif
