/*
 * child.h - start another of our programs, watch it, end it.
 *
 * The child gets exactly the descriptors in its list, at the numbers named
 * there, and standard error; everything else is closed before exec.  Its
 * signal mask is empty, its environment is the one given, and it stands in a
 * process group of its own, so that Ctrl-C does not reach it.
 */
#ifndef PVL_SYS_CHILD_H
#define PVL_SYS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

enum {
	CHILD_FDS_MAX = 16,
};

struct child_fd {
	int from; /* ours, stays ours */
	int to;   /* the child's number, 3 or more */
};

struct child_plan {
	const char *path;
	const char *const *argv; /* argv[0] first, NULL at the end */
	const char *const *environment;
	const struct child_fd *fds;
	size_t fds_len;
};

struct child {
	pid_t pid;
	int pidfd; /* readable when it has ended: for a watch */
};

#define CHILD_NONE ((struct child){ .pid = 0, .pidfd = -1 })

/* ERR_SYS also when the program cannot be executed. */
MUST_USE enum err child_start(const struct child_plan *plan, struct child *out);
bool child_runs(const struct child *child);
void child_signal(const struct child *child, int signal);
/* If it has ended: reaps it, gives its exit code (128 + signal number if killed), empties *child. */
bool child_ended(struct child *child, int *code);

#endif
