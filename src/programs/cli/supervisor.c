#include "programs/cli/supervisor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "ipc/objects.h"
#include "ipc/ring.h"
#include "programs/cli/command.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/loop.h"
#include "sys/seqpacket.h"
#include "sys/shared_memory.h"

enum {
	LIVED_LONG_US = 10 * 1000000, /* a death after that is the first again */
	STOP_WEB_MS = 5000,           /* for requests under way */
	STOP_NOTIFY_MS = 3000,        /* for what is being sent, and its word of it */
	STOP_OTHERS_MS = 2000,        /* for close_notify of pvl-media */
	ARGUMENTS_MAX = 64,
	ENVIRONMENT_MAX = 8,
};

/* Before the n-th start in a row; the last one holds for all further ones. */
static const int pauses_ms[] = { 0, 200, 500, 1000 };

struct supervisor;

/* A child of any kind and its next start. */
struct process {
	struct child child;
	struct watch watch; /* its pidfd; the owner is the supervisor */
	uint32_t starts;
	size_t deaths; /* in a row */
	struct mono started;
	struct mono start_at; /* MONO_NEVER while it runs */
};

/* A child that pvl-web talks to. */
struct worker {
	struct process process;
	int web_end; /* our copy of pvl-web's end of the control pair */
};

enum stage {
	RUNNING,
	STOPPING_NOTIFY, /* while pvl-web still writes down what became of each message */
	STOPPING_WEB,
	STOPPING_OTHERS,
};

struct supervisor {
	const struct serve_options *options;
	const struct serve_sockets *sockets;
	struct log *log;
	struct loop *loop;
	enum stage stage;
	struct mono kill_at; /* of the stage */
	int exit_code;
	bool ready; /* pvl-web has once answered pages */
	struct process web;
	int channel; /* our end of the pair with pvl-web */
	struct watch channel_watch;
	struct worker vault;
	struct worker notify;
	struct worker record;
	struct worker hints;
	struct worker objects; /* only with --recordings-store */
	/* From each pvl-media to pvl-record (ipc/ring.h), and to pvl-hints; ours as long as we live, so that
	 * neither sees the other die and what one wrote waits for the other's next start. */
	int rings[SUPERVISOR_WORKERS_MAX];
	int pictures[SUPERVISOR_WORKERS_MAX][2];
	struct worker workers[SUPERVISOR_WORKERS_MAX];
};

/* pvl-media reads and writes twenty pages for each packet, of as many peers as come: large pages
 * (where the kernel has them) make it a tenth faster.  It says itself from when on. */
#define LARGE_PAGES "GLIBC_TUNABLES=glibc.malloc.hugetlb=1"

/* Children see nothing of our environment but this. */
static void environment_fill(const char **out, bool large_pages)
{
	static const char *const kept[] = { "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=",
					    "TZDIR=" };
	size_t n = 0;
	out[n++] = "PATH=/usr/bin:/bin";
	out[n++] = "LANG=C.UTF-8";
	if (large_pages)
		out[n++] = LARGE_PAGES;
	for (char **e = environ; *e; e++)
		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			if (str_starts(str_from(*e), kept[i]) && n < ENVIRONMENT_MAX - 1)
				out[n++] = *e;
	out[n] = NULL;
}

static enum err start(struct supervisor *s, struct process *p, const char *name,
		      const char *const *argv, const struct child_fd *fds, size_t fds_len)
{
	char path[SERVE_TEXT_MAX + 32];
	const char *environment[ENVIRONMENT_MAX];
	environment_fill(environment, strcmp(name, "pvl-media") == 0);
	snprintf(path, sizeof path, "%s/%s", s->options->programs, name);
	struct child_plan plan = { .path = path,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = fds_len };
	enum err err = child_start(&plan, &p->child);
	if (err)
		return err;
	p->starts++;
	p->started = mono_now();
	p->start_at = MONO_NEVER;
	p->watch.fd = p->child.pidfd;
	return loop_watch(s->loop, &p->watch, LOOP_READ);
}

