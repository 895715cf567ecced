/*
 * people_data_page.h - pages of the data behind the rules about people: amounts
 * of incentive levels, codes of alerts, and how current imported facts are.
 */
#ifndef PVL_WEB_PEOPLE_DATA_PAGE_H
#define PVL_WEB_PEOPLE_DATA_PAGE_H

#include "web/route.h"

extern const struct route_group people_data_routes;

#endif
