/*
 * status.h - what machines ask: /health, /ping, /info, /metrics, /api/openapi.json.
 */
#ifndef PVL_WEB_STATUS_H
#define PVL_WEB_STATUS_H

#include "web/route.h"

extern const struct route_group status_routes;

#endif
