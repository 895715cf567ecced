/*
 * staff_visit.h - one visit, for the staff of its prison: who is expected, the
 * lobby with the live picture, admitting, refusing, ending, and the outcome.
 */
#ifndef PVL_WEB_STAFF_VISIT_H
#define PVL_WEB_STAFF_VISIT_H

#include "web/route.h"

extern const struct route_group staff_visit_routes;

#endif
