#include <webp/decode.h>

#include "picture/picture_priv.h"

static enum picture_verdict decode(struct bytes file, WebPDecoderConfig *config, struct pixels *out)
{
	int width, height;
	size_kept(config->input.width, config->input.height, &width, &height);
	*out = pixels_new(width, height);
	if (!out->at)
		return PICTURE_GAVE_UP;
	config->options.use_scaling = 1;
	config->options.scaled_width = width;
	config->options.scaled_height = height;
	config->output.colorspace = MODE_RGB;
	config->output.is_external_memory = 1;
	config->output.u.RGBA.rgba = out->at;
	config->output.u.RGBA.stride = width * 3;
	config->output.u.RGBA.size = (size_t)width * (size_t)height * 3;
	VP8StatusCode said = WebPDecode(file.at, file.len, config);
	if (said == VP8_STATUS_OUT_OF_MEMORY)
		return PICTURE_GAVE_UP;
	return said == VP8_STATUS_OK ? PICTURE_OK : PICTURE_BROKEN;
}

enum picture_verdict webp_read(struct bytes file, struct pixels *out)
{
	WebPDecoderConfig config;
	if (!WebPInitDecoderConfig(&config) ||
	    WebPGetFeatures(file.at, file.len, &config.input) != VP8_STATUS_OK)
		return PICTURE_BROKEN;
	enum picture_verdict verdict = size_verdict(config.input.width, config.input.height);
	if (verdict == PICTURE_OK)
		verdict = decode(file, &config, out);
	WebPFreeDecBuffer(&config.output);
	return verdict;
}
