#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "base/assert.h"
#include "base/mem.h"
#include "load.h"
#include "wire/sdp.h"

enum {
	CONNECT_MS = 5000
};

struct mono load_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono){ .us = t.tv_sec * 1000000 + t.tv_nsec / 1000 };
}

bool connection_open(struct load *load, struct connection *c, struct end *end)
{
	int size = 1 << 20, on = 1;
	struct sockaddr_in any = { .sin_family = AF_INET };
	c->end = end;
	c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&any, sizeof any) != 0) {
		perror("load: socket");
		return false;
	}
	(void)setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	ASSERT(setsockopt(c->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0);
	c->peer = !end->floor ? peer_new(load->identity, load->random) : NULL;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
	return epoll_ctl(load->epoll, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

void connection_flush(struct connection *c)
{
	struct bytes out;
	while (peer_output(c->peer, &out))
		(void)send(c->fd, out.at, out.len, 0);
}

/* "a=candidate:1 1 udp 2130706431 127.0.0.1 40000 typ host" */
static bool candidate_read(struct str line, struct sockaddr_in *out)
{
	char host[64], protocol[8];
	unsigned port = 0;
	char text[256];
	(void)snprintf(text, sizeof text, "%.*s", STR_FMT(line));
	if (sscanf(text, "a=candidate:%*s 1 %7s %*u %63s %u typ host", protocol, host, &port) != 3)
		return false;
	if ((protocol[0] | 0x20) != 'u')
		return false;
	out->sin_family = AF_INET;
	out->sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, host, &out->sin_addr) == 1;
}

static bool candidate_find(struct str sdp, struct sockaddr_in *out)
{
	while (!str_empty(sdp))
		if (candidate_read(str_line(&sdp), out))
			return true;
	return false;
}

static void receive_all(struct connection *c, struct mono now)
{
	uint8_t in[2048];
	for (;;) {
		ssize_t n = recv(c->fd, in, sizeof in, 0);
		if (n <= 0)
			return;
		size_t len = (size_t)n;
		uint64_t index;
		(void)peer_datagram(c->peer, in, &len, &index, now);
	}
}

bool connection_connect(struct load *load, struct connection *c, struct str sdp)
{
	(void)load;
	struct sdp_offer *parsed = mem_new(1, sizeof *parsed);
	struct sdp_fault fault;
	bool read = sdp_parse(sdp, parsed, &fault) == OK && candidate_find(sdp, &c->server);
	if (!read) {
		fprintf(stderr, "load: unusable SDP:\n%.*s\n", STR_FMT(sdp));
		free(parsed);
		return false;
	}
	const struct sdp_media *m = &parsed->media[0];
	struct peer_remote remote = {
		.ufrag = bytes_of(m->ufrag.at, m->ufrag.len),
		.pwd = bytes_of(m->pwd.at, m->pwd.len),
		.fingerprint = m->fingerprint,
		.role = m->setup == SDP_PASSIVE ? DTLS_ACTIVE : DTLS_PASSIVE,
		.address =
		    address_ipv4((const uint8_t *)&c->server.sin_addr, ntohs(c->server.sin_port)),
	};
	ASSERT(connect(c->fd, (struct sockaddr *)&c->server, sizeof c->server) == 0);
	struct mono start = load_now();
	peer_connect(c->peer, &remote, start);
	free(parsed);
	while (!peer_is_connected(c->peer)) {
		connection_flush(c);
		struct pollfd ready = { .fd = c->fd, .events = POLLIN };
		(void)poll(&ready, 1, 10);
		struct mono now = load_now();
		receive_all(c, now);
		connection_flush(c);
		peer_tick(c->peer, now);
		if (peer_is_over(c->peer) || mono_diff_us(now, start) > CONNECT_MS * 1000) {
			fprintf(stderr, "load: media did not connect\n");
			return false;
		}
	}
	connection_flush(c);
	return true;
}

static void fingerprint_write(struct buf *out, const uint8_t *fingerprint)
{
	for (int i = 0; i < DTLS_FINGERPRINT_LEN; i++)
		buf_printf(out, "%s%02X", i ? ":" : "", fingerprint[i]);
}

static void line_write(struct buf *out, const struct load *load, const struct connection *c,
		       bool audio, bool sends, int mid, const char *setup, const struct end *end)
{
	uint32_t ssrc = audio ? end->audio_ssrc : end->video_ssrc;
	buf_printf(out, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\nc=IN IP4 0.0.0.0\r\na=mid:%d\r\n",
		   audio ? "audio" : "video", audio ? "111" : "96 97", mid);
	buf_printf(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", peer_credentials(c->peer)->ufrag,
		   peer_credentials(c->peer)->pwd);
	buf_printf(out, "a=setup:%s\r\n", setup);
	buf_printf(out, "a=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n", sends ? "sendonly" : "recvonly");
	buf_printf(out, "a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:mid\r\n", EXT_MID);
	buf_printf(out,
		   "a=extmap:%d "
		   "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n",
		   EXT_TWCC);
	if (audio)
		buf_text(out, "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 "
			      "transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n");
	else
		buf_text(out,
			 "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 "
			 "transport-cc\r\n"
			 "a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
			 "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
	struct sockaddr_in local = { 0 };
	socklen_t local_len = sizeof local;
	ASSERT(getsockname(c->fd, (struct sockaddr *)&local, &local_len) == 0);
	buf_printf(out, "a=candidate:1 1 udp 2130706431 %s %d typ host\r\na=end-of-candidates\r\n",
		   load->address, ntohs(local.sin_port));
	if (sends)
		buf_printf(out, "a=msid:bench bench-%d\r\na=ssrc:%u cname:bench\r\n", mid, ssrc);
}

void offer_write(struct buf *out, const struct load *load, const struct connection *c,
		 const char *lines, const char *setup, const struct end *end)
{
	buf_text(out, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
	for (size_t i = 0; lines[2 * i]; i++)
		buf_printf(out, " %zu", i);
	buf_text(
	    out,
	    "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS bench\r\na=fingerprint:sha-256 ");
	fingerprint_write(out, dtls_identity_fingerprint(load->identity));
	buf_text(out, "\r\n");
	for (int i = 0; lines[2 * i]; i++)
		line_write(out, load, c, lines[2 * i] == 'a', lines[2 * i + 1] == '>', i, setup,
			   end);
}
