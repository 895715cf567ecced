/*
 * incident.h - incidents, authorisations to monitor, and how often who watched, in the database.
 */
#ifndef PVL_STORE_INCIDENT_H
#define PVL_STORE_INCIDENT_H

#include "base/arena.h"
#include "domain/incident.h"
#include "store/store.h"

struct store_incidents {
	size_t count;
	struct incident *list;
};

MUST_USE enum err store_incident_insert(struct store *, const struct incident *);
MUST_USE enum err store_incident_find(struct store *, struct arena *, struct incident_id,
				      struct incident *out);
/* What a decision changes, and what an appeal gives back; appeals are rows of their own. */
MUST_USE enum err store_incident_update(struct store *, const struct incident *);
/* Theirs: state, words, asked_at. */
MUST_USE enum err store_incident_appeal_insert(struct store *, const struct incident *,
					       enum appellant);
/* What became of theirs: state, reason, decided_at and who decided. */
MUST_USE enum err store_incident_appeal_update(struct store *, const struct incident *,
					       enum appellant);
/* Of a prison, open ones and open appeals first, then the newest, at most limit. */
MUST_USE enum err store_incident_list(struct store *, struct arena *, struct prison_code, int limit,
				      struct store_incidents *out);
MUST_USE enum err store_incident_list_of(struct store *, struct arena *, struct visit_id,
					 struct store_incidents *out);

/* Of a prisoner, what they may read, decided since a moment, newest first. */
MUST_USE enum err store_incident_list_told(struct store *, struct arena *, struct prisoner_id,
					   struct wall since, int limit,
					   struct store_incidents *out);

struct store_authorisations {
	size_t count;
	struct authorisation *list;
};

MUST_USE enum err store_authorisation_insert(struct store *, const struct authorisation *);
MUST_USE enum err store_authorisation_find(struct store *, struct arena *, struct authorisation_id,
					   struct authorisation *out);
/* state, reason, review_at and who decided. */
MUST_USE enum err store_authorisation_update(struct store *, const struct authorisation *);
/* Of a prison, those that wait first. */
MUST_USE enum err store_authorisation_list(struct store *, struct arena *, struct prison_code,
					   int limit, struct store_authorisations *out);
/* Granted ones of a prisoner. */
MUST_USE enum err store_authorisation_list_of(struct store *, struct arena *, struct prisoner_id,
					      struct store_authorisations *out);

/* How often an officer did something since a moment; what: a purpose, an act or "INCIDENT_OPENED". */
struct officer_count {
	struct account_id officer;
	struct str name;
	struct str what;
	int64_t count;
};

struct officer_counts {
	size_t count;
	struct officer_count *list; /* by name */
};

MUST_USE enum err store_officer_counts(struct store *, struct arena *, struct prison_code,
				       struct wall since, struct officer_counts *out);

#endif
