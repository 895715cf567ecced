#include "domain/reach.h"

#include <stdio.h>
#include <string.h>

enum {
	E164_LEAST = 8, /* digits with the country's code, of the shortest numbers in use */
	E164_MOST = 15,
	UK_DIGITS = 10, /* behind +44 */
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	INWARD = 3, /* "1AA" */
	OUTWARD_MOST = 4,
	TYPED_MAX = 40,
};

/* ---- numbers ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits, with a + in front where one was typed; false: something else is among them. */
static bool plain(struct str typed, char out[TYPED_MAX + 1])
{
	size_t len = 0;
	if (typed.len > TYPED_MAX)
		return false;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (is_digit(c) || (c == '+' && !len))
			out[len++] = c;
		else if (!strchr(" -.()", c))
			return false;
	}
	out[len] = '\0';
	return len > 0;
}

/* 07… but for 070 (personal numbers) and 076 (pagers; 07624 is the Isle of Man's mobiles): Ofcom's numbering plan. */
static bool takes_texts(const char *national)
{
	if (national[0] != '7' || national[1] == '0')
		return false;
	return national[1] != '6' || strncmp(national, "7624", 4) == 0;
}

static enum mobile_verdict british(const char *national, char out[MOBILE_MAX + 1])
{
	if (national[0] == '0')
		national++; /* +44 (0)7700 … */
	if (strlen(national) != UK_DIGITS)
		return MOBILE_BAD;
	if (!takes_texts(national))
		return MOBILE_LANDLINE;
	(void)snprintf(out, MOBILE_MAX + 1, "+44%.10s", national);
	return MOBILE_OK;
}

enum mobile_verdict mobile_of(struct str typed, char out[MOBILE_MAX + 1])
{
	char text[TYPED_MAX + 1];
	if (!plain(str_trim(typed), text))
		return MOBILE_BAD;
	const char *abroad = text[0] == '+'                ? text + 1
			     : strncmp(text, "00", 2) == 0 ? text + 2
							   : NULL;
	if (!abroad)
		return text[0] == '0' ? british(text, out) : MOBILE_BAD;
	if (strncmp(abroad, "44", 2) == 0)
		return british(abroad + 2, out);
	size_t len = strlen(abroad);
	if (len < E164_LEAST || len > E164_MOST || abroad[0] == '0')
		return MOBILE_BAD;
	(void)snprintf(out, MOBILE_MAX + 1, "+%.15s", abroad);
	return MOBILE_OK;
}

void mobile_shown(const char *mobile, char out[MOBILE_SHOWN_ROOM])
{
	if (strncmp(mobile, "+44", 3) == 0 && strlen(mobile) == UK_DIGITS + 3)
		(void)snprintf(out, MOBILE_SHOWN_ROOM, "0%.4s %.6s", mobile + 3, mobile + 7);
	else
		(void)snprintf(out, MOBILE_SHOWN_ROOM, "%s", mobile);
}

/* ---- addresses ---- */

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* A9, A99, AA9, AA99, A9A, AA9A (BS 7666), and GIR. */
static bool is_outward(const char *at, size_t len)
{
	static const char *const FORMS[] = { "A9", "A99", "AA9", "AA99", "A9A", "AA9A", "AAA" };
	for (size_t f = 0; f < sizeof FORMS / sizeof *FORMS; f++) {
		size_t i = 0;
		if (strlen(FORMS[f]) != len)
			continue;
		while (i < len && (FORMS[f][i] == 'A' ? is_letter(at[i]) : is_digit(at[i])))
			i++;
		if (i == len)
			return f + 1 < sizeof FORMS / sizeof *FORMS || memcmp(at, "GIR", 3) == 0;
	}
	return false;
}

bool postcode_of(struct str typed, char out[POSTCODE_MAX + 1])
{
	char text[OUTWARD_MOST + INWARD];
	size_t len = 0;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (c == ' ')
			continue;
		if (len == sizeof text)
			return false;
		text[len++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	if (len < INWARD + 2)
		return false;
	const char *inward = text + len - INWARD;
	if (!is_outward(text, len - INWARD) || !is_digit(inward[0]) || !is_letter(inward[1]) ||
	    !is_letter(inward[2]))
		return false;
	(void)snprintf(out, POSTCODE_MAX + 1, "%.*s %.3s", (int)(len - INWARD), text, inward);
	return true;
}

bool address_line_acceptable(struct str line)
{
	return line.len <= ADDRESS_LINE_BYTES && str_is_utf8(line) && !str_has_control(line) &&
	       !(line.len && memchr("@()=[]\"\\/,<>~", line.at[0], 13));
}

bool postal_empty(const struct postal *postal)
{
	return str_empty(postal->line1);
}

bool postal_acceptable(const struct postal *p)
{
	char postcode[POSTCODE_MAX + 1];
	return !str_empty(p->line1) && !str_empty(p->town) && address_line_acceptable(p->line1) &&
	       address_line_acceptable(p->line2) && address_line_acceptable(p->town) &&
	       address_line_acceptable(p->county) && postcode_of(p->postcode, postcode) &&
	       str_is(p->postcode, postcode);
}

/* ---- which way ---- */

/* What is of the account itself goes where its owner signs in. */
static bool by_email_alone(enum message_kind kind)
{
	return kind == MESSAGE_PASSWORD || kind == MESSAGE_PASSWORD_SET ||
	       kind == MESSAGE_STAFF_ACCOUNT || kind == MESSAGE_RECORDING_PRIVILEGED;
}

bool reach_goes_one_way(enum message_kind kind)
{
	return kind == MESSAGE_CODE || by_email_alone(kind);
}

static bool is_change(enum message_kind kind)
{
	return kind == MESSAGE_BOOKED || kind == MESSAGE_APPROVED || kind == MESSAGE_MOVED ||
	       kind == MESSAGE_CANCELLED || kind == MESSAGE_NOT_HELD ||
	       kind == MESSAGE_STANDBY_AGREED || kind == MESSAGE_STANDBY_ENDED;
}

/* Nobody waits for the next look into the mailbox. */
static bool is_pressing(const struct reach_news *news, const struct policy *policy)
{
	if (news->kind == MESSAGE_REMINDER || news->kind == MESSAGE_OFFER ||
	    news->kind == MESSAGE_STANDBY || news->kind == MESSAGE_STANDBY_CALLED)
		return true;
	int64_t within = policy->values[POLICY_TEXT_NOTICE_HOURS] * HOUR_S;
	return is_change(news->kind) && news->till.s && news->till.s - news->at.s <= within;
}

static bool letter_is_of_use(const struct reach_news *news, const struct policy *policy)
{
	int64_t days = policy->values[POLICY_LETTER_DAYS] * DAY_S;
	return !news->till.s || news->till.s - news->at.s > days;
}

unsigned reach_channels(const struct reach *reach, const struct reach_news *news,
			const struct policy *policy)
{
	unsigned by = 0;
	if (news->kind == MESSAGE_CODE)
		return REACH_BY(MESSAGE_SMS);
	if (reach->email)
		by |= REACH_BY(MESSAGE_EMAIL);
	if (by_email_alone(news->kind))
		return by;
	if (reach->mobile[0] && (!reach->email || (reach->texts && is_pressing(news, policy))))
		by |= REACH_BY(MESSAGE_SMS);
	if (!reach->email && !postal_empty(&reach->postal) && letter_is_of_use(news, policy))
		by |= REACH_BY(MESSAGE_LETTER);
	return by;
}
