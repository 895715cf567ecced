#include "wire/framing.h"

#include <stdlib.h>

#include "fuzz.h"

enum {
	PIECES = 64
};

/* The first byte says how long the pieces are.  Whatever comes out whole goes in again on the
 * other side, loses its oldest part and comes out as it was put. */
static void through(struct framing_in *in, struct framing_out *out, struct framing_in *back)
{
	uint8_t *at;
	size_t len, cap;
	static int64_t now;
	while (framing_in_take(in, &at, &len) == OK) {
		ASSERT(len > 0 && len <= FRAMING_DATAGRAM_MAX);
		struct mono time = { .us = now++ };
		if (!framing_out_put(out, bytes_of(at, len), time))
			framing_out_forget(out, time);
	}
	uint8_t *room = framing_in_room(back, &cap);
	struct bytes waiting = framing_out_waiting(out);
	size_t n = waiting.len < cap ? waiting.len : cap;
	if (n > 0)
		memcpy(room, waiting.at, n);
	framing_in_came(back, n);
	framing_out_left(out, n);
	enum err err;
	while ((err = framing_in_take(back, &at, &len)) == OK)
		continue;
	ASSERT(err == ERR_AGAIN); /* ours is always well framed */
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static struct framing_in in, back;
	static struct framing_out out;
	if (len == 0)
		return 0;
	size_t piece = 1 + at[0] % PIECES * 16;
	memset(&in, 0, sizeof in);
	memset(&back, 0, sizeof back);
	memset(&out, 0, sizeof out);
	for (size_t from = 1; from < len;) {
		size_t cap;
		uint8_t *room = framing_in_room(&in, &cap);
		size_t n = len - from < piece ? len - from : piece;
		if (n > cap)
			n = cap;
		if (n == 0)
			break; /* its sender asked for too long a datagram */
		memcpy(room, at + from, n);
		framing_in_came(&in, n);
		from += n;
		through(&in, &out, &back);
	}
	return 0;
}
