/*
 * pvl-vault.c - the only holder of the key that signs the heads of the audit log, and of the key
 * that opens recordings.
 *
 * It knows no database and no name: it is given the hashes of leaves, each once
 * and in order (tlog/signer.h), and signs what it has seen.  pvl hands it its
 * descriptors (ipc/supervisor.h): the control socket of pvl-web, the key, and
 * the file in which it remembers how far it is.  Before it signs, that memory
 * is on disk: what was signed once can never be signed differently.
 *
 * A recording it opens on evidence alone (vault/opening.h): it is shown where in
 * the log that it signs itself one person asked, and another agreed.
 */
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ipc/supervisor.h"
#include "ipc/vault.h"
#include "programs/vault/opening.h"
#include "recording/sealed.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log_fd.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"
#include "sys/slots.h"
#include "tlog/signer.h"

enum {
	OPEN_FILES_MAX = 8,
	KEY_MAX = 512,
};
_Static_assert((int)TLOG_TREE_PACKED_MAX <= (int)SLOT_RECORD_MAX, "the memory fits its place");
_Static_assert((int)VAULT_HASH_LEN == (int)TLOG_HASH_LEN, "hashes of leaves");

struct vault {
	struct log log;
	struct tlog_signer signer;
	struct slots memory;
	uint64_t remembered; /* the size that is on disk */
	uint8_t recording_secret[crypto_box_SECRETKEYBYTES];
	uint8_t recording_public[crypto_box_PUBLICKEYBYTES];
	struct random random;
	struct opening openings[OPENINGS_MAX];
};

static const struct sandbox_call calls[] = {
	{ SYS_poll, "wait" },
	{ SYS_recvmsg, "what pvl-web asks" },
	{ SYS_sendmsg, "answers" },
	{ SYS_pwrite64, "the memory" },
	{ SYS_fdatasync, "the memory" },
	{ SYS_write, "log lines; the line of a failed ASSERT" },
	{ SYS_clock_gettime, "the time of log lines; how old an opening is" },
	{ SYS_getrandom, "numbers of openings" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_rt_sigprocmask, "abort() of a failed ASSERT" },
	{ SYS_tgkill, "abort()" },
	{ SYS_gettid, "abort()" },
	{ SYS_getpid, "abort()" },
	{ SYS_restart_syscall, "after a stop" },
	{ SYS_exit_group, "the end" },
};

/* ---- opening ---- */

static enum err read_key(struct vault *vault)
{
	char line[KEY_MAX];
	ssize_t len = pread(VAULT_FD_KEY, line, sizeof line, 0);
	close(VAULT_FD_KEY);
	enum err err = ERR_SYS;
	if (len > 0 && mlock(&vault->signer, sizeof vault->signer) == 0)
		err = note_secret_read(str_of(line, (size_t)len), &vault->signer.signer);
	mem_wipe(line, sizeof line);
	return err;
}

static enum err read_recording_key(struct vault *vault)
{
	ssize_t len = pread(VAULT_FD_RECORDING_KEY, vault->recording_secret,
			    sizeof vault->recording_secret, 0);
	close(VAULT_FD_RECORDING_KEY);
	if (len != (ssize_t)sizeof vault->recording_secret || mlock(vault, sizeof *vault) != 0)
		return ERR_SYS;
	return crypto_scalarmult_base(vault->recording_public, vault->recording_secret) == 0
		   ? OK
		   : ERR_CRYPTO;
}

static enum err read_memory(struct vault *vault)
{
	uint8_t record[SLOT_RECORD_MAX];
	size_t len;
	enum err err = slots_open(VAULT_FD_MEMORY, &vault->memory, record, &len);
	if (err == ERR_NOT_FOUND)
		return OK; /* the empty tree */
	if (err == OK)
		err = tlog_tree_unpack(bytes_of(record, len), &vault->signer.tree);
	vault->remembered = vault->signer.tree.size;
	return err;
}

static enum err enter_sandbox(struct vault *vault)
{
	struct sandbox_report report;
	struct sandbox_plan plan = { .open_files_max = OPEN_FILES_MAX,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls) };
	return sandbox_enter(&plan, &vault->log, &report);
}

/* ---- its verbs ---- */

