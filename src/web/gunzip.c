#include "web/gunzip.h"

#include <zlib.h>

enum err gunzip(struct bytes in, struct buf *out)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)in.at, .avail_in = (uInt)in.len };
	uint8_t piece[4096];
	int state = Z_OK;
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return ERR_BAD;
	while (state == Z_OK && buf_ok(out)) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		state = inflate(&z, Z_NO_FLUSH);
		buf_put(out, piece, sizeof(piece) - z.avail_out);
	}
	inflateEnd(&z);
	if (!buf_ok(out))
		return ERR_LIMIT;
	return state == Z_STREAM_END ? OK : ERR_BAD;
}
