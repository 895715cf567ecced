/*
 * staff_incidents.h - incidents and what came of them, their appeals, authorisations to monitor,
 * and how often each officer watched and acted.
 */
#ifndef PVL_WEB_STAFF_INCIDENTS_H
#define PVL_WEB_STAFF_INCIDENTS_H

#include "domain/visit.h"
#include "web/page.h"

extern const struct route_group staff_incidents_routes;

/* Adds "incidents" to the booker's page of a visit: what they may read, and the way to appeal. */
void incidents_add_told(struct page *page, const struct visit *visit, json_t *view);

#endif
