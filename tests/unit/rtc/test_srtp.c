#include "rtc/srtp.h"

#include <openssl/evp.h>

#include "../check.h"
#include "base/assert.h"
#include "base/random.h"
#include "oracle.h"

enum {
	ROOM = 2048,
	SSRC = 0x1234abcd,
};

static const enum srtp_profile PROFILES[] = {
	SRTP_AEAD_AES_128_GCM,
	SRTP_AEAD_AES_256_GCM,
	SRTP_AES128_CM_SHA1_80,
};

static struct srtp_key a_key(enum srtp_profile profile, uint64_t seed)
{
	struct random r = random_seeded(seed);
	struct srtp_key key = { .profile = profile };
	random_fill(&r, key.key, sizeof key.key);
	random_fill(&r, key.salt, sizeof key.salt);
	return key;
}

struct pair {
	struct srtp *tx;
	struct srtp *rx;
};

static struct pair pair_of(enum srtp_profile profile)
{
	struct srtp_key key = a_key(profile, profile);
	struct pair p = { srtp_new(&key, SRTP_SEND), srtp_new(&key, SRTP_RECEIVE) };
	CHECK(p.tx != NULL && p.rx != NULL);
	return p;
}

static void pair_free(struct pair *p)
{
	srtp_free(p->tx);
	srtp_free(p->rx);
}

/* A header with a one-byte extension and one CSRC now and then. */
static size_t make_header(uint8_t *at, uint64_t index, uint32_t ssrc)
{
	memset(at, 0, 28);
	at[0] = 0x80;
	at[1] = 111;
	put_u16(at + 2, (uint16_t)index);
	put_u32(at + 4, (uint32_t)index * 960);
	put_u32(at + 8, ssrc);
	if (index % 3 == 0)
		return 12;
	at[0] = 0x91;
	put_u32(at + 12, 7);
	put_u16(at + 16, 0xbede);
	put_u16(at + 18, 2);
	put_u32(at + 20, 0x10ff3205);
	return 28;
}

static void make_payload(uint8_t *at, size_t len, uint64_t index)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(index * 31 + i);
}

static enum err send(struct srtp *tx, uint64_t index, uint32_t ssrc, uint8_t *out, size_t *len)
{
	uint8_t header[28], payload[1200];
	size_t n = index * 7 % 1200;
	size_t header_len = make_header(header, index, ssrc);
	make_payload(payload, n, index);
	return srtp_protect(tx, bytes_of(header, header_len), bytes_of(payload, n), index, out,
			    ROOM, len);
}

static void check_plain(const uint8_t *at, size_t len, uint64_t index)
{
	uint8_t right[1228];
	size_t n = index * 7 % 1200;
	size_t header_len = make_header(right, index, SSRC);
	make_payload(right + header_len, n, index);
	assert_int_equal(len, header_len + n);
	assert_memory_equal(at, right, len);
}

static enum err pass(struct pair *p, uint64_t index)
{
	uint8_t packet[ROOM];
	size_t len;
	uint64_t got;
	assert_int_equal(send(p->tx, index, SSRC, packet, &len), OK);
	enum err err = srtp_unprotect(p->rx, packet, &len, &got);
	if (err != OK)
		return err;
	assert_true(got == index);
	check_plain(packet, len, index);
	return OK;
}

static void libsrtp_opens_what_we_seal_over_three_wraps(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct srtp_key key = a_key(profile, 1);
		struct srtp *tx = srtp_new(&key, SRTP_SEND);
		struct oracle *o = oracle_new(&key, SRTP_RECEIVE);
		uint8_t packet[ROOM];
		size_t len;
		for (uint64_t index = 30000; index < 4 * 65536; index += 1 + index % 97) {
			assert_int_equal(send(tx, index, SSRC, packet, &len), OK);
			CHECK(oracle_unprotect(o, packet, &len));
			check_plain(packet, len, index);
		}
		oracle_free(o);
		srtp_free(tx);
	}
}

static void opens_what_libsrtp_seals_over_three_wraps(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct srtp_key key = a_key(profile, 2);
		struct srtp *rx = srtp_new(&key, SRTP_RECEIVE);
		struct oracle *o = oracle_new(&key, SRTP_SEND);
		uint8_t packet[ROOM];
		uint64_t got;
		for (uint64_t index = 30000; index < 4 * 65536; index += 1 + index % 97) {
			size_t n = index * 7 % 1200;
			size_t len = make_header(packet, index, SSRC);
			make_payload(packet + len, n, index);
			len += n;
			CHECK(oracle_protect(o, packet, &len));
			assert_int_equal(srtp_unprotect(rx, packet, &len, &got), OK);
			assert_true(got == index);
			check_plain(packet, len, index);
		}
		oracle_free(o);
		srtp_free(rx);
	}
}

