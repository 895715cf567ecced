/*
 * recording.h - the recording of a social visit: its segments, and what is missing.
 *
 * What a segment holds is sealed (recording/sealed.h); here is what is known of it.
 * Times are milliseconds since 1970, as pvl-record's clock has them.
 */
#ifndef PVL_DOMAIN_RECORDING_H
#define PVL_DOMAIN_RECORDING_H

#include "domain/policy.h"
#include "domain/visit.h"

enum {
	RECORDING_KEY_LEN = 96, /* sealed; ipc/record.h */
	RECORDING_HASH_LEN = 32,
	RECORDING_SEGMENTS_MAX = 4000, /* of one visit, that a page shows */
};

enum segment_state {
	SEGMENT_OPEN,
	SEGMENT_WHOLE,
	SEGMENT_CUT, /* its end was never told: what was written before is there */
	SEGMENT_STATE_COUNT,
};

const char *segment_state_name(enum segment_state state); /* "WHOLE" */
bool segment_state_of(struct str name, enum segment_state *out);

struct segment_row {
	struct segment_id id;
	struct visit_id visit;
	int seat;
	const char *codec; /* "opus", "VP8", "VP9": of wire/codec.h */
	int64_t at_ms;
	int64_t ms;
	int64_t bytes;
	enum segment_state state;
	int64_t process;
	bool has_key;
	uint8_t key[RECORDING_KEY_LEN];
	uint8_t hash[RECORDING_HASH_LEN];
};

struct recording_gap {
	int64_t id;
	struct visit_id visit;
	const char *cause; /* "DISK": of ipc/record.h */
	int64_t at_ms;
	int64_t until_ms; /* 0: nothing has been written since */
};

struct recording {
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	struct str prisoner_name;
	int64_t began_ms;
	int64_t ended_ms; /* of its last segment */
	struct wall keep_until;
	struct wall locked_at; /* 0: not */
	struct account_id locked_by;
	struct wall lock_settled_at; /* somebody saw to it; 0: nobody yet */
	struct wall erased_at;       /* 0: not */
};

/* Whether a visit is recorded by its prison's rules: never one that is not social. */
bool recording_wanted(enum visit_kind kind, const struct policy *policy);

#endif
