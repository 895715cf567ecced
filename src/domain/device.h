/*
 * device.h - several devices in one visit: who sits where, and who is let in by it.
 *
 * A visitor's device belongs to an adult of the booking, its holder.  Each
 * visitor sits at one device at most (visit_visitor.sits_with), so nobody is
 * counted twice.  The device of visitors[i] has the seat 1 + i for good; the
 * prisoner has seat 0.
 *
 * Pure.  Source: up to four callers a visit, each with proof of who they are
 * (GOV.UK guidance on video calls to prison).
 */
#ifndef PVL_DOMAIN_DEVICE_H
#define PVL_DOMAIN_DEVICE_H

#include "domain/visit.h"

enum device_state {
	DEVICE_NONE,     /* no adult, or one who sits at another's device */
	DEVICE_EXPECTED, /* has not been in the lobby */
	DEVICE_WAITING,  /* staff have not decided about every adult who sits there */
	DEVICE_ADMITTED, /* its holder is admitted, and no adult beside them waits; children come with theirs */
	DEVICE_REFUSED, /* its holder is refused, and with them the device */
};

enum device_state device_state_of(const struct visit *visit, size_t holder);
/* How many may come: one for each adult. */
size_t device_count(const struct visit *visit);
/* Whether that visitor sits at that device. */
bool device_seats(const struct visit *visit, size_t holder, size_t visitor);
/* Whether staff admitted anybody at it. */
bool device_has_admitted(const struct visit *visit, size_t holder);

/* Somebody is in the lobby about whom staff have not decided, whether the visit has begun without them or not. */
bool visit_admission_waits(const struct visit *visit);

/* The index of a visitor; visitor_count: none of the visit. */
size_t visit_visitor_find(const struct visit *visit, struct person_id person);

/* Whether that visitor may be said to sit at that device: nowhere else, and not decided about elsewhere. */
bool device_may_take(const struct visit *visit, size_t holder, size_t visitor);

/* Every adult is refused: nobody is left who could be admitted. */
bool visit_all_refused(const struct visit *visit);
/* Somebody came, and all who came are refused. */
bool visit_comers_refused(const struct visit *visit);

#endif
