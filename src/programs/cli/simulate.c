/*
 * simulate.c - pvl simulate: a national year of legal visits in virtual time,
 * by the scheduling code that the service runs, for several practices.
 *
 * Seeds are shared out to child processes (--jobs); the same seeds give the
 * same figures whatever their number.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/mem.h"
#include "programs/cli/command.h"
#include "programs/cli/where.h"
#include "simulate/report.h"
#include "store/policy.h"
#include "sys/clock.h"
#include "sys/log_fd.h"
#include "sys/whole.h"

enum {
	ROWS_MAX = 64,
	JOBS_MAX = 16,
	REPORT_MAX = 4 << 20,
};

struct simulate_options {
	struct where where;        /* "sqlite:": nowhere, the first national rules */
	struct prison_code prison; /* whose rules; empty: the country's */
	const struct sim_row *rows[ROWS_MAX];
	size_t row_count;
	int seeds;
	int first_seed;
	int jobs;
	const char *json;
	const char *plots;
	struct sim_model model;
};

static void usage(FILE *to)
{
	fprintf(to,
		"usage: pvl simulate [OPTIONS]\n\n"
		"  --practices A,B   these alone (all)\n"
		"  --seeds N         years with different luck (20)\n"
		"  --first-seed N    the first of them (1)\n"
		"  --jobs N          processes at once (1)\n"
		"  --json FILE       parameters, rules and every figure\n"
		"  --plots DIR       charts as SVG\n"
		"  --data DIR        the rules of the service there, instead of the first\n"
		"  --store WHERE     national ones\n"
		"  --prison CODE     and of this prison\n"
		"  --set NAME=N      another figure: requests-reception, requests-other (a week),\n"
		"                    prisons, reception, accept, automatic, automatic-clash,\n"
		"                    clash, regime, cancel,\n"
		"                    no-show, not-produced, urgent, dated, released,\n"
		"                    need-15, need-30, need-45, need-60, warm-days, count-days\n\n"
		"practices:\n");
	for (size_t i = 0; i < SIM_ROW_COUNT; i++)
		fprintf(to, "  %-20s %s, load %d.%02d\n", SIM_ROWS[i].name, SIM_ROWS[i].sentence,
			SIM_ROWS[i].load / 100, SIM_ROWS[i].load % 100);
}

/* ---- options ---- */

static bool set_rows(struct simulate_options *o, const char *names)
{
	o->row_count = 0;
	while (*names) {
		char name[64];
		size_t len = strcspn(names, ",");
		if (len >= sizeof name || o->row_count == ROWS_MAX)
			return false;
		memcpy(name, names, len);
		name[len] = '\0';
		o->rows[o->row_count] = sim_row_find(name);
		if (!o->rows[o->row_count++])
			return false;
		names += len + (names[len] == ',');
	}
	return o->row_count > 0;
}

static bool set_number(const char *value, uint64_t max, int *out)
{
	uint64_t number = 0;
	if (!str_u64(str_from(value), max, &number))
		return false;
	*out = (int)number;
	return true;
}

/* A figure of the model by its name on the command line, in its unit there. */
static bool set_model(struct sim_model *m, const char *setting)
{
	const struct {
		const char *name;
		int *figure;
		int times;
		int max;
	} list[] = {
		{ "requests-reception", &m->reception_weekly_milli, 1000, 1000 },
		{ "requests-other", &m->other_weekly_milli, 1000, 1000 },
		{ "prisons", &m->prisons, 1, SIM_PRISONS_MAX },
		{ "reception", &m->reception, 1, SIM_PRISONS_MAX },
		{ "accept", &m->accept, 1, 100 },
		{ "automatic", &m->automatic, 0, 100 },
		{ "automatic-clash", &m->automatic_clash, 0, 100 },
		{ "clash", &m->clash, 1, 95 },
		{ "regime", &m->regime, 1, 95 },
		{ "cancel", &m->cancel, 1, 90 },
		{ "no-show", &m->no_show_milli, 10, 90 },
		{ "not-produced", &m->not_produced_milli, 10, 90 },
		{ "urgent", &m->urgent, 1, 100 },
		{ "dated", &m->dated, 1, 100 },
		{ "released", &m->released, 1, 100 },
		{ "need-15", &m->needs[0], 1, 100 },
		{ "need-30", &m->needs[1], 1, 100 },
		{ "need-45", &m->needs[2], 1, 100 },
		{ "need-60", &m->needs[3], 1, 100 },
		{ "warm-days", &m->warm_days, 1, 520 },
		{ "count-days", &m->count_days, 1, 520 },
	};
	const char *equals = strchr(setting, '=');
	size_t len = equals ? (size_t)(equals - setting) : 0;
	for (size_t i = 0; i < ARRAY_LEN(list) && equals; i++) {
		int number;
		if (strlen(list[i].name) != len || memcmp(list[i].name, setting, len) != 0)
			continue;
		if (!set_number(equals + 1, (uint64_t)list[i].max, &number))
			return false;
		*list[i].figure = number * list[i].times;
		return true;
	}
	return false;
}

