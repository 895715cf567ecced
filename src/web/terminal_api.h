/*
 * terminal_api.h - enrolment, challenges and the visit due; and what a prisoner sees and
 * asks for who signs in there: docs/protocols/terminal.md.
 */
#ifndef PVL_WEB_TERMINAL_API_H
#define PVL_WEB_TERMINAL_API_H

#include "web/route.h"

extern const struct route_group terminal_api_routes;
extern const struct route_group terminal_own_routes;

#endif
