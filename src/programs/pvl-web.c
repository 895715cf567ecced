/*
 * pvl-web.c - everything that people see, decide and store: one process, one loop.
 *
 * Under pvl it inherits its descriptors (ipc/supervisor.h); alone, for tests and
 * development, it opens its own port with --port.  After the sandbox it opens
 * nothing but the database's files.
 */
#include <ctype.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "service/reference.h"
#include "store/secret.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/log_fd.h"
#include "sys/sandbox.h"
#include "sys/tcp.h"
#include "web/assets.h"
#include "web/hints_link.h"
#include "web/http.h"
#include "web/keyring.h"
#include "web/live.h"
#include "web/objects_link.h"
#include "web/post_link.h"
#include "web/record_link.h"
#include "web/relay.h"
#include "web/vault_link.h"
#include "web/viewings.h"
#include "web/web.h"
#include "web/words.h"

enum {
	OPEN_FILES_MAX = 8192,
	INHERITED_MAX = 64 << 10, /* bytes of a file: certificates, keys, a secret */
	HASHERS = 2,
	NOBODY = 65534,
	NOTE_EXPORT_MS =
	    20, /* after it was sent it is written down; also how soon that is tried again */
	AGAIN_MS = 100, /* after a turn that could not be kept, when nobody asks for anything */
};

struct options {
	const char *data;
	const char *store;   /* NULL: sqlite in data */
	const char *service; /* our name among several; NULL: the machine's */
	const char *assets;
	uint16_t port; /* 0: inherited */
	bool tls;      /* inherited */
	bool lab;
	bool mailbox;
	bool webhooks_private;
	bool recordings_apart;
	struct relay relay;     /* its secret is read later */
	const char *public_url; /* NULL: not known */
	const char *mail_from;  /* NULL: none */
	struct proxies proxies;
	size_t addresses_len;
	struct address addresses[MEDIA_ADDRESSES_MAX];
};

struct program {
	struct options options;
	struct log log;
	struct random random;
	struct loop *loop;
	struct store *store;
	struct service service;
	struct web web;
	struct assets *assets;
	struct media_link *link;
	struct vault_link *vault;
	struct record_link *recorder;
	struct hints_link *hints;
	struct objects_link *objects; /* NULL: recordings are in their folder alone */
	struct neighbours *neighbours;
	struct homes *homes;        /* NULL: no other service may be there */
	struct watch announcements; /* the database's connection; fd -1: none */
	unsigned connection;        /* of which announcements is the descriptor */
	struct signal_watch signals;
	struct watch hashes;
	struct watch pictures;
	struct watch papers;
	uint8_t picture_key[PICTURE_KEY_LEN];
	struct buf certificate;
	struct buf key;
};

/* ---- options ---- */

static const struct option names[] = {
	{ "data", required_argument, NULL, 'd' },
	{ "store", required_argument, NULL, 's' },
	{ "service", required_argument, NULL, 'n' },
	{ "assets", required_argument, NULL, 'a' },
	{ "media-address", required_argument, NULL, 'm' },
	{ "port", required_argument, NULL, 'p' },
	{ "tls", no_argument, NULL, 't' },
	{ "lab", no_argument, NULL, 'l' },
	{ "mailbox", no_argument, NULL, 'b' },
	{ "webhooks-private", no_argument, NULL, 'w' },
	{ "recordings-apart", no_argument, NULL, 'o' },
	{ "turn", required_argument, NULL, 'r' },
	{ "public-url", required_argument, NULL, 'u' },
	{ "mail-from", required_argument, NULL, 'f' },
	{ "proxy", required_argument, NULL, 'x' },
	{ NULL, 0, NULL, 0 },
};

static bool add_address(struct options *o, const char *text)
{
	if (o->addresses_len == MEDIA_ADDRESSES_MAX)
		return false;
	return address_from_text(str_from(text), 0, &o->addresses[o->addresses_len++]);
}

static bool add_turn(struct options *o, const char *url)
{
	if (o->relay.urls_len == RELAY_URLS_MAX)
		return false;
	o->relay.urls[o->relay.urls_len++] = url;
	return true;
}

static bool set_port(struct options *o, const char *text)
{
	uint64_t port;
	if (!str_u64(str_from(text), 65535, &port))
		return false;
	o->port = (uint16_t)port;
	return true;
}

