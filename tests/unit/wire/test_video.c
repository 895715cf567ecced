#include "mangle.h"
#include "wire/av1.h"
#include "wire/codec.h"
#include "wire/dependency.h"
#include "wire/extension.h"
#include "wire/h264.h"
#include "wire/vp8.h"
#include "wire/vp9.h"

static struct bytes hex(const char *text)
{
	static uint8_t memory[256];
	return unhex(text, memory);
}

static void vp8_reads_the_whole_descriptor(void **state)
{
	(void)state;
	struct vp8 d;
	assert_int_equal(vp8_parse(hex("90 f0 8123 45 a7 10 00"), &d), OK);
	assert_true(d.frame_start && d.key_frame && d.has_picture_id && d.long_picture_id);
	assert_int_equal(d.picture_id, 0x123);
	assert_true(d.has_tl0 && d.has_layer && d.has_key_index && d.layer_sync);
	assert_int_equal(d.tl0, 0x45);
	assert_int_equal(d.layer, 2);
	assert_int_equal(d.key_index, 7);
	assert_int_equal(d.len, 6);
}

static void vp8_reads_the_small_forms(void **state)
{
	(void)state;
	struct vp8 d;
	assert_int_equal(vp8_parse(hex("10 01"), &d), OK);
	assert_true(d.frame_start && !d.key_frame && !d.has_picture_id);
	assert_int_equal(d.len, 1);
	assert_int_equal(vp8_parse(hex("80 80 17 00"), &d), OK);
	assert_true(!d.frame_start && !d.key_frame && d.has_picture_id && !d.long_picture_id);
	assert_int_equal(d.picture_id, 0x17);
	assert_int_equal(vp8_parse(hex("11 00"), &d), OK); /* partition 1: no frame starts */
	assert_false(d.frame_start || d.key_frame);
	assert_int_equal(vp8_parse(hex("90 80 80 01"), &d), ERR_SHORT);
	assert_int_equal(vp8_parse(hex(""), &d), ERR_SHORT);
}

static void vp8_rewrites_keep_form_and_the_rest(void **state)
{
	(void)state;
	/* every combination of the four parts, both forms of picture id */
	for (unsigned flags = 0; flags < 32; flags++) {
		uint8_t payload[16] = { 0x90, (uint8_t)(flags << 4) };
		size_t n = 2;
		struct vp8 before, after;
		if (flags & 8) {
			payload[n++] = flags & 16 ? 0x81 : 0x01;
			if (flags & 16)
				payload[n++] = 0x02;
		}
		if (flags & 4)
			payload[n++] = 3;
		if (flags & 3)
			payload[n++] = 0x65;
		payload[n++] = 0x77;
		assert_int_equal(vp8_parse(bytes_of(payload, n), &before), OK);
		vp8_rewrite(payload, &before, 0x7abc, 200, 30);
		assert_int_equal(vp8_parse(bytes_of(payload, n), &after), OK);
		assert_int_equal(after.len, before.len);
		assert_int_equal(after.long_picture_id, before.long_picture_id);
		uint16_t id = before.long_picture_id ? 0x7abc : 0x3c;
		assert_int_equal(after.picture_id, before.has_picture_id ? id : 0);
		assert_int_equal(after.tl0, before.has_tl0 ? 200 : 0);
		assert_int_equal(after.key_index, before.has_key_index ? 30 : 0);
		assert_int_equal(after.layer, before.layer);
		assert_int_equal(after.layer_sync, before.layer_sync);
		assert_int_equal(payload[n - 1], 0x77);
	}
}

static void vp9_reads_layers_and_structure(void **state)
{
	(void)state;
	struct vp9 d;
	/* I L B E V, not flexible; two layers with sizes, one picture with one reference */
	assert_int_equal(vp9_parse(hex("ae 8123 50 07 38 0140 00b4 0280 0168 01 04 01 ff"), &d),
			 OK);
	assert_true(d.frame_start && d.frame_end && d.key_frame && !d.predicted && !d.flexible);
	assert_int_equal(d.picture_id, 0x123);
	assert_int_equal(d.temporal, 2);
	assert_true(d.switch_up && !d.inter_layer);
	assert_int_equal(d.spatial, 0);
	assert_int_equal(d.tl0, 7);
	assert_true(d.has_structure);
	assert_int_equal(d.spatial_layers, 2);
	assert_int_equal(d.width, 640);
	assert_int_equal(d.height, 360);
	assert_int_equal(d.len, 17);
}

