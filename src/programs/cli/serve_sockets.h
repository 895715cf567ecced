/*
 * serve_sockets.h - everything pvl serve opens for its children, once.
 *
 * The supervisor keeps these descriptors for as long as it runs: a child that
 * is started again gets the same ports.
 */
#ifndef PVL_PROGRAMS_CLI_SERVE_SOCKETS_H
#define PVL_PROGRAMS_CLI_SERVE_SOCKETS_H

#include "base/err.h"
#include "ipc/supervisor.h"
#include "programs/cli/serve_options.h"
#include "programs/cli/vault_files.h"

struct serve_media {
	uint16_t port;
	int udp[2];                               /* IPv4, IPv6; -1: none, here and below */
	int tcp[MEDIA_FD_TCP_END - MEDIA_FD_TCP]; /* in that order */
};

struct serve_sockets {
	int http;
	int tls; /* -1 without --tls-port, like the next two */
	int tls_certificate;
	int tls_key;
	struct vault_files vault;
	int turn_secret;   /* a file that pvl-web reads; -1: none */
	int smtp_password; /* files that pvl-notify reads; -1: none */
	int smtp_ca;
	int govuk_key;
	int objects_key; /* files that pvl-objects reads; -1: none */
	int objects_ca;
	struct serve_media media[SUPERVISOR_WORKERS_MAX];
};

/* Tells on stderr what could not be opened. */
MUST_USE enum err serve_sockets_open(const struct serve_options *options,
				     struct serve_sockets *out);
void serve_sockets_close(struct serve_sockets *sockets);

#endif
