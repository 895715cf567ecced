#include "store/message.h"

#include <string.h>

#include "store/kept_priv.h"
#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS                                                                                    \
	"id, seq, kind, channel, account, prison, object, occasion, reference, start_at, "         \
	"minutes, was_at, revision, number, why, answer_by, made_at, no_use_after, state, "        \
	"attempts, next_at, changed_at, provider, provider_id, problem"
#define SELECT "SELECT " COLUMNS " FROM message "
static const char INSERT[] =
    "INSERT INTO message (" COLUMNS
    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
    "?19, ?20, ?21, ?22, ?23, ?24, ?25) ON CONFLICT (object, kind, account, occasion, channel) DO "
    "NOTHING";
static const char NEWEST[] = "SELECT COALESCE(MAX(seq), 0) FROM message";
static const char FIND[] = SELECT "WHERE id = ?1";
static const char LIST_DUE[] =
    SELECT "AS m WHERE m.state = 'WAITING' AND m.channel = ?1 AND m.next_at <= ?2 AND NOT EXISTS "
	   "(SELECT 1 FROM message AS e WHERE e.account = m.account AND e.reference = m.reference "
	   "AND (m.reference <> '' OR e.object = m.object) AND e.seq < m.seq AND "
	   "e.channel = m.channel AND (e.state = 'SENDING' OR (e.state = 'WAITING' AND "
	   "(e.next_at <= ?2 OR e.attempts > 0)))) ORDER BY m.next_at, m.seq LIMIT ?3";
static const char LIST_SENDING[] =
    SELECT "WHERE state = 'SENDING' AND changed_at < ?1 ORDER BY seq LIMIT ?2";
static const char LIST_TO_ASK[] = SELECT "WHERE state = 'SENT' AND next_at > 0 AND next_at <= ?1 "
					 "ORDER BY next_at, seq LIMIT ?2";
static const char LIST_WAITING[] = SELECT "WHERE state = 'WAITING' AND account = ?1 "
					  "AND channel = ?2 ORDER BY seq LIMIT ?3";
static const char LIST_OF[] = SELECT "WHERE object = ?1 ORDER BY seq LIMIT ?2";
static const char LIST_STATE[] =
    SELECT "WHERE state = ?1 AND (?2 = '' OR prison = ?2) ORDER BY seq DESC LIMIT ?3";
static const char COUNT[] =
    "SELECT state, COUNT(*) FROM message WHERE (?1 = '' OR prison = ?1) GROUP BY state";
static const char NEXT[] = "SELECT COALESCE(MIN(next_at), 0) FROM message "
			   "WHERE state = 'WAITING' AND channel = ?1";
static const char LAST_STATE[] = "SELECT state FROM message WHERE account = ?1 AND channel = ?2 "
				 "AND state NOT IN ('WAITING', 'SENDING', 'WITHDRAWN') "
				 "ORDER BY seq DESC LIMIT 1";
static const char UPDATE[] =
    "UPDATE message SET state = ?1, attempts = ?2, next_at = ?3, changed_at = ?4, provider = ?5, "
    "provider_id = ?6, problem = ?7 WHERE id = ?8";
static const char WITHDRAW[] = "UPDATE message SET state = 'WITHDRAWN', changed_at = ?1 "
			       "WHERE object = ?2 AND kind = 'REMINDER' AND state = 'WAITING'";
/* seq rises with the time: from the oldest on up to the first that is not old enough. */
static const char ERASE[] =
    "DELETE FROM message WHERE seq < COALESCE((SELECT n.seq FROM message n WHERE n.made_at >= ?1 "
    "ORDER BY n.seq LIMIT 1), (SELECT MAX(n.seq) + 1 FROM message n)) "
    "AND state NOT IN ('WAITING', 'SENDING')";

/* One more than the last; one that was there already and is not told again leaves a gap. */
static enum err next_seq(struct store *store, int64_t *out)
{
	int64_t last = 0;
	enum err err = store_will_write(store);
	if (err == OK && !kept_number(store, KEPT_MESSAGE, &last)) {
		struct query q = query_of(store, NEWEST);
		if (query_row(&q))
			last = query_column(&q, 0);
		err = query_end(&q);
	}
	*out = last + 1;
	kept_number_is(store, KEPT_MESSAGE, *out);
	return err;
}

enum err store_message_insert(struct store *store, const struct message *m)
{
	int64_t seq = 0;
	enum err err = next_seq(store, &seq);
	if (err != OK)
		return err;
	struct query q = query_of(store, INSERT);
	query_int(&q, m->id.n);
	query_int(&q, seq);
	query_text(&q, message_kind_name(m->kind));
	query_text(&q, message_channel_name(m->channel));
	query_int(&q, m->account.n);
	query_text(&q, m->prison.text);
	query_int(&q, m->object);
	query_int(&q, m->occasion);
	query_text(&q, m->reference.text);
	query_int(&q, m->start.s);
	query_int(&q, m->minutes);
	query_int(&q, m->was.s);
	query_int(&q, m->revision);
	query_int(&q, m->number);
	query_text(&q, m->why);
	query_int(&q, m->answer_by.s);
	query_int(&q, m->made_at.s);
	query_int(&q, m->no_use_after.s);
	query_text(&q, message_state_name(m->state));
	query_int(&q, m->attempts);
	query_int(&q, m->next_at.s);
	query_int(&q, m->changed_at.s);
	query_text(&q, message_provider_name(m->provider));
	query_text(&q, m->provider_id);
	query_text(&q, m->problem);
	return query_later(&q);
}

static void row_text(const struct query *q, int at, char *out, size_t room)
{
	struct str text = query_column_peek(q, at);
	size_t len = text.len < room ? text.len : room - 1;
	memcpy(out, text.at ? text.at : "", len);
	out[len] = '\0';
}

