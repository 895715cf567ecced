#include "wire/sdp.h"

#include <dirent.h>
#include <stdio.h>

#include "base/assert.h"
#include "mangle.h"

static struct sdp_offer offer; /* too large for a stack */

static struct str read_text(const char *directory, const char *name)
{
	static char text[SDP_OFFER_MAX];
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	size_t len = fread(text, 1, sizeof text, f);
	fclose(f);
	return str_of(text, len);
}

static void parse_fixture(const char *name)
{
	struct sdp_fault fault = { .what = "" };
	enum err err = sdp_parse(read_text(FIXTURES, name), &offer, &fault);
	if (err)
		fail_msg("%s: %s, line %zu", name, fault.what, fault.line);
}

static void an_offer_of_slots_is_read(void **state)
{
	(void)state;
	parse_fixture("chromium-slots.sdp");
	assert_int_equal(offer.media_count, 4);
	assert_true(offer.has_bundle && offer.extmap_allow_mixed && !offer.ice_lite);
	const struct sdp_media *audio = &offer.media[0], *video = &offer.media[1];
	assert_int_equal(audio->kind, SDP_AUDIO);
	assert_true(str_is(audio->mid, "0") && audio->bundled && audio->rtcp_mux);
	assert_int_equal(audio->direction, SDP_SENDONLY);
	assert_int_equal(offer.media[2].direction, SDP_RECVONLY);
	assert_true(str_is(audio->ufrag, "Fx7q"));
	assert_true(str_is(audio->pwd, "abcdefghijklmnopqrstuv12"));
	assert_int_equal(audio->setup, SDP_ACTPASS);
	assert_true(audio->has_fingerprint);
	for (int i = 0; i < SDP_FINGERPRINT_LEN; i++)
		assert_int_equal(audio->fingerprint[i], i * 7 + 1);
	assert_int_equal(audio->ssrc_count, 1);
	assert_int_equal(audio->ssrc[0].ssrc, 1111);
	assert_true(str_is(audio->ssrc[0].cname, "k9Qe2Lw0"));
	assert_int_equal(video->ssrc_count, 1);
	assert_int_equal(video->ssrc[0].ssrc, 2222);
	assert_int_equal(video->ssrc[0].rtx, 2223);
	assert_int_equal(offer.media[3].ssrc_count, 0);
}

static void payload_types_are_read_with_all_they_have(void **state)
{
	(void)state;
	parse_fixture("chromium-slots.sdp");
	const struct sdp_media *audio = &offer.media[0], *video = &offer.media[1];
	const struct sdp_payload *opus = sdp_payload_of(audio, CODEC_OPUS);
	assert_int_equal(opus->number, 111);
	assert_int_equal(opus->channels, 2);
	assert_int_equal(opus->feedback, SDP_TRANSPORT_CC);
	assert_true(str_is(sdp_parameter(opus->fmtp, "useinbandfec"), "1"));
	assert_true(str_empty(sdp_parameter(opus->fmtp, "inbandfec")));
	assert_int_equal(sdp_payload_of(audio, CODEC_RED)->number, 63);
	assert_null(sdp_payload_of(video, CODEC_RED)); /* RED of video is another thing */
	assert_int_equal(sdp_payload_of(video, CODEC_AV1)->number, 45);
	const struct sdp_payload *vp8 = sdp_payload_find(video, 96);
	assert_int_equal(vp8->codec, CODEC_VP8);
	assert_int_equal(vp8->clock_rate, 90000);
	assert_int_equal(vp8->feedback,
			 SDP_NACK | SDP_NACK_PLI | SDP_CCM_FIR | SDP_REMB | SDP_TRANSPORT_CC);
	assert_int_equal(sdp_payload_rtx(video, 96)->number, 97);
	assert_int_equal(sdp_payload_rtx(video, 45)->number, 46);
	assert_null(sdp_payload_rtx(video, 118));
	assert_null(sdp_payload_find(video, 111));
	assert_int_equal(video->extension_count, 4);
	assert_int_equal(video->extension[1].id, 3);
	assert_int_equal(video->extension[1].kind, EXTENSION_TRANSPORT_CC);
}

