#include "base/csv.h"

#include <stdio.h>

#include "../check.h"

/* Each record as "line:field|field"; bad ones as "line:!sentence number". */
static void shown(struct str text, char *out, size_t room)
{
	struct csv csv = csv_of(text);
	static struct csv_record r;
	size_t len = 0;
	out[0] = '\0';
	for (enum csv_read read; (read = csv_next(&csv, &r)) != CSV_END && len < room;) {
		len += (size_t)snprintf(out + len, room - len, "%s%d:", len ? " " : "", r.line);
		if (read != CSV_RECORD)
			len += (size_t)snprintf(out + len, room - len, "!%d", read);
		for (size_t i = 0; read == CSV_RECORD && i < r.count; i++)
			len += (size_t)snprintf(out + len, room - len, "%s%.*s", i ? "|" : "",
						STR_FMT(r.fields[i]));
	}
}

static void records_are_read_as_rfc_4180_says(void **state)
{
	(void)state;
	const struct {
		struct str text;
		const char *want;
	} cases[] = {
		{ STR(""), "" },
		{ STR("\n\r\n\n"), "" },
		{ STR("a,b,c\n"), "1:a|b|c" },
		{ STR("a,b,c"), "1:a|b|c" },
		{ STR("a,b\r\nc,d\r\n"), "1:a|b 2:c|d" },
		{ STR("a,b\nc,d\r\n\ne,f"), "1:a|b 2:c|d 4:e|f" },
		{ STR(",,\n,\n"), "1:|| 2:|" },
		{ STR("\"a,b\",\"say \"\"hi\"\"\",\"\"\n"), "1:a,b|say \"hi\"|" },
		{ STR("\"two\nlines\",x\ny,z"), "1:two\nlines|x 3:y|z" },
		{ STR("\xef\xbb\xbf"
		      "code,name\nA,Si\xc3\xa2n\n"),
		  "1:code|name 2:A|Si\xc3\xa2n" },
		{ STR(" a , b "), "1: a | b " },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char got[400];
		shown(cases[i].text, got, sizeof got);
		assert_string_equal(got, cases[i].want);
	}
}

static void a_bad_record_is_named_and_the_next_one_read(void **state)
{
	(void)state;
	const struct {
		struct str text;
		const char *want;
	} cases[] = {
		{ STR("a\"b,c\nd,e\n"), "1:!2 2:d|e" },
		{ STR("\"a\"b,c\nd,e\n"), "1:!2 2:d|e" },
		{ STR("a,b\n\"c,d\ne,f\n"), "1:a|b 2:!3" },
		{ STR("a\xff,b\nc"), "1:!6 2:c" },
		{ STR("a\rb\nc"), "1:!6 2:c" },
		{ STR("a\tb\nc"), "1:!6 2:c" },
		{ STR("\"a\x01\"\nc"), "1:!6 2:c" },
		{ STR("a\0b\nc"), "1:!6 2:c" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char got[400];
		shown(cases[i].text, got, sizeof got);
		assert_string_equal(got, cases[i].want);
	}
	for (int read = CSV_BAD_QUOTE; read < CSV_READ_COUNT; read++)
		CHECK(csv_read_sentence((enum csv_read)read)[0]);
}

static void fields_and_lengths_have_a_maximum(void **state)
{
	(void)state;
	static struct csv_record r;
	static char text[CSV_RECORD_MAX + 64];
	memset(text, ',', CSV_FIELDS_MAX - 1);
	struct csv csv = csv_of(str_of(text, CSV_FIELDS_MAX - 1));
	CHECK(csv_next(&csv, &r) == CSV_RECORD && r.count == CSV_FIELDS_MAX);
	text[CSV_FIELDS_MAX - 1] = ',';
	csv = csv_of(str_of(text, CSV_FIELDS_MAX));
	CHECK(csv_next(&csv, &r) == CSV_TOO_MANY);
	memset(text, 'x', CSV_RECORD_MAX + 1);
	csv = csv_of(str_of(text, CSV_RECORD_MAX));
	CHECK(csv_next(&csv, &r) == CSV_RECORD && r.fields[0].len == CSV_RECORD_MAX);
	csv = csv_of(str_of(text, CSV_RECORD_MAX + 1));
	CHECK(csv_next(&csv, &r) == CSV_TOO_LONG);
	CHECK(csv_next(&csv, &r) == CSV_END);
}

static void what_is_written_is_read_again_and_no_formula(void **state)
{
	(void)state;
	static struct csv_record r;
	static const char *const texts[] = { "",           "a",       "a,b", "say \"no\"",
					     "two\nlines", "O'Brien", "ŵ" };
	static const char *const formulas[] = { "=1+1", "+44", "-1", "@sum" };
	struct buf out = buf_of(1000);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		csv_field(&out, str_from(texts[i]));
	csv_end(&out);
	for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++)
		csv_field(&out, str_from(formulas[i]));
	csv_end(&out);
	CHECK(buf_ok(&out));
	struct csv csv = csv_of(buf_view(&out));
	CHECK(csv_next(&csv, &r) == CSV_RECORD && r.count == sizeof texts / sizeof texts[0]);
	for (size_t i = 0; i < r.count; i++)
		CHECK(str_is(r.fields[i], texts[i]));
	CHECK(csv_next(&csv, &r) == CSV_RECORD && r.count == sizeof formulas / sizeof formulas[0]);
	for (size_t i = 0; i < r.count; i++)
		CHECK(r.fields[i].at[0] == '\'');
	CHECK(csv_next(&csv, &r) == CSV_END);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_again_and_no_formula),
		TEST(records_are_read_as_rfc_4180_says),
		TEST(a_bad_record_is_named_and_the_next_one_read),
		TEST(fields_and_lengths_have_a_maximum),
	};
	return RUN("base/csv", tests);
}
