#include "wire/h264.h"

enum nal {
	NAL_IDR = 5,
	NAL_SPS = 7,
	NAL_STAP_A = 24,
	NAL_FU_A = 28,
};

static bool is_key_nal(uint8_t header)
{
	uint8_t type = header & 0x1f;
	return type == NAL_IDR || type == NAL_SPS;
}

static bool stap_has_key(struct reader r)
{
	while (reader_left(&r)) {
		struct bytes nal = reader_take(&r, reader_u16(&r));
		if (!reader_ok(&r))
			return false;
		if (nal.len && is_key_nal(nal.at[0]))
			return true;
	}
	return false;
}

bool h264_is_key_frame(struct bytes payload)
{
	struct reader r = reader_of(payload);
	uint8_t header = reader_u8(&r);
	if ((header & 0x1f) == NAL_STAP_A)
		return stap_has_key(r);
	if ((header & 0x1f) != NAL_FU_A)
		return is_key_nal(header);
	uint8_t fragment = reader_u8(&r);
	return (fragment & 0x80) && is_key_nal(fragment);
}
