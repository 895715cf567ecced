/*
 * demo.c - pvl demo: pvl serve on a folder of sample data, with addresses and sign-ins printed.
 *
 * Takes the options of pvl serve; its own defaults stand in front of them.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "programs/cli/certificate.h"
#include "programs/cli/command.h"
#include "programs/cli/serve_options.h"
#include "service/sample.h"
#include "service/service.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/hasher.h"
#include "sys/log_fd.h"
#include "sys/network.h"

#define DEMO_PASSWORD "sample-visit-2026"

enum {
	DEMO_ARGS_MAX = 64,
	DEMO_OWN_ARGS = 10,
	DEMO_TEXT_MAX = SERVE_TEXT_MAX + 32,
};

struct demo {
	char certificate[DEMO_TEXT_MAX];
	char key[DEMO_TEXT_MAX];
	int argc;
	char *argv[DEMO_ARGS_MAX + 1];
	struct serve_options options;
};

/* What --data says, before the other defaults can be known. */
static const char *data_of(int argc, char **argv)
{
	const char *data = "pvl-data";
	for (int i = 1; i + 1 < argc; i++)
		if (str_is(str_from(argv[i]), "--data"))
			data = argv[i + 1];
	return data;
}

static void push(struct demo *d, const char *word)
{
	d->argv[d->argc++] = (char *)(uintptr_t)word;
}

static enum err read_options(struct demo *d, int argc, char **argv)
{
	const char *data = data_of(argc, argv);
	if (argc > DEMO_ARGS_MAX - DEMO_OWN_ARGS || strlen(data) >= SERVE_TEXT_MAX)
		return ERR_LIMIT;
	snprintf(d->certificate, sizeof d->certificate, "%s/demo-certificate.pem", data);
	snprintf(d->key, sizeof d->key, "%s/demo-key.pem", data);
	const char *own[DEMO_OWN_ARGS] = { argv[0], "--data",     data,           "--tls-port",
					   "8443",  "--tls-cert", d->certificate, "--tls-key",
					   d->key,  "--mailbox" };
	for (size_t i = 0; i < DEMO_OWN_ARGS; i++)
		push(d, own[i]);
	for (int i = 1; i < argc; i++)
		push(d, argv[i]);
	return serve_options_read(d->argc - 1, d->argv + 1, &d->options);
}

static enum err make_certificate(struct demo *d)
{
	struct address all[SERVE_ADDRESSES_MAX];
	size_t len = network_addresses(all, SERVE_ADDRESSES_MAX);
	enum err err = directory_make(d->options.data);
	return err == OK ? certificate_make(d->certificate, d->key, all, len) : err;
}

/* One hash for every sample account: the password is printed anyway. */
static enum err fill(const struct demo *d, struct log *log, struct arena *arena, struct sample *out)
{
	char where[DEMO_TEXT_MAX];
	char hash[crypto_pwhash_STRBYTES];
	struct random random = entropy_random();
	struct service service = { .now = wall_now(), .random = &random, .log = log };
	snprintf(where, sizeof where, "sqlite:%s/pvl.db", d->options.data);
	if (crypto_pwhash_str(hash, DEMO_PASSWORD, strlen(DEMO_PASSWORD), HASHER_PASSES,
			      HASHER_MEMORY))
		return ERR_LIMIT;
	enum err err =
	    store_open(d->options.store[0] ? d->options.store : where, log, &service.store);
	if (err != OK)
		return err;
	err = sample_fill(&service, arena, str_from(hash), out);
	store_close(service.store);
	return err;
}

static void print(const struct demo *d, const struct sample *sample)
{
	char reference[REFERENCE_SHOWN_LEN + 1];
	char base[64];
	reference_show(sample->joinable, reference);
	snprintf(base, sizeof base, "http://localhost:%u", d->options.listen.port);
	printf("\nPrison Video Link, with sample data in %s\n\n", d->options.data);
	printf("  families    %s/\n", base);
	printf("  staff       %s/staff\n", base);
	printf("  terminal    %s/terminal      enrolment code %s\n", base, sample->enrol_code);
	printf("  other devices: https://<this machine>:%u/ (self-signed certificate)\n\n",
	       d->options.tls_port);
	printf(
	    "A visit can be joined now: %s.  Each step in a browser, or a private window, of its "
	    "own:\n\n"
	    "  1. Family:   %s/sign-in as amina@family.example: Enter the lobby, Join the visit\n"
	    "  2. Prisoner: %s/terminal: type the code %s, Start the visit\n"
	    "  3. Staff:    %s/staff as monitor@wandsworth.example: Visits now, Lobby and live "
	    "view, Admit\n\n",
	    reference, base, base, sample->enrol_code, base);
	printf("Sign-ins, all with the password %s\n\n", DEMO_PASSWORD);
	for (size_t i = 0; i < sample->count; i++)
		printf("  %-36.*s %.*s\n", STR_FMT(sample->sign_ins[i].who),
		       STR_FMT(sample->sign_ins[i].email));
	printf("\nCtrl-C stops it; the next start keeps the data.\n\n");
	fflush(stdout);
}

/* Where the data is, and what is in it; says what went wrong. */
static enum err prepare(struct demo *d, struct log *log, struct arena *arena, struct sample *out)
{
	enum err err = sodium_init() < 0 ? ERR_SYS : make_certificate(d);
	if (err != OK) {
		fprintf(
		    stderr,
		    "pvl: --data %s: cannot be used; it must be a folder that is yours to write, "
		    "or a new one in such a folder\n",
		    d->options.data);
		return err;
	}
	err = fill(d, log, arena, out);
	if (err != OK)
		fprintf(stderr, "pvl: the sample data could not be made: %s\n", err_name(err));
	return err;
}

int demo_run(int argc, char **argv)
{
	struct demo d = { .argc = 0 };
	struct log log = log_fd("pvl", LOG_WARN, 2);
	struct sample sample;
	struct arena arena;
	if (read_options(&d, argc, argv) != OK)
		return EXIT_USAGE;
	if (d.options.help) {
		serve_options_usage(stdout);
		return EXIT_DONE;
	}
	arena_init(&arena);
	enum err err = prepare(&d, &log, &arena, &sample);
	if (err == OK)
		print(&d, &sample);
	arena_clear(&arena);
	return err == OK ? serve_run(d.argc, d.argv) : EXIT_FAILED;
}
