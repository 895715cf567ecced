/*
 * recorder.h - the recordings that are under way: packets in, sealed segments and notes out.
 *
 * A track is the sound or the picture of one end of a visit.  Its segments are
 * files of about a minute, each for itself: sound begins with any packet, a
 * picture with a key frame (pvl-media asks for one each minute).  A segment ends
 * when the next one begins, or when nothing has come for IDLE.
 *
 * No clock: every packet says when it came, and recorder_tick() the time.  The
 * timeline within a segment is the sender's own (RTP timestamps), pinned to the
 * earliest arrivals, so that a wavering line does not make the picture waver.
 *
 * The sink does what needs the kernel.  What it refuses is a gap, told in a note;
 * after PAUSE the track is tried again.  A picture then waits for a key frame, and
 * what lacks until it comes is told after each PAUSE, so that somebody asks for one.
 */
#ifndef PVL_RECORDING_RECORDER_H
#define PVL_RECORDING_RECORDER_H

#include "base/random.h"
#include "ipc/record.h"
#include "recording/sealed.h"

enum {
	RECORDER_TRACKS_MAX = 4096,
	RECORDER_SEGMENT_MS = 60000, /* of sound; of a picture at the next key frame */
	RECORDER_KEY_MS = 45000, /* a key frame begins a new segment of a picture after so long */
	RECORDER_SEGMENT_MAX_MS = 90000,
	RECORDER_SEGMENT_BYTES = 6 << 20, /* then a new one begins, whatever it begins with */
	RECORDER_IDLE_MS = 5000,
	RECORDER_FLUSH_MS = 1000,        /* so much is lost when the program is killed */
	RECORDER_BLOCK_BYTES = 64 << 10, /* of a file; it is written up to the end of one */
	RECORDER_PAUSE_MS = 5000,
	RECORDER_FORGET_MS = 120000, /* a track without packets is forgotten */
};

struct recorder_sink {
	void *owner;
	/* A new file for that track; an open one was closed before. */
	enum err (*create)(void *owner, size_t track, int64_t segment);
	enum err (*write)(void *owner, size_t track, struct bytes bytes);
	void (*close)(void *owner, size_t track);
	/* number and instance are the sink's to fill in. */
	void (*note)(void *owner, const struct record_note *note);
};

struct recorder;

struct recorder_config {
	struct recorder_sink sink;
	struct random *random; /* outlives the recorder */
	struct sealed_means means;
	uint8_t public_key[RECORD_PUBLIC_KEY_LEN];
};

struct recorder *recorder_new(const struct recorder_config *config);
/* Nothing more is written or told. */
void recorder_free(struct recorder *);

/* What is to be added to struct mono, in ms, for the time of day. */
void recorder_set_epoch(struct recorder *, int64_t ms);
void recorder_packet(struct recorder *, const struct record_packet *packet);
/* Packets of nobody knows whom found no room. */
void recorder_lost(struct recorder *, uint32_t packets, struct mono now);
/* Each second. */
void recorder_tick(struct recorder *, struct mono now);
/* Ends all segments. */
void recorder_stop(struct recorder *, struct mono now);
/* Tracks with a segment under way. */
size_t recorder_open_segments(const struct recorder *);

#endif
