/*
 * staff_rooms.h - what rooms are for and when, and when they or a terminal are closed.
 */
#ifndef PVL_WEB_STAFF_ROOMS_H
#define PVL_WEB_STAFF_ROOMS_H

#include "web/route.h"

extern const struct route_group staff_rooms_routes;

#endif
