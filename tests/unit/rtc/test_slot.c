/*
 * test_slot.c - what goes out of one receive m-line, read back with the receiver's keys.
 */
#include "../check.h"
#include "base/mem.h"
#include "rtc/ntp.h"
#include "rtc/sequence.h"
#include "rtc/slot.h"
#include "wire/red.h"
#include "wire/rtp.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ .us = 1000000 + n * 1000 };
}

struct fixture {
	struct random random;
	struct outbox outbox;
	struct leg leg;
	struct srtp *receive;
	struct slot slot;
	struct history history;
};

static const struct media_slot video_line = {
	.kind = MEDIA_VIDEO,
	.mid = { .len = 1, .at = "7" },
	.ext = { .mid = 5, .twcc = 7, .dependency = 20, .orientation = 3, .playout_delay = 6 },
	.codecs_len = 2,
	.codecs = { { .codec = CODEC_VP8, .pt = 120, .rtx_pt = 124 },
		    { .codec = CODEC_AV1, .pt = 99 } },
};

static const struct media_slot audio_line = {
	.kind = MEDIA_AUDIO,
	.mid = { .len = 1, .at = "8" },
	.ext = { .abs_send_time = 2, .audio_level = 1 },
	.codecs_len = 1,
	.codecs = { { .codec = CODEC_OPUS, .pt = 109 } },
};

static void begin(struct fixture *f, const struct media_slot *line)
{
	*f = (struct fixture){ .random = random_seeded(5) };
	struct srtp_key key = { .profile = SRTP_AEAD_AES_128_GCM };
	memset(key.key, 0x42, sizeof key.key);
	outbox_init(&f->outbox);
	f->leg = (struct leg){
		.outbox = &f->outbox,
		.srtp = srtp_new(&key, SRTP_SEND),
		.open = true,
		.to = { .family = 4, .port = 9 },
		.rtx_saved = LEG_RTX_SAVED_MAX,
	};
	f->receive = srtp_new(&key, SRTP_RECEIVE);
	slot_init(&f->slot, line, 1, &f->random);
	slot_set_source(&f->slot, &f->leg, 3, 0);
}

static void end(struct fixture *f)
{
	slot_clear(&f->slot);
	history_clear(&f->history);
	srtp_free(f->leg.srtp);
	srtp_free(f->receive);
	outbox_clear(&f->outbox);
}

struct seen {
	uint8_t room[OUTBOX_BYTES];
	struct rtp rtp;
	uint64_t index;
};

/* The next packet, opened; false: nothing was sent. */
static bool see(struct fixture *f, struct seen *seen)
{
	struct address to;
	struct bytes bytes;
	if (!outbox_take(&f->outbox, &to, &bytes))
		return false;
	memcpy(seen->room, bytes.at, bytes.len);
	size_t len = bytes.len;
	assert_int_equal(srtp_unprotect(f->receive, seen->room, &len, &seen->index), OK);
	assert_int_equal(rtp_parse(bytes_of(seen->room, len), &seen->rtp), OK);
	return true;
}

/* A VP8 packet with 15-bit picture id and TL0PICIDX; every 10th number starts a key frame. */
static struct packet vp8(struct fixture *f, uint64_t seq, uint32_t timestamp, bool marker,
			 uint8_t room[64])
{
	bool key = seq % 10 == 0;
	memset(room, (int)seq, 64);
	memcpy(room, (uint8_t[]){ 0x90, 0xe0, 0x80, (uint8_t)seq, (uint8_t)(seq + 1), 0 }, 6);
	room[6] = key ? 0 : 1;
	struct packet packet = {
		.kind = MEDIA_VIDEO,
		.end = 3,
		.seq = SEQUENCE_START + seq,
		.timestamp = timestamp,
		.marker = marker,
		.payload = room,
		.len = 64,
	};
	struct dependency_layers layers = { 0 };
	assert_int_equal(
	    frame_read(CODEC_VP8, bytes_of(room, 64), bytes_of(NULL, 0), &layers, &packet.frame),
	    OK);
	history_put(&f->history, &packet);
	return packet;
}

