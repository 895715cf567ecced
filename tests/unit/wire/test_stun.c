#include "wire/stun.h"

#include "mangle.h"
#include "wire/demux.h"

/* RFC 5769 sections 2.1, 2.2, 2.3; the password is the same in all. */
static const char password[] = "VOkJxbRl1RmTxUk/WvJxBt";
static const char request_hex[] =
    "0001 0058 2112a442 b7e7a701bc34d686fa87dfae 8022 0010 5354554e207465737420636c69656e74"
    "0024 0004 6e0001ff 8029 0008 932ff9b151263b36 0006 0009 6576746a3a68367659 202020"
    "0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 8028 0004 e57a3bcf";
static const char response4_hex[] =
    "0101 003c 2112a442 b7e7a701bc34d686fa87dfae 8022 000b 7465737420766563746f72 20"
    "0020 0008 0001a147e112a643 0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "8028 0004 c07d4c96";
static const char response6_hex[] =
    "0101 0048 2112a442 b7e7a701bc34d686fa87dfae 8022 000b 7465737420766563746f72 20"
    "0020 0014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41 8028 0004 c8fb0b4c";

static struct stun_key key_of(const char *text)
{
	struct stun_key key;
	assert_int_equal(stun_key_init(&key, bytes_from_text(text)), OK);
	return key;
}

static void reads_and_verifies_the_request_of_the_rfc(void **state)
{
	(void)state;
	uint8_t in[256];
	struct stun_message m;
	struct stun_key key = key_of(password);
	assert_int_equal(stun_parse(unhex(request_hex, in), &m), OK);
	assert_int_equal(m.type, STUN_BINDING_REQUEST);
	assert_int_equal(m.priority, 0x6e0001ff);
	assert_int_equal(m.role, STUN_CONTROLLED);
	assert_true(m.tie_breaker == 0x932ff9b151263b36u);
	assert_true(m.has_fingerprint);
	assert_false(m.use_candidate);
	assert_int_equal(m.unknown, 0);
	assert_true(bytes_equal(m.username, bytes_from_text("evtj:h6vY")));
	assert_true(str_is(stun_username_local(&m), "evtj"));
	assert_true(stun_verify(&m, &key));
	assert_true(stun_verify(&m, &key)); /* the key is used again and again */
	stun_key_clear(&key);
}

static void another_password_does_not_verify(void **state)
{
	(void)state;
	uint8_t in[256];
	struct stun_message m;
	struct stun_key key = key_of("VOkJxbRl1RmTxUk/WvJxBu");
	assert_int_equal(stun_parse(unhex(request_hex, in), &m), OK);
	assert_false(stun_verify(&m, &key));
	stun_key_clear(&key);
}

static void reads_the_mapped_addresses_of_the_rfc(void **state)
{
	(void)state;
	uint8_t in[256];
	struct stun_message m;
	struct address v4, v6;
	struct stun_key key = key_of(password);
	assert_true(address_from_text(STR("192.0.2.1"), 32853, &v4));
	assert_true(address_from_text(STR("2001:db8:1234:5678:11:2233:4455:6677"), 32853, &v6));
	assert_int_equal(stun_parse(unhex(response4_hex, in), &m), OK);
	assert_true(address_equal(&m.mapped, &v4));
	assert_true(stun_verify(&m, &key));
	assert_int_equal(stun_parse(unhex(response6_hex, in), &m), OK);
	assert_true(address_equal(&m.mapped, &v6));
	assert_true(stun_verify(&m, &key));
	stun_key_clear(&key);
}

static void no_change_of_a_covered_bit_verifies(void **state)
{
	(void)state;
	uint8_t in[256];
	struct stun_key key = key_of(password);
	struct bytes good = unhex(request_hex, in);
	for (size_t i = 0; i < good.len; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			struct stun_message m;
			in[i] ^= (uint8_t)(1u << bit);
			assert_false(!stun_parse(good, &m) && m.has_fingerprint);
			/* without the check sum the integrity must still see it */
			if (i < good.len - 8 && !stun_parse(bytes_of(in, good.len), &m))
				assert_false(stun_verify(&m, &key));
			in[i] ^= (uint8_t)(1u << bit);
		}
	}
	stun_key_clear(&key);
}

static void the_integrity_covers_every_byte_when_there_is_no_fingerprint(void **state)
{
	(void)state;
	uint8_t in[256];
	struct stun_key key = key_of(password);
	struct bytes good = unhex(request_hex, in);
	good.len -= 8;
	put_u16(in + 2, (uint16_t)(good.len - 20));
	struct stun_message m;
	assert_int_equal(stun_parse(good, &m), OK);
	assert_true(stun_verify(&m, &key));
	for (size_t i = 0; i < good.len; i++) {
		in[i] ^= 1;
		assert_false(!stun_parse(good, &m) && stun_verify(&m, &key));
		in[i] ^= 1;
	}
	stun_key_clear(&key);
}

static void try_parse(struct bytes b)
{
	struct stun_message m;
	struct stun_key key = key_of(password);
	if (!stun_parse(b, &m)) {
		assert_true(m.username.len <= b.len);
		(void)stun_verify(&m, &key);
	}
	stun_key_clear(&key);
}

static void survives_every_cut_and_flip(void **state)
{
	(void)state;
	uint8_t in[256];
	mangle(unhex(request_hex, in), try_parse);
	mangle(unhex(response4_hex, in), try_parse);
	mangle(unhex(response6_hex, in), try_parse);
}

