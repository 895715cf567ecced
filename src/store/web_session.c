#include "store/web_session.h"

#include "store/query.h"
#include "store/row_priv.h"

static const char EXPIRED[] = "DELETE FROM web_session WHERE expires <= ?1";
#define COLUMNS "token, csrf, account, terminal, role, prison, seen, idle_s, expires, link"
static const char INSERT[] =
    "INSERT INTO web_session (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char FIND[] = "SELECT " COLUMNS " FROM web_session "
			   "WHERE token = ?1 AND expires > ?2 AND seen + idle_s > ?2";
static const char TOUCH[] = "UPDATE web_session SET seen = ?1 WHERE token = ?2";
static const char SET_ROLE[] = "UPDATE web_session SET role = ?1, prison = ?2 WHERE token = ?3";
static const char DELETE[] = "DELETE FROM web_session WHERE token = ?1";
static const char DELETE_OF[] = "DELETE FROM web_session WHERE terminal = ?1";
static const char DELETE_GUESTS[] = "DELETE FROM web_session WHERE link = ?1";

static enum err delete_expired(struct store *store, struct wall now)
{
	struct query q = query_of(store, EXPIRED);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_web_session_insert(struct store *store, const struct web_session *s, struct wall now)
{
	enum err err = delete_expired(store, now);
	if (err != OK)
		return err;
	struct query q = query_of(store, INSERT);
	query_bytes(&q, bytes_of(s->token, sizeof s->token));
	query_str(&q, s->csrf);
	query_int_or_null(&q, s->account.n);
	query_int_or_null(&q, s->terminal.n);
	query_text(&q, role_name(s->role.role));
	query_text(&q, s->role.prison.text);
	query_int(&q, s->seen.s);
	query_int(&q, s->idle_s);
	query_int(&q, s->expires.s);
	query_int_or_null(&q, s->link.n);
	return query_end(&q);
}

static void row_web_session(const struct query *q, struct arena *arena, struct web_session *out)
{
	row_blob(q, 0, out->token, sizeof out->token);
	out->csrf = query_column_str(q, arena, 1);
	out->account.n = query_column(q, 2);
	out->terminal.n = query_column(q, 3);
	out->role.role = ROLE_NOBODY;
	(void)role_of(query_column_peek(q, 4), &out->role.role);
	out->role.prison = row_code(q, 5);
	out->seen = query_column_wall(q, 6);
	out->idle_s = query_column_int(q, 7);
	out->expires = query_column_wall(q, 8);
	out->link.n = query_column(q, 9);
}

enum err store_web_session_find(struct store *store, struct arena *arena, struct bytes token,
				struct wall now, struct web_session *out)
{
	struct query q = query_of(store, FIND);
	query_bytes(&q, token);
	query_int(&q, now.s);
	if (query_row(&q))
		row_web_session(&q, arena, out);
	return query_end_one(&q);
}

enum err store_web_session_touch(struct store *store, struct bytes token, struct wall now)
{
	struct query q = query_of(store, TOUCH);
	query_int(&q, now.s);
	query_bytes(&q, token);
	return query_change(&q);
}

enum err store_web_session_set_role(struct store *store, struct bytes token, struct staff_role role)
{
	struct query q = query_of(store, SET_ROLE);
	query_text(&q, role_name(role.role));
	query_text(&q, role.prison.text);
	query_bytes(&q, token);
	return query_change(&q);
}

enum err store_web_session_delete(struct store *store, struct bytes token)
{
	struct query q = query_of(store, DELETE);
	query_bytes(&q, token);
	return query_change(&q);
}

enum err store_web_session_delete_of(struct store *store, struct terminal_id terminal)
{
	struct query q = query_of(store, DELETE_OF);
	query_int(&q, terminal.n);
	return query_end(&q);
}

enum err store_web_session_delete_guests(struct store *store, struct visit_link_id link)
{
	struct query q = query_of(store, DELETE_GUESTS);
	query_int(&q, link.n);
	return query_end(&q);
}

enum err store_web_session_delete_account(struct store *store, struct account_id account)
{
	struct query q = query_of(store, "DELETE FROM web_session WHERE account = ?1");
	query_int(&q, account.n);
	return query_end(&q);
}
