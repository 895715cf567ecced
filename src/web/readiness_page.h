/*
 * readiness_page.h - every prison on one page: can it hold visits, what is missing, since when.
 */
#ifndef PVL_WEB_READINESS_PAGE_H
#define PVL_WEB_READINESS_PAGE_H

#include "web/route.h"

extern const struct route_group readiness_routes;

#endif
