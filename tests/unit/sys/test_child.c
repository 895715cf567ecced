#include "sys/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "../check.h"

static const char *const no_environment[] = { "PATH=/usr/bin:/bin", NULL };

static int ends(struct child *child)
{
	struct pollfd f = { .fd = child->pidfd, .events = POLLIN };
	int code = -1;
	if (poll(&f, 1, 5000) != 1 || !child_ended(child, &code))
		return -1;
	return code;
}

static struct child start_shell(const char *script, const struct child_fd *fds, size_t n)
{
	char text[512];
	snprintf(text, sizeof text, "%s", script);
	const char *argv[] = { "sh", "-c", text, NULL };
	struct child child = CHILD_NONE;
	struct child_plan plan = { .path = "/bin/sh",
				   .argv = argv,
				   .environment = no_environment,
				   .fds = fds,
				   .fds_len = n };
	CHECK(child_start(&plan, &child) == OK);
	return child;
}

static void its_end_and_exit_code_are_seen(void **state)
{
	(void)state;
	struct child child = start_shell("exit 7", NULL, 0);
	CHECK(child_runs(&child));
	CHECK(ends(&child) == 7);
	CHECK(!child_runs(&child) && child.pidfd == -1);
}

static void it_gets_its_descriptors_at_their_numbers_and_no_others(void **state)
{
	(void)state;
	int a[2], b[2], stray = open("/dev/null", O_RDONLY);
	char text[256] = { 0 };
	CHECK(pipe(a) == 0 && pipe(b) == 0);
	/* numbers crossed on purpose: the list must not overwrite itself */
	struct child_fd fds[] = { { .from = a[1], .to = b[1] }, { .from = b[1], .to = a[1] } };
	char script[200];
	snprintf(script, sizeof script,
		 "echo to_a >&%d; echo to_b >&%d; n=0; for f in /proc/$$/fd/*; do n=$((n+1)); "
		 "done; echo $n >&%d",
		 b[1], a[1], b[1]);
	struct child child = start_shell(script, fds, 2);
	CHECK(ends(&child) == 0);
	CHECK(read(a[0], text, sizeof text) > 0);
	/* standard three, the two of the list, the directory being read; none of ours */
	assert_string_equal(text, "to_a\n6\n");
	CHECK(read(b[0], text, sizeof text) == 5 && strncmp(text, "to_b\n", 5) == 0);
	for (int i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
	}
	close(stray);
}

static void a_killed_one_tells_the_signal(void **state)
{
	(void)state;
	struct child child = start_shell("exec sleep 30", NULL, 0);
	int code;
	CHECK(!child_ended(&child, &code));
	child_signal(&child, SIGKILL);
	CHECK(ends(&child) == 128 + SIGKILL);
}

static void blocked_signals_are_not_inherited(void **state)
{
	(void)state;
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	struct child child = start_shell("exec sleep 30", NULL, 0);
	child_signal(&child, SIGTERM);
	CHECK(ends(&child) == 128 + SIGTERM);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void it_stands_in_a_process_group_of_its_own(void **state)
{
	(void)state;
	struct child child = start_shell("exec sleep 30", NULL, 0);
	CHECK(getpgid(child.pid) == child.pid);
	child_signal(&child, SIGKILL);
	CHECK(ends(&child) == 128 + SIGKILL);
}

static void a_missing_program_is_told_at_once(void **state)
{
	(void)state;
	const char *argv[] = { "nothing", NULL };
	struct child child = CHILD_NONE;
	struct child_plan plan = { .path = "/nonexistent/program",
				   .argv = argv,
				   .environment = no_environment };
	CHECK(child_start(&plan, &child) == ERR_SYS);
	CHECK(!child_runs(&child));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(its_end_and_exit_code_are_seen),
		TEST(it_gets_its_descriptors_at_their_numbers_and_no_others),
		TEST(a_killed_one_tells_the_signal),
		TEST(blocked_signals_are_not_inherited),
		TEST(it_stands_in_a_process_group_of_its_own),
		TEST(a_missing_program_is_told_at_once),
	};
	return RUN("sys/child", tests);
}
