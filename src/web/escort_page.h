/*
 * escort_page.h - escort lists by wing, acknowledged; a prisoner who was not produced.
 */
#ifndef PVL_WEB_ESCORT_PAGE_H
#define PVL_WEB_ESCORT_PAGE_H

#include "domain/reference.h"
#include "service/escort.h"
#include "web/page.h"

extern const struct route_group escort_routes;

/* Where that visit's prisoner is, for its line on the day sheet: .escort; nothing where it says nothing. */
void escort_add(const struct page *page, json_t *line, const struct escort_sheet *sheet,
		struct reference reference);

#endif
