/*
 * hasher.h - password hashing (argon2id) without stopping the loop.
 *
 * A few worker processes, forked before the sandbox, do nothing else: they
 * hold no files and may make no system call beyond memory and their socket.
 * Memory: HASHER_MEMORY per worker while it works.
 *
 * Jobs are numbered by the caller; results come in any order.  At most
 * HASHER_JOBS_MAX are under way: the next one is ERR_LIMIT, and the page says
 * that the service is busy.  A job whose worker died comes back ERR_TIMEOUT.
 */
#ifndef PVL_SYS_HASHER_H
#define PVL_SYS_HASHER_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

enum {
	HASHER_JOBS_MAX = 32,
	HASHER_PASSWORD_MAX = 512, /* bytes */
	HASHER_HASH_ROOM = 128,    /* crypto_pwhash_STRBYTES */
	HASHER_MEMORY = 64 << 20,
	HASHER_PASSES = 1,
	HASHER_TIMEOUT_MS = 15000,
	HASHER_WORKERS_MAX = 8,
};

struct hasher_result {
	uint64_t job;
	enum err err; /* ERR_TIMEOUT, or ERR_LIMIT when the memory was not to be had */
	bool matches; /* of hasher_check() */
	char hash[HASHER_HASH_ROOM]; /* of hasher_make(): "$argon2id$…" */
};

struct hasher;

/* Forks the workers: call early, while little is in memory. */
MUST_USE enum err hasher_open(unsigned workers, struct hasher **out);
void hasher_close(struct hasher *hasher);
/* Readable when results wait. */
int hasher_fd(const struct hasher *hasher);
/* The copy handed to the worker is wiped; the caller wipes its own. */
MUST_USE enum err hasher_make(struct hasher *hasher, uint64_t job, struct bytes password,
			      struct mono now);
/* hash as hasher_make() gave it. */
MUST_USE enum err hasher_check(struct hasher *hasher, uint64_t job, struct bytes password,
			       struct str hash, struct mono now);
/* The next result; false: none now. */
bool hasher_next_result(struct hasher *hasher, struct mono now, struct hasher_result *out);
/* When to ask for results though the fd is quiet. */
bool hasher_next(const struct hasher *hasher, struct mono *at);

#endif
