/*
 * audit.c - pvl audit VERB: reads the log of all changes; never writes.
 *
 *	verify        every leaf is as it was written, none is missing, and all signed heads are true
 *	list          what was done, newest first
 *	head          the newest signed head, for whoever keeps it elsewhere
 *	prove SEQ     a receipt: this record stands in the log (tlog/receipt.h)
 *	check FILE    a receipt is true; needs no database
 *	explain SEQ   one record in words; with --other, what two copies of the log say of it
 *
 * All may run while the service does.
 */
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/hex.h"
#include "programs/cli/command.h"
#include "programs/cli/where.h"
#include "service/audit.h"
#include "sys/files.h"
#include "sys/log_fd.h"
#include "tlog/receipt.h"

enum {
	KEYS_MAX = 16,
};

struct audit_options {
	const char *verb;
	const char *what; /* SEQ or FILE; NULL */
	struct where where;
	struct where other;     /* empty: none */
	char vkey[PATH_MAX];    /* beside the data; may be missing */
	const char *checkpoint; /* a file; NULL: none */
	const char *words;      /* NULL: none */
	size_t keys_len;
	struct note_key keys[KEYS_MAX];
	int64_t before; /* 0: the newest */
	int limit;
	struct log *log;
};

static void usage(FILE *to)
{
	fprintf(
	    to,
	    "usage: pvl audit verify [OPTIONS]       every leaf is as it was written\n"
	    "       pvl audit list [OPTIONS]         what was done, newest first\n"
	    "       pvl audit head [OPTIONS]         the newest signed head: keep it elsewhere\n"
	    "       pvl audit prove SEQ [OPTIONS]    a receipt for one record\n"
	    "       pvl audit check FILE [OPTIONS]   whether a receipt is true\n"
	    "       pvl audit explain SEQ [OPTIONS]  one record in words\n\n" WHERE_HELP
	    "  --key FILE         the public key of who signs its heads, or of a witness;\n"
	    "                     may be repeated\n"
	    "                     (DIR.vault/audit.vkey, if it is there)\n"
	    "  --checkpoint FILE  verify: a signed head that was kept elsewhere is true, too\n"
	    "  --other WHERE      explain: another copy of the log, and where they part\n"
	    "  --words TEXT       explain: whether this was the reason given\n"
	    "  --before SEQ       list what came before this leaf\n"
	    "  --limit N          list so many (50)\n");
}

static int failed(const char *what, enum err err)
{
	fprintf(stderr, "pvl: %s: %s\n", what, err_name(err));
	return EXIT_FAILED;
}

/* ---- options ---- */

static bool add_key(struct audit_options *o, const char *path)
{
	struct buf line = buf_of(512);
	bool ok = o->keys_len < KEYS_MAX && file_read(path, &line) == OK &&
		  note_key_read(buf_view(&line), &o->keys[o->keys_len]) == OK;
	o->keys_len += ok;
	buf_clear(&line);
	return ok;
}

static bool set_data(struct audit_options *o, const char *value)
{
	char path[PATH_MAX];
	const char *whole = realpath(value, path) ? path : value;
	snprintf(o->vkey, sizeof o->vkey, "%.4000s.vault/audit.vkey", whole);
	return where_set(&o->where, "--data", value);
}

static bool set(struct audit_options *o, const char *name, const char *value)
{
	uint64_t number = 0;
	if (strcmp(name, "--data") == 0)
		return set_data(o, value);
	if (strcmp(name, "--store") == 0)
		return where_set(&o->where, name, value);
	if (strcmp(name, "--other") == 0)
		return where_set(&o->other, "--store", value);
	if (strcmp(name, "--key") == 0)
		return add_key(o, value);
	if (strcmp(name, "--checkpoint") == 0)
		o->checkpoint = value;
	else if (strcmp(name, "--words") == 0)
		o->words = value;
	else if (strcmp(name, "--before") == 0 && str_u64(str_from(value), INT64_MAX, &number))
		o->before = (int64_t)number;
	else if (strcmp(name, "--limit") == 0 &&
		 str_u64(str_from(value), AUDIT_PAGE_MAX, &number) && number > 0)
		o->limit = (int)number;
	else
		return false;
	return true;
}

