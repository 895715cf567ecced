/*
 * webhook.h - other systems are told of changes: events in the envelope of the
 * prison service, each written with the leaf of its change, then sent, signed,
 * in the order of each visit, until the other side says yes.
 *
 *	audit_write → WAITING → webhook_take → (pvl-notify sends it) → webhook_answered
 *
 * Nothing is sent twice but where the sender died between the other side's yes
 * and its own word of it; the delivery's number is the same then.
 *
 * Roles: prison admin (of their prison), HQ admin, operator (of one or of all).
 */
#ifndef PVL_SERVICE_WEBHOOK_H
#define PVL_SERVICE_WEBHOOK_H

#include "domain/visit.h"
#include "service/service.h"
#include "store/webhook.h"

enum {
	WEBHOOKS_MAX = 5, /* of one prison, or of all prisons */
	WEBHOOK_SECRET_TEXT_LEN = 2 * WEBHOOK_SECRET_LEN,
	WEBHOOK_EVENTS_SHOWN = 50,
	WEBHOOK_TAKE_MAX = 16,
};

struct webhook_new {
	struct prison_code prison; /* empty: all; a prison admin's own in any case */
	struct str url;
	bool plain_too; /* http:// is fine (an operator's switch) */
};

/*
 * secret: in hex, shown once.  ERR_BAD: the address; ERR_NOT_FOUND: no such
 * prison; ERR_LIMIT: WEBHOOKS_MAX are in use.
 */
MUST_USE enum err webhook_add(struct service *, const struct actor *, const struct webhook_new *,
			      char secret[WEBHOOK_SECRET_TEXT_LEN + 1], struct webhook_id *out);
/* What still waits is not sent.  reason needed. */
MUST_USE enum err webhook_end(struct service *, const struct actor *, struct webhook_id,
			      struct str reason);
/* What failed is tried again, from now on. */
MUST_USE enum err webhook_again(struct service *, const struct actor *, struct webhook_id);

struct webhook_list {
	size_t count;
	struct webhook *list; /* in use; without their secrets */
};

MUST_USE enum err webhooks_find(struct service *, const struct actor *, struct arena *,
				struct webhook_list *out);

struct webhook_view {
	struct webhook hook; /* without its secret */
	size_t count;
	struct webhook_event *events; /* the newest first */
};

MUST_USE enum err webhook_find(struct service *, const struct actor *, struct arena *,
			       struct webhook_id, struct webhook_view *out);

/* ---- on their way; ROLE_SYSTEM ---- */

struct webhook_item {
	struct webhook_event event;
	struct webhook hook;
	struct visit visit;            /* as it stands now; .id 0: the event is about none */
	struct prisoner_number number; /* of the prisoner; empty: about none */
};

struct webhook_items {
	size_t count;
	struct webhook_item *list;
};

/* What is due, at most limit (WEBHOOK_TAKE_MAX): SENDING from now on. */
MUST_USE enum err webhook_take(struct service *, const struct actor *, struct arena *, size_t limit,
			       struct webhook_items *out);

enum webhook_result {
	WEBHOOK_TAKEN,
	WEBHOOK_LATER,   /* tried again, later each time; after two days and a half it has failed */
	WEBHOOK_REFUSED, /* it has failed */
	WEBHOOK_RESULT_COUNT,
};

struct webhook_answer {
	struct webhook_event_key event;
	enum webhook_result result;
	struct str problem;    /* a code; at most MESSAGE_PROBLEM_MAX bytes kept */
	int64_t retry_after_s; /* as the other side asked; 0: it did not */
	bool at_once;          /* nobody was at fault: tried again in a second */
};

/* ERR_CONFLICT: it is not SENDING. */
MUST_USE enum err webhook_answered(struct service *, const struct actor *,
				   const struct webhook_answer *);
/* SENDING for so long without an answer: WAITING again. */
MUST_USE enum err webhook_put_back(struct service *, const struct actor *, int64_t age_s);
/* What message_keep_days says; what waits is kept. */
MUST_USE enum err webhook_erase_due(struct service *, const struct actor *);

#endif
