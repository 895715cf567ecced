#include "service/code_priv.h"

/* No I, L, O, U to misread. */
static const char CODE_SYMBOLS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void code_new(struct random *random, char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = CODE_SYMBOLS[random_below(random, sizeof CODE_SYMBOLS - 1)];
	out[len] = '\0';
}

void code_of_bytes(const uint8_t *bytes, char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = CODE_SYMBOLS[bytes[i] % (sizeof CODE_SYMBOLS - 1)];
	out[len] = '\0';
}

static char code_symbol(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		return '0';
	return c == 'I' || c == 'L' ? '1' : c;
}

bool code_normal(struct str typed, char *out, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < typed.len; i++) {
		if (typed.at[i] == '-' || typed.at[i] == ' ')
			continue;
		if (n == len)
			return false;
		out[n++] = code_symbol(typed.at[i]);
	}
	out[n] = '\0';
	return n == len;
}
