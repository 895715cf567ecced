#include "tlog/receipt.h"

#include <sodium.h>

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
enum {
	RECORD_TEXT_ROOM =
	    sodium_base64_ENCODED_LEN(RECEIPT_RECORD_MAX, sodium_base64_VARIANT_ORIGINAL),
};

void receipt_write(const struct receipt *r, struct buf *out)
{
	char record[RECORD_TEXT_ROOM];
	(void)sodium_bin2base64(record, sizeof record, r->record, r->record_len,
				sodium_base64_VARIANT_ORIGINAL);
	buf_printf(out, FIRST_LINE "\nextra %s\nindex %llu\n", record,
		   (unsigned long long)r->index);
	tlog_proof_write(&r->proof, out);
	buf_char(out, '\n');
	buf_str(out, r->checkpoint);
}

/* Takes "word value" off the text. */
static bool take_field(struct str *rest, const char *word, struct str *value)
{
	*value = str_cut(rest, '\n');
	return str_is(str_cut(value, ' '), word);
}

enum err receipt_read(struct str in, struct receipt *out)
{
	struct str rest = in, record, index;
	if (in.len > RECEIPT_MAX || !str_is(str_cut(&rest, '\n'), FIRST_LINE) ||
	    !take_field(&rest, "extra", &record) || !take_field(&rest, "index", &index) ||
	    !str_u64(index, INT64_MAX, &out->index) || !tlog_proof_take(&rest, &out->proof))
		return ERR_BAD;
	if (sodium_base642bin(out->record, sizeof out->record, record.at, record.len, NULL,
			      &out->record_len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return ERR_BAD;
	out->checkpoint = rest;
	return OK;
}

enum err receipt_check(const struct receipt *r, const struct note_key *log, struct tlog_head *head)
{
	struct note note;
	struct str origin;
	struct wall at;
	struct tlog_hash leaf;
	enum err err = note_split(r->checkpoint, &note);
	if (err == OK)
		err = checkpoint_read(note.text, &origin, head);
	if (err == OK)
		err = note_check(&note, log, &at);
	if (err != OK)
		return err;
	tlog_leaf_hash(bytes_of(r->record, r->record_len), &leaf);
	return tlog_included(head, r->index, &leaf, &r->proof) ? OK : ERR_CONFLICT;
}
