/*
 * export_stream.h - one side of a recording as one plain WebM file, made while it is sent.
 *
 * Nothing of it ever stands on the disk in the clear.  All of its files are open
 * from its beginning: what goes to an object store meanwhile is not missing.  When its last byte has
 * gone to the connection, what it was (bytes, SHA-256) waits in web.exports for
 * the next turn, which writes it down.
 */
#ifndef PVL_WEB_EXPORT_STREAM_H
#define PVL_WEB_EXPORT_STREAM_H

#include "domain/playback.h"
#include "ipc/vault.h"
#include "web/response.h"

struct web;

enum {
	EXPORTS_AT_ONCE = 4, /* each holds some segments in memory */
	EXPORTS_SENT_MAX = 32,
};

/* Those that are being sent, and what is to be written down of those that were. */
struct exports {
	size_t open;
	size_t sent_len;
	struct recording_export_file sent[EXPORTS_SENT_MAX];
};

/* A segment of that side, and its key. */
struct export_piece {
	struct segment_row segment;
	bool has_key;
	bool lost; /* its file is nowhere, which is counted */
	uint8_t key[VAULT_KEY_LEN];
};

/* pieces: by time, copied; began_ms: of the recording.  ERR_LIMIT: too many at once; ERR_AGAIN: one that
 * is not lost is not here; ERR_NOT_FOUND: none of them can be read. */
MUST_USE enum err export_stream_new(struct web *web, const struct recording_export_file *file,
				    int64_t began_ms, const struct export_piece *pieces,
				    size_t count, struct body_stream **out);

/* In a turn's transaction: writes down what was sent; how many. */
size_t exports_note(struct web *web);
/* These were committed. */
void exports_noted(struct web *web, size_t count);

#endif
