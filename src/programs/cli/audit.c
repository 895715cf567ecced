/*
 * audit.c - pvl audit verify | list: reads the log of all changes; never writes.
 *
 * verify hashes every leaf again and prints their number and the root of the
 * tree (RFC 9162 section 2.1.1), which anybody may write down and compare later.
 * Both may run while the service does.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"
#include "programs/cli/command.h"
#include "service/audit.h"
#include "sys/log_fd.h"

enum {
	WHERE_MAX = 512,
};

struct audit_options {
	const char *verb;
	char where[WHERE_MAX];
	int64_t before; /* 0: the newest */
	int limit;
};

static void usage(FILE *to)
{
	fprintf(to, "usage: pvl audit verify [OPTIONS]   every leaf is as it was written\n"
		    "       pvl audit list   [OPTIONS]   what was done, newest first\n\n"
		    "  --data DIR      where the data lives (pvl-data)\n"
		    "  --store WHERE   the database, if it is not in DIR: sqlite:/path/file.db\n"
		    "                  or postgres://USER@HOST/NAME\n"
		    "  --before SEQ    list what came before this leaf\n"
		    "  --limit N       list so many (50)\n");
}

static bool set(struct audit_options *o, const char *name, const char *value)
{
	uint64_t number = 0;
	int len = 0;
	if (strcmp(name, "--data") == 0)
		len = snprintf(o->where, sizeof o->where, "sqlite:%s/pvl.db", value);
	else if (strcmp(name, "--store") == 0)
		len = snprintf(o->where, sizeof o->where, "%s", value);
	else if (strcmp(name, "--before") == 0 && str_u64(str_from(value), INT64_MAX, &number))
		o->before = (int64_t)number;
	else if (strcmp(name, "--limit") == 0 &&
		 str_u64(str_from(value), AUDIT_PAGE_MAX, &number) && number > 0)
		o->limit = (int)number;
	else
		return false;
	return len >= 0 && (size_t)len < sizeof o->where;
}

static bool read_options(struct audit_options *o, int argc, char **argv)
{
	if (argc < 2 || argc % 2 != 0)
		return false;
	*o = (struct audit_options){ .verb = argv[1], .limit = 50 };
	if (!set(o, "--data", "pvl-data"))
		return false;
	for (int i = 2; i < argc; i += 2) {
		if (!set(o, argv[i], argv[i + 1]))
			return false;
	}
	return strcmp(o->verb, "verify") == 0 || strcmp(o->verb, "list") == 0;
}

static int failed(enum err err)
{
	fprintf(stderr, "pvl: the log cannot be read: %s\n", err_name(err));
	return EXIT_FAILED;
}

static int verify(struct service *service)
{
	struct audit_verdict verdict = { 0 };
	char root[2 * sizeof verdict.root + 1];
	enum err err = audit_verify(service, &verdict);
	if (err == ERR_CRYPTO) {
		printf("leaf %lld of %lld is not as it was written\n", (long long)verdict.first_bad,
		       (long long)verdict.leaves);
		return EXIT_FAILED;
	}
	if (err != OK)
		return failed(err);
	hex_encode(bytes_of(verdict.root, sizeof verdict.root), root);
	printf("%lld leaves verify; root %s\n", (long long)verdict.leaves, root);
	return EXIT_DONE;
}

static void print(const struct audit_record *r)
{
	printf("%lld\t%lld\t%s\t%lld\t%s\t%s\t%s\t%lld\t%lld\n", (long long)r->seq,
	       (long long)r->at.s, role_name(r->role),
	       (long long)(r->terminal.n ? r->terminal.n : r->account.n), r->prison.text,
	       audit_verb_name(r->verb), audit_object_name(r->object), (long long)r->object_id,
	       (long long)r->amount);
}

static int list(struct service *service, const struct audit_options *o)
{
	const struct actor as_operator = { .role = ROLE_OPERATOR };
	struct audit_query query = { .before_seq = o->before, .limit = o->limit };
	struct audit_list found;
	struct arena arena;
	arena_init(&arena);
	enum err err = audit_list_find(service, &as_operator, &arena, &query, &found);
	if (err == OK)
		printf("seq\tat\trole\twho\tprison\tverb\tobject\tid\tamount\n");
	for (size_t i = 0; err == OK && i < found.count; i++)
		print(&found.list[i]);
	arena_clear(&arena);
	return err == OK ? EXIT_DONE : failed(err);
}

int audit_run(int argc, char **argv)
{
	struct audit_options o;
	struct log log = log_fd("pvl", LOG_WARN, 2);
	struct service service = { .log = &log };
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!read_options(&o, argc, argv)) {
		usage(stderr);
		return EXIT_USAGE;
	}
	enum err err =
	    sodium_init() < 0 ? ERR_SYS : store_open_to_read(o.where, &log, &service.store);
	if (err != OK)
		return failed(err);
	int code = strcmp(o.verb, "verify") == 0 ? verify(&service) : list(&service, &o);
	store_close(service.store);
	return code;
}
