/*
 * serve_options.h - what pvl serve was told, by its command line and its file.
 *
 * The file is INI, its names are the long options without dashes; what stands
 * on the command line wins.
 */
#ifndef PVL_PROGRAMS_CLI_SERVE_OPTIONS_H
#define PVL_PROGRAMS_CLI_SERVE_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/address.h"
#include "base/err.h"

enum {
	SERVE_ADDRESSES_MAX = 8,
	SERVE_TEXT_MAX = 512,
	SERVE_TURNS_MAX = 4,
};

struct serve_options {
	struct address listen; /* of pages; its port is --port */
	uint16_t tls_port;     /* 0: no TLS of our own */
	char tls_cert[SERVE_TEXT_MAX];
	char tls_key[SERVE_TEXT_MAX];
	char data[SERVE_TEXT_MAX];
	char store[SERVE_TEXT_MAX];    /* "": a database in data */
	char service[SERVE_TEXT_MAX];  /* name among several on one database; "": the machine's */
	char vault[SERVE_TEXT_MAX];    /* "": beside data, its name with .vault */
	char programs[SERVE_TEXT_MAX]; /* directory of pvl-web and pvl-media; "": beside pvl */
	size_t addresses_len;
	struct address addresses[SERVE_ADDRESSES_MAX]; /* told to browsers; none: those we have */
	uint16_t media_port;
	uint16_t media_tcp_port; /* a further one for media over TCP; 0: none */
	unsigned media_workers;  /* 0: one per core */
	size_t proxies_len;
	struct address proxies[SERVE_ADDRESSES_MAX]; /* ours, before the pages (web/proxies.h) */
	/* A TURN server for browsers that reach us by nothing but TLS (web/relay.h). */
	size_t turns_len;
	char turns[SERVE_TURNS_MAX][SERVE_TEXT_MAX];
	char turn_secret[SERVE_TEXT_MAX]; /* a file */
	/* How people are told; what is empty is not there. */
	char public_url[SERVE_TEXT_MAX]; /* for links in messages: https://visits.example */
	char smtp[SERVE_TEXT_MAX];       /* URL of a mail server */
	char mail_from[SERVE_TEXT_MAX];
	char smtp_user[SERVE_TEXT_MAX];
	char smtp_password[SERVE_TEXT_MAX]; /* a file, like the next two */
	char smtp_ca[SERVE_TEXT_MAX];
	char notify_key[SERVE_TEXT_MAX];
	char notify_url[SERVE_TEXT_MAX];
	char notify_email[SERVE_TEXT_MAX]; /* ids of templates */
	char notify_sms[SERVE_TEXT_MAX];
	char notify_letter[SERVE_TEXT_MAX];
	/* Where recordings are kept beside the folder; "": in it alone (ipc/objects.h). */
	char recordings_store[SERVE_TEXT_MAX]; /* https://HOST/BUCKET[/PREFIX] */
	char recordings_region[SERVE_TEXT_MAX];
	char recordings_key[SERVE_TEXT_MAX]; /* a file, like the next */
	char recordings_ca[SERVE_TEXT_MAX];
	unsigned recordings_waiting_gib; /* as much may wait in the folder */
	bool mailbox;                    /* messages stand on a page of this machine */
	bool webhooks_private;
	bool lab;
	bool help;
};

/* Tells on stderr what is wrong; ERR_BAD then. */
MUST_USE enum err serve_options_read(int argc, char **argv, struct serve_options *out);
void serve_options_usage(FILE *to);

#endif
