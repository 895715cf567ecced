/*
 * legal_page.h - lawyers' pages: asking to be one, one page from client to
 * confirmation; staff's pages: who is one, and who waits how long.
 */
#ifndef PVL_WEB_LEGAL_PAGE_H
#define PVL_WEB_LEGAL_PAGE_H

#include "domain/professional.h"
#include "web/page.h"

extern const struct route_group legal_routes;

/* Refused or revoked (professional_say_no), and out of the visits that go on with the end of this turn. */
MUST_USE enum err legal_put_out(struct page *page, const struct professional *p, struct str reason);

#endif
