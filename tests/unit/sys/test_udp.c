#include "sys/udp.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../check.h"
#include "sys/clock.h"

struct pair {
	struct udp_sender from;
	int to;
	struct address at, source;
	struct udp_inbox inbox;
};

static struct address loopback(uint8_t family)
{
	static const uint8_t v4[4] = { 127, 0, 0, 1 }, v6[16] = { [15] = 1 };
	return family == 4 ? address_ipv4(v4, 0) : address_ipv6(v6, 0);
}

static void pair_open(struct pair *p, uint8_t family)
{
	struct address any = loopback(family);
	*p = (struct pair){ 0 };
	CHECK(udp_open(&any, &p->from.fd) == OK && udp_open(&any, &p->to) == OK);
	CHECK(udp_local(p->to, &p->at) == OK && udp_local(p->from.fd, &p->source) == OK);
	CHECK(p->at.port != 0);
	udp_inbox_init(&p->inbox);
}

static void pair_close(struct pair *p)
{
	close(p->from.fd);
	close(p->to);
	udp_inbox_clear(&p->inbox);
}

static bool arrives(struct pair *p)
{
	struct pollfd f = { .fd = p->to, .events = POLLIN };
	return poll(&f, 1, 1000) == 1 && udp_receive(p->to, &p->inbox);
}

/* The kernel begins to stamp some time after the first socket asked for it; until then a packet
 * bears the time at which it was read. */
static bool kernel_stamps(struct pair *p)
{
	uint8_t byte = 0;
	struct udp_out out = { .to = p->at, .bytes = bytes_of(&byte, 1) };
	for (int tries = 0; tries < 200; tries++) {
		CHECK(udp_send(&p->from, &out, 1) == 0);
		usleep(10000);
		struct mono late = mono_now();
		CHECK(arrives(p) && p->inbox.count == 1);
		if (mono_diff_us(late, p->inbox.in[0].arrived) > 5000)
			return true;
	}
	return false;
}

static void a_batch_arrives_whole_with_sender_and_time(void **state)
{
	(void)state;
	for (uint8_t family = 4; family <= 6; family += 2) {
		struct pair p;
		uint8_t bytes[40][100];
		struct udp_out out[40];
		pair_open(&p, family);
		CHECK(kernel_stamps(&p));
		for (uint8_t i = 0; i < 40; i++) {
			memset(bytes[i], i, sizeof bytes[i]);
			out[i] =
			    (struct udp_out){ .to = p.at, .bytes = bytes_of(bytes[i], 20u + i) };
		}
		struct mono before = mono_now();
		CHECK(udp_send(&p.from, out, 40) == 0);
		usleep(20000);
		struct mono late = mono_now();
		size_t n = 0;
		while (n < 40 && arrives(&p))
			for (size_t i = 0; i < p.inbox.count; i++, n++) {
				struct udp_in *in = &p.inbox.in[i];
				CHECK(in->len == 20 + n && in->at[0] == n);
				CHECK(address_equal(&in->from, &p.source));
				/* when it came, not when it was read */
				CHECK(mono_diff_us(in->arrived, before) > -1000);
				CHECK(mono_diff_us(late, in->arrived) > 10000);
			}
		CHECK(n == 40);
		CHECK(!udp_receive(p.to, &p.inbox));
		pair_close(&p);
	}
}

static void equal_runs_leave_as_one_message_and_arrive_apart(void **state)
{
	(void)state;
	struct pair p;
	uint8_t bytes[10][1100];
	struct udp_out out[10];
	pair_open(&p, 4);
	for (uint8_t i = 0; i < 10; i++) {
		memset(bytes[i], i, sizeof bytes[i]);
		size_t len = i < 2 ? 300 : i == 9 ? 500 : 1100; /* two; seven and a shorter one */
		out[i] = (struct udp_out){ .to = p.at, .bytes = bytes_of(bytes[i], len) };
	}
	CHECK(udp_send(&p.from, out, 10) == 0);
	CHECK(p.from.segmented == 2 && p.from.messages == 2);
	size_t n = 0;
	while (n < 10 && arrives(&p))
		for (size_t i = 0; i < p.inbox.count; i++, n++)
			CHECK(p.inbox.in[i].at[0] == n && p.inbox.in[i].len == out[n].bytes.len);
	CHECK(n == 10);
	pair_close(&p);
}

