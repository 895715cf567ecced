/*
 * csv.h - comma-separated text, one record after the other (RFC 4180).
 *
 *	struct csv csv = csv_of(text);
 *	while (csv_next(&csv, &record) != CSV_END)
 *		…
 *
 * Lines end with LF or CRLF; a byte order mark in front and empty lines are
 * read past.  Quoted fields may hold commas, line ends and doubled quotes.  After a
 * bad record reading goes on with the next line, so that all that is wrong in
 * a file is found in one reading.  Allocates nothing; the text is UTF-8.
 */
#ifndef PVL_BASE_CSV_H
#define PVL_BASE_CSV_H

#include "base/buf.h"

enum {
	CSV_FIELDS_MAX = 40,
	CSV_RECORD_MAX = 8192, /* bytes of one record's fields */
};

enum csv_read {
	CSV_RECORD,
	CSV_END,
	/* Bad records; .line is where each begins. */
	CSV_BAD_QUOTE,  /* a quote inside a bare field, or text after a closing one */
	CSV_OPEN_QUOTE, /* the text ends inside quotes */
	CSV_TOO_MANY,   /* fields */
	CSV_TOO_LONG,
	CSV_BAD_TEXT, /* not UTF-8, or a control character */
	CSV_READ_COUNT,
};

/* What is wrong, for a person: "a quotation mark stands inside …"; "" for the first two. */
const char *csv_read_sentence(enum csv_read read);

struct csv {
	struct str rest;
	int line; /* of the next byte, from 1 */
};

struct csv_record {
	int line; /* where it begins */
	size_t count;
	struct str fields[CSV_FIELDS_MAX]; /* in .text */
	size_t used;
	char text[CSV_RECORD_MAX];
};

struct csv csv_of(struct str text);
enum csv_read csv_next(struct csv *csv, struct csv_record *out);

/*
 * The other way: fields one after the other, in quotation marks, and csv_end() after the last of a
 * line.  A text that a spreadsheet would take for a formula (= + - @ in front) is given an
 * apostrophe before it.
 */
void csv_field(struct buf *out, struct str text);
void csv_end(struct buf *out);

#endif
