/*
 * ask_page.h - what prisoners ask for, for the family who answers and for staff;
 * and the PIN by which they sign in at a terminal.
 */
#ifndef PVL_WEB_ASK_PAGE_H
#define PVL_WEB_ASK_PAGE_H

#include "web/page.h"

/* Of the account that is signed in, for its home page: [{id, prisoner, visitor, asked, prisoner_id}]. */
MUST_USE enum err ask_cards(struct page *page, json_t **out);

extern const struct route_group ask_routes;

#endif