static bool set(struct simulate_options *o, const char *name, const char *value)
{
	if (where_has(name))
		return where_set(&o->where, name, value);
	if (strcmp(name, "--practices") == 0)
		return set_rows(o, value);
	if (strcmp(name, "--seeds") == 0)
		return set_number(value, SIM_SEEDS_MAX, &o->seeds) && o->seeds > 0;
	if (strcmp(name, "--first-seed") == 0)
		return set_number(value, 1000000, &o->first_seed);
	if (strcmp(name, "--jobs") == 0)
		return set_number(value, JOBS_MAX, &o->jobs) && o->jobs > 0;
	if (strcmp(name, "--set") == 0)
		return set_model(&o->model, value);
	if (strcmp(name, "--prison") == 0)
		return prison_code_of(str_from(value), &o->prison);
	if (strcmp(name, "--json") == 0)
		o->json = value;
	else if (strcmp(name, "--plots") == 0)
		o->plots = value;
	else
		return false;
	return true;
}

static bool model_holds(const struct sim_model *m)
{
	return m->prisons > 0 && m->reception <= m->prisons && m->urgent + m->dated <= 100 &&
	       m->needs[0] + m->needs[1] + m->needs[2] + m->needs[3] == 100 && m->count_days >= 5 &&
	       m->reception_weekly_milli > 0 && m->other_weekly_milli > 0;
}

static bool read_options(struct simulate_options *o, int argc, char **argv)
{
	*o = (struct simulate_options){ .where = { .text = "sqlite:" },
					.seeds = 20,
					.first_seed = 1,
					.jobs = 1,
					.model = sim_model_default() };
	for (size_t i = 0; i < SIM_ROW_COUNT; i++)
		o->rows[o->row_count++] = &SIM_ROWS[i];
	if (argc % 2 == 0)
		return false;
	for (int i = 1; i < argc; i += 2)
		if (!set(o, argv[i], argv[i + 1]))
			return false;
	return model_holds(&o->model);
}

/* ---- the rules ---- */

static enum err load_rules(const struct simulate_options *o, struct log *log, struct policy *out)
{
	struct store *store = NULL;
	struct store_policy_rows rows = { 0 };
	struct arena arena;
	bool own = strcmp(o->where.text, "sqlite:") != 0;
	enum err err = own ? store_open_to_read(o->where.text, log, &store)
			   : store_open(o->where.text, log, &store);
	if (err != OK)
		return err;
	arena_init(&arena);
	err = store_policy_list(store, &arena, o->prison, &rows);
	if (err == OK && !policy_in_force(rows.list, rows.count, wall_now().s, out))
		err = ERR_NOT_FOUND;
	arena_clear(&arena);
	store_close(store);
	return err;
}

/* ---- the years ---- */

struct job {
	int from; /* the pipe's end to read */
	pid_t pid;
};

/* Every jobs-th year of every practice, in the order in which the parent reads them. */
static _Noreturn void run_job(const struct simulate_options *o, const struct policy *policy,
			      int number, int to)
{
	struct sim_country *year = mem_new(1, sizeof *year);
	for (size_t r = 0; r < o->row_count; r++) {
		for (int s = number; s < o->seeds; s += o->jobs) {
			sim_country_run(&o->model, o->rows[r], policy,
					(uint64_t)(o->first_seed + s), year);
			if (!whole_write(to, bytes_of(year, sizeof *year)))
				_exit(EXIT_FAILED);
		}
	}
	_exit(EXIT_DONE);
}

static bool start_job(const struct simulate_options *o, const struct policy *policy, int number,
		      struct job *job)
{
	int fds[2];
	if (pipe(fds) != 0)
		return false;
	job->pid = fork();
	if (job->pid == 0) {
		close(fds[0]);
		run_job(o, policy, number, fds[1]);
	}
	close(fds[1]);
	job->from = fds[0];
	return job->pid > 0;
}

