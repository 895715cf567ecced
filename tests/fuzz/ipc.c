#include "fuzz.h"
#include "ipc/media.h"
#include "ipc/supervisor.h"

/* What decodes encodes, and to the same bytes: there is one form of every message. */
static void media(struct bytes in, bool from_media)
{
	static struct media_message message;
	static uint8_t out[MEDIA_MESSAGE_MAX];
	size_t len;
	if (media_message_decode(in, from_media, &message))
		return;
	ASSERT(media_message_encode(&message, out, sizeof out, &len) == OK);
	ASSERT(bytes_equal(bytes_of(out, len), in));
}

static void supervisor(struct bytes in, bool from_web)
{
	struct supervisor_message message;
	uint8_t out[256];
	size_t len;
	if (supervisor_message_decode(in, from_web, &message))
		return;
	ASSERT(supervisor_message_encode(&message, out, sizeof out, &len) == OK);
	ASSERT(bytes_equal(bytes_of(out, len), in));
}

/* The first byte chooses who is speaking to whom, the rest is the message. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	if (len == 0)
		return 0;
	struct bytes in = bytes_of(at + 1, len - 1);
	if (at[0] & 2)
		supervisor(in, at[0] & 1);
	else
		media(in, at[0] & 1);
	return 0;
}
