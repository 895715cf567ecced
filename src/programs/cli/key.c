/*
 * key.c - pvl key create | list | revoke: the keys with which machines use the JSON API.
 *
 * A new key is printed once and can be read nowhere afterwards.
 */
#include <stdio.h>
#include <string.h>

#include "programs/cli/command.h"
#include "programs/cli/where.h"
#include "service/key.h"

enum {
	DAYS_MAX = 3660,
	DAY_S = 86400,
};

struct key_command {
	const char *verb;
	struct where where;
	const char *name, *role, *prison, *reason;
	int64_t days, id;
};

static void usage(FILE *to)
{
	fprintf(to, "usage: pvl key create --name NAME --role ROLE [--prison CODE] [--days N]\n"
		    "       pvl key list\n"
		    "       pvl key revoke --id ID --reason REASON\n\n"
		    "  --name NAME        of the machine\n"
		    "  --role ROLE        what it may do: visits_clerk, inspector …\n"
		    "  --prison CODE      where; needed for all but national roles\n"
		    "  --days N           it ends by itself (never)\n" WHERE_HELP);
}

static bool set(struct key_command *c, const char *option, const char *value)
{
	uint64_t number = 0;
	if (where_has(option))
		return where_set(&c->where, option, value);
	if (strcmp(option, "--name") == 0)
		c->name = value;
	else if (strcmp(option, "--role") == 0)
		c->role = value;
	else if (strcmp(option, "--prison") == 0)
		c->prison = value;
	else if (strcmp(option, "--reason") == 0)
		c->reason = value;
	else if (strcmp(option, "--days") == 0 && str_u64(str_from(value), DAYS_MAX, &number))
		c->days = (int64_t)number;
	else if (strcmp(option, "--id") == 0 && str_u64(str_from(value), INT64_MAX, &number))
		c->id = (int64_t)number;
	else
		return false;
	return true;
}

static bool read_options(struct key_command *c, int argc, char **argv)
{
	if (argc < 2 || argc % 2 != 0)
		return false;
	*c = (struct key_command){ .where = where_default(), .verb = argv[1] };
	for (int i = 2; i < argc; i += 2)
		if (!set(c, argv[i], argv[i + 1]))
			return false;
	if (strcmp(c->verb, "create") == 0)
		return c->name && c->role;
	if (strcmp(c->verb, "revoke") == 0)
		return c->id && c->reason;
	return strcmp(c->verb, "list") == 0;
}

static const struct actor AS_SYSTEM = { .role = ROLE_SYSTEM };

static enum err create(struct service *service, const struct key_command *c)
{
	char text[KEY_TEXT_LEN + 1];
	struct api_key_id id;
	struct key_new new = { .name = str_from(c->name) };
	if (!role_of(str_from(c->role), &new.role.role) ||
	    (c->prison && !prison_code_of(str_from(c->prison), &new.role.prison)))
		return ERR_BAD;
	if (c->days)
		new.expires = wall_add_s(service->now, c->days * DAY_S);
	enum err err = key_create(service, &AS_SYSTEM, &new, text, &id);
	if (err == OK)
		printf("key %lld, shown this once:\n%s\n", (long long)id.n, text);
	return err;
}

static enum err list(struct service *service)
{
	struct store_api_keys keys = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = keys_find(service, &AS_SYSTEM, &arena, &keys);
	if (err == OK)
		printf("id\tname\trole\tprison\tmade\texpires\trevoked\n");
	for (size_t i = 0; i < keys.count && err == OK; i++) {
		const struct api_key *k = &keys.list[i];
		printf("%lld\t%.*s\t%s\t%s\t%lld\t%lld\t%lld\n", (long long)k->id.n,
		       STR_FMT(k->name), role_name(k->role.role), k->role.prison.text,
		       (long long)k->made_at.s, (long long)k->expires.s,
		       (long long)k->revoked_at.s);
	}
	arena_clear(&arena);
	return err;
}

static enum err run_verb(struct service *service, const struct key_command *c)
{
	if (strcmp(c->verb, "create") == 0)
		return create(service, c);
	if (strcmp(c->verb, "list") == 0)
		return list(service);
	return key_revoke(service, &AS_SYSTEM, (struct api_key_id){ c->id }, str_from(c->reason));
}

static const char *sentence(enum err err)
{
	if (err == ERR_BAD)
		return "no such role, a name that is none, or a prison missing or too much";
	return err == ERR_NOT_FOUND ? "no such key or prison" : err_name(err);
}

static int run(struct service *service, const void *command)
{
	enum err err = run_verb(service, command);
	if (err != OK)
		fprintf(stderr, "pvl: %s\n", sentence(err));
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

int key_run(int argc, char **argv)
{
	struct key_command c;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!read_options(&c, argc, argv)) {
		usage(stderr);
		return EXIT_USAGE;
	}
	return where_run(&c.where, run, &c);
}
