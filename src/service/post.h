/*
 * post.h - the outbox on its way: handed to the sender, answered, kept, erased.
 *
 *	post_take → (pvl-web renders it, pvl-notify sends it) → post_answered
 *
 * A message that was taken is SENDING, durably, before a byte of it leaves; what
 * the sender answers is written before anything else is done with it.  So a
 * message is lost by no crash.  It is sent a second time only where the sender
 * died between the provider's yes and its own word of it: post_put_back() makes
 * it WAITING again, and it goes out with the same id (docs/protocols/notify.md).
 *
 * All but post_view and post_of: ROLE_SYSTEM alone.
 */
#ifndef PVL_SERVICE_POST_H
#define PVL_SERVICE_POST_H

#include "domain/message.h"
#include "domain/visit.h"
#include "service/service.h"

/* A message and what its text is made of. */
struct post_item {
	struct message message;
	struct account account;
	struct prison prison; /* code empty: none */
	const char
	    *to; /* an e-mail address, a number, or the lines of an address with the name first */
};

struct post_list {
	size_t count;
	struct post_item *list;
};

enum {
	POST_TAKE_MAX = 32,
	POST_LIST_MAX = 200,
};

/* What is due, at most limit (POST_TAKE_MAX): SENDING from now on.  What came too late, or has no
 * address any more, is WITHDRAWN. */
MUST_USE enum err post_take(struct service *, const struct actor *, struct arena *,
			    enum message_channel, size_t limit, struct post_list *out);

enum post_result {
	POST_TAKEN,     /* the provider has it */
	POST_DELIVERED, /* it has arrived */
	POST_LATER,     /* not now: tried again */
	POST_BOUNCED,   /* the address does not take it */
	POST_REFUSED,   /* it will never be taken */
	POST_RESULT_COUNT,
};

struct post_answer {
	struct message_id message;
	enum post_result result;
	enum message_provider provider;
	struct str provider_id; /* at most MESSAGE_PROVIDER_ID_MAX bytes kept */
	struct str problem;     /* a code; at most MESSAGE_PROBLEM_MAX bytes kept */
	int64_t retry_after_s;  /* of POST_LATER; 0: as we like */
	bool at_once; /* of POST_LATER: neither the message nor its provider was at fault */
};

/*
 * ERR_CONFLICT: it is not SENDING (of TAKEN, LATER), or final already: an answer
 * that came twice changes nothing.
 */
MUST_USE enum err post_answered(struct service *, const struct actor *, const struct post_answer *);

/* SENDING for so long without an answer: WAITING again. */
MUST_USE enum err post_put_back(struct service *, const struct actor *, int64_t age_s,
				size_t *count);

/* SENT, and the provider is to be asked now whether they arrived; the next time to ask is set. */
MUST_USE enum err post_ask(struct service *, const struct actor *, struct arena *, size_t limit,
			   struct post_list *out);

/* What message_keep_days says; those that still wait are kept. */
MUST_USE enum err post_erase_due(struct service *, const struct actor *);

struct post_view {
	int64_t counts[MESSAGE_STATE_COUNT];
	struct wall waiting_since; /* when the oldest due one was to go out; 0: none waits */
	size_t count;
	struct message *list; /* of the state asked for, the latest first, at most POST_LIST_MAX */
};

/* Staff of the prison; national roles and inspector: all (prison empty). */
MUST_USE enum err post_view(struct service *, const struct actor *, struct arena *,
			    struct prison_code, enum message_state, struct post_view *out);

/* One message; ROLE_SYSTEM. */
MUST_USE enum err post_find(struct service *, const struct actor *, struct arena *,
			    struct message_id, struct post_item *out);

/* About one visit, for the staff who may know of it. */
MUST_USE enum err post_of(struct service *, const struct actor *, struct arena *, struct reference,
			  struct post_view *out);

#endif
