/*
 * request_page.h - the visits that families asked for and that staff decide on.
 */
#ifndef PVL_WEB_REQUEST_PAGE_H
#define PVL_WEB_REQUEST_PAGE_H

#include "web/route.h"

extern const struct route_group request_routes;

#endif
