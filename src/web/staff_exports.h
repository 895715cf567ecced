/*
 * staff_exports.h - copies of recordings that leave the service: to whom, by a third person, and the files.
 */
#ifndef PVL_WEB_STAFF_EXPORTS_H
#define PVL_WEB_STAFF_EXPORTS_H

#include "service/playback.h"
#include "web/page.h"
#include "web/route.h"

/* Those of a recording, as its page shows them. */
json_t *export_lines(const struct page *page, const struct recording_view *recording);

extern const struct route_group staff_exports_routes;

#endif
