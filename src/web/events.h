/*
 * events.h - event streams (Server-Sent Events): rings that many may read.
 *
 * A ring keeps the last EVENTS_KEPT events, each with an id "<ring>-<number>".
 * A reader that comes back with the last id it saw goes on from there; one that
 * was away for longer, or falls that far behind, starts again with a snapshot,
 * which the ring's owner writes.  After 15 s of silence a comment goes out.
 *
 * A bundle is one stream of the events of several rings: over HTTP/1.1 a browser
 * has six connections to a server for all of its tabs, and a watch desk shows more
 * visits than that.
 */
#ifndef PVL_WEB_EVENTS_H
#define PVL_WEB_EVENTS_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/account.h"
#include "service/account.h"

enum {
	EVENTS_KEPT = 64,
	EVENTS_READERS_MAX = 32, /* of one visit */
	EVENT_BYTES_MAX = 16 << 10,
	EVENTS_SILENCE_MS = 15000,
	EVENTS_RETRY_MS = 1000, /* a browser left alone waits 3 or 5 s */
	EVENTS_BUNDLE_MAX = 32, /* rings of one stream */
	EVENTS_LABEL_ROOM = 16,
};

struct event_ring {
	uint64_t instance; /* random: ids of an earlier life are not ours */
	uint64_t next;     /* number of the next event, from 1 */
	char *kept[EVENTS_KEPT];
	struct event_reader *readers;
	size_t readers_len;
	size_t readers_max;
	bool ended;  /* readers end after the last event */
	void *owner; /* of snapshot() */
	/* Appends what stands behind "event: ", "snapshot\ndata: …\n" (no id, no empty line), for that
	 * reader. */
	void (*snapshot)(struct event_ring *ring, const struct event_reader *reader,
			 struct buf *out);
};

struct event_reader {
	struct event_ring *ring; /* NULL: the ring is gone, the stream ends */
	struct event_reader *next;
	uint64_t at; /* number of the next event to send; 0: a snapshot first */
	struct buf pending;
	size_t sent;
	struct mono last;
	struct account_id account; /* owner's: who of staff reads, as what, and by which session */
	struct staff_role role;
	struct session_mark session;
	/* http.c's: called when there is something to send */
	void (*wake)(struct event_reader *reader);
	void *connection;
	/* of a bundle */
	struct event_reader *parts; /* by next_part */
	struct event_reader *now;   /* whose event is being sent, or was the last */
	/* of a part */
	struct event_reader *bundle;
	struct event_reader *next_part;
	char label[EVENTS_LABEL_ROOM];
	bool over; /* and that was told */
};

void event_ring_init(struct event_ring *ring, uint64_t instance, size_t readers_max);
/* Its readers end, after what was published. */
void event_ring_clear(struct event_ring *ring);
/* name is a word of the source; data is JSON. */
void event_publish(struct event_ring *ring, const char *name, const char *data);

/* NULL: too many read already.  last_id: as the client sent it, may be empty. */
struct event_reader *event_reader_new(struct event_ring *ring, struct str last_id);
void event_reader_free(struct event_reader *reader);
/* Each event is named "<label>/<name>"; where a part ends, "<label>/over" comes last.  Ids mean nothing there:
 * who comes back begins with snapshots.  It ends when all have. */
struct event_reader *event_bundle_new(void);
/* The bundle owns part from now on; NULL: one that is over from the beginning.  label is shorter than
 * EVENTS_LABEL_ROOM. */
void event_bundle_add(struct event_reader *bundle, struct event_reader *part, struct str label);
/* Whoever reads may no longer: the stream ends, after what was published and a last event that only
 * they get; last is a word of the source. */
void event_reader_end(struct event_reader *reader, const char *last);
/* Copies what is due, at most cap bytes; 0: nothing now; -1: the stream is over. */
long event_reader_fill(struct event_reader *reader, char *at, size_t cap);
/* Wakes readers that have been silent for long. */
void event_ring_tick(struct event_ring *ring, struct mono now);

#endif
