/*
 * serve.c - pvl serve: opens what needs rights, gives rights up, keeps the others running.
 */
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "programs/cli/command.h"
#include "programs/cli/supervisor.h"
#include "sys/files.h"
#include "sys/log_fd.h"
#include "sys/network.h"
#include "sys/sandbox.h"

static bool find_programs(struct serve_options *o)
{
	if (o->programs[0])
		return true;
	ssize_t n = readlink("/proc/self/exe", o->programs, sizeof o->programs - 1);
	char *slash = n > 0 ? strrchr(o->programs, '/') : NULL;
	if (!slash)
		return false;
	*slash = 0;
	return true;
}

static bool find_data(struct serve_options *o)
{
	char whole[PATH_MAX];
	enum err err = directory_make(o->data);
	if (!err && realpath(o->data, whole) && strlen(whole) < sizeof o->data) {
		memcpy(o->data, whole, strlen(whole) + 1);
		return true;
	}
	fprintf(stderr, "pvl: cannot make the directory %s\n", o->data);
	return false;
}

/* Beside the data: pvl-web may open everything that is in it. */
static bool find_vault(struct serve_options *o)
{
	static const char end[] = ".vault";
	size_t len = strlen(o->data);
	if (o->vault[0])
		return true;
	if (len + sizeof end > sizeof o->vault)
		return false;
	memcpy(o->vault, o->data, len);
	memcpy(o->vault + len, end, sizeof end);
	return true;
}

static void fill_in(struct serve_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (!o->media_workers)
		o->media_workers = cores < 1                        ? 1
				   : cores > SUPERVISOR_WORKERS_MAX ? SUPERVISOR_WORKERS_MAX
								    : (unsigned)cores;
	if (!o->addresses_len)
		o->addresses_len = network_addresses(o->addresses, SERVE_ADDRESSES_MAX);
}

static bool can_serve_as(const struct serve_options *o, const struct stat *owner)
{
	char web[SERVE_TEXT_MAX + 16];
	snprintf(web, sizeof web, "%s/pvl-web", o->programs);
	return owner->st_uid != 0 && sandbox_user_may(owner->st_uid, owner->st_gid, web, X_OK) &&
	       sandbox_user_may(owner->st_uid, owner->st_gid, o->data, R_OK | W_OK | X_OK);
}

/* As root we become who owns the data; it is theirs to read and write.  Where that user cannot
 * get (a build below /root) we stay root; the children give it up by themselves. */
static bool drop_root(const struct serve_options *o, struct log *log)
{
	struct stat st;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || stat(o->data, &st) < 0)
		return false;
	if (geteuid() != 0)
		return true;
	if (!can_serve_as(o, &st)) {
		log_event(log, LOG_WARN, "supervisor_stays_root");
		return true;
	}
	return setgroups(0, NULL) == 0 && setresgid(st.st_gid, st.st_gid, st.st_gid) == 0 &&
	       setresuid(st.st_uid, st.st_uid, st.st_uid) == 0;
}

int serve_run(int argc, char **argv)
{
	struct log log = log_fd("pvl", LOG_INFO, STDERR_FILENO);
	struct serve_options options;
	struct serve_sockets sockets;
	if (serve_options_read(argc - 1, argv + 1, &options))
		return EXIT_USAGE;
	if (options.help) {
		serve_options_usage(stdout);
		return EXIT_DONE;
	}
	if (!find_programs(&options) || !find_data(&options) || !find_vault(&options))
		return EXIT_FAILED;
	fill_in(&options);
	if (serve_sockets_open(&options, &sockets))
		return EXIT_FAILED;
	int code = EXIT_FAILED;
	if (drop_root(&options, &log))
		code = supervisor_run(&options, &sockets, &log);
	else
		log_event(&log, LOG_ERROR, "rights_not_dropped");
	serve_sockets_close(&sockets);
	return code;
}
