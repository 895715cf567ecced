#include "programs/cli/serve_options.h"

#include <ini.h>
#include <regex.h>
#include <string.h>

#include "base/assert.h"
#include "base/service_name.h"
#include "base/str.h"
#include "ipc/supervisor.h"

struct option {
	const char *name;
	const char *value; /* what stands after it in the help; NULL: nothing */
	bool (*set)(struct serve_options *o, const char *value);
	const char *sentence;
};

static bool set_text(char *out, const char *value)
{
	int n = snprintf(out, SERVE_TEXT_MAX, "%s", value);
	return n > 0 && n < SERVE_TEXT_MAX;
}

static bool set_port(uint16_t *out, const char *value)
{
	uint64_t v;
	if (!str_u64(str_from(value), 65535, &v) || v == 0)
		return false;
	*out = (uint16_t)v;
	return true;
}

static bool set_listen(struct serve_options *o, const char *value)
{
	return address_from_text(str_from(value), o->listen.port, &o->listen);
}

static bool set_http_port(struct serve_options *o, const char *value)
{
	return set_port(&o->listen.port, value);
}

static bool set_tls_port(struct serve_options *o, const char *value)
{
	return set_port(&o->tls_port, value);
}

static bool set_tls_cert(struct serve_options *o, const char *value)
{
	return set_text(o->tls_cert, value);
}

static bool set_tls_key(struct serve_options *o, const char *value)
{
	return set_text(o->tls_key, value);
}

static bool set_data(struct serve_options *o, const char *value)
{
	return set_text(o->data, value);
}

static bool set_store(struct serve_options *o, const char *value)
{
	return set_text(o->store, value);
}

static bool set_service(struct serve_options *o, const char *value)
{
	struct service_name name;
	return service_name_of(str_from(value), &name) && set_text(o->service, value);
}

static bool set_vault(struct serve_options *o, const char *value)
{
	return set_text(o->vault, value);
}

static bool set_programs(struct serve_options *o, const char *value)
{
	return set_text(o->programs, value);
}

static bool is_web_url(const char *value)
{
	struct str v = str_from(value);
	return (str_starts(v, "https://") || str_starts(v, "http://")) && !str_has_control(v);
}

/* A browser that does not understand one makes no connection at all: RFC 7065, and nothing else. */
static bool is_turn_url(const char *value)
{
	static const char form[] =
	    "^turns?:([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:([0-9]+))?(\\?transport=(tcp|udp))?$";
	regex_t regex;
	regmatch_t part[4];
	uint64_t port = 0;
	ASSERT(regcomp(&regex, form, REG_EXTENDED) == 0);
	bool fits = regexec(&regex, value, ARRAY_LEN(part), part, 0) == 0;
	regfree(&regex);
	if (!fits || part[3].rm_so < 0)
		return fits;
	struct str digits = str_of(value + part[3].rm_so, (size_t)(part[3].rm_eo - part[3].rm_so));
	return str_u64(digits, 65535, &port) && port != 0;
}

static bool add_turn(struct serve_options *o, const char *value)
{
	if (o->turns_len == SERVE_TURNS_MAX || !is_turn_url(value) ||
	    !set_text(o->turns[o->turns_len], value))
		return false;
	o->turns_len++;
	return true;
}

static bool set_turn_secret(struct serve_options *o, const char *value)
{
	return set_text(o->turn_secret, value);
}

static bool set_public_url(struct serve_options *o, const char *value)
{
	size_t len = strlen(value);
	return is_web_url(value) && value[len - 1] != '/' && set_text(o->public_url, value);
}

static bool set_smtp(struct serve_options *o, const char *value)
{
	struct str v = str_from(value);
	return (str_starts(v, "smtp://") || str_starts(v, "smtps://")) && set_text(o->smtp, value);
}

static bool set_mail_from(struct serve_options *o, const char *value)
{
	return strchr(value, '@') && !strpbrk(value, "<> \r\n") && set_text(o->mail_from, value);
}

static bool set_smtp_user(struct serve_options *o, const char *value)
{
	return set_text(o->smtp_user, value);
}

