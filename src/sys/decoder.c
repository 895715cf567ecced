#include "sys/decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"

enum {
	NOBODY = 65534,
	PROGRAM_FD_IN = 3,
	PROGRAM_FD_OUT = 4,
	KILLED = -1, /* as a code: it took too long */
};

struct order {
	uint32_t place;
	uint32_t len;
};

struct answer {
	uint32_t place;
	int32_t code;
	uint32_t len;
};

/* Memory for one photo on its way there and back. */
struct place {
	int in_fd;
	int out_fd;
	uint8_t *in;
	const uint8_t *out;
	bool busy; /* from decoder_submit to decoder_done, and until the helper has given it back */
	bool away; /* with the helper */
	bool told; /* its job has its result */
	uint64_t job;
	struct mono until;
};

struct decoder {
	int socket;
	pid_t helper;
	bool gone; /* the helper has ended */
	struct place places[DECODER_JOBS_MAX];
};

/* ---- the helper ---- */

/* Its own, and those with which a program starts: what it starts may do no more. */
static const struct sandbox_call helper_calls[] = {
	{ SYS_recvmsg, "take an order" },
	{ SYS_sendmsg, "give an answer" },
	{ SYS_poll, "wait" },
	{ SYS_clock_gettime, "deadlines, where there is no vdso" },
	{ SYS_lseek, "photos begin at 0; how long the new one is" },
	{ SYS_clone, "start a program" },
	{ SYS_clone3, "likewise" },
	{ SYS_wait4, "its end" },
	{ SYS_pidfd_open, "its end" },
	{ SYS_pidfd_send_signal, "end it" },
	{ SYS_kill, "end it, before it has a pidfd" },
	{ SYS_pipe2, "child.h: whether it began" },
	{ SYS_fcntl, "child.h" },
	{ SYS_dup2, "child.h" },
	{ SYS_dup3, "child.h" },
	{ SYS_close_range, "child.h" },
	{ SYS_setpgid, "child.h" },
	{ SYS_rt_sigprocmask, "child.h; fork, abort" },
	{ SYS_set_robust_list, "fork; a program starts" },
	{ SYS_gettid, "fork, abort" },
	{ SYS_tgkill, "abort" },
	{ SYS_close, "files" },
	{ SYS_execve, "a program starts" },
	{ SYS_openat, "its libraries" },
	{ SYS_read, "its libraries; the photo" },
	{ SYS_pread64, "its libraries" },
	{ SYS_access, "its libraries" },
	{ SYS_fstat, "its libraries" },
	{ SYS_newfstatat, "its libraries" },
	{ SYS_arch_prctl, "it starts" },
	{ SYS_set_tid_address, "it starts" },
	{ SYS_rseq, "it starts" },
	{ SYS_prlimit64, "it starts; it limits itself" },
	{ SYS_getrandom, "it starts" },
	{ SYS_rt_sigaction, "it starts, sanitized" },
	{ SYS_sigaltstack, "it starts, sanitized" },
	{ SYS_getpid, "it starts, sanitized" },
	{ SYS_readlink, "it starts, sanitized" },
	{ SYS_sched_getaffinity, "it starts, sanitized" },
	{ SYS_geteuid, "its sandbox" },
	{ SYS_getuid, "its sandbox" },
	{ SYS_capset, "its sandbox" },
	{ SYS_prctl, "its sandbox" },
	{ SYS_seccomp, "its sandbox" },
	{ SYS_landlock_create_ruleset, "its sandbox" },
	{ SYS_landlock_add_rule, "its sandbox, where it may read fonts" },
	{ SYS_landlock_restrict_self, "its sandbox" },
	{ SYS_write, "the photo; the line of a failed ASSERT" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_restart_syscall, "after a stop" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_exit, "a thread of a library ends" },
	{ SYS_exit_group, "the end" },
};

struct running {
	struct child child;
	uint32_t place;
	struct mono until;
	bool killed;
};

