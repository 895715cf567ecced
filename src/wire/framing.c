#include "wire/framing.h"

#include <string.h>

#include "base/assert.h"

/* ---- in ---- */

uint8_t *framing_in_room(struct framing_in *in, size_t *cap)
{
	size_t left = in->end - in->first;
	if (in->first > 0)
		memmove(in->bytes, in->bytes + in->first, left);
	in->first = 0;
	in->end = left;
	*cap = sizeof in->bytes - left;
	return in->bytes + left;
}

void framing_in_came(struct framing_in *in, size_t len)
{
	ASSERT(len <= sizeof in->bytes - in->end);
	in->end += len;
}

enum err framing_in_take(struct framing_in *in, uint8_t **at, size_t *len)
{
	size_t size = 0;
	while (size == 0) {
		size_t here = in->end - in->first;
		if (here < FRAMING_HEAD)
			return ERR_AGAIN;
		size = get_u16(in->bytes + in->first);
		if (size > FRAMING_DATAGRAM_MAX)
			return ERR_LIMIT;
		if (here < FRAMING_HEAD + size)
			return ERR_AGAIN;
		in->first += FRAMING_HEAD + size;
	}
	*at = in->bytes + in->first - size;
	*len = size;
	return OK;
}

/* ---- out ---- */

static struct framing_out_item *item(struct framing_out *out, size_t i)
{
	return &out->items[(out->first + i) % FRAMING_OUT_DATAGRAMS];
}

static void to_front(struct framing_out *out)
{
	memmove(out->bytes, out->bytes + out->start, out->end - out->start);
	out->end -= out->start;
	out->start = 0;
}

bool framing_out_put(struct framing_out *out, struct bytes datagram, struct mono now)
{
	size_t whole = FRAMING_HEAD + datagram.len;
	if (datagram.len == 0 || datagram.len > FRAMING_DATAGRAM_MAX ||
	    out->count == FRAMING_OUT_DATAGRAMS)
		return false;
	if (out->end + whole > sizeof out->bytes)
		to_front(out);
	if (out->end + whole > sizeof out->bytes)
		return false;
	put_u16(out->bytes + out->end, (uint16_t)datagram.len);
	memcpy(out->bytes + out->end + FRAMING_HEAD, datagram.at, datagram.len);
	out->end += whole;
	*item(out, out->count++) =
	    (struct framing_out_item){ .since = now, .len = (uint32_t)whole };
	return true;
}

struct bytes framing_out_waiting(const struct framing_out *out)
{
	return bytes_of(out->bytes + out->start, out->end - out->start);
}

static void drop_first(struct framing_out *out)
{
	out->first = (out->first + 1) % FRAMING_OUT_DATAGRAMS;
	out->count--;
	out->gone = 0;
}

void framing_out_left(struct framing_out *out, size_t len)
{
	ASSERT(len <= out->end - out->start);
	out->start += len;
	out->gone += len;
	while (out->count > 0 && out->gone >= item(out, 0)->len) {
		size_t beyond = out->gone - item(out, 0)->len;
		drop_first(out);
		out->gone = beyond;
	}
	if (out->count == 0)
		out->start = out->end = 0;
}

/* The rest of a datagram that has begun to leave is moved up to what is kept. */
size_t framing_out_forget(struct framing_out *out, struct mono before)
{
	size_t begun = out->gone > 0 ? 1 : 0;
	size_t rest = begun ? item(out, 0)->len - out->gone : 0;
	size_t dropped = 0, bytes = 0;
	while (begun + dropped < out->count &&
	       mono_before(item(out, begun + dropped)->since, before))
		bytes += item(out, begun + dropped++)->len;
	if (dropped == 0)
		return 0;
	memmove(out->bytes + out->start + bytes, out->bytes + out->start, rest);
	out->start += bytes;
	if (begun)
		*item(out, dropped) = *item(out, 0);
	out->first = (out->first + dropped) % FRAMING_OUT_DATAGRAMS;
	out->count -= dropped;
	if (out->count == 0)
		out->start = out->end = 0;
	return dropped;
}
