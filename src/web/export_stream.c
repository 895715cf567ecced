#include "web/export_stream.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "recording/webm.h"
#include "service/playback.h"
#include "web/segment_file.h"
#include "web/web.h"

enum {
	PENDING_MAX = 16 << 20,
};

/* Where one track stands: the piece that is being read, and the cluster that comes next. */
struct cursor {
	enum codec codec;
	size_t next; /* piece to look at */
	struct buf plain;
	struct webm_piece piece;
	int64_t base_ms; /* of the piece, since the beginning of the recording */
	bool there;      /* at_ms and blocks are the next cluster */
	int64_t at_ms;
	struct bytes blocks;
};

struct export_stream {
	struct body_stream body; /* first: the two are one */
	struct web *web;
	struct recording_export_file file;
	int64_t began_ms;
	size_t count;
	struct export_piece *pieces;
	int *files; /* by piece; -1: none, or it was read */
	size_t tracks_len;
	struct cursor tracks[WEBM_TRACKS_MAX];
	int64_t last_ms;
	struct buf pending;
	size_t sent; /* of it */
	crypto_hash_sha256_state hash;
	bool over;
};

/* ---- pieces ---- */

static enum codec codec_of(const struct export_piece *piece)
{
	return codec_from_name(str_from(piece->segment.codec));
}

/* The next piece of that track that can be read; one that cannot is counted. */
static bool open_next(struct export_stream *s, struct cursor *c)
{
	while (c->next < s->count) {
		size_t at = c->next++;
		const struct export_piece *piece = &s->pieces[at];
		if (codec_of(piece) != c->codec)
			continue;
		buf_reset(&c->plain);
		int fd = s->files[at];
		s->files[at] = -1;
		if (segment_file_read(fd, &piece->segment, piece->key, &c->plain) == OK &&
		    webm_piece_open(buf_bytes(&c->plain), &c->piece) == OK) {
			c->base_ms = piece->segment.at_ms - s->began_ms;
			return true;
		}
		s->file.missing++;
	}
	return false;
}

static void advance(struct export_stream *s, struct cursor *c)
{
	int64_t within;
	c->there = false;
	while (!c->there) {
		if (c->plain.len > 0 && webm_piece_next(&c->piece, &within, &c->blocks)) {
			c->at_ms = c->base_ms + within;
			c->there = true;
		} else if (!open_next(s, c))
			return;
	}
}

static void add_track(struct export_stream *s, enum codec codec)
{
	for (size_t i = 0; i < s->tracks_len; i++)
		if (s->tracks[i].codec == codec)
			return;
	if (s->tracks_len == WEBM_TRACKS_MAX || codec == CODEC_NONE)
		return;
	struct cursor *c = &s->tracks[s->tracks_len++];
	*c = (struct cursor){ .codec = codec, .plain = buf_of(SEGMENT_FILE_MAX) };
}

/* ---- the file ---- */

static void put_head(struct export_stream *s)
{
	struct webm_track tracks[WEBM_TRACKS_MAX];
	for (size_t i = 0; i < s->tracks_len; i++)
		tracks[i] = s->tracks[i].piece.track;
	webm_join_begin(tracks, s->tracks_len, &s->pending);
}

/* The earliest cluster of all tracks; false: there is none. */
static bool put_cluster(struct export_stream *s)
{
	struct cursor *first = NULL;
	size_t track = 0;
	for (size_t i = 0; i < s->tracks_len; i++) {
		struct cursor *c = &s->tracks[i];
		if (!c->there || (first != NULL && c->at_ms >= first->at_ms))
			continue;
		first = c;
		track = i;
	}
	if (first == NULL)
		return false;
	if (first->at_ms > s->last_ms)
		s->last_ms = first->at_ms;
	webm_join_cluster(track, s->last_ms, first->blocks, &s->pending);
	advance(s, first);
	return true;
}

static void finish(struct export_stream *s)
{
	struct exports *exports = &s->web->exports;
	s->over = true;
	(void)crypto_hash_sha256_final(&s->hash, s->file.hash);
	s->file.sent_at = s->web->service->now;
	if (exports->sent_len < EXPORTS_SENT_MAX)
		exports->sent[exports->sent_len++] = s->file;
	else
		log_event(s->web->log, LOG_ERROR, "export_not_noted");
}

