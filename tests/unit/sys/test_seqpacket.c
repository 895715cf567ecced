#include "sys/seqpacket.h"

#include <fcntl.h>
#include <unistd.h>

#include "../check.h"

static uint8_t in[64];
static size_t len;

static void messages_keep_their_borders_and_order(void **state)
{
	(void)state;
	int e[2];
	CHECK(seqpacket_pair(e) == OK);
	CHECK(seqpacket_send(e[0], bytes_from_text("one"), -1) == OK);
	CHECK(seqpacket_send(e[0], bytes_from_text("second"), -1) == OK);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == OK);
	CHECK(len == 3 && memcmp(in, "one", 3) == 0);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == OK && len == 6);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == ERR_AGAIN);
	close(e[0]);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == ERR_CLOSED);
	CHECK(seqpacket_send(e[1], bytes_from_text("x"), -1) == ERR_CLOSED);
	close(e[1]);
}

static void a_descriptor_travels_and_works_on_the_other_side(void **state)
{
	(void)state;
	int e[2], p[2], got = -1;
	char c = 0;
	CHECK(seqpacket_pair(e) == OK && pipe(p) == 0);
	CHECK(seqpacket_send(e[0], bytes_from_text("w"), p[1]) == OK);
	close(p[1]);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, &got) == OK);
	CHECK(got >= 0 && (fcntl(got, F_GETFD) & FD_CLOEXEC));
	CHECK(write(got, "!", 1) == 1 && read(p[0], &c, 1) == 1 && c == '!');
	close(got);
	CHECK(seqpacket_send(e[0], bytes_from_text("w"), -1) == OK);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, &got) == OK && got == -1);
	close(e[0]);
	close(e[1]);
	close(p[0]);
}

static void an_unwanted_descriptor_is_closed(void **state)
{
	(void)state;
	int e[2], p[2];
	char c;
	CHECK(seqpacket_pair(e) == OK && pipe(p) == 0);
	CHECK(seqpacket_send(e[0], bytes_from_text("w"), p[1]) == OK);
	close(p[1]);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == OK);
	CHECK(read(p[0], &c, 1) == 0); /* nobody holds the writing end */
	close(e[0]);
	close(e[1]);
	close(p[0]);
}

static void too_long_a_message_is_lost_and_said_so(void **state)
{
	(void)state;
	int e[2];
	uint8_t big[200] = { 1 };
	CHECK(seqpacket_pair(e) == OK);
	len = 77;
	CHECK(seqpacket_send(e[0], bytes_of(big, sizeof big), -1) == OK);
	CHECK(seqpacket_send(e[0], bytes_from_text("next"), -1) == OK);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == ERR_LIMIT && len == 77);
	CHECK(seqpacket_receive(e[1], in, sizeof in, &len, NULL) == OK && len == 4);
	close(e[0]);
	close(e[1]);
}

static void a_reader_who_sleeps_makes_the_sender_wait(void **state)
{
	(void)state;
	int e[2], sent = 0;
	uint8_t message[4096] = { 0 };
	enum err err = OK;
	CHECK(seqpacket_pair(e) == OK);
	for (; !err && sent < 100000; sent++)
		err = seqpacket_send(e[0], bytes_of(message, sizeof message), -1);
	CHECK(err == ERR_AGAIN && sent > 16);
	close(e[0]);
	close(e[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_keep_their_borders_and_order),
		TEST(a_descriptor_travels_and_works_on_the_other_side),
		TEST(an_unwanted_descriptor_is_closed),
		TEST(too_long_a_message_is_lost_and_said_so),
		TEST(a_reader_who_sleeps_makes_the_sender_wait),
	};
	return RUN("sys/seqpacket", tests);
}