struct helper {
	const char *program;
	int socket;
	const struct place *places;
	size_t orders_len; /* waiting, the oldest first */
	struct order orders[DECODER_JOBS_MAX];
	size_t running_len;
	struct running running[DECODER_RUNNING_MAX];
};

static void helper_answer(struct helper *h, uint32_t place, int code)
{
	off_t len = lseek(h->places[place].out_fd, 0, SEEK_CUR);
	struct answer answer = { .place = place,
				 .code = code,
				 .len = code == 0 && len > 0 ? (uint32_t)len : 0 };
	if (seqpacket_send(h->socket, bytes_of((const uint8_t *)&answer, sizeof(answer)), -1) != OK)
		_exit(1); /* nobody is there */
}

static void helper_start(struct helper *h, struct order order)
{
	static const char *const environment[] = { NULL };
	const struct place *place = &h->places[order.place];
	char len[16];
	snprintf(len, sizeof(len), "%u", order.len);
	const char *argv[] = { h->program, len, NULL };
	struct child_fd fds[] = { { place->in_fd, PROGRAM_FD_IN },
				  { place->out_fd, PROGRAM_FD_OUT } };
	struct child_plan plan = { .path = h->program,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = ARRAY_LEN(fds) };
	struct running *r = &h->running[h->running_len];
	*r = (struct running){ .place = order.place,
			       .until = mono_add_ms(mono_now(), DECODER_TIMEOUT_MS) };
	if (lseek(place->in_fd, 0, SEEK_SET) == 0 && lseek(place->out_fd, 0, SEEK_SET) == 0 &&
	    child_start(&plan, &r->child) == OK)
		h->running_len++;
	else
		helper_answer(h, order.place, 127);
}

static void helper_start_next(struct helper *h)
{
	while (h->orders_len > 0 && h->running_len < DECODER_RUNNING_MAX) {
		struct order first = h->orders[0];
		h->orders_len--;
		memmove(h->orders, h->orders + 1, h->orders_len * sizeof(first));
		helper_start(h, first);
	}
}

static void helper_end_one(struct helper *h, size_t i)
{
	struct running *r = &h->running[i];
	int code = 0;
	if (!r->killed && !mono_before(mono_now(), r->until)) {
		child_signal(&r->child, SIGKILL);
		r->killed = true; /* it may be gone before the next line */
	}
	if (!child_ended(&r->child, &code))
		return;
	uint32_t place = r->place;
	code = r->killed ? KILLED : code;
	*r = h->running[--h->running_len];
	helper_answer(h, place, code);
}

static void helper_take(struct helper *h)
{
	struct order order;
	size_t len;
	enum err err = seqpacket_receive(h->socket, (uint8_t *)&order, sizeof(order), &len, NULL);
	if (err == ERR_AGAIN)
		return;
	if (err != OK || len != sizeof(order))
		_exit(0);
	if (order.place < DECODER_JOBS_MAX && order.len <= DECODER_IN_MAX &&
	    h->orders_len < DECODER_JOBS_MAX)
		h->orders[h->orders_len++] = order;
}

static void helper_turn(struct helper *h)
{
	struct pollfd fds[1 + DECODER_RUNNING_MAX] = { { .fd = h->socket, .events = POLLIN } };
	int64_t wait_ms = -1;
	for (size_t i = 0; i < h->running_len; i++) {
		int64_t left = mono_diff_us(h->running[i].until, mono_now()) / 1000 + 1;
		fds[1 + i] = (struct pollfd){ .fd = h->running[i].child.pidfd, .events = POLLIN };
		if (!h->running[i].killed && (wait_ms < 0 || left < wait_ms))
			wait_ms = left > 0 ? left : 0;
	}
	if (poll(fds, 1 + h->running_len, (int)wait_ms) < 0 && errno != EINTR)
		_exit(1);
	for (size_t i = h->running_len; i-- > 0;)
		helper_end_one(h, i);
	if (fds[0].revents != 0)
		helper_take(h);
	helper_start_next(h);
}

