/*
 * recording.h - recordings, their segments and their gaps, in the database.
 */
#ifndef PVL_STORE_RECORDING_H
#define PVL_STORE_RECORDING_H

#include "base/arena.h"
#include "domain/recording.h"
#include "store/store.h"

struct store_segments {
	size_t count;
	struct segment_row *list; /* by time */
};

struct store_gaps {
	size_t count;
	struct recording_gap *list;
};

struct store_recordings {
	size_t count;
	struct recording *list;
};

/* kind stands beside it, so that a constraint refuses what is not social. */
MUST_USE enum err store_recording_insert(struct store *, const struct recording *,
					 enum visit_kind kind);
MUST_USE enum err store_recording_find(struct store *, struct arena *, struct visit_id,
				       struct recording *out);
/* Of one prison, the newest first. */
MUST_USE enum err store_recording_list(struct store *, struct arena *, struct prison_code, int max,
				       struct store_recordings *out);

/* Of one prison, locked and not seen to yet, the oldest first. */
MUST_USE enum err store_recording_list_unsettled(struct store *, struct arena *, struct prison_code,
						 int max, struct store_recordings *out);

/* A second time it changes nothing: ERR_CONFLICT. */
MUST_USE enum err store_segment_insert(struct store *, const struct segment_row *,
				       enum visit_kind kind);
/* An open one is whole (or cut) now, with ms, bytes and hash.  ERR_NOT_FOUND: none is open. */
MUST_USE enum err store_segment_end(struct store *, const struct segment_row *);
MUST_USE enum err store_segment_find(struct store *, struct arena *, struct segment_id,
				     struct segment_row *out);
MUST_USE enum err store_segment_list(struct store *, struct arena *, struct visit_id,
				     struct store_segments *out);
/* Those that another pvl-record than this began and never ended. */
MUST_USE enum err store_segment_left_open(struct store *, struct arena *, int64_t process,
					  struct store_segments *out);

MUST_USE enum err store_gap_insert(struct store *, const struct recording_gap *);
/* Whatever is missing in that visit up to now is over. */
MUST_USE enum err store_gap_close(struct store *, struct visit_id, int64_t until_ms);
MUST_USE enum err store_gap_open_count(struct store *, struct visit_id, int64_t *out);
MUST_USE enum err store_gap_list(struct store *, struct arena *, struct visit_id,
				 struct store_gaps *out);

#endif
