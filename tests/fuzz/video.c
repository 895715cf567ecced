#include "fuzz.h"
#include "wire/av1.h"
#include "wire/dependency.h"
#include "wire/h264.h"
#include "wire/vp8.h"
#include "wire/vp9.h"

static void vp8(struct bytes in)
{
	uint8_t copy[2048];
	struct vp8 before, after;
	if (in.len > sizeof copy || vp8_parse(in, &before))
		return;
	memcpy(copy, in.at, in.len);
	vp8_rewrite(copy, &before, 0x7fff, 0xff, 0x1f);
	ASSERT(vp8_parse(bytes_of(copy, in.len), &after) == OK);
	ASSERT(after.len == before.len && after.key_frame == before.key_frame);
	ASSERT(after.layer == before.layer && after.layer_sync == before.layer_sync);
	vp8_rewrite(copy, &before, before.picture_id, before.tl0, before.key_index);
	ASSERT(vp8_parse(bytes_of(copy, in.len), &after) == OK);
	ASSERT(after.picture_id == before.picture_id && after.tl0 == before.tl0);
	ASSERT(memcmp(copy + before.len, in.at + before.len, in.len - before.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct bytes in = bytes_of(at, len);
	struct vp9 vp9;
	struct av1 av1;
	struct dependency dependency;
	vp8(in);
	if (vp9_parse(in, &vp9) == OK)
		ASSERT(vp9.len <= len && vp9.spatial_layers <= 8);
	any(av1_parse(in, &av1));
	any(dependency_parse(in, &dependency));
	struct dependency_layers layers;
	if (dependency_parse_layers(in, &layers) == OK) {
		ASSERT(layers.len > 0 && layers.len <= DEPENDENCY_TEMPLATES_MAX);
		for (unsigned id = 0; id < DEPENDENCY_TEMPLATES_MAX; id++)
			ASSERT(dependency_temporal(&layers, (uint8_t)id) < layers.len);
	}
	(void)h264_is_key_frame(in);
	return 0;
}
