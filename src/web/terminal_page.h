/*
 * terminal_page.h - the one page of a prison's terminal.
 *
 * It is the same for everybody and holds nothing: which visit is due comes to
 * its script alone, after the terminal has proven its key
 * (docs/protocols/terminal.md).
 */
#ifndef PVL_WEB_TERMINAL_PAGE_H
#define PVL_WEB_TERMINAL_PAGE_H

#include "web/route.h"

extern const struct route_group terminal_page_routes;

#endif
