/*
 * week_account.h - each five minutes of a terminal's day, counted once.
 *
 * What could be offered is the prison's hours, its sessions, and whatever a
 * visit took beyond them; each step of it is exactly one term of diagnosis.h,
 * so the terms always add up to what was offered.  Pure.
 */
#ifndef PVL_DOMAIN_WAITING_WEEK_ACCOUNT_H
#define PVL_DOMAIN_WAITING_WEEK_ACCOUNT_H

#include "domain/waiting/day.h"
#include "domain/waiting/visit_fact.h"

/* One terminal on one local day. */
struct terminal_day {
	struct date date;
	struct day_steps hours;    /* the prison could hold visits */
	struct day_steps sessions; /* a session held this terminal open */
	struct day_steps blocked;  /* the place or the day was closed */
	struct day_steps past;     /* only these are counted: of a day that is over, all */
	size_t visit_count;
	const struct visit_fact *visits; /* at this terminal on this day */
};

void week_account_add(struct diagnosis_week *week, const struct terminal_day *day,
		      const struct policy *policy);

#endif
