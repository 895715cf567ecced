/*
 * s3.h - puts, gets and deletes objects by the S3 protocol, a few at once, through libcurl.
 *
 * The caller starts transfers, turns, and takes results; nothing blocks.  Each is
 * bounded in time (no answer, or a connection that crawls, is AWAY) and in what it
 * reads: of an answer that is no object the status counts, however long its words.
 * Requests are signed (AWS Signature Version 4) over the SHA-256 of the
 * body, which is always sent: servers refuse a GET without it.  No redirect is
 * followed and no proxy used, so the key's signature goes to nobody else.
 *
 * An object is called by 16 hexadecimal digits of its segment's id, below the URL.
 */
#ifndef PVL_PROGRAMS_OBJECTS_S3_H
#define PVL_PROGRAMS_OBJECTS_S3_H

#include "base/buf.h"
#include "base/log.h"
#include "ipc/objects.h"

enum {
	S3_TEXT_MAX = 512,
	S3_SECRET_MAX = 256,
	S3_CA_MAX = 256 << 10,
	S3_AT_ONCE = 6, /* each holds a segment in memory */
};

struct s3_config {
	char url[S3_TEXT_MAX]; /* https://HOST/BUCKET[/PREFIX], without a last slash */
	char region[64];
	char key[S3_SECRET_MAX]; /* ID:SECRET */
	struct buf ca;           /* PEM; empty: the system's */
	int64_t patience_ms;     /* with one transfer; 0: two minutes */
};

enum s3_verb {
	S3_NONE,
	S3_PUT,
	S3_GET,
	S3_DELETE,
};

struct s3_result {
	enum s3_verb verb;
	struct segment_id segment;
	enum objects_outcome outcome;
	struct bytes body; /* of a GET that is DONE; until the next s3_start or s3_result */
};

struct s3;

/* The config stays the caller's and must stand.  ERR_LIMIT: libcurl would not start. */
MUST_USE enum err s3_open(const struct s3_config *config, struct log *log, struct s3 **out);
void s3_close(struct s3 *s3); /* what is under way is broken off */

/* How many of these are under way; S3_NONE: of all. */
size_t s3_under_way(const struct s3 *s3, enum s3_verb verb);
bool s3_is_under_way(const struct s3 *s3, struct segment_id segment);
/* Less than S3_AT_ONCE may be under way.  body, for a PUT, is copied. */
void s3_start(struct s3 *s3, enum s3_verb verb, struct segment_id segment, struct bytes body);
/* Works, and waits at most max_ms for one of the sockets or fd to be ready. */
void s3_turn(struct s3 *s3, int fd, int max_ms);
/* The next that has ended; false: none. */
bool s3_result(struct s3 *s3, struct s3_result *out);

#endif
