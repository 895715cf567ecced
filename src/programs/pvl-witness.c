/*
 * pvl-witness.c - for somebody outside, on a machine of their own: looks at the
 * head of a service's audit log, has it proved that the log only grew since the
 * last look, keeps the head, and signs it (docs/protocols/witness.md).
 *
 *	pvl-witness --service https://SERVICE --dir DIR [--name NAME] [--log FILE]
 *
 * One look a run: a timer calls it every hour.  DIR holds the key (made at the
 * first run) and the head seen last.  Exit codes: 0 all is well, 1 the service
 * could not be asked, 2 wrong use, 3 the log is not what it was: what proves it
 * is kept in DIR.
 */
#include <curl/curl.h>
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

enum {
	WELL = 0,
	NOT_ASKED = 1,
	WRONG_USE = 2,
	NOT_WHAT_IT_WAS = 3,

	ADDRESS_MAX = 1000,
	ANSWER_MAX = NOTE_MAX,
	TOTAL_S = 60,
	KEY_LINE_MAX = 512,
};

struct witness {
	const char *service; /* without a slash at its end */
	const char *dir;
	const char *name; /* of a key that is still to be made */
	const char *log;  /* file with the key that must have signed the log's heads; NULL: any */
	struct note_signer signer;
	CURL *curl;
};

static void usage(FILE *to)
{
	fprintf(
	    to,
	    "usage: pvl-witness --service https://SERVICE --dir DIR [OPTIONS]\n\n"
	    "Looks once whether the service's audit log has only grown, keeps its head in DIR\n"
	    "and signs it.  Let a timer call it every hour.\n\n"
	    "  --name NAME  first run: the name of the key that is made, as your.domain/witness\n"
	    "  --log FILE   the log's public key (audit.vkey): take heads that it signed, no "
	    "others\n");
}

static bool path_in(const struct witness *w, const char *name, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/%s", w->dir, name);
	return n > 0 && n < PATH_MAX;
}

/* ---- the key ---- */

static enum err make_key(struct witness *w, const char *path)
{
	struct random random = entropy_random();
	uint8_t seed[NOTE_SEED_LEN];
	struct buf line = buf_of(KEY_LINE_MAX);
	random_fill(&random, seed, sizeof seed);
	enum err err = note_secret_write(str_from(w->name), NOTE_COSIGNATURE, seed, &line);
	if (err == OK)
		err = directory_make(w->dir);
	if (err == OK)
		err = file_create(path, buf_bytes(&line), 0600);
	if (err == OK)
		err = note_signer_make(str_from(w->name), NOTE_COSIGNATURE, seed, &w->signer);
	mem_wipe(seed, sizeof seed);
	mem_wipe(line.at, line.len);
	buf_clear(&line);
	return err;
}

static void tell_key(const struct witness *w)
{
	struct buf line = buf_of(KEY_LINE_MAX);
	note_key_write(&w->signer.key, &line);
	printf("A key was made.  Send this line to the headquarters of the service, who add it "
	       "under Audit, Witnesses:\n%s\n",
	       buf_cstr(&line));
	buf_clear(&line);
}

static int open_key(struct witness *w)
{
	char path[PATH_MAX];
	struct buf line = buf_of(KEY_LINE_MAX);
	if (!path_in(w, "witness.key", path))
		return WRONG_USE;
	enum err err = file_read(path, &line);
	if (err == OK) {
		err = note_secret_read(str_trim(buf_view(&line)), &w->signer);
	} else if (err == ERR_NOT_FOUND && w->name) {
		err = make_key(w, path);
		if (err == OK)
			tell_key(w);
	} else if (err == ERR_NOT_FOUND) {
		fprintf(stderr, "pvl-witness: there is no key in %s yet: give it a name (--name)\n",
			w->dir);
	}
	if (line.len)
		mem_wipe(line.at, line.len);
	buf_clear(&line);
	if (err == OK)
		return WELL;
	if (err != ERR_NOT_FOUND)
		fprintf(stderr, "pvl-witness: the key %s cannot be used: %s\n", path,
			err_name(err));
	return WRONG_USE;
}

/* ---- asking the service ---- */

static size_t take_answer(char *at, size_t size, size_t count, void *owner)
{
	struct buf *answer = owner;
	if (answer->len + size * count > ANSWER_MAX)
		return 0;
	buf_put(answer, at, size * count);
	return size * count;
}