static size_t make_report(uint8_t *at, uint32_t n)
{
	memset(at, (int)n, 28);
	at[0] = 0x80;
	at[1] = 200;
	put_u16(at + 2, 6);
	put_u32(at + 4, SSRC);
	return 28;
}

static void libsrtp_and_we_open_each_others_rtcp(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct srtp_key key = a_key(profile, 3);
		struct pair p = { srtp_new(&key, SRTP_SEND), srtp_new(&key, SRTP_RECEIVE) };
		struct oracle *otx = oracle_new(&key, SRTP_SEND);
		struct oracle *orx = oracle_new(&key, SRTP_RECEIVE);
		for (uint32_t n = 0; n < 300; n++) {
			uint8_t packet[64], right[64];
			size_t len = make_report(packet, n);
			make_report(right, n);
			assert_int_equal(srtcp_protect(p.tx, packet, &len, sizeof packet), OK);
			assert_memory_not_equal(packet + 8, right + 8, 20);
			CHECK(oracle_unprotect_rtcp(orx, packet, &len));
			assert_int_equal(len, 28);
			assert_memory_equal(packet, right, 28);
			CHECK(oracle_protect_rtcp(otx, packet, &len));
			assert_int_equal(srtcp_unprotect(p.rx, packet, &len), OK);
			assert_int_equal(len, 28);
			assert_memory_equal(packet, right, 28);
		}
		oracle_free(otx);
		oracle_free(orx);
		pair_free(&p);
	}
}

static void a_gap_of_forty_thousand_packets_is_survived(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct pair p = pair_of(profile);
		uint64_t index = 100;
		for (int i = 0; i < 12; i++, index += 40000)
			assert_int_equal(pass(&p, index), OK);
		pair_free(&p);
	}
}

static void packets_around_a_wrap_may_come_in_any_order(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	uint8_t packet[80][ROOM];
	size_t len[80];
	uint64_t base = 3 * 65536 - 40;
	struct random r = random_seeded(5);
	for (uint64_t index = 1000; index < base; index += 20000)
		assert_int_equal(pass(&p, index), OK);
	assert_int_equal(pass(&p, base - 1), OK);
	for (size_t i = 0; i < 80; i++)
		assert_int_equal(send(p.tx, base + i, SSRC, packet[i], &len[i]), OK);
	size_t order[80];
	for (size_t i = 0; i < 80; i++)
		order[i] = i;
	for (size_t i = 79; i > 0; i--) {
		size_t j = random_below(&r, i + 1), t = order[i];
		order[i] = order[j];
		order[j] = t;
	}
	for (size_t i = 0; i < 80; i++) {
		uint64_t got;
		size_t k = order[i];
		assert_int_equal(srtp_unprotect(p.rx, packet[k], &len[k], &got), OK);
		assert_true(got == base + k);
	}
	pair_free(&p);
}

static void a_packet_is_taken_once(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct pair p = pair_of(profile);
		uint8_t first[ROOM], copy[ROOM];
		size_t len, n;
		uint64_t got;
		assert_int_equal(send(p.tx, 500, SSRC, first, &len), OK);
		memcpy(copy, first, n = len);
		assert_int_equal(srtp_unprotect(p.rx, copy, &n, &got), OK);
		memcpy(copy, first, n = len);
		assert_int_equal(srtp_unprotect(p.rx, copy, &n, &got), ERR_CONFLICT);
		/* Also when it has just left the window, and long after. */
		for (uint64_t index = 501; index < 500 + SRTP_WINDOW; index++)
			assert_int_equal(pass(&p, index), OK);
		memcpy(copy, first, n = len);
		assert_int_equal(srtp_unprotect(p.rx, copy, &n, &got), ERR_CONFLICT);
		assert_int_equal(pass(&p, 500 + SRTP_WINDOW), OK);
		memcpy(copy, first, n = len);
		assert_int_equal(srtp_unprotect(p.rx, copy, &n, &got), ERR_CRYPTO);
		assert_int_equal(pass(&p, 60000), OK);
		memcpy(copy, first, n = len);
		assert_int_not_equal(srtp_unprotect(p.rx, copy, &n, &got), OK);
		assert_int_equal(pass(&p, 60001), OK);
		pair_free(&p);
	}
}

