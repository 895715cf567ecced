#include "store/webhook.h"

#include <string.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO webhook (id, prison, url, secret, made_by, made_at, ended_at, end_reason) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, '')";
#define COUNT(state)                                                                               \
	"(SELECT COUNT(*) FROM webhook_event e WHERE e.webhook = w.id AND e.state = '" state "')"
#define SELECT                                                                                     \
	"SELECT w.id, w.prison, w.url, w.secret, w.made_at, w.ended_at, " COUNT(                   \
	    "WAITING") ", " COUNT("SENDING") ", " COUNT("DELIVERED") ", " COUNT("FAILED") " "      \
											  "FROM "  \
											  "webhoo" \
											  "k w "
static const char FIND[] = SELECT "WHERE w.id = ?1";
static const char LIST[] =
    SELECT "WHERE w.ended_at = 0 AND (?1 = '' OR w.prison = ?1) ORDER BY w.prison, w.made_at, w.id";
static const char END[] = "UPDATE webhook SET ended_at = ?1, end_reason = ?2 "
			  "WHERE id = ?3 AND ended_at = 0";
static const char FORGET[] = "DELETE FROM webhook_event WHERE webhook = ?1 AND state = 'WAITING'";

static const char WRITE[] =
    "INSERT INTO webhook_event (webhook, seq, type, object_id, reference, prison, at, state, "
    "attempts, next_at, changed_at, problem) SELECT w.id, ?1, ?2, ?3, "
    "COALESCE((SELECT v.reference FROM visit v WHERE v.id = ?3), ''), ?4, ?5, 'WAITING', 0, ?5, "
    "?5, '' FROM webhook w WHERE w.ended_at = 0 AND COALESCE(NULLIF(w.prison, ''), ?4) = ?4";
static const char NUMBER[] =
    "UPDATE webhook_event SET seq = ?1 WHERE state = 'WAITING' AND seq = 0";
#define EVENTS                                                                                     \
	"SELECT e.webhook, e.seq, e.type, e.object_id, e.reference, e.prison, e.at, e.state, "     \
	"e.attempts, e.next_at, e.changed_at, e.problem FROM webhook_event e "
static const char DUE[] =
    EVENTS "JOIN webhook w ON w.id = e.webhook "
	   "WHERE e.state = 'WAITING' AND e.next_at <= ?1 AND w.ended_at = 0 AND NOT EXISTS "
	   "(SELECT 1 FROM webhook_event f WHERE f.webhook = e.webhook AND e.reference <> '' "
	   "AND f.reference = e.reference AND f.seq < e.seq AND f.state IN ('WAITING', 'SENDING')) "
	   "ORDER BY e.next_at, e.seq, e.webhook, e.object_id LIMIT ?2";
static const char EVENT_FIND[] = EVENTS "WHERE e.webhook = ?1 AND e.seq = ?2 AND e.object_id = ?3";
static const char LIST_OF[] =
    EVENTS "WHERE e.webhook = ?1 ORDER BY e.seq DESC, e.object_id LIMIT ?2";
static const char UPDATE[] = "UPDATE webhook_event SET state = ?1, attempts = ?2, next_at = ?3, "
			     "changed_at = ?4, problem = ?5 "
			     "WHERE webhook = ?6 AND seq = ?7 AND object_id = ?8";
static const char AGAIN[] =
    "UPDATE webhook_event SET state = 'WAITING', attempts = 0, next_at = ?1, changed_at = ?1 "
    "WHERE webhook = ?2 AND state = 'FAILED'";
static const char BACK[] =
    "UPDATE webhook_event SET state = 'WAITING', next_at = ?1, changed_at = ?1, "
    "problem = 'NO_ANSWER' WHERE state = 'SENDING' AND changed_at < ?2";
static const char ERASE[] = "DELETE FROM webhook_event WHERE state IN ('DELIVERED', 'FAILED') "
			    "AND changed_at < ?1";

enum err store_webhook_insert(struct store *store, const struct webhook *hook, struct account_id by)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, hook->id.n);
	query_text(&q, hook->prison.text);
	query_str(&q, hook->url);
	query_bytes(&q, bytes_of(hook->secret, sizeof hook->secret));
	query_int_or_null(&q, by.n);
	query_int(&q, hook->made_at.s);
	return query_end(&q);
}

static struct webhook row_hook(const struct query *q, struct arena *arena)
{
	struct webhook hook = {
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.url = query_column_str(q, arena, 2),
		.made_at = query_column_wall(q, 4),
		.ended_at = query_column_wall(q, 5),
	};
	struct bytes secret = query_column_bytes(q, 3);
	if (secret.len == sizeof hook.secret)
		memcpy(hook.secret, secret.at, sizeof hook.secret);
	for (int i = 0; i < EVENT_STATE_COUNT; i++) /* the columns are in the order of the enum */
		hook.counts[i] = query_column(q, 6 + i);
	return hook;
}

