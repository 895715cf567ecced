/*
 * whip.h - joining a visit and its media: the routes of docs/protocols/signalling.md.
 */
#ifndef PVL_WEB_WHIP_H
#define PVL_WEB_WHIP_H

#include "web/route.h"

extern const struct route_group whip_routes;

#endif
