/*
 * load - drives a forwarding server with visits of two ends and measures it.
 *
 *	load pvl URL VISITS PID             our server, through /lab/rooms
 *	load janus URL VISITS PID ADDRESS   Debian's Janus, through its videoroom
 *	load floor PORT VISITS PID          the bare loop of bench/floor
 *
 * PID is the server's process that forwards.  VISITS come to stand, which is
 * told in one line of JSON; then commands are taken from standard input, each
 * answered by a line:
 *
 *	run SECONDS     media flows (before the clock starts half a second, four the first time)
 *	churn VISITS    so many more visits join and leave, one after the other
 *
 * At the end of input everybody leaves.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "media.h"
#include "server_cost.h"

enum {
	WARM_FIRST_MS = 4000, /* lines are learnt, tiers climbed; the floor has none */
	WARM_MS = 500,
	AFTER_MS = 50, /* for what is still on its way */
	IDLE_MS = 200,
	VISITS_MAX = 1000,
	SECONDS_MAX = 600,
	CHURN_MAX = 100000,
	CHURN_MEDIA_MS = 45, /* so that the memory of a first picture is taken */
};

struct bench {
	struct load load;
	int pid;
	size_t visits;
	struct end *ends;
	int next_visit;
	bool warm; /* media has flowed */
	struct result result;
};

static void system_fill(struct random *self, void *at, size_t len)
{
	(void)self;
	ASSERT(getentropy(at, len) == 0);
}

static double own_cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Those that stand must not lose consent while others join. */
static bool all_join(struct bench *bench)
{
	double *setup = mem_new(bench->visits, sizeof *setup);
	struct server_cost empty = server_cost(bench->pid);
	bool ok = true;
	for (size_t i = 0; ok && i < bench->visits; i++) {
		struct mono start = load_now();
		ok = visit_stand(&bench->load, &bench->ends[2 * i], bench->next_visit++);
		setup[i] = (double)mono_diff_us(load_now(), start) / 1000.0;
		if (i % 10 == 9)
			media_rest(bench->ends, 2 * (i + 1));
		media_read(&bench->load, 0, &bench->result);
	}
	struct server_cost full = server_cost(bench->pid);
	double join_us = (double)(full.cpu_ns - empty.cpu_ns) / 1000 / (double)(bench->visits * 2);
	qsort(setup, bench->visits, sizeof *setup, compare);
	if (ok)
		printf("{\"stand\":%zu,\"setup_p50_ms\":%.1f,\"setup_max_ms\":%.1f,"
		       "\"join_us\":%.0f,\"empty_kib\":%" PRIu64 "}\n",
		       bench->visits, setup[bench->visits / 2], setup[bench->visits - 1], join_us,
		       empty.private_kib);
	free(setup);
	return ok;
}

static double missing_percent(uint64_t sent, uint64_t received)
{
	return sent > received ? (double)(sent - received) * 100 / (double)sent : 0;
}

static void print_run(const struct result *r, const struct server_cost *before,
		      const struct server_cost *after, double seconds, double own_s)
{
	double switches = (double)(after->switches - before->switches);
	double received = (double)r->received;
	printf("{\"seconds\":%.3f,\"sent\":%" PRIu64 ",\"received\":%" PRIu64
	       ",\"missing_percent\":%.3f,\"audio_missing_percent\":%.3f,\"delay_p50_ms\":%.2f,"
	       "\"delay_p99_ms\":%.2f,"
	       "\"cpu_ns\":%" PRIu64 ",\"packets_a_turn\":%.1f,\"private_kib\":%" PRIu64
	       ",\"generator_percent\":%.0f}\n",
	       seconds, r->sent, r->received, missing_percent(r->sent, r->received),
	       missing_percent(r->sent_audio, r->received_audio), result_percentile_ms(r, 0.5),
	       result_percentile_ms(r, 0.99), after->cpu_ns - before->cpu_ns,
	       switches > 0 ? received / switches : 0, after->private_kib, own_s * 100 / seconds);
}

static void run(struct bench *bench, int64_t seconds)
{
	struct result *result = &bench->result;
	size_t count = bench->visits * 2;
	memset(result, 0, sizeof *result);
	bool learns = bench->load.target != TARGET_FLOOR;
	media_run(&bench->load, bench->ends, count,
		  learns && !bench->warm ? WARM_FIRST_MS : WARM_MS, result);
	bench->warm = true;
	struct mono start = load_now();
	struct server_cost before = server_cost(bench->pid);
	double own = own_cpu_s();
	result->measuring = true;
	media_run(&bench->load, bench->ends, count, seconds * 1000, result);
	struct server_cost after = server_cost(bench->pid);
	double took = (double)mono_diff_us(load_now(), start) / 1e6;
	own = own_cpu_s() - own;
	media_run(&bench->load, bench->ends, 0, AFTER_MS, result);
	result->measuring = false;
	print_run(result, &before, &after, took, own);
}

