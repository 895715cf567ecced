/*
 * visit_page.h - a booked visit, for the family that booked it: its details,
 * its calendar file, cancelling, the room itself, and what was counted.
 */
#ifndef PVL_WEB_VISIT_PAGE_H
#define PVL_WEB_VISIT_PAGE_H

#include "web/route.h"

extern const struct route_group visit_routes;

#endif
