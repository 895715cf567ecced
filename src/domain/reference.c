#include "domain/reference.h"

#include <string.h>

static const char SYMBOLS[] = "0123456789BCDFGHJKMNPQRSTVWXYZ";

enum {
	SYMBOL_COUNT = sizeof SYMBOLS - 1,
	MODULUS = 31,
	BODY_LEN = REFERENCE_LEN - 1,
};

static int symbol_value(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	const char *at = c ? strchr(SYMBOLS, c) : NULL;
	return at ? (int)(at - SYMBOLS) : -1;
}

/* Weights 1 … 8, and 30 = -1 for the check itself, which makes the whole sum 0. */
static int check_value(const int body[BODY_LEN])
{
	int sum = 0;
	for (int i = 0; i < BODY_LEN; i++)
		sum += (i + 1) * body[i];
	return sum % MODULUS;
}

struct reference reference_new(struct random *random)
{
	int body[BODY_LEN];
	int check;
	do { /* the 31st check value has no symbol: draw again */
		for (int i = 0; i < BODY_LEN; i++)
			body[i] = (int)random_below(random, SYMBOL_COUNT);
		check = check_value(body);
	} while (check >= SYMBOL_COUNT);
	struct reference r = { 0 };
	for (int i = 0; i < BODY_LEN; i++)
		r.text[i] = SYMBOLS[body[i]];
	r.text[BODY_LEN] = SYMBOLS[check];
	return r;
}

bool reference_of(struct str text, struct reference *out)
{
	struct reference r = { 0 };
	int values[REFERENCE_LEN] = { 0 };
	int n = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '-' || text.at[i] == ' ')
			continue;
		int v = symbol_value(text.at[i]);
		if (v < 0 || n == REFERENCE_LEN)
			return false;
		r.text[n] = SYMBOLS[v];
		values[n++] = v;
	}
	if (n != REFERENCE_LEN || check_value(values) != values[BODY_LEN])
		return false;
	*out = r;
	return true;
}

void reference_show(struct reference r, char out[REFERENCE_SHOWN_LEN + 1])
{
	memcpy(out, r.text, 4);
	out[4] = '-';
	memcpy(out + 5, r.text + 4, 4);
	out[9] = '-';
	out[10] = r.text[8];
	out[REFERENCE_SHOWN_LEN] = '\0';
}
