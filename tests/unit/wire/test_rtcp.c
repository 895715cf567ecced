#include "wire/rtcp.h"

#include "base/assert.h"
#include "mangle.h"

/* The only packet of what was written. */
static struct rtcp_packet only(const struct writer *w)
{
	struct rtcp_packet p, more;
	struct rtcp_walk walk = rtcp_walk_of(writer_bytes(w));
	assert_true(writer_ok(w));
	assert_true(rtcp_next(&walk, &p));
	assert_false(rtcp_next(&walk, &more));
	assert_false(walk.broken);
	return p;
}

static struct rtcp_feedback feedback_of(const struct writer *w)
{
	struct rtcp_packet p = only(w);
	struct rtcp_feedback f;
	assert_int_equal(rtcp_parse_feedback(&p, &f), OK);
	return f;
}

static void reports_read_back(void **state)
{
	(void)state;
	for (int sr = 0; sr < 2; sr++) {
		for (size_t count = 0; count <= RTCP_REPORTS_MAX; count++) {
			uint8_t out[1024];
			struct writer w = writer_of(out, sizeof out);
			struct rtcp_reports in = { .sender = 5, .count = count }, got;
			if (sr)
				in = (struct rtcp_reports){
					5, 0x1122334455667788u, 9, 10, 11, count, { { 0 } }
				};
			for (size_t i = 0; i < count; i++)
				in.report[i] = (struct rtcp_report){
					(uint32_t)i, 200, -(int32_t)i - 1, 0x10001, 3, 4, 5
				};
			rtcp_write_reports(&w, sr, &in);
			struct rtcp_packet p = only(&w);
			assert_int_equal(p.type, sr ? RTCP_SR : RTCP_RR);
			memset(&got, 0, sizeof got);
			assert_int_equal(rtcp_parse_reports(&p, &got), OK);
			assert_memory_equal(&got, &in, sizeof in);
		}
	}
}

static void the_loss_of_a_report_has_a_sign(void **state)
{
	(void)state;
	uint8_t in[64];
	struct rtcp_reports r;
	struct rtcp_packet p;
	struct rtcp_walk walk = rtcp_walk_of(
	    unhex("81c90007 00000001 00000002 80800000 00010002 00000003 00000004 00000005", in));
	assert_true(rtcp_next(&walk, &p));
	assert_int_equal(rtcp_parse_reports(&p, &r), OK);
	assert_int_equal(r.report[0].lost, -0x800000);
	assert_int_equal(r.report[0].fraction_lost, 0x80);
	assert_int_equal(r.report[0].delay_since_sr, 5);
}

static void names_of_every_length_read_back(void **state)
{
	(void)state;
	uint8_t name[RTCP_CNAME_MAX];
	memset(name, 'n', sizeof name);
	for (size_t len = 0; len <= sizeof name; len++) {
		uint8_t out[512];
		struct bytes cname;
		struct writer w = writer_of(out, sizeof out);
		rtcp_write_cname(&w, 77, bytes_of(name, len));
		struct rtcp_packet p = only(&w);
		assert_int_equal(rtcp_parse_cname(&p, 77, &cname), OK);
		assert_true(bytes_equal(cname, bytes_of(name, len)));
		assert_int_equal(rtcp_parse_cname(&p, 78, &cname), ERR_NOT_FOUND);
	}
}

static void a_name_is_found_in_a_later_chunk(void **state)
{
	(void)state;
	uint8_t in[64];
	struct bytes cname;
	struct rtcp_packet p;
	struct rtcp_walk walk = rtcp_walk_of(
	    unhex("82ca0005 00000001 02017800 00000002 02017901 026f6b00 00000000", in));
	assert_true(rtcp_next(&walk, &p));
	assert_int_equal(rtcp_parse_cname(&p, 2, &cname), OK);
	assert_true(bytes_equal(cname, bytes_from_text("ok")));
	assert_int_equal(rtcp_parse_cname(&p, 1, &cname), ERR_NOT_FOUND);
}

static void a_farewell_reads_back(void **state)
{
	(void)state;
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof out);
	const uint32_t ssrcs[] = { 1, 2, 3 };
	struct rtcp_bye bye;
	rtcp_write_bye(&w, ssrcs, 3);
	struct rtcp_packet p = only(&w);
	assert_int_equal(rtcp_parse_bye(&p, &bye), OK);
	assert_int_equal(bye.count, 3);
	assert_memory_equal(bye.ssrc, ssrcs, sizeof ssrcs);
}

