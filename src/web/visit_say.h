/*
 * visit_say.h - what the people of a running visit tell us from their page: that they see that
 * staff watch, that they have read a warning, that staff should look, that they are not private.
 */
#ifndef PVL_WEB_VISIT_SAY_H
#define PVL_WEB_VISIT_SAY_H

#include "web/route.h"

extern const struct route_group visit_say_routes;

#endif
