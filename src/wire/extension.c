#include "wire/extension.h"

#include "base/assert.h"

static const char *const uris[EXTENSION_COUNT] = {
	[EXTENSION_NONE] = "",
	[EXTENSION_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
	[EXTENSION_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
	[EXTENSION_REPAIRED_RID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
	[EXTENSION_TRANSPORT_CC] =
	    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
	[EXTENSION_AUDIO_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
	[EXTENSION_ABS_SEND_TIME] = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
	[EXTENSION_TIME_OFFSET] = "urn:ietf:params:rtp-hdrext:toffset",
	[EXTENSION_VIDEO_ROTATION] = "urn:3gpp:video-orientation",
	[EXTENSION_PLAYOUT_DELAY] = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
	[EXTENSION_DEPENDENCY] = "https://aomediacodec.github.io/av1-rtp-spec/"
				 "#dependency-descriptor-rtp-header-extension",
};

const char *extension_uri(enum extension extension)
{
	ASSERT(extension < EXTENSION_COUNT);
	return uris[extension];
}

enum extension extension_from_uri(struct str uri)
{
	for (size_t i = EXTENSION_NONE + 1; i < EXTENSION_COUNT; i++)
		if (str_is(uri, uris[i]))
			return (enum extension)i;
	return EXTENSION_NONE;
}
