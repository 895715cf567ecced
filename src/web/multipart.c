#include "web/multipart.h"

#include <stdio.h>
#include <string.h>

/* The value of name="…" or name=… among ;-separated parameters; empty if absent. */
static struct str parameter(struct str parameters, const char *name)
{
	while (!str_empty(parameters)) {
		struct str value = str_trim(str_cut(&parameters, ';'));
		struct str key = str_cut(&value, '=');
		if (!str_equal_nocase(key, str_from(name)))
			continue;
		if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
			return str_of(value.at + 1, value.len - 2);
		return value;
	}
	return STR("");
}

bool multipart_open(struct multipart *m, struct str content_type, struct bytes body)
{
	struct str boundary = parameter(content_type, "boundary");
	if (boundary.len == 0 || boundary.len > 70 || str_has_control(boundary))
		return false;
	snprintf(m->line, sizeof(m->line), "--%.*s", STR_FMT(boundary));
	m->rest = str_of((const char *)body.at, body.len);
	if (!str_starts(m->rest, m->line))
		return false;
	str_line(&m->rest);
	return true;
}

static struct str part_name(struct str *rest)
{
	struct str name = STR("");
	for (;;) {
		struct str header = str_line(rest);
		if (str_empty(header))
			return name;
		struct str key = str_cut(&header, ':');
		if (str_equal_nocase(key, STR("Content-Disposition")))
			name = parameter(header, "name");
	}
}

bool multipart_next(struct multipart *m, struct str *name, struct str *value)
{
	if (str_empty(m->rest))
		return false;
	*name = part_name(&m->rest);
	char end[90];
	snprintf(end, sizeof(end), "\r\n%s", m->line);
	const char *found = memmem(m->rest.at, m->rest.len, end, strlen(end));
	if (found == NULL)
		return false;
	*value = str_of(m->rest.at, (size_t)(found - m->rest.at));
	size_t used = value->len + strlen(end);
	m->rest = str_of(m->rest.at + used, m->rest.len - used);
	if (str_starts(m->rest, "--"))
		m->rest.len = 0;
	else
		str_line(&m->rest);
	return true;
}
