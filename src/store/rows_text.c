#include "store/rows_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/mem.h"

enum {
	TEXT_MAX = 1 << 16,
};

static const char VALUES[] = " VALUES (";

/* "(…)" after VALUES. */
static struct str row_of(const char *sql)
{
	const char *found = strstr(sql, VALUES);
	if (!found)
		return str_of("", 0);
	const char *open = found + sizeof VALUES - 2;
	const char *close = strchr(open, ')');
	return close ? str_of(open, (size_t)(close - open) + 1) : str_of("", 0);
}

static bool has(struct str text, char c)
{
	return memchr(text.at, c, text.len) != NULL;
}

bool rows_text_fits(const char *sql)
{
	static const char NOTHING[] = "DO NOTHING";
	struct str row = row_of(sql);
	if (!str_starts(str_from(sql), "INSERT INTO ") || str_empty(row))
		return false;
	const char *after = row.at + row.len;
	size_t len = strlen(after);
	bool plain = len == 0 || (str_starts(str_from(after), " ON CONFLICT ") &&
				  strcmp(after + len - (sizeof NOTHING - 1), NOTHING) == 0);
	return plain && !has(str_of(row.at + 1, row.len - 1), '(') && !strpbrk(after, "?$");
}

/* Its parameters are counted from another one on. */
static void put_row(struct buf *out, struct str row, int first)
{
	bool quoted = false;
	for (size_t i = 0; i < row.len; i++) {
		quoted ^= row.at[i] == '\'';
		if (quoted || row.at[i] != '$') {
			buf_put(out, row.at + i, 1);
			continue;
		}
		char *end;
		long n = strtol(row.at + i + 1, &end, 10);
		buf_char(out, '$');
		buf_int(out, n + first);
		i = (size_t)(end - row.at) - 1;
	}
}

char *rows_text(const char *sql, int parameters, int rows)
{
	struct buf out = buf_of(TEXT_MAX);
	struct str row = row_of(sql);
	ASSERT(!str_empty(row) && rows > 0);
	buf_put(&out, sql, (size_t)(row.at - sql));
	for (int i = 0; i < rows; i++) {
		if (i)
			buf_text(&out, ", ");
		put_row(&out, row, i * parameters);
	}
	buf_text(&out, row.at + row.len);
	ASSERT(buf_ok(&out));
	char *text = strdup(buf_cstr(&out));
	buf_clear(&out);
	return text;
}