static void a_late_packet_inside_the_window_is_taken(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	uint8_t late[ROOM];
	size_t len;
	uint64_t got;
	assert_int_equal(send(p.tx, 1000, SSRC, late, &len), OK);
	assert_int_equal(pass(&p, 1000 + SRTP_WINDOW - 1), OK);
	assert_int_equal(srtp_unprotect(p.rx, late, &len, &got), OK);
	assert_true(got == 1000);
	pair_free(&p);
}

static void a_window_left_behind_is_forgotten_whole(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	for (uint64_t index = 5000; index < 5000 + SRTP_WINDOW; index++)
		assert_int_equal(pass(&p, index), OK);
	assert_int_equal(pass(&p, 5000 + 3 * SRTP_WINDOW), OK);
	for (uint64_t index = 5001 + 2 * SRTP_WINDOW; index < 5000 + 3 * SRTP_WINDOW; index++)
		assert_int_equal(pass(&p, index), OK);
	pair_free(&p);
}

static void a_number_before_the_first_is_one_far_ahead(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	assert_int_equal(pass(&p, 10), OK);
	assert_int_equal(pass(&p, 65530), OK);
	assert_int_equal(pass(&p, 65540), OK);
	pair_free(&p);
}

static void what_is_no_rtp_or_clear_rtcp_is_told_apart(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	uint8_t packet[ROOM];
	uint64_t got;
	size_t len;
	const uint8_t first[] = { 0x40, 0xc0, 0x00, 0x8f /* 15 CSRCs */, 0x90 /* an extension */ };
	for (size_t i = 0; i < sizeof first; i++) {
		assert_int_equal(send(p.tx, 3 * i, i + 1, packet, &len), OK);
		packet[0] = first[i];
		len = 12 + 16;
		assert_int_equal(srtp_unprotect(p.rx, packet, &len, &got), ERR_BAD);
	}
	len = make_report(packet, 3);
	assert_int_equal(srtcp_protect(p.tx, packet, &len, ROOM), OK);
	packet[len - 4] &= 0x7f; /* the mark of encryption */
	assert_int_equal(srtcp_unprotect(p.rx, packet, &len), ERR_BAD);
	pair_free(&p);
}

static void any_flipped_bit_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct pair p = pair_of(profile);
		uint8_t good[ROOM], bad[ROOM];
		size_t len, n;
		uint64_t got;
		assert_int_equal(send(p.tx, 3, SSRC, good, &len), OK);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			memcpy(bad, good, n = len);
			bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(srtp_unprotect(p.rx, bad, &n, &got), OK);
		}
		assert_int_equal(srtp_unprotect(p.rx, good, &len, &got), OK);
		check_plain(good, len, 3);
		pair_free(&p);
	}
}

static void a_cut_packet_is_refused(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct pair p = pair_of(profile);
		uint8_t good[ROOM];
		size_t len;
		uint64_t got;
		assert_int_equal(send(p.tx, 4, SSRC, good, &len), OK);
		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *exact = malloc(cut + 1); /* so that ASan sees each step too far */
			size_t n = cut;
			memcpy(exact, good, cut);
			assert_int_not_equal(srtp_unprotect(p.rx, exact, &n, &got), OK);
			n = cut;
			assert_int_not_equal(srtcp_unprotect(p.rx, exact, &n), OK);
			free(exact);
		}
		pair_free(&p);
	}
}

static void another_key_is_refused(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct srtp_key mine = a_key(profile, 8), other = a_key(profile, 8);
		other.salt[0] ^= 1;
		struct pair p = { srtp_new(&mine, SRTP_SEND), srtp_new(&other, SRTP_RECEIVE) };
		assert_int_equal(pass(&p, 5), ERR_CRYPTO);
		uint8_t report[64];
		size_t len = make_report(report, 1);
		assert_int_equal(srtcp_protect(p.tx, report, &len, sizeof report), OK);
		assert_int_equal(srtcp_unprotect(p.rx, report, &len), ERR_CRYPTO);
		pair_free(&p);
	}
}

