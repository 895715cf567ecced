/*
 * staff_sessions.h - a prison's sessions and the days on which they are not held.
 */
#ifndef PVL_WEB_STAFF_SESSIONS_H
#define PVL_WEB_STAFF_SESSIONS_H

#include "web/route.h"

extern const struct route_group staff_sessions_routes;

#endif
