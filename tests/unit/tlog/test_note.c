#include "tlog/note.h"

#include "../check.h"
#include "base/assert.h"
#include "tlog/receipt.h"
#include "tlog/signer.h"

/* The example in the documentation of Go's package note. */
static const char peter[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peters_note[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

static struct note_key key_of(const char *line)
{
	struct note_key key;
	assert_int_equal(note_key_read(str_from(line), &key), OK);
	return key;
}

static enum err check(const char *text, const struct note_key *key)
{
	struct note note;
	struct wall at;
	enum err err = note_split(str_from(text), &note);
	return err == OK ? note_check(&note, key, &at) : err;
}

static void a_note_that_another_program_signed_is_checked(void **state)
{
	struct note_key key = key_of(peter);
	struct buf line = buf_of(200), changed = buf_of(1000);
	(void)state;
	assert_int_equal(check(peters_note, &key), OK);
	note_key_write(&key, &line);
	assert_string_equal(buf_cstr(&line), peter);
	buf_text(&changed, peters_note);
	changed.at[0] = 'i';
	assert_int_equal(check(buf_cstr(&changed), &key), ERR_CRYPTO);
	buf_clear(&line);
	buf_clear(&changed);
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const lines[] = {
		"",
		"PeterNeumann",
		"PeterNeumann+c74f20a3",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
		"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	};
	struct note_key key;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_int_equal(note_key_read(str_from(lines[i]), &key), ERR_BAD);
}

static void what_is_no_note_is_refused(void **state)
{
	static const char *const notes[] = {
		"",
		"\n",
		"\n\n",
		"text\n",
		"text\n\n",
		"text\n\nno signature\n",
		"\n\n\xe2\x80\x94 name AAAA\n",
		"\xff\n\n\xe2\x80\x94 name AAAA\n",
	};
	struct note note;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		assert_int_equal(note_split(str_from(notes[i]), &note), ERR_BAD);
}

static struct note_signer signer_of(const char *name, enum note_kind kind, uint8_t seed)
{
	uint8_t bytes[NOTE_SEED_LEN] = { seed };
	struct note_signer signer;
	assert_int_equal(note_signer_make(str_from(name), kind, bytes, &signer), OK);
	return signer;
}

static void each_of_several_keys_finds_its_own_signature(void **state)
{
	struct note_signer log = signer_of("example.org/log", NOTE_SIGNATURE, 1);
	struct note_signer witness = signer_of("example.org/w", NOTE_COSIGNATURE, 2);
	struct note_signer other = signer_of("example.org/w", NOTE_COSIGNATURE, 3);
	struct str text = STR("example.org/log\n0\nroot\n");
	struct buf out = buf_of(NOTE_MAX);
	struct note note;
	struct wall at;
	(void)state;
	buf_str(&out, text);
	buf_char(&out, '\n');
	note_sign(&log, text, (struct wall){ 5 }, &out);
	note_sign(&witness, text, (struct wall){ 1795000000 }, &out);
	assert_int_equal(note_split(buf_view(&out), &note), OK);
	assert_int_equal(note_check(&note, &log.key, &at), OK);
	assert_true(at.s == 0);
	assert_int_equal(note_check(&note, &witness.key, &at), OK);
	assert_true(at.s == 1795000000);
	assert_int_equal(note_check(&note, &other.key, &at), ERR_NOT_FOUND);
	buf_clear(&out);
}

static struct tlog_signer new_signer(void)
{
	return (struct tlog_signer){ .signer = signer_of("example.org/log", NOTE_SIGNATURE, 9) };
}

static void a_secret_key_is_kept_in_a_line(void **state)
{
	uint8_t seed[NOTE_SEED_LEN] = { 7 };
	struct note_signer signer = signer_of("example.org/log", NOTE_SIGNATURE, 7), read;
	struct buf line = buf_of(300);
	(void)state;
	assert_int_equal(note_secret_write(STR("example.org/log"), NOTE_SIGNATURE, seed, &line),
			 OK);
	assert_int_equal(note_secret_read(buf_view(&line), &read), OK);
	assert_memory_equal(read.secret, signer.secret, sizeof read.secret);
	assert_string_equal(read.key.name, signer.key.name);
	line.at[strlen("PRIVATE+KEY+")] = 'E';
	assert_int_equal(note_secret_read(buf_view(&line), &read), ERR_BAD);
	assert_int_equal(note_secret_read(STR("PRIVATE+KEY+"), &read), ERR_BAD);
	buf_clear(&line);
}

static void a_signer_takes_leaves_in_order_alone(void **state)
{
	struct tlog_signer signer = new_signer();
	uint8_t hashes[3 * TLOG_HASH_LEN] = { 1 };
	(void)state;
	assert_int_equal(tlog_signer_extend(&signer, 1, bytes_of(hashes, 32)), ERR_CONFLICT);
	assert_int_equal(tlog_signer_extend(&signer, 0, bytes_of(hashes, 33)), ERR_BAD);
	assert_int_equal(tlog_signer_extend(&signer, 0, bytes_of(hashes, 64)), OK);
	assert_int_equal(tlog_signer_extend(&signer, 0, bytes_of(hashes, 32)), ERR_CONFLICT);
	assert_int_equal(tlog_signer_extend(&signer, 2, bytes_of(hashes, 32)), OK);
	assert_true(signer.tree.size == 3);
}

/* Record 1 of the three "a", "b", "c", with the head that the signer gives. */
static void make_receipt(struct tlog_signer *signer, struct buf *out)
{
	struct receipt r = { .record = "b", .record_len = 1, .index = 1 };
	struct tlog_hash list[3];
	struct tlog_leaves leaves = { .count = 3, .list = list };
	struct tlog_source source = tlog_source_of(&leaves);
	struct buf checkpoint = buf_of(NOTE_MAX);
	for (size_t i = 0; i < 3; i++) {
		tlog_leaf_hash(bytes_of("abc" + i, 1), &list[i]);
		struct bytes hash = bytes_of(list[i].at, TLOG_HASH_LEN);
		assert_int_equal(tlog_signer_extend(signer, i, hash), OK);
	}
	tlog_signer_checkpoint(signer, &checkpoint);
	r.checkpoint = buf_view(&checkpoint);
	assert_int_equal(tlog_prove_inclusion(&source, 3, 1, &r.proof), OK);
	receipt_write(&r, out);
	buf_clear(&checkpoint);
}

static void a_receipt_proves_its_record_without_the_log(void **state)
{
	struct tlog_signer signer = new_signer();
	struct buf text = buf_of(RECEIPT_MAX);
	struct tlog_head head;
	struct receipt r;
	(void)state;
	make_receipt(&signer, &text);
	assert_int_equal(receipt_read(buf_view(&text), &r), OK);
	assert_int_equal(receipt_check(&r, &signer.signer.key, &head), OK);
	assert_true(head.size == 3);
	r.record[0] = 'a';
	assert_int_equal(receipt_check(&r, &signer.signer.key, &head), ERR_CONFLICT);
	buf_clear(&text);
}

static void a_receipt_with_any_byte_changed_proves_nothing(void **state)
{
	struct tlog_signer signer = new_signer();
	struct buf text = buf_of(RECEIPT_MAX);
	struct tlog_head head;
	struct receipt r;
	(void)state;
	make_receipt(&signer, &text);
	for (size_t i = 0; i < text.len; i++) {
		text.at[i] ^= 1;
		bool good = receipt_read(buf_view(&text), &r) == OK &&
			    receipt_check(&r, &signer.signer.key, &head) == OK;
		assert_false(good);
		text.at[i] ^= 1;
	}
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_note_that_another_program_signed_is_checked),
		TEST(what_is_no_key_is_refused),
		TEST(what_is_no_note_is_refused),
		TEST(each_of_several_keys_finds_its_own_signature),
		TEST(a_secret_key_is_kept_in_a_line),
		TEST(a_signer_takes_leaves_in_order_alone),
		TEST(a_receipt_proves_its_record_without_the_log),
		TEST(a_receipt_with_any_byte_changed_proves_nothing),
	};
	return RUN("tlog/note", tests);
}