static void destinations_are_not_mixed_up(void **state)
{
	(void)state;
	struct pair p, q;
	struct udp_out out[8];
	uint8_t bytes[8][50];
	pair_open(&p, 4);
	pair_open(&q, 4);
	for (uint8_t i = 0; i < 8; i++) {
		memset(bytes[i], i, 50);
		out[i] =
		    (struct udp_out){ .to = i < 4 ? p.at : q.at, .bytes = bytes_of(bytes[i], 50) };
	}
	CHECK(udp_send(&p.from, out, 8) == 0);
	CHECK(arrives(&p) && p.inbox.count == 4 && p.inbox.in[3].at[0] == 3);
	CHECK(arrives(&q) && q.inbox.count == 4 && q.inbox.in[0].at[0] == 4);
	pair_close(&p);
	pair_close(&q);
}

static void too_long_a_datagram_is_dropped_and_counted(void **state)
{
	(void)state;
	struct pair p;
	static uint8_t big[UDP_DATAGRAM + 1];
	pair_open(&p, 4);
	struct udp_out out[2] = { { .to = p.at, .bytes = bytes_of(big, sizeof big) },
				  { .to = p.at, .bytes = bytes_of(big, UDP_DATAGRAM) } };
	CHECK(udp_send(&p.from, out, 2) == 0);
	CHECK(arrives(&p));
	CHECK(p.inbox.count == 1 && p.inbox.dropped == 1 && p.inbox.in[0].len == UDP_DATAGRAM);
	pair_close(&p);
}

static void a_refused_datagram_does_not_hold_up_the_others(void **state)
{
	(void)state;
	struct pair p;
	static uint8_t huge[70000];
	pair_open(&p, 4);
	struct udp_out out[3] = { { .to = p.at, .bytes = bytes_from_text("first") },
				  { .to = p.at, .bytes = bytes_of(huge, sizeof huge) },
				  { .to = p.at, .bytes = bytes_from_text("third") } };
	CHECK(udp_send(&p.from, out, 3) == 1);
	CHECK(out[0].fate == UDP_SENT && out[1].fate == UDP_REFUSED && out[2].fate == UDP_SENT);
	CHECK(arrives(&p) && p.inbox.count == 2 && p.inbox.in[1].at[0] == 't');
	pair_close(&p);
}

static void segments_that_the_kernel_refuses_are_given_up_for_good(void **state)
{
	(void)state;
	struct pair p;
	static uint8_t bytes[4000];
	struct udp_out out[6];
	pair_open(&p, 4);
	/* Without a checksum there is no segmentation: the kernel says EIO or EINVAL. */
	int on = 1;
	CHECK(setsockopt(p.from.fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof on) == 0);
	for (int i = 0; i < 6; i++)
		out[i] = (struct udp_out){ .to = p.at, .bytes = bytes_of(bytes, 1000) };
	CHECK(udp_send(&p.from, out, 6) == 0);
	CHECK(p.from.no_segments && p.from.segmented == 0 && p.from.messages == 6);
	CHECK(arrives(&p) && p.inbox.count == 6);
	pair_close(&p);
}

/* A socket that is bound to any address, and who asks it at two of them from a third. */
static void answers_leave_from_the_address_that_was_asked(void **state)
{
	(void)state;
	struct pair p;
	struct udp_locals locals = { 0 };
	struct udp_sender any = { .locals = &locals };
	struct address place = { .family = ADDRESS_IPV4 }, at;
	uint8_t bytes[6][100] = { { 0 } };
	struct udp_out out[6];
	pair_open(&p, 4);
	CHECK(udp_open(&place, &any.fd) == OK && udp_local(any.fd, &at) == OK);
	p.inbox.locals = &locals;
	for (uint8_t own = 2; own <= 3; own++) {
		struct udp_out ask = { .to = address_ipv4((const uint8_t[4]){ 127, 0, 0, own },
							  at.port),
				       .bytes = bytes_from_text("who?") };
		CHECK(udp_send(&p.from, &ask, 1) == 0);
		usleep(1000);
		CHECK(udp_receive(any.fd, &p.inbox) && p.inbox.count == 1);
		struct address from = p.inbox.in[0].from;
		CHECK(from.via == own - 1 && from.port == p.source.port);
		CHECK(mono_diff_us(mono_now(), p.inbox.in[0].arrived) > 500);
		for (int i = 0; i < 3; i++) /* a run, as long as may leave in one message */
			out[3 * (own - 2) + i] =
			    (struct udp_out){ .to = from,
					      .bytes = bytes_of(bytes[3 * (own - 2) + i], 100) };
	}
	CHECK(udp_send(&any, out, 6) == 0);
	CHECK(any.messages == 2 && any.segmented == 2);
	usleep(1000);
	CHECK(udp_receive(p.from.fd, &p.inbox) && p.inbox.count == 6);
	for (size_t i = 0; i < 6; i++)
		CHECK(p.inbox.in[i].from.ip[3] == (i < 3 ? 2 : 3));
	close(any.fd);
	pair_close(&p);
}

