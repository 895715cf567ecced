/*
 * staff.c - pvl staff add | list | link | remove: who works with the service.
 *
 * The first administrator is made here; from then on the pages do it.  A link to choose a password
 * by is printed, and sent by message where the service sends any.
 */
#include <stdio.h>
#include <string.h>

#include "programs/cli/command.h"
#include "programs/cli/where.h"
#include "service/password.h"
#include "service/staff.h"

struct staff_command {
	const char *verb;
	struct where where;
	const char *email, *name, *role, *prison, *url;
};

static void usage(FILE *to)
{
	fprintf(
	    to,
	    "usage: pvl staff add --email ADDRESS --name NAME --role ROLE [--prison CODE]\n"
	    "       pvl staff list [--prison CODE]\n"
	    "       pvl staff link --email ADDRESS\n"
	    "       pvl staff remove --email ADDRESS --role ROLE [--prison CODE]\n\n"
	    "  --email ADDRESS    at work; one person, one address\n"
	    "  --name NAME        as colleagues know them; quoted if it has spaces\n"
	    "  --role ROLE        of a prison: visits_clerk, monitor, contacts_authoriser,\n"
	    "                     duty_governor, prison_admin; national: hq_admin, hq_analyst,\n"
	    "                     operator, inspector\n"
	    "  --prison CODE      where; needed for all but national roles\n"
	    "  --public-url URL   what links begin with (http://localhost:8080)\n" WHERE_HELP);
}

static bool set(struct staff_command *c, const char *option, const char *value)
{
	if (where_has(option))
		return where_set(&c->where, option, value);
	if (strcmp(option, "--email") == 0)
		c->email = value;
	else if (strcmp(option, "--name") == 0)
		c->name = value;
	else if (strcmp(option, "--role") == 0)
		c->role = value;
	else if (strcmp(option, "--prison") == 0)
		c->prison = value;
	else if (strcmp(option, "--public-url") == 0)
		c->url = value;
	else
		return false;
	return true;
}

static bool read_options(struct staff_command *c, int argc, char **argv)
{
	if (argc < 2 || argc % 2 != 0)
		return false;
	*c = (struct staff_command){ .where = where_default(),
				     .verb = argv[1],
				     .url = "http://localhost:8080" };
	for (int i = 2; i < argc; i += 2)
		if (!set(c, argv[i], argv[i + 1]))
			return false;
	if (strcmp(c->verb, "add") == 0)
		return c->email && c->name && c->role;
	if (strcmp(c->verb, "remove") == 0)
		return c->email && c->role;
	if (strcmp(c->verb, "link") == 0)
		return c->email;
	return strcmp(c->verb, "list") == 0;
}

static const struct actor AS_SYSTEM = { .role = ROLE_SYSTEM };

static enum err role_read(const struct staff_command *c, struct staff_role *out)
{
	bool good = role_of(str_from(c->role), &out->role) &&
		    (!c->prison || prison_code_of(str_from(c->prison), &out->prison));
	return good ? OK : ERR_BAD;
}

static enum err print_link(struct service *service, const struct staff_command *c,
			   struct account_id account)
{
	struct password_link link = { .account = account,
				      .until = wall_add_s(service->now, PASSWORD_FIRST_S) };
	enum err err = password_link_prove(service, &link);
	if (err == OK)
		printf("a password is chosen here, once, within 3 days:\n"
		       "%s/password/%lld/%lld/%s\n",
		       c->url, (long long)link.account.n, (long long)link.until.s, link.proof);
	return err;
}

static enum err add(struct service *service, const struct staff_command *c)
{
	struct staff_new new = { .email = str_from(c->email), .name = str_from(c->name) };
	enum staff_added added;
	struct account_id account;
	enum err err = role_read(c, &new.role);
	if (err == OK)
		err = staff_add(service, &AS_SYSTEM, &new, &added, &account);
	if (err != OK)
		return err;
	switch (added) {
	case STAFF_NEW:
		return print_link(service, c, account);
	case STAFF_KNOWN:
		printf("that account holds the role now, too\n");
		return OK;
	case STAFF_HAS_ROLE:
		printf("that account holds the role already; nothing was changed\n");
		return OK;
	case STAFF_IS_VISITOR:
		break;
	}
	return ERR_CONFLICT;
}

/* ERR_NOT_FOUND: nobody, or a visitor. */
static enum err staff_of(struct service *service, const char *email, struct account_id *out)
{
	struct sign_in_candidate candidate;
	enum err err = account_find_for_sign_in(service, str_from(email), &candidate);
	*out = candidate.account;
	return err == OK && !candidate.account.n ? ERR_NOT_FOUND : err;
}

static enum err link_again(struct service *service, const struct staff_command *c)
{
	struct account_id account;
	enum err err = staff_of(service, c->email, &account);
	if (err == OK)
		err = staff_link_send(service, &AS_SYSTEM, account);
	return err == OK ? print_link(service, c, account) : err;
}

static enum err take(struct service *service, const struct staff_command *c)
{
	struct account_id account;
	struct staff_role role = { 0 };
	enum err err = role_read(c, &role);
	if (err == OK)
		err = staff_of(service, c->email, &account);
	return err == OK ? staff_role_revoke(service, &AS_SYSTEM, account, role) : err;
}

static enum err list(struct service *service, const struct staff_command *c)
{
	struct store_staff staff = { 0 };
	struct prison_code prison = { 0 };
	struct arena arena;
	if (c->prison && !prison_code_of(str_from(c->prison), &prison))
		return ERR_BAD;
	arena_init(&arena);
	enum err err = staff_find(service, &AS_SYSTEM, &arena, prison, &staff);
	if (err == OK)
		printf("email\tname\trole\tprison\tsince\n");
	for (size_t i = 0; i < staff.count && err == OK; i++) {
		const struct staff_member *m = &staff.list[i];
		printf("%.*s\t%.*s\t%s\t%s\t%lld\n", STR_FMT(m->account.email),
		       STR_FMT(m->account.name), role_name(m->role.role), m->role.prison.text,
		       (long long)m->granted.s);
	}
	arena_clear(&arena);
	return err;
}

static enum err run_verb(struct service *service, const struct staff_command *c)
{
	if (strcmp(c->verb, "add") == 0)
		return add(service, c);
	if (strcmp(c->verb, "link") == 0)
		return link_again(service, c);
	if (strcmp(c->verb, "remove") == 0)
		return take(service, c);
	return list(service, c);
}

static const char *sentence(enum err err)
{
	if (err == ERR_BAD)
		return "an address or name that is none, no such role, or a prison missing or too "
		       "much";
	if (err == ERR_CONFLICT)
		return "that address belongs to the account of a visitor";
	return err == ERR_NOT_FOUND ? "no such prison, nobody with that address, or not that role"
				    : err_name(err);
}

static int run(struct service *service, const void *command)
{
	enum err err = run_verb(service, command);
	if (err != OK)
		fprintf(stderr, "pvl: %s\n", sentence(err));
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

int staff_run(int argc, char **argv)
{
	struct staff_command c;
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
