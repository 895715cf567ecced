/*
 * staff_desk.h - what staff look up: the week, anything by name, a prisoner and what he has to do.
 */
#ifndef PVL_WEB_STAFF_DESK_H
#define PVL_WEB_STAFF_DESK_H

#include "web/route.h"

extern const struct route_group staff_desk_routes;

#endif
