/*
 * curl_sandbox.h - what a program may do whose work is to speak to the outside through libcurl.
 *
 * Its system calls as entries of a list (sys/sandbox.h), to which the program adds
 * its own, and the files by which names become addresses and certificates are judged.
 */
#ifndef PVL_PROGRAMS_CURL_SANDBOX_H
#define PVL_PROGRAMS_CURL_SANDBOX_H

#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "sys/sandbox.h"

/* clang-format off */
#define CURL_CALLS \
	{ SYS_read, "connections, configuration of names" }, \
	{ SYS_write, "log lines, connections" }, \
	{ SYS_writev, "connections" }, \
	{ SYS_close, "connections" }, \
	{ SYS_fstat, "files of the resolver and of TLS" }, \
	{ SYS_stat, "likewise" }, \
	{ SYS_lstat, "likewise" }, \
	{ SYS_newfstatat, "likewise" }, \
	{ SYS_statx, "likewise" }, \
	{ SYS_openat, "likewise; Landlock bounds them" }, \
	{ SYS_open, "likewise" }, \
	{ SYS_access, "likewise" }, \
	{ SYS_lseek, "likewise" }, \
	{ SYS_pread64, "likewise" }, \
	{ SYS_readlink, "likewise" }, \
	{ SYS_getdents64, "the folder of certificates" }, \
	{ SYS_fcntl, "sockets" }, \
	{ SYS_ioctl, "sockets: FIONREAD of the resolver" }, \
	{ SYS_mmap, "memory" }, \
	{ SYS_munmap, "memory" }, \
	{ SYS_mremap, "memory" }, \
	{ SYS_mprotect, "memory, stacks of threads" }, \
	{ SYS_madvise, "memory" }, \
	{ SYS_brk, "memory" }, \
	{ SYS_poll, "wait (libcurl)" }, \
	{ SYS_ppoll, "wait" }, \
	{ SYS_pipe2, "libcurl's wake-up" }, \
	{ SYS_socketpair, "libcurl's resolver tells that it is done" }, \
	{ SYS_eventfd2, "libcurl's wake-up" }, \
	{ SYS_socket, "to the outside: what this program is for" }, \
	{ SYS_connect, "likewise" }, \
	{ SYS_bind, "the resolver asks the kernel for addresses" }, \
	{ SYS_sendto, "likewise" }, \
	{ SYS_recvfrom, "likewise" }, \
	{ SYS_sendmsg, "pvl-web, the resolver" }, \
	{ SYS_recvmsg, "pvl-web, the resolver" }, \
	{ SYS_sendmmsg, "the resolver asks for both families" }, \
	{ SYS_setsockopt, "connections" }, \
	{ SYS_getsockopt, "connections" }, \
	{ SYS_getsockname, "connections" }, \
	{ SYS_getpeername, "connections" }, \
	{ SYS_shutdown, "TLS" }, \
	{ SYS_clone, "libcurl resolves names in a thread" }, \
	{ SYS_clone3, "likewise" }, \
	{ SYS_set_robust_list, "likewise" }, \
	{ SYS_rseq, "likewise" }, \
	{ SYS_exit, "the thread's end" }, \
	{ SYS_futex, "threads" }, \
	{ SYS_sched_yield, "threads" }, \
	{ SYS_sched_getaffinity, "memory of threads" }, \
	{ SYS_uname, "the resolver" }, \
	{ SYS_sysinfo, "the resolver's sorting" }, \
	{ SYS_clock_gettime, "time, where there is no vdso" }, \
	{ SYS_clock_nanosleep, "the resolver waits" }, \
	{ SYS_getrandom, "TLS" }, \
	{ SYS_getpid, "TLS, log" }, \
	{ SYS_gettid, "abort()" }, \
	{ SYS_getuid, "the resolver" }, \
	{ SYS_geteuid, "the resolver" }, \
	{ SYS_getgid, "the resolver" }, \
	{ SYS_getegid, "the resolver" }, \
	{ SYS_rt_sigprocmask, "threads" }, \
	{ SYS_rt_sigaction, "libraries at their start" }, \
	{ SYS_rt_sigreturn, "signals" }, \
	{ SYS_tgkill, "abort()" }, \
	{ SYS_restart_syscall, "after a stop" }, \
	{ SYS_exit_group, "the end" }
/* clang-format on */

enum {
	CURL_PATHS_MAX = 8,
};

/* How names become addresses, and whose certificates are good; those that are there.  How many. */
static inline size_t curl_paths(struct sandbox_path *out)
{
	static const char *const ALL[] = { "/etc", "/run/systemd/resolve", "/usr/lib", "/lib",
					   "/usr/share/ca-certificates" };
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(ALL); i++)
		if (access(ALL[i], F_OK) == 0)
			out[n++] = (struct sandbox_path){ .path = ALL[i] };
	return n;
}

#endif
