#include "recording/webm.h"

#include <string.h>

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
static void write_size(uint8_t at[4], size_t size)
{
	ASSERT(size < 1u << 28);
	put_u32(at, 0x10000000u | (uint32_t)size);
}

static void put_size(struct buf *out, size_t size)
{
	uint8_t at[4];
	write_size(at, size);
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

static void put_track(struct buf *tracks, uint64_t number, const struct webm_track *track)
{
	struct buf entry = buf_of(MASTER_MAX);
	bool video = codec_is_video(track->codec);
	put_number(&entry, TRACK_NUMBER, number);
	put_number(&entry, TRACK_UID, number);
	put_number(&entry, TRACK_TYPE, video ? TRACK_VIDEO : TRACK_AUDIO);
	put_number(&entry, FLAG_LACING, 0);
	put_text(&entry, CODEC_ID, codec_id(track->codec));
	if (video)
		put_picture(&entry, track->width, track->height);
	else
		put_sound(&entry);
	put_master(tracks, TRACK_ENTRY, &entry);
}

void webm_join_begin(const struct webm_track *all, size_t count, struct buf *out)
{
	struct buf tracks = buf_of(WEBM_TRACKS_MAX * MASTER_MAX);
	ASSERT(count <= WEBM_TRACKS_MAX);
	put_ebml(out);
	put_id(out, SEGMENT);
	put_unknown_size(out);
	put_info(out);
	for (size_t i = 0; i < count; i++)
		put_track(&tracks, i + 1, &all[i]);
	put_master(out, TRACKS, &tracks);
}

void webm_begin(struct webm *webm, enum codec codec, uint16_t width, uint16_t height,
		struct buf *out)
{
	struct webm_track track = { .codec = codec, .width = width, .height = height };
	*webm = (struct webm){ .codec = codec };
	webm_join_begin(&track, 1, out);
}

static void put_cluster(int64_t at_ms, struct buf *out)
{
	put_id(out, CLUSTER);
	put_unknown_size(out);
	put_number(out, CLUSTER_TIMESTAMP, (uint64_t)at_ms);
}

static void begin_cluster(struct webm *webm, int64_t at_ms, struct buf *out)
{
	webm->in_cluster = true;
	webm->cluster_ms = at_ms;
	put_cluster(at_ms, out);
}

void webm_frame(struct webm *webm, int64_t at_ms, bool key, struct bytes frame, struct buf *out)
{
	bool video = codec_is_video(webm->codec);
	if (!webm->in_cluster || (video && key) || at_ms - webm->cluster_ms >= WEBM_CLUSTER_MS)
		begin_cluster(webm, at_ms, out);
	uint8_t head[1 + 4 + BLOCK_HEAD] = { SIMPLE_BLOCK };
	write_size(head + 1, BLOCK_HEAD + frame.len);
	head[5] = ONE_TRACK;
	put_u16(head + 6, (uint16_t)(at_ms - webm->cluster_ms));
	head[8] = !video || key ? BLOCK_KEY : 0;
	buf_put(out, head, sizeof head);
	buf_put(out, frame.at, frame.len);
}

/* ---- reading it again ---- */

enum {
	ID_MAX = 4,
	SIZE_MAX_LEN = 8,
};

struct element {
	uint32_t id;
	bool unknown; /* its end is not told */
	struct bytes value;
};

/* How many bytes a number has by its first one; 0: none that may stand there. */
static size_t length_of(uint8_t first, size_t most)
{
	size_t len = 1;
	while (len <= most && (first & (0x100u >> len)) == 0)
		len++;
	return len <= most ? len : 0;
}

/* *at is moved behind the element's head where its size is unknown, else behind it.  False: cut off. */
static bool next_element(struct bytes *at, struct element *out)
{
	struct reader r = reader_of(*at);
	size_t id_len = at->len > 0 ? length_of(at->at[0], ID_MAX) : 0;
	uint32_t id = 0;
	if (id_len == 0)
		return false;
	for (size_t i = 0; i < id_len; i++)
		id = id << 8 | reader_u8(&r);
	uint8_t first = reader_u8(&r);
	size_t size_len = reader_ok(&r) ? length_of(first, SIZE_MAX_LEN) : 0;
	if (size_len == 0)
		return false;
	uint64_t size = first & (0xffu >> size_len), most = (UINT64_C(1) << 7 * size_len) - 1;
	for (size_t i = 1; i < size_len; i++)
		size = size << 8 | reader_u8(&r);
	size_t head = id_len + size_len;
	*out = (struct element){ .id = id, .unknown = size == most };
	if (!reader_ok(&r) || (!out->unknown && size > at->len - head))
		return false;
	out->value = bytes_of(at->at + head, out->unknown ? 0 : (size_t)size);
	*at = bytes_of(at->at + head + out->value.len, at->len - head - out->value.len);
	return true;
}

static uint64_t number_in(struct bytes value)
{
	uint64_t number = 0;
	for (size_t i = 0; i < value.len && i < 8; i++)
		number = number << 8 | value.at[i];
	return number;
}

static bool is_text(struct bytes value, const char *text)
{
	return value.len == strlen(text) && memcmp(value.at, text, value.len) == 0;
}

static void read_picture(struct bytes video, struct webm_track *out)
{
	struct element e;
	while (next_element(&video, &e)) {
		if (e.id == PIXEL_WIDTH)
			out->width = (uint16_t)number_in(e.value);
		else if (e.id == PIXEL_HEIGHT)
			out->height = (uint16_t)number_in(e.value);
	}
}

static void read_entry(struct bytes entry, struct webm_track *out)
{
	struct element e;
	while (next_element(&entry, &e)) {
		if (e.id == VIDEO)
			read_picture(e.value, out);
		else if (e.id == CODEC_ID && is_text(e.value, codec_id(CODEC_VP8)))
			out->codec = CODEC_VP8;
		else if (e.id == CODEC_ID && is_text(e.value, codec_id(CODEC_VP9)))
			out->codec = CODEC_VP9;
	}
}

enum err webm_piece_open(struct bytes file, struct webm_piece *out)
{
	struct webm_piece piece = { .rest = file, .track = { .codec = CODEC_OPUS } };
	struct element e;
	if (!next_element(&piece.rest, &e) || e.id != EBML || !next_element(&piece.rest, &e) ||
	    e.id != SEGMENT || !e.unknown || !next_element(&piece.rest, &e) || e.id != INFO ||
	    !next_element(&piece.rest, &e) || e.id != TRACKS)
		return ERR_BAD;
	struct bytes tracks = e.value;
	if (!next_element(&tracks, &e) || e.id != TRACK_ENTRY || tracks.len != 0)
		return ERR_BAD;
	read_entry(e.value, &piece.track);
	*out = piece;
	return OK;
}

bool webm_piece_next(struct webm_piece *piece, int64_t *at_ms, struct bytes *blocks)
{
	struct element e;
	if (!next_element(&piece->rest, &e) || e.id != CLUSTER || !e.unknown ||
	    !next_element(&piece->rest, &e) || e.id != CLUSTER_TIMESTAMP)
		return false;
	*at_ms = (int64_t)number_in(e.value);
	const uint8_t *from = piece->rest.at;
	struct bytes ahead = piece->rest;
	while (next_element(&ahead, &e) && e.id == SIMPLE_BLOCK && e.value.len >= BLOCK_HEAD)
		piece->rest = ahead;
	*blocks = bytes_of(from, (size_t)(piece->rest.at - from));
	return true;
}

void webm_join_cluster(size_t track, int64_t at_ms, struct bytes blocks, struct buf *out)
{
	struct element e;
	put_cluster(at_ms, out);
	while (next_element(&blocks, &e)) {
		uint8_t number = (uint8_t)(0x80 | (track + 1));
		put_id(out, SIMPLE_BLOCK);
		put_size(out, e.value.len);
		buf_put(out, &number, 1);
		buf_put(out, e.value.at + 1, e.value.len - 1);
	}
}
