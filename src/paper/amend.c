#include "paper/amend.h"

#include <stdio.h>
#include <string.h>

enum {
	OBJECTS_MAX = 64, /* written again: the catalog, and pictures */
	NUMBER_MAX = 100000,
	ALT_MAX = 400, /* bytes of what a picture says */
};

/* An object that is written again. */
struct again {
	uint64_t number;
	size_t offset;
};

struct update {
	struct buf *pdf;
	size_t count;
	struct again objects[OBJECTS_MAX];
};

static const char *find(const char *from, const char *end, const char *what)
{
	return from < end ? memmem(from, (size_t)(end - from), what, strlen(what)) : NULL;
}

/* The last one of the file. */
static const char *find_last(const char *from, const char *end, const char *what)
{
	const char *last = NULL;
	for (const char *at = find(from, end, what); at; at = find(at + 1, end, what))
		last = at;
	return last;
}

/* The number in front of which name stands; 0: none. */
static uint64_t number_after(const char *from, const char *end, const char *name)
{
	const char *at = find(from, end, name);
	uint64_t n = 0;
	if (!at)
		return 0;
	for (at += strlen(name); at < end && (*at == ' ' || *at == '\n'); at++)
		;
	for (; at < end && *at >= '0' && *at <= '9' && n < NUMBER_MAX * 1000ull; at++)
		n = n * 10 + (uint64_t)(*at - '0');
	return n;
}

/* The dictionary of an object: what stands between its first << and its last >>. */
static bool dictionary_of(const char *object, const char *end, struct str *out)
{
	const char *stop = find(object, end, "endobj");
	const char *open = stop ? find(object, stop, "<<") : NULL;
	const char *close = stop ? find_last(object, stop, ">>") : NULL;
	if (!open || !close || close < open + 2)
		return false;
	*out = str_of(open + 2, (size_t)(close - open - 2));
	return true;
}

static void begin_object(struct update *u, uint64_t number)
{
	u->objects[u->count++] = (struct again){ number, u->pdf->len };
	buf_printf(u->pdf, "%llu 0 obj\n<<", (unsigned long long)number);
}

static void end_object(struct update *u)
{
	buf_text(u->pdf, ">>\nendobj\n");
}

/* Text as UTF-16 in hexadecimal, which every reader knows; the text is UTF-8. */
static void put_text(struct buf *out, struct str text)
{
	buf_text(out, "<FEFF");
	for (size_t i = 0; i < text.len && i < ALT_MAX;) {
		unsigned char c = (unsigned char)text.at[i];
		size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		uint32_t code = len == 1 ? c : c & (0xffu >> (len + 1));
		for (size_t k = 1; k < len && i + k < text.len; k++)
			code = code << 6 | ((unsigned char)text.at[i + k] & 0x3f);
		if (code >= 0x10000)
			buf_printf(out, "%04X%04X", 0xd800 + ((code - 0x10000) >> 10),
				   0xdc00 + ((code - 0x10000) & 0x3ff));
		else
			buf_printf(out, "%04X", code);
		i += len;
	}
	buf_char(out, '>');
}

/* The number of the object that begins before this place; 0: none. */
static uint64_t object_before(const char *file, const char *at, const char **begin)
{
	const char *obj = find_last(file, at, " 0 obj");
	uint64_t n = 0, unit = 1;
	if (!obj)
		return 0;
	for (*begin = obj; *begin > file && (*begin)[-1] >= '0' && (*begin)[-1] <= '9'; --*begin)
		;
	for (const char *d = obj; d > *begin; d--, unit *= 10)
		n += (uint64_t)(d[-1] - '0') * unit;
	return n;
}

static enum err amend_catalog(struct update *u, const char *file, const char *end, uint64_t root,
			      struct str language)
{
	char name[32];
	struct str dictionary;
	snprintf(name, sizeof name, "\n%llu 0 obj", (unsigned long long)root);
	const char *object = find_last(file, end, name);
	if (!object || !dictionary_of(object + 1, end, &dictionary))
		return ERR_BAD;
	begin_object(u, root);
	buf_str(u->pdf, dictionary);
	buf_printf(u->pdf, "   /Lang (%.*s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n",
		   STR_FMT(language));
	end_object(u);
	return OK;
}

static enum err amend_figures(struct update *u, const char *file, const char *end,
			      const struct amendment *amendment)
{
	static const char FIGURE[] = "/S /Figure";
	size_t seen = 0;
	for (const char *at = find(file, end, FIGURE); at; at = find(at + 1, end, FIGURE)) {
		struct str dictionary;
		const char *begin;
		uint64_t number = object_before(file, at, &begin);
		if (!number || seen == amendment->figure_count || u->count == OBJECTS_MAX ||
		    !dictionary_of(begin, end, &dictionary))
			return ERR_BAD;
		begin_object(u, number);
		buf_str(u->pdf, dictionary);
		buf_text(u->pdf, "   /Alt ");
		put_text(u->pdf, amendment->figures[seen++]);
		buf_char(u->pdf, '\n');
		end_object(u);
	}
	return seen == amendment->figure_count ? OK : ERR_BAD;
}

static void write_table(struct update *u, uint64_t size, uint64_t root, uint64_t info,
			uint64_t previous)
{
	size_t at = u->pdf->len;
	buf_text(u->pdf, "xref\n");
	for (size_t i = 0; i < u->count; i++)
		buf_printf(u->pdf, "%llu 1\n%010zu 00000 n \n",
			   (unsigned long long)u->objects[i].number, u->objects[i].offset);
	buf_printf(u->pdf, "trailer\n<< /Size %llu\n   /Root %llu 0 R\n", (unsigned long long)size,
		   (unsigned long long)root);
	if (info)
		buf_printf(u->pdf, "   /Info %llu 0 R\n", (unsigned long long)info);
	buf_printf(u->pdf, "   /Prev %llu\n>>\nstartxref\n%zu\n%%%%EOF\n",
		   (unsigned long long)previous, at);
}

enum err pdf_amend(struct buf *pdf, const struct amendment *amendment)
{
	struct buf copy = buf_of(pdf->max);
	buf_put(&copy, pdf->at, pdf->len); /* the file moves while it grows */
	const char *file = copy.at, *end = copy.at + copy.len;
	const char *trailer = copy.len ? find_last(file, end, "\ntrailer") : NULL;
	uint64_t root = trailer ? number_after(trailer, end, "/Root") : 0;
	uint64_t size = trailer ? number_after(trailer, end, "/Size") : 0;
	uint64_t info = trailer ? number_after(trailer, end, "/Info") : 0;
	uint64_t previous = trailer ? number_after(trailer, end, "startxref") : 0;
	struct update u = { .pdf = pdf };
	enum err err =
	    buf_ok(&copy) && root && size && size < NUMBER_MAX && previous ? OK : ERR_BAD;
	if (err == OK)
		err = amend_catalog(&u, file, end, root, amendment->language);
	if (err == OK)
		err = amend_figures(&u, file, end, amendment);
	if (err == OK)
		write_table(&u, size, root, info, previous);
	buf_clear(&copy);
	return err == OK && !buf_ok(pdf) ? ERR_LIMIT : err;
}