/* Takes "SEQ" or "FILE" where the verb wants one. */
static bool read_options(struct audit_options *o, int argc, char **argv)
{
	int at = 2;
	if (argc < 2)
		return false;
	o->verb = argv[1];
	o->limit = 50;
	if (argc > 2 && strncmp(argv[2], "--", 2) != 0)
		o->what = argv[at++];
	if (!set_data(o, "pvl-data") || (argc - at) % 2 != 0)
		return false;
	for (; at < argc; at += 2) {
		if (set(o, argv[at], argv[at + 1]))
			continue;
		fprintf(stderr, "pvl: %s %s: cannot be used\n", argv[at], argv[at + 1]);
		return false;
	}
	if (o->keys_len == 0)
		(void)add_key(o, o->vkey);
	return true;
}

static bool read_seq(const struct audit_options *o, int64_t *seq)
{
	uint64_t number = 0;
	bool ok = o->what && str_u64(str_from(o->what), INT64_MAX, &number) && number > 0;
	*seq = (int64_t)number;
	return ok;
}

/* ---- verify ---- */

static void tell_fault(const struct audit_verdict *v)
{
	long long where = v->where;
	switch (v->fault) {
	case AUDIT_LEAF_CHANGED:
		printf("leaf %lld of %lld is not as it was written\n", where, (long long)v->leaves);
		break;
	case AUDIT_LEAF_MISSING:
		printf("leaf %lld is not there\n", where);
		break;
	case AUDIT_HEAD_FORGED:
		printf("the head kept for %lld leaves does not bear its key's signature\n", where);
		break;
	case AUDIT_HEAD_DIFFERS:
		printf("the first %lld leaves are not those that were signed\n", where);
		break;
	case AUDIT_LOG_SHORT:
		printf("%lld leaves were once signed, and there are %lld\n", where,
		       (long long)v->leaves);
		break;
	case AUDIT_NO_FAULT:
		break;
	}
}

static void tell_whole(const struct audit_options *o, const struct audit_verdict *v)
{
	char root[2 * sizeof v->root + 1];
	hex_encode(bytes_of(v->root, sizeof v->root), root);
	printf("%lld leaves verify; root %s\n", (long long)v->leaves, root);
	if (o->keys_len > 0)
		printf("%lld signed heads are true\n", (long long)v->heads);
	else
		printf("its signed heads were not looked at: no key was given (--key)\n");
}

static int verify(struct service *service, const struct audit_options *o)
{
	struct audit_verdict verdict = { 0 };
	struct buf checkpoint = buf_of(NOTE_MAX);
	struct audit_trust trust = { .keys = o->keys, .keys_len = o->keys_len };
	if (o->checkpoint && file_read(o->checkpoint, &checkpoint) != OK) {
		fprintf(stderr, "pvl: cannot read %s\n", o->checkpoint);
		return EXIT_FAILED;
	}
	trust.checkpoint = buf_view(&checkpoint);
	enum err err = audit_verify(service, &trust, &verdict);
	buf_clear(&checkpoint);
	if (err == ERR_BAD && o->checkpoint) {
		fprintf(stderr, "pvl: %s is no head that the key has signed\n", o->checkpoint);
		return EXIT_FAILED;
	}
	if (err == OK)
		tell_whole(o, &verdict);
	else if (err == ERR_CRYPTO)
		tell_fault(&verdict);
	else
		return failed("the log cannot be read", err);
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

/* ---- list, explain ---- */

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
	return err == OK ? EXIT_DONE : failed("the log cannot be read", err);
}

