#include "notify/smtp.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	/* An encoded word is "=?UTF-8?B?" + base64 + "?=", 75 bytes at most: 45 bytes of text. */
	WORD_BYTES_MAX = 45,
};

enum smtp_stage smtp_stage_of(struct str line, enum smtp_stage before)
{
	if (str_starts(line, "RCPT "))
		return SMTP_RECIPIENT;
	if (str_starts(line, "DATA"))
		return SMTP_CONTENT;
	if (str_starts(line, "MAIL ") || str_starts(line, "EHLO ") || str_starts(line, "HELO ") ||
	    str_starts(line, "AUTH ") || str_starts(line, "STARTTLS"))
		return SMTP_BEFORE;
	return before;
}

enum notify_outcome smtp_outcome(bool sent, enum smtp_stage stage, long code)
{
	if (sent)
		return NOTIFY_TAKEN;
	if (code < 500 || code > 599 || stage == SMTP_BEFORE)
		return NOTIFY_LATER;
	return stage == SMTP_RECIPIENT ? NOTIFY_BOUNCED : NOTIFY_REFUSED;
}

void smtp_problem(enum smtp_stage stage, long code, char out[40])
{
	static const char *const STAGES[] = { "", "_RCPT", "_DATA" };
	if (code >= 200 && code <= 599)
		(void)snprintf(out, 40, "SMTP_%ld%s", code, STAGES[stage]);
	else
		(void)snprintf(out, 40, "SMTP_NO_ANSWER");
}

void smtp_message_id(uint64_t id, struct str from, char out[320])
{
	struct str rest = from;
	(void)str_cut(&rest, '@');
	(void)snprintf(out, 320, "<%016llx.pvl@%.*s>", (unsigned long long)id,
		       (int)(rest.len < 255 ? rest.len : 255), rest.at ? rest.at : "");
}

void smtp_date(struct wall at, char out[40])
{
	static const char *const DAYS[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)at.s;
	struct tm tm;
	if (!gmtime_r(&t, &tm))
		memset(&tm, 0, sizeof tm);
	(void)snprintf(out, 40, "%s, %02d %s %04d %02d:%02d:%02d +0000", DAYS[tm.tm_wday % 7],
		       tm.tm_mday, MONTHS[tm.tm_mon % 12], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		       tm.tm_sec);
}

static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] < 0x20 || (unsigned char)text.at[i] > 0x7e)
			return false;
	return !memmem(text.at ? text.at : "", text.len, "=?", 2);
}

/* How many bytes of the text go into one word: no character is cut in two. */
static size_t word_len(struct str text)
{
	size_t len = text.len < WORD_BYTES_MAX ? text.len : WORD_BYTES_MAX;
	while (len < text.len && len > 1 && ((unsigned char)text.at[len] & 0xc0) == 0x80)
		len--;
	return len;
}

void smtp_encode_words(struct str text, struct buf *out)
{
	char word[sodium_base64_ENCODED_LEN(WORD_BYTES_MAX, sodium_base64_VARIANT_ORIGINAL)];
	bool first = true;
	if (is_plain(text)) {
		buf_str(out, text);
		return;
	}
	while (text.len) {
		size_t len = word_len(text);
		sodium_bin2base64(word, sizeof word, (const unsigned char *)text.at, len,
				  sodium_base64_VARIANT_ORIGINAL);
		buf_printf(out, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", word);
		text = str_of(text.at + len, text.len - len);
		first = false;
	}
}