static void the_other_dialect_inherits_and_orders_lines_otherwise(void **state)
{
	(void)state;
	parse_fixture("firefox-simulcast.sdp");
	const struct sdp_media *video = &offer.media[1];
	assert_int_equal(offer.media_count, 3);
	assert_true(video->has_fingerprint); /* of the session */
	assert_int_equal(video->fingerprint[31], 31 * 7 + 1);
	assert_int_equal(video->port, 0);
	assert_true(video->bundle_only && video->bundled);
	assert_int_equal(sdp_payload_rtx(video, 120)->number, 124); /* fmtp before rtpmap */
	assert_int_equal(video->rid_count, 3);
	assert_true(str_is(video->rid[2].id, "l") && video->rid[2].send);
	assert_true(str_is(video->simulcast, "send h;m;l"));
	assert_int_equal(video->ssrc_count, 3);
	assert_int_equal(video->ssrc[2].rtx, 36);
	assert_int_equal(video->extension[2].direction, SDP_RECVONLY);
	assert_int_equal(video->extension[3].direction, SDP_SENDONLY);
	assert_int_equal(video->extension[3].kind, EXTENSION_DEPENDENCY);
	assert_int_equal(offer.media[2].kind, SDP_OTHER);
	assert_true(str_is(offer.media[2].formats, "webrtc-datachannel"));
	assert_true(str_is(offer.media[0].msid, "{s} {t}"));
}

static void a_plain_publisher_is_read(void **state)
{
	(void)state;
	parse_fixture("whip.sdp");
	assert_int_equal(offer.media_count, 2);
	assert_true(str_is(offer.media[1].ufrag, "whip1"));
	assert_int_equal(offer.media[1].setup, SDP_ACTPASS);
	assert_int_equal(offer.media[0].payload[0].codec, CODEC_OPUS);
	assert_int_equal(offer.media[1].payload[0].codec, CODEC_H264);
	assert_int_equal(offer.media[1].payload[0].feedback, SDP_NACK);
	assert_true(
	    str_is(sdp_parameter(offer.media[1].payload[0].fmtp, "packetization-mode"), "1"));
}

/* Ours, or those kept elsewhere where a folder of them is named. */
static void all_offers_of_a_folder_are_read(void **state)
{
	(void)state;
	const char *named = getenv("PVL_SDP_CAPTURES");
	const char *directory = named ? named : FIXTURES;
	DIR *d = opendir(directory);
	assert_non_null(d);
	size_t read = 0;
	for (struct dirent *e; (e = readdir(d));) {
		struct sdp_fault fault;
		if (!strstr(e->d_name, ".sdp"))
			continue;
		if (sdp_parse(read_text(directory, e->d_name), &offer, &fault))
			fail_msg("%s: %s, line %zu", e->d_name, fault.what, fault.line);
		read++;
		for (size_t i = 0; i < offer.media_count; i++) {
			const struct sdp_media *m = &offer.media[i];
			if (m->kind == SDP_OTHER)
				continue;
			assert_true(m->has_fingerprint && m->rtcp_mux && m->bundled);
			assert_true(m->ufrag.len && m->pwd.len && m->setup == SDP_ACTPASS);
			const struct sdp_payload *vp8 = sdp_payload_of(m, CODEC_VP8);
			assert_true(vp8 || sdp_payload_of(m, CODEC_H264) ||
				    sdp_payload_of(m, CODEC_OPUS));
			assert_true(!vp8 || sdp_payload_rtx(m, vp8->number));
		}
	}
	closedir(d);
	assert_true(read > 0);
}