static void died(struct supervisor *s, struct process *p, struct mono now)
{
	if (mono_diff_us(now, p->started) > LIVED_LONG_US)
		p->deaths = 0;
	size_t last = ARRAY_LEN(pauses_ms) - 1;
	p->start_at = mono_add_ms(now, pauses_ms[p->deaths < last ? p->deaths : last]);
	p->deaths++;
	if (s->stage != RUNNING)
		p->start_at = MONO_NEVER;
}

/* --- pvl-media ------------------------------------------------------------ */

static void tell_web(struct supervisor *s, const struct supervisor_message *m, int pass)
{
	uint8_t out[SUPERVISOR_MESSAGE_MAX];
	size_t len;
	if (s->channel < 0)
		return;
	enum err err = supervisor_message_encode(m, out, sizeof out, &len);
	if (!err)
		err = seqpacket_send(s->channel, bytes_of(out, len), pass);
	if (err)
		log_event(s->log, LOG_WARN, "web_not_told", LOG_WORD("why", err_name(err)));
}

static unsigned index_of(const struct supervisor *s, const struct worker *w)
{
	return (unsigned)(w - s->workers);
}

static void tell_worker(struct supervisor *s, const struct worker *w)
{
	unsigned i = index_of(s, w);
	struct supervisor_message m = { .type = SUPERVISOR_WORKER,
					.worker = { .index = (uint8_t)i,
						    .port = s->sockets->media[i].port,
						    .starts = w->process.starts } };
	if (child_runs(&w->process.child))
		tell_web(s, &m, w->web_end);
}

/* Those that could be opened; returns how many fds there are now. */
static size_t add_sockets(struct child_fd *fds, size_t n, const int *sockets, size_t len, int first)
{
	for (size_t i = 0; i < len; i++)
		if (sockets[i] >= 0)
			fds[n++] = (struct child_fd){ .from = sockets[i], .to = first + (int)i };
	return n;
}

static enum err exec_worker(struct supervisor *s, struct worker *w, int media_end)
{
	unsigned i = index_of(s, w);
	const struct serve_media *media = &s->sockets->media[i];
	char index[16], port[16];
	const char *argv[] = { "pvl-media", "--index", index, "--port", port, NULL };
	struct child_fd fds[MEDIA_FD_HINTS + 1 - MEDIA_FD_CONTROL];
	size_t n = 0;
	fds[n++] = (struct child_fd){ .from = media_end, .to = MEDIA_FD_CONTROL };
	n = add_sockets(fds, n, media->udp, ARRAY_LEN(media->udp), MEDIA_FD_UDP4);
	n = add_sockets(fds, n, media->tcp, ARRAY_LEN(media->tcp), MEDIA_FD_TCP);
	n = add_sockets(fds, n, &s->rings[i], 1, MEDIA_FD_RECORD);
	n = add_sockets(fds, n, &s->pictures[i][0], 1, MEDIA_FD_HINTS);
	snprintf(index, sizeof index, "%u", i);
	snprintf(port, sizeof port, "%u", media->port);
	return start(s, &w->process, "pvl-media", argv, fds, n);
}

/* A new pair each time: what stood in the old one was said to a process that is gone. */
static enum err start_paired(struct supervisor *s, struct worker *w,
			     enum err (*exec)(struct supervisor *, struct worker *, int))
{
	int ends[2];
	enum err err = seqpacket_pair(ends);
	if (err)
		return err;
	err = exec(s, w, ends[1]);
	close(ends[1]);
	if (w->web_end >= 0)
		close(w->web_end);
	w->web_end = ends[0];
	return err;
}

static enum err start_worker(struct supervisor *s, struct worker *w)
{
	enum err err = start_paired(s, w, exec_worker);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "media_started",
		  LOG_INT("index", index_of(s, w)), LOG_INT("starts", w->process.starts),
		  LOG_WORD("result", err_name(err)));
	if (!err)
		tell_worker(s, w);
	return err;
}

/* --- pvl-vault ------------------------------------------------------------ */

static void tell_vault(struct supervisor *s)
{
	struct supervisor_message m = { .type = SUPERVISOR_VAULT };
	if (child_runs(&s->vault.process.child))
		tell_web(s, &m, s->vault.web_end);
}

