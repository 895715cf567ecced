#include "recording/webm.h"

#include "base/assert.h"

/* RFC 8794 and RFC 9559 section 5. */
enum {
	EBML = 0x1A45DFA3,
	EBML_VERSION = 0x4286,
	EBML_READ_VERSION = 0x42F7,
	EBML_ID_LENGTH = 0x42F2,
	EBML_SIZE_LENGTH = 0x42F3,
	DOC_TYPE = 0x4282,
	DOC_VERSION = 0x4287,
	DOC_READ_VERSION = 0x4285,
	SEGMENT = 0x18538067,
	INFO = 0x1549A966,
	TIMESTAMP_SCALE = 0x2AD7B1,
	MUXING_APP = 0x4D80,
	WRITING_APP = 0x5741,
	TRACKS = 0x1654AE6B,
	TRACK_ENTRY = 0xAE,
	TRACK_NUMBER = 0xD7,
	TRACK_UID = 0x73C5,
	TRACK_TYPE = 0x83,
	FLAG_LACING = 0x9C,
	CODEC_ID = 0x86,
	CODEC_PRIVATE = 0x63A2,
	SEEK_PRE_ROLL = 0x56BB,
	VIDEO = 0xE0,
	PIXEL_WIDTH = 0xB0,
	PIXEL_HEIGHT = 0xBA,
	AUDIO = 0xE1,
	SAMPLING_FREQUENCY = 0xB5,
	CHANNELS = 0x9F,
	CLUSTER = 0x1F43B675,
	CLUSTER_TIMESTAMP = 0xE7,
	SIMPLE_BLOCK = 0xA3,
};

enum {
	MASTER_MAX = 512,
	TRACK_VIDEO = 1,
	TRACK_AUDIO = 2,
	ONE_TRACK = 0x81, /* its number as a size of one byte */
	BLOCK_KEY = 0x80,
	BLOCK_HEAD = 4,
	ROLL_NS = 80000000, /* Opus has found its voice after 80 ms (RFC 7845 section 4.6) */
};

static void put_id(struct buf *out, uint32_t id)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		if (id >> shift != 0)
			buf_char(out, (char)(uint8_t)(id >> shift));
}

/* Always in four bytes. */
static void put_size(struct buf *out, size_t size)
{
	uint8_t at[4];
	ASSERT(size < 1u << 28);
	put_u32(at, 0x10000000u | (uint32_t)size);
	buf_put(out, at, sizeof at);
}

static void put_unknown_size(struct buf *out)
{
	buf_put(out, "\x01\xff\xff\xff\xff\xff\xff\xff", 8);
}

static void put_element(struct buf *out, uint32_t id, struct bytes value)
{
	put_id(out, id);
	put_size(out, value.len);
	buf_put(out, value.at, value.len);
}

static void put_number(struct buf *out, uint32_t id, uint64_t value)
{
	uint8_t at[8];
	size_t skip = 0;
	put_u64(at, value);
	while (skip < 7 && at[skip] == 0)
		skip++;
	put_element(out, id, bytes_of(at + skip, sizeof at - skip));
}

static void put_text(struct buf *out, uint32_t id, const char *text)
{
	put_element(out, id, bytes_from_text(text));
}

/* An element around what was written. */
static void put_master(struct buf *out, uint32_t id, struct buf *inside)
{
	ASSERT(buf_ok(inside));
	put_element(out, id, buf_bytes(inside));
	buf_clear(inside);
}

static void put_ebml(struct buf *out)
{
	struct buf head = buf_of(MASTER_MAX);
	put_number(&head, EBML_VERSION, 1);
	put_number(&head, EBML_READ_VERSION, 1);
	put_number(&head, EBML_ID_LENGTH, 4);
	put_number(&head, EBML_SIZE_LENGTH, 8);
	put_text(&head, DOC_TYPE, "webm");
	put_number(&head, DOC_VERSION, 4);
	put_number(&head, DOC_READ_VERSION, 2);
	put_master(out, EBML, &head);
}