static bool set_smtp_password(struct serve_options *o, const char *value)
{
	return set_text(o->smtp_password, value);
}

static bool set_smtp_ca(struct serve_options *o, const char *value)
{
	return set_text(o->smtp_ca, value);
}

static bool set_notify_key(struct serve_options *o, const char *value)
{
	return set_text(o->notify_key, value);
}

static bool set_notify_url(struct serve_options *o, const char *value)
{
	return is_web_url(value) && set_text(o->notify_url, value);
}

static bool set_notify_email(struct serve_options *o, const char *value)
{
	return strlen(value) == 36 && set_text(o->notify_email, value);
}

static bool set_notify_sms(struct serve_options *o, const char *value)
{
	return strlen(value) == 36 && set_text(o->notify_sms, value);
}

static bool set_notify_letter(struct serve_options *o, const char *value)
{
	return strlen(value) == 36 && set_text(o->notify_letter, value);
}

/* What leaves this machine is encrypted on its way, sealed as it is. */
static bool set_recordings_store(struct serve_options *o, const char *value)
{
	static const char form[] =
	    "^(https://[A-Za-z0-9.-]+|http://(127\\.0\\.0\\.1|localhost)|https?://\\[::1\\])"
	    "(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)+$";
	regex_t regex;
	ASSERT(regcomp(&regex, form, REG_EXTENDED | REG_NOSUB) == 0);
	bool fits = regexec(&regex, value, 0, NULL, 0) == 0;
	regfree(&regex);
	return fits && set_text(o->recordings_store, value);
}

static bool set_recordings_region(struct serve_options *o, const char *value)
{
	bool fits = strlen(value) < 64 &&
		    strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(value);
	return fits && set_text(o->recordings_region, value);
}

static bool set_recordings_key(struct serve_options *o, const char *value)
{
	return set_text(o->recordings_key, value);
}

static bool set_recordings_ca(struct serve_options *o, const char *value)
{
	return set_text(o->recordings_ca, value);
}

static bool set_recordings_waiting(struct serve_options *o, const char *value)
{
	uint64_t gib;
	if (!str_u64(str_from(value), 10000, &gib) || gib == 0)
		return false;
	o->recordings_waiting_gib = (unsigned)gib;
	return true;
}

static bool add_address(struct serve_options *o, const char *value)
{
	if (o->addresses_len == SERVE_ADDRESSES_MAX ||
	    !address_from_text(str_from(value), 0, &o->addresses[o->addresses_len]))
		return false;
	o->addresses_len++;
	return true;
}

static bool add_proxy(struct serve_options *o, const char *value)
{
	if (o->proxies_len == SERVE_ADDRESSES_MAX ||
	    !address_from_text(str_from(value), 0, &o->proxies[o->proxies_len]))
		return false;
	o->proxies_len++;
	return true;
}

static bool set_media_port(struct serve_options *o, const char *value)
{
	return set_port(&o->media_port, value) &&
	       o->media_port <= 65535 - (SUPERVISOR_WORKERS_MAX - 1);
}

static bool set_media_tcp_port(struct serve_options *o, const char *value)
{
	return set_port(&o->media_tcp_port, value) &&
	       o->media_tcp_port <= 65535 - (SUPERVISOR_WORKERS_MAX - 1);
}

static bool set_media_workers(struct serve_options *o, const char *value)
{
	uint64_t v;
	if (!str_u64(str_from(value), SUPERVISOR_WORKERS_MAX, &v) || v == 0)
		return false;
	o->media_workers = (unsigned)v;
	return true;
}

/* In a file a flag has a value: yes or no. */
static bool set_flag(bool *out, const char *value)
{
	struct str v = str_from(value);
	*out = str_is(v, "yes");
	return *out || str_is(v, "no");
}

static bool set_lab(struct serve_options *o, const char *value)
{
	return set_flag(&o->lab, value);
}

static bool set_mailbox(struct serve_options *o, const char *value)
{
	return set_flag(&o->mailbox, value);
}

static bool set_webhooks_private(struct serve_options *o, const char *value)
{
	return set_flag(&o->webhooks_private, value);
}

