#include "ipc/record.h"

#include "../check.h"
#include "base/assert.h"

static uint8_t wire[RECORD_BATCH_MAX];
static const uint8_t payload[] = { 0x90, 0x80, 1, 2, 3 };

static struct record_packet packet(void)
{
	return (struct record_packet){
		.visit = { 0x0123456789abcdef },
		.end = 3,
		.codec = CODEC_VP8,
		.key = true,
		.marker = true,
		.stream = 0x89abcdef,
		.seq = UINT64_MAX - 1,
		.timestamp = 0xfedcba98,
		.at = { 1234567890123 },
		.payload = { payload, sizeof payload },
	};
}

static void a_batch_comes_back_as_it_went(void **state)
{
	(void)state;
	struct writer w = writer_of(wire, sizeof wire);
	struct record_packet in = packet(), out;
	struct reader r;
	uint32_t lost;
	record_batch_begin(&w, 7);
	CHECK(record_packet_put(&w, &in));
	in.end = 0;
	in.codec = CODEC_OPUS;
	in.key = in.marker = false;
	in.payload.len = 0;
	CHECK(record_packet_put(&w, &in));
	CHECK(record_batch_read(writer_bytes(&w), &r, &lost) == OK && lost == 7);
	CHECK(record_packet_next(&r, &out) == OK);
	struct record_packet first = packet();
	CHECK(out.visit.n == first.visit.n && out.end == 3 && out.codec == CODEC_VP8);
	CHECK(out.key && out.marker && out.seq == first.seq && out.timestamp == first.timestamp);
	CHECK(out.stream == first.stream);
	CHECK(out.at.us == first.at.us && bytes_equal(out.payload, first.payload));
	CHECK(record_packet_next(&r, &out) == OK && out.codec == CODEC_OPUS && !out.key);
	CHECK(record_packet_next(&r, &out) == ERR_NOT_FOUND);
}

static void what_does_not_fit_is_not_written_at_all(void **state)
{
	(void)state;
	uint8_t small[RECORD_BATCH_HEAD + RECORD_PACKET_HEAD + sizeof payload];
	struct writer w = writer_of(small, sizeof small);
	struct record_packet in = packet();
	record_batch_begin(&w, 0);
	CHECK(record_packet_put(&w, &in));
	size_t len = w.len;
	CHECK(!record_packet_put(&w, &in) && w.len == len && writer_ok(&w));
}

static void a_batch_that_was_cut_or_changed_is_bad_and_never_read_beyond(void **state)
{
	(void)state;
	struct writer w = writer_of(wire, sizeof wire);
	struct record_packet in = packet(), out;
	struct reader r;
	uint32_t lost;
	record_batch_begin(&w, 0);
	CHECK(record_packet_put(&w, &in));
	for (size_t cut = 1; cut < w.len; cut++) {
		enum err err = record_batch_read(bytes_of(wire, cut), &r, &lost);
		CHECK(err == ERR_BAD || record_packet_next(&r, &out) != OK);
	}
	static const struct {
		size_t at;
		uint8_t value;
	} bad[] = { { 0, 9 },  { 1, 2 },          { 6, 0xff }, /* a visit below 0 */
		    { 14, 8 },                                 /* an end that there is not */
		    { 15, 0 }, { 15, CODEC_RED }, { 15, CODEC_COUNT }, { 16, 4 } };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		uint8_t before = wire[bad[i].at];
		wire[bad[i].at] = bad[i].value;
		enum err err = record_batch_read(writer_bytes(&w), &r, &lost);
		CHECK(err == ERR_BAD || record_packet_next(&r, &out) == ERR_BAD);
		wire[bad[i].at] = before;
	}
}

static void each_note_comes_back_as_it_went(void **state)
{
	(void)state;
	static const enum record_type types[] = { RECORD_HELLO, RECORD_STORED, RECORD_READY,
						  RECORD_BEGAN, RECORD_ENDED,  RECORD_LOST };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct record_note in = { .type = types[i],
					  .number = 5,
					  .instance = 99,
					  .visit = { 77 },
					  .segment = 66,
					  .end = 1,
					  .codec = CODEC_VP9,
					  .at_ms = 1234,
					  .ms = 60000,
					  .bytes = 1 << 20,
					  .cause = RECORD_DISK,
					  .key = { 1, 2 },
					  .hash = { 3, 4 } };
		struct record_note out;
		size_t len;
		bool from_web = types[i] < RECORD_READY;
		CHECK(record_note_encode(&in, wire, RECORD_NOTE_MAX, &len) == OK);
		CHECK(record_note_decode(bytes_of(wire, len), from_web, &out) == OK);
		CHECK(out.type == in.type && out.number == 5);
		if (types[i] >= RECORD_BEGAN)
			CHECK(out.visit.n == 77 && out.segment == 66 && out.end == 1 &&
			      out.codec == CODEC_VP9 && out.at_ms == 1234 && out.ms == 60000 &&
			      out.bytes == 1 << 20 && out.cause == RECORD_DISK &&
			      memcmp(out.key, in.key, sizeof in.key) == 0 &&
			      memcmp(out.hash, in.hash, sizeof in.hash) == 0);
		CHECK(record_note_decode(bytes_of(wire, len), !from_web, &out) == ERR_BAD);
		for (size_t cut = 0; cut < len; cut++)
			CHECK(record_note_decode(bytes_of(wire, cut), from_web, &out) == ERR_BAD);
		wire[len] = 0;
		CHECK(record_note_decode(bytes_of(wire, len + 1), from_web, &out) == ERR_BAD);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_comes_back_as_it_went),
		cmocka_unit_test(what_does_not_fit_is_not_written_at_all),
		cmocka_unit_test(a_batch_that_was_cut_or_changed_is_bad_and_never_read_beyond),
		cmocka_unit_test(each_note_comes_back_as_it_went),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
