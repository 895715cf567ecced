/*
 * approval.h - the staff's side of approval: who may visit whom.
 *
 * Roles: contacts authoriser, duty governor (decide); visits clerk, prison
 * admin, monitor and inspector (read).  A prison sees its own prisoners alone.
 */
#ifndef PVL_SERVICE_APPROVAL_H
#define PVL_SERVICE_APPROVAL_H

#include "domain/booking.h"
#include "service/people.h"

struct contact_case {
	struct contact contact;
	struct str booker_name;
	struct str booker_email;
	bool listed; /* the prison has them on its own list (contact_find alone says so) */
	bool listed_approved;
	struct str listed_as; /* relationship */
};

struct contact_case_list {
	size_t count;
	struct contact_case *list;
};

enum {
	CASES_MAX = 200,
};

/* Waiting for a decision, oldest first, at most CASES_MAX. */
MUST_USE enum err contacts_pending(struct service *, const struct actor *, struct arena *,
				   struct contact_case_list *out);
/* Decided, newest first. */
MUST_USE enum err contacts_decided(struct service *, const struct actor *, struct arena *,
				   struct contact_case_list *out);
MUST_USE enum err contact_find(struct service *, const struct actor *, struct arena *,
			       struct contact_id, struct contact_case *out);

struct contact_decision {
	enum contact_state to; /* CONTACT_APPROVED or CONTACT_REJECTED */
	struct str reason;     /* in words, for staff; rejecting needs one */
	enum contact_why why;  /* of a rejection; what the family is told */
	bool identity_seen;    /* who decides has seen who they are, in person or otherwise */
	struct str relationship_code; /* as staff know it; empty: as the family said */
};

/*
 * Photos of identity that were sent are decided on with it: verified by an
 * approval, rejected where .why says so.  *identity_missing: the prison's rules
 * ask for them, none was sent, and nobody has seen it otherwise: nothing was
 * done.  ERR_BAD: not a decision, no such relationship; ERR_CONFLICT: in a state from which that cannot be.
 * ERR_DENIED to roles that do not decide, and where an order says that the two
 * have no contact: nobody approves them while it stands.  Visits that are booked
 * are flagged when their visitor is no longer approved.
 */
MUST_USE enum err contact_decide_by(struct service *, const struct actor *, struct contact_id,
				    const struct contact_decision *, bool *identity_missing);
/*
 * What stands before two people, by the rules that decide on them.  .stops: of an approval by
 * somebody who has not seen who the visitor is, bits of enum contact_stop; .visits: what the rules
 * of booking would say today of any visit of theirs, once they are approved.
 * Who may read the request.
 */
struct contact_outlook {
	unsigned stops;
	struct verdict visits;
};

MUST_USE enum err contact_outlook_find(struct service *, const struct actor *, struct arena *,
				       const struct contact *, struct contact_outlook *out);
/* Who decides on it, and who can see to what stands before it: a bit for each enum role; 0: nobody here. */
unsigned contact_deciders(void);
unsigned contact_stop_deciders(enum contact_stop stop);
unsigned contact_visit_deciders(enum booking issue);
/* The same for somebody whose identity who decides has seen, and without a word for the family. */
MUST_USE enum err contact_decide(struct service *, const struct actor *, struct contact_id,
				 enum contact_state to, struct str reason);

#endif