enum err store_webhook_find(struct store *store, struct arena *arena, struct webhook_id id,
			    struct webhook *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_hook(&q, arena);
	return query_end_one(&q);
}

enum err store_webhook_list(struct store *store, struct arena *arena, struct prison_code prison,
			    struct store_webhooks *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_webhooks all = { 0 };
	struct webhook *next;
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_hook(&q, arena);
	*out = all;
	return query_end(&q);
}

enum err store_webhook_end(struct store *store, struct webhook_id id, struct wall now,
			   struct str reason)
{
	struct query q = query_of(store, END);
	query_int(&q, now.s);
	query_str(&q, reason);
	query_int(&q, id.n);
	enum err err = query_change(&q);
	if (err != OK)
		return err;
	struct query forget = query_of(store, FORGET);
	query_int(&forget, id.n);
	return query_end(&forget);
}

/* ---- events ---- */

enum err store_webhook_event_write(struct store *store, const struct webhook_event *event)
{
	struct query q = query_of(store, WRITE);
	query_int(&q, event->seq);
	query_text(&q, event_type_name(event->type));
	query_int(&q, event->object_id);
	query_text(&q, event->prison.text);
	query_int(&q, event->at.s);
	return query_later(&q);
}

enum err store_webhook_event_number(struct store *store, int64_t seq)
{
	struct query q = query_of(store, NUMBER);
	query_int(&q, seq);
	return query_later(&q);
}

static struct webhook_event row_event(const struct query *q, struct arena *arena)
{
	struct webhook_event event = {
		.webhook = { query_column(q, 0) },
		.seq = query_column(q, 1),
		.object_id = query_column(q, 3),
		.reference = row_reference(q, 4),
		.prison = row_code(q, 5),
		.at = query_column_wall(q, 6),
		.attempts = query_column_int(q, 8),
		.next_at = query_column_wall(q, 9),
		.changed_at = query_column_wall(q, 10),
		.problem = query_column_str(q, arena, 11),
	};
	(void)event_type_of(query_column_peek(q, 2), &event.type);
	(void)event_state_of(query_column_peek(q, 7), &event.state);
	return event;
}

static enum err rows_event(struct query *q, struct arena *arena, struct store_webhook_events *out)
{
	struct store_webhook_events all = { 0 };
	struct webhook_event *next;
	while (query_row(q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_event(q, arena);
	*out = all;
	return query_end(q);
}

enum err store_webhook_event_list_due(struct store *store, struct arena *arena, struct wall now,
				      int limit, struct store_webhook_events *out)
{
	struct query q = query_of(store, DUE);
	query_int(&q, now.s);
	query_int(&q, limit);
	return rows_event(&q, arena, out);
}

enum err store_webhook_event_find(struct store *store, struct arena *arena,
				  const struct webhook_event_key *key, struct webhook_event *out)
{
	struct query q = query_of(store, EVENT_FIND);
	query_int(&q, key->webhook.n);
	query_int(&q, key->seq);
	query_int(&q, key->object_id);
	if (query_row(&q))
		*out = row_event(&q, arena);
	return query_end_one(&q);
}

enum err store_webhook_event_list_of(struct store *store, struct arena *arena,
				     struct webhook_id hook, int limit,
				     struct store_webhook_events *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, hook.n);
	query_int(&q, limit);
	return rows_event(&q, arena, out);
}

enum err store_webhook_event_update(struct store *store, const struct webhook_event *event)
{
	struct query q = query_of(store, UPDATE);
	query_text(&q, event_state_name(event->state));
	query_int(&q, event->attempts);
	query_int(&q, event->next_at.s);
	query_int(&q, event->changed_at.s);
	query_str(&q, event->problem);
	query_int(&q, event->webhook.n);
	query_int(&q, event->seq);
	query_int(&q, event->object_id);
	return query_change(&q);
}

static enum err counted(struct query *q, int64_t before, int64_t *count)
{
	struct store *store = q->store;
	enum err err = query_end(q);
	*count = store_changes(store) - before;
	return err;
}

enum err store_webhook_event_again(struct store *store, struct webhook_id hook, struct wall before,
				   struct wall now, int64_t *count)
{
	int64_t changes = store_changes(store);
	struct query q = query_of(store, hook.n ? AGAIN : BACK);
	query_int(&q, now.s);
	query_int(&q, hook.n ? hook.n : before.s);
	return counted(&q, changes, count);
}

enum err store_webhook_event_erase(struct store *store, struct wall before, int64_t *count)
{
	int64_t changes = store_changes(store);
	struct query q = query_of(store, ERASE);
	query_int(&q, before.s);
	return counted(&q, changes, count);
}
