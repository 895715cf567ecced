/*
 * load - drives a forwarding server with visits of two ends and measures it.
 *
 *	load pvl URL VISITS SECONDS      our server, through /lab/rooms
 *	load janus URL VISITS SECONDS ADDRESS   Debian's Janus, through its videoroom
 *	load floor PORT VISITS SECONDS   the bare loop of bench/floor
 *
 * Each end sends 50 audio and 75 video packets a second (about 500 kbit/s).
 * Prints "start" and "stop" around the measured seconds, so that whoever
 * started it can read the server's clocks, then one line of JSON.
 */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "load.h"
#include "wire/demux.h"
#include "wire/rtcp.h"

enum {
	FRAME_MS = 20,     /* audio */
	VIDEO_EVERY = 2,   /* a picture each 40 ms */
	VIDEO_PACKETS = 3, /* of a picture */
	AUDIO_BYTES = 80,
	VIDEO_BYTES = 800,
	WARM_MS = 2000,
	PACKET_ROOM = 1500,
	HISTOGRAM = 4096, /* steps of 50 us */
	STEP_US = 50,
	EVENTS = 256,
	VISITS_MAX = 1000,
};

enum target {
	TARGET_PVL,
	TARGET_JANUS,
	TARGET_FLOOR,
};

struct result {
	uint64_t delays[HISTOGRAM];
	uint64_t received;
	uint64_t sent;
	uint64_t reports;
	bool measuring;
};

static void system_fill(struct random *self, void *at, size_t len)
{
	(void)self;
	ASSERT(getentropy(at, len) == 0);
}

/* The floor's fixed key, one context for each direction. */
static size_t floor_seal(struct end *end, const struct rtp_fields *fields, struct bytes payload,
			 uint8_t *out)
{
	static EVP_CIPHER_CTX *ctx;
	if (!ctx) {
		ctx = EVP_CIPHER_CTX_new();
		ASSERT(EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL,
					  (const uint8_t *)"floor of a bench", NULL));
	}
	struct rtp_fields counted = *fields;
	uint64_t *index = &end->floor_index[fields->ssrc == end->video_ssrc];
	counted.sequence = (uint16_t)(*index)++;
	size_t head = rtp_write_header(out, PACKET_ROOM, &counted);
	uint8_t iv[12] = { 0 };
	memcpy(iv + 2, out + 8, 4);
	memcpy(iv + 10, out + 2, 2);
	int n = 0;
	ASSERT(EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, iv) &&
	       EVP_EncryptUpdate(ctx, NULL, &n, out, (int)head) &&
	       EVP_EncryptUpdate(ctx, out + head, &n, payload.at, (int)payload.len) &&
	       EVP_EncryptFinal_ex(ctx, out, &n) &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, 16, out + head + payload.len));
	return head + payload.len + 16;
}

static bool floor_open(uint8_t *at, size_t *len)
{
	static EVP_CIPHER_CTX *ctx;
	if (!ctx) {
		ctx = EVP_CIPHER_CTX_new();
		ASSERT(EVP_DecryptInit_ex(ctx, EVP_aes_128_gcm(), NULL,
					  (const uint8_t *)"floor of a bench", NULL));
	}
	struct rtp rtp;
	if (rtp_parse_header(bytes_of(at, *len), &rtp) != OK || *len < rtp.header.len + 16)
		return false;
	uint8_t iv[12] = { 0 };
	memcpy(iv + 2, at + 8, 4);
	memcpy(iv + 10, at + 2, 2);
	int n = 0;
	*len -= 16;
	return EVP_DecryptInit_ex(ctx, NULL, NULL, NULL, iv) &&
	       EVP_DecryptUpdate(ctx, NULL, &n, at, (int)rtp.header.len) &&
	       EVP_DecryptUpdate(ctx, at + rtp.header.len, &n, at + rtp.header.len,
				 (int)(*len - rtp.header.len));
}

