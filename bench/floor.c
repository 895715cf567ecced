/*
 * floor.c - the cheapest thing that could be called forwarding, to compare with.
 *
 * One thread, one port: recvmmsg, AES-128-GCM open with a cached context,
 * AES-128-GCM seal with the partner's, sendmmsg.  No STUN, no DTLS, no replay
 * window, no rewriting, no feedback.  Clients 2k and 2k+1 are partners; a
 * client makes itself known by "H" and its number.  All keys are the same
 * (bench/load/floor.c knows it): this measures work, it protects nothing.
 *
 * When busy it rests between turns as pvl-media does (REST_US there), so that
 * both pay for system calls and wake-ups by the same batches.
 *
 *	floor PORT REST_US
 */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/str.h"

enum {
	CLIENTS_MAX = 2048,
	BATCH = 32,
	BATCHES_PER_TURN = 8,
	REST_PACKETS = 4, /* these two as in pvl-media */
	PACE_US = 20000,
	PACKET_MAX = 1500,
	TAG = 16,
	HEADER_MIN = 12,
};

struct client {
	struct sockaddr_in address;
	bool known;
	EVP_CIPHER_CTX *open;
	EVP_CIPHER_CTX *seal;
};

struct floor {
	int fd;
	int64_t since_us;
	int64_t packets;
	bool busy;
	struct client clients[CLIENTS_MAX];
	int16_t by_port[65536]; /* -1: nobody */
	struct sockaddr_in from[BATCH];
	struct iovec in_part[BATCH];
	struct iovec out_part[BATCH];
	struct mmsghdr received[BATCH];
	struct mmsghdr sent[BATCH];
	uint8_t in[BATCH][PACKET_MAX];
	uint8_t out[BATCH][PACKET_MAX];
};

static volatile sig_atomic_t stop;

static void on_stop(int signal)
{
	(void)signal;
	stop = 1;
}

static EVP_CIPHER_CTX *context_new(bool seal)
{
	static const uint8_t key[16] = "floor of a bench";
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	ASSERT(ctx && EVP_CipherInit_ex(ctx, EVP_aes_128_gcm(), NULL, key, NULL, seal));
	return ctx;
}

static void client_learn(struct floor *floor, const uint8_t *at, const struct sockaddr_in *from)
{
	uint32_t n = get_u32(at + 1);
	if (n >= CLIENTS_MAX)
		return;
	struct client *client = &floor->clients[n];
	if (!client->known) {
		client->open = context_new(false);
		client->seal = context_new(true);
	}
	client->known = true;
	client->address = *from;
	floor->by_port[ntohs(from->sin_port)] = (int16_t)n;
}

/* The header length of the bench's packets: fixed part, CSRCs, one extension block. */
static size_t header_len(const uint8_t *at, size_t len)
{
	size_t n = HEADER_MIN + 4 * (size_t)(at[0] & 15);
	if (!(at[0] & 0x10))
		return n;
	return n + 4 > len ? len : n + 4 + 4 * (size_t)get_u16(at + n + 2);
}

/* Opens in, seals into out with the partner's context; 0 if it does not authenticate. */
static size_t pass(struct client *from, struct client *to, uint8_t *in, size_t len, uint8_t *out)
{
	size_t head = header_len(in, len);
	if (head + TAG > len)
		return 0;
	uint8_t iv[12] = { 0 };
	memcpy(iv + 2, in + 8, 4);
	memcpy(iv + 10, in + 2, 2);
	int n = 0;
	int body = (int)(len - head - TAG);
	if (!EVP_DecryptInit_ex(from->open, NULL, NULL, NULL, iv) ||
	    !EVP_DecryptUpdate(from->open, NULL, &n, in, (int)head) ||
	    !EVP_DecryptUpdate(from->open, in + head, &n, in + head, body) ||
	    !EVP_CIPHER_CTX_ctrl(from->open, EVP_CTRL_GCM_SET_TAG, TAG, in + len - TAG) ||
	    EVP_DecryptFinal_ex(from->open, in + len, &n) <= 0)
		return 0;
	memcpy(out, in, head);
	if (!EVP_EncryptInit_ex(to->seal, NULL, NULL, NULL, iv) ||
	    !EVP_EncryptUpdate(to->seal, NULL, &n, out, (int)head) ||
	    !EVP_EncryptUpdate(to->seal, out + head, &n, in + head, body) ||
	    !EVP_EncryptFinal_ex(to->seal, out + len, &n) ||
	    !EVP_CIPHER_CTX_ctrl(to->seal, EVP_CTRL_GCM_GET_TAG, TAG, out + len - TAG))
		return 0;
	return len;
}

