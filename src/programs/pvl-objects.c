/*
 * pvl-objects.c - keeps recordings in an object store: sealed segments out, and back for whoever may see them.
 *
 * pvl-record writes into the folder as ever and never waits for a network.  What
 * is whole there goes out from here, the oldest first; what does not get through
 * stays and is tried again.  It holds the store's key, and sees nothing but sealed
 * files: neither a name nor a key to open one.  Started by pvl, with its control
 * channel and its secrets as descriptors (ipc/supervisor.h).
 *
 * Timers: LOOK (at the folder), SWEEP (of copies), and after a failure a pause
 * that doubles from a second to a minute.
 */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/random.h"
#include "base/str.h"
#include "ipc/supervisor.h"
#include "programs/curl_sandbox.h"
#include "programs/objects/s3.h"
#include "programs/objects/spool.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/log_fd.h"
#include "sys/seqpacket.h"

enum {
	OPEN_FILES_MAX = 256,
	WANTS_MAX = 64, /* of pvl-web, that wait */
	GETS_AT_ONCE = 3,
	PUTS_AT_ONCE = 2,
	LOOK_MS = 2000,
	SWEEP_MS = 60000,
	KEEP_S = 65 * 60, /* a copy: a viewing lasts an hour */
	PAUSE_MIN_MS = 1000,
	PAUSE_MAX_MS = 60000,
	TURN_MS = 500,
	FULL_NO_MORE = 90, /* per cent of what may wait */
};
#define FETCHED_MAX (4ULL << 30) /* bytes of copies */

struct program {
	struct log log;
	struct random random;
	struct s3_config config;
	const char *directory;
	uint64_t waiting_max; /* bytes */
	struct s3 *s3;
	struct spool *spool;
	struct spool_seen seen;
	size_t next; /* of those seen waiting */
	struct mono look_at, sweep_at;
	int64_t pause_ms; /* after the last failure; 0: there was none since a success */
	struct mono retry_at;
	size_t wants_len;
	struct segment_id wants[WANTS_MAX];
	struct objects_state state, told;
	bool has_told;
	bool web_is_gone;
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
	(void)number;
	stopping = 1;
}

/* ---- pvl-web ---- */