static bool take_option(struct options *o, int name)
{
	switch (name) {
	case 'd':
		o->data = optarg;
		return true;
	case 's':
		o->store = optarg;
		return true;
	case 'n':
		o->service = optarg;
		return true;
	case 'a':
		o->assets = optarg;
		return true;
	case 'm':
		return add_address(o, optarg);
	case 'p':
		return set_port(o, optarg);
	case 't':
		o->tls = true;
		return true;
	case 'l':
		o->lab = o->mailbox = true;
		return true;
	case 'b':
		o->mailbox = true;
		return true;
	case 'w':
		o->webhooks_private = true;
		return true;
	case 'o':
		o->recordings_apart = true;
		return true;
	case 'r':
		return add_turn(o, optarg);
	case 'u':
		o->public_url = optarg;
		return true;
	case 'f':
		o->mail_from = optarg;
		return true;
	case 'x':
		return proxies_add(&o->proxies, str_from(optarg));
	default:
		return false;
	}
}

static bool options_read(int argc, char **argv, struct options *o)
{
	int name;
	*o = (struct options){ 0 };
	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(o, name))
			return false;
	if (o->addresses_len == 0)
		o->addresses[o->addresses_len++] =
		    address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, 0);
	return o->data != NULL && optind == argc;
}

/* ---- the loop ---- */

static bool on_next(void *owner, struct mono *at)
{
	struct program *p = owner;
	struct mono now = mono_now(), other;
	*at = live_next(p->web.live);
	*at = mono_min(*at, vault_link_next(p->vault, &p->service));
	*at = mono_min(*at, post_link_next(p->web.post));
	*at = mono_min(*at, record_link_next(p->recorder));
	if (p->web.exports.sent_len > 0)
		*at = mono_min(*at, mono_add_ms(now, NOTE_EXPORT_MS));
	if (http_wakes(p->web.http, now, &other))
		*at = mono_min(*at, other);
	if (hasher_next(p->web.hasher, &other))
		*at = mono_min(*at, other);
	if (p->web.decoder != NULL && decoder_next(p->web.decoder, &other))
		*at = mono_min(*at, other);
	if (p->web.paper != NULL && decoder_next(p->web.paper, &other))
		*at = mono_min(*at, other);
	/* Without a database, or a disk with room, what is due stays due. */
	if (p->web.commit_failed_at.us == p->web.now.us)
		*at = mono_max(*at, mono_add_ms(now, AGAIN_MS));
	return true;
}

