/*
 * staff_webhooks.h - where other systems are told of changes, and how far each event has come.
 */
#ifndef PVL_WEB_STAFF_WEBHOOKS_H
#define PVL_WEB_STAFF_WEBHOOKS_H

#include "web/route.h"

extern const struct route_group staff_webhooks_routes;

#endif
