#include "web/urlencoded.h"

#include "base/hex.h"

bool urlencoded_next(struct str *rest, struct arena *arena, struct str *name, struct str *value)
{
	while (!str_empty(*rest)) {
		struct str pair = str_cut(rest, '&');
		if (str_empty(pair))
			continue;
		*name = urlencoded_decode(arena, str_cut(&pair, '='));
		*value = urlencoded_decode(arena, pair);
		return true;
	}
	return false;
}

struct str urlencoded_decode(struct arena *arena, struct str s)
{
	char *out = arena_new(arena, s.len + 1, 1);
	size_t len = 0;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t byte;
		bool escape = s.at[i] == '%' && s.len - i > 2 &&
			      hex_decode(str_of(s.at + i + 1, 2), &byte, 1);
		if (escape) {
			out[len++] = (char)byte;
			i += 2;
		} else {
			out[len++] = s.at[i] == '+' ? ' ' : s.at[i];
		}
	}
	return str_of(out, len);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == '~';
}

const char *urlencoded_encode(struct arena *arena, struct str s)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_new(arena, 3 * s.len + 1, 1);
	size_t len = 0;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t byte = (uint8_t)s.at[i];
		if (is_unreserved(s.at[i])) {
			out[len++] = s.at[i];
			continue;
		}
		out[len++] = '%';
		out[len++] = digits[byte >> 4];
		out[len++] = digits[byte & 15];
	}
	return out;
}