/* web_turn() hears what came. */
static void on_announcement(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

/* A lost connection is made again by a turn, with another descriptor. */
static void watch_database(struct program *p)
{
	int fd = store_fd(p->store);
	if (fd == p->announcements.fd && store_connection(p->store) == p->connection)
		return;
	if (p->announcements.fd >= 0)
		loop_forget(p->loop, &p->announcements);
	p->connection = store_connection(p->store);
	p->announcements = (struct watch){ .fd = fd, .ready = on_announcement, .owner = p };
	if (fd >= 0 && loop_watch(p->loop, &p->announcements, LOOP_READ) != OK)
		p->announcements.fd = -1;
}

static void after_turn(void *owner, struct mono now)
{
	struct program *p = owner;
	web_turn(&p->web, now, wall_now());
	http_flush(p->web.http, now);
	watch_database(p);
}

/* web_turn() reads the results. */
static void on_hash(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

/* The same.  Without its helper no photo is taken any more: pvl starts us anew, with one. */
static void on_picture(struct watch *watch, unsigned what, struct mono now)
{
	struct program *p = watch->owner;
	(void)now;
	if ((what & LOOP_HANGUP) == 0)
		return;
	log_event(&p->log, LOG_ERROR, "decoder_gone");
	loop_stop(p->loop);
}

static void on_signal(void *owner, int number, struct mono now)
{
	struct program *p = owner;
	(void)now;
	log_event(&p->log, LOG_INFO, "stop", LOG_INT("signal", number));
	loop_stop(p->loop);
}

/* ---- opening, while we still have the right to ---- */

/* Started as root, the sandbox makes us nobody: the data folder must be theirs, or stay its owner's.
 * Where nobody can get to it (below /root), it stays root's, and so do we, without capabilities. */
static void hand_over(const char *folder)
{
	static const char *const files[] = { "", "/pvl.db", "/pvl.db-wal", "/pvl.db-shm",
					     "/picture.key" };
	struct stat data;
	char path[4096];
	if (geteuid() != 0 || stat(folder, &data) != 0)
		return;
	uid_t uid = data.st_uid != 0 ? data.st_uid : NOBODY;
	if (!sandbox_user_may(uid, uid == NOBODY ? NOBODY : data.st_gid, folder, F_OK))
		uid = 0;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%.4000s%s", folder, files[i]);
		(void)!chown(path, uid, uid == NOBODY ? NOBODY : data.st_gid);
	}
}

/* Made at the first start.  It is in no backup of the database: without it the photos in one stay shut. */
static enum err open_picture_key(struct program *p)
{
	char path[4096];
	struct buf kept = buf_of(PICTURE_KEY_LEN + 1);
	snprintf(path, sizeof(path), "%.4000s/picture.key", p->options.data);
	random_fill(&p->random, p->picture_key, PICTURE_KEY_LEN);
	enum err err = file_create(path, bytes_of(p->picture_key, PICTURE_KEY_LEN), 0600);
	if (err == ERR_CONFLICT) {
		err = file_read(path, &kept);
		if (err == OK && kept.len != PICTURE_KEY_LEN)
			err = ERR_BAD;
		if (err == OK)
			memcpy(p->picture_key, kept.at, PICTURE_KEY_LEN);
	}
	buf_clear(&kept);
	return err;
}

static enum err open_store(struct program *p)
{
	char where[4096];
	const char *given = p->options.store;
	snprintf(where, sizeof(where), "sqlite:%s/pvl.db", p->options.data);
	enum err err = directory_make(p->options.data);
	if (err == OK)
		err = store_open(given != NULL ? given : where, &p->log, &p->store);
	if (err == OK)
		err = open_picture_key(p);
	hand_over(p->options.data);
	return err;
}

/* Beside us, where the build puts it; without it, out stays NULL. */
static enum err open_decoder(struct program *p, const char *name, struct decoder **out)
{
	static char program[4096];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 16);
	if (len <= 0)
		return ERR_SYS;
	program[len] = '\0';
	snprintf(strrchr(program, '/'), 16, "/%s", name);
	enum err err = decoder_open(program, out);
	if (err == ERR_NOT_FOUND)
		log_event(&p->log, LOG_WARN, "no_picture_program");
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Beside the program, where the build puts them, unless told otherwise. */
static enum err open_assets(struct program *p)
{
	char beside[4096], other[4096];
	ssize_t len = readlink("/proc/self/exe", beside, sizeof(beside) - 1);
	if (p->options.assets != NULL)
		return assets_load(p->options.assets, &p->assets);
	if (len <= 0)
		return ERR_SYS;
	beside[len] = '\0';
	char *name = strrchr(beside, '/');
	*name = '\0';
	snprintf(other, sizeof(other), "%.3800s/../../assets", beside);
	enum err err = assets_load(other, &p->assets);
	if (err == OK)
		return OK;
	snprintf(other, sizeof(other), "%.3800s/../share/pvl/assets", beside);
	return assets_load(other, &p->assets);
}

static enum err open_listener(struct program *p, int *fd)
{
	struct address at = address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, p->options.port);
	*fd = WEB_FD_HTTP;
	return p->options.port == 0 ? OK : tcp_listen(&at, fd);
}

static enum err read_inherited(int fd, struct buf *out)
{
	*out = buf_of(INHERITED_MAX);
	enum err err = file_read_inherited(fd, out);
	return err == OK && out->len == 0 ? ERR_BAD : err;
}

static enum err open_tls(struct program *p, struct http_listener *tls)
{
	*tls = (struct http_listener){ .fd = -1 };
	if (!p->options.tls)
		return OK;
	enum err err = read_inherited(WEB_FD_TLS_CERTIFICATE, &p->certificate);
	if (err == OK)
		err = read_inherited(WEB_FD_TLS_KEY, &p->key);
	*tls = (struct http_listener){ .fd = WEB_FD_TLS,
				       .cert = buf_cstr(&p->certificate),
				       .key = buf_cstr(&p->key) };
	return err;
}

static enum err open_relay(struct program *p)
{
	struct buf text;
	struct relay *relay = &p->options.relay;
	if (relay->urls_len == 0)
		return OK;
	enum err err = read_inherited(WEB_FD_TURN_SECRET, &text);
	if (err == OK && !relay_set_secret(relay, buf_view(&text)))
		err = ERR_BAD;
	buf_clear(&text);
	if (err != OK)
		log_event(&p->log, LOG_ERROR, "turn_secret", LOG_WORD("result", err_name(err)));
	return err;
}

