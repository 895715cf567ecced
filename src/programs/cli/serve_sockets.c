#include "programs/cli/serve_sockets.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "sys/tcp.h"
#include "sys/udp.h"

static enum err complain(enum err err, const char *what, uint16_t port)
{
	const char *why = err == ERR_CONFLICT ? "another program has it; stop that one or choose "
						"another port (see --help)"
			  : err == ERR_DENIED ? "only root may open it"
			  : err == ERR_NOT_FOUND ? "not an address of this machine"
						 : "the system refused";
	if (err)
		fprintf(stderr, "pvl: %s port %u: %s\n", what, port, why);
	return err;
}

/* A machine without IPv6 serves IPv4 alone. */
static enum err open_tcp(struct address at, int *fd)
{
	static const uint8_t any[16];
	enum err err = tcp_listen(&at, fd);
	if (err == ERR_NOT_FOUND &&
	    address_equal(&at, &(struct address){ .family = ADDRESS_IPV6, .port = at.port })) {
		at = address_ipv4(any, at.port);
		err = tcp_listen(&at, fd);
	}
	return complain(err, "TCP", at.port);
}

static enum err open_file(const char *path, int *fd)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		fprintf(stderr, "pvl: cannot read %s\n", path);
	return *fd < 0 ? ERR_NOT_FOUND : OK;
}

static enum err open_file_if(const char *path, int *fd)
{
	return path[0] ? open_file(path, fd) : OK;
}

/* pvl-web reads it (web/relay.h); whoever starts us is told here and now. */
static enum err open_turn_secret(const struct serve_options *o, int *fd)
{
	struct stat file;
	enum err err = open_file_if(o->turn_secret, fd);
	if (err || *fd < 0)
		return err;
	if (fstat(*fd, &file) == 0 && file.st_size >= TURN_SECRET_MIN &&
	    file.st_size <= TURN_SECRET_MAX + 2)
		return OK;
	fprintf(stderr, "pvl: %s: it must hold one line of %d to %d characters\n", o->turn_secret,
		TURN_SECRET_MIN, TURN_SECRET_MAX);
	return ERR_BAD;
}

static enum err open_mail(const struct serve_options *o, struct serve_sockets *s)
{
	enum err err = open_file_if(o->smtp_password, &s->smtp_password);
	if (!err)
		err = open_file_if(o->smtp_ca, &s->smtp_ca);
	return err ? err : open_file_if(o->notify_key, &s->govuk_key);
}

static enum err open_store_files(const struct serve_options *o, struct serve_sockets *s)
{
	enum err err = open_file_if(o->recordings_key, &s->objects_key);
	return err ? err : open_file_if(o->recordings_ca, &s->objects_ca);
}

static enum err open_tls(const struct serve_options *o, struct serve_sockets *s)
{
	struct address at = o->listen;
	if (!o->tls_port)
		return OK;
	at.port = o->tls_port;
	enum err err = open_tcp(at, &s->tls);
	if (!err)
		err = open_file(o->tls_cert, &s->tls_certificate);
	return err ? err : open_file(o->tls_key, &s->tls_key);
}

/* The only media address of a family, if there is exactly one: the cheapest way for answers to
 * leave from it.  Otherwise any, where each datagram tells where it came to (sys/udp.h). */
static struct address place_of(const struct serve_options *o, enum address_family family)
{
	struct address any = { .family = (uint8_t)family }, one = any;
	size_t n = 0;
	for (size_t i = 0; i < o->addresses_len; i++) {
		if (o->addresses[i].family != family)
			continue;
		one = o->addresses[i];
		n++;
	}
	return n == 1 ? one : any;
}

/* Behind address translation the public address is not ours: then any. */
static enum err open_media_socket(struct address at,
				  enum err (*open)(const struct address *, int *), uint16_t port,
				  int *fd)
{
	at.port = port;
	enum err err = open(&at, fd);
	if (err != ERR_NOT_FOUND)
		return err;
	at = (struct address){ .family = at.family, .port = port };
	return open(&at, fd);
}

/* In both families; a machine without IPv6 does with the first. */
static enum err open_media_pair(const struct serve_options *o,
				enum err (*open)(const struct address *, int *), uint16_t port,
				int fds[2])
{
	enum err err = open_media_socket(place_of(o, ADDRESS_IPV4), open, port, &fds[0]);
	if (err)
		return err;
	err = open_media_socket(place_of(o, ADDRESS_IPV6), open, port, &fds[1]);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* The TCP port of that number may be taken by a connection of some other program: visits work
 * without it.  The further one was asked for, so it must be there. */
static enum err open_media(const struct serve_options *o, unsigned index, struct serve_media *out)
{
	uint16_t port = (uint16_t)(o->media_port + index);
	uint16_t further = (uint16_t)(o->media_tcp_port + index);
	out->port = port;
	enum err err = complain(open_media_pair(o, udp_open, port, out->udp), "UDP", port);
	if (err)
		return err;
	if (complain(open_media_pair(o, tcp_listen_media, port, out->tcp), "TCP", port))
		fprintf(stderr, "pvl: media goes by UDP alone on port %u\n", port);
	if (!o->media_tcp_port)
		return OK;
	return complain(open_media_pair(o, tcp_listen_media, further, out->tcp + 2), "TCP",
			further);
}

static enum err open_all(const struct serve_options *o, struct serve_sockets *s)
{
	enum err err = open_tcp(o->listen, &s->http);
	if (!err)
		err = open_tls(o, s);
	if (!err)
		err = open_turn_secret(o, &s->turn_secret);
	if (!err)
		err = open_mail(o, s);
	if (!err)
		err = open_store_files(o, s);
	for (unsigned i = 0; !err && i < o->media_workers; i++)
		err = open_media(o, i, &s->media[i]);
	return err ? err : vault_files_open(o->vault, &s->vault);
}

enum err serve_sockets_open(const struct serve_options *options, struct serve_sockets *out)
{
	struct serve_sockets s = {
		.http = -1,
		.tls = -1,
		.tls_certificate = -1,
		.tls_key = -1,
		.vault = { .key = -1, .memory = -1, .recording = -1, .recording_public = -1 },
		.turn_secret = -1,
		.smtp_password = -1,
		.smtp_ca = -1,
		.govuk_key = -1,
		.objects_key = -1,
		.objects_ca = -1
	};
	for (unsigned i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
		s.media[i] = (struct serve_media){ .udp = { -1, -1 }, .tcp = { -1, -1, -1, -1 } };
	enum err err = open_all(options, &s);
	if (err)
		serve_sockets_close(&s);
	else
		*out = s;
	return err;
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

void serve_sockets_close(struct serve_sockets *s)
{
	close_one(s->http);
	close_one(s->tls);
	close_one(s->tls_certificate);
	close_one(s->tls_key);
	vault_files_close(&s->vault);
	close_one(s->turn_secret);
	close_one(s->smtp_password);
	close_one(s->smtp_ca);
	close_one(s->govuk_key);
	close_one(s->objects_key);
	close_one(s->objects_ca);
	for (unsigned i = 0; i < SUPERVISOR_WORKERS_MAX; i++) {
		for (size_t k = 0; k < ARRAY_LEN(s->media[i].udp); k++)
			close_one(s->media[i].udp[k]);
		for (size_t k = 0; k < ARRAY_LEN(s->media[i].tcp); k++)
			close_one(s->media[i].tcp[k]);
	}
}
