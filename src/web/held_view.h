/*
 * held_view.h - the days and hours of a prison's visits, as the public reads them.
 */
#ifndef PVL_WEB_HELD_VIEW_H
#define PVL_WEB_HELD_VIEW_H

#include "domain/policy.h"
#include "service/timetable.h"
#include "web/page.h"

/*
 * Adds "sessions" and "closed" (with their has_...).  A kind of visit that the
 * rules switch off has no hours.
 */
void held_view_add(const struct page *page, json_t *view, const struct public_times *times,
		   const struct policy *policy);

#endif