static void explain_record(const struct audit_record *r)
{
	char when[64], leaf[2 * sizeof r->leaf + 1];
	time_t at = (time_t)r->at.s;
	struct tm utc;
	strftime(when, sizeof when, "%d %B %Y, %H:%M:%S UTC", gmtime_r(&at, &utc));
	hex_encode(bytes_of(r->leaf, sizeof r->leaf), leaf);
	printf("leaf %lld, %s\n", (long long)r->seq, when);
	printf("  done by    %s", role_name(r->role));
	if (r->terminal.n)
		printf(", terminal %lld", (long long)r->terminal.n);
	else if (r->account.n)
		printf(", account %lld", (long long)r->account.n);
	printf("%s%s\n", r->prison.text[0] ? ", at " : "", r->prison.text);
	printf("  what       %s\n", audit_verb_name(r->verb));
	printf("  to         %s %lld\n", audit_object_name(r->object), (long long)r->object_id);
	printf("  amount     %lld\n", (long long)r->amount);
	printf("  leaf hash  %s\n", leaf);
}

static void explain_words(enum audit_words words, const char *given)
{
	static const char *const sentences[] = {
		[AUDIT_WORDS_NONE] = "none were given",
		[AUDIT_WORDS_KEPT] =
		    "were given; the log keeps a commitment to them, not the words",
		[AUDIT_WORDS_ERASED] =
		    "were given, and can no longer be checked: their salt is erased",
		[AUDIT_WORDS_MATCH] = "are these",
		[AUDIT_WORDS_DIFFER] = "were others",
	};
	printf("  words      %s%s%s\n", sentences[words], given ? ": " : "", given ? given : "");
}

static int explain_other(struct service *service, const struct audit_options *o)
{
	struct service other = { .log = o->log };
	struct audit_difference d = { 0 };
	enum err err = store_open_to_read(o->other.text, o->log, &other.store);
	if (err == OK)
		err = audit_compare(service, &other, &d);
	store_close(other.store);
	if (err != OK)
		return failed("the other copy cannot be read", err);
	printf("%lld leaves here, %lld there\n", (long long)d.here, (long long)d.there);
	if (d.first == 0 && d.here == d.there) {
		printf("they are the same\n");
		return EXIT_DONE;
	}
	if (d.first == 0) {
		printf("the shorter one is the beginning of the other\n");
		return EXIT_DONE;
	}
	printf("they part at leaf %lld\nhere:\n", (long long)d.first);
	explain_record(&d.ours);
	printf("there:\n");
	explain_record(&d.theirs);
	return EXIT_FAILED;
}

static int explain(struct service *service, const struct audit_options *o)
{
	struct audit_record record;
	enum audit_words words;
	int64_t seq;
	if (o->other.text[0])
		return explain_other(service, o);
	if (!read_seq(o, &seq)) {
		fprintf(stderr, "pvl: audit explain wants the number of a leaf, or --other\n");
		return EXIT_USAGE;
	}
	enum err err = audit_record_find(service, seq, str_from(o->words), &record, &words);
	if (err == ERR_NOT_FOUND)
		fprintf(stderr, "pvl: there is no leaf %lld\n", (long long)seq);
	else if (err != OK)
		return failed("the log cannot be read", err);
	if (err != OK)
		return EXIT_FAILED;
	explain_record(&record);
	explain_words(words, o->words);
	return EXIT_DONE;
}

/* ---- heads and receipts ---- */

