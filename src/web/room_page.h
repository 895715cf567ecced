/*
 * room_page.h - the room of a visit for families and guests: who sits here, the lobby, the call.
 */
#ifndef PVL_WEB_ROOM_PAGE_H
#define PVL_WEB_ROOM_PAGE_H

#include "web/route.h"

extern const struct route_group room_routes;

#endif