static void packet_send(struct end *end, struct rtp_fields *fields, uint8_t *payload,
			size_t payload_len, struct result *result)
{
	uint8_t out[PACKET_ROOM], twcc[2];
	size_t len = 0;
	bool audio = fields->ssrc == end->audio_ssrc;
	put_u16(twcc, end->twcc++);
	struct rtp_extension extensions[] = {
		{ .id = EXT_TWCC, .value = bytes_of(twcc, 2) },
		{ .id = EXT_MID, .value = bytes_from_text(audio ? "0" : "1") },
	};
	fields->extensions = extensions;
	fields->extension_count = ARRAY_LEN(extensions);
	put_u64(payload + payload_len - 8, (uint64_t)load_now().us);
	struct bytes body = bytes_of(payload, payload_len);
	if (end->floor)
		len = floor_seal(end, fields, body, out);
	else if (!peer_seal(end->up.peer, fields, body, out, sizeof out, &len))
		return;
	if (send(end->up.fd, out, len, MSG_DONTWAIT) != (ssize_t)len)
		return;
	end->sent++;
	result->sent += result->measuring;
}

static void audio_send(struct end *end, uint32_t tick, struct result *result)
{
	uint8_t payload[AUDIO_BYTES] = { 0x78 };
	struct rtp_fields fields = { .payload_type = PT_OPUS,
				     .timestamp = tick * 960,
				     .ssrc = end->audio_ssrc };
	packet_send(end, &fields, payload, sizeof payload, result);
}

/* A picture of three packets with a VP8 descriptor; a key frame when one was asked for. */
static void video_send(struct end *end, uint32_t tick, struct result *result)
{
	uint8_t payload[VIDEO_BYTES];
	bool key = end->frames == 0 || end->key_wanted;
	end->key_wanted = false;
	for (int i = 0; i < VIDEO_PACKETS; i++) {
		memset(payload, 0x55, sizeof payload);
		payload[0] = (uint8_t)(0x80 | (i == 0 ? 0x10 : 0));
		payload[1] = 0x80;
		put_u16(payload + 2, (uint16_t)(0x8000 | end->picture_id));
		payload[4] = key ? 0x10 : 0x11;
		if (i == 0 && key)
			memcpy(payload + 7, "\x9d\x01\x2a\x80\x02\x68\x01", 7);
		struct rtp_fields fields = {
			.payload_type = PT_VP8,
			.timestamp = tick * 1800,
			.ssrc = end->video_ssrc,
			.marker = i == VIDEO_PACKETS - 1,
		};
		packet_send(end, &fields, payload, sizeof payload, result);
	}
	end->frames++;
	end->picture_id = (end->picture_id + 1) & 0x7fff;
}

static void rtp_came(struct end *end, const uint8_t *at, size_t len, struct mono now,
		     struct result *result)
{
	if (len < 8 + RTP_HEADER_MIN)
		return;
	end->received++;
	if (!result->measuring)
		return;
	int64_t delay = now.us - (int64_t)get_u64(at + len - 8);
	result->received++;
	if (delay < 0)
		return;
	size_t step = (size_t)(delay / STEP_US);
	result->delays[step < HISTOGRAM ? step : HISTOGRAM - 1]++;
}

/* Anything but a key-frame request is of no interest here. */
static void rtcp_came(struct end *end, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i + 4 <= len; i += 4 + 4 * (size_t)get_u16(at + i + 2))
		if (at[i + 1] == 206 && ((at[i] & 31) == 1 || (at[i] & 31) == 4))
			end->key_wanted = true;
}

static void connection_read(struct connection *c, struct result *result)
{
	uint8_t in[2048];
	for (int i = 0; i < 16; i++) {
		ssize_t n = recv(c->fd, in, sizeof in, MSG_DONTWAIT);
		if (n <= 0)
			return;
		size_t len = (size_t)n;
		struct mono now = load_now();
		uint64_t index;
		if (c->end->floor) {
			if (floor_open(in, &len))
				rtp_came(c->end, in, len, now, result);
			continue;
		}
		enum peer_got got = peer_datagram(c->peer, in, &len, &index, now);
		if (got == PEER_GOT_RTP)
			rtp_came(c->end, in, len, now, result);
		else if (got == PEER_GOT_RTCP)
			rtcp_came(c->end, in, len);
		else
			connection_flush(c);
	}
}

