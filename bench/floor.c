/*
 * floor.c - the cheapest thing that could be called forwarding, to compare with.
 *
 * One thread, one port: recvmmsg, AES-128-GCM open with a cached context,
 * AES-128-GCM seal with the partner's, sendmmsg.  No STUN, no DTLS, no replay
 * window, no rewriting, no feedback.  Clients 2k and 2k+1 are partners; a
 * client makes itself known by "H" and its number.  All keys are the same
 * (bench/load.c knows it): this measures work, it protects nothing.
 *
 *	floor PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/str.h"

enum {
	CLIENTS_MAX = 2048,
	BATCH = 32,
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
	struct client clients[CLIENTS_MAX];
	int16_t by_port[65536]; /* -1: nobody */
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

static void turn(struct floor *floor)
{
	struct sockaddr_in from[BATCH];
	struct iovec in[BATCH], out[BATCH];
	struct mmsghdr received[BATCH], sent[BATCH];
	for (int i = 0; i < BATCH; i++) {
		in[i] = (struct iovec){ .iov_base = floor->in[i], .iov_len = PACKET_MAX };
		received[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &from[i],
							     .msg_namelen = sizeof from[i],
							     .msg_iov = &in[i],
							     .msg_iovlen = 1 } };
	}
	int n = recvmmsg(floor->fd, received, BATCH, MSG_DONTWAIT, NULL);
	unsigned count = 0;
	for (int i = 0; i < n; i++) {
		size_t len = received[i].msg_len;
		if (len == 5 && floor->in[i][0] == 'H') {
			client_learn(floor, floor->in[i], &from[i]);
			continue;
		}
		int16_t who = floor->by_port[ntohs(from[i].sin_port)];
		if (who < 0 || len < HEADER_MIN + TAG || !floor->clients[who ^ 1].known)
			continue;
		struct client *to = &floor->clients[who ^ 1];
		size_t sealed =
		    pass(&floor->clients[who], to, floor->in[i], len, floor->out[count]);
		if (sealed == 0)
			continue;
		out[count] = (struct iovec){ .iov_base = floor->out[count], .iov_len = sealed };
		sent[count] = (struct mmsghdr){ .msg_hdr = { .msg_name = &to->address,
							     .msg_namelen = sizeof to->address,
							     .msg_iov = &out[count],
							     .msg_iovlen = 1 } };
		count++;
	}
	if (count)
		(void)sendmmsg(floor->fd, sent, count, MSG_DONTWAIT);
}

int main(int argc, char **argv)
{
	uint64_t port = 0;
	if (argc != 2 || !str_u64(str_from(argv[1]), 65535, &port)) {
		fprintf(stderr, "usage: floor PORT\n");
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
	while (!stop) {
		struct pollfd ready = { .fd = floor.fd, .events = POLLIN };
		if (poll(&ready, 1, 1000) > 0)
			turn(&floor);
	}
	return 0;
}
