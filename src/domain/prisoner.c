#include "domain/prisoner.h"

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool prisoner_number_of(struct str text, struct prisoner_number *out)
{
	struct prisoner_number n = { 0 };
	text = str_trim(text);
	if (text.len != PRISONER_NUMBER_LEN)
		return false;
	for (size_t i = 0; i < PRISONER_NUMBER_LEN; i++) {
		n.text[i] = upper(text.at[i]);
		bool wants_digit = i >= 1 && i <= 4;
		if (wants_digit ? !digit(n.text[i]) : !letter(n.text[i]))
			return false;
	}
	*out = n;
	return true;
}

enum {
	NO_CODE_POINT = 0x110000, /* and the byte, where none begins */
};

static bool follows(struct str s, size_t at)
{
	return at < s.len && ((uint8_t)s.at[at] & 0xc0) == 0x80;
}

/* The code point that begins there, of two or three bytes where it has them; *len: how many. */
static uint32_t code_point(struct str s, size_t *len)
{
	uint8_t first = (uint8_t)s.at[0];
	*len = 1;
	if (first < 0x80)
		return first;
	if ((first & 0xe0) == 0xc0 && follows(s, 1)) {
		*len = 2;
		return (uint32_t)(first & 0x1f) << 6 | ((uint8_t)s.at[1] & 0x3f);
	}
	if ((first & 0xf0) == 0xe0 && follows(s, 1) && follows(s, 2)) {
		*len = 3;
		return (uint32_t)(first & 0x0f) << 12 | (uint32_t)((uint8_t)s.at[1] & 0x3f) << 6 |
		       ((uint8_t)s.at[2] & 0x3f);
	}
	return NO_CODE_POINT + first;
}

/* The even one of each pair is upper case there; in the odd ranges, the odd one. */
static bool pairs_even(uint32_t c)
{
	return (c >= 0x100 && c <= 0x12f) || (c >= 0x132 && c <= 0x137) ||
	       (c >= 0x14a && c <= 0x177) || (c >= 0x1e00 && c <= 0x1e95) ||
	       (c >= 0x1ea0 && c <= 0x1eff);
}

static bool pairs_odd(uint32_t c)
{
	return (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
}

/* Upper case of the letters of European names: Latin-1, Latin Extended-A, and those of Welsh beyond. */
static uint32_t upper_point(uint32_t c)
{
	if (c < 0x80)
		return (uint8_t)upper((char)c);
	if (c >= 0xe0 && c <= 0xfe && c != 0xf7)
		return c - 0x20;
	if (c == 0xff)
		return 0x178;
	if (pairs_even(c))
		return c & ~1u;
	return pairs_odd(c) && c % 2 == 0 ? c - 1 : c;
}

/* The next character of a name: upper case, runs of spaces as one; 0 at the end. */
static uint32_t name_next(struct str *s)
{
	size_t len;
	if (!s->len)
		return 0;
	while (s->len > 1 && s->at[0] == ' ' && s->at[1] == ' ')
		*s = str_of(s->at + 1, s->len - 1);
	uint32_t c = code_point(*s, &len);
	*s = str_of(s->at + len, s->len - len);
	return upper_point(c);
}

bool prisoner_name_matches(struct str a, struct str b)
{
	a = str_trim(a);
	b = str_trim(b);
	for (;;) {
		uint32_t x = name_next(&a);
		uint32_t y = name_next(&b);
		if (x != y)
			return false;
		if (!x)
			return true;
	}
}

struct str prisoner_name_key(struct arena *arena, struct str name)
{
	enum {
		BYTES = 3, /* of what name_next() gives */
	};
	char *key = arena_new(arena, name.len * BYTES + 1, 1);
	size_t len = 0;
	name = str_trim(name);
	for (uint32_t c = name_next(&name); c != 0; c = name_next(&name)) {
		key[len++] = (char)(c >> 16);
		key[len++] = (char)(c >> 8 & 0xff);
		key[len++] = (char)(c & 0xff);
	}
	return str_of(key, len);
}
