/*
 * staff_messages.h - for staff: whether people are told, and what holds it up.
 */
#ifndef PVL_WEB_STAFF_MESSAGES_H
#define PVL_WEB_STAFF_MESSAGES_H

#include "web/page.h"
#include "web/route.h"

/*
 * What people were told of a visit, for a page of staff: .told and .has_told, or
 * .untold where it cannot be read now.  Nothing where the actor may not know.
 */
void staff_messages_add(struct page *page, struct reference reference, json_t *view);

extern const struct route_group staff_messages_routes;

#endif
