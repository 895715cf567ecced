#include "store/reach.h"

#include <stdio.h>

#include "store/account.h"
#include "store/query.h"

static const char FIND[] =
    "SELECT a.email, COALESCE(r.mobile, ''), COALESCE(r.texts, 0), COALESCE(r.line1, ''), "
    "COALESCE(r.line2, ''), COALESCE(r.town, ''), COALESCE(r.county, ''), "
    "COALESCE(r.postcode, '') FROM account a LEFT JOIN reach r ON r.account = a.id "
    "WHERE a.id = ?1";
static const char SET[] =
    "INSERT INTO reach (account, mobile, texts, line1, line2, town, county, postcode, changed_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (account) DO UPDATE SET "
    "mobile = excluded.mobile, texts = excluded.texts, line1 = excluded.line1, "
    "line2 = excluded.line2, town = excluded.town, county = excluded.county, "
    "postcode = excluded.postcode, changed_at = excluded.changed_at";
#define CODE_COLUMNS "account, mobile, made_at, until_at, tries, day, asked"
static const char CODE_FIND[] = "SELECT " CODE_COLUMNS " FROM mobile_code WHERE account = ?1";
static const char CODE_PUT[] =
    "INSERT INTO mobile_code (" CODE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
    "ON CONFLICT (account) DO UPDATE SET mobile = excluded.mobile, made_at = excluded.made_at, "
    "until_at = excluded.until_at, tries = excluded.tries, day = excluded.day, "
    "asked = excluded.asked";
static const char CODE_COUNT[] =
    "SELECT COUNT(*) FROM mobile_code WHERE mobile = ?1 AND day = ?2 AND account <> ?3";
static const char CODE_ERASE[] = "DELETE FROM mobile_code WHERE made_at < ?1";

static void row_mobile(const struct query *q, int at, char out[MOBILE_MAX + 1])
{
	(void)snprintf(out, MOBILE_MAX + 1, "%.*s", STR_FMT(query_column_peek(q, at)));
}

enum err store_reach_find(struct store *store, struct arena *arena, struct account_id account,
			  struct reach *out)
{
	struct reach reach = { 0 };
	struct query q = query_of(store, FIND);
	query_int(&q, account.n);
	if (query_row(&q)) {
		reach.email = account_email_is_one(query_column_peek(&q, 0));
		row_mobile(&q, 1, reach.mobile);
		reach.texts = query_column_bool(&q, 2);
		reach.postal = (struct postal){ .line1 = query_column_str(&q, arena, 3),
						.line2 = query_column_str(&q, arena, 4),
						.town = query_column_str(&q, arena, 5),
						.county = query_column_str(&q, arena, 6),
						.postcode = query_column_str(&q, arena, 7) };
	}
	enum err err = query_end_one(&q);
	if (err == OK)
		*out = reach;
	return err;
}

enum err store_reach_set(struct store *store, struct account_id account, const struct reach *reach,
			 struct wall now)
{
	struct query q = query_of(store, SET);
	query_int(&q, account.n);
	query_text(&q, reach->mobile);
	query_int(&q, reach->texts);
	query_str(&q, reach->postal.line1);
	query_str(&q, reach->postal.line2);
	query_str(&q, reach->postal.town);
	query_str(&q, reach->postal.county);
	query_str(&q, reach->postal.postcode);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_mobile_code_find(struct store *store, struct account_id account,
				struct mobile_code *out)
{
	struct mobile_code code = { 0 };
	struct query q = query_of(store, CODE_FIND);
	query_int(&q, account.n);
	if (query_row(&q)) {
		code = (struct mobile_code){ .account = { query_column(&q, 0) },
					     .made_at = query_column_wall(&q, 2),
					     .until = query_column_wall(&q, 3),
					     .tries = query_column_int(&q, 4),
					     .day = query_column(&q, 5),
					     .asked = query_column_int(&q, 6) };
		row_mobile(&q, 1, code.mobile);
	}
	enum err err = query_end_one(&q);
	if (err == OK)
		*out = code;
	return err;
}

enum err store_mobile_code_put(struct store *store, const struct mobile_code *code)
{
	struct query q = query_of(store, CODE_PUT);
	query_int(&q, code->account.n);
	query_text(&q, code->mobile);
	query_int(&q, code->made_at.s);
	query_int(&q, code->until.s);
	query_int(&q, code->tries);
	query_int(&q, code->day);
	query_int(&q, code->asked);
	return query_end(&q);
}

enum err store_mobile_code_count(struct store *store, const struct mobile_code *code, int64_t *out)
{
	int64_t count = 0;
	struct query q = query_of(store, CODE_COUNT);
	query_text(&q, code->mobile);
	query_int(&q, code->day);
	query_int(&q, code->account.n);
	if (query_row(&q))
		count = query_column(&q, 0);
	*out = count;
	return query_end(&q);
}

enum err store_mobile_code_erase(struct store *store, struct wall before, int64_t *count)
{
	int64_t changes = store_changes(store);
	struct query q = query_of(store, CODE_ERASE);
	query_int(&q, before.s);
	enum err err = query_end(&q);
	*count = store_changes(store) - changes;
	return err;
}
