/*
 * safeguard.h - what prisons lay down to keep people safe: restrictions,
 * alerts, decisions about children, non-associations.
 *
 * Each is entered with a reason and ended with a reason, never erased.  In the
 * same transaction the booked visits that it speaks against are flagged for
 * review, and those it no longer speaks against lose the flag.
 *
 * Roles: see each.  Staff see their own prison's prisoners alone.
 */
#ifndef PVL_SERVICE_SAFEGUARD_H
#define PVL_SERVICE_SAFEGUARD_H

#include "domain/alert.h"
#include "domain/child_contact.h"
#include "domain/non_association.h"
#include "domain/restriction.h"
#include "domain/source.h"
#include "domain/visit.h"
#include "service/service.h"
#include "store/custody.h"
#include "store/non_association.h"
#include "store/restriction.h"

enum {
	SAFEGUARDS_MAX = 500, /* of one list */
	AUTHORISED_MAX = 120, /* bytes of a name or an order's number */
};

struct restriction_new {
	enum restriction_on on;
	enum restriction_code code;
	struct prisoner_id prisoner; /* 0 on a visitor alone */
	struct person_id person; /* a contact of a prisoner of this prison; 0: by name and birth */
	struct str visitor_name; /* where person is 0; empty on a prisoner */
	struct date visitor_born;
	struct date from; /* year 0: today */
	struct date to;   /* year 0: until it is ended */
	struct str comment;
	struct str authorised_by;
};

/*
 * Contacts authoriser or duty governor; an order of no contact and a ban by
 * the governor alone.  ERR_BAD: a code that does not fit, dates or texts that
 * do not; ERR_NOT_FOUND: a prisoner or visitor not of this prison.
 */
MUST_USE enum err restriction_add(struct service *, const struct actor *,
				  const struct restriction_new *, struct restriction_id *out);
/* Who lays down one of that code and ends it: a bit for each enum role. */
unsigned restriction_deciders(enum restriction_code code);
/* The same roles.  ERR_CONFLICT: ended already. */
MUST_USE enum err restriction_end(struct service *, const struct actor *, struct restriction_id,
				  struct str reason);

struct alert_new {
	struct prisoner_id prisoner;
	struct alert_code code;
	struct date from; /* year 0: today */
	struct date to;   /* year 0: until it is ended */
	struct str comment;
};

/* Contacts authoriser or duty governor. */
MUST_USE enum err alert_add(struct service *, const struct actor *, const struct alert_new *,
			    struct alert_id *out);
MUST_USE enum err alert_end(struct service *, const struct actor *, struct alert_id,
			    struct str reason);
/* What follows from a code from now on.  HQ admin; reason needed. */
MUST_USE enum err alert_rule_set(struct service *, const struct actor *, const struct alert_rule *,
				 struct str reason);
MUST_USE enum err alert_rules_find(struct service *, const struct actor *, struct arena *,
				   struct alert_rule_list *out);

struct child_new {
	struct prisoner_id prisoner;
	struct person_id child;
	enum child_level level;
	struct date review_on; /* after today, within ten years */
	struct str reason;
};

/* Duty governor, for a contact of a prisoner of the prison. */
MUST_USE enum err child_decide(struct service *, const struct actor *, const struct child_new *);
/* A bit for each enum role. */
unsigned child_deciders(void);

struct non_association_new {
	struct prisoner_id one;
	struct prisoner_number other;
	enum non_association_reason reason;
	enum non_association_scope scope;
	struct str comment;
};

/* Contacts authoriser or duty governor.  ERR_NOT_FOUND: no such number; ERR_CONFLICT: they are already. */
MUST_USE enum err non_association_add(struct service *, const struct actor *,
				      const struct non_association_new *,
				      struct non_association_id *out);
MUST_USE enum err non_association_end(struct service *, const struct actor *,
				      struct non_association_id, struct str reason);

/* A visitor of a prisoner, and what the governor decided about a child. */
struct known_visitor {
	struct person person;
	bool is_child;
	bool decided;
	struct child_decision decision;
};

struct safeguards {
	struct prisoner prisoner;
	struct store_custody custody;
	size_t restriction_count;
	struct store_restriction *restrictions; /* that stand */
	struct alert_list alerts;
	size_t pair_count;
	struct store_non_association *pairs;
	size_t visitor_count;
	struct known_visitor *visitors;
};

/* Staff of the prison, inspector.  By number, also by one that was merged. */
MUST_USE enum err safeguards_find(struct service *, const struct actor *, struct arena *,
				  struct prisoner_number, struct safeguards *out);
/* All of the prison, newest first, ended ones too if asked. */
MUST_USE enum err restrictions_find(struct service *, const struct actor *, struct arena *,
				    bool ended, struct store_restrictions *out);
MUST_USE enum err non_associations_find(struct service *, const struct actor *, struct arena *,
					struct store_non_associations *out);

/* Whether these two may be approved for each other: not where an order keeps them apart. */
MUST_USE enum err contact_barred(struct service *, struct arena *, const struct contact *,
				 bool *out);

/* The same of each of an account's contacts, all of them in one statement. */
MUST_USE enum err contacts_barred(struct service *, struct arena *, struct account_id booker,
				  const struct contact *, size_t count, bool *out);

/* How current the facts are: any staff see it, prison admin of any prison or HQ admin set it. */
MUST_USE enum err sources_find(struct service *, const struct actor *, struct arena *,
			       struct source_state out[SOURCE_COUNT]);
/* An import that went well, one that failed, or that staff enter it here.  HQ admin, operator, system. */
MUST_USE enum err source_set(struct service *, const struct actor *, enum source,
			     enum source_status, struct str note);

#endif
