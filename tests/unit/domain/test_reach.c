#include "domain/reach.h"

#include "base/assert.h"
#include "tests/unit/check.h"

enum {
	HOUR = 3600,
	DAY = 24 * HOUR,
	NOW = 1800000000,
};

static void numbers_are_taken_as_people_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		enum mobile_verdict verdict;
		const char *kept;
	} ROWS[] = {
		{ "07700 900123", MOBILE_OK, "+447700900123" },
		{ " 07700-900-123 ", MOBILE_OK, "+447700900123" },
		{ "+44 7700 900123", MOBILE_OK, "+447700900123" },
		{ "+44 (0)7700 900123", MOBILE_OK, "+447700900123" },
		{ "0044 7700.900123", MOBILE_OK, "+447700900123" },
		{ "07624 900123", MOBILE_OK, "+447624900123" }, /* Isle of Man */
		{ "+33 6 39 98 00 01", MOBILE_OK, "+33639980001" },
		{ "00353 85 012 3456", MOBILE_OK, "+353850123456" },
		{ "020 7946 0018", MOBILE_LANDLINE, "" },
		{ "070 1234 5678", MOBILE_LANDLINE, "" }, /* personal numbers forward at a price */
		{ "07612 345678", MOBILE_LANDLINE, "" },  /* pagers */
		{ "0800 123 4567", MOBILE_LANDLINE, "" },
		{ "07700 90012", MOBILE_BAD, "" },
		{ "07700 9001234", MOBILE_BAD, "" },
		{ "7700900123", MOBILE_BAD, "" }, /* of which country? */
		{ "+0 123 456 789", MOBILE_BAD, "" },
		{ "+1234567", MOBILE_BAD, "" },
		{ "+1234567890123456", MOBILE_BAD, "" },
		{ "07700 900 I23", MOBILE_BAD, "" },
		{ "+44+7700900123", MOBILE_BAD, "" },
		{ "", MOBILE_BAD, "" },
		{ "+", MOBILE_BAD, "" },
		{ "999", MOBILE_BAD, "" },
		{ "07700 900123                                                        ", MOBILE_OK,
		  "+447700900123" },
		{ "0000000000000000000000000000000000000000000000000", MOBILE_BAD, "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		char out[MOBILE_MAX + 1] = "";
		assert_int_equal(mobile_of(str_from(ROWS[i].typed), out), ROWS[i].verdict);
		assert_string_equal(out, ROWS[i].kept);
		char again[MOBILE_MAX + 1];
		if (ROWS[i].verdict == MOBILE_OK)
			CHECK(mobile_of(str_from(out), again) == MOBILE_OK &&
			      strcmp(out, again) == 0);
	}
	char shown[MOBILE_SHOWN_ROOM];
	mobile_shown("+447700900123", shown);
	assert_string_equal(shown, "07700 900123");
	mobile_shown("+33639980001", shown);
	assert_string_equal(shown, "+33639980001");
	mobile_shown("", shown);
	assert_string_equal(shown, "");
}

static void postcodes_have_their_six_forms(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *kept; /* NULL: none */
	} ROWS[] = {
		{ "sw1a1aa", "SW1A 1AA" },
		{ "SW18 3HR", "SW18 3HR" },
		{ "m1 1ae", "M1 1AE" },
		{ "m60 1nw", "M60 1NW" },
		{ "CR26XH", "CR2 6XH" },
		{ "dn551pt", "DN55 1PT" },
		{ "w1a 1hq", "W1A 1HQ" },
		{ "GIR 0AA", "GIR 0AA" },
		{ " bf1 3aa ", "BF1 3AA" },
		{ "ABC 0AA", NULL },
		{ "SW1A", NULL },
		{ "SW1A 1A", NULL },
		{ "SW1A 11A", NULL },
		{ "SW1A 1AAA", NULL },
		{ "12345", NULL },
		{ "", NULL },
		{ "S\xc5\xb4"
		  "1 1AA",
		  NULL },
		{ "A 1AA", NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		char out[POSTCODE_MAX + 1];
		bool good = postcode_of(str_from(ROWS[i].typed), out);
		assert_int_equal(good, ROWS[i].kept != NULL);
		if (good)
			assert_string_equal(out, ROWS[i].kept);
	}
}

static struct postal some_address(void)
{
	return (struct postal){ .line1 = STR("Flat 3, 12 High Street"),
				.line2 = STR(""),
				.town = STR("Wandsworth"),
				.county = STR(""),
				.postcode = STR("SW18 3HR") };
}

