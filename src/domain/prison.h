/*
 * prison.h - an establishment, its rooms and its terminals, as values.
 *
 * Codes are those of the public register: three letters, four characters for
 * secure training centres.  Text is borrowed from the arena it was loaded into.
 */
#ifndef PVL_DOMAIN_PRISON_H
#define PVL_DOMAIN_PRISON_H

#include "base/clock.h"
#include "base/id.h"
#include "base/str.h"

enum {
	PRISON_CODE_MAX = 7
};

struct prison_code {
	char text[PRISON_CODE_MAX + 1]; /* empty: no prison, or all of them */
};

/* Upper-cased and trimmed; false unless 3 to 7 letters and digits, a letter first. */
bool prison_code_of(struct str text, struct prison_code *out);
bool prison_code_equal(struct prison_code a, struct prison_code b);
bool prison_code_empty(struct prison_code code);

struct prison {
	struct prison_code code;
	struct str name;
	struct str name_cy; /* empty: none in Welsh */
	bool ready;
	struct str not_ready_reason;    /* in words for the public; empty when ready */
	struct str not_ready_reason_cy; /* empty: only the English is there */
	struct wall ready_changed_at;   /* since when it is ready, or not; 0: not known */
};

/* What a room is used for. */
enum room_use {
	ROOM_USE_SHARED,
	ROOM_USE_SOCIAL, /* one kind of visit each, in the order of enum visit_kind */
	ROOM_USE_LEGAL,
	ROOM_USE_OFFICIAL,
	ROOM_USE_SCHEDULE, /* by its timetable */
	ROOM_USE_BLOCKED,  /* in a timetable: nothing then */
	ROOM_USE_COUNT,
};

const char *room_use_name(enum room_use use); /* "SHARED" */
bool room_use_of(struct str name, enum room_use *out);

struct room {
	struct room_id id;
	struct prison_code prison;
	struct str name;
	bool active;
	enum room_use use;
};

struct terminal {
	struct terminal_id id;
	struct prison_code prison;
	struct room_id room;
	struct str name;
	struct str room_name;
	bool enrolled;
	bool active;
	struct wall last_seen;     /* 0: never */
	struct str retired_reason; /* why it is not active; empty: it is */
};

#endif
