#include "recording/sealed.h"

#include "../check.h"

static uint8_t public[32], secret[32];
static const struct sealed_name name = { .visit = { 77 }, .segment = 5, .end = 1 };

/* A file of two chunks, "one" and "two". */
static struct buf file_of(uint8_t key[RECORD_SEALED_KEY_LEN])
{
	struct sealed s;
	struct buf file = buf_of(4096);
	assert_int_equal(sodium_init() < 0, 0);
	assert_int_equal(crypto_box_keypair(public, secret), 0);
	assert_int_equal(sealed_begin(&s, &name, public, key, &file), OK);
	sealed_put(&s, bytes_from_text("one"), false, &file);
	sealed_put(&s, bytes_from_text("two"), true, &file);
	assert_int_equal(s.bytes, file.len);
	return file;
}

static void the_vaults_key_opens_what_was_sealed_to_it_and_no_other_does(void **state)
{
	(void)state;
	uint8_t sealed[RECORD_SEALED_KEY_LEN], key[SEALED_KEY_LEN], other[32], other_secret[32];
	struct buf file = file_of(sealed), out = buf_of(4096);
	bool whole = false;
	CHECK(sealed_key_open(sealed, public, secret, &name, key) == OK);
	CHECK(sealed_read(buf_bytes(&file), key, &name, &whole, &out) == OK && whole);
	CHECK(str_is(buf_view(&out), "onetwo"));
	assert_int_equal(crypto_box_keypair(other, other_secret), 0);
	CHECK(sealed_key_open(sealed, other, other_secret, &name, key) == ERR_DENIED);
	buf_clear(&file);
	buf_clear(&out);
}

static void a_key_opens_no_other_segment_than_its_own(void **state)
{
	(void)state;
	uint8_t sealed[RECORD_SEALED_KEY_LEN], key[SEALED_KEY_LEN];
	struct buf file = file_of(sealed), out = buf_of(4096);
	struct sealed_name others[] = { name, name, name };
	bool whole;
	others[0].visit.n = 78;
	others[1].segment = 6;
	others[2].end = 0;
	CHECK(sealed_key_open(sealed, public, secret, &others[0], key) == ERR_DENIED);
	CHECK(sealed_key_open(sealed, public, secret, &others[1], key) == ERR_DENIED);
	CHECK(sealed_key_open(sealed, public, secret, &name, key) == OK);
	for (size_t i = 0; i < 3; i++) {
		CHECK(sealed_read(buf_bytes(&file), key, &others[i], &whole, &out) == ERR_DENIED);
		CHECK(out.len == 0);
	}
	buf_clear(&file);
	buf_clear(&out);
}

static void
every_flipped_byte_is_found_and_a_cut_file_gives_what_stands_before_the_cut(void **state)
{
	(void)state;
	uint8_t sealed[RECORD_SEALED_KEY_LEN], key[SEALED_KEY_LEN];
	struct buf file = file_of(sealed), out = buf_of(4096);
	bool whole;
	CHECK(sealed_key_open(sealed, public, secret, &name, key) == OK);
	for (size_t i = 0; i < file.len; i++) {
		file.at[i] ^= 0x40;
		enum err err = sealed_read(buf_bytes(&file), key, &name, &whole, &out);
		CHECK(err == ERR_DENIED || !whole); /* a length that grew looks like a cut */
		file.at[i] ^= 0x40;
	}
	for (size_t cut = SEALED_HEAD; cut < file.len; cut++) {
		buf_reset(&out);
		CHECK(sealed_read(bytes_of(file.at, cut), key, &name, &whole, &out) == OK);
		CHECK(!whole && (out.len == 0 || str_is(buf_view(&out), "one")));
	}
	buf_char(&file, 'x');
	CHECK(sealed_read(buf_bytes(&file), key, &name, &whole, &out) == ERR_DENIED);
	buf_clear(&file);
	buf_clear(&out);
}

static void nothing_of_the_plaintext_stands_in_the_file(void **state)
{
	(void)state;
	uint8_t sealed[RECORD_SEALED_KEY_LEN];
	struct buf file = file_of(sealed);
	CHECK(memmem(file.at, file.len, "one", 3) == NULL);
	CHECK(memmem(file.at, file.len, "two", 3) == NULL);
	buf_clear(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vaults_key_opens_what_was_sealed_to_it_and_no_other_does),
		cmocka_unit_test(a_key_opens_no_other_segment_than_its_own),
		cmocka_unit_test(
		    every_flipped_byte_is_found_and_a_cut_file_gives_what_stands_before_the_cut),
		cmocka_unit_test(nothing_of_the_plaintext_stands_in_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
