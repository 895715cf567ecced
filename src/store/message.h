/*
 * message.h - the outbox in the database: what people are told (domain/message.h).
 */
#ifndef PVL_STORE_MESSAGE_H
#define PVL_STORE_MESSAGE_H

#include "base/arena.h"
#include "domain/message.h"
#include "store/store.h"

struct store_messages {
	size_t count;
	struct message *list;
};

/* Gives it its seq.  Where that was told already nothing is written. */
MUST_USE enum err store_message_insert(struct store *, const struct message *);
MUST_USE enum err store_message_find(struct store *, struct message_id, struct message *out);
/*
 * WAITING and due, oldest first; of one channel.  What is about the same visit
 * (or object) goes out in the order of writing: a message waits while an earlier
 * one that is due for the same account is not out.
 */
MUST_USE enum err store_message_list_due(struct store *, struct arena *, enum message_channel,
					 struct wall now, int limit, struct store_messages *out);
/* SENDING since before a time. */
MUST_USE enum err store_message_list_sending(struct store *, struct arena *, struct wall before,
					     int limit, struct store_messages *out);
/* SENT, and to be asked about by now. */
MUST_USE enum err store_message_list_to_ask(struct store *, struct arena *, struct wall now,
					    int limit, struct store_messages *out);
/* WAITING, of an account in a channel, in the order of writing; due or not. */
MUST_USE enum err store_message_list_waiting(struct store *, struct arena *, struct account_id,
					     enum message_channel, int limit,
					     struct store_messages *out);
/* About an object, in the order of writing. */
MUST_USE enum err store_message_list_of(struct store *, struct arena *, int64_t object, int limit,
					struct store_messages *out);
/* Of a state, of a prison (empty: all), the latest first. */
MUST_USE enum err store_message_list_state(struct store *, struct arena *, struct prison_code,
					   enum message_state, int limit,
					   struct store_messages *out);
/* How many of each state; of a prison (empty: all). */
MUST_USE enum err store_message_count(struct store *, struct prison_code,
				      int64_t out[MESSAGE_STATE_COUNT]);
/* Earliest next_at of what is WAITING in that channel; 0: none. */
MUST_USE enum err store_message_next(struct store *, enum message_channel, struct wall *out);
/* Of the newest of an account in that channel; *out stays where there is none. */
MUST_USE enum err store_message_last_state(struct store *, struct account_id, enum message_channel,
					   enum message_state *out);
/* state, attempts, next_at, changed_at, provider, provider_id and problem; nothing else. */
MUST_USE enum err store_message_update(struct store *, const struct message *);
/* Reminders about an object that still wait. */
MUST_USE enum err store_message_withdraw(struct store *, int64_t object, struct wall now);
/* Those made before a time that wait for nothing any more; how many. */
MUST_USE enum err store_message_erase(struct store *, struct wall before, int64_t *count);

#endif