static enum err open_http(struct program *p)
{
	struct http_config config = { .log = &p->log, .proxies = p->options.proxies };
	config.routes = web_routes(&config.routes_len);
	config.uploader = web_uploader;
	config.owner = &p->web;
	enum err err = open_listener(p, &config.plain.fd);
	if (err == OK)
		err = open_tls(p, &config.tls);
	if (err == OK)
		err = http_open(&config, p->loop, &p->web.http);
	return err;
}

static enum err watch_decoder(struct program *p, struct decoder *decoder, struct watch *watch)
{
	if (decoder == NULL)
		return OK;
	*watch = (struct watch){ .fd = decoder_fd(decoder), .ready = on_picture, .owner = p };
	return loop_watch(p->loop, watch, LOOP_READ);
}

static enum err open_loop(struct program *p)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	struct loop_hooks hooks = { .owner = p, .next = on_next, .after_turn = after_turn };
	p->signals.got = on_signal;
	p->signals.owner = p;
	enum err err = loop_open(&hooks, &p->loop);
	if (err == OK)
		err = signal_watch_open(p->loop, &p->signals, numbers, ARRAY_LEN(numbers));
	p->hashes = (struct watch){ .fd = hasher_fd(p->web.hasher), .ready = on_hash, .owner = p };
	if (err == OK)
		err = loop_watch(p->loop, &p->hashes, LOOP_READ);
	if (err == OK)
		err = watch_decoder(p, p->web.decoder, &p->pictures);
	return err == OK ? watch_decoder(p, p->web.paper, &p->papers) : err;
}

/* What a restriction does hangs on its code: lists that differ are told at each start. */
static void tell_drift(struct program *p)
{
	struct reference_drift drift = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = reference_drift_find(&p->service, &arena, &drift);
	arena_clear(&arena);
	if (err == OK && (drift.unknown > 0 || drift.missing > 0))
		log_event(&p->log, LOG_WARN, "restriction_codes_differ",
			  LOG_INT("unknown", drift.unknown), LOG_INT("missing", drift.missing));
}

static void wire_web(struct program *p)
{
	static char recordings[4200];
	struct web *web = &p->web;
	snprintf(recordings, sizeof(recordings), "%.4000s/recordings", p->options.data);
	p->service = (struct service){ .store = p->store,
				       .now = wall_now(),
				       .random = &p->random,
				       .log = &p->log,
				       .picture_key = p->picture_key };
	web->config = (struct web_config){ .lab = p->options.lab,
					   .mailbox = p->options.mailbox,
					   .webhooks_private = p->options.webhooks_private,
					   .relay = p->options.relay,
					   .public_url = p->options.public_url,
					   .mail_from = p->options.mail_from,
					   .recordings = recordings,
					   .recordings_apart = p->options.recordings_apart,
					   .version = "0.1.0",
					   .addresses_len = p->options.addresses_len };
	memcpy(web->config.addresses, p->options.addresses, sizeof(web->config.addresses));
	web->service = &p->service;
	web->log = &p->log;
	web->templates = templates_compiled();
	web->words[LANGUAGE_EN] = words_load("en");
	web->words[LANGUAGE_CY] = words_load("cy");
	web->assets = p->assets;
	web->limits = limits_new(&p->random);
	web->live = live_new(&p->service, p->link, p->neighbours, &p->log);
	web->vault = p->vault;
	web->recorder = p->recorder;
	web->objects = p->objects;
	web->keys = keyring_new();
	web->viewings = viewings_new();
	live_set_recorder(web->live, p->recorder);
	live_set_hints(web->live, p->hints);
	live_set_homes(web->live, p->homes);
	web->post = post_link_new(p->loop, p->options.port != 0, &p->log);
	web->started = mono_now();
}

/* The machine's name up to the first dot. */
static struct str machine_name(char room[SERVICE_NAME_MAX + 1])
{
	char name[256] = "";
	size_t len = 0;
	if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0')
		return STR("pvl");
	for (; name[len] != '\0' && name[len] != '.' && len < SERVICE_NAME_MAX; len++) {
		unsigned char c = (unsigned char)name[len];
		room[len] = isascii(c) && isalnum(c) ? (char)tolower(c) : '-';
	}
	return str_of(room, len);
}

