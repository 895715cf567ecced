/*
 * hints_link.h - pvl-hints as pvl-web sees it: what a machine finds odd in pictures of social visits.
 *
 * It only listens.  What is lost while either of the two is away comes again, or is past.
 */
#ifndef PVL_WEB_HINTS_LINK_H
#define PVL_WEB_HINTS_LINK_H

#include "ipc/hints.h"
#include "sys/loop.h"

struct hints_link;

struct hints_link *hints_link_new(struct loop *loop);
/* NULL is fine. */
void hints_link_free(struct hints_link *link);
/* The control socket of a pvl-hints, now the link's; replaces an earlier one. */
void hints_link_take(struct hints_link *link, int fd);
/* Another pvl-hints than before has nothing on; rises then. */
unsigned hints_link_generation(const struct hints_link *link);
/* The next that it said; false: no more. */
bool hints_link_next(struct hints_link *link, struct hint_note *out);

#endif
