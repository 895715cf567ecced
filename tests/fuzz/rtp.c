#include "wire/rtp.h"

#include "fuzz.h"
#include "wire/red.h"
#include "wire/rtx.h"

enum {
	EXTENSIONS_MAX = 64
};

/* What was read can be written, and reads the same again. */
static void write_back(const struct rtp *p)
{
	uint8_t out[8192];
	struct rtp_extension list[EXTENSIONS_MAX];
	struct rtp_extensions walk = rtp_extensions_of(p);
	struct rtp_fields f = { .sequence = p->sequence,
				.timestamp = p->timestamp,
				.ssrc = p->ssrc,
				.payload_type = p->payload_type,
				.marker = p->marker,
				.has_csrc = p->csrc_count > 0,
				.extensions = list };
	f.csrc = p->csrc_count ? rtp_csrc(p, 0) : 0;
	while (f.extension_count < EXTENSIONS_MAX &&
	       rtp_extensions_next(&walk, &list[f.extension_count]))
		f.extension_count++;
	struct rtp again;
	size_t len = rtp_write_header(out, sizeof out, &f);
	if (len == 0)
		return;
	ASSERT(rtp_parse_header(bytes_of(out, len), &again) == OK);
	ASSERT(again.sequence == p->sequence && again.timestamp == p->timestamp);
	ASSERT(again.ssrc == p->ssrc && again.marker == p->marker);
	ASSERT(again.payload_type == p->payload_type && again.payload.len == 0);
	for (size_t i = 0; i < f.extension_count; i++) {
		struct bytes first = rtp_extension_find(p, list[i].id);
		ASSERT(bytes_equal(rtp_extension_find(&again, list[i].id), first));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct rtp p;
	struct red red;
	if (rtp_parse(bytes_of(at, len), &p))
		return 0;
	ASSERT(p.header.len >= RTP_HEADER_MIN && p.header.len + p.payload.len <= len);
	write_back(&p);
	if (red_parse(p.payload, &red) == OK)
		ASSERT(red.count >= 1 && red.count <= RED_BLOCKS_MAX);
	any(rtx_unwrap(&p, 1, 96));
	return 0;
}
