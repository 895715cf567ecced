/*
 * held_view.h - the days and hours of a prison's visits, as the public reads them.
 */
#ifndef PVL_WEB_HELD_VIEW_H
#define PVL_WEB_HELD_VIEW_H

#include "domain/policy.h"
#include "service/timetable.h"
#include "web/page.h"

/* Who may book in a session by the rules in force: a kind of visit that they switch off has no hours. */
struct held_for {
	bool families;
	bool lawyers;
};

struct held_for held_for(const struct public_session *session, const struct policy *policy);
/* Whether a closed day takes from anybody what is held else. */
bool held_closed(const struct public_times *times, const struct policy *policy,
		 const struct closed_day *closed);

/*
 * Adds "sessions" and "closed" (with their has_...).
 */
void held_view_add(const struct page *page, json_t *view, const struct public_times *times,
		   const struct policy *policy);

#endif
