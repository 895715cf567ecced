/*
 * plan_priv.h - all facts that decide when one prisoner and some people can
 * meet, loaded once, so that each time costs no query.
 *
 * plan.c puts together what plan_times.c (the prison: sessions, places) and
 * plan_people.c (prisoner, callers, allowances) load and know of a time.
 */
#ifndef PVL_SERVICE_PLAN_PRIV_H
#define PVL_SERVICE_PLAN_PRIV_H

#include "domain/allowance.h"
#include "domain/booking.h"
#include "domain/session.h"
#include "service/service.h"
#include "store/session_template.h"
#include "store/slot_use.h"
#include "store/terminal.h"

enum {
	PLAN_MONTHS_MAX = 3, /* that OFFER_DAYS_MAX days can touch */
};

struct plan_query {
	enum visit_kind kind;
	struct prisoner_id prisoner;
	size_t person_count;
	const struct person_id *persons;
	struct wall from; /* times in [from, to) will be asked for */
	struct wall to;
};

/* What the prison offers. */
struct plan_times {
	struct store_session_templates templates;
	struct store_terminals terminals;
	struct store_quanta *terminal_taken; /* one for each terminal */
};

/* What the people are doing, and what they are allowed. */
struct plan_people {
	size_t person_count;
	struct person persons[PARTY_MAX];
	struct booking_caller callers[PARTY_MAX]; /* .busy is of a time, and not set here */
	struct store_quanta prisoner_taken;
	struct store_quanta person_taken[PARTY_MAX];
	int64_t first_month;
	struct allowance_balance months[PLAN_MONTHS_MAX];
};

struct plan {
	struct service *service;
	enum booking_by by;
	enum visit_kind kind;
	struct prisoner prisoner;
	struct prison prison;
	bool has_policy;
	struct policy policy;
	struct plan_times times;
	struct plan_people people;
};

/*
 * ERR_NOT_FOUND: a prisoner or person that the actor may not know of;
 * ERR_BAD: more than PARTY_MAX people, or one twice.
 */
MUST_USE enum err plan_load(struct service *, const struct actor *, struct arena *,
			    const struct plan_query *, struct plan *out);
struct verdict plan_decide(const struct plan *plan, struct wall start, int minutes);
struct verdict plan_party(const struct plan *plan, struct wall day);
/* The terminal to take then: the first free one; NULL: none. */
const struct terminal *plan_terminal(const struct plan *plan, struct wall start, int minutes);
struct allowance_balance plan_balance(const struct plan *plan, struct wall start);

/* The parts: each loads its half of the plan, then adds to the facts of a time. */
MUST_USE enum err plan_times_load(struct service *, struct arena *, const struct plan_query *,
				  struct plan *);
void plan_times_facts(const struct plan *, struct booking_facts *);
MUST_USE enum err plan_people_load(struct service *, const struct actor *, struct arena *,
				   const struct plan_query *, struct plan *);
void plan_people_facts(const struct plan *, struct booking_facts *);

#endif
