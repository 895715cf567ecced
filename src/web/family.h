/*
 * family.h - a family's own pages: visits and people at a glance, and asking to
 * be approved.
 *
 * Nothing here tells where a person in prison is held, or whether a number
 * exists, before the prison has approved somebody.
 */
#ifndef PVL_WEB_FAMILY_H
#define PVL_WEB_FAMILY_H

#include "web/route.h"

extern const struct route_group family_routes;

#endif
