/*
 * people_page.h - staff's pages about people: what keeps them safe, where they
 * are, what they are allowed.
 */
#ifndef PVL_WEB_PEOPLE_PAGE_H
#define PVL_WEB_PEOPLE_PAGE_H

#include "web/route.h"

extern const struct route_group people_routes;

#endif
