/*
 * adjustment_page.h - what somebody needs to take part: asked by families, decided by staff.
 */
#ifndef PVL_WEB_ADJUSTMENT_PAGE_H
#define PVL_WEB_ADJUSTMENT_PAGE_H

#include "domain/visit.h"
#include "web/page.h"
#include "web/route.h"

extern const struct route_group adjustment_routes;

/* Of staff's page of one request to visit: list "needs". */
enum err adjustments_add_of(struct page *page, struct contact_id contact, json_t *view);
/* Of staff's list of approvals: list "needs", those that wait. */
enum err adjustments_add_waiting(struct page *page, json_t *view);
/* A row of a visit's page for staff, where somebody needs or brings something. */
void adjustments_add_row(struct page *page, const struct visit *visit, json_t *rows);

#endif