static enum err open_homes(struct program *p)
{
	char room[SERVICE_NAME_MAX + 1];
	struct service_name name;
	if (store_fd(p->store) < 0)
		return OK;
	struct str text =
	    p->options.service != NULL ? str_from(p->options.service) : machine_name(room);
	if (!service_name_of(text, &name)) {
		log_event(&p->log, LOG_ERROR, "service_name");
		return ERR_BAD;
	}
	return homes_open(p->store, &p->random, &name, &p->log, &p->homes);
}

/* Order: forks first, then what needs the disk, then sockets. */
static enum err open_all(struct program *p)
{
	bool alone = p->options.port != 0;
	enum err err = hasher_open(HASHERS, &p->web.hasher);
	if (err == OK)
		err = open_decoder(p, "pvl-picture", &p->web.decoder);
	if (err == OK)
		err = open_decoder(p, "pvl-paper", &p->web.paper);
	if (err == OK)
		err = open_store(p);
	if (err == OK)
		err = open_assets(p);
	if (err == ERR_NOT_FOUND)
		log_event(&p->log, LOG_WARN, "no_assets");
	if (err == OK || err == ERR_NOT_FOUND)
		err = open_loop(p);
	if (err == OK)
		err = media_link_open(p->loop, alone ? -1 : WEB_FD_SUPERVISOR, &p->log, &p->link);
	if (err == OK) {
		p->vault = vault_link_new(p->loop, &p->log);
		media_link_set_vault(p->link, p->vault);
		p->recorder = record_link_new(p->loop, &p->log);
		media_link_set_recorder(p->link, p->recorder);
		if (p->options.recordings_apart)
			p->objects = objects_link_new(p->loop, &p->log);
		media_link_set_objects(p->link, p->objects);
		p->hints = hints_link_new(p->loop);
		media_link_set_hints(p->link, p->hints);
	}
	if (err == OK)
		err = neighbours_open(p->store, &p->log, &p->neighbours);
	if (err == OK)
		err = open_homes(p);
	if (err == OK)
		err = store_secret_share(p->store, &p->random, "csrf", p->web.csrf_key);
	if (err == OK)
		err = store_secret_share(p->store, &p->random, "message", p->web.message_key);
	if (err != OK)
		return err;
	err = open_relay(p);
	if (err != OK)
		return err;
	wire_web(p);
	tell_drift(p);
	p->announcements.fd = -1;
	watch_database(p);
	return open_http(p);
}

/* ---- the sandbox ---- */

static const struct sandbox_call calls[] = {
	{ SYS_read, "connections, signals" },
	{ SYS_write, "log lines, wake-ups" },
	{ SYS_close, "connections" },
	{ SYS_fstat, "SQLite" },
	{ SYS_stat, "SQLite" },
	{ SYS_lstat, "SQLite" },
	{ SYS_newfstatat, "SQLite" },
	{ SYS_statx, "SQLite" },
	{ SYS_openat, "SQLite's files; Landlock bounds them" },
	{ SYS_open, "likewise" },
	{ SYS_access, "SQLite" },
	{ SYS_faccessat, "SQLite" },
	{ SYS_faccessat2, "SQLite" },
	{ SYS_getcwd, "SQLite's full paths" },
	{ SYS_readlink, "SQLite's full paths" },
	{ SYS_readlinkat, "SQLite's full paths" },
	{ SYS_fcntl, "SQLite's locks; sockets" },
	{ SYS_lseek, "SQLite" },
	{ SYS_pread64, "SQLite" },
	{ SYS_pwrite64, "SQLite" },
	{ SYS_fsync, "SQLite: what was acknowledged stands" },
	{ SYS_fdatasync, "likewise" },
	{ SYS_ftruncate, "SQLite's log" },
	{ SYS_unlink, "SQLite's journal" },
	{ SYS_fchmod, "SQLite" },
	{ SYS_geteuid, "SQLite" },
	{ SYS_mmap, "memory, SQLite's shared index" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_epoll_wait, "wait (libmicrohttpd)" },
	{ SYS_epoll_pwait, "wait" },
	{ SYS_epoll_pwait2, "wait" },
	{ SYS_epoll_ctl, "connections" },
	{ SYS_accept4, "connections" },
	{ SYS_recvfrom, "requests" },
	{ SYS_sendto, "answers" },
	{ SYS_recvmsg, "pvl-media, pvl; a descriptor may come along" },
	{ SYS_sendmsg, "pvl-media, answers" },
	{ SYS_setsockopt, "connections" },
	{ SYS_getsockopt, "connections" },
	{ SYS_getsockname, "connections" },
	{ SYS_getpeername, "connections" },
	{ SYS_shutdown, "slow connections" },
	{ SYS_sendfile, "answers" },
	{ SYS_writev, "answers" },
	{ SYS_poll, "GnuTLS" },
	{ SYS_clock_gettime, "time, where there is no vdso" },
	{ SYS_getrandom, "tokens, TLS" },
	{ SYS_getpid, "SQLite, GnuTLS" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_rt_sigprocmask, "abort() of a failed ASSERT" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_tgkill, "abort()" },
	{ SYS_gettid, "abort()" },
	{ SYS_restart_syscall, "after a stop" },
	{ SYS_exit_group, "the end" },
	{ SYS_socket, "PostgreSQL, when its connection was lost" },
	{ SYS_connect, "likewise" },
};
enum {
	POSTGRES_CALLS = 2, /* the last ones */
};
_Static_assert(ARRAY_LEN(calls) - POSTGRES_CALLS <= 60, "no more than what SQLite and HTTP need");