static enum err exec_vault(struct supervisor *s, struct worker *w, int vault_end)
{
	static const char *const argv[] = { "pvl-vault", NULL };
	const struct vault_files *files = &s->sockets->vault;
	struct child_fd fds[] = { { .from = vault_end, .to = VAULT_FD_CONTROL },
				  { .from = files->key, .to = VAULT_FD_KEY },
				  { .from = files->memory, .to = VAULT_FD_MEMORY },
				  { .from = files->recording, .to = VAULT_FD_RECORDING_KEY } };
	return start(s, &w->process, "pvl-vault", argv, fds, ARRAY_LEN(fds));
}

static enum err start_vault(struct supervisor *s)
{
	enum err err = start_paired(s, &s->vault, exec_vault);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "vault_started",
		  LOG_INT("starts", s->vault.process.starts), LOG_WORD("result", err_name(err)));
	if (!err)
		tell_vault(s);
	return err;
}

/* --- pvl-notify ----------------------------------------------------------- */

static size_t add_option(const char **argv, size_t n, const char *name, const char *value)
{
	if (!value[0])
		return n;
	argv[n++] = name;
	argv[n++] = value;
	return n;
}

/* Those that are open; returns how many. */
static size_t present(const struct child_fd *all, size_t len, struct child_fd *out)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		if (all[i].from >= 0)
			out[n++] = all[i];
	return n;
}

static void notify_arguments(const struct serve_options *o, const char **argv)
{
	size_t n = 0;
	argv[n++] = "pvl-notify";
	n = add_option(argv, n, "--smtp", o->smtp);
	n = add_option(argv, n, "--from", o->mail_from);
	n = add_option(argv, n, "--user", o->smtp_user);
	if (o->smtp_ca[0])
		argv[n++] = "--smtp-ca";
	if (o->notify_key[0])
		n = add_option(argv, n, "--govuk", o->notify_url);
	n = add_option(argv, n, "--email-template", o->notify_email);
	n = add_option(argv, n, "--sms-template", o->notify_sms);
	n = add_option(argv, n, "--letter-template", o->notify_letter);
	argv[n] = NULL;
}

static enum err exec_notify(struct supervisor *s, struct worker *w, int notify_end)
{
	const char *argv[ARGUMENTS_MAX];
	const struct serve_sockets *k = s->sockets;
	const struct child_fd all[] = {
		{ .from = notify_end, .to = NOTIFY_FD_CONTROL },
		{ .from = k->smtp_password, .to = NOTIFY_FD_SMTP_PASSWORD },
		{ .from = k->govuk_key, .to = NOTIFY_FD_GOVUK_KEY },
		{ .from = k->smtp_ca, .to = NOTIFY_FD_SMTP_CA },
	};
	struct child_fd fds[ARRAY_LEN(all)];
	size_t n = present(all, ARRAY_LEN(all), fds);
	notify_arguments(s->options, argv);
	return start(s, &w->process, "pvl-notify", argv, fds, n);
}

static void tell_notify(struct supervisor *s)
{
	struct supervisor_message m = { .type = SUPERVISOR_NOTIFY };
	if (child_runs(&s->notify.process.child))
		tell_web(s, &m, s->notify.web_end);
}

static enum err start_notify(struct supervisor *s)
{
	enum err err = start_paired(s, &s->notify, exec_notify);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "notify_started",
		  LOG_INT("starts", s->notify.process.starts), LOG_WORD("result", err_name(err)));
	if (!err)
		tell_notify(s);
	return err;
}

/* Where pvl-notify is not installed, messages wait; without pvl-record nothing is recorded. */
static bool is_there(const struct supervisor *s, const char *name)
{
	char path[SERVE_TEXT_MAX + 32];
	(void)snprintf(path, sizeof path, "%s/%s", s->options->programs, name);
	return access(path, X_OK) == 0;
}

/* --- pvl-record ----------------------------------------------------------- */

static void tell_record(struct supervisor *s)
{
	struct supervisor_message m = { .type = SUPERVISOR_RECORD };
	if (child_runs(&s->record.process.child))
		tell_web(s, &m, s->record.web_end);
}

/* Left by a pvl-objects that is not wanted any more. */
static void forget_full(const char *folder)
{
	char path[SERVE_TEXT_MAX + 64];
	(void)snprintf(path, sizeof path, "%s/" OBJECTS_FULL, folder);
	(void)unlink(path);
}

