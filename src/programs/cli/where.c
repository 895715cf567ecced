#include "programs/cli/where.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "programs/cli/command.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log_fd.h"

struct where where_default(void)
{
	return (struct where){ .text = "sqlite:pvl-data/pvl.db" };
}

bool where_has(const char *option)
{
	return strcmp(option, "--data") == 0 || strcmp(option, "--store") == 0;
}

bool where_set(struct where *where, const char *option, const char *value)
{
	bool names = strcmp(option, "--store") == 0;
	if (!where_has(option))
		return false;
	if (where->named && !names)
		return true;
	where->named = names;
	int len = names ? snprintf(where->text, WHERE_ROOM, "%s", value)
			: snprintf(where->text, WHERE_ROOM, "sqlite:%s/pvl.db", value);
	return len > 0 && len < WHERE_ROOM;
}

/* Not the address of a PostgreSQL: it may hold a password. */
static void say_closed(const struct where *where, enum err err)
{
	bool file = strncmp(where->text, "sqlite:", 7) == 0;
	fprintf(stderr, "pvl: the database cannot be opened (%s): %s%s\n", err_name(err),
		file ? where->text + 7 : "look at what --store says",
		file ? " must be in a folder that is there: say which with --data" : "");
}

int where_run(const struct where *where, int (*run)(struct service *, const void *),
	      const void *context)
{
	struct log log = log_fd("pvl", LOG_WARN, 2);
	struct random random = entropy_random();
	struct service service = { .now = wall_now(), .random = &random, .log = &log };
	enum err err = sodium_init() < 0 ? ERR_SYS : store_open(where->text, &log, &service.store);
	if (err != OK) {
		say_closed(where, err);
		return EXIT_FAILED;
	}
	int code = run(&service, context);
	store_close(service.store);
	return code;
}