/* 200 alone is OK; ERR_NOT_FOUND: 404; *answer: what came, whatever it is. */
static enum err ask(struct witness *w, const char *what, const char *body, struct buf *answer)
{
	char address[ADDRESS_MAX + 200];
	long status = 0;
	struct curl_slist *headers = NULL;
	snprintf(address, sizeof address, "%s%s", w->service, what);
	curl_easy_reset(w->curl);
	curl_easy_setopt(w->curl, CURLOPT_URL, address);
	curl_easy_setopt(w->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, (long)TOTAL_S);
	curl_easy_setopt(w->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(w->curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(w->curl, CURLOPT_WRITEDATA, answer);
	if (body) {
		headers = curl_slist_append(headers, "Content-Type: application/json");
		curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, body);
	}
	CURLcode code = curl_easy_perform(w->curl);
	curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	if (code != CURLE_OK) {
		fprintf(stderr, "pvl-witness: %s: %s\n", address, curl_easy_strerror(code));
		return ERR_SYS;
	}
	if (status == 200)
		return OK;
	if (!body)
		fprintf(stderr, "pvl-witness: %s answers %ld\n", address, status);
	return status == 404 ? ERR_NOT_FOUND : ERR_BAD;
}

/* ---- heads ---- */

/* A note with a head in it; both borrow the text. */
struct head {
	struct buf text;
	struct note note;
	struct tlog_head at;
};

static bool read_head(struct head *head)
{
	struct str origin;
	return note_split(buf_view(&head->text), &head->note) == OK &&
	       checkpoint_read(head->note.text, &origin, &head->at) == OK && head->at.size > 0;
}

static bool is_signed_by(const struct head *head, const char *file)
{
	struct buf line = buf_of(KEY_LINE_MAX);
	struct note_key key;
	struct wall at;
	bool by = file_read(file, &line) == OK && note_key_read(buf_view(&line), &key) == OK &&
		  note_check(&head->note, &key, &at) == OK;
	buf_clear(&line);
	return by;
}

static bool fetch_head(struct witness *w, struct head *out)
{
	if (ask(w, "/audit/head/to-witness", NULL, &out->text) != OK)
		return false;
	if (!read_head(out))
		fprintf(stderr, "pvl-witness: what %s shows is no head of a log\n", w->service);
	else if (w->log && !is_signed_by(out, w->log))
		fprintf(stderr, "pvl-witness: its head is not signed by the key in %s\n", w->log);
	else
		return true;
	return false;
}

enum finding {
	NOT_KNOWN, /* the service gave no answer */
	SAME_LOG,
	OTHER_LOG,
};

/* Whichever is the smaller must be the beginning of the other. */
static enum finding compare(struct witness *w, const struct head *kept, const struct head *shown,
			    struct buf *proof_text)
{
	bool grew = kept->at.size <= shown->at.size;
	const struct tlog_head *small = grew ? &kept->at : &shown->at,
			       *large = grew ? &shown->at : &kept->at;
	struct tlog_proof proof = { 0 };
	char what[120];
	enum err err = OK;
	if (small->size < large->size) {
		snprintf(what, sizeof what, "/audit/growth?from=%llu&to=%llu",
			 (unsigned long long)small->size, (unsigned long long)large->size);
		err = ask(w, what, NULL, proof_text);
	}
	if (err == ERR_NOT_FOUND) /* it knows nothing of what it once signed */
		return OTHER_LOG;
	if (err != OK)
		return NOT_KNOWN;
	struct str rest = buf_view(proof_text);
	bool same = tlog_proof_take(&rest, &proof) && tlog_consistent(small, large, &proof);
	return same ? SAME_LOG : OTHER_LOG;
}

/* ---- what comes of it ---- */

static int alarm_raised(const struct witness *w, const struct head *kept, const struct head *shown,
			const struct buf *proof)
{
	char name[64], path[PATH_MAX];
	struct buf text = buf_of(4 * NOTE_MAX);
	snprintf(name, sizeof name, "evidence-%lld", (long long)wall_now().s);
	buf_printf(&text, "%s\n%s\n%s", buf_cstr(&kept->text), buf_cstr(&shown->text),
		   buf_cstr(proof));
	bool saved = path_in(w, name, path) && file_create(path, buf_bytes(&text), 0600) == OK;
	buf_clear(&text);
	fprintf(stderr,
		"pvl-witness: THE LOG IS NOT WHAT IT WAS.  %s showed a log of %llu entries before "
		"and one of %llu now, and neither is the beginning of the other.  Nothing was "
		"signed.  %s%s.  Tell the inspectorate and the headquarters of the service.\n",
		w->service, (unsigned long long)kept->at.size, (unsigned long long)shown->at.size,
		saved ? "Both are kept in " : "Both could not be kept in ", path);
	return NOT_WHAT_IT_WAS;
}

static enum err give(struct witness *w, const struct buf *note)
{
	struct buf answer = buf_of(ANSWER_MAX);
	json_t *body = json_pack("{s:s%}", "note", buf_cstr(note), note->len);
	char *text = json_dumps(body, JSON_COMPACT);
	enum err err = text ? ask(w, "/api/v1/audit/cosignatures", text, &answer) : ERR_BAD;
	json_t *problem = err != OK ? json_loads(buf_cstr(&answer), 0, NULL) : NULL;
	const char *detail = json_string_value(json_object_get(problem, "detail"));
	if (err != OK)
		fprintf(stderr, "pvl-witness: it did not take the signature%s%s\n",
			detail ? ": " : "", detail ? detail : "");
	json_decref(problem);
	json_decref(body);
	free(text);
	buf_clear(&answer);
	return err;
}

/* Kept before it is told: what was signed once is never forgotten. */
static int keep_and_sign(struct witness *w, const struct head *shown)
{
	char path[PATH_MAX];
	struct buf note = buf_of(NOTE_MAX);
	enum err err = ERR_LIMIT;
	buf_str(&note, shown->note.text);
	buf_char(&note, '\n');
	note_sign(&w->signer, shown->note.text, wall_now(), &note);
	if (path_in(w, "head", path))
		err = file_write(path, bytes_of(shown->text.at, shown->text.len), 0644);
	if (err != OK)
		fprintf(stderr, "pvl-witness: %s cannot be written: %s\n", path, err_name(err));
	else
		err = give(w, &note);
	if (err == OK)
		printf("%llu entries, as they were; signed as %s\n",
		       (unsigned long long)shown->at.size, w->signer.key.name);
	buf_clear(&note);
	return err == OK ? WELL : NOT_ASKED;
}

static int look(struct witness *w)
{
	char path[PATH_MAX];
	struct head kept = { .text = buf_of(NOTE_MAX) }, shown = { .text = buf_of(NOTE_MAX) };
	struct buf proof = buf_of(ANSWER_MAX);
	enum finding finding = NOT_KNOWN;
	int code = NOT_ASKED;
	bool before = path_in(w, "head", path) && file_read(path, &kept.text) == OK;
	if (before && !read_head(&kept)) {
		fprintf(stderr, "pvl-witness: %s is no head of a log\n", path);
		code = WRONG_USE;
	} else if (fetch_head(w, &shown)) {
		finding = before ? compare(w, &kept, &shown, &proof) : SAME_LOG;
	}
	if (finding == OTHER_LOG)
		code = alarm_raised(w, &kept, &shown, &proof);
	else if (finding == SAME_LOG && before && shown.at.size < kept.at.size)
		code = WELL; /* an older head of the same log: there is nothing new to sign */
	else if (finding == SAME_LOG)
		code = keep_and_sign(w, &shown);
	buf_clear(&kept.text);
	buf_clear(&shown.text);
	buf_clear(&proof);
	return code;
}

/* ---- the program ---- */

static bool set(struct witness *w, const char *name, const char *value)
{
	if (strcmp(name, "--service") == 0)
		w->service = value;
	else if (strcmp(name, "--dir") == 0)
		w->dir = value;
	else if (strcmp(name, "--name") == 0)
		w->name = value;
	else if (strcmp(name, "--log") == 0)
		w->log = value;
	else
		return false;
	return true;
}

static bool read_options(struct witness *w, int argc, char **argv)
{
	for (int at = 1; at < argc; at += 2)
		if (at + 1 == argc || !set(w, argv[at], argv[at + 1]))
			return false;
	if (!w->service || !w->dir || strlen(w->service) > ADDRESS_MAX)
		return false;
	return strncmp(w->service, "https://", 8) == 0 || strncmp(w->service, "http://", 7) == 0;
}

int main(int argc, char **argv)
{
	struct witness w = { 0 };
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return WELL;
	}
	if (!read_options(&w, argc, argv)) {
		usage(stderr);
		return WRONG_USE;
	}
	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NOT_ASKED;
	int code = open_key(&w);
	if (code == WELL) {
		w.curl = curl_easy_init();
		code = w.curl ? look(&w) : NOT_ASKED;
		curl_easy_cleanup(w.curl);
	}
	mem_wipe(&w.signer, sizeof w.signer);
	curl_global_cleanup();
	return code;
}
