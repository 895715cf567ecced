/*
 * test_media.c - every message there and back; every way to break one.
 */
#include "../check.h"
#include "base/random.h"
#include "ipc/media.h"

static const struct visit_id visit = { .n = 0x1122334455667788 };
static const struct peer_id peer = { .n = 0x0102030405060708 };

static struct media_text text(const char *from)
{
	struct media_text text = { .len = (uint8_t)strlen(from) };
	memcpy(text.at, from, text.len);
	return text;
}

static struct media_message offer(void)
{
	struct media_message m = {
		.type = MEDIA_PEER_ADD,
		.offer = {
			.visit = visit,
			.peer = peer,
			.end = 7,
			.role = MEDIA_MONITOR,
			.own_page = true,
			.start_bps = 240000,
			.ufrag = text("abcd"),
			.pwd = text("a password of twenty-four"),
			.uplinks_len = MEDIA_UPLINKS_MAX,
			.slots_len = MEDIA_SLOTS_MAX,
		},
	};
	memset(m.offer.fingerprint, 0xaa, sizeof m.offer.fingerprint);
	for (size_t i = 0; i < MEDIA_UPLINKS_MAX; i++)
		m.offer.uplinks[i] = (struct media_uplink){
			.kind = i ? MEDIA_VIDEO : MEDIA_AUDIO,
			.mid = text("mid"),
			.ssrc = 0xdeadbeef,
			.rtx_ssrc = 7,
			.ext = { .mid = 4, .twcc = 3, .audio_level = 14, .dependency = 200 },
			.codecs_len = 2,
			.codecs = {
			    { .codec = CODEC_VP8, .pt = 96, .rtx_pt = 97 },
			    { .codec = CODEC_AV1, .pt = 127, .rtx_pt = 0 },
			},
		};
	for (size_t i = 0; i < MEDIA_SLOTS_MAX; i++)
		m.offer.slots[i] = (struct media_slot){
			.kind = i % 2 ? MEDIA_VIDEO : MEDIA_AUDIO,
			.mid = text("0123456789abcdef"),
			.pair = (uint8_t)(i / 2),
			.ext = { .rid = 1,
				 .repaired_rid = 2,
				 .abs_send_time = 5,
				 .orientation = 6,
				 .playout_delay = 8 },
			.codecs_len = MEDIA_CODECS_MAX,
			.codecs = { { .codec = CODEC_OPUS, .pt = 111 } },
		};
	return m;
}

static struct media_message answer(void)
{
	struct media_message m = {
		.type = MEDIA_PEER_ANSWER,
		.answer = {
			.visit = visit,
			.peer = peer,
			.ufrag = text("ufragufr"),
			.pwd = text("pwdpwdpwdpwdpwdpwdpwdpwd"),
			.slots_len = 3,
			.slots = { { 1, 2 }, { 3, 0 }, { 0xffffffff, 5 } },
		},
	};
	return m;
}

static struct media_message second(void)
{
	struct media_message m = {
		.type = MEDIA_SECOND,
		.second = { .visit = visit,
			    .second = 61,
			    .both_hear = true,
			    .apart_ms = 70001,
			    .ends_len = MEDIA_ENDS_MAX },
	};
	for (uint8_t i = 0; i < MEDIA_ENDS_MAX; i++)
		m.second.ends[i] = (struct media_second_end){
			.state = MEDIA_PEER_LOST,
			.audio_in = 1,
			.deaf = true,
			.silent_ms = 65540,
			.heard_by = (uint8_t)(1u << i),
			.level = 127,
			.packets_in = 50u + i,
			.packets_out = 51,
			.bytes_in = 52,
			.bytes_out = 53,
			.lost_in = 54,
			.rtt_us = 55,
		};
	return m;
}

static struct media_message heartbeat(void)
{
	struct media_message m = {
		.type = MEDIA_HEARTBEAT,
		.heartbeat = {
			.visits = 1,
			.peers = 2,
			.packets_in = (uint64_t)1 << 40,
			.packets_out = 4,
			.dropped = 5,
			.turn_us_max = 6,
		},
	};
	for (size_t i = 0; i < 12; i++)
		m.heartbeat.dropped_by[i] = i * 1000;
	return m;
}

