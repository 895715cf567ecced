#include "domain/date_words.h"

#include <string.h>

enum {
	WORDS_MAX = 5,
	WORD_LEN = 15,
	YEARS_SEARCHED = 8, /* 29 February comes again within */
};

/* The words of a text, lower case; separators between numbers are blanks too. */
struct words {
	int count;
	char text[WORDS_MAX][WORD_LEN + 1];
};

static bool is_blank(char c)
{
	return c == ' ' || c == ',' || c == '/' || c == '.' || c == '-';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool words_of(struct str text, struct words *out)
{
	size_t len = 0;
	*out = (struct words){ 0 };
	for (size_t i = 0; i < text.len; i++) {
		if (is_blank(text.at[i])) {
			out->count += len > 0;
			len = 0;
			continue;
		}
		if (out->count == WORDS_MAX || len == WORD_LEN)
			return false;
		out->text[out->count][len++] = lower(text.at[i]);
	}
	out->count += len > 0;
	return out->count > 0;
}

/* "5", "5th"; -1: no number. */
static int number_of(const char *word)
{
	int n = 0;
	const char *c = word;
	for (; *c >= '0' && *c <= '9'; c++) {
		n = n * 10 + (*c - '0');
		if (n > 9999)
			return -1;
	}
	bool ordinal = !strcmp(c, "st") || !strcmp(c, "nd") || !strcmp(c, "rd") || !strcmp(c, "th");
	return c == word || (*c && !ordinal) ? -1 : n;
}

/* Three letters are enough; four where Welsh needs them. */
static int index_of(const char *word, const char *const (*names)[2], int count, size_t enough)
{
	size_t len = strlen(word);
	for (int i = 0; i < count; i++)
		for (int lang = 0; lang < 2; lang++)
			if (len >= enough && !strncmp(names[i][lang], word, len))
				return i + 1;
	return 0;
}

static int month_of(const char *word)
{
	static const char *const MONTHS[12][2] = {
		{ "january", "ionawr" },  { "february", "chwefror" }, { "march", "mawrth" },
		{ "april", "ebrill" },    { "may", "mai" },           { "june", "mehefin" },
		{ "july", "gorffennaf" }, { "august", "awst" },       { "september", "medi" },
		{ "october", "hydref" },  { "november", "tachwedd" }, { "december", "rhagfyr" },
	};
	return index_of(word, MONTHS, 12, 3);
}

static int weekday_of(const char *word)
{
	static const char *const DAYS[7][2] = {
		{ "monday", "llun" },  { "tuesday", "mawrth" }, { "wednesday", "mercher" },
		{ "thursday", "iau" }, { "friday", "gwener" },  { "saturday", "sadwrn" },
		{ "sunday", "sul" },
	};
	return index_of(word, DAYS, 7, 3);
}

static bool take(struct date date, struct date *out)
{
	if (!date_valid(date))
		return false;
	*out = date;
	return true;
}

/* Of this year, or of the next year in which it comes. */
static bool next_such(int day, int month, struct date today, struct date *out)
{
	for (int year = today.year; year < today.year + YEARS_SEARCHED; year++) {
		struct date date = { year, month, day };
		if (date_valid(date) && date_compare(date, today) >= 0)
			return take(date, out);
	}
	return false;
}

static bool of_parts(int day, int month, int year, struct date today, struct date *out)
{
	if (day < 1 || month < 1 || month > 12)
		return false;
	if (year < 0)
		return next_such(day, month, today, out);
	return take((struct date){ year < 100 ? 2000 + year : year, month, day }, out);
}

static bool of_weekday(int weekday, bool next, struct date today, struct date *out)
{
	int64_t ahead = weekday - date_weekday(today);
	if (next)
		ahead += 7;
	else if (ahead <= 0)
		ahead += 7;
	return take(date_add_days(today, ahead), out);
}

/* "tomorrow", "next friday", "dydd gwener". */
static bool of_name(const struct words *w, struct date today, struct date *out)
{
	const char *last = w->text[w->count - 1];
	if (w->count == 1 && (!strcmp(last, "today") || !strcmp(last, "heddiw")))
		return take(today, out);
	if (w->count == 1 && (!strcmp(last, "tomorrow") || !strcmp(last, "yfory")))
		return take(date_add_days(today, 1), out);
	bool next = w->count == 2 && !strcmp(w->text[0], "next");
	bool dydd = w->count == 2 && !strcmp(w->text[0], "dydd");
	int weekday = weekday_of(last);
	if (!weekday || (w->count > 1 && !next && !dydd))
		return false;
	return of_weekday(weekday, next, today, out);
}

bool date_words_of(struct str text, struct date today, struct date *out)
{
	struct words w;
	if (!words_of(str_trim(text), &w) || w.count > 4)
		return false;
	int at = w.count > 2 && weekday_of(w.text[0]) && number_of(w.text[1]) > 0 ? 1 : 0;
	if (of_name(&w, today, out))
		return true;
	if (w.count - at < 2 || w.count - at > 3)
		return false;
	int first = number_of(w.text[at]), second = number_of(w.text[at + 1]);
	int third = w.count - at == 3 ? number_of(w.text[at + 2]) : -1;
	if (w.count - at == 3 && third < 0)
		return false;
	if (first > 31) /* 2026-12-05 */
		return third >= 0 && of_parts(third, second, first, today, out);
	if (first > 0 && second > 0)
		return of_parts(first, second, third, today, out);
	if (first > 0)
		return of_parts(first, month_of(w.text[at + 1]), third, today, out);
	return of_parts(second, month_of(w.text[at]), third, today, out);
}

/* Digits of at most two places; -1: none. */
static int two_digits(struct str *text)
{
	int n = -1;
	while (text->len && text->at[0] >= '0' && text->at[0] <= '9' && n < 10) {
		n = (n < 0 ? 0 : n) * 10 + (text->at[0] - '0');
		*text = str_of(text->at + 1, text->len - 1);
	}
	return n;
}

bool clock_words_of(struct str text, int *minute)
{
	text = str_trim(text);
	if (str_is(text, "noon") || str_is(text, "hanner dydd")) {
		*minute = 12 * 60;
		return true;
	}
	int hour = two_digits(&text), minutes = 0;
	if (hour >= 0 && text.len && (text.at[0] == ':' || text.at[0] == '.')) {
		text = str_of(text.at + 1, text.len - 1);
		minutes = text.len >= 2 ? two_digits(&text) : -1;
	}
	text = str_trim(text);
	bool am = str_is(text, "am") || str_is(text, "AM");
	bool pm = str_is(text, "pm") || str_is(text, "PM");
	if (hour < 0 || minutes < 0 || minutes > 59 || (text.len && !am && !pm))
		return false;
	if (am || pm) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + (pm ? 12 : 0);
	}
	if (hour > 24 || (hour == 24 && minutes))
		return false;
	*minute = hour * 60 + minutes;
	return true;
}
