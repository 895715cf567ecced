/*
 * leaves.c - a database with an audit log of so many leaves and a signed head over them, for bench/audit.
 *
 * usage: leaves FILE COUNT
 */
#include <sodium.h>
#include <stdio.h>

#include "base/random.h"
#include "base/str.h"
#include "service/checkpoint.h"
#include "store/audit.h"
#include "tlog/signer.h"

enum {
	AT_ONCE = 10000,
};

static enum err append(struct store *store, struct random *random, int64_t i)
{
	struct audit_record record = {
		.at = { 1795000000 + i },
		.role = ROLE_FAMILY,
		.account = { random_id(random) },
		.prison = { "WWI" },
		.verb = (enum audit_verb)(i % AUDIT_VERB_COUNT),
		.object = AUDIT_ON_VISIT,
		.object_id = random_id(random),
		.amount = i % 60,
	};
	return store_audit_append(store, random, &record, i % 10 ? STR("") : STR("A reason"));
}

static enum err fill(struct store *store, int64_t count)
{
	struct random random = random_seeded(1);
	enum err err = OK;
	for (int64_t i = 0; i < count && err == OK; i++) {
		if (i % AT_ONCE == 0)
			err = store_enter(store);
		if (err == OK)
			err = append(store, &random, i);
		if (err == OK && (i % AT_ONCE == AT_ONCE - 1 || i == count - 1))
			err = store_leave(store, true);
	}
	return err;
}

static enum err sign(struct service *service, struct tlog_signer *signer, struct buf *note)
{
	const uint8_t seed[NOTE_SEED_LEN] = { 1 };
	uint64_t size = 0;
	enum err err =
	    note_signer_make(STR("example.org/log"), NOTE_SIGNATURE, seed, &signer->signer);
	if (err == OK)
		err = checkpoint_size(service, &size);
	while (err == OK && signer->tree.size < size) {
		struct buf hashes = buf_of(AT_ONCE * TLOG_HASH_LEN);
		err = checkpoint_leaves(service, signer->tree.size, AT_ONCE, &hashes);
		if (err == OK)
			err = tlog_signer_extend(signer, signer->tree.size, buf_bytes(&hashes));
		buf_clear(&hashes);
	}
	if (err == OK)
		tlog_signer_checkpoint(signer, note);
	return err;
}

/* As pvl-web keeps a head a minute: what it keeps of the tree comes in steps. */
static enum err keep_head(struct store *store, int64_t count)
{
	struct service service = { .store = store };
	struct tlog_signer signer = { 0 };
	struct buf note = buf_of(NOTE_MAX);
	enum err err = sign(&service, &signer, &note);
	for (int64_t i = 0; i <= count / AT_ONCE && err == OK; i++)
		err = checkpoint_keep(&service, &signer.signer.key, buf_view(&note));
	buf_clear(&note);
	return err;
}

int main(int argc, char **argv)
{
	char where[4096];
	struct store *store;
	uint64_t count;
	if (argc != 3 || !str_u64(str_from(argv[2]), 100000000, &count) || sodium_init() < 0)
		return 2;
	snprintf(where, sizeof where, "sqlite:%.4000s", argv[1]);
	enum err err = store_open(where, NULL, &store);
	if (err == OK)
		err = fill(store, (int64_t)count);
	if (err == OK)
		err = keep_head(store, (int64_t)count);
	if (err != OK)
		fprintf(stderr, "leaves: %s\n", err_name(err));
	store_close(store);
	return err == OK ? 0 : 1;
}
