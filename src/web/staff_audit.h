/*
 * staff_audit.h - the account of everything: searched, taken away, and its signed head for anybody.
 */
#ifndef PVL_WEB_STAFF_AUDIT_H
#define PVL_WEB_STAFF_AUDIT_H

#include "web/route.h"

extern const struct route_group staff_audit_routes;

#endif
