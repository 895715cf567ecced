/*
 * test_streams.c - media by TCP through a real pvl-media, and what strangers do there.
 *
 * argv: the pvl-media program.  UDP and TCP 41011 of 127.0.0.1.
 */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check.h"
#include "sys/clock.h"
#include "two_ends.h"

enum {
	PORT = 41011,
	/* of src/programs/media/streams.h */
	OF_ONE_HOST = 64,
	STRANGER_BYTES = 8192,
	STRANGER_MS = 10000,
	CROWD = OF_ONE_HOST + 16,
	LOUD = 1000, /* bytes of a packet that fills a connection */
};

static char program[PATH_MAX];

static struct scene *scene_of(size_t by_tcp)
{
	struct scene *s = calloc(1, sizeof *s);
	struct scene_plan plan = { .program = program, .by_tcp = by_tcp };
	scene_plan_loopback(&plan, PORT);
	CHECK(scene_open(s, &plan));
	scene_route_both_ways(s);
	scene_run(s, 20);
	return s;
}

static void end_of(struct scene *s)
{
	scene_close(s);
	free(s);
}

static bool is_closed(int fd)
{
	uint8_t byte;
	ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);
	CHECK(n <= 0); /* nothing is ever said to a stranger */
	return n == 0 || (errno != EAGAIN && errno != EINTR);
}

static void write_all(int fd, const void *at, size_t len)
{
	(void)!send(fd, at, len, MSG_NOSIGNAL);
}

static void sound_goes_both_ways_by_tcp_and_to_udp(void **state)
{
	(void)state;
	for (size_t by_tcp = 1; by_tcp <= 2; by_tcp++) {
		struct scene *s = scene_of(by_tcp);
		scene_speak(s, 50);
		CHECK(s->ends[0].heard >= 45 && s->ends[1].heard >= 45);
		CHECK(memcmp(s->ends[0].last, "from the visitor", s->ends[0].last_len) == 0);
		end_of(s);
	}
}

static void a_new_connection_takes_over_from_a_closed_one(void **state)
{
	(void)state;
	struct scene *s = scene_of(2);
	struct end *e = &s->ends[1];
	scene_speak(s, 10);
	close(e->out.fd);
	e->out.fd = scene_tcp(s);
	memset(&e->in, 0, sizeof e->in);
	size_t heard = e->heard;
	struct mono since = mono_now();
	while (e->heard < heard + 5 && mono_diff_us(mono_now(), since) < 5000000)
		scene_speak(s, 1);
	print_message("# heard again after %d ms\n", (int)(mono_diff_us(mono_now(), since) / 1000));
	CHECK(e->heard >= heard + 5);
	end_of(s);
}

/* Slow, hasty, wrong and mute strangers, while two people speak. */
static void bad_framing_ends_a_connection_and_nobody_else_notices(void **state)
{
	(void)state;
	static const uint8_t huge[] = { 0xff, 0xff, 1, 2, 3 };
	static uint8_t noise[STRANGER_BYTES + 3000], zeros[4000];
	struct scene *s = scene_of(1);
	int half = scene_tcp(s), mute = scene_tcp(s), slow = scene_tcp(s), empty = scene_tcp(s);
	int too_long = scene_tcp(s), http = scene_tcp(s), loud = scene_tcp(s);
	struct mono since = mono_now();
	for (size_t i = 0; i + 102 <= sizeof noise; i += 102)
		put_u16(noise + i, 100);
	write_all(half, "\1\0abc", 5);
	write_all(empty, zeros, sizeof zeros);
	write_all(too_long, huge, sizeof huge);
	write_all(http, "GET / HTTP/1.1\r\n\r\n", 18);
	write_all(loud, noise, sizeof noise);
	for (int i = 0; i < 25; i++) {
		write_all(slow, "\0\1x" + i % 3, 1);
		scene_speak(s, 1);
	}
	CHECK(is_closed(too_long) && is_closed(http) && is_closed(loud));
	CHECK(!is_closed(half) && !is_closed(mute) && !is_closed(slow) && !is_closed(empty));
	CHECK(s->ends[0].heard >= 23 && s->ends[1].heard >= 23);
	while (mono_diff_us(mono_now(), since) < (STRANGER_MS + 1500) * 1000)
		scene_speak(s, 5);
	CHECK(is_closed(half) && is_closed(mute) && is_closed(slow) && is_closed(empty));
	CHECK(scene_is_connected(s));
	int all[] = { half, mute, slow, empty, too_long, http, loud };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		close(all[i]);
	end_of(s);
}

static void a_crowd_of_strangers_makes_room_and_who_is_known_stays(void **state)
{
	(void)state;
	int crowd[CROWD];
	size_t closed = 0;
	struct scene *s = scene_of(2);
	for (size_t i = 0; i < CROWD; i++)
		crowd[i] = scene_tcp(s);
	scene_speak(s, 50);
	for (size_t i = 0; i < CROWD; i++) {
		bool over = is_closed(crowd[i]);
		CHECK(over == (i < CROWD - OF_ONE_HOST)); /* the oldest */
		closed += over;
		close(crowd[i]);
	}
	CHECK(closed == CROWD - OF_ONE_HOST);
	CHECK(s->ends[0].heard >= 45 && s->ends[1].heard >= 45);
	end_of(s);
}

/* One speaks so much that the other's connection cannot take it; that one does not read. */
static void shout(struct end *e, int times)
{
	static uint8_t words[LOUD];
	struct rtp_extension mid = { .id = 4, .value = bytes_from_text("0") };
	for (int k = 0; k < times; k++) {
		uint8_t out[LOUD + 100];
		size_t len;
		struct rtp_fields f = { .sequence = 100,
					.timestamp = (uint32_t)k * 960,
					.ssrc = e->ssrc,
					.payload_type = OPUS,
					.extensions = &mid,
					.extension_count = 1 };
		CHECK(peer_seal(e->peer, &f, bytes_of(words, LOUD), out, sizeof out, &len));
		end_send(e, bytes_of(out, len));
		usleep(500);
	}
}

static void who_does_not_read_holds_up_nobody_and_is_heard_again(void **state)
{
	(void)state;
	struct scene *s = scene_of(2);
	uint64_t refused = s->last.dropped_by[MEDIA_DROP_SEND];
	shout(&s->ends[0], 9000); /* 9 MB: more than the kernel's buffers of one connection */
	size_t before = s->ends[0].heard;
	scene_speak(s, 60);
	print_message("# %zu heard of 9000, %d not sent\n", s->ends[1].heard,
		      (int)(s->last.dropped_by[MEDIA_DROP_SEND] - refused));
	CHECK(s->last.dropped_by[MEDIA_DROP_SEND] > refused);
	CHECK(s->ends[1].heard < 9000);
	CHECK(s->ends[0].heard - before >= 50);
	CHECK(memcmp(s->ends[1].last, "from the prisoner", s->ends[1].last_len) == 0);
	CHECK(scene_is_connected(s));
	end_of(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(sound_goes_both_ways_by_tcp_and_to_udp),
		TEST(a_new_connection_takes_over_from_a_closed_one),
		TEST(bad_framing_ends_a_connection_and_nobody_else_notices),
		TEST(a_crowd_of_strangers_makes_room_and_who_is_known_stays),
		TEST(who_does_not_read_holds_up_nobody_and_is_heard_again),
	};
	if (argc != 2 || !realpath(argv[1], program))
		return 1;
	return RUN("system/streams", tests);
}
