/*
 * err.h - the few ways in which something can fail, with fixed meanings.
 *
 * A function that can fail returns enum err and leaves its out-parameters
 * untouched on failure.  A "no" of a rule is not an error: rules return their
 * own enum (see domain/).
 */
#ifndef PVL_BASE_ERR_H
#define PVL_BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

enum err {
	OK = 0,
	ERR_SHORT,     /* input ends too early */
	ERR_BAD,       /* input breaks its format */
	ERR_LIMIT,     /* a stated maximum is reached */
	ERR_NOT_FOUND, /* no such thing, or none that this caller may know of */
	ERR_CONFLICT,  /* somebody else has it, or it changed meanwhile */
	ERR_DENIED,    /* known, and not allowed */
	ERR_TIMEOUT,
	ERR_CLOSED, /* the other side has gone */
	ERR_AGAIN,  /* nothing now; ask later */
	ERR_SYS,    /* the kernel refused; errno was logged where it happened */
	ERR_DB,     /* the database refused; logged where it happened */
	ERR_CRYPTO, /* authentication failed, or a key is unusable */
};

/* A short lower-case word for logs, never NULL. */
const char *err_name(enum err err);

#endif
