/*
 * staff_reviews.h - the queue of booked visits that something now speaks against.
 */
#ifndef PVL_WEB_STAFF_REVIEWS_H
#define PVL_WEB_STAFF_REVIEWS_H

#include "web/route.h"

extern const struct route_group staff_reviews_routes;

#endif
