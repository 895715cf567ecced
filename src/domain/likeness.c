#include "domain/likeness.h"

enum {
	WORD_MAX = 32, /* bytes compared of a word */
	TYPED_MAX = 8, /* words */
	EXACT = 100,
	BEGINNING = 80,
	PER_MISTAKE = 25,
};

static char plain(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool in_word(char c)
{
	c = plain(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The next word of the rest; false at the end. */
static bool next_word(struct str *rest, struct str *word)
{
	while (rest->len && !in_word(rest->at[0]))
		*rest = str_of(rest->at + 1, rest->len - 1);
	size_t len = 0;
	while (len < rest->len && in_word(rest->at[len]))
		len++;
	*word = str_of(rest->at, len < WORD_MAX ? len : WORD_MAX);
	*rest = str_of(rest->at + len, rest->len - len);
	return len > 0;
}

static bool same_at(struct str a, size_t i, struct str b, size_t j)
{
	return plain(a.at[i - 1]) == plain(b.at[j - 1]);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein with adjacent swaps (optimal string alignment). */
static int mistakes(struct str a, struct str b)
{
	int d[WORD_MAX + 1][WORD_MAX + 1];
	for (size_t i = 0; i <= a.len; i++)
		d[i][0] = (int)i;
	for (size_t j = 0; j <= b.len; j++)
		d[0][j] = (int)j;
	for (size_t i = 1; i <= a.len; i++)
		for (size_t j = 1; j <= b.len; j++) {
			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1);
			d[i][j] = least(d[i][j], d[i - 1][j - 1] + !same_at(a, i, b, j));
			if (i > 1 && j > 1 && same_at(a, i, b, j - 1) && same_at(a, i - 1, b, j))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a.len][b.len];
}

/* A digit or two letters must be right: "A12" is no guess at "B13". */
static int mistakes_allowed(size_t len)
{
	return len < 4 ? 0 : len < 8 ? 1 : 2;
}

static int word_fits(struct str typed, struct str word)
{
	if (typed.len < word.len && mistakes(typed, str_of(word.at, typed.len)) == 0)
		return BEGINNING;
	int wrong = mistakes(typed, word);
	if (wrong > mistakes_allowed(typed.len))
		return 0;
	return EXACT - wrong * PER_MISTAKE;
}

int likeness(struct str typed, struct str text)
{
	struct str word;
	int sum = 0, count = 0;
	while (count < TYPED_MAX && next_word(&typed, &word)) {
		struct str rest = text, candidate;
		int best = 0;
		while (next_word(&rest, &candidate)) {
			int fit = word_fits(word, candidate);
			best = fit > best ? fit : best;
		}
		if (!best)
			return 0;
		sum += best;
		count++;
	}
	return count ? sum / count : 0;
}
