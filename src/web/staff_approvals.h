/*
 * staff_approvals.h - who asks to visit whom: the list, and each of them with its photos.
 */
#ifndef PVL_WEB_STAFF_APPROVALS_H
#define PVL_WEB_STAFF_APPROVALS_H

#include "web/route.h"

extern const struct route_group staff_approvals_routes;

#endif
