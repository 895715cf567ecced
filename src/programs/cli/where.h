/*
 * where.h - which database a subcommand works on: --data DIR and --store WHERE, alike in all of them.
 */
#ifndef PVL_PROGRAMS_CLI_WHERE_H
#define PVL_PROGRAMS_CLI_WHERE_H

#include <stdbool.h>

#include "service/service.h"

enum {
	WHERE_ROOM = 1040
};

struct where {
	char text[WHERE_ROOM]; /* for store_open(): sqlite:PATH or postgres://… */
	bool named;            /* by --store: --data does not change it any more */
};

/* Their lines in --help. */
#define WHERE_HELP                                                                                 \
	"  --data DIR         where the data lives (pvl-data)\n"                                   \
	"  --store WHERE      the database, if it is not in DIR: sqlite:/path/file.db\n"           \
	"                     or postgres://USER@HOST/NAME\n"

/* Where it is unless an option says otherwise. */
struct where where_default(void);

/* Whether the option is one of the two. */
bool where_has(const char *option);

/* false: not one of the two, or too long. */
bool where_set(struct where *where, const char *option, const char *value);

/* Opens the database, runs, closes it; an exit code, that of run.  Says on standard error what went wrong before. */
int where_run(const struct where *where, int (*run)(struct service *, const void *),
	      const void *context);

#endif