static void read_all(struct load *load, int timeout_ms, struct result *result)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(load->epoll, events, EVENTS, timeout_ms);
	for (int i = 0; i < n; i++)
		connection_read(events[i].data.ptr, result);
}

static void keep_alive(struct end *ends, size_t count)
{
	struct mono now = load_now();
	for (size_t i = 0; i < count; i++) {
		struct connection *both[] = { &ends[i].up, &ends[i].down };
		for (int k = 0; k < 2; k++)
			if (both[k]->peer) {
				peer_tick(both[k]->peer, now);
				connection_flush(both[k]);
			}
	}
}

/* Ends are spread over the 20 ms, so that packets come as evenly as in life. */
static void run(struct load *load, struct end *ends, size_t count, int64_t ms,
		struct result *result)
{
	struct mono start = load_now();
	for (int64_t done = 0; done < ms; done++) {
		for (size_t i = (size_t)(done % FRAME_MS); i < count; i += FRAME_MS) {
			uint32_t tick = (uint32_t)(load_now().us / 20000);
			audio_send(&ends[i], tick, result);
			if ((done / FRAME_MS) % VIDEO_EVERY == 0)
				video_send(&ends[i], tick, result);
		}
		if (done % 500 == 0 && !ends[0].floor)
			keep_alive(ends, count);
		do {
			read_all(load, 0, result);
			int64_t left = start.us + (done + 1) * 1000 - load_now().us;
			if (left <= 0)
				break;
			read_all(load, left > 900 ? 1 : 0, result);
		} while (mono_diff_us(load_now(), start) < (done + 1) * 1000);
	}
}

static double percentile_ms(const struct result *result, double share)
{
	uint64_t total = 0, seen = 0;
	for (size_t i = 0; i < HISTOGRAM; i++)
		total += result->delays[i];
	for (size_t i = 0; i < HISTOGRAM; i++) {
		seen += result->delays[i];
		if (total && (double)seen >= share * (double)total)
			return (double)((i + 1) * STEP_US) / 1000.0;
	}
	return -1;
}

