/*
 * webm.h - one track of a visit as WebM: VP8, VP9 or Opus, written as it comes; and pieces of that as one file.
 *
 * Pure: frames in, bytes out.  Sizes of the segment and of its clusters are left
 * unknown (RFC 8794 section 6.2), so nothing is ever written twice and a file
 * that was cut off plays up to the cut.  Source: RFC 9559 (Matroska), the WebM
 * container guidelines, RFC 7845 for Opus' head.
 */
#ifndef PVL_RECORDING_WEBM_H
#define PVL_RECORDING_WEBM_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "wire/codec.h"

enum {
	WEBM_CLUSTER_MS = 5000, /* a new one after so long, and at each key frame */
};

struct webm {
	enum codec codec;
	bool in_cluster;
	int64_t cluster_ms;
};

/* What stands before all frames; width and height of a picture's first frame, 0 for sound. */
void webm_begin(struct webm *, enum codec codec, uint16_t width, uint16_t height, struct buf *out);
/* at_ms: since the beginning of the file, never less than that of the frame before. */
void webm_frame(struct webm *, int64_t at_ms, bool key, struct bytes frame, struct buf *out);

/*
 * Pieces of a recording as one file of one side, its picture and its sound: a
 * piece is read cluster by cluster, and each is written again under another time
 * and track.  Frames are not touched.  What was cut off in the middle ends with
 * its last whole frame.
 */
enum {
	WEBM_TRACKS_MAX = 3, /* sound, and a picture whose codec changed once */
};

struct webm_track {
	enum codec codec;
	uint16_t width; /* 0 for sound */
	uint16_t height;
};

/* A piece that is being read; borrows the file. */
struct webm_piece {
	struct bytes rest;
	struct webm_track track;
};

/* ERR_BAD: it is not what webm.h writes. */
MUST_USE enum err webm_piece_open(struct bytes file, struct webm_piece *out);
/* The next cluster: its time since the beginning of the piece, and its whole blocks (borrowed).  False: no more. */
bool webm_piece_next(struct webm_piece *, int64_t *at_ms, struct bytes *blocks);

/* What stands before all clusters; tracks are numbered from 0 as they stand here. */
void webm_join_begin(const struct webm_track *tracks, size_t count, struct buf *out);
/* at_ms: since the beginning of the file, never less than that of the cluster before. */
void webm_join_cluster(size_t track, int64_t at_ms, struct bytes blocks, struct buf *out);

#endif
