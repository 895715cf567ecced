#include "wire/rtx.h"

#include <string.h>

enum err rtx_unwrap(struct rtp *rtp, uint32_t ssrc, uint8_t payload_type)
{
	if (rtp->payload.len < RTX_OVERHEAD)
		return ERR_SHORT;
	rtp->sequence = get_u16(rtp->payload.at);
	rtp->ssrc = ssrc;
	rtp->payload_type = payload_type;
	rtp->payload = bytes_slice(rtp->payload, RTX_OVERHEAD, rtp->payload.len - RTX_OVERHEAD);
	return OK;
}

size_t rtx_write(uint8_t *at, size_t cap, const struct rtp_fields *fields, uint16_t original,
		 struct bytes payload)
{
	size_t head = rtp_write_header(at, cap, fields);
	if (head == 0 || cap - head < RTX_OVERHEAD || cap - head - RTX_OVERHEAD < payload.len)
		return 0;
	put_u16(at + head, original);
	if (payload.len)
		memcpy(at + head + RTX_OVERHEAD, payload.at, payload.len);
	return head + RTX_OVERHEAD + payload.len;
}
