#include "ipc/hints.h"

#include <string.h>

#include "base/assert.h"
#include "base/writer.h"
#include "ipc/media.h"

static const char *const NAMES[HINT_KIND_COUNT] = {
	[HINT_COVERED] = "COVERED",
	[HINT_STILL] = "STILL",
	[HINT_NOBODY] = "NOBODY",
	[HINT_FACES] = "FACES",
};

const char *hint_kind_name(enum hint_kind kind)
{
	ASSERT(kind < HINT_KIND_COUNT);
	return NAMES[kind];
}

bool hint_kind_of(const char *name, enum hint_kind *out)
{
	for (unsigned kind = 0; kind < HINT_KIND_COUNT; kind++) {
		if (strcmp(NAMES[kind], name) != 0)
			continue;
		*out = (enum hint_kind)kind;
		return true;
	}
	return false;
}

enum err hint_note_encode(const struct hint_note *note, uint8_t *out, size_t cap, size_t *len)
{
	struct writer w = writer_of(out, cap);
	writer_u8(&w, HINTS_VERSION);
	writer_u64(&w, (uint64_t)note->visit.n);
	writer_u8(&w, note->end);
	writer_u8(&w, (uint8_t)note->kind);
	writer_u8(&w, note->on);
	writer_u8(&w, note->faces);
	if (!writer_ok(&w))
		return ERR_LIMIT;
	*len = w.len;
	return OK;
}

enum err hint_note_decode(struct bytes in, struct hint_note *out)
{
	struct reader r = reader_of(in);
	uint8_t version = reader_u8(&r);
	uint64_t visit = reader_u64(&r);
	uint8_t end = reader_u8(&r), kind = reader_u8(&r), on = reader_u8(&r);
	uint8_t faces = reader_u8(&r);
	if (!reader_ok(&r) || reader_left(&r) > 0 || version != HINTS_VERSION)
		return ERR_BAD;
	if (visit == 0 || visit > INT64_MAX || end >= MEDIA_ENDS_MAX || kind >= HINT_KIND_COUNT ||
	    on > 1 || (kind == HINT_FACES && on == 1 ? faces < 2 : faces != 0))
		return ERR_BAD;
	*out = (struct hint_note){ .visit = { (int64_t)visit },
				   .end = end,
				   .kind = (enum hint_kind)kind,
				   .on = on == 1,
				   .faces = faces };
	return OK;
}
