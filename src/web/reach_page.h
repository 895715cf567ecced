/*
 * reach_page.h - how people are reached: their own number, address and choice, and those of whoever has no email.
 */
#ifndef PVL_WEB_REACH_PAGE_H
#define PVL_WEB_REACH_PAGE_H

#include "web/route.h"

extern const struct route_group reach_routes;

#endif
