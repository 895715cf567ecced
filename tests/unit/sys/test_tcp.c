#include "sys/tcp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../check.h"
#include "sys/network_priv.h"

static struct address loopback(uint8_t family)
{
	static const uint8_t v4[4] = { 127, 0, 0, 1 }, v6[16] = { [15] = 1 };
	return family == 4 ? address_ipv4(v4, 0) : address_ipv6(v6, 0);
}

static int call(const struct address *to)
{
	struct sockaddr_storage s;
	socklen_t len = address_to_kernel(to, &s);
	int fd = socket(to->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	CHECK(connect(fd, (struct sockaddr *)&s, len) == 0);
	return fd;
}

static void wait_for(int fd, short what)
{
	struct pollfd f = { .fd = fd, .events = what };
	CHECK(poll(&f, 1, 2000) == 1);
}

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;
	CHECK(getsockopt(fd, level, name, &value, &len) == 0);
	return value;
}

static void a_connection_says_whence_and_inherits_what_media_need(void **state)
{
	(void)state;
	for (uint8_t family = 4; family <= 6; family += 2) {
		struct address at = loopback(family), from, client = { 0 };
		struct sockaddr_storage s = { 0 };
		socklen_t len = sizeof s;
		int listener, fd;
		CHECK(tcp_listen_media(&at, &listener) == OK && tcp_local(listener, &at) == OK);
		CHECK(at.tcp && at.port != 0 && at.family == family);
		CHECK(tcp_accept(listener, &fd, &from) == ERR_AGAIN);
		int other = call(&at);
		wait_for(listener, POLLIN);
		CHECK(tcp_accept(listener, &fd, &from) == OK);
		CHECK(getsockname(other, (struct sockaddr *)&s, &len) == 0);
		CHECK(address_from_kernel(&s, &client) && from.tcp && from.port == client.port);
		CHECK(address_same_host(&from, &client));
		CHECK(option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
		CHECK(option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT) == TCP_UNSENT_BYTES);
		CHECK(option(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS) == 1);
		CHECK(tcp_local(fd, &from) == ERR_SYS); /* it does not listen */
		close(fd);
		close(other);
		close(listener);
	}
}

static void bytes_go_both_ways_and_the_end_is_told(void **state)
{
	(void)state;
	struct address at = loopback(4), from;
	uint8_t in[16];
	size_t len;
	int listener, fd;
	CHECK(tcp_listen_media(&at, &listener) == OK && tcp_local(listener, &at) == OK);
	int other = call(&at);
	wait_for(listener, POLLIN);
	CHECK(tcp_accept(listener, &fd, &from) == OK);
	CHECK(tcp_read(fd, in, sizeof in, &len) == ERR_AGAIN);
	CHECK(send(other, "hello", 5, 0) == 5);
	wait_for(fd, POLLIN);
	CHECK(tcp_read(fd, in, 2, &len) == OK && len == 2 && memcmp(in, "he", 2) == 0);
	CHECK(tcp_read(fd, in, sizeof in, &len) == OK && len == 3);
	CHECK(tcp_write(fd, bytes_from_text("answer"), &len) == OK && len == 6);
	CHECK(recv(other, in, sizeof in, 0) == 6 && memcmp(in, "answer", 6) == 0);
	close(other);
	wait_for(fd, POLLIN);
	CHECK(tcp_read(fd, in, sizeof in, &len) == ERR_CLOSED);
	CHECK(tcp_write(fd, bytes_from_text("late"), &len) == OK); /* answered by a reset */
	CHECK(tcp_write(fd, bytes_from_text("later"), &len) == ERR_CLOSED);
	close(fd);
	close(listener);
}

/* The kernel keeps no more than it says: what waits longer can be chosen by us. */
static void who_does_not_read_is_full_soon(void **state)
{
	(void)state;
	static uint8_t much[65536];
	struct address at = loopback(4), from;
	size_t len, sent = 0;
	int listener, fd, small = 4096;
	CHECK(tcp_listen_media(&at, &listener) == OK && tcp_local(listener, &at) == OK);
	CHECK(setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &small, sizeof small) == 0);
	int other = call(&at);
	wait_for(listener, POLLIN);
	CHECK(tcp_accept(listener, &fd, &from) == OK);
	enum err err = OK;
	for (int i = 0; i < 1000 && !err; i++) {
		err = tcp_write(fd, bytes_of(much, sizeof much), &len);
		sent += err ? 0 : len;
		usleep(1000);
	}
	CHECK(err == ERR_AGAIN && sent > 0);
	close(fd);
	close(other);
	close(listener);
}

static void a_taken_port_is_told(void **state)
{
	(void)state;
	struct address at = loopback(4);
	int first, second;
	CHECK(tcp_listen_media(&at, &first) == OK && tcp_local(first, &at) == OK);
	CHECK(tcp_listen_media(&at, &second) == ERR_CONFLICT);
	CHECK(tcp_listen(&at, &second) == ERR_CONFLICT);
	close(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_connection_says_whence_and_inherits_what_media_need),
		TEST(bytes_go_both_ways_and_the_end_is_told),
		TEST(who_does_not_read_is_full_soon),
		TEST(a_taken_port_is_told),
	};
	return RUN("sys/tcp", tests);
}
