/*
 * test_packets.c - two ends meet through a real pvl-media: its sockets, its sandbox, its end.
 *
 * argv: the pvl-media program.  UDP 41010 of 127.0.0.1.
 *
 * With three more, one test alone (addresses.sh): pvl-media listens on any address, and the two
 * ends, both at the first of these, reach it at the second and at the third.
 */
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check.h"
#include "ipc/media.h"
#include "ipc/supervisor.h"
#include "peer.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/seqpacket.h"
#include "sys/udp.h"
#include "wire/stun.h"

enum {
	PORT = 41010,
	OPUS = 111,
	VISIT = 77,
	BLOWS = 40, /* of each kind in 20 ms */
	BIGGEST = 9000,
};

struct end {
	struct peer *peer;
	struct udp_sender out;
	struct address media; /* where it reaches pvl-media */
	uint32_t ssrc;
	bool connected; /* as pvl-media tells */
	uint32_t slot_ssrc;
	size_t heard;
	uint8_t last[64]; /* payload heard last */
	size_t last_len;
};

struct scene {
	struct child media;
	int control;
	struct random random;
	struct dtls_identity *identity;
	struct udp_inbox inbox;
	struct media_hello hello;
	size_t heartbeats;
	struct media_heartbeat last;
	bool visit_closed;
	struct end ends[2];
};

static char program[PATH_MAX];
static struct address own, media[2], bound; /* of the ends; of pvl-media for each; its socket */

static struct media_text text(const char *from)
{
	struct media_text t = { .len = (uint8_t)strlen(from) };
	memcpy(t.at, from, t.len);
	return t;
}

static void say(struct scene *s, const struct media_message *m)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	CHECK(media_message_encode(m, bytes, sizeof bytes, &len) == OK);
	CHECK(seqpacket_send(s->control, bytes_of(bytes, len), -1) == OK);
}

static void answered(struct scene *s, const struct media_answer *a)
{
	struct end *e = &s->ends[a->peer.n - 1];
	struct peer_remote remote = { .ufrag = bytes_of(a->ufrag.at, a->ufrag.len),
				      .pwd = bytes_of(a->pwd.at, a->pwd.len),
				      .fingerprint = s->hello.fingerprint,
				      .role = DTLS_PASSIVE };
	CHECK(a->slots_len == 1);
	e->slot_ssrc = a->slots[0].ssrc;
	peer_connect(e->peer, &remote, mono_now());
}

static void hear_control(struct scene *s)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	struct media_message m;
	size_t len;
	while (seqpacket_receive(s->control, bytes, sizeof bytes, &len, NULL) == OK) {
		CHECK(media_message_decode(bytes_of(bytes, len), true, &m) == OK);
		CHECK(m.type != MEDIA_PEER_REFUSED);
		if (m.type == MEDIA_HELLO)
			s->hello = m.hello;
		if (m.type == MEDIA_PEER_ANSWER)
			answered(s, &m.answer);
		if (m.type == MEDIA_PEER_STATE)
			s->ends[m.state.end].connected = m.state.state == MEDIA_PEER_CONNECTED;
		if (m.type == MEDIA_HEARTBEAT) {
			s->last = m.heartbeat;
			s->heartbeats++;
		}
		s->visit_closed |= m.type == MEDIA_VISIT_CLOSED;
	}
}

static void send_to_media(struct end *e, struct bytes bytes)
{
	struct udp_out out = { .to = e->media, .bytes = bytes };
	CHECK(udp_send(&e->out, &out, 1) == 0);
}

static void drain(struct end *e)
{
	struct bytes b;
	while (peer_output(e->peer, &b))
		send_to_media(e, b);
}

