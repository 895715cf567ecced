/*
 * import.c - pvl import KIND FILE.csv: what other systems know, into the database.
 *
 * May run while the service does: one file is one transaction.  Exit code 1 where lines are bad;
 * then nothing of the file was kept, unless they were to be left out.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "programs/cli/command.h"
#include "programs/cli/where.h"
#include "service/import.h"
#include "sys/files.h"

struct import_command {
	enum import_kind kind;
	const char *path;
	struct where where;
	struct import_options options;
};

static void usage(FILE *to)
{
	fprintf(to, "usage: pvl import KIND FILE.csv [OPTIONS]\n\nKIND is one of:");
	for (unsigned i = 0; i < IMPORT_KIND_COUNT; i++)
		fprintf(to, " %s", import_kind_name((enum import_kind)i));
	fprintf(to,
		"\n\n" WHERE_HELP "  --dry-run          say what would change, and change nothing\n"
		"  --leave-out-bad    keep the good lines although others are bad\n"
		"  --activate         hours of visits in person become sessions to be booked\n"
		"  --daily            from now on alerts, restrictions or non-associations count\n"
		"                     as current only while such an import comes every day\n\n"
		"Columns and examples: docs/operating/import.md\n");
}

static bool set_flag(struct import_command *c, const char *name)
{
	if (strcmp(name, "--dry-run") == 0)
		c->options.dry_run = true;
	else if (strcmp(name, "--leave-out-bad") == 0)
		c->options.leave_out_bad = true;
	else if (strcmp(name, "--activate") == 0)
		c->options.activate = true;
	else if (strcmp(name, "--daily") == 0)
		c->options.daily = true;
	else
		return false;
	return true;
}

static bool read_options(struct import_command *c, int argc, char **argv)
{
	*c = (struct import_command){ .where = where_default() };
	if (argc < 3 || !import_kind_of(str_from(argv[1]), &c->kind))
		return false;
	c->path = argv[2];
	for (int i = 3; i < argc; i++) {
		if (set_flag(c, argv[i]))
			continue;
		if (i + 1 == argc || !where_set(&c->where, argv[i], argv[i + 1]))
			return false;
		i++;
	}
	return c->path[0] != '-';
}

static void print_faults(const struct import_report *r)
{
	int told = r->fault_count < IMPORT_FAULTS_MAX ? r->fault_count : IMPORT_FAULTS_MAX;
	for (int i = 0; i < told; i++) {
		const struct import_fault *f = &r->faults[i];
		fprintf(stderr, "line %d: %s%s%s\n", f->line, f->field, f->field[0] ? ": " : "",
			f->why);
	}
	if (r->fault_count > told)
		fprintf(stderr, "and %d more\n", r->fault_count - told);
}

static int print_report(const struct import_command *c, const struct import_report *r)
{
	bool refused = !r->kept && !c->options.dry_run;
	print_faults(r);
	printf("%s: %d lines: %d new, %d changed, %d unchanged, %d left out, %d bad%s\n", c->path,
	       r->lines, r->added, r->changed, r->unchanged, r->left_out, r->bad,
	       refused              ? "; nothing was written"
	       : c->options.dry_run ? "; a dry run, nothing was written"
				    : "");
	if (r->called_off)
		printf("%d visits and requests of prisoners who moved %s called off\n",
		       r->called_off, r->kept ? "were" : "would be");
	return r->fault_count && (refused || !c->options.leave_out_bad) ? EXIT_FAILED : EXIT_DONE;
}

static int failed(const struct import_command *c, const char *what, enum err err)
{
	fprintf(stderr, "pvl: %s: %s: %s\n", c->path, what, err_name(err));
	return EXIT_FAILED;
}

/* A file that was read, for where_run(). */
struct import_input {
	const struct import_command *command;
	struct str text;
};

static int import_text(struct service *service, const void *input)
{
	static const struct actor as_system = { .role = ROLE_SYSTEM };
	const struct import_input *in = input;
	const struct import_command *c = in->command;
	struct import_report *report = mem_new(1, sizeof *report);
	enum err err = import_run(service, &as_system, c->kind, in->text, &c->options, report);
	int code =
	    err == OK
		? print_report(c, report)
		: failed(c, err == ERR_LIMIT ? "the file has too many lines" : "cannot be imported",
			 err);
	free(report);
	return code;
}

int import_command_run(int argc, char **argv)
{
	struct import_command c;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!read_options(&c, argc, argv)) {
		usage(stderr);
		return EXIT_USAGE;
	}
	struct buf text = buf_of(IMPORT_BYTES_MAX);
	enum err err = file_read(c.path, &text);
	struct import_input in = { &c, buf_view(&text) };
	int code = err == OK ? where_run(&c.where, import_text, &in)
			     : failed(&c, "the file cannot be read", err);
	buf_clear(&text);
	return code;
}
