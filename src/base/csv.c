#include "base/csv.h"

#include <string.h>

static const char *const SENTENCES[CSV_READ_COUNT] = {
	[CSV_RECORD] = "",
	[CSV_END] = "",
	[CSV_BAD_QUOTE] = "a quotation mark stands where none may: put the whole field in "
			  "quotation marks and double those inside it",
	[CSV_OPEN_QUOTE] = "the file ends inside quotation marks that begin here",
	[CSV_TOO_MANY] = "too many fields",
	[CSV_TOO_LONG] = "the line is too long",
	[CSV_BAD_TEXT] = "the text is not UTF-8, or holds a control character",
};

const char *csv_read_sentence(enum csv_read read)
{
	return read < CSV_READ_COUNT ? SENTENCES[read] : "";
}

struct csv csv_of(struct str text)
{
	if (str_starts(text, "\xef\xbb\xbf"))
		text = str_of(text.at + 3, text.len - 3);
	return (struct csv){ .rest = text, .line = 1 };
}

/* The next byte, -1 at the end. */
static int peek(const struct csv *csv)
{
	return csv->rest.len ? (unsigned char)csv->rest.at[0] : -1;
}

static void skip(struct csv *csv)
{
	if (csv->rest.at[0] == '\n')
		csv->line++;
	csv->rest = str_of(csv->rest.at + 1, csv->rest.len - 1);
}

static bool at_line_end(const struct csv *csv)
{
	return csv->rest.len == 0 || csv->rest.at[0] == '\n' || str_starts(csv->rest, "\r\n");
}

static void end_line(struct csv *csv)
{
	if (peek(csv) == '\r')
		skip(csv);
	if (peek(csv) == '\n')
		skip(csv);
}

static bool put(struct csv_record *r, int c)
{
	if (r->used == CSV_RECORD_MAX)
		return false;
	r->text[r->used++] = (char)c;
	return true;
}

/* The opening quote has been read; up to after the closing one. */
static enum csv_read quoted(struct csv *csv, struct csv_record *r)
{
	for (int c = peek(csv); c >= 0; c = peek(csv)) {
		skip(csv);
		if (c == '"' && peek(csv) != '"')
			return at_line_end(csv) || peek(csv) == ',' ? CSV_RECORD : CSV_BAD_QUOTE;
		if (c == '"')
			skip(csv);
		if (!put(r, c))
			return CSV_TOO_LONG;
	}
	return CSV_OPEN_QUOTE;
}

static enum csv_read bare(struct csv *csv, struct csv_record *r)
{
	while (!at_line_end(csv) && peek(csv) != ',') {
		if (peek(csv) == '"')
			return CSV_BAD_QUOTE;
		if (!put(r, peek(csv)))
			return CSV_TOO_LONG;
		skip(csv);
	}
	return CSV_RECORD;
}

/* Line ends are the only control characters that a field may hold, in quotes. */
static bool acceptable(struct str field)
{
	for (size_t i = 0; i < field.len; i++) {
		unsigned char c = (unsigned char)field.at[i];
		if ((c < 0x20 && c != '\n' && c != '\r') || c == 0x7f)
			return false;
	}
	return str_is_utf8(field);
}

static enum csv_read field(struct csv *csv, struct csv_record *r)
{
	size_t from = r->used;
	bool in_quotes = peek(csv) == '"';
	if (r->count == CSV_FIELDS_MAX)
		return CSV_TOO_MANY;
	if (in_quotes)
		skip(csv);
	enum csv_read read = in_quotes ? quoted(csv, r) : bare(csv, r);
	if (read != CSV_RECORD)
		return read;
	struct str text = str_of(r->text + from, r->used - from);
	if (!acceptable(text) || (!in_quotes && str_has_control(text)))
		return CSV_BAD_TEXT;
	r->fields[r->count++] = text;
	return CSV_RECORD;
}

enum csv_read csv_next(struct csv *csv, struct csv_record *out)
{
	enum csv_read read = CSV_RECORD;
	while (csv->rest.len && at_line_end(csv))
		end_line(csv);
	out->line = csv->line;
	out->count = out->used = 0;
	if (!csv->rest.len)
		return CSV_END;
	for (;;) {
		read = field(csv, out);
		if (read != CSV_RECORD || peek(csv) != ',')
			break;
		skip(csv);
	}
	while (!at_line_end(csv)) /* of a bad record */
		skip(csv);
	end_line(csv);
	return read;
}

/* ---- writing ---- */

static bool looks_like_a_formula(struct str text)
{
	return text.len > 0 && memchr("=+-@\t\r", text.at[0], 6) != NULL;
}

/* A field ends with its quotation mark, so that a line end in front is no part of one. */
static bool begins_a_line(const struct buf *out)
{
	return out->len == 0 || out->at[out->len - 1] == '\n';
}

void csv_field(struct buf *out, struct str text)
{
	if (!begins_a_line(out))
		buf_char(out, ',');
	buf_char(out, '"');
	if (looks_like_a_formula(text))
		buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_char(out, '"');
		buf_char(out, text.at[i]);
	}
	buf_char(out, '"');
}

void csv_end(struct buf *out)
{
	buf_text(out, "\r\n");
}