static enum slot_fate send_vp8(struct fixture *f, uint64_t seq, bool marker, int64_t at_ms)
{
	uint8_t room[64];
	struct packet packet = vp8(f, seq, (uint32_t)seq * 3000, marker, room);
	return slot_forward(&f->slot, &f->leg, &packet, ms(at_ms));
}

static void nothing_goes_before_a_key_frame(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	begin(&f, &video_line);
	assert_int_equal(send_vp8(&f, 17, true, 0), SLOT_WANTS_KEY);
	CHECK(!see(&f, &seen));
	assert_int_equal(send_vp8(&f, 20, true, 10), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	assert_int_equal(seen.rtp.payload_type, 120);
	assert_int_equal(seen.rtp.ssrc, f.slot.ssrc);
	assert_int_equal(rtp_csrc(&seen.rtp, 0), 4);
	CHECK(seen.index < 1 << 15);
	CHECK(bytes_equal(rtp_extension_find(&seen.rtp, 5), bytes_from_text("7")));
	uint16_t number;
	CHECK(rtp_transport_cc_of(rtp_extension_find(&seen.rtp, 7), &number));
	assert_int_equal(number, 0);
	end(&f);
}

static void somebody_else_goes_on_with_clock_numbers_and_pictures(void **state)
{
	(void)state;
	struct fixture f;
	struct seen last;
	struct seen next;
	begin(&f, &video_line);
	send_vp8(&f, 10, true, 0);
	send_vp8(&f, 11, true, 33);
	CHECK(see(&f, &last) && see(&f, &last));
	slot_set_source(&f.slot, &f.leg, 3, 1);
	assert_int_equal(send_vp8(&f, 50, true, 133), SLOT_SENT_ON);
	CHECK(see(&f, &next));
	assert_int_equal(next.index, last.index + 1);
	assert_int_equal(next.rtp.timestamp - last.rtp.timestamp, 9000); /* 100 ms */
	struct vp8 before;
	struct vp8 after;
	assert_int_equal(vp8_parse(last.rtp.payload, &before), OK);
	assert_int_equal(vp8_parse(next.rtp.payload, &after), OK);
	assert_int_equal(after.picture_id, (before.picture_id + 1) & 0x7fff);
	assert_int_equal(after.tl0, (uint8_t)(before.tl0 + 1));
	/* In the same instant: one tick at least. */
	slot_set_source(&f.slot, &f.leg, 3, 2);
	send_vp8(&f, 90, true, 133);
	CHECK(see(&f, &last));
	assert_int_equal(last.rtp.timestamp, next.rtp.timestamp + 1);
	end(&f);
}

/* Picture n of two packets, of this layer; every 8th of the higher layer is a switching point. */
static enum slot_fate send_layer(struct fixture *f, unsigned n, uint8_t layer, unsigned part)
{
	uint8_t room[64];
	struct packet packet = vp8(f, 10 + 2 * n + part, 3000 * n, part == 1, room);
	packet.frame.key = n == 0 && part == 0;
	packet.frame.layer = layer;
	packet.frame.switch_up = layer > 0 && n % 8 == 1;
	packet.frame.vp8.picture_id = (uint16_t)(100 + n);
	return slot_forward(&f->slot, &f->leg, &packet, ms(50 * n));
}

static void without_the_higher_layer_numbers_and_pictures_have_no_hole(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	struct vp8 now;
	uint64_t index = 0;
	unsigned picture = 0, shown = 0;
	begin(&f, &video_line);
	for (unsigned n = 0; n < 32; n++) {
		uint8_t layer = n % 2;
		f.slot.layers.most = n < 6 || n >= 20;      /* in between the lower one alone */
		bool goes = layer == 0 || n < 6 || n >= 25; /* 25: the next switching point */
		for (unsigned part = 0; part < 2; part++) {
			assert_int_equal(send_layer(&f, n, layer, part),
					 goes ? SLOT_SENT_ON : SLOT_NOT_SENT);
			CHECK(see(&f, &seen) == goes);
			if (!goes)
				continue;
			assert_int_equal(vp8_parse(seen.rtp.payload, &now), OK);
			if (shown > 0 || part > 0) {
				assert_int_equal(seen.index, index + 1);
				assert_int_equal(now.picture_id, (picture + (part == 0)) & 0x7fff);
			}
			index = seen.index;
			picture = now.picture_id;
		}
		shown += goes;
	}
	assert_int_equal(shown, 16 + 3 + 4);
	end(&f);
}

/* A hole before it: it cannot be renumbered away, so it goes, whole. */
static void a_layer_that_cannot_be_left_out_safely_goes_whole(void **state)
{
	(void)state;
	struct fixture f;
	struct seen first, seen;
	begin(&f, &video_line);
	f.slot.layers.most = 0;
	send_layer(&f, 0, 0, 0);
	CHECK(see(&f, &first)); /* its second packet is late */
	assert_int_equal(send_layer(&f, 1, 1, 0), SLOT_SENT_ON);
	assert_int_equal(send_layer(&f, 1, 1, 1), SLOT_SENT_ON);
	assert_int_equal(send_layer(&f, 0, 0, 1), SLOT_SENT_ON);
	for (unsigned i = 0; i < 3; i++)
		CHECK(see(&f, &seen));
	assert_int_equal(seen.index, first.index + 1);
	assert_int_equal(send_layer(&f, 2, 0, 0), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	assert_int_equal(seen.index, first.index + 4);
	assert_int_equal(send_layer(&f, 2, 0, 1), SLOT_SENT_ON);
	assert_int_equal(send_layer(&f, 3, 1, 0), SLOT_NOT_SENT);
	end(&f);
}

static void a_change_in_mid_frame_leaves_one_number_out(void **state)
{
	(void)state;
	struct fixture f;
	struct seen last;
	struct seen next;
	begin(&f, &video_line);
	send_vp8(&f, 10, false, 0);
	CHECK(see(&f, &last));
	slot_set_source(&f.slot, &f.leg, 3, 1);
	send_vp8(&f, 40, true, 40);
	CHECK(see(&f, &next));
	assert_int_equal(next.index, last.index + 2);
	end(&f);
}

static void what_nobody_agreed_on_is_not_sent(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	uint8_t room[64];
	begin(&f, &video_line);
	struct packet packet = vp8(&f, 10, 0, true, room);
	packet.frame.codec = CODEC_VP9;
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(0)), SLOT_NOT_SENT);
	packet.frame.codec = CODEC_VP8;
	packet.end = 2; /* not who is shown here */
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(0)), SLOT_NOT_SENT);
	slot_set_source(&f.slot, &f.leg, MEDIA_NO_END, 0);
	packet.end = 3;
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(0)), SLOT_NOT_SENT);
	CHECK(!see(&f, &seen));
	end(&f);
}