static void every_fault_is_told_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *what;
		size_t line;
		enum err err;
	} cases[] = {
		{ "", "the offer has no media section", 0, ERR_BAD },
		{ "v=1\r\n", "the first line is not v=0", 1, ERR_BAD },
		{ "v=0\r\nhello\r\n", "a line does not start with a letter and '='", 2, ERR_BAD },
		{ "v=0\r\na=x\ry\r\n", "a line has a control character", 2, ERR_BAD },
		{ "v=0\xff\r\n", "the offer is not UTF-8", 0, ERR_BAD },
		{ "v=0\nm=audio 9 X\n", "an m-line must be: type, port, protocol, formats", 2,
		  ERR_BAD },
		{ "v=0\nm=audio 9 RTP/SAVPF 200\n",
		  "a payload type of the m-line is not a number below 128", 2, ERR_BAD },
		{ "v=0\nm=audio 9 RTP/SAVPF 1 1\n", "a payload type stands twice in the m-line", 2,
		  ERR_BAD },
		{ "v=0\nm=audio 9 RTP/SAVPF 1\na=rtpmap:1 opus\n",
		  "a=rtpmap must be: payload type, name/clock rate", 3, ERR_BAD },
		{ "v=0\nm=audio 9 RTP/SAVPF 1\na=mid:0\nm=audio 9 RTP/SAVPF 1\na=mid:0\n",
		  "a=mid stands twice", 5, ERR_BAD },
		{ "v=0\na=ice-ufrag:abc\n", "a=ice-ufrag must have 4 to 256 characters", 2,
		  ERR_BAD },
		{ "v=0\na=ice-ufrag:ab c\n", "a=ice-ufrag has a character that is not allowed", 2,
		  ERR_BAD },
		{ "v=0\na=ice-pwd:short\n", "a=ice-pwd must have 22 to 256 characters", 2,
		  ERR_BAD },
		{ "v=0\na=fingerprint:sha-256 00:11\n",
		  "a=fingerprint is not a SHA-256 in hex with colons", 2, ERR_BAD },
		{ "v=0\na=setup:sideways\n", "a=setup must be actpass, active or passive", 2,
		  ERR_BAD },
		{ "v=0\na=extmap:0 urn:x\n", "a=extmap must be: number, URI", 2, ERR_BAD },
		{ "v=0\na=extmap:1 urn:x\na=extmap:1 urn:y\n", "a=extmap gives one number twice", 3,
		  ERR_BAD },
		{ "v=0\nm=video 9 RTP/SAVPF 1\na=ssrc-group:FID 5 5\n",
		  "a=ssrc-group:FID must name two sources", 3, ERR_BAD },
		{ "v=0\nm=video 9 RTP/SAVPF 1\na=rid:a sideways\n",
		  "a=rid must be: name, send or recv", 3, ERR_BAD },
		{ "v=0\nm=video 9 RTP/SAVPF 1\na=rid:a send\na=rid:b send\na=rid:c send\na=rid:d "
		  "send\n"
		  "a=rid:e send\n",
		  "too many a=rid in one media section", 7, ERR_LIMIT },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sdp_fault fault = { .what = "none" };
		enum err err = sdp_parse(str_from(cases[i].text), &offer, &fault);
		assert_string_equal(fault.what, cases[i].what);
		assert_int_equal(err, cases[i].err);
		assert_int_equal(fault.line, cases[i].line);
	}
}

static void an_id_means_one_extension_in_a_bundle(void **state)
{
	(void)state;
	static const char text[] =
	    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
	    "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=rtpmap:96 opus/48000/2\r\n"
	    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
	    "a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
	    "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\na=rtpmap:97 VP8/90000\r\n"
	    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
	    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n";
	struct sdp_fault fault;
	assert_int_equal(sdp_parse(str_from(text), &offer, &fault), OK);
	assert_int_equal(offer.media[0].extension[1].kind, EXTENSION_AUDIO_LEVEL);
	assert_int_equal(offer.media[1].extension[0].kind, EXTENSION_MID);
	assert_int_equal(offer.media[1].extension[1].kind, EXTENSION_NONE);
}

static void what_grows_is_bounded(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		const char *line;
		int count;
	} cases[] = {
		{ "v=0\n", "m=audio 9 RTP/SAVPF 1\n", SDP_MEDIA_MAX + 1 },
		{ "v=0\n", "x=\n", SDP_LINES_MAX + 1 },
		{ "v=0\n", "x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 4000 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text = buf_of(1 << 20);
		struct sdp_fault fault;
		buf_text(&text, cases[i].head);
		for (int k = 0; k < cases[i].count; k++)
			buf_text(&text, cases[i].line);
		assert_int_equal(sdp_parse(buf_view(&text), &offer, &fault), ERR_LIMIT);
		buf_clear(&text);
	}
	char line[128];
	struct buf sources = buf_of(1 << 20), extensions = buf_of(1 << 20);
	struct sdp_fault fault;
	buf_text(&sources, "v=0\nm=audio 9 RTP/SAVPF 1\n");
	buf_text(&extensions, "v=0\nm=audio 9 RTP/SAVPF 1\n");
	for (int k = 1; k <= SDP_EXTENSIONS_MAX + 1; k++) {
		snprintf(line, sizeof line, "a=ssrc:%d cname:x\n", k);
		buf_text(&sources, line);
		snprintf(line, sizeof line, "a=extmap:%d urn:x\n", k);
		buf_text(&extensions, line);
	}
	assert_int_equal(sdp_parse(buf_view(&sources), &offer, &fault), ERR_LIMIT);
	assert_int_equal(sdp_parse(buf_view(&extensions), &offer, &fault), ERR_LIMIT);
	buf_clear(&sources);
	buf_clear(&extensions);
}

