/*
 * paper_page.h - sheets to print: confirmation and letter, movement slip, pick-up list, day sheet.
 *
 * Each is written as a document (paper/document.h) with words of the page's language
 * (?lang=cy or en asks for another), and made into a tagged PDF by pvl-paper.
 */
#ifndef PVL_WEB_PAPER_PAGE_H
#define PVL_WEB_PAPER_PAGE_H

#include "web/route.h"

extern const struct route_group paper_routes;

#endif