/* Least and most in steps of 10 ms, on the first packet of each picture; -1: nothing is said. */
static int64_t said_wait_ms(struct fixture *f, uint64_t seq, uint32_t timestamp, bool marker)
{
	uint8_t room[64];
	struct seen seen;
	struct packet packet = vp8(f, seq, timestamp, marker, room);
	assert_int_equal(slot_forward(&f->slot, &f->leg, &packet, ms((int64_t)seq)), SLOT_SENT_ON);
	CHECK(see(f, &seen));
	struct bytes delay = rtp_extension_find(&seen.rtp, 6);
	if (delay.len == 0)
		return -1;
	assert_int_equal(delay.len, 3);
	assert_int_equal(get_u24(delay.at) & 0xfff, 1000);
	return (int64_t)(get_u24(delay.at) >> 12) * 10;
}

static void each_picture_says_how_long_it_waits(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, &video_line);
	assert_int_equal(said_wait_ms(&f, 20, 3000, true), -1);
	f.slot.waits = true;
	f.slot.wait_us = 120000;
	assert_int_equal(said_wait_ms(&f, 21, 6000, false), 120);
	assert_int_equal(said_wait_ms(&f, 22, 6000, true), -1);
	assert_int_equal(said_wait_ms(&f, 23, 9000, true), 120);
	f.slot.wait_us = 0;
	assert_int_equal(said_wait_ms(&f, 24, 12000, true), 0);
	/* Somebody else is waited for anew. */
	f.slot.wait_us = 120000;
	slot_set_source(&f.slot, &f.leg, 3, 1);
	assert_int_equal(said_wait_ms(&f, 30, 15000, true), 0);
	end(&f);
}