static void vp9_key_frames_start_at_the_lowest_layer(void **state)
{
	(void)state;
	struct vp9 d;
	assert_int_equal(vp9_parse(hex("a8 05 00 01"), &d), OK);
	assert_true(d.key_frame);
	assert_int_equal(vp9_parse(hex("e8 05 00 01"), &d), OK);
	assert_false(d.key_frame); /* predicted */
	assert_int_equal(vp9_parse(hex("a8 05 02 01"), &d), OK);
	assert_false(d.key_frame); /* an upper layer */
	assert_int_equal(vp9_parse(hex("a0 05 00 01"), &d), OK);
	assert_false(d.key_frame); /* not its first packet */
}

static void vp9_reads_references_of_the_flexible_mode(void **state)
{
	(void)state;
	struct vp9 d;
	assert_int_equal(vp9_parse(hex("d8 05 03 05 02"), &d), OK);
	assert_int_equal(d.len, 5);
	assert_int_equal(vp9_parse(hex("d8 05 03 05 03 02"), &d), ERR_BAD);
	assert_int_equal(vp9_parse(hex("d8 05 03"), &d), ERR_SHORT);
}

static void av1_finds_the_start_of_a_sequence(void **state)
{
	(void)state;
	struct av1 d;
	/* N, W=2: sequence header with its length, then a frame */
	assert_int_equal(av1_parse(hex("28 03 08 0000 30 aabb"), &d), OK);
	assert_true(d.key_frame && d.sequence_start && d.sequence_header);
	assert_int_equal(d.elements, 2);
	/* W=0, without N */
	assert_int_equal(av1_parse(hex("00 03 08 0000 03 30 aabb"), &d), OK);
	assert_true(d.key_frame && d.sequence_header && !d.sequence_start);
	/* a frame alone */
	assert_int_equal(av1_parse(hex("10 30 aabb"), &d), OK);
	assert_false(d.key_frame);
	/* the first byte of a continued element is no header */
	assert_int_equal(av1_parse(hex("90 08 aabb"), &d), OK);
	assert_false(d.key_frame || d.sequence_header);
}

static void av1_refuses_elements_out_of_bounds(void **state)
{
	(void)state;
	struct av1 d;
	assert_int_equal(av1_parse(hex(""), &d), ERR_SHORT);
	assert_int_equal(av1_parse(hex("88 30"), &d), ERR_BAD); /* N and Z */
	assert_int_equal(av1_parse(hex("20 05 08 00"), &d), ERR_BAD);
	assert_int_equal(av1_parse(hex("00 ffffffff 7f 08"), &d), ERR_BAD);
}

static void the_dependency_descriptor_has_three_fixed_bytes(void **state)
{
	(void)state;
	struct dependency d;
	assert_int_equal(dependency_parse(hex("c5 1234"), &d), OK);
	assert_true(d.frame_start && d.frame_end && !d.has_structure);
	assert_int_equal(d.template_id, 5);
	assert_int_equal(d.frame_number, 0x1234);
	assert_int_equal(dependency_parse(hex("85 1234 80"), &d), OK);
	assert_true(d.has_structure && !d.frame_end);
	assert_int_equal(dependency_parse(hex("85 12"), &d), ERR_SHORT);
}

static void the_dependency_structure_tells_the_layer_of_each_template(void **state)
{
	(void)state;
	struct dependency_layers l = { 0 };
	/* 80 0001, flags 10000, offset 62, one decode target more, layers 0 0 1 1 2 */
	/* 10000 111110 00001 | 00 01 00 01 11 */
	assert_int_equal(dependency_parse_layers(hex("80 0001 87c1 11c0"), &l), OK);
	assert_int_equal(l.len, 5);
	assert_int_equal(dependency_temporal(&l, 62), 0);
	assert_int_equal(dependency_temporal(&l, 63), 0);
	assert_int_equal(dependency_temporal(&l, 0), 1);
	assert_int_equal(dependency_temporal(&l, 1), 1);
	assert_int_equal(dependency_temporal(&l, 2), 2);
	assert_int_equal(dependency_temporal(&l, 3), 0); /* not of this structure */
	/* A spatial layer begins at the lowest temporal one. */
	assert_int_equal(dependency_parse_layers(hex("80 0001 8001 6c"), &l), OK);
	assert_int_equal(l.len, 3);
	assert_int_equal(dependency_temporal(&l, 1), 1);
	assert_int_equal(dependency_temporal(&l, 2), 0);
	/* It ends too soon, or never. */
	assert_int_equal(dependency_parse_layers(hex("80 0001 8001"), &l), ERR_SHORT);
	uint8_t endless[64] = { 0x80, 0, 1, 0x80 };
	assert_int_equal(dependency_parse_layers(bytes_of(endless, sizeof endless), &l), ERR_BAD);
	assert_int_equal(l.len, 3);
}

