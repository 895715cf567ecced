/*
 * staff_recordings.h - recordings: which there are, who asked and who agreed, and the hour in which one is seen.
 */
#ifndef PVL_WEB_STAFF_RECORDINGS_H
#define PVL_WEB_STAFF_RECORDINGS_H

#include "web/route.h"

extern const struct route_group staff_recordings_routes;

#endif