/* Whoever owns the data reads what is in it. */
static bool make_recordings(const struct supervisor *s, char out[SERVE_TEXT_MAX + 32])
{
	struct stat data;
	(void)snprintf(out, SERVE_TEXT_MAX + 32, "%s/recordings", s->options->data);
	if (directory_make(out) != OK || stat(s->options->data, &data) != 0)
		return false;
	if (!s->options->recordings_store[0])
		forget_full(out);
	return geteuid() != 0 || chown(out, data.st_uid, data.st_gid) == 0;
}

static enum err exec_record(struct supervisor *s, struct worker *w, int record_end)
{
	char directory[SERVE_TEXT_MAX + 32];
	const char *const argv[] = { "pvl-record", "--directory", directory, NULL };
	struct child_fd fds[RECORD_FD_MEDIA_END - RECORD_FD_CONTROL];
	size_t n = 0;
	if (!make_recordings(s, directory))
		return ERR_SYS;
	fds[n++] = (struct child_fd){ .from = record_end, .to = RECORD_FD_CONTROL };
	fds[n++] =
	    (struct child_fd){ .from = s->sockets->vault.recording_public, .to = RECORD_FD_KEY };
	for (unsigned i = 0; i < s->options->media_workers; i++)
		n = add_sockets(fds, n, &s->rings[i], 1, RECORD_FD_MEDIA + (int)i);
	return start(s, &w->process, "pvl-record", argv, fds, n);
}

static enum err start_record(struct supervisor *s)
{
	enum err err = start_paired(s, &s->record, exec_record);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "record_started",
		  LOG_INT("starts", s->record.process.starts), LOG_WORD("result", err_name(err)));
	if (!err)
		tell_record(s);
	return err;
}

/* --- pvl-hints ------------------------------------------------------------ */

static void tell_hints(struct supervisor *s)
{
	struct supervisor_message m = { .type = SUPERVISOR_HINTS };
	if (child_runs(&s->hints.process.child))
		tell_web(s, &m, s->hints.web_end);
}

static enum err exec_hints(struct supervisor *s, struct worker *w, int hints_end)
{
	static const char *const argv[] = { "pvl-hints", NULL };
	struct child_fd fds[HINTS_FD_MEDIA_END - HINTS_FD_CONTROL];
	size_t n = 0;
	fds[n++] = (struct child_fd){ .from = hints_end, .to = HINTS_FD_CONTROL };
	for (unsigned i = 0; i < s->options->media_workers; i++)
		n = add_sockets(fds, n, &s->pictures[i][1], 1, HINTS_FD_MEDIA + (int)i);
	return start(s, &w->process, "pvl-hints", argv, fds, n);
}

static enum err start_hints(struct supervisor *s)
{
	enum err err = start_paired(s, &s->hints, exec_hints);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "hints_started",
		  LOG_INT("starts", s->hints.process.starts), LOG_WORD("result", err_name(err)));
	if (!err)
		tell_hints(s);
	return err;
}

/* --- pvl-objects ---------------------------------------------------------- */

static void tell_objects(struct supervisor *s)
{
	struct supervisor_message m = { .type = SUPERVISOR_OBJECTS };
	if (child_runs(&s->objects.process.child))
		tell_web(s, &m, s->objects.web_end);
}

static enum err exec_objects(struct supervisor *s, struct worker *w, int objects_end)
{
	const struct serve_options *o = s->options;
	char directory[SERVE_TEXT_MAX + 32], waiting[24];
	const char *const argv[] = { "pvl-objects",
				     "--directory",
				     directory,
				     "--url",
				     o->recordings_store,
				     "--region",
				     o->recordings_region,
				     "--waiting-mib",
				     waiting,
				     o->recordings_ca[0] ? "--ca" : NULL,
				     NULL };
	const struct child_fd all[] = {
		{ .from = objects_end, .to = OBJECTS_FD_CONTROL },
		{ .from = s->sockets->objects_key, .to = OBJECTS_FD_KEY },
		{ .from = s->sockets->objects_ca, .to = OBJECTS_FD_CA },
	};
	struct child_fd fds[ARRAY_LEN(all)];
	size_t n = present(all, ARRAY_LEN(all), fds);
	(void)snprintf(waiting, sizeof waiting, "%llu",
		       (unsigned long long)o->recordings_waiting_gib << 10);
	if (!make_recordings(s, directory))
		return ERR_SYS;
	return start(s, &w->process, "pvl-objects", argv, fds, n);
}

