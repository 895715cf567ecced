#include "rtc/frame.h"

#include "wire/av1.h"
#include "wire/h264.h"
#include "wire/vp9.h"

static enum err read_vp8(struct bytes payload, struct frame *out)
{
	enum err err = vp8_parse(payload, &out->vp8);
	out->key = !err && out->vp8.key_frame;
	out->layer = out->vp8.layer;
	out->switch_up = out->vp8.layer_sync;
	return err;
}

static enum err read_vp9(struct bytes payload, struct frame *out)
{
	struct vp9 vp9;
	enum err err = vp9_parse(payload, &vp9);
	if (err)
		return err;
	out->key = vp9.key_frame;
	out->layer = vp9.temporal;
	out->switch_up = vp9.switch_up;
	return OK;
}

/* The descriptor is readable where frames are encrypted, so it decides where it is there. */
static enum err read_av1(struct bytes payload, struct bytes descriptor,
			 struct dependency_layers *layers, struct frame *out)
{
	struct dependency dependency;
	if (descriptor.len > 0 && !dependency_parse(descriptor, &dependency)) {
		out->key = dependency.frame_start && dependency.has_structure;
		if (dependency.has_structure && dependency_parse_layers(descriptor, layers))
			layers->len = 0;
		out->layer = dependency_temporal(layers, dependency.template_id);
		/* In the structures of browsers (L1T2, L1T3) a frame refers to lower layers alone. */
		out->switch_up = true;
		return OK;
	}
	struct av1 av1;
	enum err err = av1_parse(payload, &av1);
	out->key = !err && av1.key_frame;
	return err;
}

enum err frame_read(enum codec codec, struct bytes payload, struct bytes dependency,
		    struct dependency_layers *layers, struct frame *out)
{
	struct frame frame = { .codec = codec };
	enum err err = OK;
	switch (codec) {
	case CODEC_VP8:
		err = read_vp8(payload, &frame);
		break;
	case CODEC_VP9:
		err = read_vp9(payload, &frame);
		break;
	case CODEC_AV1:
		err = read_av1(payload, dependency, layers, &frame);
		break;
	case CODEC_H264:
		frame.key = h264_is_key_frame(payload);
		break;
	case CODEC_NONE:
	case CODEC_OPUS:
	case CODEC_RED:
	case CODEC_COUNT:
		err = ERR_BAD;
	}
	if (!err)
		*out = frame;
	return err;
}