static void hear_datagrams(struct scene *s, struct end *e)
{
	struct mono now = mono_now();
	while (udp_receive(e->out.fd, &s->inbox))
		for (size_t i = 0; i < s->inbox.count; i++) {
			uint64_t index;
			struct udp_in *in = &s->inbox.in[i];
			struct rtp rtp;
			CHECK(address_equal(&in->from, &e->media));
			bool got =
			    peer_datagram(e->peer, in->at, &in->len, &index, now) == PEER_GOT_RTP;
			drain(e);
			if (!got || rtp_parse(bytes_of(in->at, in->len), &rtp))
				continue;
			CHECK(rtp.ssrc == e->slot_ssrc && rtp.payload.len <= sizeof e->last);
			memcpy(e->last, rtp.payload.at, rtp.payload.len);
			e->last_len = rtp.payload.len;
			e->heard++;
		}
}

static void run(struct scene *s, int ms)
{
	struct mono end = mono_add_ms(mono_now(), ms);
	while (mono_before(mono_now(), end)) {
		struct pollfd fds[3] = { { .fd = s->control, .events = POLLIN },
					 { .fd = s->ends[0].out.fd, .events = POLLIN },
					 { .fd = s->ends[1].out.fd, .events = POLLIN } };
		poll(fds, 3, 5);
		hear_control(s);
		for (int i = 0; i < 2; i++) {
			peer_tick(s->ends[i].peer, mono_now());
			drain(&s->ends[i]);
			hear_datagrams(s, &s->ends[i]);
		}
	}
}

static bool run_until(struct scene *s, bool (*is_so)(const struct scene *))
{
	for (int i = 0; i < 250 && !is_so(s); i++)
		run(s, 20);
	return is_so(s);
}

static void start_media(struct scene *s)
{
	static const char *const environment[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
	const char *argv[] = { "pvl-media", "--index", "0", "--port", "41010", NULL };
	struct address at4 = { .family = ADDRESS_IPV4, .port = PORT };
	int ends[2], udp4, udp = -1;
	if (bound.family == ADDRESS_IPV4)
		at4 = bound;
	CHECK(seqpacket_pair(ends) == OK && udp_open(&at4, &udp4) == OK);
	if (bound.family == ADDRESS_IPV6)
		CHECK(udp_open(&bound, &udp) == OK);
	struct child_fd fds[] = { { .from = ends[1], .to = MEDIA_FD_CONTROL },
				  { .from = udp4, .to = MEDIA_FD_UDP4 },
				  { .from = udp, .to = MEDIA_FD_UDP6 } };
	struct child_plan plan = { .path = program,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = udp < 0 ? 2 : 3 };
	CHECK(child_start(&plan, &s->media) == OK);
	close(ends[1]);
	close(udp4);
	if (udp >= 0)
		close(udp);
	s->control = ends[0];
}

static bool has_greeted(const struct scene *s)
{
	return s->hello.port == PORT;
}

static bool are_connected(const struct scene *s)
{
	return s->ends[0].connected && s->ends[1].connected && peer_is_connected(s->ends[0].peer) &&
	       peer_is_connected(s->ends[1].peer);
}

static void join(struct scene *s, uint8_t i)
{
	struct end *e = &s->ends[i];
	struct media_message m = { .type = MEDIA_PEER_ADD };
	CHECK(udp_open(&own, &e->out.fd) == OK);
	e->media = media[i];
	e->peer = peer_new(s->identity, &s->random);
	e->ssrc = 1000u + i;
	m.offer = (struct media_offer){ .visit = { VISIT },
					.peer = { i + 1 },
					.end = i,
					.role = i == 0 ? MEDIA_PRISONER : MEDIA_VISITOR,
					.own_page = true,
					.ufrag = text(peer_credentials(e->peer)->ufrag),
					.pwd = text(peer_credentials(e->peer)->pwd),
					.uplinks_len = 1,
					.slots_len = 1 };
	memcpy(m.offer.fingerprint, dtls_identity_fingerprint(s->identity), DTLS_FINGERPRINT_LEN);
	m.offer.uplinks[0] =
	    (struct media_uplink){ .kind = MEDIA_AUDIO,
				   .mid = text("0"),
				   .ssrc = e->ssrc,
				   .ext = { .mid = 4 },
				   .codecs_len = 1,
				   .codecs = { { .codec = CODEC_OPUS, .pt = OPUS } } };
	m.offer.slots[0] = (struct media_slot){ .kind = MEDIA_AUDIO,
						.mid = text("2"),
						.ext = { .mid = 4 },
						.codecs_len = 1,
						.codecs = { { .codec = CODEC_OPUS, .pt = OPUS } } };
	say(s, &m);
}

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	struct media_message open = { .type = MEDIA_VISIT_OPEN,
				      .visit = { .visit = { VISIT }, .lifetime_s = 60 } };
	s->random = entropy_random();
	s->identity = dtls_identity_new(wall_now());
	udp_inbox_init(&s->inbox);
	start_media(s);
	say(s, &open);
	for (uint8_t i = 0; i < 2; i++)
		join(s, i);
	*state = s;
	return run_until(s, has_greeted) && run_until(s, are_connected) ? 0 : 1;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	int code;
	child_signal(&s->media, SIGKILL);
	while (child_runs(&s->media) && !child_ended(&s->media, &code))
		usleep(1000);
	for (int i = 0; i < 2; i++) {
		peer_free(s->ends[i].peer);
		close(s->ends[i].out.fd);
	}
	close(s->control);
	udp_inbox_clear(&s->inbox);
	dtls_identity_free(s->identity);
	free(s);
	return 0;
}