static void put_info(struct buf *out)
{
	struct buf info = buf_of(MASTER_MAX);
	put_number(&info, TIMESTAMP_SCALE, 1000000); /* milliseconds */
	put_text(&info, MUXING_APP, "Prison Video Link");
	put_text(&info, WRITING_APP, "Prison Video Link");
	put_master(out, INFO, &info);
}

static void put_picture(struct buf *entry, uint16_t width, uint16_t height)
{
	struct buf video = buf_of(MASTER_MAX);
	put_number(&video, PIXEL_WIDTH, width);
	put_number(&video, PIXEL_HEIGHT, height);
	put_master(entry, VIDEO, &video);
}

/* The head of RFC 7845 section 5.1: version 1, two channels, nothing skipped, 48 kHz. */
static void put_sound(struct buf *entry)
{
	static const uint8_t head[] = { 'O', 'p', 'u',  's',  'H', 'e', 'a', 'd', 1, 2,
					0,   0,   0x80, 0xbb, 0,   0,   0,   0,   0 };
	static const uint8_t rate[] = { 0x47, 0x3b, 0x80, 0x00 }; /* 48000.0 */
	struct buf audio = buf_of(MASTER_MAX);
	put_element(entry, CODEC_PRIVATE, bytes_of(head, sizeof head));
	put_number(entry, SEEK_PRE_ROLL, ROLL_NS);
	put_element(&audio, SAMPLING_FREQUENCY, bytes_of(rate, sizeof rate));
	put_number(&audio, CHANNELS, 2);
	put_master(entry, AUDIO, &audio);
}

static const char *codec_id(enum codec codec)
{
	if (codec == CODEC_VP8)
		return "V_VP8";
	return codec == CODEC_VP9 ? "V_VP9" : "A_OPUS";
}

static void put_tracks(struct buf *out, enum codec codec, uint16_t width, uint16_t height)
{
	struct buf entry = buf_of(MASTER_MAX), tracks = buf_of(MASTER_MAX);
	bool video = codec_is_video(codec);
	put_number(&entry, TRACK_NUMBER, 1);
	put_number(&entry, TRACK_UID, 1);
	put_number(&entry, TRACK_TYPE, video ? TRACK_VIDEO : TRACK_AUDIO);
	put_number(&entry, FLAG_LACING, 0);
	put_text(&entry, CODEC_ID, codec_id(codec));
	if (video)
		put_picture(&entry, width, height);
	else
		put_sound(&entry);
	put_master(&tracks, TRACK_ENTRY, &entry);
	put_master(out, TRACKS, &tracks);
}

void webm_begin(struct webm *webm, enum codec codec, uint16_t width, uint16_t height,
		struct buf *out)
{
	*webm = (struct webm){ .codec = codec };
	put_ebml(out);
	put_id(out, SEGMENT);
	put_unknown_size(out);
	put_info(out);
	put_tracks(out, codec, width, height);
}

static void begin_cluster(struct webm *webm, int64_t at_ms, struct buf *out)
{
	webm->in_cluster = true;
	webm->cluster_ms = at_ms;
	put_id(out, CLUSTER);
	put_unknown_size(out);
	put_number(out, CLUSTER_TIMESTAMP, (uint64_t)at_ms);
}

void webm_frame(struct webm *webm, int64_t at_ms, bool key, struct bytes frame, struct buf *out)
{
	bool video = codec_is_video(webm->codec);
	if (!webm->in_cluster || (video && key) || at_ms - webm->cluster_ms >= WEBM_CLUSTER_MS)
		begin_cluster(webm, at_ms, out);
	uint8_t head[BLOCK_HEAD] = { ONE_TRACK, 0, 0, !video || key ? BLOCK_KEY : 0 };
	put_u16(head + 1, (uint16_t)(at_ms - webm->cluster_ms));
	put_id(out, SIMPLE_BLOCK);
	put_size(out, sizeof head + frame.len);
	buf_put(out, head, sizeof head);
	buf_put(out, frame.at, frame.len);
}