static enum err start_objects(struct supervisor *s)
{
	enum err err = start_paired(s, &s->objects, exec_objects);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "objects_started",
		  LOG_INT("starts", s->objects.process.starts), LOG_WORD("result", err_name(err)));
	if (!err)
		tell_objects(s);
	return err;
}

/* --- pvl-web -------------------------------------------------------------- */

/* Each with the option before it; the texts are the caller's. */
static size_t add_addresses(const char **argv, size_t n, const char *option,
			    const struct address *list, size_t len,
			    char (*texts)[ADDRESS_TEXT_ROOM])
{
	for (size_t i = 0; i < len; i++) {
		address_to_text(&list[i], texts[i]);
		argv[n++] = option;
		argv[n++] = texts[i];
	}
	return n;
}

static size_t web_arguments(const struct serve_options *o, const char **argv,
			    char (*texts)[ADDRESS_TEXT_ROOM])
{
	size_t n = 0;
	argv[n++] = "pvl-web";
	argv[n++] = "--data";
	argv[n++] = o->data;
	if (o->store[0]) {
		argv[n++] = "--store";
		argv[n++] = o->store;
	}
	n = add_addresses(argv, n, "--media-address", o->addresses, o->addresses_len, texts);
	n = add_addresses(argv, n, "--proxy", o->proxies, o->proxies_len,
			  texts + SERVE_ADDRESSES_MAX);
	for (size_t i = 0; i < o->turns_len; i++)
		n = add_option(argv, n, "--turn", o->turns[i]);
	if (o->tls_port)
		argv[n++] = "--tls";
	if (o->lab)
		argv[n++] = "--lab";
	if (o->mailbox)
		argv[n++] = "--mailbox";
	if (o->webhooks_private)
		argv[n++] = "--webhooks-private";
	n = add_option(argv, n, "--service", o->service);
	n = add_option(argv, n, "--public-url", o->public_url);
	n = add_option(argv, n, "--mail-from", o->mail_from);
	if (o->recordings_store[0])
		argv[n++] = "--recordings-apart";
	argv[n] = NULL;
	return n;
}

static enum err exec_web(struct supervisor *s, int web_end)
{
	const char *argv[ARGUMENTS_MAX];
	char texts[2 * SERVE_ADDRESSES_MAX][ADDRESS_TEXT_ROOM];
	const struct serve_sockets *k = s->sockets;
	const struct child_fd all[] = {
		{ .from = web_end, .to = WEB_FD_SUPERVISOR },
		{ .from = k->http, .to = WEB_FD_HTTP },
		{ .from = k->tls, .to = WEB_FD_TLS },
		{ .from = k->tls_certificate, .to = WEB_FD_TLS_CERTIFICATE },
		{ .from = k->tls_key, .to = WEB_FD_TLS_KEY },
		{ .from = k->turn_secret, .to = WEB_FD_TURN_SECRET },
	};
	struct child_fd fds[ARRAY_LEN(all)];
	size_t n = present(all, ARRAY_LEN(all), fds);
	ASSERT(web_arguments(s->options, argv, texts) < ARGUMENTS_MAX);
	return start(s, &s->web, "pvl-web", argv, fds, n);
}

static void tell_all(struct supervisor *s)
{
	struct supervisor_message started = { .type = SUPERVISOR_STARTED };
	for (unsigned i = 0; i < s->options->media_workers; i++)
		tell_worker(s, &s->workers[i]);
	tell_vault(s);
	tell_notify(s);
	tell_record(s);
	tell_objects(s);
	tell_hints(s);
	tell_web(s, &started, -1);
}

static void drop_channel(struct supervisor *s)
{
	if (s->channel < 0)
		return;
	loop_forget(s->loop, &s->channel_watch);
	close(s->channel);
	s->channel = -1;
}