static bool set_help(struct serve_options *o, const char *value)
{
	o->help = str_is(str_from(value), "yes");
	return o->help;
}

static bool read_file(struct serve_options *o, const char *path);

static const struct option options[] = {
	{ "config", "FILE", read_file, "read options from an INI file first" },
	{ "listen", "IP", set_listen, "where pages are served (default: every address)" },
	{ "port", "PORT", set_http_port, "of HTTP (default 8080)" },
	{ "tls-port", "PORT", set_tls_port, "of HTTPS; wants --tls-cert and --tls-key" },
	{ "tls-cert", "FILE", set_tls_cert, "certificate chain, PEM" },
	{ "tls-key", "FILE", set_tls_key, "its private key, PEM" },
	{ "data", "DIR", set_data, "where everything is kept (default ./data)" },
	{ "store", "URL", set_store, "another database than the one in the data directory" },
	{ "service", "NAME", set_service,
	  "of this service, where several share a database: a-z, 0-9, - (default: the machine's)" },
	{ "vault", "DIR", set_vault,
	  "where the key of the audit log is kept (default: beside the data, with .vault)" },
	{ "media-address", "IP", add_address, "address browsers send media to; may be repeated" },
	{ "media-port", "PORT", set_media_port,
	  "first UDP and TCP port, one per worker (default 40000)" },
	{ "media-tcp-port", "PORT", set_media_tcp_port,
	  "a further TCP port for media, such as 443; counted up like --media-port" },
	{ "media-workers", "N", set_media_workers, "media processes, 1 to 8 (default: cores)" },
	{ "turn", "URL", add_turn,
	  "relay (coturn) for networks without UDP: turns:turn.visits.example:443?transport=tcp; "
	  "may be repeated; wants --turn-secret" },
	{ "turn-secret", "FILE", set_turn_secret, "holds its static-auth-secret alone" },
	{ "public-url", "URL", set_public_url,
	  "where people find the pages, for links in messages: https://visits.example" },
	{ "proxy", "IP", add_proxy,
	  "a proxy of yours before the pages: who asks is whom it names (X-Forwarded-For); may be "
	  "repeated" },
	{ "smtp", "URL", set_smtp,
	  "mail server: smtps://HOST:465, or smtp://HOST:587 (STARTTLS); wants --mail-from" },
	{ "mail-from", "ADDRESS", set_mail_from, "whom e-mails come from" },
	{ "smtp-user", "NAME", set_smtp_user, "to sign in there; wants --smtp-password" },
	{ "smtp-password", "FILE", set_smtp_password, "holds the password alone" },
	{ "smtp-ca", "FILE", set_smtp_ca, "PEM of whom to trust there, not the system's" },
	{ "notify-key", "FILE", set_notify_key, "holds the API key of GOV.UK Notify" },
	{ "notify-url", "URL", set_notify_url, "another address of its API" },
	{ "notify-email", "ID", set_notify_email, "template of e-mails there (without --smtp)" },
	{ "notify-sms", "ID", set_notify_sms, "template of text messages there" },
	{ "notify-letter", "ID", set_notify_letter, "template of letters there" },
	{ "recordings-store", "URL", set_recordings_store,
	  "object store (S3) for recordings: https://HOST/BUCKET; wants --recordings-key" },
	{ "recordings-region", "NAME", set_recordings_region, "of it (default us-east-1)" },
	{ "recordings-key", "FILE", set_recordings_key, "holds ID:SECRET of its access key alone" },
	{ "recordings-ca", "FILE", set_recordings_ca,
	  "PEM of whom to trust there, not the system's" },
	{ "recordings-waiting", "GIB", set_recordings_waiting,
	  "so much may wait for it in the data folder (default 20)" },
	{ "mailbox", NULL, set_mailbox,
	  "show messages at /mailbox, to this machine alone, instead; never in a prison" },
	{ "webhooks-private", NULL, set_webhooks_private,
	  "webhooks may lead to addresses of private networks" },
	{ "programs", "DIR", set_programs,
	  "where pvl-web and pvl-media are (default: beside pvl)" },
	{ "lab", NULL, set_lab, "sample data, and pages that try things out; never in a prison" },
	{ "help", NULL, set_help, "this text" },
};

