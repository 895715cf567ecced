#include "wire/rtp.h"

#include "mangle.h"
#include "wire/red.h"
#include "wire/rtx.h"

static const char packet_hex[] = "b2 e0 1234 89abcdef 11223344 0000000a 0000000b"
				 "bede 0003 31 0102 00 40 c5 72 aabbcc 0000"
				 "deadbeef 00000004";

static void reads_every_field(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	assert_int_equal(rtp_parse(unhex(packet_hex, in), &p), OK);
	assert_int_equal(p.sequence, 0x1234);
	assert_true(p.timestamp == 0x89abcdef && p.ssrc == 0x11223344);
	assert_int_equal(p.payload_type, 0x60);
	assert_true(p.marker);
	assert_int_equal(p.csrc_count, 2);
	assert_int_equal(rtp_csrc(&p, 1), 11);
	assert_int_equal(p.header.len, 36);
	assert_int_equal(p.payload.len, 4);
	assert_int_equal(get_u32(p.payload.at), 0xdeadbeef);
}

static void finds_one_byte_extensions_by_number(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	uint16_t number;
	uint8_t level;
	bool voice;
	assert_int_equal(rtp_parse(unhex(packet_hex, in), &p), OK);
	assert_true(rtp_transport_cc_of(rtp_extension_find(&p, 3), &number));
	assert_int_equal(number, 0x0102);
	assert_true(rtp_audio_level_of(rtp_extension_find(&p, 4), &level, &voice));
	assert_int_equal(level, 0x45);
	assert_true(voice);
	assert_int_equal(rtp_extension_find(&p, 7).len, 3);
	assert_null(rtp_extension_find(&p, 5).at);
	assert_null(rtp_extension_find(&p, 0).at);
	assert_false(rtp_transport_cc_of(rtp_extension_find(&p, 5), &number));
}

static void finds_two_byte_extensions_by_number(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	struct bytes b =
	    unhex("90 60 0001 00000001 00000002 1000 0003 05 00 00 40 03 010203 00 80 01"
		  "ff",
		  in);
	assert_int_equal(rtp_parse(b, &p), OK);
	assert_non_null(rtp_extension_find(&p, 5).at);
	assert_int_equal(rtp_extension_find(&p, 5).len, 0);
	assert_int_equal(rtp_extension_find(&p, 0x40).len, 3);
	assert_int_equal(rtp_extension_find(&p, 0x80).at[0], 0xff);
}

static void number_fifteen_and_a_filled_zero_end_the_walk(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	assert_int_equal(rtp_parse(unhex("90600001 00000001 00000002 bede0001 f0aa10bb", in), &p),
			 OK);
	assert_null(rtp_extension_find(&p, 1).at);
	assert_int_equal(rtp_parse(unhex("90600001 00000001 00000002 bede0001 01aabb10", in), &p),
			 OK);
	assert_null(rtp_extension_find(&p, 1).at);
}

static void padding_only_leaves_an_empty_payload(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	assert_int_equal(rtp_parse(unhex("a0600001 00000001 00000002 000003", in), &p), OK);
	assert_int_equal(p.payload.len, 0);
	assert_int_equal(rtp_parse(unhex("a0600001 00000001 00000002 000004", in), &p), ERR_BAD);
	assert_int_equal(rtp_parse(unhex("a0600001 00000001 00000002 000000", in), &p), ERR_BAD);
	assert_int_equal(rtp_parse(unhex("a0600001 00000001 00000002", in), &p), ERR_BAD);
}

static void padding_waits_for_decryption(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	struct bytes b = unhex("a0600001 00000001 00000002 aa000002 f0f1f2f3", in);
	assert_int_equal(rtp_parse_header(b, &p), OK);
	assert_int_equal(p.payload.len, 8);
	p.payload.len -= 4; /* the tag */
	assert_int_equal(rtp_strip_padding(&p), OK);
	assert_int_equal(p.payload.len, 2);
	assert_int_equal(rtp_strip_padding(&p), OK); /* once is enough */
	assert_int_equal(p.payload.len, 2);
}

