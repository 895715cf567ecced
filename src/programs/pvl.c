/*
 * pvl.c - the command line of Prison Video Link: finds the subcommand, and runs it.
 */
#include <stdio.h>

#include "base/assert.h"
#include "base/str.h"
#include "programs/cli/command.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *sentence;
};

static const struct command commands[] = {
	{ "audit", audit_run, "verify the log of all changes, or list it" },
	{ "backup", backup_run, "save everything that the service keeps, while it runs" },
	{ "demo", demo_run, "run the service with sample data, and print how to sign in" },
	{ "import", import_command_run, "take over what other systems know, from a CSV file" },
	{ "key", key_run, "make, list or revoke the keys of machines that use the JSON API" },
	{ "restore", restore_run, "put a backup where there is nothing yet" },
	{ "serve", serve_run, "run the service: pages, and video visits" },
	{ "simulate", simulate_run,
	  "play a national year of legal visits by the rules, and compare practices" },
	{ "staff", staff_run,
	  "say who works with the service: the first administrator, and others" },
};

static void usage(FILE *to)
{
	fprintf(to, "usage: pvl COMMAND [OPTIONS]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].sentence);
	fprintf(to, "\n'pvl COMMAND --help' tells the options.\n");
}

int main(int argc, char **argv)
{
	struct str name = str_from(argc > 1 ? argv[1] : "");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (str_is(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	bool asked = str_is(name, "--help") || str_is(name, "help");
	usage(asked ? stdout : stderr);
	return asked ? EXIT_DONE : EXIT_USAGE;
}
