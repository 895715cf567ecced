/*
 * playback.h - who asked to see recordings, who agreed and who looked, in the database.
 */
#ifndef PVL_STORE_PLAYBACK_H
#define PVL_STORE_PLAYBACK_H

#include "base/arena.h"
#include "domain/playback.h"
#include "store/store.h"

struct store_accesses {
	size_t count;
	struct access *list; /* the newest first */
};

MUST_USE enum err store_access_insert(struct store *, const struct access *);
/* What was decided, opened and when. */
MUST_USE enum err store_access_update(struct store *, const struct access *);
MUST_USE enum err store_access_find(struct store *, struct arena *, struct access_id,
				    struct access *out);
MUST_USE enum err store_access_list_of(struct store *, struct arena *, struct visit_id,
				       struct store_accesses *out);
/* Of a prison: those that wait for somebody to decide. */
MUST_USE enum err store_access_list_asked(struct store *, struct arena *, struct prison_code,
					  struct store_accesses *out);
/* Whether that account watched that visit, beyond letting its people in. */
MUST_USE enum err store_access_watched(struct store *, struct visit_id, struct account_id,
				       bool *out);

struct store_exports {
	size_t count;
	struct recording_export *list; /* the newest first */
};

struct store_export_files {
	size_t count;
	struct recording_export_file *list; /* as they were sent */
};

MUST_USE enum err store_export_insert(struct store *, const struct recording_export *);
MUST_USE enum err store_export_find(struct store *, struct arena *, struct export_id,
				    struct recording_export *out);
MUST_USE enum err store_export_list_of(struct store *, struct arena *, struct visit_id,
				       struct store_exports *out);
/* Of a prison, the newest first, at most limit. */
MUST_USE enum err store_export_list(struct store *, struct arena *, struct prison_code, int limit,
				    struct store_exports *out);
MUST_USE enum err store_export_file_insert(struct store *, int64_t id,
					   const struct recording_export_file *);
/* Of all exports of that visit. */
MUST_USE enum err store_export_file_list(struct store *, struct arena *, struct visit_id,
					 struct store_export_files *out);

MUST_USE enum err store_recording_lock(struct store *, struct visit_id, struct account_id,
				       struct wall at);
/* After it was locked, by somebody else, once; else ERR_NOT_FOUND. */
MUST_USE enum err store_recording_settle(struct store *, struct visit_id, struct account_id,
					 struct wall at);
/* The first whose time is over, which is not erased, and which no legal hold keeps; ERR_NOT_FOUND. */
MUST_USE enum err store_recording_due(struct store *, struct wall now, struct visit_id *out);
/* All its keys are gone. */
MUST_USE enum err store_recording_erase(struct store *, struct visit_id, struct wall at);

#endif