static void wrong_version_and_short_packets_are_refused(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	assert_int_equal(rtp_parse(unhex("40600001 00000001 00000002", in), &p), ERR_BAD);
	assert_int_equal(rtp_parse(unhex("80600001 00000001 000000", in), &p), ERR_SHORT);
	assert_int_equal(rtp_parse(unhex("81600001 00000001 00000002", in), &p), ERR_SHORT);
	assert_int_equal(rtp_parse(unhex("90600001 00000001 00000002 bede0001", in), &p),
			 ERR_SHORT);
}

static void try_parse(struct bytes b)
{
	struct rtp p;
	struct rtp_extension e;
	if (rtp_parse(b, &p))
		return;
	assert_true(p.header.len + p.payload.len <= b.len);
	struct rtp_extensions walk = rtp_extensions_of(&p);
	size_t sum = 0;
	while (rtp_extensions_next(&walk, &e)) {
		for (size_t i = 0; i < e.value.len; i++)
			sum += e.value.at[i];
		assert_true(e.value.len <= p.extension.len);
	}
	for (size_t i = 0; i < p.csrc_count; i++)
		sum += rtp_csrc(&p, i);
	assert_true(sum < SIZE_MAX);
	any(rtx_unwrap(&p, 1, 2));
}

static void survives_every_cut_and_flip(void **state)
{
	(void)state;
	uint8_t in[128];
	mangle(unhex(packet_hex, in), try_parse);
	mangle(unhex("90600001 00000001 00000002 1000 0003 0500 00 4003010203 00 8001ff", in),
	       try_parse);
}

static void a_written_header_reads_back(void **state)
{
	(void)state;
	uint8_t out[RTP_HEADER_MAX];
	const uint8_t mid[] = { 'a', '1' }, number[] = { 0xab, 0xcd }, level[] = { 0x85 };
	/* ids up to 14 fit the short form, 15 and above do not */
	for (uint8_t id = 12; id < 18; id++) {
		const struct rtp_extension e[] = { { 3, bytes_of(mid, 2) },
						   { id, bytes_of(number, 2) },
						   { 5, bytes_of(level, 1) } };
		const struct rtp_fields f = { .sequence = 65535,
					      .timestamp = 0xfffffffe,
					      .ssrc = 7,
					      .payload_type = 111,
					      .marker = id & 1,
					      .has_csrc = true,
					      .csrc = 42,
					      .extensions = e,
					      .extension_count = 3 };
		struct rtp p;
		size_t len = rtp_write_header(out, sizeof out, &f);
		assert_int_equal(rtp_parse(bytes_of(out, len), &p), OK);
		assert_int_equal(p.header.len, len);
		assert_int_equal(p.profile, id < 15 ? 0xbede : 0x1000);
		assert_int_equal(p.sequence, 65535);
		assert_true(p.timestamp == 0xfffffffe && p.ssrc == 7 && p.payload_type == 111);
		assert_int_equal(p.marker, id & 1);
		assert_int_equal(rtp_csrc(&p, 0), 42);
		for (size_t i = 0; i < 3; i++)
			assert_true(bytes_equal(rtp_extension_find(&p, e[i].id), e[i].value));
		for (size_t cap = 0; cap < len; cap++)
			assert_int_equal(rtp_write_header(out, cap, &f), 0);
	}
}

static void an_element_that_cannot_be_written_is_refused(void **state)
{
	(void)state;
	uint8_t out[512], big[256] = { 0 };
	const struct rtp_extension zero = { 0, bytes_of(big, 1) },
				   long_one = { 1, bytes_of(big, 256) };
	struct rtp_fields f = { .extensions = &zero, .extension_count = 1 };
	assert_int_equal(rtp_write_header(out, sizeof out, &f), 0);
	f.extensions = &long_one;
	assert_int_equal(rtp_write_header(out, sizeof out, &f), 0);
	f.extension_count = 0;
	assert_int_equal(rtp_write_header(out, sizeof out, &f), 12);
}

