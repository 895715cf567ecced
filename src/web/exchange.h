/*
 * exchange.h - one request and its answer, from the first byte to the last.
 *
 * http.c makes it, web.c walks it through its states, http.c frees it when the
 * connection has done with it.  While it is READY or WAITING its connection is
 * suspended; the answer of a turn leaves after the turn's commit.
 */
#ifndef PVL_WEB_EXCHANGE_H
#define PVL_WEB_EXCHANGE_H

#include "web/page.h"

enum exchange_state {
	EXCHANGE_READING,  /* the body is coming in */
	EXCHANGE_READY,    /* to be handled in this turn */
	EXCHANGE_WAITING,  /* page_later: for a hash or for pvl-media */
	EXCHANGE_HANDLED,  /* answered in this turn, not committed yet */
	EXCHANGE_ANSWERED, /* the answer may leave */
};

enum exchange_wait {
	WAIT_HASH,
	WAIT_MEDIA,
	WAIT_PICTURE,
	WAIT_PAPER,
	WAIT_VAULT,  /* for the key of a segment; the job is its id */
	WAIT_OBJECT, /* for a segment from the object store, likewise */
};

struct exchange {
	enum exchange_state state;
	struct exchange *next; /* of whatever list it stands in */
	struct arena arena;
	struct request request;
	struct response response;
	struct page page;
	struct route_match match;
	bool head;          /* HEAD: the body is left out */
	bool body_too_long; /* answered 413 */
	int64_t uploader;   /* the account whose long body this is; 0: none */
	bool
	    upload_refused; /* too many at once, or nobody who may: the body was dropped, answered 503 */
	bool ambiguous; /* two hosts or two lengths: answered 400, and the connection ends */
	struct buf body;
	/* while WAITING */
	enum exchange_wait wait;
	uint64_t job; /* of the hasher, or the peer's id */
	struct mono deadline;
	page_handler *then;
	int64_t viewing; /* of a recording, of which this answer is a part (http_cut()); 0: none */
	/* http.c's own */
	void *connection;
	void *server;
};

/* The answer comes in a later turn: then(page) runs when the job is done; after ms without it, 503. */
void page_later(struct page *page, enum exchange_wait wait, uint64_t job, int64_t ms,
		page_handler *then, void *state);

#endif
