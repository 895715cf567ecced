/*
 * test_supervision.c - real pvl and real pvl-media: who dies is started again,
 * and nobody else notices.  pvl-web is played by web_double.c.
 *
 * argv: the pvl program, the pvl-media program, the double.  UDP 41000-41001.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check.h"
#include "sys/clock.h"
#include "sys/udp.h"

enum {
	PORT = 41000,
	PATIENCE_MS = 5000,
};

static char place[64];
static pid_t pvl;

static char *read_log(void)
{
	static char text[65536];
	char path[128];
	snprintf(path, sizeof path, "%s/data/web.log", place);
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	text[n] = 0;
	if (f)
		fclose(f);
	return text;
}

static size_t lines_with(const char *word)
{
	size_t n = 0;
	for (const char *p = read_log(); (p = strstr(p, word)); p++)
		n++;
	return n;
}

/* Until the log holds count lines with the word; false after PATIENCE_MS. */
static bool comes(const char *word, size_t count)
{
	struct mono end = mono_add_ms(mono_now(), PATIENCE_MS);
	while (lines_with(word) < count) {
		if (mono_before(end, mono_now())) {
			print_message("# waited for %zu x '%s' in:\n%s\n", count, word, read_log());
			return false;
		}
		usleep(5000);
	}
	return true;
}

/* The process of that name whose parent is pvl and whose argument holds word. */
static pid_t child_of_pvl(const char *name, const char *word)
{
	char command[200];
	snprintf(command, sizeof command, "pgrep -f -P %d '%s.*%s'", (int)pvl, name, word);
	FILE *f = popen(command, "r");
	int pid = 0;
	if (!f || fscanf(f, "%d", &pid) != 1)
		pid = 0;
	if (f)
		pclose(f);
	return pid;
}

static long status_of(pid_t pid, const char *field)
{
	char path[64], line[256];
	long value = -1;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, field, strlen(field)) == 0)
			value = strtol(line + strlen(field) + 1, NULL, 10);
	if (f)
		fclose(f);
	return value;
}

static int start(void **state)
{
	char data[80];
	(void)state;
	snprintf(data, sizeof data, "%s/data", place);
	pvl = fork();
	if (pvl == 0) {
		char path[80];
		snprintf(path, sizeof path, "%s/pvl", place);
		execl(path, "pvl", "serve", "--data", data, "--programs", place, "--listen",
		      "127.0.0.1", "--port", "41080", "--media-port", "41000", "--media-workers",
		      "2", "--media-address", "127.0.0.1", (char *)NULL);
		_exit(127);
	}
	return comes("resynced 0", 1) && comes("resynced 1", 1) && comes("started", 1) ? 0 : 1;
}

static int stop(void **state)
{
	char command[128];
	int status = 0;
	(void)state;
	kill(pvl, SIGTERM);
	struct mono end = mono_add_ms(mono_now(), 10000);
	while (waitpid(pvl, &status, WNOHANG) == 0 && mono_before(mono_now(), end))
		usleep(10000);
	if (mono_before(end, mono_now()))
		kill(pvl, SIGKILL);
	snprintf(command, sizeof command, "rm -rf '%s/data'", place);
	return system(command) || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/* A STUN request without credentials is dropped; that the socket takes it shows that it is
 * open: a closed port answers loopback senders with ECONNREFUSED. */
static bool port_is_held(uint16_t port)
{
	struct address any = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, 0);
	int fd;
	return udp_open(
		   &(struct address){ .family = any.family, .port = port, .ip = { 127, 0, 0, 1 } },
		   &fd) == ERR_CONFLICT;
}

static void the_sandbox_holds_in_a_running_pvl_media(void **state)
{
	(void)state;
	pid_t media = child_of_pvl("pvl-media", "--index 0");
	CHECK(media > 0);
	CHECK(status_of(media, "Seccomp:") == 2);
	CHECK(status_of(media, "NoNewPrivs:") == 1);
	CHECK(status_of(media, "Uid:") != 0);
	CHECK(status_of(media, "Threads:") == 1);
	CHECK(status_of(pvl, "NoNewPrivs:") == 1);
	CHECK(lines_with("heartbeat") > 0 || comes("heartbeat 0", 1)); /* and it works inside */
}