static void an_own_address_that_is_gone_does_not_cost_the_others_their_segments(void **state)
{
	(void)state;
	struct pair p;
	struct address gone = address_ipv4((const uint8_t[4]){ 192, 0, 2, 77 }, 0);
	struct udp_locals locals = { .count = 1, .at = { gone } };
	struct udp_sender any = { .locals = &locals };
	struct address place = { .family = ADDRESS_IPV4 };
	uint8_t bytes[100] = { 0 };
	struct udp_out out[6];
	pair_open(&p, 4);
	CHECK(udp_open(&place, &any.fd) == OK);
	for (int i = 0; i < 6; i++) {
		out[i] = (struct udp_out){ .to = p.at, .bytes = bytes_of(bytes, 100) };
		out[i].to.via = i < 3;
	}
	CHECK(udp_send(&any, out, 6) == 3);
	for (int i = 0; i < 6; i++)
		CHECK(out[i].fate == (i < 3 ? UDP_REFUSED : UDP_SENT));
	CHECK(!any.no_segments);
	close(any.fd);
	pair_close(&p);
}

static void more_own_addresses_than_are_told_apart_are_answered_as_the_kernel_likes(void **state)
{
	(void)state;
	struct pair p;
	struct udp_locals locals = { .count = UDP_LOCALS_MAX };
	struct udp_sender any = { .locals = &locals };
	struct address place = { .family = ADDRESS_IPV4 }, at;
	pair_open(&p, 4);
	CHECK(udp_open(&place, &any.fd) == OK && udp_local(any.fd, &at) == OK);
	p.inbox.locals = &locals;
	struct udp_out ask = { .to = address_ipv4((const uint8_t[4]){ 127, 0, 0, 1 }, at.port),
			       .bytes = bytes_from_text("who?") };
	CHECK(udp_send(&p.from, &ask, 1) == 0);
	usleep(1000);
	CHECK(udp_receive(any.fd, &p.inbox) && p.inbox.in[0].from.via == 0);
	CHECK(locals.count == UDP_LOCALS_MAX);
	ask.to = p.inbox.in[0].from;
	CHECK(udp_send(&any, &ask, 1) == 0);
	close(any.fd);
	pair_close(&p);
}

static void a_taken_port_and_a_foreign_address_are_told_apart(void **state)
{
	(void)state;
	struct pair p;
	int fd = -1;
	pair_open(&p, 4);
	CHECK(udp_open(&p.at, &fd) == ERR_CONFLICT);
	struct address foreign = address_ipv4((const uint8_t[4]){ 192, 0, 2, 77 }, 0);
	CHECK(udp_open(&foreign, &fd) == ERR_NOT_FOUND && fd == -1);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_batch_arrives_whole_with_sender_and_time),
		TEST(equal_runs_leave_as_one_message_and_arrive_apart),
		TEST(destinations_are_not_mixed_up),
		TEST(too_long_a_datagram_is_dropped_and_counted),
		TEST(a_refused_datagram_does_not_hold_up_the_others),
		TEST(segments_that_the_kernel_refuses_are_given_up_for_good),
		TEST(answers_leave_from_the_address_that_was_asked),
		TEST(an_own_address_that_is_gone_does_not_cost_the_others_their_segments),
		TEST(more_own_addresses_than_are_told_apart_are_answered_as_the_kernel_likes),
		TEST(a_taken_port_and_a_foreign_address_are_told_apart),
	};
	return RUN("sys/udp", tests);
}
