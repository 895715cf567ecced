/*
 * public_page.h - pages for everybody: the start, the prisons and their rules, device check, help.
 */
#ifndef PVL_WEB_PUBLIC_PAGE_H
#define PVL_WEB_PUBLIC_PAGE_H

#include "web/route.h"

extern const struct route_group public_routes;

#endif
