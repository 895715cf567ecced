/*
 * whip.h - joining a visit and its media: the routes of docs/protocols/signalling.md.
 */
#ifndef PVL_WEB_WHIP_H
#define PVL_WEB_WHIP_H

#include "web/live.h"
#include "web/route.h"

extern const struct route_group whip_routes;

struct whip_seat {
	struct reference reference;
	struct live_visit *visit;
	uint8_t end;
};

/* The seat of the path's visit to which the bearer token gives the right; false after answering. */
bool whip_find_seat(struct page *page, struct whip_seat *out);

#endif
