/*
 * line_day.h - what the prisons' lines showed to carry, by the day (domain/line_found.h).
 */
#ifndef PVL_STORE_LINE_DAY_H
#define PVL_STORE_LINE_DAY_H

#include "domain/line_found.h"
#include "domain/prison.h"
#include "store/store.h"

/* Added to what is known of that day: several programs may tell of one. */
MUST_USE enum err store_line_day_add(struct store *, struct prison_code, const struct line_day *);
/* From that day on, newest first; at most LINE_FOUND_DAYS. */
MUST_USE enum err store_line_day_list(struct store *, struct prison_code, struct date from,
				      struct line_day out[LINE_FOUND_DAYS], size_t *count);
/* The prison after this one, by code, of those of which anything is known; empty: there is none. */
MUST_USE enum err store_line_day_next(struct store *, struct prison_code *after);
MUST_USE enum err store_line_day_erase(struct store *, struct date before);

#endif
