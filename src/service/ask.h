/*
 * ask.h - prisoners at a terminal: their visits and allowance, and what they ask for.
 *
 * A request for a visit goes to the account that the visitor books with, or first
 * to staff, as the prison's rules say; that somebody becomes a contact is for staff.
 * Nothing that a prisoner types reaches a family: they see who asks, and for whom.
 */
#ifndef PVL_SERVICE_ASK_H
#define PVL_SERVICE_ASK_H

#include "domain/ask.h"
#include "domain/incident.h"
#include "domain/visit.h"
#include "service/service.h"

enum {
	OWN_VISITS_MAX = 20,
	OWN_ASKS_MAX = 10,
	OWN_DECISIONS_MAX = 10,
	OWN_DECISIONS_DAYS = 180, /* that a decision about an incident is shown */
	ASKS_LIST_MAX = 200,
};

struct own_visitor {
	struct person_id person;
	struct str name;
	struct str relationship;      /* in own words */
	struct str relationship_code; /* empty: none */
	enum asking may;              /* be asked now */
	bool asked;                   /* before, and .told and .asked_at say how it stands */
	enum ask_state told;
	struct wall asked_at;
};

/* What the prison decided about an incident in a visit of theirs, where they may be told. */
struct own_decision {
	struct incident incident;
	struct wall appeal_until; /* 0: there is nothing to appeal against */
	enum incident_answer may; /* appeal now */
};

struct own_view {
	struct prisoner prisoner;
	enum language language;
	int64_t minutes_left; /* video, of this month */
	int vo;
	int pvo;
	bool pays_minutes; /* what a video visit costs here */
	bool pays_order;
	size_t visit_count;
	struct visit *visits; /* requested or booked, soonest first */
	size_t visitor_count;
	struct own_visitor *visitors; /* approved, and nothing keeps them apart */
	size_t contact_count;
	struct contact_ask *contacts; /* asked for, newest first */
	size_t decision_count;
	struct own_decision *decisions; /* newest first */
};

/* actor: with .prisoner. */
MUST_USE enum err own_find(struct service *, const struct actor *, struct arena *,
			   struct own_view *out);
/* What they read here from now on; writes nothing if it is that already. */
MUST_USE enum err own_choose_language(struct service *, const struct actor *, enum language);
/* *answer ASKING_OK: it is asked. */
MUST_USE enum err ask_for_visit(struct service *, const struct actor *, struct person_id,
				enum asking *answer);
/* ERR_BAD: no name, or no relationship; ERR_LIMIT: open_requests_max wait. */
MUST_USE enum err ask_for_contact(struct service *, const struct actor *, struct str name,
				  struct str relationship);

/* ---- the family ---- */

struct visit_ask_list {
	size_t count;
	struct visit_ask *list;
};

/* Open, for the people of the actor's account. */
MUST_USE enum err asks_mine(struct service *, const struct actor *, struct arena *,
			    struct visit_ask_list *out);
MUST_USE enum err ask_mine_find(struct service *, const struct actor *, struct arena *,
				struct ask_id, struct visit_ask *out);
/* never: no more requests from that prisoner to that visitor.  The prisoner is told neither. */
MUST_USE enum err ask_decline(struct service *, const struct actor *, struct ask_id, bool never);

/* ---- staff ---- */

struct contact_ask_list {
	size_t count;
	struct contact_ask *list;
};

struct asks_waiting {
	struct visit_ask_list visits;
	struct contact_ask_list contacts;
};

/* Of the actor's prison, oldest first. */
MUST_USE enum err asks_waiting(struct service *, const struct actor *, struct arena *,
			       struct asks_waiting *out);
MUST_USE enum err visit_ask_find(struct service *, const struct actor *, struct arena *,
				 struct ask_id, struct visit_ask *out);
MUST_USE enum err contact_ask_find(struct service *, const struct actor *, struct arena *,
				   struct ask_id, struct contact_ask *out);
/*
 * Visits clerk, contacts authoriser, duty governor; a refusal needs a reason, for
 * staff.  ERR_CONFLICT: decided already, or lapsed; ERR_DENIED also where an order
 * says that the two have no contact.
 */
MUST_USE enum err visit_ask_decide(struct service *, const struct actor *, struct ask_id,
				   bool pass_on, struct str reason);
MUST_USE enum err contact_ask_decide(struct service *, const struct actor *, struct ask_id,
				     bool invited, struct str reason);

#endif
