/*
 * decoder.h - photos from outside are decoded elsewhere: each in a process of
 * its own that is gone when it is done, without stopping the loop.
 *
 * A helper process, forked before the sandbox, starts the program once for each
 * photo, DECODER_RUNNING_MAX at a time, kills it after DECODER_TIMEOUT_MS, and
 * touches no byte of any photo itself.  Photos lie in memory that is shared
 * with the program alone (sealed memfds: it cannot make them shorter under us).
 *
 * Jobs are numbered by the caller; results come in any order.  At most
 * DECODER_JOBS_MAX are under way: the next one is ERR_LIMIT.
 *
 * Documents are made in the same way, by pvl-paper: what is called a photo is then the
 * text of one, and what comes back a PDF.
 */
#ifndef PVL_SYS_DECODER_H
#define PVL_SYS_DECODER_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"

enum {
	DECODER_JOBS_MAX = 8,
	DECODER_RUNNING_MAX = 2,
	DECODER_IN_MAX = 10 << 20, /* bytes of a photo as sent */
	DECODER_OUT_MAX = 1 << 20, /* and as it comes back */
	DECODER_TIMEOUT_MS = 5000, /* of one photo */
	DECODER_WAIT_MS = 40000,   /* of a job, its turn included */
};

struct decoder_result {
	uint64_t job;
	enum err err; /* ERR_TIMEOUT: the program was killed, or the helper has gone */
	int code;     /* the program's exit code; 128 + signal */
	struct bytes
	    picture; /* what it wrote; stands until decoder_done(), empty unless code is 0 */
};

struct decoder;

/* program: a path that exists.  Forks: call early, while little is in memory.  ERR_NOT_FOUND: it does not. */
MUST_USE enum err decoder_open(const char *program, struct decoder **out);
void decoder_close(struct decoder *decoder); /* NULL is fine */
/* Readable when results wait. */
int decoder_fd(const struct decoder *decoder);
/* Copies the photo.  ERR_LIMIT: too long, or too many under way; ERR_CLOSED: the helper has gone. */
MUST_USE enum err decoder_submit(struct decoder *decoder, uint64_t job, struct bytes photo,
				 struct mono now);
/* The next result; false: none now. */
bool decoder_next_result(struct decoder *decoder, struct mono now, struct decoder_result *out);
/* The result was used: nothing of the photo stays in memory. */
void decoder_done(struct decoder *decoder, uint64_t job);
/* When to ask for results though the fd is quiet. */
bool decoder_next(const struct decoder *decoder, struct mono *at);

#endif
