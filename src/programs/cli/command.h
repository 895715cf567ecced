/*
 * command.h - the subcommands of pvl: one file each, one row each in pvl.c.
 *
 * argv[0] is the subcommand's name.  Exit codes: 0 done, 1 failed, 2 wrong use.
 */
#ifndef PVL_PROGRAMS_CLI_COMMAND_H
#define PVL_PROGRAMS_CLI_COMMAND_H

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

int audit_run(int argc, char **argv);
int backup_run(int argc, char **argv);
int demo_run(int argc, char **argv);
int import_command_run(int argc, char **argv);
int key_run(int argc, char **argv);
int restore_run(int argc, char **argv);
int serve_run(int argc, char **argv);
int simulate_run(int argc, char **argv);
int staff_run(int argc, char **argv);

#endif