static void try_parse(struct bytes b)
{
	struct sdp_fault fault = { .what = NULL };
	enum err err = sdp_parse(str_of((const char *)b.at, b.len), &offer, &fault);
	assert_true(err == OK || err == ERR_BAD || err == ERR_LIMIT);
	assert_true((err == OK) == (fault.what == NULL));
	assert_true(err != OK || (offer.media_count > 0 && offer.media_count <= SDP_MEDIA_MAX));
}

static void survives_every_cut_and_flip(void **state)
{
	(void)state;
	struct str text = read_text(FIXTURES, "whip.sdp");
	mangle(bytes_of(text.at, text.len), try_parse);
}

static struct sdp_answer_media slot(struct str type, struct str mid,
				    struct sdp_answer_payload payload)
{
	struct sdp_answer_media m = {
		.type = type,
		.protocol = STR("UDP/TLS/RTP/SAVPF"),
		.mid = mid,
		.direction = SDP_SENDONLY,
		.payload_count = 1,
		.rtcp_rsize = true,
		.stream = STR("slot0"),
		.track = STR("track"),
		.cname = STR("pvl"),
		.ssrc = 4000000000u,
		.extension_count = 1,
	};
	m.payload[0] = payload;
	m.extension[0] = (struct sdp_extension){ .id = 4,
						 .direction = SDP_SENDRECV,
						 .uri = str_from(extension_uri(EXTENSION_MID)) };
	return m;
}

static void make_answer(struct sdp_answer *a)
{
	*a = (struct sdp_answer){ .session = 77,
				  .version = 2,
				  .ufrag = STR("ours"),
				  .pwd = STR("0123456789abcdefghijkl"),
				  .setup = SDP_ACTIVE,
				  .extmap_allow_mixed = true,
				  .candidate_count = 4,
				  .media_count = 3 };
	for (size_t i = 0; i < SDP_FINGERPRINT_LEN; i++)
		a->fingerprint[i] = (uint8_t)(200 + i);
	assert_true(address_from_text(STR("192.0.2.9"), 40000, &a->candidate[0]));
	assert_true(address_from_text(STR("2001:db8::9"), 40000, &a->candidate[1]));
	for (size_t i = 2; i < 4; i++) {
		a->candidate[i] = a->candidate[i - 2];
		a->candidate[i].tcp = true;
	}
	a->media[0] = (struct sdp_answer_media){ .refused = true,
						 .type = STR("application"),
						 .protocol = STR("UDP/DTLS/SCTP"),
						 .formats = STR("webrtc-datachannel"),
						 .mid = STR("d") };
	a->media[1] = slot(STR("audio"), STR("a"),
			   (struct sdp_answer_payload){ 111, STR("opus"), 48000, 2,
							STR("useinbandfec=1"), SDP_TRANSPORT_CC });
	a->media[1].ptime_ms = 20;
	a->media[2] = slot(STR("video"), STR("v"),
			   (struct sdp_answer_payload){ 96, STR("VP8"), 90000, 1, STR(""),
							SDP_NACK | SDP_NACK_PLI });
	a->media[2].direction = SDP_SENDRECV;
	a->media[2].rtx_ssrc = 5;
	a->media[2].payload_count = 2;
	a->media[2].payload[1] =
	    (struct sdp_answer_payload){ 97, STR("rtx"), 90000, 1, STR("apt=96"), 0 };
	a->media[2].rid_count = 2;
	a->media[2].rid[0] = STR("h");
	a->media[2].rid[1] = STR("l");
}

