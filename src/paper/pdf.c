#include "paper/pdf.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "paper/amend.h"
#include "paper/document.h"

/* Millimetres and points; A4. */
static const double WIDTH = 595.276, HEIGHT = 841.890, MARGIN = 56.7, FOOT = 40.0;
static const double CELL_PAD = 4.0, LINE_GAP = 6.0, QR_SIDE = 113.4;

enum {
	FIGURES_MAX = 60, /* codes in one document */
	QUIET = 4,        /* modules that stay white around a code */
};

struct pdf {
	FcConfig *config;
	PangoFontMap *fonts;
	PangoContext *context;
};

/* One document while it is drawn. */
struct sheet {
	struct pdf *pdf;
	cairo_surface_t *surface;
	cairo_t *cairo;
	double y;
	int page;
	bool too_long;
	size_t columns; /* of the table that is open */
	struct paper_fields head;
	size_t figure_count;
	struct str figures[FIGURES_MAX];
};

/* ---- fonts ---- */

static bool add_font(FcConfig *config, const char *folder, const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return access(path, R_OK) == 0 &&
	       FcConfigAppFontAddFile(config, (const FcChar8 *)path) == FcTrue;
}

static PangoLayout *layout_of(struct pdf *pdf, struct str text, double size, bool bold,
			      double width)
{
	PangoLayout *layout = pango_layout_new(pdf->context);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family(font, "DejaVu Sans");
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(layout, text.at, (int)text.len);
	return layout;
}

static double height_of(PangoLayout *layout)
{
	int width, height;
	pango_layout_get_size(layout, &width, &height);
	return (double)height / PANGO_SCALE;
}

enum err pdf_open(const char *fonts, struct pdf **out)
{
	struct pdf *pdf = mem_new(1, sizeof *pdf);
	pdf->config = FcConfigCreate();
	if (!pdf->config || !add_font(pdf->config, fonts, "DejaVuSans.ttf") ||
	    !add_font(pdf->config, fonts, "DejaVuSans-Bold.ttf")) {
		pdf_close(pdf);
		return ERR_NOT_FOUND;
	}
	FcConfigSetCurrent(pdf->config);
	pdf->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(pdf->fonts), pdf->config);
	pdf->context = pango_font_map_create_context(pdf->fonts);
	*out = pdf;
	return OK;
}

void pdf_close(struct pdf *pdf)
{
	if (!pdf)
		return;
	if (pdf->context)
		g_object_unref(pdf->context);
	if (pdf->fonts)
		g_object_unref(pdf->fonts);
	if (pdf->config)
		FcConfigDestroy(pdf->config);
	free(pdf);
}

/* ---- pages ---- */

/* The number of the page: no part of the tree. */
static void end_page(struct sheet *s)
{
	char text[16];
	snprintf(text, sizeof text, "%d", s->page);
	PangoLayout *layout = layout_of(s->pdf, str_from(text), 9, false, 100);
	cairo_move_to(s->cairo, WIDTH - MARGIN, HEIGHT - FOOT);
	pango_cairo_show_layout(s->cairo, layout);
	g_object_unref(layout);
	cairo_show_page(s->cairo);
	s->page++;
	s->y = MARGIN;
	s->too_long |= s->page > PDF_PAGES_MAX;
}

/* A new page, unless so much fits on this one. */
static void make_room(struct sheet *s, double height)
{
	if (s->y > MARGIN && s->y + height > HEIGHT - MARGIN)
		end_page(s);
}

/* ---- pieces ---- */

static void draw_text(struct sheet *s, const char *tag, struct str text, double size, bool bold,
		      double before)
{
	PangoLayout *layout = layout_of(s->pdf, text, size, bold, WIDTH - 2 * MARGIN);
	double height = height_of(layout);
	s->y += s->y > MARGIN ? before : 0;
	make_room(s, height);
	cairo_tag_begin(s->cairo, tag, NULL);
	cairo_move_to(s->cairo, MARGIN, s->y);
	pango_cairo_show_layout(s->cairo, layout);
	cairo_tag_end(s->cairo, tag);
	s->y += height + LINE_GAP;
	g_object_unref(layout);
}

static void draw_rule(struct sheet *s, double width)
{
	cairo_set_line_width(s->cairo, width);
	cairo_move_to(s->cairo, MARGIN, s->y);
	cairo_line_to(s->cairo, WIDTH - MARGIN, s->y);
	cairo_stroke(s->cairo);
}

/* A row of cells, each as high as the highest; on a new page the head stands once more, outside the tree. */
static void draw_cells(struct sheet *s, const struct paper_fields *row, const char *cell_tag)
{
	PangoLayout *cells[DOCUMENT_FIELDS_MAX];
	double column = (WIDTH - 2 * MARGIN) / (double)row->count, height = 0;
	for (size_t i = 0; i < row->count; i++) {
		cells[i] = layout_of(s->pdf, row->fields[i], 10, cell_tag[1] == 'H',
				     column - 2 * CELL_PAD);
		double own = height_of(cells[i]);
		height = own > height ? own : height;
	}
	if (cell_tag[0] != '\0')
		cairo_tag_begin(s->cairo, "TR", NULL);
	for (size_t i = 0; i < row->count; i++) {
		if (cell_tag[0] != '\0')
			cairo_tag_begin(s->cairo, cell_tag, NULL);
		cairo_move_to(s->cairo, MARGIN + column * (double)i + CELL_PAD, s->y + CELL_PAD);
		pango_cairo_show_layout(s->cairo, cells[i]);
		if (cell_tag[0] != '\0')
			cairo_tag_end(s->cairo, cell_tag);
		g_object_unref(cells[i]);
	}
	if (cell_tag[0] != '\0')
		cairo_tag_end(s->cairo, "TR");
	s->y += height + 2 * CELL_PAD;
	draw_rule(s, 0.5);
}