static void the_dependency_descriptor_passes_whole(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	uint8_t room[64] = { 0x18 };
	uint8_t descriptor[40] = { 0x80, 0, 1 }; /* too long for the one-byte form */
	begin(&f, &video_line);
	struct packet packet = {
		.kind = MEDIA_VIDEO,
		.end = 3,
		.seq = SEQUENCE_START,
		.frame = { .codec = CODEC_AV1, .key = true },
		.payload = room,
		.len = sizeof room,
		.dependency = bytes_of(descriptor, sizeof descriptor),
	};
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(0)), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	assert_int_equal(seen.rtp.payload_type, 99);
	CHECK(bytes_equal(rtp_extension_find(&seen.rtp, 20), packet.dependency));
	assert_memory_equal(seen.rtp.payload.at, room, sizeof room);
	end(&f);
}

/* A browser throws away what is numbered before the last structure that it has seen. */
static void its_pictures_are_numbered_on_when_the_source_changes(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	uint8_t room[64] = { 0x18 };
	uint8_t first[4] = { 0x80, 0x12, 0x34, 7 }, later[4] = { 0x80, 0, 1, 7 };
	begin(&f, &video_line);
	struct packet packet = {
		.kind = MEDIA_VIDEO,
		.end = 3,
		.seq = SEQUENCE_START,
		.marker = true,
		.frame = { .codec = CODEC_AV1, .key = true },
		.payload = room,
		.len = sizeof room,
		.dependency = bytes_of(first, sizeof first),
	};
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(0)), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	uint16_t number = get_u16(rtp_extension_find(&seen.rtp, 20).at + 1);
	slot_set_source(&f.slot, &f.leg, 4, 0);
	packet.end = 4;
	packet.dependency = bytes_of(later, sizeof later);
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(40)), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	struct bytes out = rtp_extension_find(&seen.rtp, 20);
	assert_int_equal(get_u16(out.at + 1), (uint16_t)(number + 1));
	assert_int_equal(out.at[3], 7);
	/* Other codecs number their pictures themselves: two numbers would contradict each other. */
	struct packet other = vp8(&f, 10, 9000, true, room);
	other.end = 4;
	other.dependency = bytes_of(later, sizeof later);
	assert_int_equal(slot_forward(&f.slot, &f.leg, &other, ms(80)), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	assert_int_equal(rtp_extension_find(&seen.rtp, 20).len, 0);
	end(&f);
}

/* How long a packet waited in our own socket says nothing of the receiver's line. */
static void a_line_is_judged_from_when_a_packet_leaves_not_from_when_it_came(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, &video_line);
	f.leg.estimator = mem_new(1, sizeof *f.leg.estimator);
	estimator_init(f.leg.estimator, 100000, ms(0));
	uint8_t room[64] = { 0x90, 0x80, 0x80, 0x01, 0x10 };
	struct packet packet = {
		.kind = MEDIA_VIDEO,
		.end = 3,
		.seq = SEQUENCE_START,
		.frame = { .codec = CODEC_AV1, .key = true },
		.payload = room,
		.len = sizeof room,
	};
	f.outbox.leaves = ms(40);
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(10)), SLOT_SENT_ON);
	CHECK(sent_told(&f.leg.estimator->sent, 0, true)->at.us == ms(40).us);
	packet.seq++; /* a timer, after the driver has told its clock */
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(45)), SLOT_SENT_ON);
	CHECK(sent_told(&f.leg.estimator->sent, 1, true)->at.us == ms(45).us);
	free(f.leg.estimator);
	end(&f);
}