static void a_written_answer_reads_back(void **state)
{
	(void)state;
	struct sdp_answer a;
	struct buf out = buf_of(64 * 1024);
	struct sdp_fault fault;
	make_answer(&a);
	sdp_answer_write(&out, &a);
	assert_true(buf_ok(&out));
	assert_int_equal(sdp_parse(buf_view(&out), &offer, &fault), OK);
	assert_true(offer.ice_lite && offer.has_bundle && offer.extmap_allow_mixed);
	assert_int_equal(offer.media_count, 3);
	assert_int_equal(offer.media[0].kind, SDP_OTHER);
	assert_true(offer.media[0].port == 0 && !offer.media[0].bundled);
	for (size_t i = 1; i < 3; i++) {
		const struct sdp_media *m = &offer.media[i];
		assert_true(m->bundled && m->rtcp_mux && m->rtcp_rsize && m->port == 9);
		assert_true(str_equal(m->ufrag, a.ufrag) && str_equal(m->pwd, a.pwd));
		assert_int_equal(m->setup, SDP_ACTIVE);
		assert_memory_equal(m->fingerprint, a.fingerprint, SDP_FINGERPRINT_LEN);
		assert_int_equal(m->direction, a.media[i].direction);
		assert_int_equal(m->ssrc_count, 1);
		assert_true(m->ssrc[0].ssrc == 4000000000u && str_is(m->ssrc[0].cname, "pvl"));
		assert_true(str_is(m->msid, "slot0 track"));
		assert_int_equal(m->extension[0].kind, EXTENSION_MID);
	}
	assert_int_equal(offer.media[2].ssrc[0].rtx, 5);
	assert_int_equal(sdp_payload_rtx(&offer.media[2], 96)->number, 97);
	assert_int_equal(offer.media[2].payload[0].feedback, SDP_NACK | SDP_NACK_PLI);
	assert_int_equal(offer.media[1].payload[0].channels, 2);
	assert_true(str_is(offer.media[2].simulcast, "recv h;l"));
	assert_int_equal(offer.media[2].rid_count, 2);
	buf_clear(&out);
}

static void the_lines_that_browsers_look_for_stand_there(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"v=0\r\no=- 77 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\na=group:BUNDLE "
		"a v\r\n",
		"m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n",
		"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n",
		"a=candidate:1 1 udp 2130706431 192.0.2.9 40000 typ host\r\n",
		"a=candidate:2 1 udp 2130706175 2001:db8::9 40000 typ host\r\n"
		"a=candidate:3 1 tcp 1520434687 192.0.2.9 40000 typ host tcptype passive\r\n"
		"a=candidate:4 1 tcp 1520434431 2001:db8::9 40000 typ host tcptype "
		"passive\r\na=end-of-candidates\r\n",
		"a=fingerprint:sha-256 C8:C9:CA:",
		"a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 "
		"useinbandfec=1\r\n",
		"a=ptime:20\r\n",
		"a=ssrc-group:FID 4000000000 5\r\na=ssrc:4000000000 cname:pvl\r\na=ssrc:5 "
		"cname:pvl\r\n",
		"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
	};
	struct sdp_answer a;
	struct buf out = buf_of(64 * 1024);
	make_answer(&a);
	sdp_answer_write(&out, &a);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (!strstr(buf_cstr(&out), lines[i]))
			fail_msg("not there: %s", lines[i]);
	buf_clear(&out);
}

static void directions_mirror(void **state)
{
	(void)state;
	assert_int_equal(sdp_direction_mirror(SDP_SENDONLY), SDP_RECVONLY);
	assert_int_equal(sdp_direction_mirror(SDP_RECVONLY), SDP_SENDONLY);
	assert_int_equal(sdp_direction_mirror(SDP_SENDRECV), SDP_SENDRECV);
	assert_int_equal(sdp_direction_mirror(SDP_INACTIVE), SDP_INACTIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_offer_of_slots_is_read),
		TEST(payload_types_are_read_with_all_they_have),
		TEST(the_other_dialect_inherits_and_orders_lines_otherwise),
		TEST(a_plain_publisher_is_read),
		TEST(all_offers_of_a_folder_are_read),
		TEST(every_fault_is_told_with_its_line),
		TEST(an_id_means_one_extension_in_a_bundle),
		TEST(what_grows_is_bounded),
		TEST(survives_every_cut_and_flip),
		TEST(a_written_answer_reads_back),
		TEST(the_lines_that_browsers_look_for_stand_there),
		TEST(directions_mirror),
	};
	return RUN("wire/sdp", tests);
}
