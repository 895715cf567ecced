/*
 * tell.h - somebody is to be told something: a row in the outbox.
 *
 * Part of a use-case: it is written with the change that it tells of, or not at
 * all, and the leaf of that change stands for both.  Nothing is sent here: the
 * row waits until post.h hands it on.
 *
 *	err = tell(service, &(struct telling){ .kind = MESSAGE_OFFER,
 *					       .account = entry.account,
 *					       .prison = entry.prison,
 *					       .object = offer.id.n,
 *					       .start = offer.start,
 *					       .minutes = offer.minutes,
 *					       .answer_by = offer.answer_by });
 */
#ifndef PVL_SERVICE_TELL_H
#define PVL_SERVICE_TELL_H

#include "domain/message.h"
#include "domain/visit.h"
#include "service/service.h"

/* What domain/message.h says of each kind; the rest stays 0. */
struct telling {
	enum message_kind kind;
	struct account_id account;
	struct prison_code prison;
	int64_t object;
	int64_t occasion; /* where the same can happen to an object again: what tells it apart */
	struct reference reference;
	struct wall start;
	int minutes;
	struct wall was;
	int revision;
	int number;
	const char *why; /* a code of domain/, at most MESSAGE_WHY_MAX bytes; NULL: none */
	struct wall answer_by;
	struct wall send_at;      /* 0: at once */
	struct wall no_use_after; /* 0: with start, where there is one ahead; else always of use */
};

/*
 * By the channels that domain/reach.h says: a row for each.  Where nobody can be
 * told in time (no address but a postal one, and the visit is too near), a row
 * that has FAILED as NO_WAY says so to staff, who must ring.
 *
 * Once: what was told already (same kind, account, object and occasion) is not
 * told again, and that is OK.  The service's own accounts of machines and staff
 * are told like any other; account 0 is nobody.
 */
MUST_USE enum err tell(struct service *, const struct telling *);

/*
 * A message that has not gone out and cannot: it is WITHDRAWN, as TOO_LATE, or,
 * where its address is no more, as NO_ADDRESS and told by the ways that are left
 * as if for the first time, unless it goes one way alone.  Where no way is left,
 * staff are told as above.  Part of a use-case.
 */
MUST_USE enum err tell_otherwise(struct service *, struct message *);
/* The same for all that waits for an account in a channel, in the order of writing. */
MUST_USE enum err tell_all_otherwise(struct service *, struct arena *, struct account_id,
				     enum message_channel);

#endif
