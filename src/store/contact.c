#include "store/contact.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char PERSON_INSERT[] =
    "INSERT INTO person (id, booker, name, born) VALUES (?1, ?2, ?3, ?4)";
static const char PERSON_FIND[] = "SELECT id, booker, name, born FROM person WHERE id = ?1";
static const char PERSON_LIST[] =
    "SELECT id, booker, name, born FROM person WHERE booker = ?1 ORDER BY born, id";

static const char INSERT[] =
    "INSERT INTO contact (id, person, prisoner, relationship, state, reason, decided_by, "
    "requested_at, decided_at, relationship_code, part) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULLIF(?10, ''), ?11)";
#define SELECT                                                                                     \
	"SELECT c.id, p.id, p.booker, p.name, p.born, z.id, z.number, z.name, z.born, z.prison, "  \
	"z.wing, c.relationship, c.state, c.reason, c.decided_by, c.requested_at, c.decided_at, "  \
	"c.why, COALESCE(c.relationship_code, ''), COALESCE(r.type, ''), c.part, "                 \
	"(SELECT COUNT(*) FROM adjustment a WHERE a.contact = c.id AND a.state = 'AGREED' "        \
	"AND a.kind = 'SIGN'), (SELECT COALESCE(MAX(a.minutes), 0) FROM adjustment a "             \
	"WHERE a.contact = c.id AND a.state = 'AGREED') "                                          \
	"FROM contact c JOIN person p ON p.id = c.person JOIN prisoner z ON z.id = c.prisoner "    \
	"LEFT JOIN relationship r ON r.code = c.relationship_code "
static const char FIND[] = SELECT "WHERE c.id = ?1";
static const char FIND_PAIR[] = SELECT "WHERE c.person = ?1 AND c.prisoner = ?2";
static const char LIST_OF[] = SELECT "WHERE p.booker = ?1 ORDER BY z.name, z.id, p.born, p.id";
static const char LIST_FOR[] = SELECT "WHERE c.prisoner = ?1 ORDER BY p.name, p.id";
static const char KNOWN[] =
    "SELECT 1 FROM contact c JOIN prisoner z ON z.id = c.prisoner WHERE c.person = ?1 "
    "AND (?2 = 0 OR c.prisoner = ?2) AND (?3 = '' OR z.prison = ?3) LIMIT 1";
static const char ASKED_BY[] = "SELECT 1 FROM contact c JOIN person p ON p.id = c.person "
			       "WHERE c.prisoner = ?1 AND p.booker = ?2 LIMIT 1";
static const char LIST_AT[] = SELECT "WHERE z.prison = ?1 ORDER BY p.name, p.id, z.id";
static const char LIST_PENDING[] =
    SELECT "WHERE c.state = 'REQUESTED' AND (?1 = '' OR z.prison = ?1) "
	   "ORDER BY c.requested_at, c.id LIMIT ?2";
static const char LIST_DECIDED[] =
    SELECT "WHERE c.state <> 'REQUESTED' AND (?1 = '' OR z.prison = ?1) "
	   "ORDER BY c.decided_at DESC, c.id LIMIT ?2";
static const char SET_STATE[] = "UPDATE contact SET state = ?1, reason = ?2, decided_by = ?3, "
				"decided_at = ?4 WHERE id = ?5";
static const char SET_RELATIONSHIP[] = "UPDATE contact SET relationship = ?1, relationship_code = "
				       "NULLIF(?2, ''), part = ?3 WHERE id = ?4";
static const char SET_WHY[] = "UPDATE contact SET why = ?1 WHERE id = ?2";
static const char COUNT_OPEN[] = "SELECT COUNT(*) FROM contact c JOIN person p ON p.id = c.person "
				 "WHERE p.booker = ?1 AND c.state = 'REQUESTED'";