static const struct option *option_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (str_is(name, options[i].name))
			return &options[i];
	return NULL;
}

/* inih wants 1 for success. */
static int file_row(void *user, const char *section, const char *name, const char *value)
{
	const struct option *option = option_find(str_from(name));
	(void)section;
	return option && option->set != read_file && option->set(user, value);
}

static bool read_file(struct serve_options *o, const char *path)
{
	int line = ini_parse(path, file_row, o);
	if (line < 0)
		fprintf(stderr, "pvl: cannot read %s\n", path);
	else if (line > 0)
		fprintf(stderr, "pvl: %s: line %d is not understood\n", path, line);
	return line == 0;
}

/* Takes one option and its value off the front; false: not understood. */
static bool take(struct serve_options *o, int *argc, char ***argv, bool files)
{
	const char *word = **argv;
	const struct option *option =
	    str_starts(str_from(word), "--") ? option_find(str_from(word + 2)) : NULL;
	bool has_value = option && option->value;
	if (!option) {
		fprintf(stderr, "pvl: %s: there is no such option; --help lists them\n", word);
		return false;
	}
	if (has_value && *argc < 2) {
		fprintf(stderr, "pvl: %s: %s must follow it: %s\n", word, option->value,
			option->sentence);
		return false;
	}
	const char *value = has_value ? (*argv)[1] : "yes";
	*argc -= has_value ? 2 : 1;
	*argv += has_value ? 2 : 1;
	if ((option->set == read_file) != files)
		return true;
	if (option->set(o, value))
		return true;
	fprintf(stderr, "pvl: --%s %s: cannot be used; %s: %s\n", option->name, value,
		option->value ? option->value : "yes or no", option->sentence);
	return false;
}

static bool take_all(struct serve_options *o, int argc, char **argv, bool files)
{
	while (argc > 0)
		if (!take(o, &argc, &argv, files))
			return false;
	return true;
}

static bool mail_makes_sense(const struct serve_options *o)
{
	bool templates = o->notify_email[0] || o->notify_sms[0] || o->notify_letter[0];
	const char *wrong = NULL;
	if (o->smtp[0] && !o->mail_from[0])
		wrong = "--smtp wants --mail-from";
	else if (!o->smtp_user[0] != !o->smtp_password[0])
		wrong = "--smtp-user and --smtp-password want each other";
	else if (templates != (o->notify_key[0] != 0))
		wrong = "--notify-key wants at least one of --notify-email, --notify-sms and "
			"--notify-letter, and they want it";
	if (wrong)
		fprintf(stderr, "pvl: %s\n", wrong);
	return !wrong;
}

enum err serve_options_read(int argc, char **argv, struct serve_options *out)
{
	struct serve_options o = { .listen = { .family = ADDRESS_IPV6, .port = 8080 },
				   .data = "data",
				   .media_port = 40000,
				   .recordings_region = "us-east-1",
				   .recordings_waiting_gib = 20,
				   .notify_url = "https://api.notifications.service.gov.uk" };
	if (!take_all(&o, argc, argv, true) || !take_all(&o, argc, argv, false))
		return ERR_BAD;
	if (o.tls_port && (!o.tls_cert[0] || !o.tls_key[0])) {
		fprintf(stderr, "pvl: --tls-port wants --tls-cert and --tls-key\n");
		return ERR_BAD;
	}
	if ((o.turns_len > 0) != (o.turn_secret[0] != 0)) {
		fprintf(stderr, "pvl: --turn and --turn-secret want each other\n");
		return ERR_BAD;
	}
	if (!o.recordings_store[0] != !o.recordings_key[0]) {
		fprintf(stderr, "pvl: --recordings-store and --recordings-key want each other\n");
		return ERR_BAD;
	}
	if (!mail_makes_sense(&o))
		return ERR_BAD;
	*out = o;
	return OK;
}

void serve_options_usage(FILE *to)
{
	fprintf(to, "usage: pvl serve [OPTIONS]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		fprintf(to, "  --%-19s%-8s%s\n", options[i].name,
			options[i].value ? options[i].value : "", options[i].sentence);
}