_Noreturn static void helper_run(struct helper *h, bool root_may_all)
{
	struct sandbox_plan plan = { .starts_programs = true,
				     .keep_user = root_may_all,
				     .open_files_max =
					 256, /* child.c moves descriptors up to 200 */
				     .calls = helper_calls,
				     .calls_len = ARRAY_LEN(helper_calls) };
	struct sandbox_report report;
	if (sandbox_enter(&plan, NULL, &report) != OK)
		_exit(1);
	for (;;)
		helper_turn(h);
}

/* ---- our side ---- */

/* Of that size for good: the program could otherwise take away what we are reading. */
static int memory_open(size_t size)
{
	int fd = memfd_create("photo", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0 && (ftruncate(fd, (off_t)size) < 0 ||
			fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool place_open(struct place *place)
{
	*place = (struct place){ .in_fd = memory_open(DECODER_IN_MAX),
				 .out_fd = memory_open(DECODER_OUT_MAX) };
	if (place->in_fd < 0 || place->out_fd < 0)
		return false;
	void *in = mmap(NULL, DECODER_IN_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, place->in_fd, 0);
	void *out =
	    mmap(NULL, DECODER_OUT_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, place->out_fd, 0);
	place->in = in != MAP_FAILED ? in : NULL;
	place->out = out != MAP_FAILED ? out : NULL;
	return place->in && place->out;
}

static enum err start_helper(struct decoder *d, const char *program)
{
	int ends[2];
	enum err err = seqpacket_pair(ends);
	if (err != OK)
		return err;
	/* Nobody starts it, unless it lies where only root gets to. */
	bool root_may_all = geteuid() == 0 && !sandbox_user_may(NOBODY, NOBODY, program, X_OK);
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		struct helper helper = { .program = program,
					 .socket = ends[1],
					 .places = d->places };
		helper_run(&helper, root_may_all);
	}
	close(ends[1]);
	d->socket = ends[0];
	d->helper = pid;
	return pid > 0 ? OK : ERR_SYS;
}

enum err decoder_open(const char *program, struct decoder **out)
{
	if (access(program, X_OK) < 0)
		return ERR_NOT_FOUND;
	struct decoder *d = mem_new(1, sizeof(*d));
	*d = (struct decoder){ .socket = -1 };
	for (size_t i = 0; i < DECODER_JOBS_MAX; i++)
		d->places[i] = (struct place){ .in_fd = -1, .out_fd = -1 };
	enum err err = OK;
	for (size_t i = 0; err == OK && i < DECODER_JOBS_MAX; i++)
		err = place_open(&d->places[i]) ? OK : ERR_SYS;
	if (err == OK)
		err = start_helper(d, program);
	/* The helper holds its own; ours are the mappings. */
	for (size_t i = 0; err == OK && i < DECODER_JOBS_MAX; i++) {
		close(d->places[i].in_fd);
		close(d->places[i].out_fd);
		d->places[i].in_fd = d->places[i].out_fd = -1;
	}
	if (err != OK) {
		decoder_close(d);
		return err;
	}
	*out = d;
	return OK;
}

void decoder_close(struct decoder *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < DECODER_JOBS_MAX; i++) {
		struct place *place = &d->places[i];
		if (place->in)
			munmap(place->in, DECODER_IN_MAX);
		if (place->out)
			munmap((void *)(uintptr_t)place->out, DECODER_OUT_MAX);
		if (place->in_fd >= 0)
			close(place->in_fd);
		if (place->out_fd >= 0)
			close(place->out_fd);
	}
	if (d->socket >= 0)
		close(d->socket);
	if (d->helper > 0) {
		kill(d->helper, SIGKILL);
		waitpid(d->helper, NULL, 0);
	}
	free(d);
}

int decoder_fd(const struct decoder *d)
{
	return d->socket;
}

static struct place *place_of(struct decoder *d, uint64_t job)
{
	for (size_t i = 0; i < DECODER_JOBS_MAX; i++)
		if (d->places[i].busy && !d->places[i].told && d->places[i].job == job)
			return &d->places[i];
	return NULL;
}

static void forget(struct place *place)
{
	/* Gives the pages back; what is read there next is zero. */
	if (madvise(place->in, DECODER_IN_MAX, MADV_REMOVE) < 0)
		mem_wipe(place->in, DECODER_IN_MAX);
	void *out = (void *)(uintptr_t)place->out;
	if (madvise(out, DECODER_OUT_MAX, MADV_REMOVE) < 0)
		mem_wipe(out, DECODER_OUT_MAX);
	place->busy = false;
}

enum err decoder_submit(struct decoder *d, uint64_t job, struct bytes photo, struct mono now)
{
	struct place *place = NULL;
	for (size_t i = 0; !place && i < DECODER_JOBS_MAX; i++)
		if (!d->places[i].busy)
			place = &d->places[i];
	if (!place || photo.len == 0 || photo.len > DECODER_IN_MAX)
		return ERR_LIMIT;
	if (d->gone)
		return ERR_CLOSED;
	struct order order = { .place = (uint32_t)(place - d->places), .len = (uint32_t)photo.len };
	memcpy(place->in, photo.at, photo.len);
	enum err err =
	    seqpacket_send(d->socket, bytes_of((const uint8_t *)&order, sizeof(order)), -1);
	if (err != OK) {
		forget(place);
		return err;
	}
	place->busy = place->away = true;
	place->told = false;
	place->job = job;
	place->until = mono_add_ms(now, DECODER_WAIT_MS);
	return OK;
}

static bool take_answer(struct decoder *d, const struct answer *answer, struct decoder_result *out)
{
	ASSERT(answer->place < DECODER_JOBS_MAX && answer->len <= DECODER_OUT_MAX);
	struct place *place = &d->places[answer->place];
	place->away = false;
	if (place->told) { /* too late: its job was given up */
		forget(place);
		return false;
	}
	*out = (struct decoder_result){ .job = place->job,
					.err = answer->code == KILLED ? ERR_TIMEOUT : OK,
					.code = answer->code,
					.picture = bytes_of(place->out, answer->len) };
	return true;
}

static bool timed_out(struct decoder *d, struct mono now, struct decoder_result *out)
{
	for (size_t i = 0; i < DECODER_JOBS_MAX; i++) {
		struct place *place = &d->places[i];
		if (!place->busy || place->told || !place->away)
			continue;
		if (!d->gone && mono_before(now, place->until))
			continue;
		*out = (struct decoder_result){ .job = place->job, .err = ERR_TIMEOUT };
		return true;
	}
	return false;
}

bool decoder_next_result(struct decoder *d, struct mono now, struct decoder_result *out)
{
	struct answer answer;
	size_t len;
	enum err err = OK;
	while (!d->gone && (err = seqpacket_receive(d->socket, (uint8_t *)&answer, sizeof(answer),
						    &len, NULL)) == OK)
		if (len == sizeof(answer) && take_answer(d, &answer, out))
			return true;
	if (err != OK && err != ERR_AGAIN)
		d->gone = true;
	return timed_out(d, now, out);
}

void decoder_done(struct decoder *d, uint64_t job)
{
	struct place *place = place_of(d, job);
	if (!place)
		return;
	place->told = true;
	if (!place->away || d->gone)
		forget(place);
}

bool decoder_next(const struct decoder *d, struct mono *at)
{
	struct mono first = MONO_NEVER;
	for (size_t i = 0; i < DECODER_JOBS_MAX; i++)
		if (d->places[i].busy && d->places[i].away && !d->places[i].told)
			first = mono_min(first, d->places[i].until);
	*at = first;
	return first.us != INT64_MAX;
}
