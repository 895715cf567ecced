/*
 * standby_page.h - standing by for visits that begin together: agreed to, declined or taken back by
 * the link of the message, without signing in and without script.
 *
 * As offer_page.h.  While somebody stands by, the page asks again by itself (front/js/standby.js).
 */
#ifndef PVL_WEB_STANDBY_PAGE_H
#define PVL_WEB_STANDBY_PAGE_H

#include "domain/message.h"
#include "web/page.h"

/* "/standby/123/<32 hex digits>", in the page's arena; of a MESSAGE_STANDBY or MESSAGE_STANDBY_AGREED. */
const char *standby_link_path(const struct page *page, const struct message *message);

extern const struct route_group standby_routes;

#endif
