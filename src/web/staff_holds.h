/*
 * staff_holds.h - recordings that are kept beyond their time: who asked, who agreed, and whose review is due.
 */
#ifndef PVL_WEB_STAFF_HOLDS_H
#define PVL_WEB_STAFF_HOLDS_H

#include "domain/legal_hold.h"
#include "web/page.h"
#include "web/route.h"

/* One as a list of any page shows it: {id, reference, matter, state, colour, due, …}. */
json_t *legal_hold_line(const struct page *page, const struct legal_hold *hold);

extern const struct route_group staff_holds_routes;

#endif
