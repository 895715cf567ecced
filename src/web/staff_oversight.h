/*
 * staff_oversight.h - what staff do in a running visit: the acts, the warnings and their words,
 * the record, and the watch desk.
 */
#ifndef PVL_WEB_STAFF_OVERSIGHT_H
#define PVL_WEB_STAFF_OVERSIGHT_H

#include "domain/visit.h"
#include "web/page.h"

extern const struct route_group staff_oversight_routes;

/* Adds "panel" to the view: staff/acts.mustache shows it. */
void oversight_add_panel(struct page *page, const struct visit *visit, json_t *view);

#endif
