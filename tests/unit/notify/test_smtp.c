#include "notify/smtp.h"

#include <sodium.h>
#include <string.h>

#include "tests/unit/check.h"

static void what_a_no_means_depends_on_what_was_asked(void **state)
{
	(void)state;
	static const struct {
		bool sent;
		enum smtp_stage stage;
		long code;
		enum notify_outcome outcome;
		const char *problem;
	} CASES[] = {
		{ true, SMTP_CONTENT, 250, NOTIFY_TAKEN, "SMTP_250_DATA" },
		{ false, SMTP_RECIPIENT, 550, NOTIFY_BOUNCED, "SMTP_550_RCPT" },
		{ false, SMTP_RECIPIENT, 450, NOTIFY_LATER, "SMTP_450_RCPT" },
		{ false, SMTP_CONTENT, 554, NOTIFY_REFUSED, "SMTP_554_DATA" },
		{ false, SMTP_CONTENT, 451, NOTIFY_LATER, "SMTP_451_DATA" },
		{ false, SMTP_BEFORE, 535, NOTIFY_LATER, "SMTP_535" },
		{ false, SMTP_BEFORE, 554, NOTIFY_LATER, "SMTP_554" },
		{ false, SMTP_BEFORE, 0, NOTIFY_LATER, "SMTP_NO_ANSWER" },
		{ false, SMTP_CONTENT, 0, NOTIFY_LATER, "SMTP_NO_ANSWER" },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		char problem[40];
		CHECK(smtp_outcome(CASES[i].sent, CASES[i].stage, CASES[i].code) ==
		      CASES[i].outcome);
		smtp_problem(CASES[i].stage, CASES[i].code, problem);
		CHECK(strcmp(problem, CASES[i].problem) == 0);
	}
}

static void the_stage_follows_the_commands(void **state)
{
	(void)state;
	enum smtp_stage stage = SMTP_CONTENT;
	stage = smtp_stage_of(STR("EHLO pvl\r\n"), stage);
	CHECK(stage == SMTP_BEFORE);
	stage = smtp_stage_of(STR("MAIL FROM:<a@b.example>\r\n"), stage);
	CHECK(stage == SMTP_BEFORE);
	stage = smtp_stage_of(STR("RCPT TO:<c@d.example>\r\n"), stage);
	CHECK(stage == SMTP_RECIPIENT);
	stage = smtp_stage_of(STR("DATA\r\n"), stage);
	CHECK(stage == SMTP_CONTENT);
	CHECK(smtp_stage_of(STR("QUIT\r\n"), stage) == SMTP_CONTENT);
	CHECK(smtp_stage_of(STR(""), stage) == SMTP_CONTENT);
}

static void dates_and_ids_are_as_mail_wants_them(void **state)
{
	(void)state;
	char date[40], id[320];
	smtp_date((struct wall){ 1795428420 }, date);
	CHECK(strcmp(date, "Mon, 23 Nov 2026 10:07:00 +0000") == 0);
	smtp_message_id(255, STR("visits@prison.example"), id);
	CHECK(strcmp(id, "<00000000000000ff.pvl@prison.example>") == 0);
}

/* Undone, the words give the text back, and none is longer than 75 bytes or cuts a character. */
static void a_welsh_subject_survives_in_encoded_words(void **state)
{
	(void)state;
	static const char TEXT[] =
	    "Mae eich ymweliad fideo wedi'i gadarnhau \xe2\x80\x93 d\xc5\xb5r "
	    "\xc5\xb7"
	    "d \xc3\xa2 \xc3\xae \xc3\xb4, a rhagor o eiriau i "
	    "lenwi llinell hir";
	struct buf words = buf_of(1000), text = buf_of(1000);
	smtp_encode_words(STR("Plain"), &words);
	CHECK(str_is(buf_view(&words), "Plain"));
	buf_reset(&words);
	smtp_encode_words(str_from(TEXT), &words);
	struct str rest = buf_view(&words);
	while (!str_empty(rest)) {
		unsigned char piece[64];
		size_t len;
		struct str word = str_trim(str_line(&rest));
		CHECK(word.len <= 75 && str_starts(word, "=?UTF-8?B?"));
		CHECK(sodium_base642bin(piece, sizeof piece, word.at + 10, word.len - 12, NULL,
					&len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0);
		CHECK(str_is_utf8(str_of((const char *)piece, len)));
		buf_put(&text, piece, len);
	}
	CHECK(str_is(buf_view(&text), TEXT));
	buf_reset(&words);
	smtp_encode_words(STR("two\r\nlines"), &words);
	CHECK(str_starts(buf_view(&words), "=?UTF-8?B?"));
	buf_clear(&words);
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_no_means_depends_on_what_was_asked),
		TEST(the_stage_follows_the_commands),
		TEST(dates_and_ids_are_as_mail_wants_them),
		TEST(a_welsh_subject_survives_in_encoded_words),
	};
	return RUN("notify/smtp", tests);
}
