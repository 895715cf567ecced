#include "recording/sealed.h"

#include "../check.h"
#include "base/assert.h"

enum {
	CHUNKS = 3,
};

static uint8_t public[32], secret[32];
static const struct sealed_name name = { .visit = { 77 }, .segment = 5, .end = 1 };
static const struct sealed_means ALL_MEANS[] = {
	{ SEALED_AES_256_GCM, SEALED_SHA_256 },
	{ SEALED_AES_256_GCM, SEALED_BLAKE2B_256 },
	{ SEALED_CHACHA20_POLY1305, SEALED_SHA_256 },
	{ SEALED_CHACHA20_POLY1305, SEALED_BLAKE2B_256 },
};

/* Written by the last version that wrote format 1: "one", then "two" as the last, of that name. */
static const uint8_t FIRST_FILE[] = {
	0x50, 0x56, 0x4c, 0x52, 0x00, 0x00, 0x00, 0x01, 0x67, 0x79, 0x3b, 0xde, 0xc4, 0xdd,
	0x98, 0x37, 0x5c, 0xae, 0x2d, 0xd8, 0x5a, 0x7c, 0x11, 0x9a, 0x61, 0x9c, 0x2b, 0x61,
	0x01, 0x27, 0x6d, 0xf3, 0x00, 0x00, 0x00, 0x14, 0xe7, 0xf3, 0x00, 0x2b, 0x93, 0xcb,
	0x52, 0x03, 0x8c, 0xf9, 0xdd, 0x4d, 0x31, 0x9b, 0x2d, 0x87, 0x44, 0x11, 0x4d, 0x94,
	0x00, 0x00, 0x00, 0x14, 0xd1, 0xab, 0x10, 0xdf, 0x48, 0x8c, 0x1b, 0xbe, 0xc1, 0x48,
	0x86, 0x52, 0x60, 0x87, 0x00, 0xc7, 0x96, 0x82, 0x7f, 0x5c,
};
static const uint8_t FIRST_KEY[SEALED_KEY_LEN] = {
	0xe3, 0xc5, 0xa2, 0x55, 0x2b, 0x10, 0x5e, 0xc4, 0x84, 0x84, 0x1c,
	0xe0, 0xd7, 0x57, 0xc6, 0xe3, 0xa4, 0x38, 0xfc, 0x38, 0x23, 0x13,
	0x11, 0x02, 0x1b, 0x35, 0xd9, 0x2d, 0x0e, 0x89, 0x56, 0x2d,
};
static const uint8_t FIRST_HASH[RECORD_HASH_LEN] = {
	0x9e, 0x75, 0xe4, 0x58, 0x68, 0x1e, 0x60, 0x82, 0x59, 0x15, 0xff,
	0x65, 0xe1, 0x0c, 0xae, 0xfc, 0x2e, 0xef, 0x41, 0xde, 0x36, 0xa4,
	0xa0, 0x6d, 0x99, 0x9c, 0x8b, 0x6b, 0xa3, 0x9e, 0xa4, 0x8b,
};

/* A sealed file, whatever its format. */
struct sample {
	struct buf file;
	uint8_t key[SEALED_KEY_LEN];
	size_t head;                   /* bytes before the first chunk */
	const char *plain[CHUNKS + 1]; /* what stands before each cut between chunks */
	size_t chunks;
};

static int begin(void **state)
{
	(void)state;
	return sodium_init() < 0 || crypto_box_keypair(public, secret) != 0;
}

static struct sample first_sample(void)
{
	struct sample s = {
		.file = buf_of(4096), .head = 32, .plain = { "", "one", "onetwo" }, .chunks = 2
	};
	buf_put(&s.file, FIRST_FILE, sizeof FIRST_FILE);
	memcpy(s.key, FIRST_KEY, sizeof s.key);
	return s;
}

static struct sample sample_of(struct sealed_means means, uint8_t key[RECORD_SEALED_KEY_LEN],
			       uint8_t hash[RECORD_HASH_LEN])
{
	struct sealed sealed;
	struct sample s = { .file = buf_of(4096),
			    .head = SEALED_HEAD,
			    .plain = { "", "one", "oneother", "oneotherlast" },
			    .chunks = CHUNKS };
	CHECK(sealed_begin(&sealed, &name, means, public, key, &s.file) == OK);
	sealed_put(&sealed, bytes_from_text("one"), false, &s.file);
	sealed_put(&sealed, bytes_from_text("other"), false, &s.file);
	sealed_put(&sealed, bytes_from_text("last"), true, &s.file);
	sealed_stands(&sealed, buf_bytes(&s.file));
	CHECK(sealed.bytes == s.file.len);
	sealed_hash(&sealed, hash);
	sealed_end(&sealed);
	CHECK(sealed_key_open(key, public, secret, &name, s.key) == OK);
	return s;
}

