#include "../check.h"
#include "rtc/receipt.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ .us = 1000000 + n * 1000 };
}

static void losses_are_counted_by_interval_and_in_all(void **state)
{
	(void)state;
	struct receipt r = { 0 };
	for (uint64_t i = 0; i < 100; i++)
		if (i % 4 != 3)
			receipt_note(&r, 65500 + i, (uint32_t)i * 960, 48000, ms((int64_t)i * 20));
	struct rtcp_report report = receipt_report(&r, 7, ms(2000));
	assert_int_equal(report.ssrc, 7);
	assert_int_equal(report.lost, 24); /* the last one is not known to be lost */
	assert_int_equal(report.fraction_lost, 24 * 256 / 99);
	assert_int_equal(report.highest_sequence, 65500 + 98);
	assert_int_equal(report.jitter, 0);
	receipt_note(&r, 65500 + 99, 99 * 960, 48000, ms(99 * 20));
	report = receipt_report(&r, 7, ms(3000));
	assert_int_equal(report.fraction_lost, 0);
	assert_int_equal(report.lost, 24);
}

static void jitter_follows_rfc_3550(void **state)
{
	(void)state;
	struct receipt r = { 0 };
	for (uint64_t i = 0; i < 400; i++)
		receipt_note(&r, i + 1, (uint32_t)i * 1800, 90000,
			     ms((int64_t)i * 20 + (i % 2 ? 10 : 0)));
	/* Every step differs by 10 ms = 900 ticks: the mean goes there. */
	struct rtcp_report report = receipt_report(&r, 1, ms(9000));
	CHECK(report.jitter > 880 && report.jitter <= 900);
	/* A clock that starts anew is no jitter. */
	receipt_note(&r, 401, 0x90000000, 90000, ms(9000));
	assert_int_equal(receipt_report(&r, 1, ms(9001)).jitter, report.jitter);
}

static void a_sender_report_is_echoed_with_its_age(void **state)
{
	(void)state;
	struct receipt r = { 0 };
	assert_int_equal(receipt_report(&r, 1, ms(0)).last_sr, 0);
	struct rtcp_reports sr = { .ntp = 0x1122334455667788, .rtp_timestamp = 5 };
	receipt_sender_report(&r, &sr, ms(100));
	struct rtcp_report report = receipt_report(&r, 1, ms(600));
	assert_int_equal(report.last_sr, 0x33445566);
	assert_int_equal(report.delay_since_sr, 32768);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(losses_are_counted_by_interval_and_in_all),
		TEST(jitter_follows_rfc_3550),
		TEST(a_sender_report_is_echoed_with_its_age),
	};
	return RUN("rtc/receipt", tests);
}