static void lost_sequences_read_back_across_the_wrap(void **state)
{
	(void)state;
	static const uint16_t lost[] = { 65530, 65531, 65535, 0, 10, 11, 27, 28, 1000 };
	uint8_t out[128];
	struct writer w = writer_of(out, sizeof out);
	uint16_t sequence;
	rtcp_write_nack(&w, 1, 2, lost, ARRAY_LEN(lost));
	struct rtcp_feedback f = feedback_of(&w);
	assert_true(f.sender == 1 && f.media == 2);
	assert_int_equal(f.control.len, 4 * 4); /* 65530…10, 11…27, 28, 1000 */
	struct rtcp_nacks walk = rtcp_nacks_of(&f);
	for (size_t i = 0; i < ARRAY_LEN(lost); i++) {
		assert_true(rtcp_nacks_next(&walk, &sequence));
		assert_int_equal(sequence, lost[i]);
	}
	assert_false(rtcp_nacks_next(&walk, &sequence));
}

static void a_full_mask_tells_seventeen(void **state)
{
	(void)state;
	uint8_t in[16];
	uint16_t sequence;
	struct rtcp_feedback f = { .control = unhex("fff8 ffff", in) };
	struct rtcp_nacks walk = rtcp_nacks_of(&f);
	for (uint16_t i = 0; i < 17; i++) {
		assert_true(rtcp_nacks_next(&walk, &sequence));
		assert_int_equal(sequence, (uint16_t)(0xfff8 + i));
	}
	assert_false(rtcp_nacks_next(&walk, &sequence));
}

static void key_frame_requests_read_back(void **state)
{
	(void)state;
	uint8_t out[64], number;
	struct writer w = writer_of(out, sizeof out);
	rtcp_write_pli(&w, 1, 2);
	assert_int_equal(only(&w).format, RTCP_PLI);
	assert_int_equal(feedback_of(&w).media, 2);
	w = writer_of(out, sizeof out);
	rtcp_write_fir(&w, 1, 2, 200);
	struct rtcp_feedback f = feedback_of(&w);
	assert_int_equal(only(&w).format, RTCP_FIR);
	assert_true(rtcp_fir_asks(&f, 2, &number));
	assert_int_equal(number, 200);
	assert_false(rtcp_fir_asks(&f, 3, &number));
}

static void a_rate_reads_back_rounded_down(void **state)
{
	(void)state;
	static const uint64_t rates[] = { 0,      1,       30000,       262143,
					  262144, 1000001, 5000000000u, UINT64_MAX };
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		uint8_t out[64];
		struct writer w = writer_of(out, sizeof out);
		struct rtcp_remb in = { .bits_per_s = rates[i], .count = 2, .ssrc = { 8, 9 } }, got;
		rtcp_write_remb(&w, 1, &in);
		struct rtcp_feedback f = feedback_of(&w);
		assert_int_equal(rtcp_parse_remb(&f, &got), OK);
		assert_true(got.bits_per_s <= rates[i]);
		assert_true(rates[i] - got.bits_per_s <= rates[i] >> 17);
		assert_int_equal(got.count, 2);
		assert_int_equal(got.ssrc[1], 9);
	}
}

static void a_rate_beyond_all_numbers_is_no_limit(void **state)
{
	(void)state;
	uint8_t in[32];
	struct rtcp_remb got;
	struct rtcp_feedback f = { .control = unhex("52454d42 00 ffffff", in) };
	assert_int_equal(rtcp_parse_remb(&f, &got), OK);
	assert_true(got.bits_per_s == UINT64_MAX);
	f.control = unhex("52454d43 00 000001", in);
	assert_int_equal(rtcp_parse_remb(&f, &got), ERR_NOT_FOUND);
	f.control = unhex("52454d42 01 000001", in);
	assert_int_equal(rtcp_parse_remb(&f, &got), ERR_SHORT);
}

static void extended_reports_read_back(void **state)
{
	(void)state;
	uint8_t out[128];
	struct writer w = writer_of(out, sizeof out);
	struct rtcp_xr in = { .sender = 3,
			      .has_rrtr = true,
			      .rrtr_ntp = 0xabcdef0123456789u,
			      .dlrr_count = 2,
			      .dlrr = { { 1, 2, 3 }, { 4, 5, 6 } } },
		       got;
	memset(&got, 0, sizeof got);
	rtcp_write_xr(&w, &in);
	struct rtcp_packet p = only(&w);
	assert_int_equal(rtcp_parse_xr(&p, &got), OK);
	assert_true(got.has_rrtr && got.rrtr_ntp == in.rrtr_ntp && got.sender == 3);
	assert_int_equal(got.dlrr_count, 2);
	assert_memory_equal(got.dlrr, in.dlrr, 2 * sizeof in.dlrr[0]);
}

