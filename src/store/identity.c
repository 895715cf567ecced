#include "store/identity.h"

#include <string.h>

#include "store/query.h"
#include "store/row_priv.h"

#define SELECT                                                                                     \
	"SELECT person, state, document, asked, problem, changed_at, sent_at, decided_at, "        \
	"decided_by FROM identity "
static const char FIND[] = SELECT "WHERE person = ?1";
static const char FIND_TOGETHER[] = SELECT "WHERE person IN (" ROW_TOGETHER ")";
#define SELECT_HELD "SELECT picture, person FROM identity_picture "
static const char HELD[] = SELECT_HELD "WHERE person = ?1";
static const char HELD_TOGETHER[] = SELECT_HELD "WHERE person IN (" ROW_TOGETHER ")";
static const char INSERT[] =
    "INSERT INTO identity (person, state, document, asked, problem, changed_at, sent_at, "
    "decided_at, decided_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char UPDATE[] =
    "UPDATE identity SET state = ?2, document = ?3, asked = ?4, problem = ?5, changed_at = ?6, "
    "sent_at = ?7, decided_at = ?8, decided_by = ?9 WHERE person = ?1";
static const char PICTURE_INSERT[] =
    "INSERT INTO identity_picture (person, picture, sealed, taken_at, keep_until) "
    "VALUES (?1, ?2, ?3, ?4, ?5)";
static const char PICTURE_FIND[] =
    "SELECT sealed FROM identity_picture WHERE person = ?1 AND picture = ?2";
static const char PICTURE_KEEP[] =
    "UPDATE identity_picture SET keep_until = ?1 WHERE person = ?2 AND picture = ?3";
static const char PICTURE_ERASE[] =
    "DELETE FROM identity_picture WHERE person = ?1 AND picture = ?2";
static const char PICTURE_DUE[] = "SELECT person, picture FROM identity_picture WHERE keep_until "
				  "<= ?1 ORDER BY keep_until LIMIT 1";
static const char ASKED_AT[] =
    "SELECT 1 FROM contact c JOIN prisoner z ON z.id = c.prisoner WHERE c.person = ?1 "
    "AND c.state = 'REQUESTED' AND z.prison = ?2 LIMIT 1";

static struct identity row_identity(const struct query *q)
{
	struct identity identity = {
		.person = { query_column(q, 0) },
		.asked = (unsigned)query_column(q, 3),
		.changed_at = query_column_wall(q, 5),
		.sent_at = query_column_wall(q, 6),
		.decided_at = query_column_wall(q, 7),
		.decided_by = { query_column(q, 8) },
	};
	(void)identity_state_of(query_column_peek(q, 1), &identity.state);
	(void)identity_document_of(query_column_peek(q, 2), &identity.document);
	(void)identity_problem_of(query_column_peek(q, 4), &identity.problem);
	return identity;
}

static enum err held(struct store *store, struct person_id person, unsigned *out)
{
	struct query q = query_of(store, HELD);
	enum identity_picture picture;
	query_int(&q, person.n);
	while (query_row(&q))
		if (identity_picture_of(query_column_peek(&q, 0), &picture))
			*out |= IDENTITY_BIT(picture);
	return query_end(&q);
}

enum err store_identity_find(struct store *store, struct person_id person, struct identity *out)
{
	struct query q = query_of(store, FIND);
	struct identity identity = { 0 };
	query_int(&q, person.n);
	if (query_row(&q))
		identity = row_identity(&q);
	enum err err = query_end_one(&q);
	if (err == OK)
		err = held(store, person, &identity.held);
	if (err == OK)
		*out = identity;
	return err;
}

static struct query query_together(struct store *store, const char *sql,
				   const struct person_id *persons, size_t count)
{
	struct query q = query_of(store, sql);
	for (size_t i = 0; i < ROW_TOGETHER_MAX; i++)
		query_int(&q, i < count ? persons[i].n : 0);
	return q;
}