static struct message row_message(const struct query *q)
{
	struct message m = {
		.id = { query_column(q, 0) },
		.seq = query_column(q, 1),
		.account = { query_column(q, 4) },
		.prison = row_code(q, 5),
		.object = query_column(q, 6),
		.occasion = query_column(q, 7),
		.reference = row_reference(q, 8),
		.start = query_column_wall(q, 9),
		.minutes = query_column_int(q, 10),
		.was = query_column_wall(q, 11),
		.revision = query_column_int(q, 12),
		.number = query_column_int(q, 13),
		.answer_by = query_column_wall(q, 15),
		.made_at = query_column_wall(q, 16),
		.no_use_after = query_column_wall(q, 17),
		.attempts = query_column_int(q, 19),
		.next_at = query_column_wall(q, 20),
		.changed_at = query_column_wall(q, 21),
	};
	(void)message_kind_of(query_column_peek(q, 2), &m.kind);
	(void)message_channel_of(query_column_peek(q, 3), &m.channel);
	row_text(q, 14, m.why, sizeof m.why);
	(void)message_state_of(query_column_peek(q, 18), &m.state);
	(void)message_provider_of(query_column_peek(q, 22), &m.provider);
	row_text(q, 23, m.provider_id, sizeof m.provider_id);
	row_text(q, 24, m.problem, sizeof m.problem);
	return m;
}

static enum err rows(struct query *q, struct arena *arena, struct store_messages *out)
{
	struct store_messages messages = { 0 };
	while (query_row(q)) {
		struct message *m =
		    list_next(arena, &messages.list, &messages.count, sizeof *messages.list);
		if (m)
			*m = row_message(q);
	}
	enum err err = query_end(q);
	if (err == OK)
		*out = messages;
	return err;
}

enum err store_message_find(struct store *store, struct message_id id, struct message *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	struct message m = { 0 };
	if (query_row(&q))
		m = row_message(&q);
	enum err err = query_end_one(&q);
	if (err == OK)
		*out = m;
	return err;
}

enum err store_message_list_due(struct store *store, struct arena *arena,
				enum message_channel channel, struct wall now, int limit,
				struct store_messages *out)
{
	struct query q = query_of(store, LIST_DUE);
	query_text(&q, message_channel_name(channel));
	query_int(&q, now.s);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_message_list_sending(struct store *store, struct arena *arena, struct wall before,
				    int limit, struct store_messages *out)
{
	struct query q = query_of(store, LIST_SENDING);
	query_int(&q, before.s);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_message_list_to_ask(struct store *store, struct arena *arena, struct wall now,
				   int limit, struct store_messages *out)
{
	struct query q = query_of(store, LIST_TO_ASK);
	query_int(&q, now.s);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_message_list_waiting(struct store *store, struct arena *arena,
				    struct account_id account, enum message_channel channel,
				    int limit, struct store_messages *out)
{
	struct query q = query_of(store, LIST_WAITING);
	query_int(&q, account.n);
	query_text(&q, message_channel_name(channel));
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_message_list_of(struct store *store, struct arena *arena, int64_t object, int limit,
			       struct store_messages *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, object);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_message_list_state(struct store *store, struct arena *arena,
				  struct prison_code prison, enum message_state state, int limit,
				  struct store_messages *out)
{
	struct query q = query_of(store, LIST_STATE);
	query_text(&q, message_state_name(state));
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_message_count(struct store *store, struct prison_code prison,
			     int64_t out[MESSAGE_STATE_COUNT])
{
	int64_t counts[MESSAGE_STATE_COUNT] = { 0 };
	struct query q = query_of(store, COUNT);
	query_text(&q, prison.text);
	while (query_row(&q)) {
		enum message_state state;
		if (message_state_of(query_column_peek(&q, 0), &state))
			counts[state] = query_column(&q, 1);
	}
	enum err err = query_end(&q);
	if (err == OK)
		memcpy(out, counts, sizeof counts);
	return err;
}

enum err store_message_next(struct store *store, enum message_channel channel, struct wall *out)
{
	struct query q = query_of(store, NEXT);
	query_text(&q, message_channel_name(channel));
	struct wall next = { 0 };
	if (query_row(&q))
		next = query_column_wall(&q, 0);
	enum err err = query_end_one(&q);
	if (err == OK)
		*out = next;
	return err;
}

enum err store_message_last_state(struct store *store, struct account_id account,
				  enum message_channel channel, enum message_state *out)
{
	struct query q = query_of(store, LAST_STATE);
	query_int(&q, account.n);
	query_text(&q, message_channel_name(channel));
	if (query_row(&q))
		(void)message_state_of(query_column_peek(&q, 0), out);
	return query_end(&q);
}

enum err store_message_update(struct store *store, const struct message *m)
{
	struct query q = query_of(store, UPDATE);
	query_text(&q, message_state_name(m->state));
	query_int(&q, m->attempts);
	query_int(&q, m->next_at.s);
	query_int(&q, m->changed_at.s);
	query_text(&q, message_provider_name(m->provider));
	query_text(&q, m->provider_id);
	query_text(&q, m->problem);
	query_int(&q, m->id.n);
	return query_change(&q);
}

enum err store_message_withdraw(struct store *store, int64_t object, struct wall now)
{
	struct query q = query_of(store, WITHDRAW);
	query_int(&q, now.s);
	query_int(&q, object);
	return query_end(&q);
}

enum err store_message_erase(struct store *store, struct wall before, int64_t *count)
{
	int64_t changes = store_changes(store);
	struct query q = query_of(store, ERASE);
	query_int(&q, before.s);
	enum err err = query_end(&q);
	if (err == OK)
		*count = store_changes(store) - changes;
	return err;
}