/* One visit more: joins, sends for a moment, leaves. */
static bool pass_through(struct bench *bench)
{
	struct end *pair = mem_new(2, sizeof *pair);
	ends_init(&bench->load, pair, 2);
	bool ok = visit_stand(&bench->load, pair, bench->next_visit++);
	if (ok)
		media_run(&bench->load, pair, 2, CHURN_MEDIA_MS, &bench->result);
	ends_leave(pair, 2);
	if (ok)
		visit_end(&bench->load, pair);
	free(pair);
	return ok;
}

static void churn(struct bench *bench, size_t visits)
{
	size_t done = 0;
	struct mono start = load_now();
	struct server_cost before = server_cost(bench->pid);
	for (; done < visits && pass_through(bench); done++)
		if (done % 10 == 9)
			media_rest(bench->ends, bench->visits * 2);
	struct server_cost after = server_cost(bench->pid);
	double seconds = (double)mono_diff_us(load_now(), start) / 1e6;
	printf("{\"visits\":%zu,\"seconds\":%.3f,\"cpu_ns\":%" PRIu64 ",\"private_kib\":%" PRIu64
	       "}\n",
	       done, seconds, after.cpu_ns - before.cpu_ns, after.private_kib);
}

static bool obey(struct bench *bench, const char *line)
{
	long long n = 0;
	if (sscanf(line, "run %lld", &n) == 1 && n > 0 && n <= SECONDS_MAX)
		run(bench, n);
	else if (sscanf(line, "churn %lld", &n) == 1 && n > 0 && n <= CHURN_MAX)
		churn(bench, (size_t)n);
	else
		return false;
	fflush(stdout);
	return true;
}

/* False at the end of input.  One line a read: whoever commands waits for the answer. */
static bool command_read(char *line, size_t cap)
{
	ssize_t n = read(STDIN_FILENO, line, cap - 1);
	line[n > 0 ? n : 0] = 0;
	return n > 0;
}

static int take_commands(struct bench *bench)
{
	char line[64];
	for (;;) {
		struct pollfd command = { .fd = STDIN_FILENO, .events = POLLIN };
		int ready = poll(&command, 1, IDLE_MS);
		media_rest(bench->ends, bench->visits * 2);
		media_read(&bench->load, 0, &bench->result);
		if (ready <= 0)
			continue;
		if (!command_read(line, sizeof line))
			return 0;
		if (!obey(bench, line)) {
			fprintf(stderr, "load: not a command: %s\n", line);
			return 1;
		}
	}
}

static bool arguments_read(int argc, char **argv, struct bench *bench)
{
	uint64_t visits = 0, pid = 0, port = 0;
	if (argc < 5 || argc > 6 || !str_u64(str_from(argv[3]), VISITS_MAX, &visits) ||
	    visits == 0 || !str_u64(str_from(argv[4]), INT32_MAX, &pid))
		return false;
	struct str name = str_from(argv[1]);
	bench->load.target = str_is(name, "janus")   ? TARGET_JANUS
			     : str_is(name, "floor") ? TARGET_FLOOR
						     : TARGET_PVL;
	if (bench->load.target == TARGET_FLOOR && !str_u64(str_from(argv[2]), 65535, &port))
		return false;
	bench->load.http = argv[2];
	bench->load.floor_port = (uint16_t)port;
	bench->load.address = argc > 5 ? argv[5] : "127.0.0.1";
	bench->visits = (size_t)visits;
	bench->pid = (int)pid;
	return true;
}

/* A socket for each connection. */
static void raise_file_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	static struct bench bench;
	struct random random = { .fill = system_fill };
	if (!arguments_read(argc, argv, &bench)) {
		fprintf(stderr,
			"usage: load pvl|janus|floor URL|PORT VISITS SERVER_PID [ADDRESS]\n");
		return 2;
	}
	raise_file_limit();
	struct dtls_identity *identity = NULL;
	if (bench.load.target != TARGET_FLOOR)
		identity = dtls_identity_new((struct wall){ .s = time(NULL) });
	bench.load.identity = identity;
	bench.load.random = &random;
	bench.load.epoll = epoll_create1(0);
	bench.ends = mem_new(bench.visits * 2, sizeof *bench.ends);
	ends_init(&bench.load, bench.ends, bench.visits * 2);
	int status = 1;
	if (all_join(&bench)) {
		fflush(stdout);
		status = take_commands(&bench);
	}
	ends_leave(bench.ends, bench.visits * 2);
	signal_close();
	dtls_identity_free(identity);
	free(bench.ends);
	return status;
}