static enum err start_web(struct supervisor *s)
{
	int ends[2];
	drop_channel(s);
	enum err err = seqpacket_pair(ends);
	if (err)
		return err;
	err = exec_web(s, ends[1]);
	close(ends[1]);
	s->channel = s->channel_watch.fd = ends[0];
	if (!err)
		err = loop_watch(s->loop, &s->channel_watch, LOOP_READ);
	log_event(s->log, err ? LOG_ERROR : LOG_INFO, "web_started",
		  LOG_INT("starts", s->web.starts), LOG_WORD("result", err_name(err)));
	if (!err)
		tell_all(s);
	return err;
}

static void web_is_ready(struct supervisor *s)
{
	if (!s->ready && !s->options->tls_port)
		fprintf(stderr, "pvl: ready at http://localhost:%u\n", s->options->listen.port);
	else if (!s->ready)
		fprintf(stderr, "pvl: ready at https://localhost:%u\n", s->options->tls_port);
	/* Not before the data is whose it will be. */
	if (!s->ready && s->stage == RUNNING && is_there(s, "pvl-record"))
		s->record.process.start_at = mono_now();
	if (!s->ready && s->stage == RUNNING && s->options->recordings_store[0])
		s->objects.process.start_at = mono_now();
	s->ready = true;
}

static void channel_ready(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	struct supervisor_message m;
	uint8_t in[SUPERVISOR_MESSAGE_MAX];
	size_t len;
	(void)what;
	(void)now;
	enum err err = seqpacket_receive(watch->fd, in, sizeof in, &len, NULL);
	if (err == ERR_CLOSED)
		drop_channel(s); /* its pidfd tells the rest */
	if (err)
		return;
	if (supervisor_message_decode(bytes_of(in, len), true, &m) == OK)
		web_is_ready(s);
	else
		log_event(s->log, LOG_WARN, "web_said_nonsense", LOG_INT("bytes", len));
}

/* --- deaths and starts ---------------------------------------------------- */

/* Wrong use never gets better by itself. */
static void give_up(struct supervisor *s, const char *program)
{
	log_event(s->log, LOG_ERROR, "cannot_run", LOG_WORD("program", program));
	s->exit_code = EXIT_FAILED;
	raise(SIGTERM);
}

static void process_ended(struct supervisor *s, struct process *p, const char *program,
			  struct mono now)
{
	int code = 0;
	struct watch *watch = &p->watch;
	loop_forget(s->loop, watch);
	if (!child_ended(&p->child, &code))
		return;
	died(s, p, now);
	log_event(s->log, s->stage == RUNNING ? LOG_WARN : LOG_INFO, "child_ended",
		  LOG_WORD("child", program), LOG_INT("code", code), LOG_INT("deaths", p->deaths));
	if (code == EXIT_USAGE && s->stage == RUNNING)
		give_up(s, program);
}

static void web_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	process_ended(s, &s->web, "pvl-web", now);
}

static void notify_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	process_ended(s, &s->notify.process, "pvl-notify", now);
}

static void worker_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	for (unsigned i = 0; i < s->options->media_workers; i++)
		if (watch == &s->workers[i].process.watch)
			process_ended(s, &s->workers[i].process, "pvl-media", now);
}

static void vault_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	process_ended(s, &s->vault.process, "pvl-vault", now);
}

static void record_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	process_ended(s, &s->record.process, "pvl-record", now);
}

static void hints_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	process_ended(s, &s->hints.process, "pvl-hints", now);
}

static void objects_ended(struct watch *watch, unsigned what, struct mono now)
{
	struct supervisor *s = watch->owner;
	(void)what;
	process_ended(s, &s->objects.process, "pvl-objects", now);
}

static bool is_due(const struct process *p, struct mono now)
{
	return !mono_before(now, p->start_at);
}

static void start_due(struct supervisor *s, struct mono now)
{
	for (unsigned i = 0; i < s->options->media_workers; i++) {
		struct worker *w = &s->workers[i];
		if (is_due(&w->process, now) && start_worker(s, w))
			died(s, &w->process, now);
	}
	if (is_due(&s->vault.process, now) && start_vault(s))
		died(s, &s->vault.process, now);
	if (is_due(&s->web, now) && start_web(s))
		died(s, &s->web, now);
	if (is_due(&s->notify.process, now) && start_notify(s))
		died(s, &s->notify.process, now);
	if (is_due(&s->record.process, now) && start_record(s))
		died(s, &s->record.process, now);
	if (is_due(&s->hints.process, now) && start_hints(s))
		died(s, &s->hints.process, now);
	if (is_due(&s->objects.process, now) && start_objects(s))
		died(s, &s->objects.process, now);
}

