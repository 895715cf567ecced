#include "store/account.h"

#include <stdio.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO account (id, staff, email, name, language, password_hash, created_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
#define SELECT "SELECT id, staff, email, name, language FROM account "
static const char FIND[] = SELECT "WHERE id = ?1";
static const char FIND_TOGETHER[] = SELECT "WHERE id IN (" ROW_TOGETHER ")";
static const char FIND_HASH[] = "SELECT id, password_hash FROM account WHERE email = ?1";
static const char HASH_OF[] = "SELECT password_hash FROM account WHERE id = ?1";
static const char SET_HASH[] = "UPDATE account SET password_hash = ?1 WHERE id = ?2";
static const char SET_EMAIL[] = "UPDATE account SET email = ?1 WHERE id = ?2";
static const char SET_LANGUAGE[] = "UPDATE account SET language = ?1 WHERE id = ?2";
static const char ROLE_INSERT[] =
    "INSERT INTO staff_role (account, role, prison, granted_at) VALUES (?1, ?2, ?3, ?4)";
static const char ROLE_LIST[] =
    "SELECT role, prison FROM staff_role WHERE account = ?1 ORDER BY granted_at, role, prison";
static const char ROLE_DELETE[] =
    "DELETE FROM staff_role WHERE account = ?1 AND role = ?2 AND prison = ?3";
static const char STAFF_LIST[] =
    "SELECT a.id, a.staff, a.email, a.name, a.language, r.role, r.prison, r.granted_at "
    "FROM staff_role r JOIN account a ON a.id = r.account WHERE r.prison = ?1 "
    "ORDER BY a.name, a.id, r.role LIMIT ?2";

#define NOBODYS_DOMAIN "@invalid"

enum {
	NOBODYS_ROOM = 64,
};

bool account_email_is_one(struct str stored)
{
	size_t len = sizeof NOBODYS_DOMAIN - 1;
	return stored.len > len &&
	       !str_is(str_of(stored.at + stored.len - len, len), NOBODYS_DOMAIN);
}

static void write_nobodys(struct account_id id, char out[NOBODYS_ROOM])
{
	(void)snprintf(out, NOBODYS_ROOM, "none-%lld" NOBODYS_DOMAIN, (long long)id.n);
}

enum err store_account_insert(struct store *store, const struct account *account,
			      struct str password_hash, struct wall now)
{
	char nobodys[NOBODYS_ROOM];
	struct query q = query_of(store, INSERT);
	write_nobodys(account->id, nobodys);
	query_int(&q, account->id.n);
	query_int(&q, account->staff);
	query_str(&q, str_empty(account->email) ? str_from(nobodys) : account->email);
	query_str(&q, account->name);
	query_text(&q, language_code(account->language));
	query_str(&q, password_hash);
	query_int(&q, now.s);
	return query_end(&q);
}

static struct account row_account(const struct query *q, struct arena *arena)
{
	struct str email = query_column_str(q, arena, 2);
	return (struct account){
		.id = { query_column(q, 0) },
		.staff = query_column_bool(q, 1),
		.email = account_email_is_one(email) ? email : STR(""),
		.name = query_column_str(q, arena, 3),
		.language = language_of(query_column_peek(q, 4)),
	};
}

enum err store_account_find(struct store *store, struct arena *arena, struct account_id id,
			    struct account *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_account(&q, arena);
	return query_end_one(&q);
}

/* At most ROW_TOGETHER_MAX; some may be the same. */
static enum err find_together(struct store *store, struct arena *arena,
			      const struct account_id *ids, size_t count, struct account *out)
{
	struct query q = query_of(store, FIND_TOGETHER);
	size_t found = 0;
	for (size_t i = 0; i < ROW_TOGETHER_MAX; i++)
		query_int(&q, i < count ? ids[i].n : 0);
	while (query_row(&q)) {
		struct account account = row_account(&q, arena);
		for (size_t i = 0; i < count; i++) {
			if (ids[i].n != account.id.n)
				continue;
			out[i] = account;
			found++;
		}
	}
	enum err err = query_end(&q);
	return err == OK && found < count ? ERR_NOT_FOUND : err;
}

enum err store_account_list(struct store *store, struct arena *arena, const struct account_id *ids,
			    size_t count, struct account *out)
{
	enum err err = OK;
	for (size_t at = 0; at < count && err == OK; at += ROW_TOGETHER_MAX)
		err = find_together(store, arena, &ids[at], row_together(count, at), &out[at]);
	return err;
}

enum err store_account_find_hash(struct store *store, struct arena *arena, struct str email,
				 struct account_id *out, struct str *password_hash)
{
	struct query q = query_of(store, FIND_HASH);
	query_str(&q, email);
	if (query_row(&q)) {
		out->n = query_column(&q, 0);
		*password_hash = query_column_str(&q, arena, 1);
	}
	return query_end_one(&q);
}

enum err store_account_hash(struct store *store, struct arena *arena, struct account_id id,
			    struct str *password_hash)
{
	struct query q = query_of(store, HASH_OF);
	query_int(&q, id.n);
	if (query_row(&q))
		*password_hash = query_column_str(&q, arena, 0);
	return query_end_one(&q);
}

enum err store_account_set_hash(struct store *store, struct account_id id, struct str password_hash)
{
	struct query q = query_of(store, SET_HASH);
	query_str(&q, password_hash);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_account_end_email(struct store *store, struct account_id id)
{
	char nobodys[NOBODYS_ROOM];
	struct query q = query_of(store, SET_EMAIL);
	write_nobodys(id, nobodys);
	query_text(&q, nobodys);
	query_int(&q, id.n);
	return query_end(&q);
}

enum err store_account_set_language(struct store *store, struct account_id id,
				    enum language language)
{
	struct query q = query_of(store, SET_LANGUAGE);
	query_text(&q, language_code(language));
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_role_insert(struct store *store, struct account_id id, struct staff_role role,
			   struct wall now)
{
	struct query q = query_of(store, ROLE_INSERT);
	query_int(&q, id.n);
	query_text(&q, role_name(role.role));
	query_text(&q, role.prison.text);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_role_list(struct store *store, struct arena *arena, struct account_id id,
			 struct store_roles *out)
{
	struct query q = query_of(store, ROLE_LIST);
	query_int(&q, id.n);
	struct store_roles roles = { 0 };
	struct staff_role *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &roles.list, &roles.count, sizeof *next))) {
		(void)role_of(query_column_peek(&q, 0), &next->role);
		next->prison = row_code(&q, 1);
	}
	*out = roles;
	return query_end(&q);
}

enum err store_role_delete(struct store *store, struct account_id id, struct staff_role role)
{
	struct query q = query_of(store, ROLE_DELETE);
	query_int(&q, id.n);
	query_text(&q, role_name(role.role));
	query_text(&q, role.prison.text);
	return query_change(&q);
}

enum err store_staff_list(struct store *store, struct arena *arena, struct prison_code prison,
			  struct store_staff *out)
{
	struct query q = query_of(store, STAFF_LIST);
	query_text(&q, prison.text);
	query_int(&q, STORE_STAFF_MAX);
	struct store_staff staff = { 0 };
	struct staff_member *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &staff.list, &staff.count, sizeof *next))) {
		next->account = row_account(&q, arena);
		(void)role_of(query_column_peek(&q, 5), &next->role.role);
		next->role.prison = row_code(&q, 6);
		next->granted = (struct wall){ .s = query_column(&q, 7) };
	}
	*out = staff;
	return query_end(&q);
}