/* RFC 3550 wants padding in fours and in the last packet of a compound alone.  libwebrtc fills its
 * transport-wide feedback up with one to three bytes, wherever it stands. */
static void padding_of_any_length_is_taken_off_any_packet(void **state)
{
	(void)state;
	uint8_t in[64];
	struct rtcp_packet p;
	struct rtcp_walk walk = rtcp_walk_of(unhex("a1cb0002 00000007 00000004", in));
	assert_true(rtcp_next(&walk, &p));
	assert_int_equal(p.body.len, 4);
	walk = rtcp_walk_of(unhex("a1cb0002 00000007 00000003 80c90001 00000001", in));
	assert_true(rtcp_next(&walk, &p));
	assert_int_equal(p.body.len, 5);
	assert_true(rtcp_next(&walk, &p));
	assert_int_equal(p.type, RTCP_RR);
	static const char *const BAD[] = { "a1cb0001 00000000", "a1cb0001 00000005", "a1cb0000" };
	for (size_t i = 0; i < 3; i++) {
		walk = rtcp_walk_of(unhex(BAD[i], in));
		assert_false(rtcp_next(&walk, &p));
		assert_true(walk.broken);
	}
}

static void try_parse(struct bytes b)
{
	struct rtcp_packet p;
	struct rtcp_walk walk = rtcp_walk_of(b);
	size_t turns = 0;
	while (rtcp_next(&walk, &p)) {
		struct rtcp_reports reports;
		struct rtcp_bye bye;
		struct rtcp_xr xr;
		struct rtcp_feedback f;
		struct rtcp_remb remb;
		struct bytes cname;
		uint16_t sequence;
		uint8_t number;
		any(rtcp_parse_reports(&p, &reports));
		any(rtcp_parse_bye(&p, &bye));
		any(rtcp_parse_xr(&p, &xr));
		any(rtcp_parse_cname(&p, 2, &cname));
		assert_true(++turns <= b.len / 4);
		if (rtcp_parse_feedback(&p, &f))
			continue;
		any(rtcp_parse_remb(&f, &remb));
		(void)rtcp_fir_asks(&f, 1, &number);
		struct rtcp_nacks nacks = rtcp_nacks_of(&f);
		while (rtcp_nacks_next(&nacks, &sequence))
			assert_true(++turns <= 20 * b.len);
		turns = 0;
	}
}

static void survives_every_cut_and_flip(void **state)
{
	(void)state;
	static const uint16_t lost[] = { 1, 3, 40 };
	uint8_t out[1024];
	struct writer w = writer_of(out, sizeof out);
	struct rtcp_reports reports = { .sender = 1, .count = 2 };
	struct rtcp_remb remb = { .bits_per_s = 1000000, .count = 1, .ssrc = { 2 } };
	struct rtcp_xr xr = { .has_rrtr = true, .dlrr_count = 1 };
	rtcp_write_reports(&w, true, &reports);
	rtcp_write_cname(&w, 1, bytes_from_text("slot"));
	rtcp_write_nack(&w, 1, 2, lost, 3);
	rtcp_write_fir(&w, 1, 2, 3);
	rtcp_write_remb(&w, 1, &remb);
	rtcp_write_xr(&w, &xr);
	rtcp_write_bye(&w, remb.ssrc, 1);
	assert_true(writer_ok(&w));
	mangle(writer_bytes(&w), try_parse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reports_read_back),
		TEST(the_loss_of_a_report_has_a_sign),
		TEST(names_of_every_length_read_back),
		TEST(a_name_is_found_in_a_later_chunk),
		TEST(a_farewell_reads_back),
		TEST(lost_sequences_read_back_across_the_wrap),
		TEST(a_full_mask_tells_seventeen),
		TEST(key_frame_requests_read_back),
		TEST(a_rate_reads_back_rounded_down),
		TEST(a_rate_beyond_all_numbers_is_no_limit),
		TEST(extended_reports_read_back),
		TEST(padding_of_any_length_is_taken_off_any_packet),
		TEST(survives_every_cut_and_flip),
	};
	return RUN("wire/rtcp", tests);
}
