/*
 * data_copy.h - copies of a person's data that staff made, in the database.
 */
#ifndef PVL_STORE_DATA_COPY_H
#define PVL_STORE_DATA_COPY_H

#include "base/arena.h"
#include "domain/subject.h"
#include "store/store.h"

struct store_data_copies {
	size_t count;
	struct data_copy *list; /* the newest first */
};

MUST_USE enum err store_data_copy_insert(struct store *, const struct data_copy *);
/* Of a prison's prisoners, and, with visitors, of all visitors; at most limit. */
MUST_USE enum err store_data_copy_list(struct store *, struct arena *, struct prison_code,
				       bool visitors, int limit, struct store_data_copies *out);

#endif
