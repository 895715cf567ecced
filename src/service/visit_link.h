/*
 * visit_link.h - personal links: how a visitor without an account joins one visit.
 *
 * The booker makes one for another adult of the booking and passes it on.  Its
 * code is told once and only its hash is kept; it works until the visit is
 * over or the booker takes it back.  Who bears it may do what ROLE_GUEST may:
 * say who sits with them, join, leave.  Staff compare picture and identity as
 * with everybody, and again whenever the code is used anew.
 *
 * 16 symbols of five bits: nobody guesses 2^80.
 */
#ifndef PVL_SERVICE_VISIT_LINK_H
#define PVL_SERVICE_VISIT_LINK_H

#include "domain/reference.h"
#include "domain/visit.h"
#include "service/account.h"

enum {
	LINK_CODE_LEN = 16,
};

/*
 * The booker, for an adult who would join from another device than theirs.
 * Takes the place of an earlier one, whose bearer is signed out.
 * ERR_BAD: no such visitor; ERR_CONFLICT: the visit is over.
 */
MUST_USE enum err visit_link_make(struct service *, const struct actor *, struct reference,
				  struct person_id, char code[LINK_CODE_LEN + 1]);
/*
 * Whoever has no e-mail cannot sign in: for their main visitor the link is made
 * with the booking, and its code told in messages.  ROLE_SYSTEM, for these.
 * ERR_NOT_FOUND: the visit has no such link.
 */
MUST_USE enum err visit_link_code_tell(struct service *, const struct actor *, struct arena *,
				       struct reference, char code[LINK_CODE_LEN + 1]);
/* The bearer is signed out, and who was admitted at that device waits again.  ERR_NOT_FOUND: there is none. */
MUST_USE enum err visit_link_revoke(struct service *, const struct actor *, struct reference,
				    struct person_id);

struct visit_link_place {
	size_t visitor; /* index: an adult other than the one whose device the booker has */
	bool linked;    /* a link stands */
	bool used;      /* and was used */
};

struct visit_link_places {
	size_t count;
	struct visit_link_place list[PARTY_MAX];
};

/* Whom the booker may send a link, in the order of the visit's visitors. */
MUST_USE enum err visit_link_places_find(struct service *, const struct actor *, struct arena *,
					 const struct visit *, struct visit_link_places *out);

struct visit_link_bearer {
	struct session_started session;
	struct reference reference;
	size_t visitor; /* index: whose device it is */
};

/*
 * A session for the bearer; a session begun with the same code before ends, and
 * who was admitted at that device waits again.
 * ERR_NOT_FOUND: wrong, withdrawn or of a visit that is over; nobody learns which.
 */
MUST_USE enum err visit_link_use(struct service *, struct str typed, struct visit_link_bearer *out);

#endif
