/*
 * times.h - the free times of a visit as a page shows them: days that open,
 * lengths to choose from, earlier and later days, and the next one that works.
 */
#ifndef PVL_WEB_TIMES_H
#define PVL_WEB_TIMES_H

#include "service/offer.h"
#include "web/page.h"

/*
 * Reads ?from= and ?minutes=, looks, and fills the view for components/times.
 * query: kind, people and the visit that is moved; the rest is set here.
 */
enum err times_show(struct page *page, struct form *form, struct offer_query *query, json_t *view,
		    struct offer *offer);
/* A day of components/times, without times yet; the first one stands open. */
json_t *times_day(const struct page *page, struct wall at, bool open);
/* time: {id, value, text, checked, note}; takes it. */
void times_day_add(json_t *day, json_t *time);
/* "1795429800-30", as the radios have it. */
bool times_read(struct str text, struct wall *start, int *minutes);

#endif
