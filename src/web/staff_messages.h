/*
 * staff_messages.h - for staff: whether people are told, and what holds it up.
 */
#ifndef PVL_WEB_STAFF_MESSAGES_H
#define PVL_WEB_STAFF_MESSAGES_H

#include "web/route.h"

extern const struct route_group staff_messages_routes;

#endif