static const char MISMATCH_INSERT[] = "INSERT INTO contact_mismatch (account, at) VALUES (?1, ?2)";
static const char MISMATCH_COUNT[] =
    "SELECT COUNT(*) FROM contact_mismatch WHERE account = ?1 AND at > ?2";

enum err store_person_insert(struct store *store, const struct person *person)
{
	struct query q = query_of(store, PERSON_INSERT);
	query_int(&q, person->id.n);
	query_int(&q, person->booker.n);
	query_str(&q, person->name);
	query_int(&q, date_to_days(person->born));
	return query_end(&q);
}

/* From column at: id, booker, name, born. */
static struct person row_person(const struct query *q, struct arena *arena, int at)
{
	return (struct person){
		.id = { query_column(q, at) },
		.booker = { query_column(q, at + 1) },
		.name = query_column_str(q, arena, at + 2),
		.born = row_date(q, at + 3),
	};
}

enum err store_person_find(struct store *store, struct arena *arena, struct person_id id,
			   struct person *out)
{
	struct query q = query_of(store, PERSON_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_person(&q, arena, 0);
	return query_end_one(&q);
}

enum err store_person_list(struct store *store, struct arena *arena, struct account_id booker,
			   struct store_persons *out)
{
	struct query q = query_of(store, PERSON_LIST);
	query_int(&q, booker.n);
	struct store_persons persons = { 0 };
	struct person *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &persons.list, &persons.count, sizeof *next)))
		*next = row_person(&q, arena, 0);
	*out = persons;
	return query_end(&q);
}

enum err store_contact_insert(struct store *store, const struct contact *contact)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, contact->id.n);
	query_int(&q, contact->person.id.n);
	query_int(&q, contact->prisoner.id.n);
	query_str(&q, contact->relationship);
	query_text(&q, contact_state_name(contact->state));
	query_str(&q, contact->reason);
	query_int_or_null(&q, contact->decided_by.n);
	query_int(&q, contact->requested_at.s);
	query_int(&q, contact->decided_at.s);
	query_str(&q, contact->relationship_code);
	query_text(&q, contact_part_name(contact->part));
	return query_end(&q);
}

static struct contact row_contact(const struct query *q, struct arena *arena)
{
	struct contact contact = {
		.id = { query_column(q, 0) },
		.person = row_person(q, arena, 1),
		.prisoner = {
			.id = { query_column(q, 5) },
			.number = row_number(q, 6),
			.name = query_column_str(q, arena, 7),
			.born = row_date(q, 8),
			.prison = row_code(q, 9),
			.wing = query_column_str(q, arena, 10),
		},
		.relationship = query_column_str(q, arena, 11),
		.reason = query_column_str(q, arena, 13),
		.decided_by = { query_column(q, 14) },
		.requested_at = query_column_wall(q, 15),
		.decided_at = query_column_wall(q, 16),
	};
	contact.relationship_code = query_column_str(q, arena, 18);
	contact.official = str_is(query_column_peek(q, 19), "OFFICIAL");
	(void)contact_part_of(query_column_peek(q, 20), &contact.part);
	contact.signs = query_column(q, 21) > 0;
	contact.longer_minutes = query_column_int(q, 22);
	(void)contact_why_of(query_column_peek(q, 17), &contact.why);
	(void)contact_state_of(query_column_peek(q, 12), &contact.state);
	return contact;
}

enum err store_contact_find(struct store *store, struct arena *arena, struct contact_id id,
			    struct contact *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_contact(&q, arena);
	return query_end_one(&q);
}

enum err store_contact_find_pair(struct store *store, struct arena *arena, struct person_id person,
				 struct prisoner_id prisoner, struct contact *out)
{
	struct query q = query_of(store, FIND_PAIR);
	query_int(&q, person.n);
	query_int(&q, prisoner.n);
	if (query_row(&q))
		*out = row_contact(&q, arena);
	return query_end_one(&q);
}

