#include "web/tier_event.h"

static json_t *letter(uint8_t at)
{
	char text[2] = { (char)at, '\0' };
	return at != 0 ? json_string(text) : json_null();
}

static json_t *video(const struct media_tier *tier)
{
	if (tier->video_bps == 0)
		return json_null();
	return json_pack("{s:I, s:f, s:i}", "bps", (json_int_t)tier->video_bps, "fps",
			 (double)tier->video_mfps / 1000, "height", (int)tier->video_height);
}

json_t *tier_json(const struct media_tier *tier)
{
	return json_pack("{s:o, s:o, s:I, s:{s:I, s:i, s:b}, s:o, s:b}", "line", letter(tier->line),
			 "send", letter(tier->send), "bps", (json_int_t)tier->wire_bps, "audio",
			 "bps", (json_int_t)tier->audio_bps, "ms", (int)tier->audio_ms, "again",
			 (int)tier->audio_again, "video", video(tier), "signs", (int)tier->signs);
}
