/*
 * pvl-notify.c - speaks to the outside for pvl-web: mail servers, GOV.UK Notify,
 * webhooks of other systems.
 *
 * It holds the mail passwords and no database; pvl-web holds the database and
 * never opens a connection to the outside.  Started by pvl, with its control
 * channel and its secrets as descriptors (ipc/supervisor.h).  One loop, libcurl's.
 */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "ipc/supervisor.h"
#include "programs/curl_sandbox.h"
#include "programs/notify/sender.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/log_fd.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"

enum {
	OPEN_FILES_MAX = 256,
	TURN_MS = 1000,
	LAST_WORDS_MS = 2500, /* for what is under way when it is told to stop */
};

struct program {
	struct log log;
	struct sender_config config;
	struct sender *sender;
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
	(void)number;
	stopping = 1;
}

/* ---- options and secrets ---- */

static const struct option names[] = {
	{ "smtp", required_argument, NULL, 's' },
	{ "from", required_argument, NULL, 'f' },
	{ "user", required_argument, NULL, 'u' },
	{ "smtp-ca", no_argument, NULL, 'c' },
	{ "govuk", required_argument, NULL, 'g' },
	{ "email-template", required_argument, NULL, 'e' },
	{ "sms-template", required_argument, NULL, 'm' },
	{ "letter-template", required_argument, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

static bool set_text(char *out, size_t room, const char *value)
{
	int n = snprintf(out, room, "%s", value);
	return n > 0 && (size_t)n < room;
}

static bool read_secret(int fd, struct buf *out)
{
	return file_read_inherited(fd, out) == OK && out->len;
}

static bool read_key(struct govuk_key *out)
{
	char text[SENDER_SECRET_MAX];
	bool fine = file_read_inherited_line(NOTIFY_FD_GOVUK_KEY, text, sizeof text) == OK &&
		    govuk_key_of(str_from(text), out);
	sodium_memzero(text, sizeof text);
	return fine;
}

static bool take_option(struct sender_config *c, int name)
{
	switch (name) {
	case 's':
		return set_text(c->smtp, sizeof c->smtp, optarg);
	case 'f':
		return set_text(c->from, sizeof c->from, optarg);
	case 'u':
		return set_text(c->user, sizeof c->user, optarg) &&
		       file_read_inherited_line(NOTIFY_FD_SMTP_PASSWORD, c->password,
						sizeof c->password) == OK;
	case 'c':
		return read_secret(NOTIFY_FD_SMTP_CA, &c->ca);
	case 'g':
		return set_text(c->govuk, sizeof c->govuk, optarg) && read_key(&c->key);
	case 'e':
		return set_text(c->templates[NOTIFY_EMAIL], GOVUK_ID_LEN + 1, optarg);
	case 'm':
		return set_text(c->templates[NOTIFY_SMS], GOVUK_ID_LEN + 1, optarg);
	case 'l':
		return set_text(c->templates[NOTIFY_LETTER], GOVUK_ID_LEN + 1, optarg);
	default:
		return false;
	}
}

static bool options_read(int argc, char **argv, struct sender_config *c)
{
	int name;
	c->ca = buf_of(SENDER_CA_MAX);
	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(c, name))
			return false;
	return optind == argc && (!c->smtp[0] || c->from[0]);
}

/* ---- the loop ---- */

static bool say(const struct notify_message *m)
{
	uint8_t bytes[SENDER_SECRET_MAX];
	size_t len;
	return notify_message_encode(m, bytes, sizeof bytes, &len) == OK &&
	       seqpacket_send(NOTIFY_FD_CONTROL, bytes_of(bytes, len), -1) == OK;
}

static bool greet(const struct program *p)
{
	struct notify_message hello = { .type = NOTIFY_HELLO, .hello = sender_hello(&p->config) };
	return say(&hello);
}

/* False: the other side has gone. */
static bool hear(struct program *p)
{
	static uint8_t in[NOTIFY_MESSAGE_MAX];
	struct notify_message m;
	size_t len;
	while (sender_has_room(p->sender)) {
		enum err err = seqpacket_receive(NOTIFY_FD_CONTROL, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			return true;
		if (err == ERR_CLOSED || err == ERR_SYS)
			return false;
		if (err != OK || notify_message_decode(bytes_of(in, len), true, &m) != OK)
			log_event(&p->log, LOG_WARN, "nonsense", LOG_INT("bytes", len));
		else if (m.type != NOTIFY_WHO)
			sender_take(p->sender, bytes_of(in, len));
		else if (!greet(p))
			return false;
	}
	return true;
}

/* A result that cannot be told now stays the first to be told. */
static bool report(struct program *p)
{
	uint8_t out[SENDER_TEXT_MAX];
	size_t len;
	while (sender_result(p->sender, out, sizeof out, &len)) {
		enum err err = ERR_AGAIN;
		for (int tries = 0; err == ERR_AGAIN && tries < 100; tries++) {
			err = seqpacket_send(NOTIFY_FD_CONTROL, bytes_of(out, len), -1);
			if (err == ERR_AGAIN)
				sender_turn(p->sender, -1, 50);
		}
		if (err != OK)
			return false;
	}
	return true;
}

static void run(struct program *p)
{
	bool there = greet(p);
	while (there && !stopping) {
		there = hear(p) && report(p);
		if (there)
			sender_turn(p->sender, NOTIFY_FD_CONTROL, TURN_MS);
	}
	struct mono until = mono_add_ms(mono_now(), LAST_WORDS_MS);
	while (there && sender_jobs(p->sender) && mono_before(mono_now(), until)) {
		sender_turn(p->sender, -1, 50);
		there = report(p);
	}
	if (there)
		(void)report(p);
}

/* ---- the sandbox ---- */

static const struct sandbox_call calls[] = { CURL_CALLS };

static enum err enter_sandbox(struct program *p)
{
	struct sandbox_path paths[CURL_PATHS_MAX];
	struct sandbox_report said;
	struct sandbox_plan plan = {
		.open_files_max = OPEN_FILES_MAX,
		.calls = calls,
		.calls_len = ARRAY_LEN(calls),
		.paths = paths,
		.paths_len = curl_paths(paths),
	};
	return sandbox_enter(&plan, &p->log, &said);
}

int main(int argc, char **argv)
{
	static struct program p;
	p.log = log_fd("pvl-notify", LOG_INFO, STDERR_FILENO);
	if (sodium_init() < 0)
		return 1;
	if (!options_read(argc, argv, &p.config)) {
		fprintf(stderr, "usage: pvl-notify [--smtp URL --from ADDRESS [--user NAME] "
				"[--smtp-ca]] [--govuk URL [--email-template ID] "
				"[--sms-template ID] [--letter-template ID]]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	enum err err = sender_open(&p.config, &p.log, &p.sender);
	if (err == OK)
		err = enter_sandbox(&p);
	if (err == OK)
		run(&p);
	else
		log_event(&p.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	sender_close(p.sender);
	buf_clear(&p.config.ca);
	sodium_memzero(&p.config, sizeof p.config);
	return err == OK ? 0 : 1;
}
