/*
 * pdf.h - a document (document.h) as a tagged PDF on A4.
 *
 * Every piece of it stands in the tree of the file: headings, paragraphs, tables with
 * their heads, pictures with their words.  Its language and title are set.  Uses
 * cairo, pango and qrencode, so it runs in pvl-paper and nowhere else.
 */
#ifndef PVL_PAPER_PDF_H
#define PVL_PAPER_PDF_H

#include "base/buf.h"
#include "base/err.h"

enum {
	PDF_MAX = 1 << 20, /* bytes */
	PDF_PAGES_MAX = 200,
};

struct pdf;

/* fonts: a directory with DejaVuSans.ttf and DejaVuSans-Bold.ttf.  ERR_NOT_FOUND: they are not there. */
MUST_USE enum err pdf_open(const char *fonts, struct pdf **out);
void pdf_close(struct pdf *pdf);
/* ERR_BAD: it is no document; ERR_LIMIT: too long. */
MUST_USE enum err pdf_write(struct pdf *pdf, struct str document, struct buf *out);

#endif