static void fields_are_changed_in_place(void **state)
{
	(void)state;
	uint8_t in[128];
	struct rtp p;
	const uint8_t number[] = { 0x77, 0x88 };
	struct bytes b = unhex(packet_hex, in);
	rtp_set_sequence(in, 9);
	rtp_set_timestamp(in, 10);
	rtp_set_ssrc(in, 11);
	rtp_set_payload_type(in, 12);
	rtp_set_marker(in, false);
	assert_true(rtp_set_extension(in, 36, 3, bytes_of(number, 2)));
	assert_false(rtp_set_extension(in, 36, 4, bytes_of(number, 2))); /* another length */
	assert_false(rtp_set_extension(in, 36, 9, bytes_of(number, 2)));
	assert_int_equal(rtp_parse(b, &p), OK);
	assert_true(p.sequence == 9 && p.timestamp == 10 && p.ssrc == 11 && p.payload_type == 12);
	assert_false(p.marker);
	assert_int_equal(get_u16(rtp_extension_find(&p, 3).at), 0x7788);
	assert_int_equal(rtp_extension_find(&p, 7).len, 3);
}

static void a_retransmission_becomes_what_it_repeats(void **state)
{
	(void)state;
	uint8_t out[64];
	struct rtp p;
	const struct rtp_fields f = {
		.sequence = 5, .timestamp = 6, .ssrc = 70, .payload_type = 97, .marker = true
	};
	size_t len = rtx_write(out, sizeof out, &f, 1234, bytes_from_text("frame"));
	assert_int_equal(len, 12 + 2 + 5);
	assert_int_equal(rtp_parse(bytes_of(out, len), &p), OK);
	assert_int_equal(rtx_unwrap(&p, 71, 96), OK);
	assert_true(p.sequence == 1234 && p.ssrc == 71 && p.payload_type == 96);
	assert_true(p.timestamp == 6 && p.marker);
	assert_true(bytes_equal(p.payload, bytes_from_text("frame")));
	for (size_t cap = 0; cap < len; cap++)
		assert_int_equal(rtx_write(out, cap, &f, 1, bytes_from_text("frame")), 0);
	p.payload.len = 1;
	assert_int_equal(rtx_unwrap(&p, 71, 96), ERR_SHORT);
}

static void redundant_blocks_read_back(void **state)
{
	(void)state;
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof out);
	struct red in = { .count = 3,
			  .block = { { 111, 1920, bytes_from_text("older") },
				     { 111, 960, bytes_from_text("") },
				     { 111, 0, bytes_from_text("newest") } } };
	struct red red;
	assert_int_equal(red_write(&w, &in), OK);
	assert_int_equal(red_parse(writer_bytes(&w), &red), OK);
	assert_int_equal(red.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(red.block[i].payload_type, 111);
		assert_int_equal(red.block[i].timestamp_offset, in.block[i].timestamp_offset);
		assert_true(bytes_equal(red.block[i].data, in.block[i].data));
	}
	in.block[0].timestamp_offset = RED_OFFSET_MAX + 1;
	assert_int_equal(red_write(&w, &in), ERR_LIMIT);
}

static void try_red(struct bytes b)
{
	struct red red;
	if (red_parse(b, &red))
		return;
	size_t sum = 0;
	for (size_t i = 0; i < red.count; i++)
		sum += red.block[i].data.len;
	assert_in_range(red.count, 1, RED_BLOCKS_MAX);
	assert_true(sum < b.len);
}

static void redundant_blocks_survive_every_cut_and_flip(void **state)
{
	(void)state;
	uint8_t in[64];
	mangle(unhex("ef 1e0004 ef 0f0003 6f 01020304 050607 08090a", in), try_red);
	/* more blocks than we take */
	struct red red;
	uint8_t many[64];
	memset(many, 0x80, sizeof many);
	assert_int_equal(red_parse(bytes_of(many, sizeof many), &red), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_every_field),
		TEST(finds_one_byte_extensions_by_number),
		TEST(finds_two_byte_extensions_by_number),
		TEST(number_fifteen_and_a_filled_zero_end_the_walk),
		TEST(padding_only_leaves_an_empty_payload),
		TEST(padding_waits_for_decryption),
		TEST(wrong_version_and_short_packets_are_refused),
		TEST(survives_every_cut_and_flip),
		TEST(a_written_header_reads_back),
		TEST(an_element_that_cannot_be_written_is_refused),
		TEST(fields_are_changed_in_place),
		TEST(a_retransmission_becomes_what_it_repeats),
		TEST(redundant_blocks_read_back),
		TEST(redundant_blocks_survive_every_cut_and_flip),
	};
	return RUN("wire/rtp", tests);
}