/* Set once: the kernel writes only lengths and addresses. */
static void prepare(struct floor *floor)
{
	for (int i = 0; i < BATCH; i++) {
		floor->in_part[i] =
		    (struct iovec){ .iov_base = floor->in[i], .iov_len = PACKET_MAX };
		floor->received[i].msg_hdr = (struct msghdr){ .msg_name = &floor->from[i],
							      .msg_namelen = sizeof floor->from[i],
							      .msg_iov = &floor->in_part[i],
							      .msg_iovlen = 1 };
		floor->sent[i].msg_hdr =
		    (struct msghdr){ .msg_iov = &floor->out_part[i], .msg_iovlen = 1 };
	}
}

/* Into place `count` of what is to be sent; false if there is nothing to send. */
static bool forward(struct floor *floor, int i, unsigned count)
{
	uint8_t *in = floor->in[i];
	size_t len = floor->received[i].msg_len;
	if (len == 5 && in[0] == 'H') {
		client_learn(floor, in, &floor->from[i]);
		return false;
	}
	int16_t who = floor->by_port[ntohs(floor->from[i].sin_port)];
	if (who < 0 || len < HEADER_MIN + TAG || !floor->clients[who ^ 1].known)
		return false;
	struct client *to = &floor->clients[who ^ 1];
	size_t sealed = pass(&floor->clients[who], to, in, len, floor->out[count]);
	floor->out_part[count] = (struct iovec){ .iov_base = floor->out[count], .iov_len = sealed };
	floor->sent[count].msg_hdr.msg_name = &to->address;
	floor->sent[count].msg_hdr.msg_namelen = sizeof to->address;
	return sealed > 0;
}

/* True if more may be waiting. */
static bool batch(struct floor *floor)
{
	int n = recvmmsg(floor->fd, floor->received, BATCH, MSG_DONTWAIT, NULL);
	unsigned count = 0;
	floor->packets += n > 0 ? n : 0;
	for (int i = 0; i < n; i++)
		count += forward(floor, i, count);
	if (count)
		(void)sendmmsg(floor->fd, floor->sent, count, MSG_DONTWAIT);
	return n == BATCH;
}

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The rest that pvl-media takes when it is busy, so that batches are as long as its own. */
static void rest(int64_t until_us)
{
	struct timespec until = { .tv_sec = until_us / 1000000,
				  .tv_nsec = until_us % 1000000 * 1000 };
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static bool is_busy(struct floor *floor, int64_t now, int64_t rest_us)
{
	int64_t us = now - floor->since_us;
	if (us < PACE_US)
		return floor->busy;
	floor->busy = floor->packets * rest_us >= REST_PACKETS * us;
	floor->since_us = now;
	floor->packets = 0;
	return floor->busy;
}

static void run(struct floor *floor, int64_t rest_us)
{
	int epoll = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN };
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, floor->fd, &event) != 0)
		return;
	while (!stop) {
		if (epoll_wait(epoll, &event, 1, 1000) <= 0)
			continue;
		int64_t began = now_us();
		for (int i = 0; i < BATCHES_PER_TURN && batch(floor); i++)
			;
		if (is_busy(floor, began, rest_us))
			rest(began + rest_us);
	}
	close(epoll);
}

int main(int argc, char **argv)
{
	uint64_t port = 0, rest_us = 0;
	if (argc != 3 || !str_u64(str_from(argv[1]), 65535, &port) ||
	    !str_u64(str_from(argv[2]), 100000, &rest_us)) {
		fprintf(stderr, "usage: floor PORT REST_US\n");
		return 2;
	}
	static struct floor floor;
	memset(floor.by_port, 0xff, sizeof floor.by_port);
	floor.fd = socket(AF_INET, SOCK_DGRAM, 0);
	int size = 8 << 20;
	(void)setsockopt(floor.fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	(void)setsockopt(floor.fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	if (floor.fd < 0 || bind(floor.fd, (struct sockaddr *)&address, sizeof address) != 0) {
		perror("floor: cannot take the port");
		return 1;
	}
	signal(SIGTERM, on_stop);
	signal(SIGINT, on_stop);
	prepare(&floor);
	run(&floor, (int64_t)rest_us);
	return 0;
}
