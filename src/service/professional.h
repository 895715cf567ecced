/*
 * professional.h - who may take part in legal visits: asking for it, two people
 * of staff who say yes, and the end of it.
 *
 * A lawyer's account is one like a family's; what makes it more is a row that
 * two different people of staff have approved.  Every use-case about legal
 * visits looks at that row afresh, so that a revocation holds from its commit
 * on, in sessions that are open and in visits that go on, too.
 */
#ifndef PVL_SERVICE_PROFESSIONAL_H
#define PVL_SERVICE_PROFESSIONAL_H

#include "domain/professional.h"
#include "service/booking.h"

enum {
	PROFESSIONALS_LIST_MAX = 500,
};

struct professional_new {
	struct str firm;
	enum profession profession;
	struct str regulator_id; /* number of the SRA, the Bar … */
	struct date born;        /* staff compare it with a document at the prison */
};

/* A family account asks to be taken for a legal professional; its name is the account's.  ERR_CONFLICT: asked already. */
MUST_USE enum err professional_ask(struct service *, const struct actor *,
				   const struct professional_new *);
/* The actor's own; ERR_NOT_FOUND: never asked. */
MUST_USE enum err professional_mine(struct service *, const struct actor *, struct arena *,
				    struct professional *out);

struct professional_list {
	size_t count;
	struct professional *list;
};

/* Contacts authorisers and duty governors of any prison, HQ admin. */
MUST_USE enum err professionals_find(struct service *, const struct actor *, struct arena *,
				     struct professional_list *out);
MUST_USE enum err professional_say_yes(struct service *, const struct actor *, struct account_id,
				       enum approval_answer *answer);
/* One of those.  ERR_CONFLICT: refused or revoked already. */
MUST_USE enum err professional_find(struct service *, const struct actor *, struct arena *,
				    struct account_id, struct professional *out);
/*
 * The visits in which one of them is now, or for which they wait in the lobby:
 * whoever says no afterwards has pvl-web read these again (live_reread).
 */
MUST_USE enum err professional_visits_now(struct service *, const struct actor *, struct arena *,
					  struct account_id, struct visit_list *out);
/*
 * Refused, or revoked: at once signed out everywhere.  Visits to come that they
 * booked are cancelled, those of others with them wait for staff.  In a visit
 * that goes on they are put out, with the reason for staff to see; it ends where
 * no other lawyer is left in it.  All of it or nothing; each visit that they are
 * put out of has its own leaf.  ERR_CONFLICT: it is over already.
 */
MUST_USE enum err professional_say_no(struct service *, const struct actor *, struct account_id,
				      struct str reason);

#endif