static enum err enter_sandbox(struct program *p)
{
	struct sandbox_report report;
	struct stat data;
	struct sandbox_path paths[] = { { .path = p->options.data, .write = true } };
	if (stat(p->options.data, &data) != 0)
		return ERR_SYS;
	bool connects = store_fd(p->store) >= 0;
	struct sandbox_plan plan = {
		.uid = data.st_uid,
		.gid = data.st_gid,
		.keep_user = data.st_uid == 0,
		.open_files_max = OPEN_FILES_MAX,
		.calls = calls,
		.calls_len = ARRAY_LEN(calls) - (connects ? 0 : POSTGRES_CALLS),
		.paths = paths,
		.paths_len = ARRAY_LEN(paths),
	};
	return sandbox_enter(&plan, &p->log, &report);
}

/* ---- the end ---- */

static void close_all(struct program *p)
{
	http_close(p->web.http);
	live_free(p->web.live);
	post_link_free(p->web.post);
	neighbours_close(p->neighbours);
	homes_close(p->homes);
	media_link_close(p->link);
	vault_link_free(p->vault);
	record_link_free(p->recorder);
	objects_link_free(p->objects);
	hints_link_free(p->hints);
	viewings_free(p->web.viewings);
	keyring_free(p->web.keys);
	limits_free(p->web.limits);
	assets_free(p->assets);
	json_decref(p->web.words[LANGUAGE_EN]);
	json_decref(p->web.words[LANGUAGE_CY]);
	if (p->loop != NULL) {
		loop_forget(p->loop, &p->hashes);
		if (p->web.decoder != NULL)
			loop_forget(p->loop, &p->pictures);
		if (p->web.paper != NULL)
			loop_forget(p->loop, &p->papers);
		signal_watch_close(p->loop, &p->signals);
		loop_close(p->loop);
	}
	hasher_close(p->web.hasher);
	decoder_close(p->web.decoder);
	decoder_close(p->web.paper);
	store_close(p->store);
	buf_clear(&p->certificate);
	buf_clear(&p->key);
}

static enum err run(struct program *p)
{
	enum err err = open_all(p);
	if (err == OK)
		err = enter_sandbox(p);
	if (err != OK)
		return err;
	media_link_ready(p->link);
	log_event(&p->log, LOG_INFO, "ready");
	return loop_run(p->loop);
}

int main(int argc, char **argv)
{
	static struct program p;
	p.log = log_fd("pvl-web", LOG_INFO, STDERR_FILENO);
	if (!options_read(argc, argv, &p.options)) {
		fprintf(stderr,
			"usage: pvl-web --data DIR [--store WHERE] [--service NAME] [--assets DIR] "
			"[--port N] "
			"[--tls] [--lab] [--mailbox] [--webhooks-private] [--recordings-apart] "
			"[--public-url URL] "
			"[--mail-from ADDRESS] [--proxy IP]... [--turn URL]... [--media-address "
			"IP]...\n");
		return 2;
	}
	if (sodium_init() < 0)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	umask(077);
	p.random = entropy_random();
	enum err err = run(&p);
	if (err != OK)
		log_event(&p.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	close_all(&p);
	return err == OK ? 0 : 1;
}