/* --- the way out ---------------------------------------------------------- */

static bool others_run(const struct supervisor *s)
{
	if (child_runs(&s->vault.process.child) || child_runs(&s->record.process.child) ||
	    child_runs(&s->objects.process.child) || child_runs(&s->hints.process.child))
		return true;
	for (unsigned i = 0; i < s->options->media_workers; i++)
		if (child_runs(&s->workers[i].process.child))
			return true;
	return false;
}

static void signal_others(struct supervisor *s, int number)
{
	child_signal(&s->vault.process.child, number);
	child_signal(&s->record.process.child, number);
	child_signal(&s->objects.process.child, number);
	child_signal(&s->hints.process.child, number);
	for (unsigned i = 0; i < s->options->media_workers; i++)
		child_signal(&s->workers[i].process.child, number);
}

static void enter_stage(struct supervisor *s, enum stage stage, int64_t patience_ms,
			struct mono now)
{
	s->stage = stage;
	s->kill_at = mono_add_ms(now, patience_ms);
	s->web.start_at = MONO_NEVER;
	s->vault.process.start_at = MONO_NEVER;
	s->notify.process.start_at = MONO_NEVER;
	s->record.process.start_at = MONO_NEVER;
	s->objects.process.start_at = MONO_NEVER;
	s->hints.process.start_at = MONO_NEVER;
	for (unsigned i = 0; i < s->options->media_workers; i++)
		s->workers[i].process.start_at = MONO_NEVER;
}

static void stop_further(struct supervisor *s, struct mono now)
{
	bool late = !mono_before(now, s->kill_at);
	if (s->stage == STOPPING_NOTIFY && late)
		child_signal(&s->notify.process.child, SIGKILL);
	if (s->stage == STOPPING_WEB && late)
		child_signal(&s->web.child, SIGKILL);
	if (s->stage == STOPPING_OTHERS && late)
		signal_others(s, SIGKILL);
	if (late)
		s->kill_at = mono_add_ms(now, STOP_OTHERS_MS);
	if (s->stage == STOPPING_NOTIFY && !child_runs(&s->notify.process.child)) {
		enter_stage(s, STOPPING_WEB, STOP_WEB_MS, now);
		child_signal(&s->web.child, SIGTERM);
	}
	if (s->stage == STOPPING_WEB && !child_runs(&s->web.child)) {
		enter_stage(s, STOPPING_OTHERS, STOP_OTHERS_MS, now);
		signal_others(s, SIGTERM);
	}
	if (s->stage == STOPPING_OTHERS && !others_run(s))
		loop_stop(s->loop);
}

static void got_signal(void *owner, int number, struct mono now)
{
	struct supervisor *s = owner;
	(void)number;
	if (s->stage != RUNNING)
		return;
	log_event(s->log, LOG_INFO, "stopping");
	enter_stage(s, STOPPING_NOTIFY, STOP_NOTIFY_MS, now);
	child_signal(&s->notify.process.child, SIGTERM);
}

/* --- the loop ------------------------------------------------------------- */

static void after_turn(void *owner, struct mono now)
{
	struct supervisor *s = owner;
	if (s->stage == RUNNING)
		start_due(s, now);
	else
		stop_further(s, now);
}

static bool next(void *owner, struct mono *at)
{
	const struct supervisor *s = owner;
	struct mono first = s->stage == RUNNING ? s->web.start_at : s->kill_at;
	first = mono_min(first, s->vault.process.start_at);
	first = mono_min(first, s->notify.process.start_at);
	first = mono_min(first, s->record.process.start_at);
	first = mono_min(first, s->objects.process.start_at);
	first = mono_min(first, s->hints.process.start_at);
	for (unsigned i = 0; i < s->options->media_workers; i++)
		first = mono_min(first, s->workers[i].process.start_at);
	*at = first;
	return first.us != INT64_MAX;
}