static struct packet red(uint8_t *room, size_t cap)
{
	struct red red = {
		.count = 2,
		.block = { { .payload_type = 111,
			     .timestamp_offset = 960,
			     .data = bytes_from_text("older") },
			   { .payload_type = 111, .data = bytes_from_text("newest") } },
	};
	struct writer w = writer_of(room, cap);
	assert_int_equal(red_write(&w, &red), OK);
	return (struct packet){
		.kind = MEDIA_AUDIO,
		.end = 3,
		.seq = SEQUENCE_START,
		.frame = { .codec = CODEC_RED },
		.payload = room,
		.len = w.len,
		.opus_at = w.len - 6,
		.opus_len = 6,
		.level = bytes_of("\x1e", 1),
	};
}

static void of_red_the_newest_frame_goes_on(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	uint8_t room[64];
	begin(&f, &audio_line);
	struct packet packet = red(room, sizeof room);
	assert_int_equal(slot_forward(&f.slot, &f.leg, &packet, ms(0)), SLOT_SENT_ON);
	CHECK(see(&f, &seen));
	assert_int_equal(seen.rtp.payload_type, 109);
	CHECK(bytes_equal(seen.rtp.payload, bytes_from_text("newest")));
	CHECK(bytes_equal(rtp_extension_find(&seen.rtp, 1), bytes_of("\x1e", 1)));
	assert_int_equal(rtp_extension_find(&seen.rtp, 2).len, 3); /* no transport-cc: send time */
	end(&f);
}

/* Sends sound number n, 20 ms each. */
static void speak(struct fixture *f, unsigned n, struct seen *seen)
{
	uint8_t room[64];
	struct packet packet = red(room, sizeof room);
	packet.seq += n;
	packet.timestamp = n * 960;
	packet.payload[packet.opus_at] = (uint8_t)n;
	assert_int_equal(slot_forward(&f->slot, &f->leg, &packet, ms(n * 20)), SLOT_SENT_ON);
	CHECK(see(f, seen));
}

/* Packed anew for this line, with the receiver's own numbers. */
static void on_a_line_that_loses_sound_it_goes_more_than_once(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	struct red unpacked;
	struct media_slot both = audio_line;
	both.codecs[both.codecs_len++] = (struct media_codec){ .codec = CODEC_RED, .pt = 63 };
	begin(&f, &both);
	speak(&f, 0, &seen);
	assert_int_equal(seen.rtp.payload_type, 109);
	f.leg.sound_again = 1;
	speak(&f, 1, &seen);
	speak(&f, 2, &seen);
	assert_int_equal(seen.rtp.payload_type, 63);
	CHECK(!red_parse(seen.rtp.payload, &unpacked));
	assert_int_equal(unpacked.count, 2);
	assert_int_equal(unpacked.block[0].payload_type, 109);
	assert_int_equal(unpacked.block[0].timestamp_offset, 960);
	assert_int_equal(unpacked.block[0].data.at[0], 1);
	assert_int_equal(unpacked.block[1].data.at[0], 2);
	/* Another person: nothing of the first one any more. */
	slot_set_source(&f.slot, &f.leg, 3, 1);
	speak(&f, 3, &seen);
	CHECK(!red_parse(seen.rtp.payload, &unpacked));
	assert_int_equal(unpacked.count, 1);
	f.leg.sound_again = 0;
	speak(&f, 4, &seen);
	assert_int_equal(seen.rtp.payload_type, 109);
	end(&f);
	/* Who takes no RED gets none. */
	begin(&f, &audio_line);
	f.leg.sound_again = 2;
	speak(&f, 0, &seen);
	assert_int_equal(seen.rtp.payload_type, 109);
	end(&f);
}

