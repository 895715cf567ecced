/*
 * test_packets.c - two ends meet through a real pvl-media: its sockets, its sandbox, its end.
 *
 * argv: the pvl-media program.  UDP and TCP 41010 of 127.0.0.1.
 *
 * With three more, one test alone (addresses.sh): pvl-media listens on any address, and the two
 * ends, both at the first of these, reach it at the second and at the third.
 */
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check.h"
#include "ipc/record.h"
#include "two_ends.h"
#include "wire/stun.h"

enum {
	PORT = 41010,
	BLOWS = 40, /* of each kind in 20 ms */
	BIGGEST = 9000,
};

static char program[PATH_MAX];
static struct scene_plan plan = { .program = program };

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	*state = s;
	return scene_open(s, &plan) ? 0 : 1;
}

static int tear_down(void **state)
{
	scene_close(*state);
	free(*state);
	return 0;
}

static void two_ends_hear_each_other_and_only_by_a_route(void **state)
{
	struct scene *s = *state;
	scene_speak(s, 10);
	CHECK(s->ends[0].heard == 0 && s->ends[1].heard == 0);
	scene_route_both_ways(s);
	scene_run(s, 20);
	scene_speak(s, 50);
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
			end_send(e, bytes_of(x->caught, x->caught_len));
			end_send(e, bytes_of(x->caught, x->caught_len));
		}
		strike_with_all(x);
		scene_run(s, 20);
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
	scene_route_both_ways(s);
	scene_run(s, 20);
	speak_through(s, &x, 75);
	scene_run(s, 1100); /* a heartbeat */
	print_message("# sent %zu bytes, got %zu; heard %zu and %zu of 75\n", x.sent, x.got,
		      s->ends[0].heard, s->ends[1].heard);
	CHECK(x.sent > 1000000 && x.got == 0); /* nothing is given to who proved nothing */
	for (size_t i = 0; i < 2; i++)         /* 98 of 100, each once */
		CHECK(s->ends[i].heard >= 73 && s->ends[i].heard <= 75);
	const uint64_t *drops = s->last.dropped_by;
	CHECK(drops[MEDIA_DROP_DEMUX] > 100 && drops[MEDIA_DROP_UNKNOWN_TUPLE] > 100);
	CHECK(drops[MEDIA_DROP_STUN] + drops[MEDIA_DROP_RATE] > 500);
	CHECK(drops[MEDIA_DROP_REPLAY] > 100);
	CHECK(scene_is_connected(s));
	stun_key_clear(&x.wrong);
	close(x.out.fd);
}

static void nothing_is_heard_after_the_end(void **state)
{
	struct scene *s = *state;
	struct media_message end = { .type = MEDIA_VISIT_CLOSE,
				     .close = { .visit = { VISIT },
						.reason = MEDIA_REASON_ENDED } };
	scene_route_both_ways(s);
	scene_run(s, 20);
	scene_speak(s, 5);
	uint8_t late[256];
	size_t len;
	struct rtp_fields f = { .ssrc = s->ends[0].ssrc, .payload_type = OPUS };
	CHECK(peer_seal(s->ends[0].peer, &f, bytes_from_text("late"), late, sizeof late, &len));
	scene_say(s, &end);
	scene_run(s, 100);
	size_t heard = s->ends[1].heard;
	uint64_t before = s->last.dropped_by[MEDIA_DROP_UNKNOWN_TUPLE];
	for (int i = 0; i < 50; i++)
		end_send(&s->ends[0], bytes_of(late, len));
	scene_run(s, 1300);
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
	CHECK(scene_run_until(s, are_told_the_end));
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

/* Packets that pvl-record would have got. */
static size_t recorded(struct scene *s)
{
	static uint8_t in[RECORD_BATCH_MAX];
	size_t len, count = 0;
	while (ring_take(&s->record, in, sizeof in, &len) == OK) {
		struct record_packet packet;
		struct reader packets;
		uint32_t lost;
		CHECK(record_batch_read(bytes_of(in, len), &packets, &lost) == OK);
		while (record_packet_next(&packets, &packet) == OK)
			count++;
	}
	return count;
}

/* A visit of that kind in the real program, with every bit set that a message can set. */
static size_t recorded_of(enum media_visit_kind kind)
{
	struct scene scene;
	struct scene_plan own = plan;
	struct media_message all = { .type = MEDIA_ROUTES,
				     .routes = { .visit = { VISIT },
						 .epoch = 9,
						 .hears = { 2, 1 },
						 .recorded_sound = 0xff,
						 .recorded_picture = 0xff } };
	own.kind = kind;
	CHECK(scene_open(&scene, &own));
	scene_say(&scene, &all);
	scene_run(&scene, 20);
	scene_speak(&scene, 30);
	scene_run(&scene, 400);
	CHECK(scene.ends[1].heard > 20); /* the visit itself goes on */
	size_t count = recorded(&scene);
	scene_close(&scene);
	return count;
}

static void a_legal_visit_reaches_no_recorder_whatever_the_messages_say(void **state)
{
	(void)state;
	CHECK(recorded_of(MEDIA_SOCIAL) > 40);
	CHECK(recorded_of(MEDIA_LEGAL) == 0);
}

static void whatever_pvl_record_writes_into_the_ring_the_visit_goes_on(void **state)
{
	struct scene *s = *state;
	struct ring *ring = s->record.ring;
	struct random random = random_seeded(9);
	struct media_message all = {
		.type = MEDIA_ROUTES,
		.routes = { .visit = { VISIT }, .epoch = 9, .hears = { 2, 1 }, .recorded_sound = 3 }
	};
	scene_say(s, &all);
	scene_run(s, 20);
	for (int i = 0; i < 100; i++) {
		random_fill(&random, (uint8_t *)ring->units, 4096);
		ring->written = random_u64(&random);
		ring->base = random_u64(&random);
		ring->read = random_below(&random, 2) ? random_u64(&random) : ring->written;
		scene_speak(s, 1);
	}
	CHECK(s->ends[0].heard >= 95 && s->ends[1].heard >= 95);
	CHECK(child_runs(&s->media) && scene_is_connected(s));
	/* Who reads honestly after that gets packets again. */
	s->record = ring_reader_of(ring);
	for (int i = 0; i < 5; i++) {
		scene_speak(s, 15);
		(void)recorded(s);
	}
	scene_speak(s, 30);
	CHECK(recorded(s) > 20);
}

static bool read_address(const char *text, uint16_t port, struct address *out)
{
	return address_from_text(str_from(text), port, out);
}

/* argv: where the ends are; where pvl-media is, for the first and for the second. */
static int at_several_addresses(char **argv)
{
	const struct CMUnitTest tests[] = { SCENE(two_ends_hear_each_other_and_only_by_a_route) };
	if (!read_address(argv[0], 0, &plan.own) || !read_address(argv[1], PORT, &plan.media[0]) ||
	    !read_address(argv[2], PORT, &plan.media[1]))
		return 1;
	plan.bound = (struct address){ .family = plan.media[0].family, .port = PORT };
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
		SCENE(whatever_pvl_record_writes_into_the_ring_the_visit_goes_on),
		TEST(a_legal_visit_reaches_no_recorder_whatever_the_messages_say),
	};
	if ((argc != 2 && argc != 5) || !realpath(argv[1], program))
		return 1;
	if (argc == 5)
		return at_several_addresses(argv + 2);
	scene_plan_loopback(&plan, PORT);
	return RUN("system/packets", tests);
}
