/*
 * subject.h - everything that the database holds of one person, who looked at it, and forgetting them.
 */
#ifndef PVL_STORE_SUBJECT_H
#define PVL_STORE_SUBJECT_H

#include "base/arena.h"
#include "domain/audit.h"
#include "domain/reference.h"
#include "domain/subject.h"
#include "store/store.h"

enum {
	SUBJECT_FIELDS_MAX = 12,
	SUBJECT_ROWS_MAX = 2000, /* of one section, the newest */
	SUBJECT_SECTIONS_MAX = 24,
	SUBJECT_LOOKS_MAX = 500,
};

enum subject_field_kind {
	SUBJECT_TEXT,
	SUBJECT_CODE, /* a word of the database, "BOOKED" */
	SUBJECT_NUMBER,
	SUBJECT_TIME, /* s since 1970; 0: never */
	SUBJECT_DAY,  /* days since 1970 */
	SUBJECT_FLAG,
};

struct subject_field {
	const char *name; /* also in the JSON that people get */
	enum subject_field_kind kind;
};

struct subject_value {
	int64_t number;
	struct str text; /* of TEXT and CODE */
};

struct subject_section {
	const char *name;
	size_t fields_len;
	const struct subject_field *fields;
	size_t count; /* rows */
	struct subject_value (*rows)[SUBJECT_FIELDS_MAX];
};

struct subject_data {
	size_t count;
	struct subject_section sections[SUBJECT_SECTIONS_MAX];
};

MUST_USE enum err store_subject_read(struct store *, struct arena *, struct subject,
				     struct subject_data *out);

/* Somebody of staff saw something of theirs. */
struct subject_look {
	struct wall at;
	enum role role;
	struct prison_code prison;
	enum audit_verb what;
	struct reference reference; /* of the visit; empty: none */
};

struct subject_looks {
	size_t count;
	struct subject_look *list; /* the newest first */
};

/* recordings_before: looks at recordings after that are not told yet. */
MUST_USE enum err store_subject_looks(struct store *, struct arena *, struct subject,
				      struct wall recordings_before, struct subject_looks *out);

MUST_USE enum err store_erasure_facts(struct store *, struct account_id, struct wall now,
				      struct erasure_facts *out);
/* Names, addresses, words and photos of the account and its people are gone; *rows: how many were changed. */
MUST_USE enum err store_account_erase(struct store *, struct account_id, int64_t *rows);

#endif