static void a_repeat_carries_the_very_same_payload(void **state)
{
	(void)state;
	struct fixture f;
	struct seen first;
	struct seen again;
	begin(&f, &video_line);
	send_vp8(&f, 10, true, 0);
	CHECK(see(&f, &first));
	/* Meanwhile somebody else got it too, and the bytes in the history were rewritten. */
	struct packet stored;
	CHECK(history_get(&f.history, SEQUENCE_START + 10, &stored));
	stored.payload[3] ^= 0x55;
	slot_nack(&f.slot, &f.leg, &f.history, (uint16_t)first.index, ms(20));
	CHECK(see(&f, &again));
	assert_int_equal(again.rtp.ssrc, f.slot.rtx_ssrc);
	assert_int_equal(again.rtp.payload_type, 124);
	assert_int_equal(again.rtp.timestamp, first.rtp.timestamp);
	assert_int_equal(get_u16(again.rtp.payload.at), (uint16_t)first.index);
	CHECK(bytes_equal(bytes_slice(again.rtp.payload, 2, 64), first.rtp.payload));
	end(&f);
}

static size_t repeats(struct fixture *f, uint16_t sequence, int64_t at_ms)
{
	struct seen seen;
	size_t count = 0;
	slot_nack(&f->slot, &f->leg, &f->history, sequence, ms(at_ms));
	while (see(f, &seen))
		count++;
	return count;
}

static void a_repeat_is_not_sent_too_soon_too_often_or_too_late(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	begin(&f, &video_line);
	f.leg.rtt_us = 10000;
	send_vp8(&f, 10, true, 0);
	CHECK(see(&f, &seen));
	uint16_t sequence = (uint16_t)seen.index;
	assert_int_equal(repeats(&f, sequence, 20), 1);
	assert_int_equal(repeats(&f, sequence, 59), 0);
	assert_int_equal(repeats(&f, sequence, 60), 1);
	assert_int_equal(repeats(&f, sequence, 200), 1);
	for (unsigned times = 3; times < SLOT_RTX_TIMES; times++)
		assert_int_equal(repeats(&f, sequence, 200 + times * 50), 1);
	assert_int_equal(repeats(&f, sequence, 800), 0); /* often enough */
	assert_int_equal(repeats(&f, (uint16_t)(sequence + 1), 400), 0);
	send_vp8(&f, 11, true, 800);
	send_vp8(&f, 12, true, 800);
	send_vp8(&f, 20, true, 900);
	while (see(&f, &seen))
		;
	assert_int_equal(repeats(&f, (uint16_t)(sequence + 1), 950), 0); /* before the key frame */
	assert_int_equal(repeats(&f, (uint16_t)(sequence + 10), 950), 1);
	assert_int_equal(repeats(&f, (uint16_t)(sequence + 10), 3300),
			 1); /* a decoder waits for it still */
	assert_int_equal(repeats(&f, (uint16_t)(sequence + 10), 3500), 0); /* too old */
	f.leg.rtx_saved = 10;
	send_vp8(&f, 21, true, 3500);
	CHECK(see(&f, &seen));
	assert_int_equal(repeats(&f, (uint16_t)(sequence + 11), 3550), 0); /* no budget */
	end(&f);
}

static void nothing_of_the_last_person_is_repeated(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	begin(&f, &video_line);
	send_vp8(&f, 10, true, 0);
	CHECK(see(&f, &seen));
	uint16_t sequence = (uint16_t)seen.index;
	slot_set_source(&f.slot, &f.leg, 4, 1);
	assert_int_equal(repeats(&f, sequence, 20), 0);
	slot_set_source(&f.slot, &f.leg, 3, 1);
	send_vp8(&f, 30, true, 30);
	CHECK(see(&f, &seen));
	assert_int_equal(repeats(&f, sequence, 50), 0);
	end(&f);
}

static void the_mid_is_told_until_the_receiver_knows_the_stream(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	begin(&f, &video_line);
	size_t with = 0;
	for (uint64_t i = 10; i < 20; i++) {
		send_vp8(&f, i, true, (int64_t)i);
		CHECK(see(&f, &seen));
		with += rtp_extension_find(&seen.rtp, 5).len > 0;
	}
	assert_int_equal(with, 10);
	struct rtcp_report report = { .ssrc = f.slot.ssrc };
	slot_receiver_report(&f.slot, &f.leg, &report, ms(30));
	with = 0;
	for (uint64_t i = 20; i < 148; i++) {
		send_vp8(&f, i, true, (int64_t)i);
		CHECK(see(&f, &seen));
		with += rtp_extension_find(&seen.rtp, 5).len > 0;
	}
	assert_int_equal(with, 2);
	end(&f);
}