static bool gather(const struct simulate_options *o, const struct job *jobs,
		   struct sim_rows_result *results)
{
	for (size_t r = 0; r < o->row_count; r++) {
		fprintf(stderr, "\r%-20s %zu of %zu ", o->rows[r]->name, r + 1, o->row_count);
		for (int s = 0; s < o->seeds; s++) {
			if (!whole_read(jobs[s % o->jobs].from, &results[r].years[s],
					sizeof *results[r].years))
				return false;
			fputc('.', stderr);
		}
	}
	fputc('\n', stderr);
	return true;
}

static bool run_years(const struct simulate_options *o, const struct policy *policy,
		      struct sim_rows_result *results)
{
	struct job jobs[JOBS_MAX];
	int started = 0;
	bool ok = true;
	while (started < o->jobs && ok)
		ok = start_job(o, policy, started, &jobs[started]) && ++started;
	ok = ok && gather(o, jobs, results);
	for (int i = 0; i < started; i++) {
		int status = 0;
		close(jobs[i].from);
		(void)waitpid(jobs[i].pid, &status, 0);
		ok = ok && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
	}
	return ok;
}

/* ---- the report ---- */

static bool save(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "w");
	bool ok = file && buf_ok(text) && fwrite(text->at, 1, text->len, file) == text->len;
	if (file && fclose(file) != 0)
		ok = false;
	if (!ok)
		fprintf(stderr, "pvl: %s cannot be written\n", path);
	return ok;
}

static bool save_plots(const struct simulate_options *o, const struct sim_rows_result *results)
{
	static const struct {
		enum sim_figure figure;
		const char *title;
	} PLOTS[] = {
		{ FIGURE_MEDIAN, "Median wait for a legal visit, working days" },
		{ FIGURE_P90, "90th percentile of waits, working days" },
		{ FIGURE_URGENT_1, "Urgent visits held within one working day, in a thousand" },
		{ FIGURE_MISSED, "Deadlines missed, in a thousand" },
		{ FIGURE_WASTED, "Legal minutes wasted, in a thousand" },
	};
	bool ok = true;
	for (size_t i = 0; i < ARRAY_LEN(PLOTS) && ok; i++) {
		char path[PATH_MAX];
		struct buf svg = buf_of(REPORT_MAX);
		sim_report_plot(&svg, str_from(PLOTS[i].title), PLOTS[i].figure, results,
				o->row_count);
		int len = snprintf(path, sizeof path, "%s/%s.svg", o->plots,
				   sim_figure_name(PLOTS[i].figure));
		ok = len > 0 && (size_t)len < sizeof path && save(path, &svg);
		buf_clear(&svg);
	}
	return ok;
}

static bool report(const struct simulate_options *o, const struct policy *policy,
		   const struct sim_rows_result *results)
{
	struct buf table = buf_of(REPORT_MAX), json = buf_of(REPORT_MAX);
	sim_report_table(&table, results, o->row_count);
	fputs(buf_cstr(&table), stdout);
	bool ok = true;
	if (o->json) {
		sim_report_json(&json, &o->model, policy, results, o->row_count);
		ok = save(o->json, &json);
	}
	if (o->plots)
		ok = save_plots(o, results) && ok;
	buf_clear(&table);
	buf_clear(&json);
	return ok;
}

int simulate_run(int argc, char **argv)
{
	struct simulate_options o;
	struct policy policy;
	struct sim_rows_result results[ROWS_MAX];
	struct log log = log_fd("pvl", LOG_WARN, 2);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!read_options(&o, argc, argv)) {
		usage(stderr);
		return EXIT_USAGE;
	}
	enum err err = load_rules(&o, &log, &policy);
	if (err != OK) {
		fprintf(stderr, "pvl: the rules cannot be read: %s\n", err_name(err));
		return EXIT_FAILED;
	}
	for (size_t r = 0; r < o.row_count; r++)
		results[r] = (struct sim_rows_result){ .row = o.rows[r],
						       .seed_count = (size_t)o.seeds,
						       .years = mem_new((size_t)o.seeds,
									sizeof *results[r].years) };
	bool ok = run_years(&o, &policy, results) && report(&o, &policy, results);
	for (size_t r = 0; r < o.row_count; r++)
		free(results[r].years);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
