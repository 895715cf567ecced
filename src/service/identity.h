/*
 * identity.h - who visitors are: the photos that show it, and who may see them.
 *
 * Photos are sealed with service->picture_key, which is not in the database.
 * They reach: the account that sent them, while they are not decided on; the
 * contacts authoriser and the duty governor of a prison that is asked about the
 * person, until then (a look is a leaf of the log); at a visit of theirs,
 * between its lobby and its end, the staff who admit, and the portrait alone.
 * Nobody else, and no list of them exists.
 */
#ifndef PVL_SERVICE_IDENTITY_H
#define PVL_SERVICE_IDENTITY_H

#include "domain/identity.h"
#include "domain/visit.h"
#include "service/service.h"

struct identity_mine {
	struct person person;
	bool wanted; /* a request of theirs waits, and the rules there ask for it */
	bool begun;  /* .identity is there */
	struct identity identity;
};

/* ERR_NOT_FOUND: not the actor's person. */
MUST_USE enum err identity_mine_find(struct service *, const struct actor *, struct arena *,
				     struct person_id, struct identity_mine *out);

struct identity_upload {
	struct person_id person;
	enum identity_picture picture;
	enum identity_document document; /* of IDENTITY_DOCUMENT */
	struct bytes jpeg;               /* as pvl-picture made it */
};

/*
 * The family puts a picture in.  The last of those that staff asked for again
 * sends them by itself.  ERR_CONFLICT: none is taken now; ERR_DENIED: nobody
 * asks for it (a child, above all).
 */
MUST_USE enum err identity_put(struct service *, const struct actor *,
			       const struct identity_upload *);
/* Both pictures are there: to staff.  ERR_CONFLICT: they are not, or it was sent. */
MUST_USE enum err identity_send(struct service *, const struct actor *, struct person_id);
/* The actor's own; ERR_NOT_FOUND after the decision. */
MUST_USE enum err identity_own_picture(struct service *, const struct actor *, struct arena *,
				       struct person_id, enum identity_picture, struct bytes *jpeg);

/* ---- staff ---- */

/* What staff may know beside a contact; .begun false: nothing was sent. */
struct identity_case {
	bool needed; /* by the rules of the prison, for somebody of that age */
	bool begun;
	bool visible; /* the pictures can be looked at now */
	struct identity identity;
	struct wall due; /* the request is to be answered by then */
};

MUST_USE enum err identity_case_find(struct service *, const struct actor *, const struct contact *,
				     struct identity_case *out);
/* The same of each of these, in their order. */
MUST_USE enum err identity_cases_find(struct service *, const struct actor *, struct arena *,
				      const struct contact *const *, size_t count,
				      struct identity_case *out);
/* Writes a leaf. */
MUST_USE enum err identity_look(struct service *, const struct actor *, struct arena *,
				struct contact_id, enum identity_picture, struct bytes *jpeg);
/* ERR_CONFLICT: nothing lies there to be decided on; ERR_BAD: no picture, or no problem. */
MUST_USE enum err identity_ask_again(struct service *, const struct actor *, struct contact_id,
				     unsigned pictures, enum identity_problem);
/* At the admission.  Writes a leaf.  ERR_NOT_FOUND also when no approved portrait is kept. */
MUST_USE enum err identity_look_at_visit(struct service *, const struct actor *, struct arena *,
					 struct reference, struct person_id, struct bytes *jpeg);
/* Whether identity_look_at_visit() would find one, for somebody of the visit. */
MUST_USE enum err identity_portrait_kept(struct service *, struct person_id, bool *out);

/* ---- by itself ---- */

/* ROLE_SYSTEM: erases one picture whose time is over; *done false: none is. */
MUST_USE enum err identity_erase_due(struct service *, const struct actor *, bool *done);

#endif
