#include "wire/codec.h"

#include "base/assert.h"

static const struct {
	const char *name;
	uint32_t clock_rate;
	bool video;
} codecs[CODEC_COUNT] = {
	[CODEC_NONE] = { "none", 0, false },    [CODEC_OPUS] = { "opus", 48000, false },
	[CODEC_RED] = { "red", 48000, false },  [CODEC_VP8] = { "VP8", 90000, true },
	[CODEC_VP9] = { "VP9", 90000, true },   [CODEC_AV1] = { "AV1", 90000, true },
	[CODEC_H264] = { "H264", 90000, true },
};

const char *codec_name(enum codec codec)
{
	ASSERT(codec < CODEC_COUNT);
	return codecs[codec].name;
}

enum codec codec_from_name(struct str name)
{
	for (size_t i = CODEC_NONE + 1; i < CODEC_COUNT; i++)
		if (str_equal_nocase(name, str_from(codecs[i].name)))
			return (enum codec)i;
	return CODEC_NONE;
}

bool codec_is_video(enum codec codec)
{
	ASSERT(codec < CODEC_COUNT);
	return codecs[codec].video;
}

uint32_t codec_clock_rate(enum codec codec)
{
	ASSERT(codec < CODEC_COUNT);
	return codecs[codec].clock_rate;
}

const char *media_kind_name(enum media_kind kind)
{
	return kind == MEDIA_AUDIO ? "audio" : "video";
}
