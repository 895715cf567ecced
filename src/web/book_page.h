/*
 * book_page.h - booking in four steps: whom, who comes, when, check.
 *
 * What was chosen so far stands in the path, as ids: nothing is kept until the
 * visit is booked, and the back button does what people expect.
 *	/book → /book/{prisoner} → /book/{prisoner}/{party} → /book/{prisoner}/{party}/{time}
 * party: ids of people joined by '-'; time: UTC seconds and minutes, "1795456800-30".
 */
#ifndef PVL_WEB_BOOK_PAGE_H
#define PVL_WEB_BOOK_PAGE_H

#include "web/route.h"

extern const struct route_group book_routes;

#endif