static long fill(struct body_stream *body, char *at, size_t cap)
{
	struct export_stream *s = (struct export_stream *)body;
	if (s->sent == s->pending.len) {
		buf_reset(&s->pending);
		s->sent = 0;
		if (s->over || !put_cluster(s)) {
			if (!s->over)
				finish(s);
			return 0;
		}
	}
	if (!buf_ok(&s->pending))
		return -1;
	size_t len = s->pending.len - s->sent < cap ? s->pending.len - s->sent : cap;
	memcpy(at, s->pending.at + s->sent, len);
	(void)crypto_hash_sha256_update(&s->hash, (const unsigned char *)at, len);
	s->sent += len;
	s->file.bytes += (int64_t)len;
	return (long)len;
}

static void free_stream(struct body_stream *body)
{
	struct export_stream *s = (struct export_stream *)body;
	for (size_t i = 0; i < s->tracks_len; i++)
		buf_clear(&s->tracks[i].plain);
	buf_clear(&s->pending);
	for (size_t i = 0; i < s->count; i++)
		if (s->files[i] >= 0)
			close(s->files[i]);
	free(s->files);
	mem_wipe(s->pieces, s->count * sizeof *s->pieces);
	free(s->pieces);
	s->web->exports.open--;
	free(s);
}

/* False: one that is not lost is not here. */
static bool open_files(struct export_stream *s)
{
	bool all = true;
	for (size_t i = 0; i < s->count; i++) {
		const struct export_piece *piece = &s->pieces[i];
		s->files[i] = -1;
		if (piece->lost || !piece->has_key)
			continue;
		s->files[i] = segment_file_open(s->web->config.recordings, piece->segment.id);
		all &= s->files[i] >= 0;
	}
	return all;
}

/* False: none of them can be read. */
static bool begin(struct export_stream *s)
{
	bool any = false;
	for (size_t i = 0; i < s->count; i++)
		add_track(s, codec_of(&s->pieces[i]));
	for (size_t i = 0; i < s->tracks_len; i++) {
		s->tracks[i].piece.track.codec = s->tracks[i].codec; /* if none can be read */
		advance(s, &s->tracks[i]);
		any |= s->tracks[i].there;
	}
	put_head(s);
	return any;
}

enum err export_stream_new(struct web *web, const struct recording_export_file *file,
			   int64_t began_ms, const struct export_piece *pieces, size_t count,
			   struct body_stream **out)
{
	if (count == 0)
		return ERR_NOT_FOUND;
	if (web->exports.open == EXPORTS_AT_ONCE)
		return ERR_LIMIT;
	struct export_stream *s = mem_new(1, sizeof *s);
	*s = (struct export_stream){ .body = { .fill = fill, .free = free_stream },
				     .web = web,
				     .file = *file,
				     .began_ms = began_ms,
				     .count = count,
				     .pieces = mem_new(count, sizeof *pieces),
				     .files = mem_new(count, sizeof *s->files),
				     .pending = buf_of(PENDING_MAX) };
	memcpy(s->pieces, pieces, count * sizeof *pieces);
	web->exports.open++;
	(void)crypto_hash_sha256_init(&s->hash);
	enum err err = !open_files(s) ? ERR_AGAIN : begin(s) ? OK : ERR_NOT_FOUND;
	if (err == OK)
		*out = &s->body;
	else
		free_stream(&s->body);
	return err;
}

/* ---- what was sent ---- */

size_t exports_note(struct web *web)
{
	static const struct actor system_actor = { .role = ROLE_SYSTEM };
	size_t noted = 0;
	while (noted < web->exports.sent_len &&
	       export_file_sent(web->service, &system_actor, &web->exports.sent[noted]) == OK)
		noted++;
	return noted;
}

void exports_noted(struct web *web, size_t count)
{
	struct exports *exports = &web->exports;
	exports->sent_len -= count;
	memmove(exports->sent, exports->sent + count, exports->sent_len * sizeof exports->sent[0]);
}
