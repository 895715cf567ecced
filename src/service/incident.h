/*
 * incident.h - incidents in visits, authorisations to monitor, and who watched how often.
 */
#ifndef PVL_SERVICE_INCIDENT_H
#define PVL_SERVICE_INCIDENT_H

#include "domain/incident.h"
#include "service/service.h"
#include "store/incident.h"

enum {
	INCIDENTS_SHOWN = 200,
	COUNTS_DAYS = 28, /* that the statistics of officers look back */
};

struct incident_new {
	enum incident_type type;
	enum severity severity;
	struct str evidence;
	struct wall seen_at; /* 0: now, or the visit's end; later than that: ERR_BAD */
};

/* A monitor, duty governor or visits clerk of the prison; a visit that has begun, of any kind. */
MUST_USE enum err incident_open(struct service *, const struct actor *, struct reference,
				const struct incident_new *, struct incident_id *out);
/* Staff of the prison and inspectors. */
MUST_USE enum err incident_find(struct service *, const struct actor *, struct arena *,
				struct incident_id, struct incident *out);
MUST_USE enum err incidents_find(struct service *, const struct actor *, struct arena *,
				 struct store_incidents *out);
/* A monitor or duty governor; rules: incident_may_decide().  Where the pause counts and the visit's
 * account is settled, the ledger is charged in the same transaction.  OUTCOME_RESTRICTION enters a
 * restriction, with what it does to visits that are booked (service/safeguard.h). */
MUST_USE enum err incident_decide(struct service *, const struct actor *, struct incident_id,
				  const struct incident_decision *, enum incident_answer *answer);

/* Of a visit, what the booker may read of them: those with words for them, and nothing else. */
MUST_USE enum err incidents_told(struct service *, const struct actor *, struct arena *,
				 struct reference, struct store_incidents *out);
/* The booker of the visit, or its prisoner at a terminal, each once; ERR_NOT_FOUND: they were told
 * nothing. */
MUST_USE enum err incident_appeal(struct service *, const struct actor *, struct incident_id,
				  struct str words, enum incident_answer *answer);
/* Duty governor, who did not decide it; of the appeal of one side.  Allowed: what was charged comes
 * back, and the restriction ends if it was theirs: incident_appeal_lifts(). */
MUST_USE enum err incident_appeal_decide(struct service *, const struct actor *, struct incident_id,
					 enum appellant, bool allowed, struct str reason,
					 enum incident_answer *answer);

/* ---- authorisations ---- */

struct authorisation_new {
	struct prisoner_number number;
	struct str necessity;
	struct str proportionality;
	int days; /* 1 … what the prison's rules allow, else ERR_LIMIT */
};

/* Monitor, contacts authoriser or visits clerk, for a prisoner of their prison. */
MUST_USE enum err authorisation_request(struct service *, const struct actor *,
					const struct authorisation_new *,
					struct authorisation_id *out);
MUST_USE enum err authorisation_find(struct service *, const struct actor *, struct arena *,
				     struct authorisation_id, struct authorisation *out);
/* Of the actor's prison: its staff, and inspectors with the prison that they look at. */
MUST_USE enum err authorisations_find(struct service *, const struct actor *, struct arena *,
				      struct store_authorisations *out);
/*
 * Duty governor, never who asked: grant, refuse, revoke; granting again is the review.
 * ERR_CONFLICT: not from this state, or by this person.
 */
MUST_USE enum err authorisation_decide(struct service *, const struct actor *,
				       struct authorisation_id, enum authorisation_state,
				       struct str reason);

/* Duty governor of the prison, or an inspector for any: prison. */
MUST_USE enum err officer_counts_find(struct service *, const struct actor *, struct arena *,
				      struct prison_code, struct officer_counts *out);

#endif
