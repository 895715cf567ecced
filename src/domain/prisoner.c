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

/* The next character of a name: upper case, runs of spaces as one; 0 at the end. */
static char name_next(struct str *s)
{
	if (!s->len)
		return 0;
	char c = s->at[0];
	while (s->len && c == ' ' && s->len > 1 && s->at[1] == ' ')
		*s = str_of(s->at + 1, s->len - 1);
	*s = str_of(s->at + 1, s->len - 1);
	return upper(c);
}

bool prisoner_name_matches(struct str a, struct str b)
{
	a = str_trim(a);
	b = str_trim(b);
	for (;;) {
		char x = name_next(&a);
		char y = name_next(&b);
		if (x != y)
			return false;
		if (!x)
			return true;
	}
}