/* Of each kind of file in turn; false: there is no more. */
static bool nth_sample(size_t nth, struct sample *out)
{
	uint8_t key[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN];
	if (nth > ARRAY_LEN(ALL_MEANS))
		return false;
	*out = nth == 0 ? first_sample() : sample_of(ALL_MEANS[nth - 1], key, hash);
	return true;
}

/* Where the nth chunk begins; its length with its head. */
static size_t chunk_at(const struct sample *s, size_t nth, size_t *len)
{
	size_t at = s->head;
	for (size_t i = 0;; i++) {
		*len = 4 + (get_u32((const uint8_t *)s->file.at + at) & 0x7fffffff);
		if (i == nth)
			return at;
		at += *len;
	}
}

static void the_vaults_key_opens_what_was_sealed_to_it_and_no_other_does(void **state)
{
	(void)state;
	uint8_t other[32], other_secret[32];
	CHECK(crypto_box_keypair(other, other_secret) == 0);
	for (size_t i = 0; i < ARRAY_LEN(ALL_MEANS); i++) {
		uint8_t sealed[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN], key[SEALED_KEY_LEN];
		struct sample s = sample_of(ALL_MEANS[i], sealed, hash);
		struct buf out = buf_of(4096);
		bool whole = false;
		CHECK(sealed_read(buf_bytes(&s.file), s.key, &name, &whole, &out) == OK && whole);
		CHECK(str_is(buf_view(&out), "oneotherlast"));
		CHECK(sealed_key_open(sealed, other, other_secret, &name, key) == ERR_DENIED);
		s.key[0] ^= 1;
		buf_reset(&out);
		CHECK(sealed_read(buf_bytes(&s.file), s.key, &name, &whole, &out) == ERR_DENIED);
		CHECK(!whole && out.len == 0);
		buf_clear(&s.file);
		buf_clear(&out);
	}
}

static void what_was_written_in_the_first_format_is_still_read(void **state)
{
	(void)state;
	struct sample s = first_sample();
	struct buf out = buf_of(4096);
	uint8_t hash[RECORD_HASH_LEN];
	bool whole = false;
	CHECK(sealed_read(buf_bytes(&s.file), s.key, &name, &whole, &out) == OK && whole);
	CHECK(str_is(buf_view(&out), "onetwo"));
	CHECK(sealed_file_hash(buf_bytes(&s.file), hash) == OK);
	CHECK(memcmp(hash, FIRST_HASH, sizeof hash) == 0);
	buf_clear(&s.file);
	buf_clear(&out);
}

static void a_key_opens_no_other_segment_than_its_own(void **state)
{
	(void)state;
	uint8_t sealed[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN], key[SEALED_KEY_LEN];
	struct sealed_name others[] = { name, name, name };
	struct sample s;
	bool whole;
	others[0].visit.n = 78;
	others[1].segment = 6;
	others[2].end = 0;
	s = sample_of(ALL_MEANS[0], sealed, hash);
	CHECK(sealed_key_open(sealed, public, secret, &others[0], key) == ERR_DENIED);
	CHECK(sealed_key_open(sealed, public, secret, &others[1], key) == ERR_DENIED);
	buf_clear(&s.file);
	for (size_t k = 0; nth_sample(k, &s); k++) {
		struct buf out = buf_of(4096);
		for (size_t i = 0; i < ARRAY_LEN(others); i++) {
			CHECK(sealed_read(buf_bytes(&s.file), s.key, &others[i], &whole, &out) ==
			      ERR_DENIED);
			CHECK(out.len == 0);
		}
		buf_clear(&s.file);
		buf_clear(&out);
	}
}

static void every_flipped_bit_is_found(void **state)
{
	(void)state;
	struct sample s;
	for (size_t k = 0; nth_sample(k, &s); k++) {
		struct buf out = buf_of(4096);
		for (size_t bit = 0; bit < 8 * s.file.len; bit++) {
			bool whole = true;
			buf_reset(&out);
			s.file.at[bit / 8] ^= (char)(1 << bit % 8);
			enum err err = sealed_read(buf_bytes(&s.file), s.key, &name, &whole, &out);
			/* A length that grew looks like a cut. */
			CHECK((err == ERR_DENIED || err == OK) && !whole);
			CHECK(out.len <= strlen(s.plain[s.chunks - 1]));
			CHECK(strncmp(buf_cstr(&out), s.plain[s.chunks], out.len) == 0);
			s.file.at[bit / 8] ^= (char)(1 << bit % 8);
		}
		buf_clear(&s.file);
		buf_clear(&out);
	}
}