static void a_killed_pvl_media_is_back_on_its_port_at_once(void **state)
{
	(void)state;
	pid_t old = child_of_pvl("pvl-media", "--index 1");
	size_t hellos = lines_with("hello 1");
	CHECK(old > 0);
	struct mono killed = mono_now();
	kill(old, SIGKILL);
	CHECK(comes("worker 1 port 41001 starts 2", 1));
	CHECK(comes("hello 1", hellos + 1));
	int64_t ms = mono_diff_us(mono_now(), killed) / 1000;
	print_message("# pvl-media back and heard of after %d ms\n", (int)ms);
	CHECK(ms < 200);
	CHECK(comes("media 1 closed", 1)); /* pvl-web learnt that its visits are gone */
	CHECK(lines_with("media 0 closed") == 0);
	CHECK(port_is_held(PORT + 1));
	CHECK(child_of_pvl("pvl-media", "--index 1") != old);
}

static void a_killed_pvl_web_finds_every_visit_still_standing(void **state)
{
	char instance[40] = { 0 };
	(void)state;
	pid_t media = child_of_pvl("pvl-media", "--index 0");
	pid_t web = child_of_pvl("pvl-web", "--data");
	CHECK(web > 0 && media > 0 && lines_with("stands 0 visit 100") == 1);
	CHECK(sscanf(strstr(read_log(), "hello 0"), "hello 0 instance %39s", instance) == 1);
	kill(web, SIGKILL);
	CHECK(comes("started", 2));
	CHECK(comes("stands 0 visit 100", 2));
	CHECK(comes("resynced 0", 2) && comes("resynced 1", 2));
	CHECK(lines_with(instance) == lines_with("hello 0")); /* one process all the time */
	CHECK(child_of_pvl("pvl-media", "--index 0") == media);
	CHECK(lines_with("closed") == 0);
}

static void who_dies_again_and_again_is_given_pauses(void **state)
{
	(void)state;
	struct mono began = mono_now();
	for (unsigned i = 0; i < 3; i++) {
		char started[64];
		kill(child_of_pvl("pvl-media", "--index 0"), SIGKILL);
		snprintf(started, sizeof started, "worker 0 port 41000 starts %u", i + 2);
		CHECK(comes(started, 1));
	}
	int64_t ms = mono_diff_us(mono_now(), began) / 1000;
	CHECK(ms >= 700 && ms < 5000); /* 0 + 200 + 500 */
}

static void visits_are_closed_politely_on_the_way_out(void **state)
{
	(void)state;
	pid_t media = child_of_pvl("pvl-media", "--index 0");
	kill(media, SIGTERM);
	CHECK(comes("visit_closed 0", 1));
	CHECK(comes("worker 0 port 41000 starts 2", 1));
}

static bool link_program(const char *from, const char *name)
{
	char to[128], whole[PATH_MAX];
	snprintf(to, sizeof to, "%s/%s", place, name);
	return realpath(from, whole) && symlink(whole, to) == 0;
}

#define SERVED(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SERVED(the_sandbox_holds_in_a_running_pvl_media),
		SERVED(a_killed_pvl_media_is_back_on_its_port_at_once),
		SERVED(a_killed_pvl_web_finds_every_visit_still_standing),
		SERVED(who_dies_again_and_again_is_given_pauses),
		SERVED(visits_are_closed_politely_on_the_way_out),
	};
	snprintf(place, sizeof place, "/tmp/pvl-system-XXXXXX");
	if (argc != 4 || !mkdtemp(place) || !link_program(argv[1], "pvl") ||
	    !link_program(argv[2], "pvl-media") || !link_program(argv[3], "pvl-web"))
		return 1;
	int failed = RUN("system/supervision", tests);
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", place);
	return system(command) || failed;
}
