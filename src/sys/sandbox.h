/*
 * sandbox.h - a program gives up what it does not need, for good.
 *
 * In this order: descriptors and limits, uid and gid (when root), no_new_privs,
 * not dumpable, Landlock, seccomp.  Called once, after everything that needs
 * rights is open and before the first byte from outside is read.
 *
 * A system call that the list lacks is answered with EPERM: an unforeseen call
 * of a library must not end a visit.  What the kernel is too old for is left
 * out and reported, so that /health can say so.
 */
#ifndef PVL_SYS_SANDBOX_H
#define PVL_SYS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/log.h"

struct sandbox_call {
	int number; /* SYS_… of <sys/syscall.h> */
	const char *reason;
};

struct sandbox_path {
	const char *path; /* a directory (with all below it) or a file; must exist */
	bool write;       /* else read only */
};

struct sandbox_plan {
	/* Numeric user and group to become when started as root; 0: nobody's 65534.
	 * Started as another user, the program stays that user. */
	uint32_t uid;
	uint32_t gid;
	bool keep_user;   /* even root, without its capabilities: for files that belong to root */
	bool large_pages; /* may still choose them (large_pages.h): of prctl(2) that alone */
	bool starts_programs; /* no Landlock: it would hold for what is started, too */
	uint32_t open_files_max;
	uint64_t memory_max; /* bytes of address space; 0: no limit */
	uint32_t cpu_s_max;  /* seconds of the processor, then it is killed; 0: no limit */
	const struct sandbox_call *calls;
	size_t calls_len;
	const struct sandbox_path *paths; /* none: no file can be opened */
	size_t paths_len;
};

struct sandbox_report {
	uint32_t uid;
	bool no_new_privs;
	bool undumpable;
	bool seccomp;
	uint32_t calls;   /* how many are allowed */
	int landlock_abi; /* of the kernel; 0: it has none */
	bool landlock;    /* in force */
};

/*
 * May that user do what access(2) calls mode with the path?  To be asked by
 * root alone, before the sandbox; our own additional groups are given up.
 */
bool sandbox_user_may(uint32_t uid, uint32_t gid, const char *path, int mode);

/* ERR_SYS: a step that must work did not; the program must end. */
MUST_USE enum err sandbox_enter(const struct sandbox_plan *plan, struct log *log,
				struct sandbox_report *report);

#endif
