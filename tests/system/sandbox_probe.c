/*
 * sandbox_probe.c - a library that is loaded into the real pvl-web and pvl-media before they start.  On SIGUSR2,
 * when they stand in their sandbox, it tries what they must never do, and tells on stderr what succeeded.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool refused(long result)
{
	return result < 0 && (errno == EPERM || errno == EACCES);
}

static void tell(const char *what, bool was_refused)
{
	char line[128];
	int len =
	    snprintf(line, sizeof line, "probe %s %s\n", was_refused ? "refused" : "DONE", what);
	(void)!write(STDERR_FILENO, line, (size_t)len);
}

static bool connect_refused(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	return refused(syscall(SYS_connect, STDERR_FILENO, &to, sizeof to));
}

static void try_all(int number)
{
	char *const argv[] = { (char[]){ "true" }, NULL };
	(void)number;
	tell("open /etc/shadow", refused(open("/etc/shadow", O_RDONLY)));
	tell("open /etc/passwd", refused(open("/etc/passwd", O_RDONLY)));
	tell("write /tmp", refused(open("/tmp/pvl-sandbox-probe", O_WRONLY | O_CREAT, 0600)));
	tell("list /", refused(open("/", O_RDONLY | O_DIRECTORY)));
	tell("exec", refused(execve("/bin/true", argv, argv + 1)));
	tell("fork", refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)));
	tell("socket", refused(socket(AF_INET, SOCK_STREAM, 0)));
	tell("connect", connect_refused());
	tell("bind", refused(syscall(SYS_bind, STDERR_FILENO, NULL, 0)));
	tell("ptrace", refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
	tell("kill", refused(kill(1, 0)));
	tell("process_vm_readv", refused(syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0)));
	tell("mount", refused(syscall(SYS_mount, "a", "b", "c", 0, NULL)));
	tell("setuid", refused(syscall(SYS_setuid, 0)));
	tell("chmod", refused(chmod("/etc", 0777)));
	tell("bpf", refused(syscall(SYS_bpf, 0, NULL, 0)));
	tell("io_uring", refused(syscall(SYS_io_uring_setup, 1, NULL)));
	tell("ends", true);
}

__attribute__((constructor)) static void arm(void)
{
	struct sigaction on = { .sa_handler = try_all };
	(void)sigaction(SIGUSR2, &on, NULL);
}
