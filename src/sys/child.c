#include "sys/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"

enum {
	ASIDE = 200, /* above every number a child is given */
};

/* First all aside, so that no number of the list is overwritten before it is copied. */
static bool arrange_fds(const struct child_plan *plan, int report)
{
	int aside[CHILD_FDS_MAX];
	int top = STDERR_FILENO;
	for (size_t i = 0; i < plan->fds_len; i++) {
		aside[i] = fcntl(plan->fds[i].from, F_DUPFD, ASIDE);
		if (aside[i] < 0)
			return false;
		if (plan->fds[i].to > top)
			top = plan->fds[i].to;
	}
	report = fcntl(report, F_DUPFD, ASIDE);
	if (report < 0 || close_range(STDERR_FILENO + 1, ASIDE - 1, 0) < 0)
		return false;
	for (size_t i = 0; i < plan->fds_len; i++)
		if (dup2(aside[i], plan->fds[i].to) < 0)
			return false;
	/* The report pipe goes right above the list and closes itself on exec. */
	if (dup3(report, top + 1, O_CLOEXEC) < 0)
		return false;
	return close_range((unsigned)top + 2, ~0u, 0) == 0;
}

static int report_number(const struct child_plan *plan)
{
	int top = STDERR_FILENO;
	for (size_t i = 0; i < plan->fds_len; i++)
		if (plan->fds[i].to > top)
			top = plan->fds[i].to;
	return top + 1;
}

static void null_input(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
}

/* execve's type is older than const; it changes nothing. */
static char *const *for_exec(const char *const *words)
{
	char *const *out;
	memcpy(&out, &words, sizeof out);
	return out;
}

_Noreturn static void become(const struct child_plan *plan, int report)
{
	sigset_t none;
	sigemptyset(&none);
	null_input();
	setpgid(0, 0); /* Ctrl-C is for us alone: we end the children in order */
	if (arrange_fds(plan, report) && sigprocmask(SIG_SETMASK, &none, NULL) == 0) {
		report = report_number(plan);
		execve(plan->path, for_exec(plan->argv), for_exec(plan->environment));
	}
	ssize_t n = write(report, "x", 1);
	(void)n;
	_exit(127);
}

/* Nothing comes through the pipe when exec succeeds: it closes. */
static bool has_started(int report)
{
	char c;
	ssize_t n;
	do
		n = read(report, &c, 1);
	while (n < 0 && errno == EINTR);
	return n == 0;
}

enum err child_start(const struct child_plan *plan, struct child *out)
{
	int report[2];
	ASSERT(plan->fds_len <= CHILD_FDS_MAX);
	if (pipe2(report, O_CLOEXEC) < 0)
		return ERR_SYS;
	pid_t pid = fork();
	if (pid == 0)
		become(plan, report[1]);
	close(report[1]);
	bool started = pid > 0 && has_started(report[0]);
	close(report[0]);
	int pidfd = started ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
	if (pidfd < 0) {
		if (pid > 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		return ERR_SYS;
	}
	fcntl(pidfd, F_SETFD, FD_CLOEXEC);
	*out = (struct child){ .pid = pid, .pidfd = pidfd };
	return OK;
}

bool child_runs(const struct child *child)
{
	return child->pid > 0;
}

void child_signal(const struct child *child, int signal)
{
	if (child_runs(child))
		syscall(SYS_pidfd_send_signal, child->pidfd, signal, NULL, 0);
}

bool child_ended(struct child *child, int *code)
{
	int status;
	if (!child_runs(child) || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return false;
	*code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	close(child->pidfd);
	*child = CHILD_NONE;
	return true;
}