static void route_both_ways(struct scene *s)
{
	struct media_message m = { .type = MEDIA_ROUTES,
				   .routes = { .visit = { VISIT }, .epoch = 1 } };
	m.routes.hears[0] = 1 << 1;
	m.routes.hears[1] = 1 << 0;
	say(s, &m);
}

/* 20 ms of speech from both, so many times. */
static void speak(struct scene *s, int times)
{
	for (int k = 0; k < times; k++) {
		for (size_t i = 0; i < 2; i++) {
			struct end *e = &s->ends[i];
			uint8_t out[256];
			size_t len;
			const char *words = i == 0 ? "from the prisoner" : "from the visitor";
			struct rtp_extension mid = { .id = 4, .value = bytes_from_text("0") };
			struct rtp_fields f = { .sequence = 100,
						.timestamp = (uint32_t)k * 960,
						.ssrc = e->ssrc,
						.payload_type = OPUS,
						.extensions = &mid,
						.extension_count = 1 };
			CHECK(
			    peer_seal(e->peer, &f, bytes_from_text(words), out, sizeof out, &len));
			send_to_media(e, bytes_of(out, len));
		}
		run(s, 20);
	}
}

static void two_ends_hear_each_other_and_only_by_a_route(void **state)
{
	struct scene *s = *state;
	speak(s, 10);
	CHECK(s->ends[0].heard == 0 && s->ends[1].heard == 0);
	route_both_ways(s);
	run(s, 20);
	speak(s, 50);
	CHECK(s->ends[0].heard >= 45 && s->ends[1].heard >= 45);
	CHECK(memcmp(s->ends[0].last, "from the visitor", s->ends[0].last_len) == 0);
	CHECK(memcmp(s->ends[1].last, "from the prisoner", s->ends[1].last_len) == 0);
	CHECK(s->heartbeats >= 1);
}

/* --- what nobody should send ---------------------------------------------- */

struct stranger {
	struct udp_sender out;
	struct random random;
	struct stun_key wrong;
	uint8_t caught[256]; /* a sealed packet of a real peer */
	size_t caught_len;
	size_t sent; /* bytes */
	size_t got;  /* bytes that came back */
};

static void strike(struct stranger *x, const uint8_t *at, size_t len)
{
	struct udp_out out = { .to = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, PORT),
			       .bytes = bytes_of(at, len) };
	x->sent += len;
	(void)!udp_send(&x->out, &out, 1); /* a full queue is fine */
}

