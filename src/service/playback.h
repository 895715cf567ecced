/*
 * playback.h - seeing a recording: one asks with a reason, another of another line agrees, the first looks for an hour.
 *
 * No function here opens anything: pvl-vault does, when it is shown the three leaves that these write
 * (ipc/vault.h).  Every look is a leaf too.
 */
#ifndef PVL_SERVICE_PLAYBACK_H
#define PVL_SERVICE_PLAYBACK_H

#include "domain/playback.h"
#include "ipc/vault.h"
#include "service/service.h"
#include "store/incident.h"
#include "store/oversight.h"
#include "store/playback.h"
#include "store/recording.h"

enum {
	RECORDINGS_SHOWN = 200,
};

struct recordings {
	struct store_recordings list;
	struct store_accesses asked; /* that wait for somebody */
};

/* Of the actor's prison; its staff, and inspectors with the prison that they look at. */
MUST_USE enum err recordings_find(struct service *, const struct actor *, struct arena *,
				  struct recordings *out);

struct recording_view {
	struct recording recording;
	struct store_segments segments;
	struct store_gaps gaps;
	struct store_accesses accesses;
	struct store_exports exports;
	struct store_export_files files; /* of them */
};

/* What is known of one, not what is in it; staff of the prison, and inspectors. */
MUST_USE enum err recording_find(struct service *, const struct actor *, struct arena *,
				 struct reference, struct recording_view *out);

/* *answer PLAYBACK_OK: done, with one leaf; any other: nothing was written. */

/* A monitor, duty governor or contacts authoriser of the prison. */
MUST_USE enum err recording_ask(struct service *, const struct actor *, struct reference,
				struct str reason, enum playback_answer *answer);
/* A duty governor or contacts authoriser of the prison. */
MUST_USE enum err recording_decide(struct service *, const struct actor *, struct access_id,
				   bool agree, struct str reason, enum playback_answer *answer);
/* Whoever asked begins to look; bound to this session (its token is only kept as a hash). */
MUST_USE enum err recording_open(struct service *, const struct actor *, struct access_id,
				 struct str session, enum playback_answer *answer);

struct viewing {
	struct access access;
	struct recording recording;
	struct store_segments segments;
	struct store_gaps gaps;
	struct store_acts acts; /* of staff, in the visit */
	struct store_incidents incidents;
};

/* What the page of a viewing shows; writes nothing. */
MUST_USE enum err viewing_find(struct service *, const struct actor *, struct arena *,
			       struct access_id, struct str session, struct viewing *out,
			       enum playback_answer *answer);
/* Whether they may still look; writes nothing. */
MUST_USE enum err viewing_may(struct service *, const struct actor *, struct arena *,
			      struct access_id, struct str session, enum playback_answer *answer);
/* Whether that segment may be shown to whoever asks, now; writes nothing. */
MUST_USE enum err viewing_segment_find(struct service *, const struct actor *, struct arena *,
				       struct access_id, struct segment_id, struct str session,
				       struct access *access, struct segment_row *out,
				       enum playback_answer *answer);
/* The same, and it is shown: one leaf. */
MUST_USE enum err viewing_look(struct service *, const struct actor *, struct arena *,
			       struct access_id, struct segment_id, struct str session,
			       struct segment_row *out, enum playback_answer *answer);

/* ---- handing it out: the third step ---- */

struct export_new {
	struct access_id access; /* that somebody looked by */
	struct str recipient;    /* 1 … PLAYBACK_RECIPIENT_MAX bytes */
	struct str reason;
};

/* A monitor, duty governor or contacts authoriser who is neither who asked nor who agreed, nor of their
 * lines; for an hour, in this session. */
MUST_USE enum err export_make(struct service *, const struct actor *, const struct export_new *,
			      struct str session, struct export_id *out,
			      enum playback_answer *answer);

struct export_view {
	struct recording_export export;
	struct recording recording;
	struct store_segments segments;
	struct store_export_files files; /* of this export alone */
};

/* Whether it may be fetched by whoever asks, now; writes nothing. */
MUST_USE enum err export_find(struct service *, const struct actor *, struct arena *,
			      struct export_id, struct str session, struct export_view *out,
			      enum playback_answer *answer);
MUST_USE enum err export_may(struct service *, const struct actor *, struct arena *,
			     struct export_id, struct str session, enum playback_answer *answer);
/* What pvl-vault is shown of it (access_evidence()): the access's first two leaves, and this one as the third. */
struct access export_access(const struct recording_export *);
/* ROLE_SYSTEM.  That file has left, to its last byte. */
MUST_USE enum err export_file_sent(struct service *, const struct actor *,
				   const struct recording_export_file *);

/* ROLE_SYSTEM.  The proofs of an access's three leaves in a log of that size; text and hashes are the
 * arena's.  ERR_AGAIN: not all of them stand there. */
MUST_USE enum err access_evidence(struct service *, const struct actor *, struct arena *,
				  const struct access *, uint64_t size,
				  struct vault_proof out[VAULT_STEPS]);

/* ROLE_SYSTEM.  Destroys the keys of one recording whose time is over, with a leaf that certifies it;
 * *segments are those whose files can go.  ERR_NOT_FOUND: none is due. */
MUST_USE enum err recording_erase_due(struct service *, const struct actor *, struct arena *,
				      struct store_segments *segments);

#endif
