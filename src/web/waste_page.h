/*
 * waste_page.h - where a prison's minutes of a week went, and what would help.
 */
#ifndef PVL_WEB_WASTE_PAGE_H
#define PVL_WEB_WASTE_PAGE_H

#include "web/route.h"

extern const struct route_group waste_routes;

#endif
