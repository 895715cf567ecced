/*
 * statistics_page.h - waits and visits in numbers: for a prison, for headquarters,
 * and, as far as nobody can be found by them, for everybody.
 */
#ifndef PVL_WEB_STATISTICS_PAGE_H
#define PVL_WEB_STATISTICS_PAGE_H

#include "web/route.h"

extern const struct route_group statistics_routes;

#endif