enum {
	SAMPLES = 20
};

/* One of each type, the fields told apart. */
static void samples(struct media_message *m)
{
	const struct media_text ufrag = text("ufrag");
	const struct media_text pwd = text("pwd of the restarted");
	const struct media_message list[SAMPLES] = {
		{ .type = MEDIA_RESYNC },
		{ .type = MEDIA_VISIT_OPEN,
		  .visit = { .visit = visit,
			     .kind = MEDIA_LEGAL,
			     .lifetime_s = 3600,
			     .site = 77,
			     .site_up_bps = 800000,
			     .site_down_bps = 6400000,
			     .weight = 15,
			     .signs = true } },
		{ .type = MEDIA_VISIT_CLOSE,
		  .close = { .visit = visit, .reason = MEDIA_REASON_ENDED } },
		{ .type = MEDIA_ROUTES,
		  .routes = { .visit = visit,
			      .epoch = 9,
			      .hears = { 2, 1 },
			      .sees = { 4, 8, 16 },
			      .recorded_sound = 3,
			      .recorded_picture = 2 } },
		offer(),
		{ .type = MEDIA_PEER_RESTART,
		  .restart = { .visit = visit, .peer = peer, .ufrag = ufrag, .pwd = pwd } },
		{ .type = MEDIA_PEER_CLOSE,
		  .close = { .visit = visit, .peer = peer, .reason = MEDIA_REASON_LEFT } },
		{ .type = MEDIA_PEER_MOST, .most = { .visit = visit, .peer = peer, .tier = 'G' } },
		{ .type = MEDIA_TIER,
		  .tier = { .visit = visit,
			    .peer = peer,
			    .end = 2,
			    .line = 'C',
			    .send = 'D',
			    .wire_bps = 52000,
			    .audio_bps = 12000,
			    .audio_ms = 60,
			    .audio_again = true,
			    .video_bps = 24000,
			    .video_mfps = 8000,
			    .video_height = 360,
			    .signs = true } },
		{ .type = MEDIA_HELLO,
		  .hello = { .instance = 77,
			     .port = 40000,
			     .tcp_ports = { 40000, 443 },
			     .fingerprint = { 1, 2, 3 } } },
		{ .type = MEDIA_VISIT_STANDS,
		  .visit = { .visit = visit, .kind = MEDIA_SOCIAL, .lifetime_s = 1 } },
		{ .type = MEDIA_RESYNC_DONE },
		answer(),
		{ .type = MEDIA_PEER_REFUSED,
		  .refusal = { .visit = visit, .peer = peer, .reason = MEDIA_REASON_FULL } },
		{ .type = MEDIA_PEER_STATE,
		  .state = { .visit = visit,
			     .peer = peer,
			     .end = 3,
			     .role = MEDIA_VISITOR,
			     .state = MEDIA_PEER_CLOSED,
			     .reason = MEDIA_REASON_DTLS } },
		{ .type = MEDIA_SLOTS,
		  .slots = { .visit = visit,
			     .peer = peer,
			     .epoch = 2,
			     .slots_len = 3,
			     .source = { 0, MEDIA_NO_END, 7 } } },
		second(),
		{ .type = MEDIA_LINE,
		  .line = { .visit = visit,
			    .up_bps = 640000,
			    .down_bps = 1200000,
			    .up_full = true } },
		heartbeat(),
		{ .type = MEDIA_VISIT_CLOSED,
		  .close = { .visit = visit, .reason = MEDIA_REASON_LIFETIME } },
	};
	memcpy(m, list, sizeof list);
}

static bool from_media(const struct media_message *m)
{
	return m->type >= MEDIA_HELLO;
}

static size_t encode(const struct media_message *m, uint8_t *out)
{
	size_t len = 0;
	assert_int_equal(media_message_encode(m, out, MEDIA_MESSAGE_MAX, &len), OK);
	return len;
}

