/*
 * plan_priv.h - all facts that decide when one prisoner and some people can
 * meet, loaded once, so that each time costs no query.
 *
 * plan.c puts together what plan_times.c (the prison: sessions, places),
 * plan_people.c (prisoner, callers, allowances) and plan_legal.c (what legal
 * visits ask besides: fences, turn-round) load and know of a time.
 */
#ifndef PVL_SERVICE_PLAN_PRIV_H
#define PVL_SERVICE_PLAN_PRIV_H

#include "domain/allowance.h"
#include "domain/booking.h"
#include "domain/session.h"
#include "domain/waiting/day.h"
#include "domain/waiting/urgency.h"
#include "service/guard_priv.h"
#include "service/service.h"
#include "store/closure.h"
#include "store/policy.h"
#include "store/regime.h"
#include "store/room.h"
#include "store/session_template.h"
#include "store/slot_use.h"
#include "store/terminal.h"

enum {
	PLAN_MONTHS_MAX = 14, /* that the longest booking window can touch */
};

struct plan_query {
	enum visit_kind kind;
	struct prisoner_id prisoner;
	size_t person_count;
	const struct person_id *persons;
	struct wall from; /* times in [from, to) will be asked for */
	struct wall to;
	struct visit_id own_visit;             /* whose places count as free; 0: none */
	struct application_id own_application; /* the same of a held time */
	struct terminal_id preferred;          /* 0: none */
	bool offered;                          /* the times are offered: close to them, too */
	bool called;                           /* they stand by: however close */
	bool promised;                         /* and were, by the fences of then */
	const struct waiting_need *need; /* of a legal visit; NULL: without a date, asked for now */
};

/* The rules from a moment on. */
struct plan_rules {
	int64_t from_s;
	struct policy policy;
};

/* What the prison offers, and what is taken of it. */
struct plan_times {
	size_t rules_count; /* 0: a rule has no value; earliest first, the first in force now */
	struct plan_rules *rules;
	struct store_session_templates templates;
	struct store_exclude_dates excludes;
	struct store_terminals terminals;
	struct store_rooms rooms;
	struct store_room_usages usages;
	struct store_place_blocks blocks;
	struct store_place_uses uses;
	int longest_use_minutes;
	struct store_regime_events events; /* of the prisoner, those that go before a visit */
	bool transitional;                 /* the prisoner's wing is none */
};

/* What the people are doing, and what they are allowed. */
struct plan_people {
	size_t person_count;
	struct person persons[PARTY_MAX];
	struct booking_caller callers[PARTY_MAX]; /* .busy is of a time, and not set here */
	bool signs;                               /* an adjustment is a signed language */
	int longer_minutes;                       /* that an adjustment allows one of them */
	struct store_quanta prisoner_taken;
	struct store_quanta person_taken[PARTY_MAX];
	int64_t first_month;
	struct allowance_balance months[PLAN_MONTHS_MAX];
};

/* A place on a local day, for legal visits: steps. */
struct place_day {
	struct day_steps own;   /* the lawyers' hours */
	struct day_steps open;  /* those, and what is released to them now */
	struct day_steps shut;  /* no session there, and nobody */
	struct day_steps taken; /* by visits, and by what is held */
	struct day_steps turns; /* after legal visits */
	struct day_steps legal; /* what those take with both */
};

/* Of a plan for legal visits; whole local days. */
struct plan_legal {
	struct waiting_need need;
	int64_t first; /* the number of the first day */
	size_t day_count;
	struct place_day *list; /* [terminal * day_count + day] */
	int *open;              /* [day]: steps of all the lawyers' hours */
	int *taken;             /* [day]: of these, by legal visits and their turn-round */
};

struct plan {
	struct service *service;
	enum booking_by by;
	enum visit_kind kind;
	struct terminal_id preferred;
	bool offered;
	bool called;
	bool promised;
	struct prisoner prisoner;
	struct prison prison;
	struct plan_times times;
	struct plan_people people;
	struct guard guard;
	struct plan_legal legal;
};