static double row_height(struct sheet *s, const struct paper_fields *row)
{
	double column = (WIDTH - 2 * MARGIN) / (double)row->count, height = 0;
	for (size_t i = 0; i < row->count; i++) {
		PangoLayout *cell =
		    layout_of(s->pdf, row->fields[i], 10, true, column - 2 * CELL_PAD);
		double own = height_of(cell);
		height = own > height ? own : height;
		g_object_unref(cell);
	}
	return height + 2 * CELL_PAD;
}

static void begin_table(struct sheet *s, const struct paper_fields *head)
{
	s->head = *head;
	s->columns = head->count;
	make_room(s, 3 * row_height(s, head));
	cairo_tag_begin(s->cairo, "Table", NULL);
	draw_cells(s, head, "TH");
}

static void draw_row(struct sheet *s, const struct paper_fields *row)
{
	int page = s->page;
	make_room(s, row_height(s, row));
	if (s->page != page)
		draw_cells(s, &s->head, "\0");
	draw_cells(s, row, "TD");
}

static void end_table(struct sheet *s)
{
	cairo_tag_end(s->cairo, "Table");
	s->columns = 0;
	s->y += 2 * LINE_GAP;
}

static void draw_modules(struct sheet *s, const QRcode *code)
{
	double side = QR_SIDE / (code->width + 2 * QUIET);
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				cairo_rectangle(s->cairo, MARGIN + (x + QUIET) * side,
						s->y + (y + QUIET) * side, side, side);
	cairo_fill(s->cairo);
}

/* The code, and beneath it what it says. */
static void draw_code(struct sheet *s, struct str words, struct str content)
{
	QRcode *code =
	    QRcode_encodeData((int)content.len, (const unsigned char *)content.at, 0, QR_ECLEVEL_M);
	if (!code || s->figure_count == FIGURES_MAX) {
		s->too_long = true;
		QRcode_free(code);
		return;
	}
	make_room(s, QR_SIDE + 3 * LINE_GAP);
	s->figures[s->figure_count++] = words;
	cairo_tag_begin(s->cairo, "Figure", NULL);
	draw_modules(s, code);
	cairo_tag_end(s->cairo, "Figure");
	s->y += QR_SIDE;
	draw_text(s, "P", words, 10, false, 0);
	QRcode_free(code);
}

static void draw_line(struct sheet *s, const struct paper_fields *line)
{
	switch (line->kind) {
	case PAPER_H1:
		draw_text(s, "H1", line->fields[0], 22, true, 3 * LINE_GAP);
		break;
	case PAPER_H2:
		draw_text(s, "H2", line->fields[0], 14, true, 2 * LINE_GAP);
		break;
	case PAPER_P:
		draw_text(s, "P", line->fields[0], 11, false, 0);
		break;
	case PAPER_TABLE:
		begin_table(s, line);
		break;
	case PAPER_ROW:
		draw_row(s, line);
		break;
	case PAPER_END:
		end_table(s);
		break;
	case PAPER_QR:
		draw_code(s, line->fields[0], line->fields[1]);
		break;
	case PAPER_BREAK:
		if (s->y > MARGIN)
			end_page(s);
		break;
	case PAPER_LANG:
	case PAPER_TITLE:
	case PAPER_LINE_COUNT:
		break;
	}
}

/* ---- the file ---- */

static cairo_status_t put_bytes(void *out, const unsigned char *at, unsigned len)
{
	buf_put(out, at, len);
	return buf_ok(out) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void set_title(struct sheet *s, struct str title)
{
	char text[DOCUMENT_TITLE_MAX + 1];
	snprintf(text, sizeof text, "%.*s", STR_FMT(title));
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, text);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATOR, "Prison Video Link");
}

static void draw_all(struct sheet *s, struct str document, struct str *language)
{
	struct paper_fields line;
	enum err err;
	cairo_tag_begin(s->cairo, "Document", NULL);
	while (!s->too_long && document_next(&document, &line, &err)) {
		if (line.kind == PAPER_LANG)
			*language = line.fields[0];
		else if (line.kind == PAPER_TITLE)
			set_title(s, line.fields[0]);
		else
			draw_line(s, &line);
	}
	if (s->columns)
		end_table(s); /* it was too long: the tags are closed all the same */
	cairo_tag_end(s->cairo, "Document");
	end_page(s);
}

enum err pdf_write(struct pdf *pdf, struct str document, struct buf *out)
{
	struct sheet s = { .pdf = pdf, .y = MARGIN, .page = 1 };
	struct amendment amendment = { 0 };
	enum err err = document_check(document);
	if (err != OK)
		return err;
	s.surface = cairo_pdf_surface_create_for_stream(put_bytes, out, WIDTH, HEIGHT);
	cairo_pdf_surface_restrict_to_version(s.surface, CAIRO_PDF_VERSION_1_5);
	s.cairo = cairo_create(s.surface);
	draw_all(&s, document, &amendment.language);
	bool too_long = s.too_long;
	cairo_destroy(s.cairo);
	cairo_surface_finish(s.surface);
	bool fine = cairo_surface_status(s.surface) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(s.surface);
	if (too_long || !buf_ok(out))
		return ERR_LIMIT;
	amendment.figure_count = s.figure_count;
	amendment.figures = s.figures;
	return fine ? pdf_amend(out, &amendment) : ERR_SYS;
}