static void strike_with_noise(struct stranger *x)
{
	static const uint8_t firsts[] = { 0, 1, 2, 3, 20, 22, 23, 63, 64, 79, 128, 144, 191, 200 };
	uint8_t noise[BIGGEST];
	size_t len = random_below(&x->random, 20) ? 1 + random_below(&x->random, 1400) : BIGGEST;
	random_fill(&x->random, noise, len);
	noise[0] = firsts[random_below(&x->random, sizeof firsts)];
	strike(x, noise, len);
}

/* A ClientHello as it begins; an answer would be five times as long. */
static void strike_with_dtls(struct stranger *x)
{
	uint8_t hello[200] = { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 187, 1, 0, 0, 175 };
	random_fill(&x->random, hello + 25, sizeof hello - 25);
	strike(x, hello, sizeof hello);
}

static void strike_with_checks(struct stranger *x)
{
	uint8_t check[200];
	struct writer w = writer_of(check, sizeof check);
	struct stun_request request = { .username = STR("AAAAAAAA:bbbb"),
					.priority = 1,
					.role = STUN_CONTROLLING };
	CHECK(stun_write_request(&w, &request, &x->wrong) == OK);
	strike(x, check, w.len);
	strike(x, check, 20); /* cut off behind its head */
}

/* The packet of a peer from another address, cut, and with an extension longer than itself. */
static void strike_with_media(struct stranger *x)
{
	uint8_t bent[sizeof x->caught];
	if (!x->caught_len)
		return;
	memcpy(bent, x->caught, x->caught_len);
	strike(x, bent, x->caught_len);
	strike(x, bent, x->caught_len / 2);
	bent[0] |= 0x10;
	bent[14] = bent[15] = 0xff;
	strike(x, bent, x->caught_len);
}

static void strike_with_all(struct stranger *x)
{
	uint8_t back[2048];
	ssize_t len;
	for (int i = 0; i < BLOWS; i++) {
		strike_with_noise(x);
		strike_with_dtls(x);
		strike_with_checks(x);
		strike_with_media(x);
	}
	while ((len = recv(x->out.fd, back, sizeof back, MSG_DONTWAIT)) > 0)
		x->got += (size_t)len;
}

/* Says something, twice the same packet, while the stranger strikes. */
static void speak_through(struct scene *s, struct stranger *x, int times)
{
	for (int k = 0; k < times; k++) {
		for (size_t i = 0; i < 2; i++) {
			struct end *e = &s->ends[i];
			struct rtp_extension mid = { .id = 4, .value = bytes_from_text("0") };
			struct rtp_fields f = { .sequence = 100,
						.timestamp = (uint32_t)k * 960,
						.ssrc = e->ssrc,
						.payload_type = OPUS,
						.extensions = &mid,
						.extension_count = 1 };
			CHECK(peer_seal(e->peer, &f, bytes_from_text("hello"), x->caught,
					sizeof x->caught, &x->caught_len));
			send_to_media(e, bytes_of(x->caught, x->caught_len));
			send_to_media(e, bytes_of(x->caught, x->caught_len));
		}
		strike_with_all(x);
		run(s, 20);
	}
}

static void stranger_init(struct stranger *x)
{
	struct address any = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, 0);
	*x = (struct stranger){ .random = random_seeded(7) };
	CHECK(udp_open(&any, &x->out.fd) == OK);
	CHECK(stun_key_init(&x->wrong, bytes_from_text("wrongwrongwrongwrongwron")) == OK);
}

