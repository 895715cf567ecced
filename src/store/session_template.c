#include "store/session_template.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS                                                                                    \
	"id, prison, weekdays, start_minute, end_minute, slot_minutes, every_weeks, valid_from, "  \
	"active, COALESCE(valid_to, 0), name, kinds, clients, COALESCE(room, 0), open_capacity, "  \
	"closed_capacity, location_include, category_include, incentive_include, "                 \
	"COALESCE(anchor, 0), order_need"
static const char INSERT[] =
    "INSERT INTO session_template (id, prison, weekdays, start_minute, end_minute, slot_minutes, "
    "every_weeks, valid_from, active, valid_to, name, kinds, clients, room, open_capacity, "
    "closed_capacity, location_include, category_include, incentive_include, anchor, author, "
    "reason, made_at, order_need) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
    "?14, ?15, "
    "?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)";
static const char GROUP_INSERT[] =
    "INSERT INTO session_group (template, kind, value) VALUES (?1, ?2, ?3)";
static const char LIST[] = "SELECT " COLUMNS " FROM session_template "
			   "WHERE prison = ?1 AND active = 1 ORDER BY start_minute, id";
static const char FIND[] = "SELECT " COLUMNS " FROM session_template WHERE id = ?1";
/* What a change took out of use before its first day has a last day before it. */
static const char FIND_NAMED[] =
    "SELECT " COLUMNS " FROM session_template WHERE prison = ?1 AND name = ?2 AND weekdays = ?3 "
    "AND start_minute = ?4 AND (valid_to IS NULL OR valid_to >= valid_from) "
    "ORDER BY made_at DESC, valid_from DESC, id DESC LIMIT 1";
static const char GROUPS[] =
    "SELECT g.template, g.kind, g.value FROM session_group g "
    "JOIN session_template t ON t.id = g.template WHERE t.prison = ?1 AND t.active = 1 "
    "ORDER BY t.start_minute, t.id, g.kind, g.value";
static const char GROUPS_OF[] = "SELECT template, kind, value FROM session_group "
				"WHERE template = ?1 ORDER BY kind, value";
static const char END[] = "UPDATE session_template SET valid_to = ?1, active = ?2 WHERE id = ?3";

/* Days are stored as they are; 1970-01-01 (0) is no day of any session. */
static struct date row_day_or_none(const struct query *q, int at)
{
	return query_column(q, at) ? row_date(q, at) : (struct date){ 0 };
}

static struct session_template row_template(const struct query *q, struct arena *arena)
{
	struct session_template t = {
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.weekdays = (unsigned)query_column(q, 2),
		.start_minute = query_column_int(q, 3),
		.end_minute = query_column_int(q, 4),
		.slot_minutes = query_column_int(q, 5),
		.every_weeks = query_column_int(q, 6),
		.valid_from = row_date(q, 7),
		.active = query_column_bool(q, 8),
		.valid_to = row_day_or_none(q, 9),
		.name = query_column_str(q, arena, 10),
		.kinds = (unsigned)query_column(q, 11),
		.clients = (unsigned)query_column(q, 12),
		.room = { query_column(q, 13) },
		.open_capacity = query_column_int(q, 14),
		.closed_capacity = query_column_int(q, 15),
		.anchor = row_day_or_none(q, 19),
	};
	for (int kind = 0; kind < GROUP_KIND_COUNT; kind++)
		if (query_column_bool(q, 16 + kind))
			t.includes |= 1U << kind;
	(void)order_need_of(query_column_peek(q, 20), &t.order_need);
	return t;
}

static enum err groups_insert(struct store *store, const struct session_template *t)
{
	enum err err = OK;
	for (size_t i = 0; i < t->group_count && err == OK; i++) {
		struct query q = query_of(store, GROUP_INSERT);
		query_int(&q, t->id.n);
		query_text(&q, session_group_kind_name(t->groups[i].kind));
		query_str(&q, t->groups[i].value);
		err = query_end(&q);
	}
	return err;
}

