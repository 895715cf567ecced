/*
 * staff_hints.h - hints of a machine: officers say whether they were right, and see how often they are not.
 */
#ifndef PVL_WEB_STAFF_HINTS_H
#define PVL_WEB_STAFF_HINTS_H

#include "web/route.h"

extern const struct route_group staff_hints_routes;

#endif