static void say(struct program *p, const struct objects_message *m)
{
	uint8_t out[OBJECTS_MESSAGE_MAX];
	size_t len;
	enum err err = objects_message_encode(m, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(OBJECTS_FD_CONTROL, bytes_of(out, len), -1);
	if (err == ERR_CLOSED || err == ERR_SYS)
		p->web_is_gone = true;
}

static void say_came(struct program *p, struct segment_id segment, enum objects_outcome outcome)
{
	say(p, &(struct objects_message){
		   .type = OBJECTS_CAME, .segment = segment, .outcome = outcome });
}

static bool same_state(const struct objects_state *a, const struct objects_state *b)
{
	return a->waiting == b->waiting && a->bytes == b->bytes && a->full == b->full &&
	       a->last == b->last;
}

static void tell_state(struct program *p)
{
	if (p->has_told && same_state(&p->told, &p->state))
		return;
	p->told = p->state;
	p->has_told = true;
	say(p, &(struct objects_message){ .type = OBJECTS_STATE, .state = p->state });
}

static bool is_wanted(const struct program *p, struct segment_id segment)
{
	for (size_t i = 0; i < p->wants_len; i++)
		if (p->wants[i].n == segment.n)
			return true;
	return s3_is_under_way(p->s3, segment);
}

static void want(struct program *p, struct segment_id segment)
{
	if (spool_has(p->spool, segment))
		return say_came(p, segment, OBJECTS_DONE);
	if (is_wanted(p, segment))
		return; /* one answer is for all who wait */
	p->wants[p->wants_len++] = segment;
}

static void hear(struct program *p)
{
	uint8_t in[OBJECTS_MESSAGE_MAX];
	struct objects_message m;
	size_t len;
	while (p->wants_len < WANTS_MAX && !p->web_is_gone) {
		enum err err = seqpacket_receive(OBJECTS_FD_CONTROL, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			return;
		if (err == ERR_CLOSED || err == ERR_SYS)
			p->web_is_gone = true;
		else if (err != OK || objects_message_decode(bytes_of(in, len), true, &m) != OK)
			log_event(&p->log, LOG_WARN, "nonsense", LOG_INT("bytes", len));
		else if (m.type == OBJECTS_HELLO)
			p->has_told = false;
		else
			want(p, m.segment);
	}
}

/* ---- what the store said ---- */

static void note_outcome(struct program *p, enum objects_outcome outcome, struct mono now)
{
	bool good = outcome == OBJECTS_DONE || outcome == OBJECTS_ABSENT;
	if (p->state.last != outcome)
		log_event(&p->log, good ? LOG_INFO : LOG_ERROR, "store",
			  LOG_WORD("state", objects_outcome_name(outcome)));
	p->state.last = good ? OBJECTS_DONE : outcome;
	if (good) {
		p->pause_ms = 0;
		p->retry_at = now;
		return;
	}
	p->pause_ms = p->pause_ms == 0 ? PAUSE_MIN_MS : 2 * p->pause_ms;
	if (p->pause_ms > PAUSE_MAX_MS)
		p->pause_ms = PAUSE_MAX_MS;
	int64_t spread = (int64_t)random_below(&p->random, (uint64_t)p->pause_ms / 4);
	p->retry_at = mono_add_ms(now, p->pause_ms + spread);
}

static void got(struct program *p, const struct s3_result *r)
{
	enum objects_outcome outcome = r->outcome;
	if (outcome == OBJECTS_DONE && spool_keep(p->spool, r->segment, r->body) != OK) {
		log_event(&p->log, LOG_ERROR, "copy_not_kept");
		outcome = OBJECTS_AWAY;
	}
	say_came(p, r->segment, outcome);
}

static void take_results(struct program *p, struct mono now)
{
	struct s3_result r;
	while (s3_result(p->s3, &r)) {
		note_outcome(p, r.outcome, now);
		if (r.verb == S3_GET)
			got(p, &r);
		else if (r.outcome == OBJECTS_DONE && r.verb == S3_PUT)
			spool_sent(p->spool, r.segment);
		else if (r.outcome == OBJECTS_DONE && r.verb == S3_DELETE)
			spool_erased(p->spool, r.segment);
		if (s3_under_way(p->s3, S3_NONE) == 0)
			p->look_at = mono_min(p->look_at, mono_add_ms(now, TURN_MS));
	}
}

/* ---- what is to be done ---- */

static void look(struct program *p, struct mono now)
{
	p->look_at = mono_add_ms(now, LOOK_MS);
	p->next = 0;
	if (spool_look(p->spool, &p->seen) != OK) {
		log_event(&p->log, LOG_ERROR, "folder_not_read");
		p->seen = (struct spool_seen){ 0 };
		return;
	}
	uint64_t less = p->waiting_max / 100 * FULL_NO_MORE;
	bool full = p->seen.bytes >= (p->state.full ? less : p->waiting_max);
	if (full != p->state.full)
		log_event(&p->log, full ? LOG_ERROR : LOG_INFO, full ? "full" : "room_again",
			  LOG_INT("bytes", p->seen.bytes));
	spool_set_full(p->spool, full);
	p->state.full = full;
	p->state.waiting = p->seen.files;
	p->state.bytes = p->seen.bytes;
}

/* What is wanted comes first, whatever failed before: somebody waits. */
static void start_gets(struct program *p)
{
	while (p->wants_len > 0 && s3_under_way(p->s3, S3_GET) < GETS_AT_ONCE) {
		s3_start(p->s3, S3_GET, p->wants[0], (struct bytes){ 0 });
		p->wants_len--;
		memmove(p->wants, p->wants + 1, p->wants_len * sizeof p->wants[0]);
	}
}

static void start_delete(struct program *p)
{
	struct spool_list *erase = &p->seen.erase;
	if (erase->count == 0 || s3_under_way(p->s3, S3_DELETE) > 0)
		return;
	struct segment_id segment = erase->list[erase->count - 1];
	if (s3_is_under_way(p->s3, segment))
		return;
	erase->count--;
	spool_forget(p->spool, segment);
	s3_start(p->s3, S3_DELETE, segment, (struct bytes){ 0 });
}

static bool is_to_be_erased(const struct program *p, struct segment_id segment)
{
	for (size_t i = 0; i < p->seen.erase.count; i++)
		if (p->seen.erase.list[i].n == segment.n)
			return true;
	return false;
}

static void start_puts(struct program *p)
{
	size_t at_once = p->pause_ms > 0 ? 1 : PUTS_AT_ONCE;
	while (p->next < p->seen.waiting.count && s3_under_way(p->s3, S3_PUT) < at_once) {
		struct segment_id segment = p->seen.waiting.list[p->next++];
		struct buf file = buf_of(OBJECTS_FILE_MAX);
		enum err err = ERR_AGAIN;
		if (!s3_is_under_way(p->s3, segment) && !is_to_be_erased(p, segment))
			err = spool_read(p->spool, segment, &file);
		if (err == OK)
			s3_start(p->s3, S3_PUT, segment, buf_bytes(&file));
		else if (err != ERR_AGAIN && err != ERR_NOT_FOUND)
			log_event(&p->log, LOG_ERROR, "segment_not_read",
				  LOG_WORD("err", err_name(err)));
		buf_clear(&file);
	}
}

/* After a failure one at a time goes out, so that a store that comes back is not run down. */
static void work(struct program *p, struct mono now)
{
	if (!mono_before(now, p->look_at))
		look(p, now);
	if (!mono_before(now, p->sweep_at)) {
		p->sweep_at = mono_add_ms(now, SWEEP_MS);
		spool_sweep(p->spool, wall_add_s(wall_now(), -KEEP_S), FETCHED_MAX);
	}
	start_gets(p);
	if (mono_before(now, p->retry_at) ||
	    (p->pause_ms > 0 && s3_under_way(p->s3, S3_NONE) > s3_under_way(p->s3, S3_GET)))
		return;
	start_delete(p);
	start_puts(p);
}

static void run(struct program *p)
{
	while (!stopping && !p->web_is_gone) {
		struct mono now = mono_now();
		hear(p);
		take_results(p, now);
		work(p, now);
		tell_state(p);
		s3_turn(p->s3, p->wants_len < WANTS_MAX ? OBJECTS_FD_CONTROL : -1, TURN_MS);
	}
}

/* ---- opening ---- */

static const struct sandbox_call calls[] = {
	CURL_CALLS,
	{ SYS_flock, "whether a segment is still being written" },
	{ SYS_mkdir, "the folder of copies" },
	{ SYS_mkdirat, "likewise" },
	{ SYS_unlink, "what is in the store" },
	{ SYS_unlinkat, "likewise" },
	{ SYS_rename, "a copy that is whole" },
	{ SYS_renameat, "likewise" },
	{ SYS_renameat2, "likewise" },
};

/* Whoever owns the data reads the files (pvl-record.c does the same). */
static enum err enter_sandbox(struct program *p)
{
	struct sandbox_path paths[CURL_PATHS_MAX + 1];
	struct sandbox_report said;
	struct stat owner;
	if (stat(p->directory, &owner) != 0)
		return ERR_NOT_FOUND;
	size_t n = curl_paths(paths);
	paths[n++] = (struct sandbox_path){ .path = p->directory, .write = true };
	struct sandbox_plan plan = { .uid = owner.st_uid,
				     .gid = owner.st_gid,
				     .keep_user = owner.st_uid == 0,
				     .open_files_max = OPEN_FILES_MAX,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls),
				     .paths = paths,
				     .paths_len = n };
	return sandbox_enter(&plan, &p->log, &said);
}

static const struct option names[] = {
	{ "directory", required_argument, NULL, 'd' },
	{ "url", required_argument, NULL, 'u' },
	{ "region", required_argument, NULL, 'r' },
	{ "waiting-mib", required_argument, NULL, 'w' },
	{ "ca", no_argument, NULL, 'c' },
	{ NULL, 0, NULL, 0 },
};

static bool set_text(char *out, size_t room, const char *value)
{
	int n = snprintf(out, room, "%s", value);
	return n > 0 && (size_t)n < room;
}

static bool take_option(struct program *p, int name)
{
	uint64_t mib;
	switch (name) {
	case 'd':
		p->directory = optarg;
		return true;
	case 'u':
		return set_text(p->config.url, sizeof p->config.url, optarg);
	case 'r':
		return set_text(p->config.region, sizeof p->config.region, optarg);
	case 'w':
		if (!str_u64(str_from(optarg), 1 << 30, &mib) || mib == 0)
			return false;
		p->waiting_max = mib << 20;
		return true;
	case 'c':
		return file_read_inherited(OBJECTS_FD_CA, &p->config.ca) == OK;
	default:
		return false;
	}
}

static bool options_read(int argc, char **argv, struct program *p)
{
	int name;
	p->config.ca = buf_of(S3_CA_MAX);
	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(p, name))
			return false;
	return optind == argc && p->directory && p->config.url[0] && p->config.region[0] &&
	       p->waiting_max > 0;
}

