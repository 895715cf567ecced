/*
 * staff_setup.h - a prison gets ready: its rooms and terminals are named, what is missing is told,
 * and somebody says that it can hold visits.
 */
#ifndef PVL_WEB_STAFF_SETUP_H
#define PVL_WEB_STAFF_SETUP_H

#include "web/page.h"

extern const struct route_group staff_setup_routes;

#endif
