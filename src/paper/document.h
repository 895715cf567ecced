/*
 * document.h - what stands on a sheet of paper, as lines of text.
 *
 *	lang	en-GB
 *	title	Movement slip: A4567EF
 *	h1	Movement slip
 *	p	Bring this slip to the visits hall.
 *	table	Time	Prisoner	To        its first row names the columns
 *	row	09:00	A4567EF	Video room 1
 *	end
 *	qr	K7M2-P9QX-4	https://…        what it says in words, and in the code
 *	break                                    a new sheet
 *
 * A tab parts the fields.  pvl-web writes it, pvl-paper reads it; names of people
 * stand in it, so it is bounded, UTF-8 and free of control characters, and a
 * field that would not be is made so by whoever writes it (document_field()).
 */
#ifndef PVL_PAPER_DOCUMENT_H
#define PVL_PAPER_DOCUMENT_H

#include "base/buf.h"
#include "base/err.h"

enum {
	DOCUMENT_MAX = 512 << 10, /* bytes */
	DOCUMENT_FIELD_MAX = 2000,
	DOCUMENT_FIELDS_MAX = 8, /* of a row */
	DOCUMENT_TITLE_MAX = 200,
	DOCUMENT_QR_MAX = 300, /* bytes in a code */
};

enum paper_line {
	PAPER_LANG,
	PAPER_TITLE,
	PAPER_H1,
	PAPER_H2,
	PAPER_P,
	PAPER_TABLE,
	PAPER_ROW,
	PAPER_END,
	PAPER_QR,
	PAPER_BREAK,
	PAPER_LINE_COUNT,
};

struct paper_fields {
	enum paper_line kind;
	size_t count;
	struct str fields[DOCUMENT_FIELDS_MAX];
};

/* Adds a line to what is being written; fields are cut and cleaned as they must be. */
void document_line(struct buf *out, enum paper_line kind, const struct str *fields, size_t count);
/* The same with one field. */
void document_text(struct buf *out, enum paper_line kind, struct str text);

/*
 * The next line of *rest; false: at the end, or (*err ERR_BAD) it is none.  Fields point into the text.
 * The first two lines are lang and title; rows stand in a table, with as many fields as its first has.
 */
bool document_next(struct str *rest, struct paper_fields *out, enum err *err);

/* All of it is as it must be. */
MUST_USE enum err document_check(struct str text);

#endif