static bool floor_join(struct load *load, struct end *end, uint32_t n, uint16_t port)
{
	uint8_t hello[5] = { 'H' };
	put_u32(hello + 1, n);
	end->floor = true;
	end->up.server = (struct sockaddr_in){ .sin_family = AF_INET,
					       .sin_port = htons(port),
					       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	return connection_open(load, &end->up, end) &&
	       connect(end->up.fd, (struct sockaddr *)&end->up.server, sizeof end->up.server) ==
		   0 &&
	       send(end->up.fd, hello, sizeof hello, 0) == sizeof hello;
}

static bool visit_stand(struct load *load, enum target target, struct end *pair, int visit,
			uint16_t port)
{
	switch (target) {
	case TARGET_PVL:
		return signal_pvl(load, &pair[0], &pair[1]);
	case TARGET_JANUS:
		return signal_janus(load, &pair[0], &pair[1], visit);
	case TARGET_FLOOR:
		return floor_join(load, &pair[0], (uint32_t)visit * 2, port) &&
		       floor_join(load, &pair[1], (uint32_t)visit * 2 + 1, port);
	}
	return false;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static int usage(void)
{
	fprintf(stderr, "usage: load pvl|janus|floor URL|PORT VISITS SECONDS [ADDRESS]\n");
	return 2;
}

int main(int argc, char **argv)
{
	uint64_t visits = 0, seconds = 0, port = 0;
	if (argc < 5 || argc > 6 || !str_u64(str_from(argv[3]), VISITS_MAX, &visits) ||
	    visits == 0 || !str_u64(str_from(argv[4]), 600, &seconds))
		return usage();
	enum target target = strcmp(argv[1], "janus") == 0   ? TARGET_JANUS
			     : strcmp(argv[1], "floor") == 0 ? TARGET_FLOOR
							     : TARGET_PVL;
	if (target == TARGET_FLOOR && !str_u64(str_from(argv[2]), 65535, &port))
		return usage();
	struct random random = { .fill = system_fill };
	struct load load = { .http = argv[2],
			     .address = argc > 5 ? argv[5] : "127.0.0.1",
			     .random = &random,
			     .epoll = epoll_create1(0) };
	struct dtls_identity *identity =
	    target == TARGET_FLOOR ? NULL : dtls_identity_new((struct wall){ .s = time(NULL) });
	load.identity = identity;
	size_t count = (size_t)visits * 2;
	struct end *ends = mem_new(count, sizeof *ends);
	double *setup = mem_new((size_t)visits, sizeof *setup);
	static struct result result;
	for (size_t i = 0; i < count; i++) {
		ends[i].up.fd = ends[i].down.fd = -1;
		ends[i].partner = &ends[i ^ 1];
		ends[i].audio_ssrc = random_u32(&random) | 1;
		ends[i].video_ssrc = random_u32(&random) & ~1u;
	}
	for (size_t i = 0; i < visits; i++) {
		struct mono start = load_now();
		if (!visit_stand(&load, target, &ends[2 * i], (int)i, (uint16_t)port)) {
			fprintf(stderr, "load: visit %zu does not stand\n", i);
			return 1;
		}
		setup[i] = (double)mono_diff_us(load_now(), start) / 1000.0;
		if (i % 10 == 9) /* those that stand must not lose consent meanwhile */
			keep_alive(ends, 2 * (i + 1));
		read_all(&load, 0, &result);
	}
	run(&load, ends, count, WARM_MS, &result);
	printf("start\n");
	fflush(stdout);
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	result.measuring = true;
	run(&load, ends, count, (int64_t)seconds * 1000, &result);
	result.measuring = false;
	getrusage(RUSAGE_SELF, &after);
	printf("stop\n");
	fflush(stdout);
	run(&load, ends, 0, 200, &result);
	qsort(setup, (size_t)visits, sizeof *setup, compare);
	double cpu = (double)(after.ru_utime.tv_sec + after.ru_stime.tv_sec -
			      before.ru_utime.tv_sec - before.ru_stime.tv_sec) +
		     (double)(after.ru_utime.tv_usec + after.ru_stime.tv_usec -
			      before.ru_utime.tv_usec - before.ru_stime.tv_usec) /
			 1e6;
	double missing = result.sent > result.received
			     ? (double)(result.sent - result.received) / (double)result.sent
			     : 0;
	printf("{\"target\":\"%s\",\"visits\":%zu,\"seconds\":%zu,\"sent\":%zu,\"received\":%zu,"
	       "\"missing_percent\":%.3f,"
	       "\"delay_p50_ms\":%.2f,\"delay_p99_ms\":%.2f,\"setup_p50_ms\":%.1f,\"setup_max_ms\":"
	       "%.1f,"
	       "\"generator_cpu_s\":%.2f}\n",
	       argv[1], (size_t)visits, (size_t)seconds, (size_t)result.sent,
	       (size_t)result.received, missing * 100, percentile_ms(&result, 0.5),
	       percentile_ms(&result, 0.99), setup[visits / 2], setup[visits - 1], cpu);
	for (size_t i = 0; i < count; i++) {
		struct connection *both[] = { &ends[i].up, &ends[i].down };
		for (int k = 0; k < 2; k++) {
			if (both[k]->peer && target != TARGET_FLOOR) {
				peer_close(both[k]->peer);
				connection_flush(both[k]);
			}
			peer_free(both[k]->peer);
			if (both[k]->fd >= 0)
				close(both[k]->fd);
		}
	}
	signal_close();
	dtls_identity_free(identity);
	free(ends);
	free(setup);
	return 0;
}