enum err store_session_template_insert(struct store *store, const struct session_template *t,
				       struct account_id author, struct str reason, struct wall now)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, t->id.n);
	query_text(&q, t->prison.text);
	query_int(&q, t->weekdays);
	query_int(&q, t->start_minute);
	query_int(&q, t->end_minute);
	query_int(&q, t->slot_minutes);
	query_int(&q, t->every_weeks);
	query_int(&q, date_to_days(t->valid_from));
	query_int(&q, t->active);
	query_int_or_null(&q, t->valid_to.year ? date_to_days(t->valid_to) : 0);
	query_str(&q, t->name);
	query_int(&q, t->kinds);
	query_int(&q, t->clients);
	query_int_or_null(&q, t->room.n);
	query_int(&q, t->open_capacity);
	query_int(&q, t->closed_capacity);
	for (unsigned kind = 0; kind < GROUP_KIND_COUNT; kind++)
		query_int(&q, (t->includes >> kind) & 1);
	query_int_or_null(&q, t->anchor.year ? date_to_days(t->anchor) : 0);
	query_int_or_null(&q, author.n);
	query_str(&q, reason);
	query_int(&q, now.s);
	query_text(&q, order_need_name(t->order_need));
	enum err err = query_end(&q);
	return err == OK ? groups_insert(store, t) : err;
}

static struct session_template *template_of(struct session_template *list, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].id.n == id)
			return &list[i];
	return NULL;
}

/* Gives each template of the list its groups from the rows of a query, which is ended. */
static enum err read_groups(struct query *q, struct arena *arena, struct session_template *list,
			    size_t count)
{
	while (query_row(q)) {
		struct session_template *t = template_of(list, count, query_column(q, 0));
		if (!t || t->group_count == SESSION_GROUPS_MAX)
			continue;
		if (!t->groups)
			t->groups = arena_new(arena, SESSION_GROUPS_MAX, sizeof *t->groups);
		struct session_group *group = &t->groups[t->group_count++];
		(void)session_group_kind_of(query_column_peek(q, 1), &group->kind);
		group->value = query_column_str(q, arena, 2);
	}
	return query_end(q);
}

enum err store_session_template_list(struct store *store, struct arena *arena,
				     struct prison_code prison, struct store_session_templates *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_session_templates templates = { 0 };
	struct session_template *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &templates.list, &templates.count, sizeof *next)))
		*next = row_template(&q, arena);
	enum err err = query_end(&q);
	if (err != OK)
		return err;
	struct query groups = query_of(store, GROUPS);
	query_text(&groups, prison.text);
	err = read_groups(&groups, arena, templates.list, templates.count);
	if (err == OK)
		*out = templates;
	return err;
}

/* The row of a query, which is ended, with its groups. */
static enum err read_one(struct query *q, struct arena *arena, struct session_template *out)
{
	struct session_template found = { 0 };
	struct store *store = q->store;
	if (query_row(q))
		found = row_template(q, arena);
	enum err err = query_end_one(q);
	if (err != OK)
		return err;
	struct query groups = query_of(store, GROUPS_OF);
	query_int(&groups, found.id.n);
	err = read_groups(&groups, arena, &found, 1);
	if (err == OK)
		*out = found;
	return err;
}

enum err store_session_template_find(struct store *store, struct arena *arena,
				     struct session_template_id id, struct session_template *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	return read_one(&q, arena, out);
}

enum err store_session_template_find_named(struct store *store, struct arena *arena,
					   const struct session_template *like,
					   struct session_template *out)
{
	struct query q = query_of(store, FIND_NAMED);
	query_text(&q, like->prison.text);
	query_str(&q, like->name);
	query_int(&q, like->weekdays);
	query_int(&q, like->start_minute);
	return read_one(&q, arena, out);
}

enum err store_session_template_end(struct store *store, const struct session_template *t,
				    struct date last)
{
	struct query q = query_of(store, END);
	query_int(&q, date_to_days(last));
	query_int(&q, date_compare(last, t->valid_from) >= 0);
	query_int(&q, t->id.n);
	return query_change(&q);
}
