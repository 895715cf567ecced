/*
 * Each test runs in a process of its own, which cannot come back out.
 */
#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"
#include "base/assert.h"
#include "sys/large_pages.h"

static const struct sandbox_call few[] = {
	{ SYS_write, "report" },
	{ SYS_exit_group, "end" },
	{ SYS_getpid, "shown as allowed" },
	{ SYS_getuid, "shown as allowed" },
	{ SYS_getrlimit, "shown as allowed" },
	{ SYS_prlimit64, "shown as allowed" },
	{ SYS_prctl, "shown as allowed" },
	{ SYS_openat, "left to Landlock" },
	{ SYS_read, "left to Landlock" },
	{ SYS_close, "left to Landlock" },
	{ SYS_munmap, "the sanitizers, at exit" },
	{ SYS_mmap, "the sanitizers" },
	{ SYS_sigaltstack, "the sanitizers" },
};

static char place[64];

/* True when check() said yes inside. */
static bool holds(const struct sandbox_plan *plan, bool (*check)(const struct sandbox_report *))
{
	struct sandbox_report report;
	int status = 1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(sandbox_enter(plan, NULL, &report) == OK && check(&report) ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool holds_as(bool keep_user, const struct sandbox_path *paths, size_t n,
		     bool (*check)(const struct sandbox_report *))
{
	struct sandbox_plan plan = { .open_files_max = 32,
				     .calls = few,
				     .calls_len = ARRAY_LEN(few),
				     .keep_user = keep_user,
				     .paths = paths,
				     .paths_len = n };
	return holds(&plan, check);
}

static bool holds_inside(const struct sandbox_path *paths, size_t n,
			 bool (*check)(const struct sandbox_report *))
{
	return holds_as(false, paths, n, check);
}

static bool refuses_new_sockets(const struct sandbox_report *r)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return r->seccomp && r->calls == ARRAY_LEN(few) && fd < 0 && errno == EPERM;
}

static bool refuses_to_run_programs(const struct sandbox_report *r)
{
	(void)r;
	return execl("/bin/true", "true", NULL) < 0 && errno == EPERM;
}

static bool allows_what_is_listed(const struct sandbox_report *r)
{
	(void)r;
	return syscall(SYS_getpid) > 0;
}

static void a_system_call_off_the_list_is_refused(void **state)
{
	(void)state;
	CHECK(holds_inside(NULL, 0, refuses_new_sockets));
	CHECK(holds_inside(NULL, 0, refuses_to_run_programs));
	CHECK(holds_inside(NULL, 0, allows_what_is_listed));
}

static bool opens_nothing(const struct sandbox_report *r)
{
	return r->landlock && open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES;
}

static bool opens_its_own_alone(const struct sandbox_report *r)
{
	char inside[128], fresh[128];
	snprintf(inside, sizeof inside, "%s/inside", place);
	snprintf(fresh, sizeof fresh, "%s/fresh", place);
	return r->landlock && open(inside, O_RDONLY) >= 0 &&
	       open(fresh, O_WRONLY | O_CREAT, 0600) >= 0 && open("/etc/passwd", O_RDONLY) < 0 &&
	       errno == EACCES;
}

static bool reads_but_does_not_write(const struct sandbox_report *r)
{
	char inside[128];
	snprintf(inside, sizeof inside, "%s/inside", place);
	return r->landlock && open(inside, O_RDONLY) >= 0 && open(inside, O_WRONLY) < 0 &&
	       errno == EACCES;
}

static void a_path_outside_landlock_cannot_be_read(void **state)
{
	(void)state;
	CHECK(access("/etc/passwd", R_OK) == 0); /* here it can */
	struct sandbox_path rw = { .path = place, .write = true };
	struct sandbox_path ro = { .path = place };
	CHECK(holds_inside(NULL, 0, opens_nothing));
	CHECK(holds_inside(&rw, 1, opens_its_own_alone));
	CHECK(holds_inside(&ro, 1, reads_but_does_not_write));
}

static bool is_a_nobody_for_good(const struct sandbox_report *r)
{
	return r->uid == getuid() && getuid() != 0 && r->no_new_privs && r->undumpable &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static bool has_limits(const struct sandbox_report *r)
{
	(void)r;
	struct rlimit files, core;
	return getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max == 32 &&
	       getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0;
}

static void root_becomes_nobody_without_a_way_back(void **state)
{
	(void)state;
	CHECK(holds_inside(NULL, 0, is_a_nobody_for_good));
	CHECK(holds_inside(NULL, 0, has_limits));
}

/* A file of somebody else's is closed to root without capabilities. */
static bool is_itself_without_powers(const struct sandbox_report *r)
{
	char foreign[128], own[128];
	snprintf(foreign, sizeof foreign, "%s/foreign", place);
	snprintf(own, sizeof own, "%s/own", place);
	return r->uid == 0 && open(foreign, O_RDONLY) < 0 && errno == EACCES &&
	       open(own, O_RDWR | O_CREAT, 0600) >= 0;
}

static void a_kept_root_has_lost_its_powers(void **state)
{
	char foreign[128];
	struct sandbox_path rw = { .path = place, .write = true };
	(void)state;
	if (getuid() != 0)
		skip();
	snprintf(foreign, sizeof foreign, "%s/foreign", place);
	int fd = open(foreign, O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0 && fchown(fd, 65534, 65534) == 0 && close(fd) == 0);
	CHECK(access(foreign, R_OK) == 0); /* here it can */
	CHECK(holds_as(true, &rw, 1, is_itself_without_powers));
}

static void root_can_ask_what_another_user_may(void **state)
{
	char closed[128], below[160];
	(void)state;
	if (getuid() != 0)
		skip();
	snprintf(closed, sizeof closed, "%s/closed", place);
	snprintf(below, sizeof below, "%s/below", closed);
	CHECK(mkdir(closed, 0700) == 0 && mkdir(below, 0777) == 0);
	CHECK(sandbox_user_may(65534, 65534, place, R_OK));
	CHECK(!sandbox_user_may(65534, 65534, below, F_OK)); /* no way there */
	CHECK(geteuid() == 0 && access(below, W_OK) == 0);
}

static bool chooses_pages_and_no_more(const struct sandbox_report *r)
{
	(void)r;
	return large_pages_allow(true) && large_pages_allow(false) &&
	       prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 && errno == EPERM;
}

static bool does_not_choose_pages(const struct sandbox_report *r)
{
	(void)r;
	return !large_pages_allow(true) && errno == EPERM;
}

static void large_pages_are_chosen_only_by_whom_the_plan_lets(void **state)
{
	(void)state;
	static const struct sandbox_call ends[] = {
		{ SYS_exit_group, "end" },
		{ SYS_munmap, "the sanitizers, at exit" },
		{ SYS_mmap, "the sanitizers" },
		{ SYS_sigaltstack, "the sanitizers" },
	};
	struct sandbox_plan plan = { .open_files_max = 32,
				     .calls = ends,
				     .calls_len = ARRAY_LEN(ends) };
	CHECK(holds(&plan, does_not_choose_pages));
	plan.large_pages = true;
	CHECK(holds(&plan, chooses_pages_and_no_more));
}

static bool never_asked(const struct sandbox_report *r)
{
	(void)r;
	return true;
}

static void a_path_that_is_not_there_stops_the_start(void **state)
{
	(void)state;
	struct sandbox_path missing = { .path = "/nonexistent/directory" };
	CHECK(!holds_inside(&missing, 1, never_asked));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_system_call_off_the_list_is_refused),
		TEST(a_path_outside_landlock_cannot_be_read),
		TEST(root_becomes_nobody_without_a_way_back),
		TEST(a_kept_root_has_lost_its_powers),
		TEST(root_can_ask_what_another_user_may),
		TEST(large_pages_are_chosen_only_by_whom_the_plan_lets),
		TEST(a_path_that_is_not_there_stops_the_start),
	};
	char path[128];
	snprintf(place, sizeof place, "/tmp/pvl-sandbox-XXXXXX");
	if (!mkdtemp(place))
		return 1;
	snprintf(path, sizeof path, "%s/inside", place);
	int fd = open(path, O_WRONLY | O_CREAT, 0666);
	if (fd < 0 || fchmod(fd, 0666) < 0 || chmod(place, 0777) < 0)
		return 1;
	close(fd);
	int failed = RUN("sys/sandbox", tests);
	snprintf(path, sizeof path, "rm -rf '%s'", place);
	return system(path) || failed;
}
