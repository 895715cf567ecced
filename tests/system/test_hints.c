/*
 * test_hints.c - the real pvl-hints, with pictures that a real encoder has made.
 *
 * test_hints PVL_HINTS PHOTOS: the second is tests/common/photo.h's directory.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include "../common/photo.h"
#include "../unit/check.h"
#include "base/assert.h"
#include "base/random.h"
#include "hints/hints.h"
#include "ipc/record.h"
#include "ipc/supervisor.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/seqpacket.h"

enum {
	WIDTH = 320,
	HEIGHT = 180,
	VISIT = 77,
	PATIENCE_MS = 60000,
	STEP_S = 15, /* of the time that packets tell, between two pictures */
	PIECE = 1100,
	QUIET_MS = 1500,
};

static const char *program;
static struct photo people, room; /* of the first, two are near the camera */

struct rig {
	struct child hints;
	int control;
	int media;
	vpx_codec_ctx_t encoder;
	vpx_image_t image;
	struct random random;
	uint64_t seq;
	uint32_t timestamp;
	struct mono at;
	size_t notes;
	struct hint_note last;
};

static struct rig rig; /* stands when a test has failed */

static void start(struct rig *r)
{
	static const char *const argv[] = { "pvl-hints", NULL };
	static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
	int control[2], media[2];
	CHECK(seqpacket_pair(control) == OK && seqpacket_pair(media) == OK);
	struct child_fd fds[] = { { .from = control[1], .to = HINTS_FD_CONTROL },
				  { .from = media[1], .to = HINTS_FD_MEDIA } };
	struct child_plan plan = { .path = program,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = ARRAY_LEN(fds) };
	CHECK(child_start(&plan, &r->hints) == OK);
	close(control[1]);
	close(media[1]);
	r->control = control[0];
	r->media = media[0];
}

static int set_up(void **state)
{
	vpx_codec_enc_cfg_t config;
	(void)state;
	rig = (struct rig){ .hints = CHILD_NONE,
			    .random = random_seeded(5),
			    .at = { mono_now().us } };
	CHECK(vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &config, 0) == VPX_CODEC_OK);
	config.g_w = WIDTH;
	config.g_h = HEIGHT;
	config.rc_target_bitrate = 300;
	CHECK(vpx_codec_enc_init(&rig.encoder, vpx_codec_vp8_cx(), &config, 0) == VPX_CODEC_OK);
	CHECK(vpx_img_alloc(&rig.image, VPX_IMG_FMT_I420, WIDTH, HEIGHT, 16) != NULL);
	start(&rig);
	return 0;
}

static int tear_down(void **state)
{
	int code;
	(void)state;
	child_signal(&rig.hints, SIGTERM);
	struct pollfd ended = { .fd = rig.hints.pidfd, .events = POLLIN };
	if (child_runs(&rig.hints) && poll(&ended, 1, PATIENCE_MS) == 1)
		(void)child_ended(&rig.hints, &code);
	close(rig.control);
	close(rig.media);
	vpx_img_free(&rig.image);
	vpx_codec_destroy(&rig.encoder);
	return 0;
}

/* What the camera shows: somebody who sits otherwise for each letter; 'T' two people; 'N' a room; 'C' a
 * hand before it. */
static struct film view(char what)
{
	unsigned by = (unsigned)(what % 8) * 4;
	if (what == 'N')
		return photo_part(&room, (unsigned[]){ 0, 100, 220, 124 });
	if (what == 'T')
		return photo_part(&people, (unsigned[]){ 0, 90, 540, 304 });
	return photo_part(&people, (unsigned[]){ by, 170, 333, 187 });
}

