/*
 * restriction.h - restrictions, alerts and decisions about children, in the database.
 */
#ifndef PVL_STORE_RESTRICTION_H
#define PVL_STORE_RESTRICTION_H

#include "base/arena.h"
#include "domain/alert.h"
#include "domain/child_contact.h"
#include "domain/restriction.h"
#include "store/store.h"

struct store_restriction {
	struct restriction restriction;
	struct prison_code prison;     /* that laid it down */
	struct prisoner_number number; /* of the prisoner; empty on a visitor alone */
	struct str prisoner_name;
	struct str made_by; /* names; empty: the service */
	struct wall made_at;
	struct str ended_by;
	struct str end_reason;
};

struct store_restrictions {
	size_t count;
	struct store_restriction *list;
};

MUST_USE enum err store_restriction_insert(struct store *, const struct restriction *,
					   struct prison_code, struct account_id by,
					   struct wall at);
MUST_USE enum err store_restriction_find(struct store *, struct arena *, struct restriction_id,
					 struct store_restriction *out);
MUST_USE enum err store_restriction_end(struct store *, struct restriction_id, struct account_id by,
					struct wall at, struct str reason);
/* Newest first, of a prison's prisoners and what it laid down itself; ended ones too if asked. */
MUST_USE enum err store_restriction_list(struct store *, struct arena *, struct prison_code,
					 bool ended, int limit, struct store_restrictions *out);

/* That stand for a prisoner, newest first. */
MUST_USE enum err store_restriction_list_of(struct store *, struct arena *, struct prisoner_id,
					    struct store_restrictions *out);

struct restriction_list {
	size_t count;
	struct restriction *list;
};

/* Not ended, that may concern the prisoner or a visitor born on that day: restriction_concerns() decides. */
MUST_USE enum err store_restriction_list_for(struct store *, struct arena *, struct prisoner_id,
					     const struct date *born, size_t born_count,
					     struct restriction_list *out);

/* The same of all the prisoners and visitors of an account's contacts. */
MUST_USE enum err store_restriction_list_of_booker(struct store *, struct arena *,
						   struct account_id booker,
						   struct restriction_list *out);

struct alert_list {
	size_t count;
	struct alert *list;
};

MUST_USE enum err store_alert_insert(struct store *, const struct alert *, struct account_id by,
				     struct wall at);
MUST_USE enum err store_alert_find(struct store *, struct arena *, struct alert_id,
				   struct alert *out);
MUST_USE enum err store_alert_end(struct store *, struct alert_id, struct account_id by,
				  struct wall at, struct str reason);
/* Not ended, with what the list in force says of their codes. */
MUST_USE enum err store_alert_list_of(struct store *, struct arena *, struct prisoner_id,
				      struct alert_list *out);

struct alert_rule_list {
	size_t count;
	struct alert_rule *list;
};

/* The newest of each code, by code. */
MUST_USE enum err store_alert_rule_list(struct store *, struct arena *,
					struct alert_rule_list *out);
MUST_USE enum err store_alert_rule_insert(struct store *, const struct alert_rule *,
					  struct account_id by, struct wall at, struct str reason);

MUST_USE enum err store_child_decision_insert(struct store *, const struct child_decision *,
					      struct account_id governor, struct str reason);
/* The newest of the pair; ERR_NOT_FOUND: none. */
MUST_USE enum err store_child_decision_find(struct store *, struct prisoner_id, struct person_id,
					    struct child_decision *out);

#endif
