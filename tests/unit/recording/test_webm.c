#include "recording/webm.h"

#include <string.h>

#include "../check.h"
#include "base/mem.h"

enum {
	FRAMES = 40,
	FRAME_MS = 400, /* so that several clusters come */
	FILE_MAX = 64 << 10,
	CLUSTERS_MAX = 64,
};

static struct bytes frame_of(int i)
{
	static uint8_t frame[200];
	memset(frame, i, sizeof frame);
	return bytes_of(frame, 20 + (size_t)i);
}

static struct buf file_of(enum codec codec)
{
	struct webm webm;
	struct buf out = buf_of(FILE_MAX);
	bool video = codec_is_video(codec);
	webm_begin(&webm, codec, video ? 640 : 0, video ? 360 : 0, &out);
	for (int i = 0; i < FRAMES; i++)
		webm_frame(&webm, i * FRAME_MS, i % 10 == 0, frame_of(i), &out);
	return out;
}

/* Everything in it again, at other times and on another track. */
static size_t copy(struct bytes file, size_t track, int64_t later_ms, struct buf *out)
{
	struct webm_piece piece;
	struct bytes blocks;
	int64_t at_ms, before = -1;
	size_t clusters = 0;
	if (webm_piece_open(file, &piece) != OK)
		return 0;
	while (webm_piece_next(&piece, &at_ms, &blocks)) {
		CHECK(at_ms > before && clusters < CLUSTERS_MAX);
		before = at_ms;
		webm_join_cluster(track, at_ms + later_ms, blocks, out);
		clusters++;
	}
	return clusters;
}

static void what_is_read_and_written_again_is_the_same_file(void **state)
{
	(void)state;
	static const enum codec codecs[] = { CODEC_OPUS, CODEC_VP8, CODEC_VP9 };
	for (size_t i = 0; i < 3; i++) {
		struct buf file = file_of(codecs[i]), again = buf_of(FILE_MAX);
		struct webm_piece piece;
		CHECK(webm_piece_open(buf_bytes(&file), &piece) == OK);
		CHECK(piece.track.codec == codecs[i]);
		CHECK(piece.track.width == (i ? 640 : 0) && piece.track.height == (i ? 360 : 0));
		webm_join_begin(&piece.track, 1, &again);
		CHECK(copy(buf_bytes(&file), 0, 0, &again) >= 3);
		CHECK(bytes_equal(buf_bytes(&file), buf_bytes(&again)));
		buf_clear(&file);
		buf_clear(&again);
	}
}

static void a_cluster_is_moved_to_another_time_and_track(void **state)
{
	(void)state;
	struct buf file = file_of(CODEC_VP8), moved = buf_of(FILE_MAX);
	struct webm_piece piece, again;
	struct bytes blocks, other;
	int64_t at_ms, there;
	CHECK(webm_piece_open(buf_bytes(&file), &piece) == OK);
	struct webm_track tracks[] = { { .codec = CODEC_OPUS }, piece.track };
	webm_join_begin(&piece.track, 1, &moved);
	CHECK(copy(buf_bytes(&file), 1, 60000, &moved) > 0);
	CHECK(webm_piece_open(buf_bytes(&moved), &again) == OK);
	while (webm_piece_next(&piece, &at_ms, &blocks)) {
		CHECK(webm_piece_next(&again, &there, &other) && there == at_ms + 60000);
		CHECK(other.len == blocks.len && other.at[5] == 0x82 && blocks.at[5] == 0x81);
		CHECK(memcmp(other.at + 6, blocks.at + 6, 23) == 0);
	}
	buf_reset(&moved);
	webm_join_begin(tracks, 2, &moved);
	CHECK(webm_piece_open(buf_bytes(&moved), &again) == ERR_BAD); /* two tracks are no piece */
	buf_clear(&file);
	buf_clear(&moved);
}

/* Each prefix is read up to its last whole frame, and no changed byte leads out of it. */
static void every_prefix_and_every_changed_byte_is_survived(void **state)
{
	(void)state;
	struct buf file = file_of(CODEC_OPUS), out = buf_of(2 * FILE_MAX);
	size_t most = 0;
	for (size_t len = 0; len <= file.len; len++) {
		uint8_t *cut = mem_new(len + 1, 1); /* so that a sanitizer sees its end */
		memcpy(cut, file.at, len);
		buf_reset(&out);
		(void)copy(bytes_of(cut, len), 0, 0, &out);
		CHECK(out.len >= most || out.len == 0);
		most = out.len;
		free(cut);
	}
	for (size_t i = 0; i < file.len; i++) {
		file.at[i] ^= 0x55;
		buf_reset(&out);
		struct webm_piece piece;
		struct bytes blocks;
		int64_t at_ms;
		if (webm_piece_open(buf_bytes(&file), &piece) == OK)
			while (webm_piece_next(&piece, &at_ms, &blocks))
				CHECK(blocks.len <= file.len);
		file.at[i] ^= 0x55;
	}
	buf_clear(&file);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_read_and_written_again_is_the_same_file),
		TEST(a_cluster_is_moved_to_another_time_and_track),
		TEST(every_prefix_and_every_changed_byte_is_survived),
	};
	return RUN("recording/webm", tests);
}
