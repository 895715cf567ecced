/*
 * waiting_page.h - the waiting list as whoever waits sees it: going on it, what
 * one wishes, an offer, leaving it.
 */
#ifndef PVL_WEB_WAITING_PAGE_H
#define PVL_WEB_WAITING_PAGE_H

#include "web/page.h"

/* Cards of those that would take a time, for other pages; NULL and an error else. */
MUST_USE enum err waiting_cards(struct page *page, json_t **out);

extern const struct route_group waiting_routes;

#endif