static void draw(struct rig *r, char what)
{
	struct film film = view(what);
	for (unsigned y = 0; y < HEIGHT; y++)
		for (unsigned x = 0; x < WIDTH; x++) {
			unsigned from_x = x * film.luma.width / WIDTH;
			unsigned from_y = y * film.luma.height / HEIGHT;
			size_t colour = from_y / 2 * film.colour_stride + from_x / 2;
			int light = film.luma.at[from_y * film.luma.stride + from_x];
			light = (what == 'C' ? 18 : light) + (int)random_below(&r->random, 5);
			r->image.planes[0][y * (unsigned)r->image.stride[0] + x] =
			    (uint8_t)(light < 255 ? light : 255);
			size_t at = y / 2 * (unsigned)r->image.stride[1] + x / 2;
			r->image.planes[1][at] = what == 'C' ? 128 : film.u[colour];
			r->image.planes[2][at] = what == 'C' ? 128 : film.v[colour];
		}
}

static void send_piece(struct rig *r, struct bytes data, bool first, bool last)
{
	static uint8_t out[RECORD_BATCH_MAX];
	uint8_t payload[PIECE + 1];
	struct writer w = writer_of(out, sizeof out);
	payload[0] = first ? 0x10 : 0; /* RFC 7741: a partition starts */
	memcpy(payload + 1, data.at, data.len);
	struct record_packet p = { .visit = { VISIT },
				   .end = 1,
				   .codec = CODEC_VP8,
				   .key = first,
				   .marker = last,
				   .seq = r->seq++,
				   .timestamp = r->timestamp,
				   .at = r->at,
				   .payload = bytes_of(payload, data.len + 1) };
	record_batch_begin(&w, 0);
	CHECK(record_packet_put(&w, &p));
	enum err err = ERR_AGAIN;
	struct mono until = mono_add_ms(mono_now(), PATIENCE_MS);
	while (err == ERR_AGAIN && mono_before(mono_now(), until)) {
		err = seqpacket_send(r->media, writer_bytes(&w), -1);
		if (err == ERR_AGAIN)
			usleep(10000);
	}
	CHECK(err == OK);
}

static void send_frame(struct rig *r, struct bytes frame)
{
	for (size_t at = 0; at < frame.len; at += PIECE) {
		size_t len = frame.len - at < PIECE ? frame.len - at : PIECE;
		send_piece(r, bytes_of(frame.at + at, len), at == 0, at + len == frame.len);
	}
}

/* STEP_S later by the time that packets tell; a pause of ours, since only so many are looked at in a
 * second. */
static void show(struct rig *r, char what)
{
	vpx_codec_iter_t iter = NULL;
	const vpx_codec_cx_pkt_t *packet;
	draw(r, what);
	CHECK(vpx_codec_encode(&r->encoder, &r->image, (vpx_codec_pts_t)r->seq + 1, 1,
			       VPX_EFLAG_FORCE_KF, VPX_DL_REALTIME) == VPX_CODEC_OK);
	r->timestamp += STEP_S * 90000;
	r->at = mono_add_ms(r->at, STEP_S * 1000);
	while ((packet = vpx_codec_get_cx_data(&r->encoder, &iter)) != NULL)
		if (packet->kind == VPX_CODEC_CX_FRAME_PKT)
			send_frame(r, bytes_of(packet->data.frame.buf, packet->data.frame.sz));
	usleep(60000);
}

static void show_all(struct rig *r, const char *pictures)
{
	for (; *pictures != '\0'; pictures++)
		show(r, *pictures);
}

static void hear(struct rig *r)
{
	uint8_t in[64];
	size_t len;
	while (seqpacket_receive(r->control, in, sizeof in, &len, NULL) == OK) {
		CHECK(hint_note_decode(bytes_of(in, len), &r->last) == OK);
		CHECK(r->last.visit.n == VISIT && r->last.end == 1);
		r->notes++;
	}
}

static void wait_for(struct rig *r, size_t notes, enum hint_kind kind, bool on)
{
	struct mono until = mono_add_ms(mono_now(), PATIENCE_MS);
	while (hear(r), r->notes < notes && mono_before(mono_now(), until))
		usleep(20000);
	assert_int_equal(r->notes, notes);
	CHECK(r->last.kind == kind && r->last.on == on);
}

