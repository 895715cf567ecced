/*
 * reference_code.h - the code lists of other systems: group, code, what it means.
 */
#ifndef PVL_STORE_REFERENCE_CODE_H
#define PVL_STORE_REFERENCE_CODE_H

#include "base/arena.h"
#include "store/store.h"

struct reference_code {
	struct str group; /* "RELATIONSHIP" */
	struct str code;  /* "MOT" */
	struct str description;
};

struct store_reference_codes {
	size_t count;
	struct reference_code *list;
};

/* Of a group, by code. */
MUST_USE enum err store_reference_code_list(struct store *, struct arena *, struct str group,
					    struct store_reference_codes *out);
MUST_USE enum err store_reference_code_insert(struct store *, const struct reference_code *);
/* Its description. */
MUST_USE enum err store_reference_code_update(struct store *, const struct reference_code *);
/* What the code means; ERR_NOT_FOUND: it is in no list of that group. */
MUST_USE enum err store_reference_code_find(struct store *, struct arena *, struct str group,
					    struct str code, struct str *out);

#endif