static enum err rows_contact(struct query *q, struct arena *arena, struct store_contacts *out)
{
	struct store_contacts contacts = { 0 };
	struct contact *next;
	while (query_row(q) &&
	       (next = list_next(arena, &contacts.list, &contacts.count, sizeof *next)))
		*next = row_contact(q, arena);
	*out = contacts;
	return query_end(q);
}

enum err store_contact_list_of(struct store *store, struct arena *arena, struct account_id booker,
			       struct store_contacts *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, booker.n);
	return rows_contact(&q, arena, out);
}

enum err store_contact_asked_by(struct store *store, struct account_id booker,
				struct prisoner_id prisoner)
{
	struct query q = query_of(store, ASKED_BY);
	query_int(&q, prisoner.n);
	query_int(&q, booker.n);
	(void)query_row(&q);
	return query_end_one(&q);
}

enum err store_contact_list_for(struct store *store, struct arena *arena,
				struct prisoner_id prisoner, struct store_contacts *out)
{
	struct query q = query_of(store, LIST_FOR);
	query_int(&q, prisoner.n);
	return rows_contact(&q, arena, out);
}

enum err store_contact_known(struct store *store, struct person_id person,
			     struct prisoner_id prisoner, struct prison_code prison, bool *out)
{
	struct query q = query_of(store, KNOWN);
	query_int(&q, person.n);
	query_int(&q, prisoner.n);
	query_text(&q, prison.text);
	*out = query_row(&q);
	return query_end(&q);
}

enum err store_contact_list_at(struct store *store, struct arena *arena, struct prison_code prison,
			       struct store_contacts *out)
{
	struct query q = query_of(store, LIST_AT);
	query_text(&q, prison.text);
	return rows_contact(&q, arena, out);
}

enum err store_contact_list_pending(struct store *store, struct arena *arena,
				    struct prison_code prison, int limit,
				    struct store_contacts *out)
{
	struct query q = query_of(store, LIST_PENDING);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_contact(&q, arena, out);
}

enum err store_contact_list_decided(struct store *store, struct arena *arena,
				    struct prison_code prison, int limit,
				    struct store_contacts *out)
{
	struct query q = query_of(store, LIST_DECIDED);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_contact(&q, arena, out);
}

enum err store_contact_set_relationship(struct store *store, const struct contact *contact)
{
	struct query q = query_of(store, SET_RELATIONSHIP);
	query_str(&q, contact->relationship);
	query_str(&q, contact->relationship_code);
	query_text(&q, contact_part_name(contact->part));
	query_int(&q, contact->id.n);
	return query_change(&q);
}

enum err store_contact_set_why(struct store *store, struct contact_id id, enum contact_why why)
{
	struct query q = query_of(store, SET_WHY);
	query_text(&q, contact_why_name(why));
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_contact_set_state(struct store *store, struct contact_id id,
				 enum contact_state state, struct str reason,
				 struct account_id decided_by, struct wall decided_at)
{
	struct query q = query_of(store, SET_STATE);
	query_text(&q, contact_state_name(state));
	query_str(&q, reason);
	query_int_or_null(&q, decided_by.n);
	query_int(&q, decided_at.s);
	query_int(&q, id.n);
	return query_change(&q);
}

static enum err count(struct query *q, int64_t *out)
{
	if (query_row(q))
		*out = query_column(q, 0);
	return query_end(q);
}

enum err store_contact_count_open(struct store *store, struct account_id booker, int64_t *out)
{
	struct query q = query_of(store, COUNT_OPEN);
	query_int(&q, booker.n);
	return count(&q, out);
}

enum err store_mismatch_insert(struct store *store, struct account_id account, struct wall now)
{
	struct query q = query_of(store, MISMATCH_INSERT);
	query_int(&q, account.n);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_mismatch_count(struct store *store, struct account_id account, struct wall since,
			      int64_t *out)
{
	struct query q = query_of(store, MISMATCH_COUNT);
	query_int(&q, account.n);
	query_int(&q, since.s);
	return count(&q, out);
}
