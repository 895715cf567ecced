#include <string.h>

#include "store/row_priv.h"

enum {
	PARTS = 4,
};

static void copy_text(struct str from, char *out, size_t room)
{
	size_t len = from.len < room - 1 ? from.len : room - 1;
	if (len)
		memcpy(out, from.at, len);
	out[len] = '\0';
}

struct prison_code row_code(const struct query *q, int at)
{
	struct prison_code code = { 0 };
	copy_text(query_column_peek(q, at), code.text, sizeof code.text);
	return code;
}

struct prisoner_number row_number(const struct query *q, int at)
{
	struct prisoner_number number = { 0 };
	copy_text(query_column_peek(q, at), number.text, sizeof number.text);
	return number;
}

struct reference row_reference(const struct query *q, int at)
{
	struct reference reference = { 0 };
	copy_text(query_column_peek(q, at), reference.text, sizeof reference.text);
	return reference;
}

enum role row_role(const struct query *q, int at)
{
	enum role role = ROLE_NOBODY;
	(void)role_of(query_column_peek(q, at), &role);
	return role;
}

struct date row_date(const struct query *q, int at)
{
	return date_of_days(query_column(q, at));
}

size_t row_together(size_t count, size_t at)
{
	return count - at < ROW_TOGETHER_MAX ? count - at : ROW_TOGETHER_MAX;
}

void row_blob(const struct query *q, int at, uint8_t *out, size_t cap)
{
	struct bytes blob = query_column_bytes(q, at);
	size_t len = blob.len < cap ? blob.len : cap;
	memset(out, 0, cap);
	if (len)
		memcpy(out, blob.at, len);
}

struct str row_location(const struct query *q, struct arena *arena, int first)
{
	const char *path = "";
	for (int level = first; level < first + PARTS; level++) {
		struct str part = query_column_str(q, arena, level);
		if (!str_empty(part))
			path =
			    arena_printf(arena, "%s%s%.*s", path, *path ? "-" : "", STR_FMT(part));
	}
	return str_from(path);
}