static void a_written_request_reads_back(void **state)
{
	(void)state;
	uint8_t out[STUN_MESSAGE_MAX];
	struct writer w = writer_of(out, sizeof out);
	struct stun_key key = key_of(password);
	struct stun_request q = { .transaction = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 },
				  .username = STR("server:client"),
				  .priority = 77,
				  .role = STUN_CONTROLLING,
				  .tie_breaker = 99,
				  .use_candidate = true };
	struct stun_message m;
	assert_int_equal(stun_write_request(&w, &q, &key), OK);
	assert_int_equal(datagram_kind(writer_bytes(&w)), DATAGRAM_STUN);
	assert_int_equal(stun_parse(writer_bytes(&w), &m), OK);
	assert_true(stun_verify(&m, &key));
	assert_int_equal(m.type, STUN_BINDING_REQUEST);
	assert_memory_equal(m.transaction, q.transaction, sizeof q.transaction);
	assert_int_equal(m.role, STUN_CONTROLLING);
	assert_true(m.tie_breaker == 99 && m.priority == 77 && m.use_candidate);
	assert_true(str_is(stun_username_local(&m), "server"));
	stun_key_clear(&key);
}

static void a_written_success_tells_the_address(void **state)
{
	(void)state;
	static const char *const ips[] = { "203.0.113.9", "2001:db8::7" };
	const uint8_t transaction[12] = { 9, 8, 7 };
	struct stun_key key = key_of(password);
	for (size_t i = 0; i < 2; i++) {
		uint8_t out[STUN_MESSAGE_MAX];
		struct writer w = writer_of(out, sizeof out);
		struct address a;
		struct stun_message m;
		assert_true(address_from_text(str_from(ips[i]), 50000, &a));
		assert_int_equal(stun_write_success(&w, transaction, &a, &key), OK);
		assert_int_equal(stun_parse(writer_bytes(&w), &m), OK);
		assert_int_equal(m.type, STUN_BINDING_SUCCESS);
		assert_true(address_equal(&m.mapped, &a));
		assert_true(stun_verify(&m, &key));
	}
	stun_key_clear(&key);
}

static void a_written_error_tells_its_code(void **state)
{
	(void)state;
	static const enum stun_error codes[] = { STUN_BAD_REQUEST, STUN_UNAUTHENTICATED,
						 STUN_UNKNOWN_ATTRIBUTE, STUN_ROLE_CONFLICT };
	const uint8_t transaction[12] = { 0 };
	for (size_t i = 0; i < 4; i++) {
		uint8_t out[STUN_MESSAGE_MAX];
		struct writer w = writer_of(out, sizeof out);
		struct stun_message m;
		assert_int_equal(stun_write_error(&w, transaction, codes[i], 0x7001, NULL), OK);
		assert_int_equal(stun_parse(writer_bytes(&w), &m), OK);
		assert_int_equal(m.type, STUN_BINDING_ERROR);
		assert_int_equal(m.error_code, codes[i]);
		assert_int_equal(m.integrity_at, 0);
	}
}

static void an_attribute_that_must_be_understood_is_told(void **state)
{
	(void)state;
	uint8_t in[64];
	struct stun_message m;
	struct bytes b =
	    unhex("0001 0008 2112a442 000000000000000000000000 7001 0003 01020300", in);
	assert_int_equal(stun_parse(b, &m), OK);
	assert_int_equal(m.unknown, 0x7001);
}

static void what_follows_the_integrity_does_not_count(void **state)
{
	(void)state;
	uint8_t in[128];
	struct stun_message m;
	struct bytes b = unhex("0001 0020 2112a442 000000000000000000000000 0008 0014"
			       "0000000000000000000000000000000000000000 0024 0004 00000007 ",
			       in);
	assert_int_equal(stun_parse(b, &m), OK);
	assert_int_equal(m.priority, 0);
	assert_int_equal(get_u16(in + 2), b.len - 20);
}

static void no_message_is_written_where_it_does_not_fit(void **state)
{
	(void)state;
	struct stun_key key = key_of(password);
	const uint8_t transaction[12] = { 0 };
	struct address a;
	assert_true(address_from_text(STR("192.0.2.1"), 1, &a));
	for (size_t cap = 0; cap < 64; cap++) {
		uint8_t out[64];
		struct writer w = writer_of(out, cap);
		assert_int_equal(stun_write_success(&w, transaction, &a, &key), ERR_LIMIT);
	}
	stun_key_clear(&key);
}

static void datagrams_are_told_apart_by_their_first_bytes(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		const uint8_t rtp[2] = { (uint8_t)first, 96 };
		enum datagram kind = datagram_kind(bytes_of(rtp, 2));
		enum datagram expected = first <= 3                     ? DATAGRAM_STUN
					 : first >= 20 && first <= 63   ? DATAGRAM_DTLS
					 : first >= 128 && first <= 191 ? DATAGRAM_RTP
									: DATAGRAM_UNKNOWN;
		assert_int_equal(kind, expected);
	}
	const uint8_t rtcp[2] = { 0x80, 200 };
	assert_int_equal(datagram_kind(bytes_of(rtcp, 2)), DATAGRAM_RTCP);
	assert_int_equal(datagram_kind(bytes_of(rtcp, 1)), DATAGRAM_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_and_verifies_the_request_of_the_rfc),
		TEST(another_password_does_not_verify),
		TEST(reads_the_mapped_addresses_of_the_rfc),
		TEST(no_change_of_a_covered_bit_verifies),
		TEST(the_integrity_covers_every_byte_when_there_is_no_fingerprint),
		TEST(survives_every_cut_and_flip),
		TEST(a_written_request_reads_back),
		TEST(a_written_success_tells_the_address),
		TEST(a_written_error_tells_its_code),
		TEST(an_attribute_that_must_be_understood_is_told),
		TEST(what_follows_the_integrity_does_not_count),
		TEST(no_message_is_written_where_it_does_not_fit),
		TEST(datagrams_are_told_apart_by_their_first_bytes),
	};
	return RUN("wire/stun", tests);
}
