#include "store/data_copy.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO data_copy (id, account, prisoner, prison, recipient, recipient_name, format, "
    "bytes, hash, made_by, made_as, made_at, copy_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
    "?9, ?10, ?11, ?12, ?13)";
static const char LIST[] =
    "SELECT c.id, COALESCE(c.account, 0), COALESCE(c.prisoner, 0), c.prison, c.recipient, "
    "c.recipient_name, c.format, c.bytes, c.hash, c.made_by, b.name, c.made_as, c.made_at, "
    "c.copy_seq, COALESCE(r.number, ''), COALESCE(r.name, a.name) FROM data_copy c "
    "JOIN account b ON b.id = c.made_by LEFT JOIN account a ON a.id = c.account "
    "LEFT JOIN prisoner r ON r.id = c.prisoner WHERE c.prison = ?1 OR (?2 <> 0 AND "
    "c.prison = '') ORDER BY c.made_at DESC, c.id LIMIT ?3";

enum err store_data_copy_insert(struct store *store, const struct data_copy *c)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, c->id);
	query_int_or_null(&q, c->subject.kind == SUBJECT_ACCOUNT ? c->subject.id : 0);
	query_int_or_null(&q, c->subject.kind == SUBJECT_PRISONER ? c->subject.id : 0);
	query_text(&q, c->prison.text);
	query_text(&q, copy_recipient_name(c->recipient));
	query_str(&q, c->recipient_name);
	query_text(&q, copy_format_name(c->format));
	query_int(&q, c->bytes);
	query_bytes(&q, bytes_of(c->hash, sizeof c->hash));
	query_int(&q, c->by.n);
	query_text(&q, role_name(c->as));
	query_int(&q, c->at.s);
	query_int(&q, c->seq);
	return query_end(&q);
}

static struct data_copy row_copy(const struct query *q, struct arena *arena)
{
	int64_t account = query_column(q, 1), prisoner = query_column(q, 2);
	struct data_copy c = {
		.id = query_column(q, 0),
		.subject = { account ? SUBJECT_ACCOUNT : SUBJECT_PRISONER,
			     account ? account : prisoner },
		.prison = row_code(q, 3),
		.recipient_name = query_column_str(q, arena, 5),
		.bytes = query_column(q, 7),
		.by = { query_column(q, 9) },
		.by_name = query_column_str(q, arena, 10),
		.as = row_role(q, 11),
		.at = query_column_wall(q, 12),
		.seq = query_column(q, 13),
		.number = query_column_str(q, arena, 14),
		.name = query_column_str(q, arena, 15),
	};
	(void)copy_recipient_of(query_column_peek(q, 4), &c.recipient);
	(void)copy_format_of(query_column_peek(q, 6), &c.format);
	row_blob(q, 8, c.hash, sizeof c.hash);
	return c;
}

enum err store_data_copy_list(struct store *store, struct arena *arena, struct prison_code prison,
			      bool visitors, int limit, struct store_data_copies *out)
{
	struct store_data_copies found = { 0 };
	struct data_copy *next;
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	query_int(&q, visitors);
	query_int(&q, limit);
	while (query_row(&q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = row_copy(&q, arena);
	*out = found;
	return query_end(&q);
}
