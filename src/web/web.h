/*
 * web.h - the parts of pvl-web that live as long as it does, and its turn.
 *
 * A turn is one transaction: what pvl-media reported, what the requests want
 * and what has become due is done inside it, each request in a savepoint; then
 * one commit; then answers, events and control messages leave.  If the commit
 * fails, every answer of the turn becomes a 503 and nothing else leaves.
 */
#ifndef PVL_WEB_WEB_H
#define PVL_WEB_WEB_H

#include "service/service.h"
#include "sys/decoder.h"
#include "sys/hasher.h"
#include "sys/loop.h"
#include "web/exchange.h"
#include "web/export_stream.h"
#include "web/limits.h"
#include "web/nightly.h"
#include "web/relay.h"
#include "web/security.h"
#include "web/template.h"

enum {
	MEDIA_ADDRESSES_MAX = 8,
	WEB_WAITING_MAX = 256, /* exchanges that wait for a hash or for pvl-media */
};

struct assets;
struct http;
struct live;
struct vault_link;
struct post_link;
struct record_link;
struct objects_link;
struct keyring;
struct viewings;

struct web_config {
	bool lab;
	bool mailbox; /* messages that nobody sends stand at /mailbox, for loopback */
	bool webhooks_private;
	const char
	    *public_url; /* where people find the pages, without a last slash; NULL: not known */
	const char *mail_from;  /* NULL: none */
	struct relay relay;     /* none: browsers come straight to pvl-media */
	const char *recordings; /* the folder of their segments; NULL: none */
	bool recordings_apart;  /* an object store has them, too (objects_link.h) */
	const char *version;
	const char *host; /* for absolute addresses in lab answers: "http://127.0.0.1:8080" */
	size_t addresses_len;
	struct address
	    addresses[MEDIA_ADDRESSES_MAX]; /* where pvl-media is reached; port filled in */
};

/* Counters for /metrics. */
struct web_counts {
	uint64_t requests;
	uint64_t by_class[6]; /* by_class[2]: 2xx … */
	uint64_t commits_failed;
	uint64_t turn_us_max;
	uint64_t limited;
};

struct web {
	struct web_config config;
	struct service *service;
	struct log *log;
	struct hasher *hasher;   /* NULL: nobody signs in by a password */
	struct decoder *decoder; /* NULL: no photos are taken */
	struct decoder *paper;   /* pvl-paper; NULL: no documents are made */
	struct templates templates;
	json_t *words[2]; /* by enum language; Welsh may be NULL */
	struct assets *assets;
	struct limits *limits;
	struct live *live;
	struct vault_link *vault;
	struct post_link *post;
	struct record_link *recorder; /* NULL: none */
	struct objects_link *objects; /* NULL: recordings are in their folder alone */
	struct keyring *keys;         /* of recordings that are being looked at */
	struct viewings *viewings;    /* by whom; NULL: nobody may */
	struct exports exports;
	struct http *http;
	uint8_t csrf_key[CSRF_KEY_LEN];
	uint8_t message_key[CSRF_KEY_LEN]; /* of the proofs in links (cancel_link.h) */
	struct exchange *waiting;
	uint64_t jobs; /* numbers of the hasher's jobs */
	struct mono started;
	struct mono now;
	int64_t lab_ahead_s; /* so far the clock of a lab is ahead (lab_clock.h); else 0 */
	bool no_database;    /* this turn has no transaction */
	struct mono
	    commit_failed_at; /* the last failure, unless a write succeeded since; 0: none */
	struct mono commit_failed_told; /* in the log, which does not get one line a turn */
	struct web_counts counts;
	struct nightly nightly;
};

/* Handles one request up to its answer or its waiting; no transaction of its own. */
void web_handle(struct web *web, struct exchange *x);
/* The whole turn, after the libraries have collected what came in. */
void web_turn(struct web *web, struct mono now, struct wall wall);
/* For http.h: the account of a session that may use the route; 0: none.  Outside of a turn. */
int64_t web_uploader(void *web, struct exchange *x);
/* What web_handle() would say to that actor: 0, or the status of the refusal. */
int web_refusal(const struct route *route, const struct actor *actor);
/* All routes. */
const struct route_group *const *web_routes(size_t *len);

#endif
