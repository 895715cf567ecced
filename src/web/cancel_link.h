/*
 * cancel_link.h - the link in a message that leads to cancelling one visit,
 * without signing in.
 *
 * The address bears a proof that only the message had: HMAC-SHA-256 over visit
 * and account, under a key that all our programs on one database share.  Opening
 * it changes nothing (mail filters open links); the page asks first.  Once the
 * visit is moved or over, the link leads nowhere.
 */
#ifndef PVL_WEB_CANCEL_LINK_H
#define PVL_WEB_CANCEL_LINK_H

#include "domain/message.h"
#include "web/page.h"

/* "/cancel/R3F3R3NC3/<32 hex digits>", in the page's arena. */
const char *cancel_link_path(const struct page *page, const struct message *message);

extern const struct route_group cancel_link_routes;

#endif
