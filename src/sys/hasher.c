#include "sys/hasher.h"

#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"

/*
 * OWASP's floor for argon2id is 19 MiB and 2 passes.  One pass over 64 MiB
 * fills more memory in the same time, and libsodium has one lane.
 */
_Static_assert(HASHER_HASH_ROOM == crypto_pwhash_STRBYTES, "room for libsodium's text");

struct job {
	uint64_t number;
	uint8_t check; /* else make */
	uint16_t password_len;
	uint8_t password[HASHER_PASSWORD_MAX];
	char hash[HASHER_HASH_ROOM];
};

struct waiting {
	uint64_t job;
	struct mono until; /* us 0: free */
};

struct hasher {
	int socket;
	unsigned workers_len;
	pid_t workers[HASHER_WORKERS_MAX];
	struct waiting waiting[HASHER_JOBS_MAX];
};

static const struct sandbox_call worker_calls[] = {
	{ SYS_recvfrom, "take a job" },
	{ SYS_sendto, "give a result" },
	{ SYS_mmap, "argon2's memory" },
	{ SYS_munmap, "argon2's memory" },
	{ SYS_mprotect, "malloc" },
	{ SYS_madvise, "malloc" },
	{ SYS_brk, "malloc" },
	{ SYS_getrandom, "salt" },
	{ SYS_write, "the line of a failed ASSERT" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_exit_group, "end" },
};

static void work(const struct job *job, struct hasher_result *out)
{
	const char *password = (const char *)job->password;
	*out = (struct hasher_result){ .job = job->number };
	if (job->check)
		out->matches =
		    crypto_pwhash_str_verify(job->hash, password, job->password_len) == 0;
	else if (crypto_pwhash_str(out->hash, password, job->password_len, HASHER_PASSES,
				   HASHER_MEMORY))
		out->err = ERR_LIMIT;
}

/* Ends when the program that asks has gone. */
_Noreturn static void worker(int socket)
{
	struct sandbox_plan plan = { .open_files_max = 8,
				     .calls = worker_calls,
				     .calls_len = ARRAY_LEN(worker_calls) };
	struct sandbox_report report;
	struct hasher_result result;
	struct job job;
	if (dup2(socket, 3) < 0 || close_range(4, ~0u, 0) < 0 || sodium_init() < 0 ||
	    sandbox_enter(&plan, NULL, &report))
		_exit(1);
	while (recv(3, &job, sizeof job, 0) == sizeof job) {
		work(&job, &result);
		mem_wipe(&job, sizeof job);
		if (send(3, &result, sizeof result, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* Workers share one socket: the kernel gives each job to one that waits. */
static enum err start_workers(struct hasher *h, int theirs, unsigned workers)
{
	for (; h->workers_len < workers; h->workers_len++) {
		pid_t pid = fork();
		if (pid < 0)
			return ERR_SYS;
		if (pid == 0)
			worker(theirs);
		h->workers[h->workers_len] = pid;
	}
	return OK;
}

enum err hasher_open(unsigned workers, struct hasher **out)
{
	int ends[2];
	ASSERT(workers > 0 && workers <= HASHER_WORKERS_MAX);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return ERR_SYS;
	struct hasher *h = mem_new(1, sizeof *h);
	h->socket = ends[0];
	enum err err = start_workers(h, ends[1], workers);
	close(ends[1]);
	if (err)
		hasher_close(h);
	else
		*out = h;
	return err;
}

void hasher_close(struct hasher *h)
{
	if (!h)
		return;
	close(h->socket);
	for (unsigned i = 0; i < h->workers_len; i++)
		kill(h->workers[i], SIGKILL);
	for (unsigned i = 0; i < h->workers_len; i++)
		waitpid(h->workers[i], NULL, 0);
	free(h);
}

int hasher_fd(const struct hasher *h)
{
	return h->socket;
}

static struct waiting *free_place(struct hasher *h)
{
	for (size_t i = 0; i < HASHER_JOBS_MAX; i++)
		if (h->waiting[i].until.us == 0)
			return &h->waiting[i];
	return NULL;
}

static enum err submit(struct hasher *h, struct job *job, struct bytes password, struct mono now)
{
	struct waiting *place = free_place(h);
	if (!place || password.len > HASHER_PASSWORD_MAX)
		return ERR_LIMIT;
	if (password.len)
		memcpy(job->password, password.at, password.len);
	job->password_len = (uint16_t)password.len;
	uint64_t number = job->number;
	enum err err = seqpacket_send(h->socket, bytes_of(job, sizeof *job), -1);
	mem_wipe(job, sizeof *job);
	if (err)
		return err == ERR_AGAIN ? ERR_LIMIT : err;
	*place = (struct waiting){ .job = number, .until = mono_add_ms(now, HASHER_TIMEOUT_MS) };
	return OK;
}

enum err hasher_make(struct hasher *h, uint64_t job, struct bytes password, struct mono now)
{
	struct job j = { .number = job };
	return submit(h, &j, password, now);
}

enum err hasher_check(struct hasher *h, uint64_t job, struct bytes password, struct str hash,
		      struct mono now)
{
	struct job j = { .number = job, .check = 1 };
	if (hash.len >= sizeof j.hash)
		return ERR_BAD;
	if (hash.len)
		memcpy(j.hash, hash.at, hash.len);
	return submit(h, &j, password, now);
}

/* False for a job that has timed out before: its result comes too late. */
static bool settle(struct hasher *h, uint64_t job)
{
	for (size_t i = 0; i < HASHER_JOBS_MAX; i++) {
		struct waiting *w = &h->waiting[i];
		if (w->until.us != 0 && w->job == job) {
			*w = (struct waiting){ 0 };
			return true;
		}
	}
	return false;
}

static bool timed_out(struct hasher *h, struct mono now, struct hasher_result *out)
{
	for (size_t i = 0; i < HASHER_JOBS_MAX; i++) {
		struct waiting *w = &h->waiting[i];
		if (w->until.us != 0 && !mono_before(now, w->until)) {
			*out = (struct hasher_result){ .job = w->job, .err = ERR_TIMEOUT };
			*w = (struct waiting){ 0 };
			return true;
		}
	}
	return false;
}

bool hasher_next_result(struct hasher *h, struct mono now, struct hasher_result *out)
{
	struct hasher_result r;
	while (recv(h->socket, &r, sizeof r, MSG_DONTWAIT) == sizeof r) {
		if (!settle(h, r.job))
			continue;
		*out = r;
		return true;
	}
	return timed_out(h, now, out);
}

bool hasher_next(const struct hasher *h, struct mono *at)
{
	struct mono first = MONO_NEVER;
	for (size_t i = 0; i < HASHER_JOBS_MAX; i++)
		if (h->waiting[i].until.us != 0)
			first = mono_min(first, h->waiting[i].until);
	*at = first;
	return first.us != INT64_MAX;
}
