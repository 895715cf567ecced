/*
 * confirm.h - before a change is saved: what it says, and which booked visits
 * it touches.  The second POST carries the same fields and "confirm".
 */
#ifndef PVL_WEB_CONFIRM_H
#define PVL_WEB_CONFIRM_H

#include "service/effect.h"
#include "web/page.h"

struct confirm {
	json_t *rows;              /* of components/summary-list; taken */
	const char *const *fields; /* of the form, NULL-terminated; sent again as they are */
	const struct effect_list *effects;
	const char *back; /* where the change began */
	const char *here; /* of the menu */
};

/* The change was looked at, and is to be saved. */
bool confirm_given(const struct form *form);
void confirm_show(struct page *page, struct form *form, const struct confirm *confirm);

/* What staff change: their own prison, or ?prison= for headquarters; empty: all. */
struct prison_code staff_prison(const struct page *page);
/* "?prison=WWI" for headquarters, who carry it along; else "". */
const char *staff_prison_query(const struct page *page);
/* For national roles: all prisons, each {code, name}. */
MUST_USE enum err staff_prisons(struct page *page, json_t **out);
/* A national role has named no prison yet: answered with all of them, each leading to this page. */
bool staff_asked_prison(struct page *page);
/* The actor, at that prison: for lists of one prison that inspectors read as its staff do. */
struct actor staff_actor_there(const struct page *page);
/* Back to a page of ours, which says that it is done. */
void staff_done(struct page *page, const char *path, const char *word);
/* A reason that fits: a field of its own on every such form. */
struct str staff_reason(struct form *form);
/* A day as people type it; empty: fallback.  Mistakes: bad, past. */
struct date staff_day(struct page *page, struct form *form, const char *field,
		      struct date fallback);
/* The moment from which a change holds: now, or the midnight of a later day. */
struct wall staff_from(struct page *page, struct form *form, const char *field);
/* "09:00" of minutes after midnight. */
const char *clock_text(const struct page *page, int minute);
/* A rule of booking in words for staff. */
const char *rule_text(const struct page *page, enum booking booking);

#endif
