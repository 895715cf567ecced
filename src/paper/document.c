#include "paper/document.h"

#include <string.h>

static const struct {
	const char *name;
	size_t least;
	size_t most;
} LINES[PAPER_LINE_COUNT] = {
	[PAPER_LANG] = { "lang", 1, 1 },
	[PAPER_TITLE] = { "title", 1, 1 },
	[PAPER_H1] = { "h1", 1, 1 },
	[PAPER_H2] = { "h2", 1, 1 },
	[PAPER_P] = { "p", 1, 1 },
	[PAPER_TABLE] = { "table", 1, DOCUMENT_FIELDS_MAX },
	[PAPER_ROW] = { "row", 1, DOCUMENT_FIELDS_MAX },
	[PAPER_END] = { "end", 0, 0 },
	[PAPER_QR] = { "qr", 2, 2 },
	[PAPER_BREAK] = { "break", 0, 0 },
};

/* ---- writing ---- */

/* Cut at a character's beginning, control characters and what is no UTF-8 as a blank. */
static void put_field(struct buf *out, struct str text)
{
	size_t len = text.len < DOCUMENT_FIELD_MAX ? text.len : DOCUMENT_FIELD_MAX;
	while (len < text.len && len > 0 && ((unsigned char)text.at[len] & 0xc0) == 0x80)
		len--;
	if (!str_is_utf8(str_of(text.at, len))) {
		buf_char(out, '?');
		return;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		buf_char(out, c < 0x20 || c == 0x7f ? ' ' : text.at[i]);
	}
}

void document_line(struct buf *out, enum paper_line kind, const struct str *fields, size_t count)
{
	buf_text(out, LINES[kind].name);
	for (size_t i = 0; i < count && i < LINES[kind].most; i++) {
		buf_char(out, '\t');
		put_field(out, fields[i]);
	}
	buf_char(out, '\n');
}

void document_text(struct buf *out, enum paper_line kind, struct str text)
{
	document_line(out, kind, &text, 1);
}

/* ---- reading ---- */

static bool find_kind(struct str name, enum paper_line *out)
{
	for (unsigned i = 0; i < PAPER_LINE_COUNT; i++) {
		if (str_is(name, LINES[i].name)) {
			*out = (enum paper_line)i;
			return true;
		}
	}
	return false;
}

static bool read_fields(struct str line, struct paper_fields *out)
{
	size_t tabs = 0;
	for (size_t i = 0; i < line.len; i++)
		tabs += line.at[i] == '\t';
	*out = (struct paper_fields){ .count = tabs };
	if (tabs > DOCUMENT_FIELDS_MAX || !find_kind(str_cut(&line, '\t'), &out->kind))
		return false;
	for (size_t i = 0; i < tabs; i++) {
		out->fields[i] = str_cut(&line, '\t');
		if (out->fields[i].len > DOCUMENT_FIELD_MAX || !str_is_utf8(out->fields[i]) ||
		    str_has_control(out->fields[i]))
			return false;
	}
	return out->count >= LINES[out->kind].least && out->count <= LINES[out->kind].most;
}

bool document_next(struct str *rest, struct paper_fields *out, enum err *err)
{
	*err = OK;
	if (str_empty(*rest))
		return false;
	if (!read_fields(str_line(rest), out)) {
		*err = ERR_BAD;
		return false;
	}
	return true;
}

/* What a line may follow. */
struct order {
	size_t line;
	size_t columns; /* of the table that is open; 0: none is */
};

static bool in_order(struct order *order, const struct paper_fields *line)
{
	size_t at = order->line++;
	bool in_table = order->columns != 0;
	if ((at == 0) != (line->kind == PAPER_LANG) || (at == 1) != (line->kind == PAPER_TITLE))
		return false;
	if (in_table && line->kind != PAPER_ROW && line->kind != PAPER_END)
		return false;
	if (line->kind == PAPER_ROW)
		return in_table && line->count == order->columns;
	if (line->kind == PAPER_TABLE)
		order->columns = line->count;
	if (line->kind == PAPER_END)
		order->columns = 0;
	if (line->kind == PAPER_END && !in_table)
		return false;
	return line->kind != PAPER_QR || line->fields[1].len <= DOCUMENT_QR_MAX;
}

/* A language as a tag of letters and hyphens: it is written into the file as it is. */
static bool is_language(struct str text)
{
	static const char SIGNS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
	for (size_t i = 0; i < text.len; i++)
		if (!memchr(SIGNS, text.at[i], sizeof SIGNS - 1))
			return false;
	return text.len >= 2 && text.len <= 12;
}

enum err document_check(struct str text)
{
	struct paper_fields line;
	struct order order = { 0 };
	enum err err = OK;
	if (text.len > DOCUMENT_MAX)
		return ERR_LIMIT;
	while (document_next(&text, &line, &err)) {
		if (!in_order(&order, &line))
			return ERR_BAD;
		if (line.kind == PAPER_LANG && !is_language(line.fields[0]))
			return ERR_BAD;
		if (line.kind == PAPER_TITLE && line.fields[0].len > DOCUMENT_TITLE_MAX)
			return ERR_BAD;
	}
	return err == OK && (order.line < 3 || order.columns != 0) ? ERR_BAD : err;
}