/* "ID:SECRET". */
static enum err read_key(struct program *p)
{
	char *key = p->config.key;
	enum err err = file_read_inherited_line(OBJECTS_FD_KEY, key, sizeof p->config.key);
	const char *colon = err == OK ? strchr(key, ':') : NULL;
	if (err == OK && (!colon || colon == key || !colon[1] || strpbrk(key, " \t\r\n")))
		err = ERR_BAD;
	if (err != OK)
		log_event(&p->log, LOG_ERROR, "key_of_store", LOG_WORD("err", err_name(err)));
	return err;
}

int main(int argc, char **argv)
{
	static struct program p;
	p.log = log_fd("pvl-objects", LOG_INFO, STDERR_FILENO);
	if (sodium_init() < 0)
		return 1;
	if (!options_read(argc, argv, &p)) {
		fprintf(stderr, "usage: pvl-objects --directory DIR --url URL --region REGION "
				"--waiting-mib N [--ca]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	p.random = entropy_random();
	enum err err = read_key(&p);
	if (err == OK)
		err = s3_open(&p.config, &p.log, &p.s3);
	if (err == OK)
		err = enter_sandbox(&p);
	if (err == OK)
		err = spool_open(p.directory, &p.spool);
	if (err == OK)
		run(&p);
	else
		log_event(&p.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	s3_close(p.s3);
	spool_close(p.spool);
	buf_clear(&p.config.ca);
	sodium_memzero(&p.config, sizeof p.config);
	return err == OK ? 0 : 1;
}
