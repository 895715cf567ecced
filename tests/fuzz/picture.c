/* picture/picture.h: any file becomes a small JPEG or a verdict. */
#include "picture/picture.h"

#include <stdlib.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct bytes out = { 0 };
	enum picture_verdict verdict = picture_remake(bytes_of(at, len), &out);
	ASSERT((verdict == PICTURE_OK) == (out.at != NULL));
	ASSERT(out.len <= PICTURE_MAX);
	ASSERT(out.len == 0 || (out.at[0] == 0xff && out.at[1] == 0xd8));
	free((void *)(uintptr_t)out.at);
	return 0;
}
