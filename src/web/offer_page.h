/*
 * offer_page.h - a time that was offered: accepted or declined by the link of
 * the message, without signing in and without script.
 *
 * The address bears a proof that only the message had.  Opening it changes
 * nothing (mail filters open links); two buttons do.  No name stands on the page:
 * the message may have been passed on.
 */
#ifndef PVL_WEB_OFFER_PAGE_H
#define PVL_WEB_OFFER_PAGE_H

#include "domain/message.h"
#include "web/page.h"

/* "/offers/123/<32 hex digits>", in the page's arena; of a MESSAGE_OFFER. */
const char *offer_link_path(const struct page *page, const struct message *message);

extern const struct route_group offer_routes;

#endif