static bool stands_before_a_cut(const struct sample *s, const struct buf *out)
{
	for (size_t i = 0; i < s->chunks; i++)
		if (str_is(buf_view(out), s->plain[i]))
			return true;
	return false;
}

static void a_cut_file_gives_what_stands_before_the_cut_and_says_so(void **state)
{
	(void)state;
	struct sample s;
	for (size_t k = 0; nth_sample(k, &s); k++) {
		struct buf out = buf_of(4096);
		bool whole = true;
		for (size_t cut = 0; cut < s.head; cut++)
			CHECK(sealed_read(bytes_of(s.file.at, cut), s.key, &name, &whole, &out) ==
				  ERR_DENIED &&
			      !whole && out.len == 0);
		for (size_t cut = s.head; cut < s.file.len; cut++) {
			whole = true;
			buf_reset(&out);
			CHECK(sealed_read(bytes_of(s.file.at, cut), s.key, &name, &whole, &out) ==
			      OK);
			CHECK(!whole && stands_before_a_cut(&s, &out));
		}
		buf_reset(&out);
		buf_char(&s.file, 'x');
		CHECK(sealed_read(buf_bytes(&s.file), s.key, &name, &whole, &out) == ERR_DENIED);
		CHECK(!whole);
		buf_clear(&s.file);
		buf_clear(&out);
	}
}

/* The file with its chunks in that order. */
static struct buf arranged(const struct sample *s, const size_t *order, size_t count)
{
	struct buf file = buf_of(4096);
	size_t len;
	buf_put(&file, s->file.at, s->head);
	for (size_t i = 0; i < count; i++) {
		size_t at = chunk_at(s, order[i], &len);
		buf_put(&file, s->file.at + at, len);
	}
	return file;
}

static void no_chunk_can_be_moved_left_out_or_repeated(void **state)
{
	(void)state;
	static const size_t orders[][CHUNKS + 1] = { { 1, 0, 2 }, { 1, 2 },       { 0, 2 },
						     { 2 },       { 0, 0, 1, 2 }, { 0, 1, 1, 2 },
						     { 2, 0, 1 }, { 0, 2, 1 } };
	static const size_t lens[] = { 3, 2, 2, 1, 4, 4, 3, 3 };
	for (size_t k = 0; k < ARRAY_LEN(ALL_MEANS); k++) {
		uint8_t key[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN];
		struct sample s = sample_of(ALL_MEANS[k], key, hash);
		for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
			struct buf file = arranged(&s, orders[i], lens[i]), out = buf_of(4096);
			bool whole = true;
			CHECK(sealed_read(buf_bytes(&file), s.key, &name, &whole, &out) ==
			      ERR_DENIED);
			CHECK(!whole && stands_before_a_cut(&s, &out));
			buf_clear(&file);
			buf_clear(&out);
		}
		buf_clear(&s.file);
	}
}

static void chunks_of_the_first_format_cannot_be_moved_either(void **state)
{
	(void)state;
	static const size_t orders[][2] = { { 1, 0 }, { 1, 1 }, { 0, 0 } };
	struct sample s = first_sample();
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct buf file = arranged(&s, orders[i], 2), out = buf_of(4096);
		bool whole = true;
		CHECK(sealed_read(buf_bytes(&file), s.key, &name, &whole, &out) == ERR_DENIED);
		CHECK(!whole);
		buf_clear(&file);
		buf_clear(&out);
	}
	buf_clear(&s.file);
}

/* A chunk that was not the last cannot be made so, nor the other way round. */
static void the_end_cannot_be_moved(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(ALL_MEANS); k++) {
		uint8_t key[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN];
		struct sample s = sample_of(ALL_MEANS[k], key, hash);
		struct buf out = buf_of(4096);
		bool whole = true;
		size_t len, at = chunk_at(&s, 1, &len);
		s.file.at[at] ^= (char)0x80;
		CHECK(sealed_read(bytes_of(s.file.at, at + len), s.key, &name, &whole, &out) ==
		      ERR_DENIED);
		CHECK(!whole);
		s.file.at[at] ^= (char)0x80;
		at = chunk_at(&s, 2, &len);
		s.file.at[at] ^= (char)0x80;
		buf_reset(&out);
		CHECK(sealed_read(buf_bytes(&s.file), s.key, &name, &whole, &out) == ERR_DENIED);
		CHECK(!whole);
		buf_clear(&s.file);
		buf_clear(&out);
	}
}

