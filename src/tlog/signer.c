#include "tlog/signer.h"

#include <string.h>

enum err tlog_signer_extend(struct tlog_signer *signer, uint64_t from, struct bytes hashes)
{
	if (hashes.len % TLOG_HASH_LEN != 0)
		return ERR_BAD;
	if (from != signer->tree.size)
		return ERR_CONFLICT;
	for (size_t at = 0; at < hashes.len; at += TLOG_HASH_LEN) {
		struct tlog_hash leaf;
		memcpy(leaf.at, hashes.at + at, TLOG_HASH_LEN);
		tlog_tree_add(&signer->tree, &leaf);
	}
	return OK;
}

void tlog_signer_checkpoint(const struct tlog_signer *signer, struct buf *out)
{
	struct tlog_head head = { .size = signer->tree.size };
	struct buf text = buf_of(CHECKPOINT_TEXT_MAX);
	tlog_tree_root(&signer->tree, &head.root);
	checkpoint_write(str_from(signer->signer.key.name), &head, &text);
	buf_str(out, buf_view(&text));
	buf_char(out, '\n');
	note_sign(&signer->signer, buf_view(&text), (struct wall){ 0 }, out);
	buf_clear(&text);
}
