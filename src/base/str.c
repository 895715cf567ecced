#include "base/str.h"

#include <string.h>
#include <strings.h>

struct str str_of(const char *at, size_t len)
{
	return (struct str){ .at = at, .len = len };
}

struct str str_from(const char *text)
{
	return text ? str_of(text, strlen(text)) : STR("");
}

bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_equal_nocase(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

bool str_is(struct str s, const char *text)
{
	return str_equal(s, str_from(text));
}

bool str_starts(struct str s, const char *prefix)
{
	size_t len = strlen(prefix);
	return s.len >= len && memcmp(s.at, prefix, len) == 0;
}

bool str_empty(struct str s)
{
	return s.len == 0;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

struct str str_cut(struct str *rest, char sep)
{
	const char *found = rest->len ? memchr(rest->at, sep, rest->len) : NULL;
	if (!found) {
		struct str all = *rest;
		*rest = str_of(rest->at + rest->len, 0);
		return all;
	}
	struct str head = str_of(rest->at, (size_t)(found - rest->at));
	*rest = str_of(found + 1, rest->len - head.len - 1);
	return head;
}

struct str str_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool str_u64(struct str s, uint64_t max, uint64_t *out)
{
	if (s.len == 0 || s.len > 20)
		return false;
	uint64_t v = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(s.at[i] - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}

/* Length of the well-formed sequence at the start of s, 0 if there is none (Unicode 15, table 3-7). */
static size_t utf8_sequence(const uint8_t *s, size_t len)
{
	static const struct {
		uint8_t first_low, first_high, second_low, second_high, len;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (s[0] < forms[i].first_low || s[0] > forms[i].first_high)
			continue;
		if (len < forms[i].len || s[1] < forms[i].second_low || s[1] > forms[i].second_high)
			return 0;
		for (size_t k = 2; k < forms[i].len; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].len;
	}
	return 0;
}

bool str_is_utf8(struct str s)
{
	const uint8_t *at = (const uint8_t *)s.at;
	size_t left = s.len;
	while (left) {
		size_t n = utf8_sequence(at, left);
		if (n == 0)
			return false;
		at += n;
		left -= n;
	}
	return true;
}

bool str_has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.at[i];
		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}
