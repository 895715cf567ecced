/*
 * post_link.h - the outbox goes out: what is due is taken, put into words and
 * handed to pvl-notify, and what that says became of it is written down.
 *
 * Part of the turn.  Within its transaction post_link_turn() reads answers and
 * takes what is due; after the commit post_link_release() lets it go.  What a
 * failed commit had taken was not taken, and is not sent.
 *
 * Timers: what is due is looked for each second; a message without an answer
 * for ten minutes waits again (post_put_back); GOV.UK Notify is asked every 15 s
 * about those whose time to be asked has come.
 */
#ifndef PVL_WEB_POST_LINK_H
#define PVL_WEB_POST_LINK_H

#include "base/log.h"
#include "ipc/notify.h"
#include "sys/loop.h"

struct post_link;
struct web;

/* alone: there will be no pvl-notify.  loop NULL: none is watched (tests). */
struct post_link *post_link_new(struct loop *loop, bool alone, struct log *log);
void post_link_free(struct post_link *link);
/* pvl-notify's other end, now the link's; replaces an earlier one, which is read to its end first. */
void post_link_attach(struct web *web, int fd);

void post_link_turn(struct web *web, struct mono now);
void post_link_release(struct web *web, bool committed);
/* When to turn next. */
struct mono post_link_next(const struct post_link *link);

/* Who takes a channel's messages, as pvl-notify told last; NOTIFY_BY_NOBODY: they wait. */
enum notify_provider post_link_provider(const struct post_link *link, enum notify_channel channel);
/* pvl-notify is there. */
bool post_link_up(const struct post_link *link);

#endif