/* At most ROW_TOGETHER_MAX; who has several requests is among them several times. */
static enum err find_together(struct store *store, const struct person_id *persons, size_t count,
			      struct identity *out)
{
	struct query q = query_together(store, FIND_TOGETHER, persons, count);
	while (query_row(&q)) {
		struct identity found = row_identity(&q);
		for (size_t i = 0; i < count; i++)
			if (persons[i].n == found.person.n)
				out[i] = found;
	}
	enum err err = query_end(&q);
	if (err != OK)
		return err;
	q = query_together(store, HELD_TOGETHER, persons, count);
	while (query_row(&q)) {
		enum identity_picture picture;
		bool known = identity_picture_of(query_column_peek(&q, 0), &picture);
		for (size_t i = 0; i < count && known; i++)
			if (out[i].person.n == query_column(&q, 1))
				out[i].held |= IDENTITY_BIT(picture);
	}
	return query_end(&q);
}

enum err store_identity_list(struct store *store, const struct person_id *persons, size_t count,
			     struct identity *out)
{
	enum err err = OK;
	for (size_t i = 0; i < count; i++)
		out[i] = (struct identity){ 0 };
	for (size_t at = 0; at < count && err == OK; at += ROW_TOGETHER_MAX)
		err = find_together(store, &persons[at], row_together(count, at), &out[at]);
	return err;
}

static void bind(struct query *q, const struct identity *identity)
{
	query_int(q, identity->person.n);
	query_text(q, identity_state_name(identity->state));
	query_text(q, identity_document_name(identity->document));
	query_int(q, identity->asked);
	query_text(q, identity_problem_name(identity->problem));
	query_int(q, identity->changed_at.s);
	query_int(q, identity->sent_at.s);
	query_int(q, identity->decided_at.s);
	query_int_or_null(q, identity->decided_by.n);
}

enum err store_identity_insert(struct store *store, const struct identity *identity)
{
	struct query q = query_of(store, INSERT);
	bind(&q, identity);
	return query_end(&q);
}

enum err store_identity_update(struct store *store, const struct identity *identity)
{
	struct query q = query_of(store, UPDATE);
	bind(&q, identity);
	return query_change(&q);
}

enum err store_picture_erase(struct store *store, struct person_id person,
			     enum identity_picture picture)
{
	struct query q = query_of(store, PICTURE_ERASE);
	query_int(&q, person.n);
	query_text(&q, identity_picture_name(picture));
	return query_change(&q);
}

enum err store_picture_put(struct store *store, struct person_id person,
			   enum identity_picture picture, struct bytes sealed, struct wall taken,
			   struct wall keep_until)
{
	enum err err = store_picture_erase(store, person, picture);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	struct query q = query_of(store, PICTURE_INSERT);
	query_int(&q, person.n);
	query_text(&q, identity_picture_name(picture));
	query_bytes(&q, sealed);
	query_int(&q, taken.s);
	query_int(&q, keep_until.s);
	return query_end(&q);
}

enum err store_picture_find(struct store *store, struct arena *arena, struct person_id person,
			    enum identity_picture picture, struct bytes *out)
{
	struct query q = query_of(store, PICTURE_FIND);
	query_int(&q, person.n);
	query_text(&q, identity_picture_name(picture));
	if (query_row(&q)) {
		struct bytes sealed = query_column_bytes(&q, 0);
		uint8_t *copy = arena_new(arena, sealed.len + 1, 1);
		if (sealed.len)
			memcpy(copy, sealed.at, sealed.len);
		*out = bytes_of(copy, sealed.len);
	}
	return query_end_one(&q);
}

enum err store_picture_keep(struct store *store, struct person_id person,
			    enum identity_picture picture, struct wall keep_until)
{
	struct query q = query_of(store, PICTURE_KEEP);
	query_int(&q, keep_until.s);
	query_int(&q, person.n);
	query_text(&q, identity_picture_name(picture));
	return query_change(&q);
}

enum err store_picture_due(struct store *store, struct wall now, struct person_id *person,
			   enum identity_picture *picture)
{
	struct query q = query_of(store, PICTURE_DUE);
	query_int(&q, now.s);
	if (query_row(&q)) {
		person->n = query_column(&q, 0);
		(void)identity_picture_of(query_column_peek(&q, 1), picture);
	}
	return query_end_one(&q);
}

enum err store_identity_asked_at(struct store *store, struct person_id person,
				 struct prison_code prison, bool *out)
{
	struct query q = query_of(store, ASKED_AT);
	query_int(&q, person.n);
	query_text(&q, prison.text);
	*out = query_row(&q);
	return query_end(&q);
}
