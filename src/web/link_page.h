/*
 * link_page.h - personal links: the booker makes and takes them back, their bearer opens them.
 */
#ifndef PVL_WEB_LINK_PAGE_H
#define PVL_WEB_LINK_PAGE_H

#include "web/route.h"

extern const struct route_group link_routes;

#endif