/*
 * ERR_NOT_FOUND: a prisoner or person that the actor may not know of;
 * ERR_BAD: more than PARTY_MAX people, or one twice.
 */
MUST_USE enum err plan_load(struct service *, const struct actor *, struct arena *,
			    const struct plan_query *, struct plan *out);

/* What the rules say of a time, and what it would take. */
struct plan_choice {
	struct verdict verdict;
	const struct session_template *session; /* NULL: no session holds that time */
	const struct terminal *terminal;        /* NULL: none is free */
	bool closed;
	bool watched;
	enum order_need order_need;
	int free_minutes; /* booking_free_minutes() */
};

/* In the session that says yes, or least no. */
struct plan_choice plan_choose(const struct plan *plan, struct wall start, int minutes);
/* In this session, which holds the time. */
struct verdict plan_decide_in(const struct plan *plan, const struct session_template *session,
			      struct wall start, int minutes);
struct verdict plan_party(const struct plan *plan, struct wall day);
/* The rules in force then; NULL: there are none. */
const struct policy *plan_policy(const struct plan *plan, struct wall at);
/* The shortest and the longest visit of the plan's kind that any of its rules, or an adjustment, allow. */
struct session_lengths plan_lengths(const struct plan *plan);
struct allowance_balance plan_balance(const struct plan *plan, struct wall start);

/* Whose places count as free for the query. */
struct place_own plan_own(const struct service *, const struct plan_query *);

/* The time of which places are loaded: legal visits are judged by whole local days. */
struct place_range {
	struct wall from;
	struct wall to;
};

struct place_range plan_places_range(const struct plan_query *);

/* The parts: each loads its half of the plan, then adds to the facts of a time; the plan's .prison.code says where. */
MUST_USE enum err plan_times_load(struct service *, struct arena *, const struct plan_query *,
				  struct plan *);
/* What of the half is the prisoner's; the plan's .prisoner says who. */
MUST_USE enum err plan_prisoner_load(struct service *, struct arena *, const struct plan_query *,
				     struct plan *);
/* Between store_ahead() and its end: asks what the parts will ask, as far as it is known already. */
void plan_ask(struct service *, const struct actor *, struct arena *, const struct plan_query *);
void plan_people_ask(struct service *, struct arena *, const struct plan_query *);
void plan_times_ask(struct service *, struct arena *, const struct plan_query *,
		    const struct plan *);
/* session: NULL where none holds the time.  Gives the terminal to take, or NULL. */
const struct terminal *plan_times_facts(const struct plan *, const struct session_template *session,
					struct booking_facts *);
/* Whether a terminal may be used for that kind of visit then, whoever has it. */
bool plan_terminal_open(const struct plan *, const struct terminal *, enum visit_kind,
			struct wall start, int minutes);
/* Whether the prisoner has something to do then that goes before a visit. */
bool plan_regime_clash(const struct plan *, struct wall start, int minutes);
MUST_USE enum err plan_people_load(struct service *, const struct actor *, struct arena *,
				   const struct plan_query *, struct plan *);
void plan_people_facts(const struct plan *, struct booking_facts *);

/* Of legal visits alone; the other parts are loaded.  Asks nothing. */
void plan_legal_load(struct arena *, const struct plan_query *, struct plan *);
enum waiting_class plan_legal_class(const struct plan *);
struct place_day *plan_place_day(const struct plan *, size_t terminal, size_t day);
/* In which a legal visit may lie, and what may come after it (fit_starts). */
struct day_steps plan_legal_free(const struct place_day *);
struct day_steps plan_legal_shut(const struct place_day *);
/* Whether a fence keeps so many minutes of the lawyers' hours of that day from who asks. */
bool plan_legal_fenced(const struct plan *, size_t day, int minutes);
/* Until that day it does; year 0: it does not. */
struct date plan_legal_kept_until(const struct plan *, struct wall start, int minutes);
/* The facts of a time at a place. */
bool plan_legal_kept(const struct plan *, const struct terminal *, struct wall start, int minutes);
bool plan_legal_turn_short(const struct plan *, const struct terminal *, struct wall start,
			   int minutes);

#endif
