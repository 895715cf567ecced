/* What pvl-web writes and pvl-paper reads: bounded, in order, and nothing else is taken. */
#include "tests/unit/check.h"

#include "base/assert.h"
#include "paper/amend.h"
#include "paper/document.h"

static const char GOOD[] =
    "lang\tcy-GB\ntitle\tSlip\nh1\tSlip symud\ntable\tAmser\tPwy\n"
    "row\t09:00\tDaniel\nend\nqr\tABCD\thttps://x.example/v/1\nbreak\np\tDiwedd\n";

static void a_document_as_it_is_written_is_taken(void **state)
{
	(void)state;
	CHECK(document_check(str_from(GOOD)) == OK);
	struct buf text = buf_of(DOCUMENT_MAX);
	const struct str cells[] = { STR("a\tb\nc"), STR("\x80not text") };
	document_text(&text, PAPER_LANG, STR("en-GB"));
	document_text(&text, PAPER_TITLE, STR("T"));
	document_line(&text, PAPER_TABLE, cells, 2);
	document_line(&text, PAPER_END, NULL, 0);
	/* A tab or a line's end in a name makes neither a field nor a line. */
	CHECK(document_check(buf_view(&text)) == OK);
	struct str rest = buf_view(&text);
	struct paper_fields line;
	enum err err;
	for (int i = 0; i < 3; i++)
		CHECK(document_next(&rest, &line, &err));
	CHECK(line.kind == PAPER_TABLE && line.count == 2);
	CHECK(str_is(line.fields[0], "a b c") && str_is(line.fields[1], "?"));
	buf_clear(&text);
}

static void long_fields_are_cut_between_characters(void **state)
{
	(void)state;
	static char name[DOCUMENT_FIELD_MAX + 50];
	struct buf text = buf_of(DOCUMENT_MAX);
	memset(name, 'x', sizeof name);
	memcpy(name + DOCUMENT_FIELD_MAX - 1, "ŵŷ", 4);
	document_text(&text, PAPER_LANG, STR("en-GB"));
	document_text(&text, PAPER_TITLE, STR("T"));
	document_text(&text, PAPER_P, str_of(name, sizeof name));
	CHECK(document_check(buf_view(&text)) == OK);
	CHECK(text.len < DOCUMENT_FIELD_MAX + 40);
	buf_clear(&text);
}

static void what_is_not_in_order_is_refused(void **state)
{
	(void)state;
	static const char *const BAD[] = {
		"",
		"lang\ten\n",
		"lang\ten\ntitle\tT\n",
		"title\tT\nlang\ten\np\tx\n",
		"lang\ten\np\tx\ntitle\tT\n",
		"lang\ten)\ntitle\tT\np\tx\n",
		"lang\te\ntitle\tT\np\tx\n",
		"lang\ten\ntitle\tT\nrow\tx\n",
		"lang\ten\ntitle\tT\nend\n",
		"lang\ten\ntitle\tT\ntable\ta\tb\nrow\ta\nend\n",
		"lang\ten\ntitle\tT\ntable\ta\tb\n",
		"lang\ten\ntitle\tT\ntable\ta\ntable\tb\nend\n",
		"lang\ten\ntitle\tT\np\n",
		"lang\ten\ntitle\tT\np\ta\tb\n",
		"lang\ten\ntitle\tT\nscript\ta\n",
		"lang\ten\ntitle\tT\np\ta\x01\n",
		"lang\ten\ntitle\tT\np\t\xff\n",
		"lang\ten\nlang\ten\ntitle\tT\np\tx\n",
	};
	for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
		if (document_check(str_from(BAD[i])) == OK)
			fail_msg("taken: %s", BAD[i]);
}

/* Whatever is cut off or turned: it is read to its end or refused, and nothing outside is touched. */
static void every_prefix_and_every_flipped_byte_is_read_or_refused(void **state)
{
	(void)state;
	size_t len = strlen(GOOD);
	for (size_t cut = 0; cut <= len; cut++) {
		char *copy = malloc(cut + 1);
		memcpy(copy, GOOD, cut);
		enum err err = document_check(str_of(copy, cut));
		CHECK(err == ERR_BAD || (err == OK && cut > 24));
		for (size_t i = 0; i < cut && cut == len; i++)
			for (int bit = 0; bit < 8; bit++) {
				copy[i] = (char)(copy[i] ^ (1 << bit));
				err = document_check(str_of(copy, cut));
				CHECK(err == OK || err == ERR_BAD);
				copy[i] = (char)(copy[i] ^ (1 << bit));
			}
		free(copy);
	}
}

static void what_is_no_pdf_is_not_amended(void **state)
{
	(void)state;
	static const char *const FILES[] = {
		"",
		"%PDF-1.5\n",
		"%PDF-1.5\ntrailer\n<< /Size 3 /Root 2 0 R >>\nstartxref\n9\n%%EOF\n",
		"%PDF-1.5\n2 0 obj\n<< /Type /Catalog\ntrailer\n<< /Size 3 /Root 2 0 R "
		">>\nstartxref\n9\n%%EOF\n",
		"\ntrailer /Root 99999999999999999999 /Size 1 startxref 1",
	};
	for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
		struct buf pdf = buf_of(4096);
		buf_text(&pdf, FILES[i]);
		CHECK(pdf_amend(&pdf, &(struct amendment){ .language = STR("en") }) == ERR_BAD);
		buf_clear(&pdf);
	}
}

static void the_catalog_gets_a_language_and_pictures_get_their_words(void **state)
{
	(void)state;
	static const char FILE_TEXT[] =
	    "%PDF-1.5\n1 0 obj\n<< /S /Figure\n /P 3 0 R >>\nendobj\n2 0 obj\n<< /Type /Catalog\n"
	    ">>\nendobj\nxref\n0 3\ntrailer\n<< /Size 3\n /Root 2 0 R >>\nstartxref\n88\n%%EOF\n";
	struct buf pdf = buf_of(4096);
	const struct str words[] = { STR("Ŵ😀") };
	buf_text(&pdf, FILE_TEXT);
	CHECK(pdf_amend(&pdf, &(struct amendment){ STR("cy-GB"), 1, words }) == OK);
	CHECK(strstr(buf_cstr(&pdf), "/Lang (cy-GB)") != NULL);
	CHECK(strstr(buf_cstr(&pdf), "/Alt <FEFF0174D83DDE00>") != NULL);
	CHECK(strstr(buf_cstr(&pdf), "/Prev 88\n") != NULL);
	CHECK(strncmp(pdf.at, FILE_TEXT, strlen(FILE_TEXT)) == 0);
	buf_clear(&pdf);
	/* One picture and no words for it: such a file does not leave. */
	buf_text(&pdf, FILE_TEXT);
	CHECK(pdf_amend(&pdf, &(struct amendment){ .language = STR("cy-GB") }) == ERR_BAD);
	buf_clear(&pdf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_document_as_it_is_written_is_taken),
		TEST(long_fields_are_cut_between_characters),
		TEST(what_is_not_in_order_is_refused),
		TEST(every_prefix_and_every_flipped_byte_is_read_or_refused),
		TEST(what_is_no_pdf_is_not_amended),
		TEST(the_catalog_gets_a_language_and_pictures_get_their_words),
	};
	return RUN("paper/document", tests);
}
