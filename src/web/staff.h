/*
 * staff.h - the pages of a prison's staff that are about the day as a whole:
 * day sheet, visits now, approvals, terminals, audit.
 */
#ifndef PVL_WEB_STAFF_H
#define PVL_WEB_STAFF_H

#include "web/route.h"

extern const struct route_group staff_routes;

#endif