static void an_address_is_what_can_be_printed(void **state)
{
	(void)state;
	struct postal p = some_address();
	CHECK(postal_acceptable(&p) && !postal_empty(&p));
	p.line2 = STR("(behind the shop)");
	CHECK(!postal_acceptable(&p)); /* the printer refuses such a line */
	p = some_address();
	p.town = STR("");
	CHECK(!postal_acceptable(&p));
	p = some_address();
	p.postcode = STR("sw18 3hr");
	CHECK(!postal_acceptable(&p));
	p = some_address();
	p.line1 = STR("one\ntwo");
	CHECK(!postal_acceptable(&p));
	p = (struct postal){ 0 };
	CHECK(!postal_acceptable(&p) && postal_empty(&p));
}

/* E, S and L in a row: how somebody is told. */
static const char *ways(const struct reach *reach, enum message_kind kind, int64_t till_s)
{
	static char out[MESSAGE_CHANNEL_COUNT + 1];
	struct policy policy = { 0 };
	policy.values[POLICY_LETTER_DAYS] = 3;
	policy.values[POLICY_TEXT_NOTICE_HOURS] = 72;
	struct reach_news news = { .kind = kind, .at = { NOW } };
	if (till_s)
		news.till.s = NOW + till_s;
	unsigned by = reach_channels(reach, &news, &policy);
	size_t len = 0;
	for (unsigned c = 0; c < MESSAGE_CHANNEL_COUNT; c++)
		if (by & REACH_BY(c))
			out[len++] = "ESL"[c];
	out[len] = '\0';
	return out;
}

static void what_cannot_wait_goes_by_text_and_what_is_soon_by_no_letter(void **state)
{
	(void)state;
	struct reach mail = { .email = true };
	struct reach both = { .email = true, .mobile = "+447700900123", .texts = true };
	struct reach quiet = { .email = true, .mobile = "+447700900123" };
	struct reach posted = { .email = true, .postal = some_address() };
	struct reach phone = { .mobile = "+447700900123", .texts = true };
	struct reach paper = { .postal = some_address() };
	struct reach neither = { .mobile = "+447700900123", .postal = some_address() };
	struct reach none = { 0 };
	const struct {
		const struct reach *reach;
		enum message_kind kind;
		int64_t till_s; /* 0: nothing is ahead */
		const char *ways;
	} ROWS[] = {
		{ &mail, MESSAGE_BOOKED, 9 * DAY, "E" },
		{ &mail, MESSAGE_REMINDER, HOUR, "E" },
		{ &posted, MESSAGE_BOOKED, 9 * DAY, "E" }, /* no letter to those with e-mail */
		{ &both, MESSAGE_BOOKED, 9 * DAY, "E" },
		{ &both, MESSAGE_BOOKED, 2 * DAY, "ES" },
		{ &both, MESSAGE_CANCELLED, 3 * DAY, "ES" },
		{ &both, MESSAGE_CANCELLED, 3 * DAY + 1, "E" },
		{ &both, MESSAGE_MOVED, DAY, "ES" },
		{ &both, MESSAGE_REMINDER, 3 * DAY, "ES" },
		{ &both, MESSAGE_OFFER, 30 * 60, "ES" },
		{ &both, MESSAGE_CONTACT_APPROVED, 0, "E" },
		{ &both, MESSAGE_PASSWORD, HOUR, "E" },
		{ &quiet, MESSAGE_REMINDER, HOUR, "E" }, /* they chose */
		{ &quiet, MESSAGE_CANCELLED, HOUR, "E" },
		{ &phone, MESSAGE_BOOKED, 9 * DAY, "S" }, /* there is no other way */
		{ &phone, MESSAGE_CONTACT_APPROVED, 0, "S" },
		{ &phone, MESSAGE_PASSWORD, HOUR, "" },
		{ &paper, MESSAGE_BOOKED, 9 * DAY, "L" },
		{ &paper, MESSAGE_BOOKED, 3 * DAY, "" }, /* it would come too late */
		{ &paper, MESSAGE_BOOKED, 3 * DAY + 1, "L" },
		{ &paper, MESSAGE_REMINDER, 3 * DAY, "" },
		{ &paper, MESSAGE_OFFER, HOUR, "" },
		{ &paper, MESSAGE_CONTACT_REJECTED, 0, "L" },
		{ &neither, MESSAGE_BOOKED, 9 * DAY, "SL" },
		{ &neither, MESSAGE_BOOKED, DAY, "S" },
		{ &none, MESSAGE_BOOKED, 9 * DAY, "" },
		{ &mail, MESSAGE_CODE, 600, "S" }, /* to the number that is asked about */
	};
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++)
		assert_string_equal(ways(ROWS[i].reach, ROWS[i].kind, ROWS[i].till_s),
				    ROWS[i].ways);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_are_taken_as_people_write_them),
		TEST(postcodes_have_their_six_forms),
		TEST(an_address_is_what_can_be_printed),
		TEST(what_cannot_wait_goes_by_text_and_what_is_soon_by_no_letter),
	};
	return RUN("domain/reach", tests);
}
