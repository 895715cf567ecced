#include "tlog/checkpoint.h"

#include <sodium.h>

enum {
	HASH_TEXT_ROOM = sodium_base64_ENCODED_LEN(TLOG_HASH_LEN, sodium_base64_VARIANT_ORIGINAL),
};

void tlog_hash_write(const struct tlog_hash *hash, struct buf *out)
{
	char text[HASH_TEXT_ROOM];
	(void)sodium_bin2base64(text, sizeof text, hash->at, sizeof hash->at,
				sodium_base64_VARIANT_ORIGINAL);
	buf_text(out, text);
}

bool tlog_hash_read(struct str text, struct tlog_hash *out)
{
	size_t len = 0;
	return text.len == HASH_TEXT_ROOM - 1 &&
	       sodium_base642bin(out->at, sizeof out->at, text.at, text.len, NULL, &len, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       len == sizeof out->at;
}

void checkpoint_write(struct str origin, const struct tlog_head *head, struct buf *out)
{
	buf_str(out, origin);
	buf_printf(out, "\n%llu\n", (unsigned long long)head->size);
	tlog_hash_write(&head->root, out);
	buf_char(out, '\n');
}

/* Numbers have one spelling. */
static bool read_size(struct str text, uint64_t *out)
{
	return str_u64(text, INT64_MAX, out) && (text.len == 1 || text.at[0] != '0');
}

enum err checkpoint_read(struct str text, struct str *origin, struct tlog_head *out)
{
	struct str rest = text;
	*origin = str_cut(&rest, '\n');
	struct str size = str_cut(&rest, '\n'), root = str_cut(&rest, '\n');
	bool ok = !str_empty(*origin) && read_size(size, &out->size) &&
		  tlog_hash_read(root, &out->root) && text.at[text.len - 1] == '\n';
	return ok ? OK : ERR_BAD;
}

void tlog_proof_write(const struct tlog_proof *proof, struct buf *out)
{
	for (size_t i = 0; i < proof->len; i++) {
		tlog_hash_write(&proof->hashes[i], out);
		buf_char(out, '\n');
	}
}

bool tlog_proof_take(struct str *text, struct tlog_proof *out)
{
	out->len = 0;
	for (;;) {
		struct str line = str_cut(text, '\n');
		if (str_empty(line))
			return true;
		if (out->len == TLOG_PROOF_MAX || !tlog_hash_read(line, &out->hashes[out->len++]))
			return false;
	}
}