static void a_report_is_taken_once_whole_and_encrypted(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(PROFILES); k++) {
		enum srtp_profile profile = PROFILES[k];
		struct pair p = pair_of(profile);
		uint8_t good[64], bad[64];
		size_t len = make_report(good, 9), n;
		assert_int_equal(srtcp_protect(p.tx, good, &len, sizeof good), OK);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			memcpy(bad, good, n = len);
			bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(srtcp_unprotect(p.rx, bad, &n), OK);
		}
		memcpy(bad, good, n = len);
		assert_int_equal(srtcp_unprotect(p.rx, bad, &n), OK);
		assert_int_equal(srtcp_unprotect(p.rx, good, &len), ERR_CONFLICT);
		pair_free(&p);
	}
}

static void an_index_is_never_sealed_twice(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	uint8_t packet[ROOM];
	size_t len;
	for (uint64_t index = 10; index < 3000; index += 3)
		assert_int_equal(send(p.tx, index, SSRC, packet, &len), OK);
	assert_int_equal(send(p.tx, 2998, SSRC, packet, &len), ERR_CONFLICT);
	assert_int_equal(send(p.tx, 10, SSRC, packet, &len), ERR_CONFLICT);
	assert_int_equal(send(p.tx, 2996, SSRC, packet, &len), OK); /* late, and new */
	assert_int_equal(send(p.tx, 2998, SSRC + 1, packet, &len), OK);
	assert_int_equal(send(p.tx, (uint64_t)1 << 48, SSRC, packet, &len), ERR_LIMIT);
	pair_free(&p);
}

static void only_authentic_packets_make_state_and_only_for_so_many_ssrcs(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	uint8_t packet[ROOM] = { 0x80, 111 };
	uint64_t got;
	size_t len;
	for (uint32_t ssrc = 0; ssrc < 1000; ssrc++) { /* a stranger's */
		packet[0] = 0x80;
		put_u32(packet + 8, ssrc);
		len = 200;
		assert_int_equal(srtp_unprotect(p.rx, packet, &len, &got), ERR_CRYPTO);
	}
	for (uint32_t ssrc = 0; ssrc < SRTP_SSRCS_MAX; ssrc++) {
		assert_int_equal(send(p.tx, 1, ssrc, packet, &len), OK);
		assert_int_equal(srtp_unprotect(p.rx, packet, &len, &got), OK);
	}
	assert_int_equal(send(p.tx, 1, 5000, packet, &len), ERR_LIMIT);
	pair_free(&p);
}

static void too_little_room_is_told(void **state)
{
	(void)state;
	struct pair p = pair_of(SRTP_AEAD_AES_128_GCM);
	uint8_t header[28], out[ROOM];
	size_t len = 0;
	make_header(header, 3, SSRC);
	struct bytes h = bytes_of(header, 12), payload = bytes_from_text("hello");
	assert_int_equal(srtp_protect(p.tx, h, payload, 3, out, 32, &len), ERR_SHORT);
	assert_int_equal(srtp_protect(p.tx, h, payload, 3, out, 33, &len), OK);
	assert_int_equal(len, 33);
	len = make_report(out, 1);
	assert_int_equal(srtcp_protect(p.tx, out, &len, 28 + 19), ERR_SHORT);
	assert_int_equal(srtcp_protect(p.tx, out, &len, 28 + 20), OK);
	pair_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(libsrtp_opens_what_we_seal_over_three_wraps),
		TEST(opens_what_libsrtp_seals_over_three_wraps),
		TEST(libsrtp_and_we_open_each_others_rtcp),
		TEST(a_gap_of_forty_thousand_packets_is_survived),
		TEST(packets_around_a_wrap_may_come_in_any_order),
		TEST(a_packet_is_taken_once),
		TEST(a_late_packet_inside_the_window_is_taken),
		TEST(a_window_left_behind_is_forgotten_whole),
		TEST(a_number_before_the_first_is_one_far_ahead),
		TEST(what_is_no_rtp_or_clear_rtcp_is_told_apart),
		TEST(any_flipped_bit_is_refused_and_changes_nothing),
		TEST(a_cut_packet_is_refused),
		TEST(another_key_is_refused),
		TEST(a_report_is_taken_once_whole_and_encrypted),
		TEST(an_index_is_never_sealed_twice),
		TEST(only_authentic_packets_make_state_and_only_for_so_many_ssrcs),
		TEST(too_little_room_is_told),
	};
	return RUN("rtc/srtp", tests);
}
