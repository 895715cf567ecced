/*
 * webhook.h - where events are sent, and how far each has come, in the database.
 */
#ifndef PVL_STORE_WEBHOOK_H
#define PVL_STORE_WEBHOOK_H

#include "base/arena.h"
#include "domain/event.h"
#include "domain/reference.h"
#include "store/store.h"

enum {
	WEBHOOK_SECRET_LEN = 32,
};

struct webhook_id {
	int64_t n;
};

struct webhook {
	struct webhook_id id;
	struct prison_code prison; /* empty: all */
	struct str url;
	uint8_t secret[WEBHOOK_SECRET_LEN];
	struct wall made_at;
	struct wall ended_at; /* 0: in use */
	int64_t counts[EVENT_STATE_COUNT];
};

struct store_webhooks {
	size_t count;
	struct webhook *list;
};

/* A leaf can be told as several events, each of another visit. */
struct webhook_event_key {
	struct webhook_id webhook;
	int64_t seq;
	int64_t object_id;
};

struct webhook_event {
	struct webhook_id webhook;
	int64_t seq; /* of the leaf of the change; 0: it is not written yet */
	enum event_type type;
	int64_t object_id;
	struct reference reference; /* empty: no visit */
	struct prison_code prison;
	struct wall at;
	enum event_state state;
	int attempts;
	struct wall next_at;
	struct wall changed_at;
	struct str problem; /* a code */
};

struct store_webhook_events {
	size_t count;
	struct webhook_event *list;
};

MUST_USE enum err store_webhook_insert(struct store *, const struct webhook *,
				       struct account_id by);
MUST_USE enum err store_webhook_find(struct store *, struct arena *, struct webhook_id,
				     struct webhook *out);
/* In use, of a prison (empty: of all), with their counts. */
MUST_USE enum err store_webhook_list(struct store *, struct arena *, struct prison_code,
				     struct store_webhooks *out);
/* What still waits for it is forgotten. */
MUST_USE enum err store_webhook_end(struct store *, struct webhook_id, struct wall now,
				    struct str reason);

/* One for each webhook in use of its prison, and of all; its id, state and the rest are made here. */
MUST_USE enum err store_webhook_event_write(struct store *, const struct webhook_event *);
/* Those of this transaction that were written before their leaf get its number. */
MUST_USE enum err store_webhook_event_number(struct store *, int64_t seq);
/*
 * WAITING and due, of webhooks in use, oldest first.  One of a visit waits until
 * all before it of that visit are delivered or failed.
 */
MUST_USE enum err store_webhook_event_list_due(struct store *, struct arena *, struct wall now,
					       int limit, struct store_webhook_events *out);
MUST_USE enum err store_webhook_event_find(struct store *, struct arena *,
					   const struct webhook_event_key *,
					   struct webhook_event *out);
/* The newest first. */
MUST_USE enum err store_webhook_event_list_of(struct store *, struct arena *, struct webhook_id,
					      int limit, struct store_webhook_events *out);
/* state, attempts, next_at, changed_at and problem. */
MUST_USE enum err store_webhook_event_update(struct store *, const struct webhook_event *);
/* Those that failed wait again; how many.  webhook 0 with before: those SENDING since then. */
MUST_USE enum err store_webhook_event_again(struct store *, struct webhook_id, struct wall before,
					    struct wall now, int64_t *count);
/* Delivered or failed before a time; how many. */
MUST_USE enum err store_webhook_event_erase(struct store *, struct wall before, int64_t *count);

#endif
