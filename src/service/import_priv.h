/*
 * import_priv.h - what the kinds of import share: columns, values, faults.
 *
 * A kind is a table: its columns, and a function that takes one line.  The
 * function asks for values by column; one that is missing or malformed leaves
 * a fault, and a line with a fault changes nothing.
 *
 * A file is read twice.  The first reading only looks, without keeping others
 * from writing; lines that change nothing are done with it.  The second takes
 * the others, so that a file that says little new holds up nobody.  A function
 * that writes returns at once while .looking.
 */
#ifndef PVL_SERVICE_IMPORT_PRIV_H
#define PVL_SERVICE_IMPORT_PRIV_H

#include "base/csv.h"
#include "base/map.h"
#include "domain/prisoner.h"
#include "service/import.h"
#include "service/service_priv.h"

enum {
	IMPORT_COLUMNS_MAX = 24,
};

struct import_column {
	const char *name;
	bool needed;
};

/* Where a reason is needed and the file gives none. */
#define IMPORTED STR("Imported")
#define REPLACED STR("Replaced by an import")

enum import_outcome {
	IMPORTED_SAME,
	IMPORTED_NEW,
	IMPORTED_CHANGED,
	IMPORTED_LEFT_OUT,
	IMPORTED_BAD,
};

struct import;

struct import_table {
	enum import_kind kind;
	struct import_column columns[IMPORT_COLUMNS_MAX]; /* the last one's name is NULL */
	const char *read_past; /* columns of known files that say nothing to us: " a b " */
	enum err (*line)(struct import *, enum import_outcome *out);
};

struct import {
	struct service *service;
	struct actor actor; /* .prison: of the line, as far as the function has said */
	const struct import_options *options;
	struct import_report *report;
	const struct import_table *table;
	struct arena *arena;        /* of the line */
	struct map seen;            /* what a line of this file has spoken of → the line */
	int at[IMPORT_COLUMNS_MAX]; /* where a column stands in the file; -1: not there */
	size_t width;               /* fields of the first line */
	bool *done;                 /* by number of line: the first reading settled it */
	const struct csv_record *record;
	bool looking; /* the first reading: nothing is written, and what would be is only told */
	bool bad;     /* this line */
};

extern const struct import_table IMPORT_OF_PRISONS, IMPORT_OF_SESSIONS, IMPORT_OF_HOURS,
    IMPORT_OF_INCENTIVES, IMPORT_OF_REFERENCE_CODES, IMPORT_OF_PRISONERS, IMPORT_OF_CONTACTS,
    IMPORT_OF_RESTRICTIONS, IMPORT_OF_NON_ASSOCIATIONS, IMPORT_OF_ALERTS, IMPORT_OF_REGIME_EVENTS;

/* Without white space at its ends; empty where the column is not there. */
struct str import_text(const struct import *, int column);
/* column < 0: the whole line. */
void import_fault(struct import *, int column, const char *why);
/* A use-case's answer about a column as a fault, where it is about the line; else the error itself. */
MUST_USE enum err import_answer(struct import *, enum err, int column, const char *why);
/* The line speaks of this thing, named by its parts; a fault if another one did before. */
void import_once(struct import *, int column, const struct str *parts, size_t count);

/* "0930", "09:30" and "24:00"; minutes after midnight. */
bool import_minute_of(struct str text, int *out);

/* Each: false where the field is empty, or bad (with its fault). */
bool import_date(struct import *, int column, struct date *out); /* "2026-11-23" */
bool import_minute(struct import *, int column, int *out);       /* "09:30"; "24:00" is 1440 */
bool import_number(struct import *, int column, uint64_t max, int *out);
bool import_yes(struct import *, int column, bool *out); /* t f true false yes no 1 0 */
/* One line of text, at most max bytes. */
struct str import_words(struct import *, int column, size_t max);

/* A prison that the service knows; sets the actor's.  ERR_* only if the database fails. */
MUST_USE enum err import_prison(struct import *, int column, struct prison_code *out);
/* A prisoner by number; sets the actor's prison.  .id 0 with a fault. */
MUST_USE enum err import_prisoner(struct import *, int column, struct prisoner *out);

#endif
