/*
 * staff_messages.h - for staff: whether people are told, and what holds it up.
 */
#ifndef PVL_WEB_STAFF_MESSAGES_H
#define PVL_WEB_STAFF_MESSAGES_H

#include "web/page.h"
#include "web/route.h"

/* What people were told of a visit, for a page of staff; NULL where the actor may not know. */
json_t *staff_messages_of(struct page *page, struct reference reference);

extern const struct route_group staff_messages_routes;

#endif
