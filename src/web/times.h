/*
 * times.h - the free times of a visit as a page shows them: days that open,
 * lengths to choose from, earlier and later days, and the next one that works.
 */
#ifndef PVL_WEB_TIMES_H
#define PVL_WEB_TIMES_H

#include "service/legal.h"
#include "service/offer.h"
#include "web/page.h"

/*
 * Reads ?from= and ?minutes=, looks, and fills the view for components/times.
 * query: kind, people and the visit that is moved; the rest is set here.
 */
enum err times_show(struct page *page, struct form *form, struct offer_query *query, json_t *view,
		    struct offer *offer);
/*
 * The same for a legal visit of the actor's own that is moved: a week from
 * ?from= on, or from the earliest time on.  Fills found.
 */
enum err times_show_legal(struct page *page, struct form *form, const struct visit *visit,
			  json_t *view, struct legal_times *found);
/* Until when the time that they could not have is kept for others, as the view's "kept". */
void times_say_kept(const struct page *, const struct legal_times *, json_t *view);
/* The mistake of the field "time" that tells a lawyer why it could not be had. */
const char *times_legal_no(struct verdict verdict);
/* So many of the times, day by day; the chosen one is checked, or the earliest where none is. */
json_t *times_legal_days(const struct page *page, const struct legal_times *found, size_t count,
			 struct str chosen);
/* "1795429800-30", as the radios have it. */
bool times_read(struct str text, struct wall *start, int *minutes);
/* "1795429800-30-7", with the terminal where it is free. */
bool times_read_legal(struct str text, struct legal_time *out);

#endif