static void reports_follow_the_clock_of_the_source(void **state)
{
	(void)state;
	struct fixture f;
	struct seen seen;
	uint8_t room[200];
	struct writer w = writer_of(room, sizeof room);
	struct sender_clock clock = {
		.known = true, .ntp = 5ull << 32, .rtp = 30000, .came = ms(5)
	};
	begin(&f, &video_line);
	slot_sender_report(&f.slot, &w, &clock, 0, ms(10));
	assert_int_equal(w.len, 0); /* nothing was sent yet */
	send_vp8(&f, 10, true, 0);  /* timestamp 30000 at the source */
	CHECK(see(&f, &seen));
	slot_sender_report(&f.slot, &w, &clock, 7ull << 32, ms(505));
	struct rtcp_walk walk = rtcp_walk_of(writer_bytes(&w));
	struct rtcp_packet packet;
	struct rtcp_reports report;
	CHECK(rtcp_next(&walk, &packet));
	assert_int_equal(rtcp_parse_reports(&packet, &report), OK);
	assert_int_equal(report.sender, f.slot.ssrc);
	assert_int_equal(report.ntp, (12ull << 32) + ntp_from_us(500000));
	assert_int_equal(report.rtp_timestamp, seen.rtp.timestamp + 45000);
	assert_int_equal(report.packets, 1);
	assert_int_equal(report.octets, 64);
	/* Its echo measures the round trip. */
	struct rtcp_report echo = {
		.ssrc = f.slot.ssrc,
		.last_sr = (uint32_t)(report.ntp >> 16),
		.delay_since_sr = 65536 / 4,
	};
	slot_receiver_report(&f.slot, &f.leg, &echo, ms(505 + 250 + 80));
	assert_int_equal(f.leg.rtt_us / 1000, 80);
	/* A point of long ago says nothing. */
	size_t before = w.len;
	slot_sender_report(&f.slot, &w, &clock, 0, ms(11000));
	assert_int_equal(w.len, before);
	end(&f);
}

static void key_frames_are_asked_for_three_times_in_ten_seconds(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, &video_line);
	size_t heard = 0;
	for (int64_t at = 0; at < 10000; at += 100)
		heard += slot_pli(&f.slot, ms(at));
	assert_int_equal(heard, 3);
	CHECK(slot_pli(&f.slot, ms(10001)));
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_goes_before_a_key_frame),
		TEST(somebody_else_goes_on_with_clock_numbers_and_pictures),
		TEST(without_the_higher_layer_numbers_and_pictures_have_no_hole),
		TEST(a_layer_that_cannot_be_left_out_safely_goes_whole),
		TEST(a_change_in_mid_frame_leaves_one_number_out),
		TEST(what_nobody_agreed_on_is_not_sent),
		TEST(each_picture_says_how_long_it_waits),
		TEST(the_dependency_descriptor_passes_whole),
		TEST(its_pictures_are_numbered_on_when_the_source_changes),
		TEST(on_a_line_that_loses_sound_it_goes_more_than_once),
		TEST(of_red_the_newest_frame_goes_on),
		TEST(a_repeat_carries_the_very_same_payload),
		TEST(a_repeat_is_not_sent_too_soon_too_often_or_too_late),
		TEST(a_line_is_judged_from_when_a_packet_leaves_not_from_when_it_came),
		TEST(nothing_of_the_last_person_is_repeated),
		TEST(the_mid_is_told_until_the_receiver_knows_the_stream),
		TEST(reports_follow_the_clock_of_the_source),
		TEST(key_frames_are_asked_for_three_times_in_ten_seconds),
	};
	return RUN("rtc/slot", tests);
}
