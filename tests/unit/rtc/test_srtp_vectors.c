/* The vectors of RFC 3711 and RFC 7714 give session keys, which are no business of the header:
 * so the source itself is part of this test. */
#include "rtc/srtp.c"

#include "../check.h"
#include "base/hex.h"

static size_t hex(const char *text, uint8_t *out)
{
	struct str s = str_from(text);
	CHECK(hex_decode(s, out, s.len / 2));
	return s.len / 2;
}

static void check_hex(const uint8_t *at, const char *text)
{
	uint8_t right[128];
	size_t len = hex(text, right);
	assert_memory_equal(at, right, len);
}

static void derives_the_keys_of_rfc_3711_b3(void **state)
{
	(void)state;
	struct srtp_key key = { .profile = SRTP_AES128_CM_SHA1_80 };
	uint8_t out[94];
	hex("e1f97a0d3e018be0d64fa32c06de4139", key.key);
	hex("0ec675ad498afeebb6960b3aabe6", key.salt);
	CHECK(derive(&key, LABEL_RTP_KEY, out, 16));
	check_hex(out, "c61e7a93744f39ee10734afe3ff7a087");
	CHECK(derive(&key, LABEL_RTP_SALT, out, 14));
	check_hex(out, "30cbbc08863d8c85d49db34a9ae1");
	CHECK(derive(&key, LABEL_RTP_MAC, out, 94));
	check_hex(out, "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbce"
		       "e049646c43d9327ad175578ef72270986371c10c9a369ac2f94a8c5fbcdddc25"
		       "6d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2");
}

/* A sender with the session key 00 01 02 … and the salt "Quid pro quo". */
static struct srtp gcm_sender(enum srtp_profile profile)
{
	struct srtp s = { .profile = profile, .direction = SRTP_SEND };
	uint8_t key[SRTP_KEY_MAX];
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)i;
	struct session *both[] = { &s.rtp, &s.rtcp };
	for (size_t i = 0; i < 2; i++) {
		both[i]->cipher = EVP_CIPHER_CTX_new();
		memcpy(both[i]->salt, "Quid pro quo", 12);
		assert_int_equal(
		    EVP_CipherInit_ex(both[i]->cipher, session_cipher(profile), NULL, key, NULL, 1),
		    1);
	}
	return s;
}

static void check_rtp(enum srtp_profile profile, const char *sealed)
{
	struct srtp s = gcm_sender(profile);
	uint8_t header[12], out[128];
	size_t len;
	hex("8040f17b8041f8d35501a0b2", header);
	assert_int_equal(srtp_protect(&s, bytes_of(header, 12),
				      bytes_from_text("Gallia est omnis divisa in partes tres"),
				      0xf17b, out, sizeof out, &len),
			 OK);
	assert_int_equal(len, 66);
	check_hex(out, sealed);
	session_clear(&s.rtp);
	session_clear(&s.rtcp);
}

static void seals_the_packets_of_rfc_7714_16(void **state)
{
	(void)state;
	check_rtp(SRTP_AEAD_AES_128_GCM,
		  "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a"
		  "51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
	check_rtp(SRTP_AEAD_AES_256_GCM,
		  "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a02"
		  "76ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13");
}

static void seals_the_report_of_rfc_7714_17(void **state)
{
	(void)state;
	struct srtp s = gcm_sender(SRTP_AEAD_AES_128_GCM);
	uint8_t packet[128];
	size_t len = hex("81c8000d4d6172734e5450314e545032525450200000042a0000e930"
			 "4c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
			 packet);
	s.rtcp_next = 0x5d4;
	assert_int_equal(srtcp_protect(&s, packet, &len, sizeof packet), OK);
	assert_int_equal(len, 72);
	check_hex(packet, "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1"
			  "730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade"
			  "800005d4");
	session_clear(&s.rtp);
	session_clear(&s.rtcp);
}

/* RFC 7714 8.1: 00 00 SSRC ROC SEQ, exclusive or with the salt; the ROC has 32 bits. */
static void the_nonce_holds_the_whole_index(void **state)
{
	(void)state;
	struct srtp s = gcm_sender(SRTP_AEAD_AES_128_GCM);
	uint8_t header[12], out[64], plain[5], iv[GCM_IV];
	size_t len;
	int n;
	hex("806f9abc0000000055010203", header);
	assert_int_equal(srtp_protect(&s, bytes_of(header, 12), bytes_from_text("hello"),
				      0x123456789abc, out, sizeof out, &len),
			 OK);
	hex("000055010203123456789abc", iv);
	for (size_t i = 0; i < sizeof iv; i++)
		iv[i] ^= s.rtp.salt[i];
	assert_int_equal(EVP_CipherInit_ex(s.rtp.cipher, NULL, NULL, NULL, iv, 0), 1);
	assert_int_equal(EVP_CipherUpdate(s.rtp.cipher, plain, &n, out + 12, 5), 1);
	assert_memory_equal(plain, "hello", 5);
	session_clear(&s.rtp);
	session_clear(&s.rtcp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(derives_the_keys_of_rfc_3711_b3),
		TEST(seals_the_packets_of_rfc_7714_16),
		TEST(seals_the_report_of_rfc_7714_17),
		TEST(the_nonce_holds_the_whole_index),
	};
	return RUN("rtc/srtp_vectors", tests);
}
