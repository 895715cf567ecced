/*
 * legal_page.h - lawyers' pages: asking to be one, one page from client to
 * confirmation; staff's pages: who is one, and who waits how long.
 */
#ifndef PVL_WEB_LEGAL_PAGE_H
#define PVL_WEB_LEGAL_PAGE_H

#include "web/route.h"

extern const struct route_group legal_routes;

#endif
