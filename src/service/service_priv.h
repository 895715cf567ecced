/*
 * service_priv.h - what the use-cases share: undo, audit, the rules in force.
 *
 *	struct use_case use;
 *	enum err err = use_case_begin(service, &use);
 *	if (err == OK)
 *		err = …load, decide, write, audit…;
 *	return use_case_end(&use, err);
 */
#ifndef PVL_SERVICE_SERVICE_PRIV_H
#define PVL_SERVICE_SERVICE_PRIV_H

#include "domain/audit.h"
#include "domain/event.h"
#include "domain/oversight.h"
#include "domain/playback.h"
#include "domain/policy.h"
#include "domain/visit.h"
#include "service/service.h"

struct use_case {
	struct service *service;
	int64_t changes_before;
	bool open;
};

/* A savepoint; on failure .open is false. */
MUST_USE enum err use_case_begin(struct service *, struct use_case *out);
/*
 * Keeps or undoes, and gives the result.  ASSERTs the promise of the audit
 * log: what changed rows and succeeded wrote exactly one leaf.
 */
MUST_USE enum err use_case_end(struct use_case *, enum err err);

/*
 * An id for what is written with every booking (visits, entries of the ledger, messages), and for what is looked at
 * in its order (freed times): the one after the last of this process, which began anywhere.  Rows of one turn then lie
 * beside each other, not each on a page of its own.
 */
int64_t id_next(struct service *);

struct audit_what {
	enum audit_verb verb;
	enum audit_object object;
	int64_t object_id;
	int64_t amount;
	struct prison_code prison; /* empty: the actor's */
	struct str words;          /* only a commitment of them is kept */
};

MUST_USE enum err audit_write(struct service *, const struct actor *, const struct audit_what *);

/*
 * Other systems are told what becomes of a visit where the leaf of the use-case
 * is of something else: a transfer, an answered offer.  Once a visit and
 * use-case; before the leaf or after it.
 */
MUST_USE enum err tell_systems_of(struct service *, enum event_type, const struct visit *);

/* The rules in force now at a prison; ERR_NOT_FOUND where one has no value. */
MUST_USE enum err policy_load(struct service *, struct prison_code, struct policy *out);

/* The visit, if the actor may know of it; else ERR_NOT_FOUND. */
MUST_USE enum err visit_load(struct service *, const struct actor *, struct arena *,
			     struct reference, struct visit *out);

/* Adds to .minutes what staff have added to a running visit; for the end alone, never for what it costs. */
MUST_USE enum err visit_lengthen(struct service *, struct arena *, struct visit *);

/* Seconds of its pauses that count in a visit that ends now: none, unless an incident says so. */
MUST_USE enum err visit_charged_pause_s(struct service *, struct arena *, const struct visit *,
					int *out);
/* The open incident, or the authorisation that holds, for which somebody watches; 0: none. */
MUST_USE enum err watch_ground(struct service *, struct arena *, const struct visit *, enum purpose,
			       int64_t *out);

/* The actor as one who decides what takes two (domain/playback.h); .watched is left out. */
MUST_USE enum err decider_load(struct service *, const struct actor *, struct arena *,
			       struct decider *out);

/* 1 … REASON_MAX bytes of text that a person wrote. */
bool reason_acceptable(struct str reason);

/* A bit per role, for "one of these may". */
#define MAY(role) (1U << (role))
bool actor_is_one_of(const struct actor *actor, unsigned roles);

enum {
	PRISON_STAFF = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_MONITOR) | MAY(ROLE_CONTACTS_AUTHORISER) |
		       MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_PRISON_ADMIN),
};

#endif
