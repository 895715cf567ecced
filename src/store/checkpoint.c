#include "store/checkpoint.h"

#include <stdio.h>

#include "store/list_priv.h"
#include "store/query.h"

enum {
	KEY_ROOM = NOTE_NAME_MAX + 16,
};

#define COLUMNS "size, at, note"
#define ALL     COLUMNS ", key"
static const char KEEP[] = "INSERT INTO audit_checkpoint (key, " COLUMNS ") "
			   "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key, size) DO NOTHING";
static const char WALK[] = "SELECT " ALL " FROM audit_checkpoint "
			   "WHERE key = ?1 AND size > ?2 ORDER BY size LIMIT ?3";
static const char OVER[] = "SELECT " ALL " FROM audit_checkpoint "
			   "WHERE size >= ?1 ORDER BY size LIMIT 1";
static const char SINCE[] = "SELECT " ALL " FROM audit_checkpoint "
			    "WHERE at >= ?1 ORDER BY size LIMIT 1";
static const char OF_TEXT[] = "SELECT " ALL " FROM audit_checkpoint "
			      "WHERE size = ?1 AND SUBSTR(note, 1, LENGTH(?2)) = ?2";
static const char WITNESSED[] =
    "SELECT " ALL " FROM audit_checkpoint c WHERE size = "
    "(SELECT MIN(o.size) FROM (SELECT g.size, g.key FROM audit_cosignature g "
    "JOIN audit_witness w ON w.id = g.witness WHERE g.size >= ?1 AND w.ended_at = 0 "
    "GROUP BY g.size, g.key HAVING COUNT(DISTINCT CASE WHEN w.prison = '' THEN w.name "
    "ELSE w.prison END) >= 2) o) ORDER BY key LIMIT 1";
static const char NEWEST[] = "SELECT " ALL " FROM audit_checkpoint "
			     "ORDER BY size DESC LIMIT 1";

static const char *name_of(const struct note_key *key, char name[KEY_ROOM])
{
	snprintf(name, KEY_ROOM, "%s+%08x", key->name, key->id);
	return name;
}

enum err store_checkpoint_keep(struct store *store, const struct note_key *key,
			       const struct store_checkpoint *checkpoint)
{
	char name[KEY_ROOM];
	struct query q = query_of(store, KEEP);
	query_text(&q, name_of(key, name));
	query_int(&q, (int64_t)checkpoint->size);
	query_int(&q, checkpoint->at.s);
	query_str(&q, checkpoint->note);
	return query_end(&q);
}

static struct store_checkpoint row_checkpoint(const struct query *q, struct arena *arena)
{
	return (struct store_checkpoint){ .size = (uint64_t)query_column(q, 0),
					  .at = query_column_wall(q, 1),
					  .note = query_column_str(q, arena, 2),
					  .key = query_column_str(q, arena, 3) };
}

enum err store_checkpoint_walk(struct store *store, struct arena *arena, const struct note_key *key,
			       uint64_t after, int limit, struct store_checkpoints *out)
{
	char name[KEY_ROOM];
	struct store_checkpoints found = { 0 };
	struct store_checkpoint *next;
	struct query q = query_of(store, WALK);
	query_text(&q, name_of(key, name));
	query_int(&q, (int64_t)after);
	query_int(&q, limit);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = row_checkpoint(&q, arena);
	*out = found;
	return query_end(&q);
}

static enum err find_one(struct query *q, struct arena *arena, struct store_checkpoint *out)
{
	if (query_row(q))
		*out = row_checkpoint(q, arena);
	return query_end_one(q);
}

enum err store_checkpoint_over(struct store *store, struct arena *arena, uint64_t size,
			       struct store_checkpoint *out)
{
	struct query q = query_of(store, OVER);
	query_int(&q, (int64_t)size);
	return find_one(&q, arena, out);
}

enum err store_checkpoint_newest(struct store *store, struct arena *arena,
				 struct store_checkpoint *out)
{
	struct query q = query_of(store, NEWEST);
	return find_one(&q, arena, out);
}

enum err store_checkpoint_since(struct store *store, struct arena *arena, struct wall then,
				struct store_checkpoint *out)
{
	struct query q = query_of(store, SINCE);
	query_int(&q, then.s);
	return find_one(&q, arena, out);
}

enum err store_checkpoint_witnessed_over(struct store *store, struct arena *arena, uint64_t size,
					 struct store_checkpoint *out)
{
	struct query q = query_of(store, WITNESSED);
	query_int(&q, (int64_t)size);
	return find_one(&q, arena, out);
}

enum err store_checkpoint_of_text(struct store *store, struct arena *arena, uint64_t size,
				  struct str text, struct store_checkpoint *out)
{
	struct query q = query_of(store, OF_TEXT);
	query_int(&q, (int64_t)size);
	query_str(&q, text);
	return find_one(&q, arena, out);
}
