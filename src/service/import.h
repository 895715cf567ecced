/*
 * import.h - files of other systems, line by line into the database.
 *
 * One file is one transaction: where a line is bad nothing of the file is
 * kept (unless told to leave bad lines out), and every bad line is named with
 * its field and what is wrong.  The same file twice changes nothing the second
 * time.  What a file does not say stays as it is: an absent column, an empty
 * optional field, a record that is not in the file.
 *
 * Each new or changed row leaves its own audit leaf, as if somebody had
 * entered it by hand: who looks up a restriction finds when it came, whichever
 * way.  Visits that it speaks against are flagged in the same transaction.
 *
 * Columns and examples: docs/operating/import.md.
 */
#ifndef PVL_SERVICE_IMPORT_H
#define PVL_SERVICE_IMPORT_H

#include "service/service.h"

enum import_kind {
	IMPORT_PRISONS,
	IMPORT_PRISONERS,
	IMPORT_CONTACTS,
	IMPORT_RESTRICTIONS,
	IMPORT_NON_ASSOCIATIONS,
	IMPORT_SESSIONS,
	IMPORT_ALERTS,
	IMPORT_REGIME_EVENTS,
	IMPORT_INCENTIVES,
	IMPORT_REFERENCE_CODES,
	IMPORT_KIND_COUNT,
};

const char *import_kind_name(enum import_kind kind); /* "non-associations" */
bool import_kind_of(struct str name, enum import_kind *out);

enum {
	IMPORT_BYTES_MAX = 64 << 20,
	IMPORT_LINES_MAX = 200000,
	IMPORT_FAULTS_MAX = 100, /* told one by one; all are counted */
	IMPORT_FIELD_ROOM = 40,
	IMPORT_WHY_ROOM = 160,
};

struct import_options {
	bool dry_run;
	bool leave_out_bad; /* bad lines are named, and the others kept */
	bool activate;      /* hours of visits in person become sessions that can be booked */
	bool daily;         /* from now on this source is current only while imports go on */
};

struct import_fault {
	int line;
	char field[IMPORT_FIELD_ROOM]; /* empty: the whole line */
	char why[IMPORT_WHY_ROOM];     /* holds nothing of the file but column names */
};

struct import_report {
	bool kept; /* false: nothing of the file was written */
	int lines; /* without the first and empty ones */
	int added;
	int changed;
	int unchanged;
	int left_out;   /* good lines that are not for us (closed prisons, inactive levels) */
	int bad;        /* lines */
	int called_off; /* visits and requests of prisoners who moved to another prison */
	int fault_count;
	struct import_fault faults[IMPORT_FAULTS_MAX];
};

/*
 * ROLE_SYSTEM or operator.  OK also where lines are bad: the report says so.
 * ERR_LIMIT: too many bytes or lines; ERR_DB and others: nothing was kept.
 * Must not be called inside a transaction.
 */
MUST_USE enum err import_run(struct service *, const struct actor *, enum import_kind,
			     struct str text, const struct import_options *,
			     struct import_report *out);

#endif