static void h264_finds_key_frames_in_every_packing(void **state)
{
	(void)state;
	assert_true(h264_is_key_frame(hex("65 88")));
	assert_true(h264_is_key_frame(hex("67 42")));
	assert_false(h264_is_key_frame(hex("41 9a")));
	assert_true(h264_is_key_frame(hex("78 0002 0910 0002 6742")));
	assert_false(h264_is_key_frame(hex("78 0002 0910 0002 419a")));
	assert_false(h264_is_key_frame(hex("78 0002 0910 0009 6742"))); /* runs over */
	assert_true(h264_is_key_frame(hex("7c 85 88")));
	assert_false(h264_is_key_frame(hex("7c 45 88"))); /* not the first fragment */
	assert_false(h264_is_key_frame(hex("")));
	assert_false(h264_is_key_frame(hex("7c")));
}

static void try_all(struct bytes b)
{
	struct vp8 vp8;
	struct vp9 vp9;
	struct av1 av1;
	struct dependency dependency;
	if (!vp8_parse(b, &vp8)) {
		uint8_t copy[64];
		assert_true(vp8.len < b.len && vp8.len <= 6);
		memcpy(copy, b.at, b.len);
		vp8_rewrite(copy, &vp8, 1, 2, 3);
		assert_memory_equal(copy + vp8.len, b.at + vp8.len, b.len - vp8.len);
	}
	if (!vp9_parse(b, &vp9))
		assert_true(vp9.len <= b.len);
	any(av1_parse(b, &av1));
	any(dependency_parse(b, &dependency));
	struct dependency_layers layers;
	any(dependency_parse_layers(b, &layers));
	(void)h264_is_key_frame(b);
}

static void all_survive_every_cut_and_flip(void **state)
{
	(void)state;
	mangle(hex("90 f0 8123 45 a7 10 00"), try_all);
	mangle(hex("ae 8123 50 07 38 0140 00b4 0280 0168 01 04 01 ff"), try_all);
	mangle(hex("d8 05 03 05 02 11"), try_all);
	mangle(hex("28 03 08 0000 30 aabb"), try_all);
	mangle(hex("78 0002 0910 0002 6742"), try_all);
	mangle(hex("85 1234 80"), try_all);
}

static void codecs_and_extensions_are_known_by_name(void **state)
{
	(void)state;
	for (int c = CODEC_OPUS; c < CODEC_COUNT; c++) {
		assert_int_equal(codec_from_name(str_from(codec_name((enum codec)c))), c);
		assert_int_equal(codec_clock_rate((enum codec)c),
				 codec_is_video((enum codec)c) ? 90000 : 48000);
	}
	assert_int_equal(codec_from_name(STR("vp8")), CODEC_VP8);
	assert_int_equal(codec_from_name(STR("none")), CODEC_NONE);
	for (int e = EXTENSION_MID; e < EXTENSION_COUNT; e++)
		assert_int_equal(extension_from_uri(str_from(extension_uri((enum extension)e))), e);
	assert_int_equal(extension_from_uri(STR("")), EXTENSION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(vp8_reads_the_whole_descriptor),
		TEST(vp8_reads_the_small_forms),
		TEST(vp8_rewrites_keep_form_and_the_rest),
		TEST(vp9_reads_layers_and_structure),
		TEST(vp9_key_frames_start_at_the_lowest_layer),
		TEST(vp9_reads_references_of_the_flexible_mode),
		TEST(av1_finds_the_start_of_a_sequence),
		TEST(av1_refuses_elements_out_of_bounds),
		TEST(the_dependency_descriptor_has_three_fixed_bytes),
		TEST(the_dependency_structure_tells_the_layer_of_each_template),
		TEST(h264_finds_key_frames_in_every_packing),
		TEST(all_survive_every_cut_and_flip),
		TEST(codecs_and_extensions_are_known_by_name),
	};
	return RUN("wire/video", tests);
}