static void who_strikes_is_counted_and_nobody_else_notices(void **state)
{
	struct scene *s = *state;
	struct stranger x;
	stranger_init(&x);
	route_both_ways(s);
	run(s, 20);
	speak_through(s, &x, 75);
	run(s, 1100); /* a heartbeat */
	print_message("# sent %zu bytes, got %zu; heard %zu and %zu of 75\n", x.sent, x.got,
		      s->ends[0].heard, s->ends[1].heard);
	CHECK(x.sent > 1000000 && x.got == 0); /* nothing is given to who proved nothing */
	for (size_t i = 0; i < 2; i++)         /* 98 of 100, each once */
		CHECK(s->ends[i].heard >= 73 && s->ends[i].heard <= 75);
	const uint64_t *drops = s->last.dropped_by;
	CHECK(drops[MEDIA_DROP_DEMUX] > 100 && drops[MEDIA_DROP_UNKNOWN_TUPLE] > 100);
	CHECK(drops[MEDIA_DROP_STUN] + drops[MEDIA_DROP_RATE] > 500);
	CHECK(drops[MEDIA_DROP_REPLAY] > 100);
	CHECK(are_connected(s));
	stun_key_clear(&x.wrong);
	close(x.out.fd);
}

static void nothing_is_heard_after_the_end(void **state)
{
	struct scene *s = *state;
	struct media_message end = { .type = MEDIA_VISIT_CLOSE,
				     .close = { .visit = { VISIT },
						.reason = MEDIA_REASON_ENDED } };
	route_both_ways(s);
	run(s, 20);
	speak(s, 5);
	uint8_t late[256];
	size_t len;
	struct rtp_fields f = { .ssrc = s->ends[0].ssrc, .payload_type = OPUS };
	CHECK(peer_seal(s->ends[0].peer, &f, bytes_from_text("late"), late, sizeof late, &len));
	say(s, &end);
	run(s, 100);
	size_t heard = s->ends[1].heard;
	uint64_t before = s->last.dropped_by[MEDIA_DROP_UNKNOWN_TUPLE];
	for (int i = 0; i < 50; i++)
		send_to_media(&s->ends[0], bytes_of(late, len));
	run(s, 1300);
	CHECK(s->visit_closed && s->ends[1].heard == heard);
	CHECK(s->last.dropped_by[MEDIA_DROP_UNKNOWN_TUPLE] >= before + 50);
}

static bool are_told_the_end(const struct scene *s)
{
	return peer_is_over(s->ends[0].peer) && peer_is_over(s->ends[1].peer) && s->visit_closed;
}

static void on_sigterm_both_hear_close_notify_and_it_ends(void **state)
{
	struct scene *s = *state;
	int code = -1;
	child_signal(&s->media, SIGTERM);
	CHECK(run_until(s, are_told_the_end));
	for (int i = 0; i < 300 && !child_ended(&s->media, &code); i++)
		usleep(10000);
	CHECK(code == 0);
}

static void it_ends_by_itself_when_nobody_is_left_to_control_it(void **state)
{
	struct scene *s = *state;
	int code = -1;
	close(s->control);
	s->control = -1;
	for (int i = 0; i < 300 && !child_ended(&s->media, &code); i++)
		usleep(10000);
	CHECK(code == 0);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static bool read_address(const char *text, uint16_t port, struct address *out)
{
	return address_from_text(str_from(text), port, out);
}

/* argv: where the ends are; where pvl-media is, for the first and for the second. */
static int at_several_addresses(char **argv)
{
	const struct CMUnitTest tests[] = { SCENE(two_ends_hear_each_other_and_only_by_a_route) };
	if (!read_address(argv[0], 0, &own) || !read_address(argv[1], PORT, &media[0]) ||
	    !read_address(argv[2], PORT, &media[1]))
		return 1;
	bound = (struct address){ .family = media[0].family, .port = PORT };
	return RUN("system/addresses", tests);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SCENE(two_ends_hear_each_other_and_only_by_a_route),
		SCENE(who_strikes_is_counted_and_nobody_else_notices),
		SCENE(nothing_is_heard_after_the_end),
		SCENE(on_sigterm_both_hear_close_notify_and_it_ends),
		SCENE(it_ends_by_itself_when_nobody_is_left_to_control_it),
	};
	if ((argc != 2 && argc != 5) || !realpath(argv[1], program))
		return 1;
	if (argc == 5)
		return at_several_addresses(argv + 2);
	own = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, 0);
	media[0] = media[1] = bound = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, PORT);
	return RUN("system/packets", tests);
}
