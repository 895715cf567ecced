#include "store/migration.h"

#include <sodium.h>

#include "store/query.h"
#include "store/store_priv.h"

enum {
	TRIES = 12, /* of five seconds each, as long as both databases wait */
};

static const char MAKE[] = "CREATE TABLE IF NOT EXISTS migration ("
			   "number INTEGER NOT NULL PRIMARY KEY, "
			   "name TEXT NOT NULL, checksum BLOB NOT NULL)";
static const char NEWEST[] = "SELECT COALESCE(MAX(number), 0) FROM migration";
static const char CHECKSUM[] = "SELECT checksum FROM migration WHERE number = ?1";
static const char RAN[] = "INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)";

/* The number of the newest that this program knows. */
static int64_t last_known(void)
{
	return MIGRATIONS[MIGRATION_COUNT - 1].number;
}

static void checksum_of(const struct migration *m, uint8_t out[crypto_hash_sha256_BYTES])
{
	struct bytes sql = bytes_from_text(m->sql);
	(void)crypto_hash_sha256(out, sql.at, sql.len);
}

/* ERR_NOT_FOUND: has not run; ERR_BAD: was another text when it ran. */
static enum err has_run(struct store *store, const struct migration *m)
{
	uint8_t sum[crypto_hash_sha256_BYTES];
	checksum_of(m, sum);
	struct query q = query_of(store, CHECKSUM);
	query_int(&q, m->number);
	bool same =
	    query_row(&q) && bytes_equal(query_column_bytes(&q, 0), bytes_of(sum, sizeof sum));
	enum err err = query_end_one(&q);
	return err == OK && !same ? ERR_BAD : err;
}

static enum err write_down(struct store *store, const struct migration *m)
{
	uint8_t sum[crypto_hash_sha256_BYTES];
	checksum_of(m, sum);
	struct query q = query_of(store, RAN);
	query_int(&q, m->number);
	query_text(&q, m->name);
	query_bytes(&q, bytes_of(sum, sizeof sum));
	return query_end(&q);
}

static enum err run_one(struct store *store, const struct migration *m)
{
	enum err err = has_run(store, m);
	if (err != ERR_NOT_FOUND)
		return err;
	err = store->backend->run(store->database, m->sql);
	return err == OK ? write_down(store, m) : err;
}

static enum err newest(struct store *store, int64_t *out)
{
	struct query q = query_of(store, NEWEST);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

static enum err run_all(struct store *store)
{
	int64_t have = 0;
	enum err err = store->backend->run(store->database, MAKE);
	if (err == OK)
		err = newest(store, &have);
	if (err == OK && have > last_known())
		err = ERR_BAD; /* written by a newer program */
	for (unsigned i = 0; i < MIGRATION_COUNT && err == OK; i++)
		err = run_one(store, &MIGRATIONS[i]);
	return err;
}

static enum err try_to_run(struct store *store)
{
	enum err err = store_enter(store);
	if (err != OK)
		return err;
	err = store_will_write(
	    store); /* of several programs that start at once one makes the tables */
	if (err == OK)
		err = run_all(store);
	enum err left = store_leave(store, err == OK);
	return err != OK ? err : left;
}

/* Another program may be at it, for longer than one that serves people waits for a writer. */
enum err migration_run(struct store *store)
{
	enum err err = ERR_AGAIN;
	for (int i = 0; i < TRIES && err == ERR_AGAIN; i++)
		err = try_to_run(store);
	return err;
}

enum err migration_check(struct store *store)
{
	int64_t have = 0;
	enum err err = newest(store, &have);
	if (err == OK && have != last_known())
		err = ERR_BAD;
	for (unsigned i = 0; i < MIGRATION_COUNT && err == OK; i++)
		err = has_run(store, &MIGRATIONS[i]);
	return err;
}
