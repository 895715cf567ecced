/*
 * data_page.h - what the service holds of somebody: for themselves, and for staff who answer letters; how long all of it is kept.
 */
#ifndef PVL_WEB_DATA_PAGE_H
#define PVL_WEB_DATA_PAGE_H

#include "web/route.h"

extern const struct route_group data_page_routes;

#endif
