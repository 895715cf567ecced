/*
 * api.h - the JSON API for machines and pages: what the pages do, as values.
 *
 * Described in openapi.json, which a test compares with the running server.
 * Who asks has a session (with X-CSRF-Token) or a key: "Authorization: Bearer pvlk_…".
 */
#ifndef PVL_WEB_API_H
#define PVL_WEB_API_H

#include "web/route.h"

extern const struct route_group api_booking_routes;
extern const struct route_group api_legal_routes;
extern const struct route_group api_people_routes;
extern const struct route_group api_prison_routes;
extern const struct route_group api_professional_routes;
extern const struct route_group api_safety_routes;
extern const struct route_group api_staff_routes;
extern const struct route_group api_statistics_routes;
extern const struct route_group api_waiting_routes;

#endif
