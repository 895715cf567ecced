#include "store/closure.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char EXCLUDE_INSERT[] =
    "INSERT INTO exclude_date (id, prison, template, day, reason, author, made_at, removed_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
#define EXCLUDE_SELECT                                                                             \
	"SELECT e.id, e.prison, COALESCE(e.template, 0), COALESCE(t.name, ''), e.day, e.reason "   \
	"FROM exclude_date e LEFT JOIN session_template t ON t.id = e.template "                   \
	"WHERE e.prison = ?1 AND e.removed_at = 0 "
static const char EXCLUDE_LIST[] =
    EXCLUDE_SELECT "AND e.day >= ?2 AND e.day <= ?3 ORDER BY e.day, e.id";
static const char EXCLUDE_FIND[] = EXCLUDE_SELECT "AND e.id = ?2";
static const char EXCLUDE_REMOVE[] =
    "UPDATE exclude_date SET removed_at = ?1 WHERE id = ?2 AND removed_at = 0";
static const char BLOCK_INSERT[] =
    "INSERT INTO place_block (id, prison, room, terminal, from_at, to_at, reason, author, "
    "made_at, removed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
static const char BLOCK_LIST[] =
    "SELECT b.id, b.room, COALESCE(b.terminal, 0), b.from_at, b.to_at, b.reason, r.name, "
    "COALESCE(t.name, '') FROM place_block b JOIN room r ON r.id = b.room "
    "LEFT JOIN terminal t ON t.id = b.terminal WHERE b.prison = ?1 AND b.removed_at = 0 "
    "AND b.to_at > ?2 AND b.from_at < ?3 ORDER BY b.from_at, b.id";
static const char BLOCK_REMOVE[] =
    "UPDATE place_block SET removed_at = ?1 WHERE id = ?2 AND prison = ?3 AND removed_at = 0";

static struct exclude_date row_exclude(const struct query *q, struct arena *arena)
{
	return (struct exclude_date){
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.session = { query_column(q, 2) },
		.session_name = query_column_str(q, arena, 3),
		.day = row_date(q, 4),
		.reason = query_column_str(q, arena, 5),
	};
}

enum err store_exclude_date_insert(struct store *store, const struct exclude_date *e,
				   struct account_id author, struct wall now)
{
	struct query q = query_of(store, EXCLUDE_INSERT);
	query_int(&q, e->id.n);
	query_text(&q, e->prison.text);
	query_int_or_null(&q, e->session.n);
	query_int(&q, date_to_days(e->day));
	query_str(&q, e->reason);
	query_int_or_null(&q, author.n);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_exclude_date_list(struct store *store, struct arena *arena,
				 struct prison_code prison, struct date from, struct date to,
				 struct store_exclude_dates *out)
{
	struct query q = query_of(store, EXCLUDE_LIST);
	query_text(&q, prison.text);
	query_int(&q, date_to_days(from));
	query_int(&q, date_to_days(to));
	struct store_exclude_dates dates = { 0 };
	struct exclude_date *next;
	while (query_row(&q) && (next = list_next(arena, &dates.list, &dates.count, sizeof *next)))
		*next = row_exclude(&q, arena);
	*out = dates;
	return query_end(&q);
}

enum err store_exclude_date_find(struct store *store, struct arena *arena,
				 struct prison_code prison, struct exclude_date_id id,
				 struct exclude_date *out)
{
	struct query q = query_of(store, EXCLUDE_FIND);
	query_text(&q, prison.text);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_exclude(&q, arena);
	return query_end_one(&q);
}

enum err store_exclude_date_remove(struct store *store, struct exclude_date_id id, struct wall now)
{
	struct query q = query_of(store, EXCLUDE_REMOVE);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

static struct place_block row_block(const struct query *q, struct arena *arena)
{
	return (struct place_block){
		.id = { query_column(q, 0) },
		.room = { query_column(q, 1) },
		.terminal = { query_column(q, 2) },
		.from = query_column_wall(q, 3),
		.to = query_column_wall(q, 4),
		.reason = query_column_str(q, arena, 5),
		.room_name = query_column_str(q, arena, 6),
		.terminal_name = query_column_str(q, arena, 7),
	};
}

enum err store_place_block_insert(struct store *store, struct prison_code prison,
				  const struct place_block *block, struct account_id author,
				  struct wall now)
{
	struct query q = query_of(store, BLOCK_INSERT);
	query_int(&q, block->id.n);
	query_text(&q, prison.text);
	query_int(&q, block->room.n);
	query_int_or_null(&q, block->terminal.n);
	query_int(&q, block->from.s);
	query_int(&q, block->to.s);
	query_str(&q, block->reason);
	query_int_or_null(&q, author.n);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_place_block_list(struct store *store, struct arena *arena, struct prison_code prison,
				struct wall from, struct wall to, struct store_place_blocks *out)
{
	struct query q = query_of(store, BLOCK_LIST);
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	struct store_place_blocks blocks = { 0 };
	struct place_block *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &blocks.list, &blocks.count, sizeof *next)))
		*next = row_block(&q, arena);
	*out = blocks;
	return query_end(&q);
}

enum err store_place_block_remove(struct store *store, struct prison_code prison,
				  struct place_block_id id, struct wall now)
{
	struct query q = query_of(store, BLOCK_REMOVE);
	query_int(&q, now.s);
	query_int(&q, id.n);
	query_text(&q, prison.text);
	return query_change(&q);
}