static void every_message_comes_back_as_it_went(void **state)
{
	(void)state;
	struct media_message list[SAMPLES];
	samples(list);
	for (size_t i = 0; i < SAMPLES; i++) {
		uint8_t first[MEDIA_MESSAGE_MAX];
		uint8_t again[MEDIA_MESSAGE_MAX];
		size_t len = encode(&list[i], first);
		struct media_message got;
		assert_int_equal(
		    media_message_decode(bytes_of(first, len), from_media(&list[i]), &got), OK);
		assert_int_equal(got.type, list[i].type);
		/* Field by field, by way of the bytes: equal values have one encoding. */
		assert_int_equal(encode(&got, again), len);
		assert_memory_equal(first, again, len);
		/* And the values themselves, where the union has no padding to differ in. */
		if (list[i].type == MEDIA_ROUTES)
			assert_memory_equal(&got.routes, &list[i].routes, sizeof got.routes);
	}
}

static void the_fields_of_an_offer_arrive(void **state)
{
	(void)state;
	uint8_t room[MEDIA_MESSAGE_MAX];
	struct media_message sent = offer();
	size_t len = encode(&sent, room);
	struct media_message got;
	assert_int_equal(media_message_decode(bytes_of(room, len), false, &got), OK);
	assert_int_equal(got.offer.visit.n, visit.n);
	assert_int_equal(got.offer.peer.n, peer.n);
	assert_int_equal(got.offer.end, 7);
	CHECK(got.offer.own_page);
	assert_int_equal(got.offer.start_bps, 240000);
	assert_int_equal(got.offer.pwd.len, 25);
	assert_memory_equal(got.offer.pwd.at, "a password of twenty-four", 25);
	assert_int_equal(got.offer.uplinks[1].ssrc, 0xdeadbeef);
	assert_int_equal(got.offer.uplinks[1].ext.dependency, 200);
	assert_int_equal(got.offer.uplinks[1].codecs[1].codec, CODEC_AV1);
	assert_int_equal(got.offer.slots[13].pair, 6);
	assert_int_equal(got.offer.slots[13].kind, MEDIA_VIDEO);
	assert_int_equal(got.offer.slots[13].ext.playout_delay, 8);
	assert_memory_equal(got.offer.slots[13].mid.at, "0123456789abcdef", 16);
}

static void the_other_side_may_not_send_it(void **state)
{
	(void)state;
	struct media_message list[SAMPLES];
	samples(list);
	for (size_t i = 0; i < SAMPLES; i++) {
		uint8_t room[MEDIA_MESSAGE_MAX];
		size_t len = encode(&list[i], room);
		struct media_message got;
		assert_int_equal(
		    media_message_decode(bytes_of(room, len), !from_media(&list[i]), &got),
		    ERR_BAD);
	}
}

static void no_prefix_and_nothing_longer_is_a_message(void **state)
{
	(void)state;
	struct media_message list[SAMPLES];
	samples(list);
	for (size_t i = 0; i < SAMPLES; i++) {
		uint8_t room[MEDIA_MESSAGE_MAX + 1] = { 0 };
		size_t len = encode(&list[i], room);
		struct media_message got = { .type = 0 };
		for (size_t cut = 0; cut < len; cut++) {
			/* Memory of exactly that length, so that a sanitizer sees an overrun. */
			uint8_t *copy = malloc(cut ? cut : 1);
			memcpy(copy, room, cut);
			assert_int_equal(
			    media_message_decode(bytes_of(copy, cut), from_media(&list[i]), &got),
			    ERR_BAD);
			free(copy);
		}
		assert_int_equal(got.type, 0);
		assert_int_equal(
		    media_message_decode(bytes_of(room, len + 1), from_media(&list[i]), &got),
		    ERR_BAD);
	}
}

/* A flipped byte is refused, or decodes to values that encode to the very same bytes. */
static void a_flipped_byte_is_refused_or_means_something_else(void **state)
{
	(void)state;
	struct media_message list[SAMPLES];
	samples(list);
	size_t refused = 0;
	for (size_t i = 0; i < SAMPLES; i++) {
		uint8_t room[MEDIA_MESSAGE_MAX];
		uint8_t again[MEDIA_MESSAGE_MAX];
		size_t len = encode(&list[i], room);
		for (size_t at = 0; at < len; at++) {
			uint8_t flips[] = { 0x01, 0x80, 0xff };
			for (size_t f = 0; f < 3; f++) {
				room[at] ^= flips[f];
				struct media_message got;
				bool ok = !media_message_decode(bytes_of(room, len),
								from_media(&list[i]), &got);
				refused += !ok;
				if (ok) {
					assert_int_equal(encode(&got, again), len);
					assert_memory_equal(room, again, len);
				}
				room[at] ^= flips[f];
			}
		}
	}
	CHECK(refused > 100);
}

