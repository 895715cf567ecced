#include "store/pin.h"

#include "store/query.h"

static const char FIND[] =
    "SELECT pin_hash, set_at, failures, failed_at FROM prisoner_pin WHERE prisoner = ?1";
static const char SET[] =
    "INSERT INTO prisoner_pin (prisoner, pin_hash, set_by, set_at, failures, failed_at) "
    "VALUES (?1, ?2, ?3, ?4, 0, 0) ON CONFLICT (prisoner) DO UPDATE SET "
    "pin_hash = excluded.pin_hash, set_by = excluded.set_by, set_at = excluded.set_at, "
    "failures = 0, failed_at = 0";
static const char TRIED[] =
    "UPDATE prisoner_pin SET failures = ?1, failed_at = ?2 WHERE prisoner = ?3";
static const char SESSION_CLEAR[] =
    "DELETE FROM prisoner_session WHERE prisoner = ?1 OR terminal = ?2";
static const char SESSION_INSERT[] =
    "INSERT INTO prisoner_session (token, prisoner, terminal, seen, expires) "
    "VALUES (?1, ?2, ?3, ?4, ?5)";
static const char SESSION_FIND[] =
    "SELECT prisoner, terminal, seen, expires FROM prisoner_session WHERE token = ?1";
static const char SESSION_TOUCH[] = "UPDATE prisoner_session SET seen = ?1 WHERE token = ?2";
static const char SESSION_END[] = "DELETE FROM prisoner_session WHERE token = ?1";
static const char SESSION_END_OF[] = "DELETE FROM prisoner_session WHERE prisoner = ?1";

enum err store_pin_find(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			struct store_pin *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, prisoner.n);
	if (query_row(&q))
		*out = (struct store_pin){ .hash = query_column_str(&q, arena, 0),
					   .set_at = query_column_wall(&q, 1),
					   .failures = query_column(&q, 2),
					   .failed_at = query_column_wall(&q, 3) };
	return query_end_one(&q);
}

enum err store_pin_set(struct store *store, struct prisoner_id prisoner, struct str hash,
		       struct account_id by, struct wall now)
{
	struct query q = query_of(store, SET);
	query_int(&q, prisoner.n);
	query_str(&q, hash);
	query_int_or_null(&q, by.n);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_pin_tried(struct store *store, struct prisoner_id prisoner, int64_t failures,
			 struct wall now)
{
	struct query q = query_of(store, TRIED);
	query_int(&q, failures);
	query_int(&q, failures ? now.s : 0);
	query_int(&q, prisoner.n);
	return query_change(&q);
}

enum err store_prisoner_session_put(struct store *store, const struct prisoner_session *session)
{
	struct query clear = query_of(store, SESSION_CLEAR);
	query_int(&clear, session->prisoner.n);
	query_int(&clear, session->terminal.n);
	enum err err = query_end(&clear);
	if (err != OK)
		return err;
	struct query q = query_of(store, SESSION_INSERT);
	query_bytes(&q, session->token);
	query_int(&q, session->prisoner.n);
	query_int(&q, session->terminal.n);
	query_int(&q, session->seen.s);
	query_int(&q, session->expires.s);
	return query_end(&q);
}

enum err store_prisoner_session_find(struct store *store, struct bytes token,
				     struct prisoner_session *out)
{
	struct query q = query_of(store, SESSION_FIND);
	query_bytes(&q, token);
	if (query_row(&q))
		*out = (struct prisoner_session){ .token = token,
						  .prisoner = { query_column(&q, 0) },
						  .terminal = { query_column(&q, 1) },
						  .seen = query_column_wall(&q, 2),
						  .expires = query_column_wall(&q, 3) };
	return query_end_one(&q);
}

enum err store_prisoner_session_touch(struct store *store, struct bytes token, struct wall now)
{
	struct query q = query_of(store, SESSION_TOUCH);
	query_int(&q, now.s);
	query_bytes(&q, token);
	return query_change(&q);
}

enum err store_prisoner_session_end(struct store *store, struct bytes token)
{
	struct query q = query_of(store, SESSION_END);
	query_bytes(&q, token);
	return query_change(&q);
}

enum err store_prisoner_session_end_of(struct store *store, struct prisoner_id prisoner)
{
	struct query q = query_of(store, SESSION_END_OF);
	query_int(&q, prisoner.n);
	return query_end(&q);
}