static void answer(struct vault *vault, const struct vault_message *message)
{
	uint8_t out[VAULT_MESSAGE_MAX];
	size_t len = 0;
	enum err err = vault_message_encode(message, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(VAULT_FD_CONTROL, bytes_of(out, len), -1);
	if (err != OK)
		log_event(&vault->log, LOG_WARN, "web_not_told", LOG_WORD("why", err_name(err)));
}

static void answer_size(struct vault *vault, enum vault_type type)
{
	answer(vault, &(struct vault_message){ .type = type, .size = vault->signer.tree.size });
}

static void answer_state(struct vault *vault)
{
	struct buf key = buf_of(VAULT_TEXT_MAX);
	note_key_write(&vault->signer.signer.key, &key);
	answer(vault, &(struct vault_message){ .type = VAULT_STATE,
					       .size = vault->signer.tree.size,
					       .text = buf_view(&key) });
	buf_clear(&key);
}

static void extend(struct vault *vault, const struct vault_message *m)
{
	enum err err = tlog_signer_extend(&vault->signer, m->size, m->hashes);
	if (err != OK)
		log_event(&vault->log, LOG_ERROR, "leaves_refused", LOG_INT("from", m->size),
			  LOG_INT("size", vault->signer.tree.size));
	answer_size(vault, err == OK ? VAULT_EXTENDED : VAULT_REFUSED);
}

static enum err remember(struct vault *vault)
{
	uint8_t packed[TLOG_TREE_PACKED_MAX];
	if (vault->remembered == vault->signer.tree.size)
		return OK;
	size_t len = tlog_tree_pack(&vault->signer.tree, packed);
	enum err err = slots_write(&vault->memory, bytes_of(packed, len));
	if (err == OK)
		vault->remembered = vault->signer.tree.size;
	return err;
}

static void sign(struct vault *vault)
{
	struct buf note = buf_of(VAULT_TEXT_MAX);
	if (remember(vault) != OK) {
		log_event(&vault->log, LOG_ERROR, "memory_not_written");
		answer_size(vault, VAULT_UNKEPT);
		return;
	}
	tlog_signer_checkpoint(&vault->signer, &note);
	answer(vault, &(struct vault_message){ .type = VAULT_CHECKPOINT,
					       .size = vault->signer.tree.size,
					       .text = buf_view(&note) });
	buf_clear(&note);
}

static struct opening *free_opening(struct vault *vault, struct wall now)
{
	for (size_t i = 0; i < OPENINGS_MAX; i++)
		if (vault->openings[i].number == 0 || now.s >= vault->openings[i].until.s)
			return &vault->openings[i];
	return NULL;
}

static void deny(struct vault *vault, const char *why, struct visit_id visit)
{
	log_event(&vault->log, LOG_ERROR, why, LOG_ID("visit", visit.n));
	answer(vault, &(struct vault_message){ .type = VAULT_DENIED });
}

static void open_recording(struct vault *vault, const struct vault_message *m)
{
	struct wall now = wall_now();
	struct opening *opening = free_opening(vault, now);
	struct opening made;
	if (!opening || !opening_of(&vault->signer.tree, m, now, &made)) {
		deny(vault, "opening_refused", m->visit);
		return;
	}
	made.number = random_u64(&vault->random) & INT64_MAX;
	*opening = made;
	log_event(&vault->log, LOG_INFO, "recording_opened", LOG_ID("visit", m->visit.n));
	answer(vault, &(struct vault_message){ .type = VAULT_OPENED, .size = made.number });
}

static bool has_opening(const struct vault *vault, const struct vault_message *m)
{
	struct wall now = wall_now();
	for (size_t i = 0; i < OPENINGS_MAX; i++) {
		const struct opening *o = &vault->openings[i];
		if (o->number != 0 && o->number == m->size && o->visit.n == m->visit.n)
			return now.s < o->until.s;
	}
	return false;
}

static void unseal(struct vault *vault, const struct vault_message *m)
{
	uint8_t key[SEALED_KEY_LEN];
	struct sealed_name name = { .visit = m->visit, .segment = m->segment.n, .end = m->end };
	if (!has_opening(vault, m) || sealed_key_open(m->sealed.at, vault->recording_public,
						      vault->recording_secret, &name, key) != OK) {
		deny(vault, "unsealing_refused", m->visit);
		return;
	}
	answer(vault,
	       &(struct vault_message){ .type = VAULT_KEY, .sealed = bytes_of(key, sizeof key) });
	mem_wipe(key, sizeof key);
}

static void handle(struct vault *vault, const struct vault_message *m)
{
	if (m->type == VAULT_ASK)
		answer_state(vault);
	else if (m->type == VAULT_EXTEND)
		extend(vault, m);
	else if (m->type == VAULT_OPEN)
		open_recording(vault, m);
	else if (m->type == VAULT_UNSEAL)
		unseal(vault, m);
	else
		sign(vault);
}

/* ---- the loop ---- */

/* Until the control socket is closed, which pvl does when it ends. */
static enum err run(struct vault *vault)
{
	static uint8_t in[VAULT_MESSAGE_MAX];
	struct pollfd wait = { .fd = VAULT_FD_CONTROL, .events = POLLIN };
	struct vault_message message;
	size_t len;
	for (;;) {
		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			return ERR_SYS;
		enum err err = seqpacket_receive(VAULT_FD_CONTROL, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			continue;
		if (err == ERR_CLOSED)
			return OK;
		if (err == OK)
			err = vault_message_decode(bytes_of(in, len), true, &message);
		if (err == OK)
			handle(vault, &message);
		else
			log_event(&vault->log, LOG_WARN, "nonsense",
				  LOG_WORD("why", err_name(err)));
	}
}

int main(void)
{
	static struct vault vault;
	vault.log = log_fd("pvl-vault", LOG_INFO, STDERR_FILENO);
	enum err err = sodium_init() < 0 ? ERR_SYS : read_key(&vault);
	if (err == OK)
		err = read_recording_key(&vault);
	if (err == OK)
		err = read_memory(&vault);
	vault.random = entropy_random();
	if (err == OK)
		err = enter_sandbox(&vault);
	if (err == OK) {
		log_event(&vault.log, LOG_INFO, "ready", LOG_INT("size", vault.remembered));
		err = run(&vault);
	}
	if (err != OK)
		log_event(&vault.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	mem_wipe(&vault.signer, sizeof vault.signer);
	mem_wipe(vault.recording_secret, sizeof vault.recording_secret);
	return err == OK ? 0 : 1;
}