static void what_is_out_of_range_is_not_sent(void **state)
{
	(void)state;
	uint8_t room[MEDIA_MESSAGE_MAX];
	size_t len = 99;
	struct media_message m = offer();
	m.offer.end = MEDIA_ENDS_MAX;
	assert_int_equal(media_message_encode(&m, room, sizeof room, &len), ERR_BAD);
	m = offer();
	m.offer.ufrag.len = MEDIA_UFRAG_MAX + 1;
	assert_int_equal(media_message_encode(&m, room, sizeof room, &len), ERR_BAD);
	m = offer();
	m.offer.slots_len = MEDIA_SLOTS_MAX + 1;
	assert_int_equal(media_message_encode(&m, room, sizeof room, &len), ERR_BAD);
	m = offer();
	m.offer.uplinks[0].codecs[0].pt = 128;
	assert_int_equal(media_message_encode(&m, room, sizeof room, &len), ERR_BAD);
	m = offer();
	m.offer.visit.n = 0;
	assert_int_equal(media_message_encode(&m, room, sizeof room, &len), ERR_BAD);
	m = (struct media_message){ .type = 63 };
	assert_int_equal(media_message_encode(&m, room, sizeof room, &len), ERR_BAD);
	m = offer();
	assert_int_equal(media_message_encode(&m, room, 100, &len), ERR_LIMIT);
	assert_int_equal(len, 99);
}

static void the_largest_offer_fits(void **state)
{
	(void)state;
	struct media_message m = offer();
	m.offer.ufrag.len = MEDIA_UFRAG_MAX;
	m.offer.pwd.len = MEDIA_PWD_MAX;
	for (size_t i = 0; i < MEDIA_UPLINKS_MAX; i++) {
		m.offer.uplinks[i].mid.len = MEDIA_MID_MAX;
		m.offer.uplinks[i].codecs_len = MEDIA_CODECS_MAX;
	}
	uint8_t room[MEDIA_MESSAGE_MAX];
	CHECK(encode(&m, room) <= MEDIA_MESSAGE_MAX);
}

static void every_value_has_a_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= MEDIA_REASON_BAD_OFFER; i++)
		assert_string_not_equal(media_reason_name(i), "unknown");
	for (unsigned i = 0; i <= MEDIA_PEER_CLOSED; i++)
		assert_string_not_equal(media_peer_state_name(i), "unknown");
	for (unsigned i = 0; i <= MEDIA_MONITOR; i++)
		assert_string_not_equal(media_role_name(i), "unknown");
	for (unsigned i = 0; i <= MEDIA_DROP_LATE; i++)
		assert_string_not_equal(media_drop_name(i), "unknown");
	assert_string_equal(media_drop_name(99), "unknown");
	assert_string_equal(media_reason_name(99), "unknown");
}

static void noise_is_refused(void **state)
{
	(void)state;
	struct random random = random_seeded(1);
	for (size_t i = 0; i < 20000; i++) {
		uint8_t room[256];
		random_fill(&random, room, sizeof room);
		room[0] = MEDIA_VERSION;
		room[1] = (uint8_t)random_below(&random, 90);
		struct media_message got;
		size_t len = 3 + random_below(&random, 250);
		uint8_t again[MEDIA_MESSAGE_MAX];
		if (!media_message_decode(bytes_of(room, len), room[1] >= MEDIA_HELLO, &got))
			assert_int_equal(encode(&got, again), len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_message_comes_back_as_it_went),
		TEST(the_fields_of_an_offer_arrive),
		TEST(the_other_side_may_not_send_it),
		TEST(no_prefix_and_nothing_longer_is_a_message),
		TEST(a_flipped_byte_is_refused_or_means_something_else),
		TEST(what_is_out_of_range_is_not_sent),
		TEST(the_largest_offer_fits),
		TEST(every_value_has_a_name),
		TEST(noise_is_refused),
	};
	return RUN("ipc/media", tests);
}
