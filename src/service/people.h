/*
 * people.h - the family's side of approval: who takes part, whom they visit.
 */
#ifndef PVL_SERVICE_PEOPLE_H
#define PVL_SERVICE_PEOPLE_H

#include "domain/contact.h"
#include "service/service.h"

enum {
	PERSONS_MAX = 12,  /* of one account */
	CONTACTS_MAX = 60, /* of one account */
};

struct person_new {
	struct str name;
	struct date born;
};

/* ERR_BAD: name or date; ERR_LIMIT: PERSONS_MAX reached. */
MUST_USE enum err person_add(struct service *, const struct actor *, const struct person_new *,
			     struct person_id *out);

struct person_list {
	size_t count;
	struct person *list;
};

MUST_USE enum err persons_mine(struct service *, const struct actor *, struct arena *,
			       struct person_list *out);

enum contact_answer {
	CONTACT_ANSWER_ASKED,
	CONTACT_ANSWER_KNOWN,        /* asked before: its state is in contacts_mine */
	CONTACT_ANSWER_NO_MATCH,     /* number, name and date of birth do not name one prisoner */
	CONTACT_ANSWER_TRY_TOMORROW, /* too many that did not match in 24 hours */
	CONTACT_ANSWER_TOO_MANY,     /* too many requests wait for staff */
	CONTACT_ANSWER_COUNT,
};

const char *contact_answer_name(enum contact_answer answer); /* "NO_MATCH" */

struct contact_request {
	struct str prisoner_number; /* the three as typed */
	struct str prisoner_name;
	struct date prisoner_born;
	struct person_id person; /* one of the actor's */
	struct str
	    relationship_code;   /* as relationships_find() lists them; empty: in words alone */
	struct str relationship; /* in words, 1 … RELATIONSHIP_MAX bytes; a code may do without */
	enum contact_part part;
};

struct relationship_list {
	size_t count;
	struct relationship *list;
};

/* How somebody may know a prisoner: family and friends first, then professionals. */
MUST_USE enum err relationships_find(struct service *, struct arena *,
				     struct relationship_list *out);

/* ERR_BAD: malformed number or relationship, unknown code; ERR_NOT_FOUND: not the actor's person. */
MUST_USE enum err contact_request(struct service *, const struct actor *,
				  const struct contact_request *, enum contact_answer *answer,
				  struct contact_id *out);

struct contact_list {
	size_t count;
	struct contact *list;
};

/* Of all the actor's persons, grouped by prisoner.  Staff's reasons are left out. */
MUST_USE enum err contacts_mine(struct service *, const struct actor *, struct arena *,
				struct contact_list *out);
/*
 * By number: for staff of the prison, inspector, and families with a contact;
 * else ERR_NOT_FOUND, so that nobody learns who is in prison.
 */
MUST_USE enum err prisoner_named(struct service *, const struct actor *, struct arena *,
				 struct prisoner_number, struct prisoner *out);

#endif
