/*
 * pvl-vault.c - the only holder of the key that signs the heads of the audit log.
 *
 * It knows no database and no name: it is given the hashes of leaves, each once
 * and in order (tlog/signer.h), and signs what it has seen.  pvl hands it its
 * descriptors (ipc/supervisor.h): the control socket of pvl-web, the key, and
 * the file in which it remembers how far it is.  Before it signs, that memory
 * is on disk: what was signed once can never be signed differently.
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
};

static const struct sandbox_call calls[] = {
	{ SYS_poll, "wait" },
	{ SYS_recvmsg, "what pvl-web asks" },
	{ SYS_sendmsg, "answers" },
	{ SYS_pwrite64, "the memory" },
	{ SYS_fdatasync, "the memory" },
	{ SYS_write, "log lines; the line of a failed ASSERT" },
	{ SYS_clock_gettime, "the time of log lines" },
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

/* ---- its three verbs ---- */

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

static void handle(struct vault *vault, const struct vault_message *m)
{
	if (m->type == VAULT_ASK)
		answer_state(vault);
	else if (m->type == VAULT_EXTEND)
		extend(vault, m);
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
		err = read_memory(&vault);
	if (err == OK)
		err = enter_sandbox(&vault);
	if (err == OK) {
		log_event(&vault.log, LOG_INFO, "ready", LOG_INT("size", vault.remembered));
		err = run(&vault);
	}
	if (err != OK)
		log_event(&vault.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	mem_wipe(&vault.signer, sizeof vault.signer);
	return err == OK ? 0 : 1;
}
