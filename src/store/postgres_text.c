#include <string.h>

#include "store/postgres_priv.h"

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void put_word(struct buf *out, struct str word)
{
	if (str_is(word, "INTEGER"))
		buf_text(out, "BIGINT");
	else if (str_is(word, "BLOB"))
		buf_text(out, "BYTEA");
	else if (!str_is(word, "STRICT"))
		buf_str(out, word);
}

static size_t span_to(const char *at, char end)
{
	const char *found = strchr(at, end);
	return found ? (size_t)(found - at) + 1 : strlen(at);
}

/* Words outside of texts and comments. */
void pg_script(const char *sql, struct buf *out)
{
	static const char BY_KEY[] = "STRICT, WITHOUT ROWID";
	while (*sql) {
		size_t len = 1;
		if (strncmp(sql, BY_KEY, sizeof BY_KEY - 1) == 0) {
			sql += sizeof BY_KEY - 1;
			continue;
		}
		if (*sql == '\'')
			len += span_to(sql + 1, '\'');
		else if (sql[0] == '-' && sql[1] == '-')
			len = span_to(sql, '\n');
		else
			while (is_word(*sql) && is_word(sql[len]))
				len++;
		if (is_word(*sql))
			put_word(out, str_of(sql, len));
		else
			buf_put(out, sql, len);
		sql += len;
	}
}

char *pg_with_dollars(const char *sql)
{
	char *out = strdup(sql);
	bool text = false;
	for (char *c = out; *c; c++) {
		text ^= *c == '\'';
		if (*c == '?' && !text)
			*c = '$';
	}
	return out;
}