static void set_up(struct supervisor *s)
{
	struct mono now = mono_now();
	s->channel = -1;
	s->channel_watch = (struct watch){ .ready = channel_ready, .owner = s };
	s->web = (struct process){ .child = CHILD_NONE, .start_at = now };
	s->web.watch = (struct watch){ .ready = web_ended, .owner = s };
	s->vault = (struct worker){ .web_end = -1 };
	s->vault.process = (struct process){ .child = CHILD_NONE, .start_at = now };
	s->vault.process.watch = (struct watch){ .ready = vault_ended, .owner = s };
	s->notify = (struct worker){ .web_end = -1 };
	s->notify.process =
	    (struct process){ .child = CHILD_NONE,
			      .start_at = is_there(s, "pvl-notify") ? now : MONO_NEVER };
	s->notify.process.watch = (struct watch){ .ready = notify_ended, .owner = s };
	s->record = (struct worker){ .web_end = -1 };
	s->record.process = (struct process){ .child = CHILD_NONE, .start_at = MONO_NEVER };
	s->record.process.watch = (struct watch){ .ready = record_ended, .owner = s };
	s->hints = (struct worker){ .web_end = -1 };
	s->hints.process =
	    (struct process){ .child = CHILD_NONE,
			      .start_at = is_there(s, "pvl-hints") ? now : MONO_NEVER };
	s->hints.process.watch = (struct watch){ .ready = hints_ended, .owner = s };
	s->objects = (struct worker){ .web_end = -1 };
	s->objects.process = (struct process){ .child = CHILD_NONE, .start_at = MONO_NEVER };
	s->objects.process.watch = (struct watch){ .ready = objects_ended, .owner = s };
	for (unsigned i = 0; i < SUPERVISOR_WORKERS_MAX; i++) {
		struct worker *w = &s->workers[i];
		s->rings[i] = -1;
		s->pictures[i][0] = s->pictures[i][1] = -1;
		if (i < s->options->media_workers &&
		    shared_memory_new(sizeof(struct ring), &s->rings[i]) != OK)
			log_event(s->log, LOG_ERROR, "no_way_to_record", LOG_INT("index", i));
		if (i < s->options->media_workers && seqpacket_pair(s->pictures[i]) != OK)
			log_event(s->log, LOG_ERROR, "no_way_to_hints", LOG_INT("index", i));
		*w = (struct worker){ .web_end = -1 };
		w->process = (struct process){ .child = CHILD_NONE, .start_at = now };
		w->process.watch = (struct watch){ .ready = worker_ended, .owner = s };
	}
}

static void clear(struct supervisor *s)
{
	drop_channel(s);
	if (s->vault.web_end >= 0)
		close(s->vault.web_end);
	if (s->notify.web_end >= 0)
		close(s->notify.web_end);
	if (s->record.web_end >= 0)
		close(s->record.web_end);
	if (s->hints.web_end >= 0)
		close(s->hints.web_end);
	if (s->objects.web_end >= 0)
		close(s->objects.web_end);
	for (unsigned i = 0; i < SUPERVISOR_WORKERS_MAX; i++) {
		if (s->workers[i].web_end >= 0)
			close(s->workers[i].web_end);
		if (s->rings[i] >= 0)
			close(s->rings[i]);
		for (size_t k = 0; k < ARRAY_LEN(s->pictures[i]); k++)
			if (s->pictures[i][k] >= 0)
				close(s->pictures[i][k]);
	}
}

int supervisor_run(const struct serve_options *options, const struct serve_sockets *sockets,
		   struct log *log)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	struct supervisor s = { .options = options, .sockets = sockets, .log = log };
	struct loop_hooks hooks = { .owner = &s, .next = next, .after_turn = after_turn };
	struct signal_watch signals = { .got = got_signal, .owner = &s };
	set_up(&s);
	if (loop_open(&hooks, &s.loop))
		return EXIT_FAILED;
	enum err err = signal_watch_open(s.loop, &signals, numbers, ARRAY_LEN(numbers));
	if (!err) {
		err = loop_run(s.loop);
		clear(&s);
		signal_watch_close(s.loop, &signals);
	}
	loop_close(s.loop);
	return err ? EXIT_FAILED : s.exit_code;
}
