/*
 * amend.h - what cairo 1.16 cannot say in a PDF: its language, that its title is
 * shown, and what a picture says in words.
 *
 * As an incremental update (ISO 32000-1, 7.5.6): the objects concerned are written
 * again behind the file, with a table that leads to them; the rest stays as it
 * is.  For files that cairo wrote, with a plain table of references.  Pure.
 */
#ifndef PVL_PAPER_AMEND_H
#define PVL_PAPER_AMEND_H

#include "base/buf.h"
#include "base/err.h"

struct amendment {
	struct str language; /* letters and hyphens: "cy-GB" */
	size_t figure_count; /* pictures in the order of the file */
	const struct str *figures;
};

/* Adds to pdf.  ERR_BAD: it is not such a file, or has another number of pictures. */
MUST_USE enum err pdf_amend(struct buf *pdf, const struct amendment *amendment);

#endif