static int head(struct service *service, const struct audit_options *o)
{
	struct buf note = buf_of(NOTE_MAX);
	(void)o;
	enum err err = audit_head_newest(service, &note);
	if (err == OK)
		fputs(buf_cstr(&note), stdout);
	else if (err == ERR_NOT_FOUND)
		fprintf(stderr, "pvl: no head was signed yet\n");
	else
		(void)failed("the log cannot be read", err);
	buf_clear(&note);
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

static int prove(struct service *service, const struct audit_options *o)
{
	struct buf receipt = buf_of(RECEIPT_MAX);
	int64_t seq;
	if (!read_seq(o, &seq)) {
		fprintf(stderr, "pvl: audit prove wants the number of a leaf\n");
		return EXIT_USAGE;
	}
	enum err err = audit_prove(service, seq, &receipt);
	if (err == OK)
		fputs(buf_cstr(&receipt), stdout);
	else if (err == ERR_NOT_FOUND)
		fprintf(stderr, "pvl: there is no leaf %lld\n", (long long)seq);
	else if (err == ERR_AGAIN)
		fprintf(stderr, "pvl: no head was signed since; ask again in a minute\n");
	else
		(void)failed("the log cannot be read", err);
	buf_clear(&receipt);
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

/* Which of the keys given are of witnesses that have seen the receipt's head. */
static void tell_witnesses(const struct audit_options *o, const struct receipt *receipt)
{
	struct note note;
	struct wall at;
	if (note_split(receipt->checkpoint, &note) != OK)
		return;
	for (size_t i = 0; i < o->keys_len; i++) {
		const struct note_key *key = &o->keys[i];
		if (key->kind != NOTE_COSIGNATURE)
			continue;
		enum err err = note_check(&note, key, &at);
		time_t seen = (time_t)at.s;
		char when[64];
		struct tm utc;
		strftime(when, sizeof when, "%d %B %Y, %H:%M:%S UTC", gmtime_r(&seen, &utc));
		if (err == OK)
			printf("witnessed by %s, %s\n", key->name, when);
		else
			printf("%s: %s\n", key->name,
			       err == ERR_CRYPTO ? "FALSE cosignature"
						 : "has not signed this head");
	}
}

static int tell_receipt(const struct audit_options *o, const struct receipt *receipt)
{
	struct tlog_head signed_head;
	enum err err = ERR_NOT_FOUND;
	for (size_t i = 0; i < o->keys_len && err == ERR_NOT_FOUND; i++)
		if (o->keys[i].kind == NOTE_SIGNATURE)
			err = receipt_check(receipt, &o->keys[i], &signed_head);
	if (err == OK) {
		printf("true: this is leaf %llu of a log of %llu\n",
		       (unsigned long long)receipt->index + 1,
		       (unsigned long long)signed_head.size);
		tell_witnesses(o, receipt);
		fwrite(receipt->record, 1, receipt->record_len, stdout);
		return EXIT_DONE;
	}
	printf("%s\n", err == ERR_NOT_FOUND  ? "not signed by the key that was given (--key)"
		       : err == ERR_CONFLICT ? "false: the record does not stand in that log"
					     : "false: its signature is not the key's");
	return EXIT_FAILED;
}

static int check(const struct audit_options *o)
{
	struct buf text = buf_of(RECEIPT_MAX);
	struct receipt receipt;
	int code = EXIT_FAILED;
	if (!o->what || file_read(o->what, &text) != OK)
		fprintf(stderr, "pvl: cannot read %s\n", o->what ? o->what : "a receipt: name one");
	else if (receipt_read(buf_view(&text), &receipt) != OK)
		printf("false: this is no receipt\n");
	else
		code = tell_receipt(o, &receipt);
	buf_clear(&text);
	return code;
}

/* ---- the command ---- */

static const struct {
	const char *name;
	int (*run)(struct service *service, const struct audit_options *o);
} verbs[] = {
	{ "verify", verify }, { "list", list },       { "head", head },
	{ "prove", prove },   { "explain", explain },
};

static int run_with_log(const struct audit_options *o)
{
	struct service service = { .log = o->log };
	int code = EXIT_USAGE;
	enum err err = store_open_to_read(o->where.text, o->log, &service.store);
	if (err != OK)
		return failed("the log cannot be read", err);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(o->verb, verbs[i].name) == 0)
			code = verbs[i].run(&service, o);
	store_close(service.store);
	if (code == EXIT_USAGE)
		usage(stderr);
	return code;
}

int audit_run(int argc, char **argv)
{
	static struct audit_options o;
	struct log log = log_fd("pvl", LOG_WARN, 2);
	o.log = &log;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (sodium_init() < 0 || !read_options(&o, argc, argv)) {
		usage(stderr);
		return EXIT_USAGE;
	}
	return strcmp(o.verb, "check") == 0 ? check(&o) : run_with_log(&o);
}
