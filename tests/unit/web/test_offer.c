#include "web/offer.h"

#include <zlib.h>

#include <stdio.h>

#include "../check.h"
#include "web/gunzip.h"

#define SESSION                                                                                    \
	"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3\r\n"            \
	"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"                                 \
	"a=fingerprint:sha-256 "                                                                   \
	"00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:"  \
	"1D:1E:1F\r\n"
#define AUDIO(mid, direction)                                                                      \
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:" mid "\r\na=" direction     \
	"\r\na=rtcp-mux\r\na=setup:actpass\r\na=rtpmap:111 opus/48000/2\r\n"                       \
	"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
#define VIDEO(mid, direction)                                                                      \
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\nc=IN IP4 0.0.0.0\r\na=mid:" mid                   \
	"\r\na=" direction                                                                         \
	"\r\na=rtcp-mux\r\na=setup:actpass\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n"  \
	"a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 H264/90000\r\n"

static const char page_offer[] = SESSION AUDIO("0", "sendonly") VIDEO("1", "sendonly")
    AUDIO("2", "recvonly") VIDEO("3", "recvonly");

static struct sdp_offer offer;
static struct offer_plan plan;

static const char *plan_of(const char *text, bool own_page)
{
	struct sdp_fault fault = { 0 };
	if (sdp_parse(str_from(text), &offer, &fault) != OK)
		fail_msg("line %zu: %s", fault.line, fault.what);
	return offer_plan(&offer, own_page, &plan);
}

static void a_page_has_an_uplink_and_slots(void **state)
{
	(void)state;
	assert_null(plan_of(page_offer, true));
	const struct media_offer *m = &plan.media;
	assert_int_equal(m->uplinks_len, 2);
	assert_int_equal(m->slots_len, 2);
	CHECK(m->own_page && m->uplinks[0].kind == MEDIA_AUDIO &&
	      m->uplinks[1].kind == MEDIA_VIDEO);
	CHECK(m->slots[0].pair == 0 && m->slots[1].pair == 0);
	assert_int_equal(m->uplinks[1].codecs_len, 1);
	CHECK(m->uplinks[1].codecs[0].codec == CODEC_VP8 && m->uplinks[1].codecs[0].rtx_pt == 97);
	assert_int_equal(m->uplinks[0].ext.mid, 4);
	assert_int_equal(m->fingerprint[31], 0x1f);
}

static void sendrecv_is_both(void **state)
{
	(void)state;
	assert_null(plan_of(SESSION AUDIO("0", "sendrecv") VIDEO("1", "sendrecv"), false));
	assert_int_equal(plan.media.uplinks_len, 2);
	assert_int_equal(plan.media.slots_len, 2);
	CHECK(plan.lines[0].uplink && plan.lines[0].slot);
}

static void a_second_uplink_of_a_kind_is_refused(void **state)
{
	(void)state;
	assert_null(plan_of(SESSION AUDIO("0", "sendonly") AUDIO("1", "sendonly"), false));
	assert_int_equal(plan.media.uplinks_len, 1);
	CHECK(!plan.lines[0].refused && plan.lines[1].refused);
}

static void faults_are_named(void **state)
{
	(void)state;
	assert_non_null(plan_of(
	    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" AUDIO("0", "sendonly"), false));
	assert_non_null(plan_of(SESSION
				"m=video 9 UDP/TLS/RTP/SAVPF 98\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
				"a=sendonly\r\na=rtcp-mux\r\na=setup:actpass\r\n"
				"a=rtpmap:98 H264/90000\r\n",
				false));
}

static const char *answer_text(bool own_page)
{
	static char text[16384];
	static const uint8_t fingerprint[32] = { 0xaa };
	const struct address address = address_ipv4((uint8_t[]){ 192, 0, 2, 1 }, 0);
	struct media_answer answer = { .ufrag = { 4, "efgh" },
				       .pwd = { 22, "vutsrqponmlkjihgfedcba" },
				       .slots_len = 2,
				       .slots = { { 1001, 0 }, { 1002, 1003 } } };
	static const uint16_t tcp_ports[MEDIA_TCP_PORTS] = { 0, 443 };
	struct offer_ours ours = { 7, fingerprint, 1, &address, 40000, tcp_ports };
	struct buf out = buf_of(sizeof(text) - 1);
	assert_null(plan_of(page_offer, own_page));
	offer_answer(&out, &offer, &plan, &answer, &ours);
	CHECK(buf_ok(&out));
	snprintf(text, sizeof(text), "%s", buf_cstr(&out));
	buf_clear(&out);
	return text;
}

static void the_answer_says_what_was_decided(void **state)
{
	(void)state;
	const char *text = answer_text(true);
	static const char *const want[] = { "a=ice-lite",
					    "a=group:BUNDLE 0 1 2 3",
					    "a=setup:active",
					    "192.0.2.1 40000 typ host",
					    "192.0.2.1 443 typ host tcptype passive",
					    "a=ice-ufrag:efgh",
					    "a=ssrc-group:FID 1002 1003",
					    "a=ssrc:1001 ",
					    "a=fingerprint:sha-256 AA:00" };
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		if (strstr(text, want[i]) == NULL)
			fail_msg("%s lacks in\n%s", want[i], text);
	CHECK(strstr(text, "H264") == NULL && strstr(text, "a=candidate:3") == NULL);
	CHECK(strstr(answer_text(false), "a=setup:passive") != NULL);
}

static void a_gzip_bomb_is_stopped_at_the_bound(void **state)
{
	(void)state;
	enum {
		PLAIN = 4 << 20
	};
	uint8_t *plain = calloc(PLAIN, 1), *packed = malloc(PLAIN);
	z_stream z = { 0 };
	CHECK(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = plain;
	z.avail_in = PLAIN;
	z.next_out = packed;
	z.avail_out = PLAIN;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	struct buf out = buf_of(SDP_OFFER_MAX), all = buf_of(PLAIN + 4096);
	assert_int_equal(gunzip(bytes_of(packed, z.total_out), &out), ERR_LIMIT);
	assert_int_equal(gunzip(bytes_of(packed, z.total_out), &all), OK);
	assert_int_equal(all.len, PLAIN);
	buf_reset(&all);
	assert_int_equal(gunzip(bytes_of(packed, z.total_out - 1), &all), ERR_BAD);
	buf_clear(&out);
	buf_clear(&all);
	deflateEnd(&z);
	free(plain);
	free(packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_has_an_uplink_and_slots),
		TEST(sendrecv_is_both),
		TEST(a_second_uplink_of_a_kind_is_refused),
		TEST(faults_are_named),
		TEST(the_answer_says_what_was_decided),
		TEST(a_gzip_bomb_is_stopped_at_the_bound),
	};
	return RUN("web/offer", tests);
}