static void the_hash_is_of_the_whole_file_by_what_its_head_names(void **state)
{
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(ALL_MEANS); k++) {
		uint8_t key[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN], again[RECORD_HASH_LEN],
		    own[32];
		struct sample s = sample_of(ALL_MEANS[k], key, hash);
		const uint8_t *file = (const uint8_t *)s.file.at;
		if (ALL_MEANS[k].hash == SEALED_SHA_256)
			(void)crypto_hash_sha256(own, file, s.file.len);
		else
			(void)crypto_generichash(own, sizeof own, file, s.file.len, NULL, 0);
		CHECK(memcmp(hash, own, sizeof hash) == 0);
		CHECK(sealed_file_hash(buf_bytes(&s.file), again) == OK);
		CHECK(memcmp(hash, again, sizeof hash) == 0);
		s.file.at[s.file.len - 1] ^= 1;
		CHECK(sealed_file_hash(buf_bytes(&s.file), again) == OK);
		CHECK(memcmp(hash, again, sizeof hash) != 0);
		s.file.at[9] = 3;
		CHECK(sealed_file_hash(buf_bytes(&s.file), again) == ERR_BAD);
		s.file.at[7] = 3;
		CHECK(sealed_file_hash(buf_bytes(&s.file), again) == ERR_BAD);
		buf_clear(&s.file);
	}
}

static void a_chunk_may_be_empty_or_as_long_as_a_chunk_may_be(void **state)
{
	(void)state;
	struct buf plain = buf_of(SEALED_CHUNK_MAX), file = buf_of(3 * SEALED_CHUNK_MAX),
		   out = buf_of(3 * SEALED_CHUNK_MAX);
	struct sealed sealed;
	uint8_t key[RECORD_SEALED_KEY_LEN], open[SEALED_KEY_LEN];
	bool whole = false;
	CHECK(buf_extend(&plain, SEALED_CHUNK_MAX) != NULL);
	randombytes_buf(plain.at, plain.len);
	CHECK(sealed_begin(&sealed, &name, ALL_MEANS[0], public, key, &file) == OK);
	sealed_put(&sealed, buf_bytes(&plain), false, &file);
	sealed_put(&sealed, bytes_of(NULL, 0), true, &file);
	sealed_end(&sealed);
	CHECK(sealed_key_open(key, public, secret, &name, open) == OK);
	CHECK(sealed_read(buf_bytes(&file), open, &name, &whole, &out) == OK && whole);
	CHECK(out.len == plain.len && memcmp(out.at, plain.at, out.len) == 0);
	buf_clear(&plain);
	buf_clear(&file);
	buf_clear(&out);
}

/* By libsodium's own cipher and the layout that the header tells, so that others can write a reader. */
static void the_layout_is_the_one_that_is_described(void **state)
{
	(void)state;
	uint8_t key[RECORD_SEALED_KEY_LEN], hash[RECORD_HASH_LEN], plain[64];
	struct sample s = sample_of(ALL_MEANS[3], key, hash);
	const uint8_t *file = (const uint8_t *)s.file.at;
	uint8_t nonce[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1 }, bound[12 + 17];
	unsigned long long plain_len = 0;
	size_t len, at = chunk_at(&s, 2, &len);
	memcpy(bound, "PVLR\0\0\0\2\2\2\0\0", 12);
	put_u64(bound + 12, 77);
	put_u64(bound + 20, 5);
	bound[28] = 1;
	CHECK(memcmp(file, bound, 12) == 0);
	CHECK(crypto_aead_chacha20poly1305_ietf_decrypt(plain, &plain_len, NULL, file + at + 4,
							len - 4, bound, sizeof bound, nonce,
							s.key) == 0);
	CHECK(plain_len == 4 && memcmp(plain, "last", 4) == 0);
	buf_clear(&s.file);
}

static void nothing_of_the_plaintext_stands_in_the_file(void **state)
{
	(void)state;
	struct sample s;
	for (size_t k = 0; nth_sample(k, &s); k++) {
		CHECK(memmem(s.file.at, s.file.len, "one", 3) == NULL);
		CHECK(memmem(s.file.at, s.file.len, "other", 5) == NULL);
		buf_clear(&s.file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vaults_key_opens_what_was_sealed_to_it_and_no_other_does),
		cmocka_unit_test(what_was_written_in_the_first_format_is_still_read),
		cmocka_unit_test(a_key_opens_no_other_segment_than_its_own),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(a_cut_file_gives_what_stands_before_the_cut_and_says_so),
		cmocka_unit_test(no_chunk_can_be_moved_left_out_or_repeated),
		cmocka_unit_test(chunks_of_the_first_format_cannot_be_moved_either),
		cmocka_unit_test(the_end_cannot_be_moved),
		cmocka_unit_test(the_hash_is_of_the_whole_file_by_what_its_head_names),
		cmocka_unit_test(a_chunk_may_be_empty_or_as_long_as_a_chunk_may_be),
		cmocka_unit_test(the_layout_is_the_one_that_is_described),
		cmocka_unit_test(nothing_of_the_plaintext_stands_in_the_file),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
