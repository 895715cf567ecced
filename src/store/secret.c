#include "store/secret.h"

#include <string.h>

#include "base/mem.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char FIND[] = "SELECT value FROM shared_secret WHERE name = ?1";
static const char INSERT[] = "INSERT INTO shared_secret (name, value) VALUES (?1, ?2)";

static enum err find(struct store *store, const char *name, uint8_t out[STORE_SECRET_LEN])
{
	struct query q = query_of(store, FIND);
	query_text(&q, name);
	if (query_row(&q))
		row_blob(&q, 0, out, STORE_SECRET_LEN);
	return query_end_one(&q);
}

static enum err find_or_make(struct store *store, struct random *random, const char *name,
			     uint8_t out[STORE_SECRET_LEN])
{
	enum err err = store_will_write(store);
	if (err == OK)
		err = find(store, name, out);
	if (err != ERR_NOT_FOUND)
		return err;
	random_fill(random, out, STORE_SECRET_LEN);
	struct query q = query_of(store, INSERT);
	query_text(&q, name);
	query_bytes(&q, bytes_of(out, STORE_SECRET_LEN));
	return query_end(&q);
}

enum err store_secret_share(struct store *store, struct random *random, const char *name,
			    uint8_t out[STORE_SECRET_LEN])
{
	uint8_t value[STORE_SECRET_LEN];
	enum err err = store_enter(store);
	if (err != OK)
		return err;
	err = find_or_make(store, random, name, value);
	enum err left = store_leave(store, err == OK);
	err = err != OK ? err : left;
	if (err == OK)
		memcpy(out, value, sizeof(value));
	mem_wipe(value, sizeof(value));
	return err;
}
