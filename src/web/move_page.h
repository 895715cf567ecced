/*
 * move_page.h - a booked visit gets another time: the visit's page, a time, done.
 */
#ifndef PVL_WEB_MOVE_PAGE_H
#define PVL_WEB_MOVE_PAGE_H

#include "web/route.h"

extern const struct route_group move_routes;

#endif
