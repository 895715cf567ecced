/*
 * staff_times.h - all times of a day for some people: which are free, and why not the others; and booking one.
 */
#ifndef PVL_WEB_STAFF_TIMES_H
#define PVL_WEB_STAFF_TIMES_H

#include "web/route.h"

extern const struct route_group staff_times_routes;

#endif