static void a_covered_camera_is_told_and_so_is_its_end(void **state)
{
	(void)state;
	show_all(&rig, "abcdCCC");
	wait_for(&rig, 1, HINT_COVERED, true);
	show(&rig, 'a');
	wait_for(&rig, 2, HINT_COVERED, false);
}

static void a_picture_that_does_not_move_is_told_in_spite_of_the_cameras_grain(void **state)
{
	(void)state;
	show_all(&rig, "abcaaaaaa");
	wait_for(&rig, 1, HINT_STILL, true);
	show(&rig, 'g');
	wait_for(&rig, 2, HINT_STILL, false);
}

static void of_somebody_who_moves_nothing_is_told(void **state)
{
	(void)state;
	show_all(&rig, "abcdefghijabcdefghij");
	usleep(QUIET_MS * 1000);
	hear(&rig);
	assert_int_equal(rig.notes, 0);
}

static void an_empty_chair_is_told(void **state)
{
	(void)state;
	show_all(&rig, "abcNNNNNN");
	wait_for(&rig, 1, HINT_NOBODY, true);
	show(&rig, 'a');
	wait_for(&rig, 2, HINT_NOBODY, false);
}

static void that_there_are_two_is_told(void **state)
{
	(void)state;
	show_all(&rig, "abcTTT");
	wait_for(&rig, 1, HINT_FACES, true);
	assert_int_equal(rig.last.faces, 2);
	show(&rig, 'a');
	wait_for(&rig, 2, HINT_FACES, false);
}

/* Whatever it is sent, it stays, and sees what comes then. */
static void broken_pictures_are_left_out(void **state)
{
	(void)state;
	uint8_t noise[3000];
	for (int i = 0; i < 200; i++) {
		vpx_codec_iter_t iter = NULL;
		const vpx_codec_cx_pkt_t *packet;
		draw(&rig, (char)('a' + i % 10));
		CHECK(vpx_codec_encode(&rig.encoder, &rig.image, (vpx_codec_pts_t)rig.seq + 1, 1,
				       VPX_EFLAG_FORCE_KF, VPX_DL_REALTIME) == VPX_CODEC_OK);
		rig.timestamp += 90000;
		rig.at = mono_add_ms(rig.at, 2500);
		while ((packet = vpx_codec_get_cx_data(&rig.encoder, &iter)) != NULL) {
			size_t len = packet->data.frame.sz < sizeof noise ? packet->data.frame.sz
									  : sizeof noise;
			memcpy(noise, packet->data.frame.buf, len);
			for (int k = 0; k < 1 + i % 40; k++)
				noise[random_below(&rig.random, len)] =
				    (uint8_t)random_u32(&rig.random);
			send_frame(&rig, bytes_of(noise, len));
		}
	}
	usleep(QUIET_MS * 1000);
	hear(&rig);
	CHECK(child_runs(&rig.hints));
	rig.at = mono_add_ms(rig.at, (HINTS_GAP_MS + 1000));
	rig.last = (struct hint_note){ 0 };
	struct mono until = mono_add_ms(mono_now(), PATIENCE_MS);
	while (hear(&rig),
	       !(rig.last.kind == HINT_COVERED && rig.last.on) && mono_before(mono_now(), until))
		show(&rig, 'C'); /* it may be behind, and leave some out */
	CHECK(rig.last.kind == HINT_COVERED && rig.last.on);
}

#define TEST_OF(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST_OF(a_covered_camera_is_told_and_so_is_its_end),
		TEST_OF(a_picture_that_does_not_move_is_told_in_spite_of_the_cameras_grain),
		TEST_OF(of_somebody_who_moves_nothing_is_told),
		TEST_OF(an_empty_chair_is_told),
		TEST_OF(that_there_are_two_is_told),
		TEST_OF(broken_pictures_are_left_out),
	};
	if (argc != 3)
		return 2;
	program = argv[1];
	people = photo_open(argv[2], 6);
	room = photo_open(argv[2], 3);
	int failed = RUN("system/hints", tests);
	photo_close(&people);
	photo_close(&room);
	return failed;
}
