/*
 * recording.h - recordings of social visits: what pvl-record tells of them is kept.
 */
#ifndef PVL_SERVICE_RECORDING_H
#define PVL_SERVICE_RECORDING_H

#include "domain/recording.h"
#include "ipc/record.h"
#include "service/service.h"
#include "store/recording.h"

/* Whether a visit of that kind is recorded by the rules in force now; for anybody who is told so. */
MUST_USE enum err recording_is_wanted(struct service *, enum visit_kind, struct prison_code,
				      bool *out);

enum {
	RECORDING_NOTES_MAX = 512, /* of one transaction */
};

struct recording_notes {
	size_t count;
	const struct record_note *list; /* BEGAN, ENDED and LOST */
};

/*
 * ROLE_SYSTEM.  All of them in one transaction with one leaf, whose words are a hash over what they
 * say; what is told a second time changes nothing.  *refused: how many were of a visit that is not
 * social, or that is not there; nothing of them is kept.
 */
MUST_USE enum err recording_notes_take(struct service *, const struct actor *,
				       const struct recording_notes *, size_t *refused);
/* ROLE_SYSTEM.  A pvl-record has begun: what an earlier one left open is cut, and since then
 * something is missing. */
MUST_USE enum err recording_process_began(struct service *, const struct actor *, uint64_t process,
					  int64_t now_ms);
/* ROLE_SYSTEM.  Whether it was closed to everybody, so that no more of it is recorded. */
MUST_USE enum err recording_is_locked(struct service *, const struct actor *, struct visit_id,
				      bool *out);
/* ROLE_SYSTEM.  Whether something is missing in this visit now. */
MUST_USE enum err recording_has_gap(struct service *, const struct actor *, struct visit_id,
				    bool *out);

#endif
